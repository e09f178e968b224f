"""What an explanation holds; its wording is in :mod:`optimizer.explain.sentences`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from optimizer.explain.account_words import account_words, pagu_words
from optimizer.explain.binding import Binding, Fit
from optimizer.explain.moves import Move
from optimizer.explain.sentences import card_words, way_words
from optimizer.record.policy import Account, Bound
from optimizer.record.proposals import Proposal
from optimizer.words import INDONESIAN, Words

__all__ = ["AccountCard", "Card", "PaguCard"]


@dataclass(frozen=True, slots=True)
class Card:
    """Why a proposal is in a plan or not, and what would change that.

    Attributes
    ----------
    state : str
        ``out``, ``in``; ``excluded`` (not proposed), ``pinned_out``, ``no_account``,
        ``envelopes`` (the scenario sets envelopes only).
    account : Account or None
        Where it is booked.
    volume, cost
        In the plan: volume, and rupiah that the budget pays.
    supporters, people : int or None
        Supporters in its own meeting and those present, where they were counted.
    by_order, by_votes : bool
        Whether the lists' order decides, and whether the data hold votes on it.
    joint : bool
        Whether the kelurahan's meeting decides about it.
    mandatory, pinned : bool
        Whether it must be in: by a rule or a recorded status, or by hand.
    reason : str
        The recorded reason of an exclusion or a pin.
    binding : tuple of Binding
        Rules that would break if it were simply added at its asked volume.
    never : Binding or None
        The rule that it breaks even alone, at its least volume.
    fit : Fit
        What fits without moving the others.
    largest_volume : Fraction or None
        The largest volume below the asked one with which it is in an optimal plan.
    least_own_funds : int or None
        Least extra rupiah of swadaya with which it is, at the asked volume.
    forced_volume : Fraction
        Its volume in the plan with fewest changes in which it is forced in.
    displaces : tuple of Move
        Proposals that leave or shrink when it is forced in, with fewest changes.
    welfare_lost : tuple of (str, int)
        By how much each stage then worsens, most important first.
    lost_share : Fraction
        The loss of support or welfare as a share of the whole plan's.
    behind : str
        Why one further down is in, in its place: ``order`` (what was left is not enough for this
        one), ``votes`` (order does not count), or nothing to say.
    weighed : tuple of Fraction, or None
        Supporters, counted by the part that fits, of it and of what would give way.
    taken_by : tuple of Move
        By order: those above it (or mandatory) that fill what binds.
    lacks, lacks_why
        See :class:`~optimizer.explain.margins.OutMargins`.
    safe, safe_why
        See :class:`~optimizer.explain.margins.InMargins`.
    enters : tuple of Move
        What would come in or grow if it were out.
    unsupported : bool
        Whether no vote counts for it, where votes decide.
    """

    proposal: Proposal
    state: str
    account: Account | None = None
    volume: Fraction = Fraction(0)
    cost: int = 0
    supporters: int | None = None
    people: int | None = None
    by_order: bool = False
    by_votes: bool = False
    joint: bool = False
    mandatory: bool = False
    pinned: bool = False
    reason: str = ""
    binding: tuple[Binding, ...] = ()
    never: Binding | None = None
    fit: Fit = Fit()
    largest_volume: Fraction | None = None
    least_own_funds: int | None = None
    forced_volume: Fraction = Fraction(0)
    displaces: tuple[Move, ...] = ()
    welfare_lost: tuple[tuple[str, int], ...] = ()
    lost_share: Fraction = Fraction(0)
    behind: str = ""
    weighed: tuple[Fraction, Fraction] | None = None
    taken_by: tuple[Move, ...] = ()
    lacks: int | None = None
    lacks_why: str = ""
    safe: int | None = None
    safe_why: str = ""
    enters: tuple[Move, ...] = ()
    unsupported: bool = False

    @property
    def id(self) -> str:
        """Id of the proposal."""
        return self.proposal.id

    @property
    def votes_decide(self) -> bool:
        """Whether votes decide on it, so that another order of its list changes nothing."""
        return not self.by_order and (self.by_votes or self.lacks_why == "no_votes")

    @property
    def reduced(self) -> bool:
        """Whether it is in with less than was asked."""
        return self.state == "in" and self.volume < self.proposal.volume

    def reason_text(self, words: Words = INDONESIAN) -> str:
        """What stands in its way and what would make it fit, without votes."""
        return " ".join(way_words(self, words))

    def text(self, words: Words = INDONESIAN, *, public: bool = False) -> str:
        """The whole card; one thought a line.

        Parameters
        ----------
        public
            For sheets and notice boards: nothing about votes lacking or to spare.
        """
        return "\n".join(card_words(self, words, public=public))


@dataclass(frozen=True, slots=True)
class AccountCard:
    """How full an account of a unit is, and why nothing more fits.

    Attributes
    ----------
    name : mapping
        The account's name by language.
    bound : Bound or None
        The bound that limits it from above.
    limit, filled, room : int
        Rupiah: what the account may hold, what activities take, and what can still be added
        under every bound.
    pooled : bool
        Whether the money goes to the kelurahan's pool.
    asked : int
        Proposals of the unit in this account; ``waiting`` of them are out or reduced.
    cheapest : Proposal or None
        The one that could still come for the least rupiah, ``needs``, which pay for the
        volume ``adds``.
    stopped_by : str
        Why it does not come although the unit has the money: ``payer`` (another unit that would
        pay lacks it), ``rule`` (an item rule), ``no_gain`` (the plan would be no better).
    """

    unit: str
    account: Account
    name: Mapping[str, str]
    bound: Bound | None
    limit: int
    filled: int
    room: int
    pooled: bool = False
    asked: int = 0
    waiting: int = 0
    cheapest: Proposal | None = None
    needs: int = 0
    adds: Fraction = Fraction(0)
    stopped_by: str = ""

    @property
    def full(self) -> bool:
        """Whether not a rupiah more fits."""
        return self.room == 0

    @property
    def misses(self) -> int:
        """Rupiah by which the cheapest does not fit; 0 where it does."""
        return max(0, self.needs - self.room)

    def text(self, words: Words = INDONESIAN) -> str:
        """Full, or how much is left and why nothing fits, in a sentence or two."""
        return " ".join(account_words(self, words))


@dataclass(frozen=True, slots=True)
class PaguCard:
    """How much of a unit's pagu is taken.

    Attributes
    ----------
    limit, filled : int
        Rupiah of the pagu, and what is taken, with ``pooled`` that goes to the kelurahan's pool.
    held : int
        Rupiah beside it that must be held for the minima of ``held_for``.
    """

    unit: str
    limit: int
    filled: int
    pooled: int = 0
    held: int = 0
    held_for: tuple[Account, ...] = ()

    @property
    def left(self) -> int:
        """Rupiah still to be given to anything."""
        return self.limit - self.filled - self.held

    def text(self, words: Words = INDONESIAN) -> str:
        """The sum, before the accounts one by one."""
        return " ".join(pagu_words(self, words))

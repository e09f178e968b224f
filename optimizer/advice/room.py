"""What a unit has left, and which of its own items could use it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from optimizer.advice.fixed import is_fixed, mandatory_activities
from optimizer.record.policy import Account
from optimizer.record.proposals import Proposal
from optimizer.rules.ledger import Ledger
from optimizer.rules.remedies import CONTINUOUS

__all__ = ["Growth", "Headroom", "Room", "headroom", "own_decision"]


@dataclass(frozen=True, slots=True)
class Room:
    """What an account of a unit still takes.

    Attributes
    ----------
    programmed, limit, room : int
        Rupiah of activities, most that the account's own bounds allow, and what still fits:
        the least over the account, those above it and the pagu, less what minima elsewhere
        still need.
    """

    account: Account
    programmed: int
    limit: int
    room: int


@dataclass(frozen=True, slots=True)
class Growth:
    """One of a unit's own items that could come in or grow; alternatives, not a sum.

    Attributes
    ----------
    kind : str
        ``bring_in`` (not in the list), ``grow`` (up to what was asked) or ``extend`` (more
        than was asked, for what goes by the metre).
    volume : Fraction
        By how much the volume rises; ``amount`` are the rupiah of that.
    """

    kind: str
    proposal: Proposal
    volume: Fraction
    amount: int


@dataclass(frozen=True, slots=True)
class Headroom:
    """What a unit has left, in all and by account."""

    unit: str
    budget: int
    programmed: int
    rooms: tuple[Room, ...]
    growth: tuple[Growth, ...]

    @property
    def idle(self) -> int:
        """Rupiah without an activity; 0 where the pagu is exceeded."""
        return max(0, self.budget - self.programmed)


def headroom(ledger: Ledger, unit: str) -> Headroom:
    """What a unit has left and which of its own items could use it."""
    budget = ledger.dataset.territory.by_id[unit].budget
    rooms = tuple(
        Room(
            account,
            ledger.programmed(unit, account),
            account.upper(budget),
            _room(ledger, unit, account),
        )
        for account in ledger.policy.by_id.values()
    )
    return Headroom(unit, budget, ledger.programmed(unit), rooms, tuple(_growth(ledger, unit)))


def own_decision(ledger: Ledger, unit: str) -> int:
    """Rupiah that an RT decides about by itself: pagu − pool − mandatory items − admin costs."""
    budget = ledger.dataset.territory.by_id[unit].budget
    mandatory = mandatory_activities(ledger.policy)
    fixed = sum(
        ledger.cost(p)
        for p in ledger.concerning[unit]
        if p.owner == unit and not ledger.pooled(p) and is_fixed(ledger, p, mandatory)
    )
    pools = sum(ledger.programmed(unit, a) for a in ledger.policy.pools)
    return max(0, budget - pools - fixed)


def _room(ledger: Ledger, unit: str, account: Account) -> int:
    budget = ledger.dataset.territory.by_id[unit].budget
    chain = ledger.policy.and_above(account)
    held = sum(_needed(ledger, unit, a) for a in ledger.policy.accounts if a not in chain)
    for above in chain:
        held += sum(_needed(ledger, unit, a) for a in above.children if a not in chain)
    rooms = [a.upper(budget) - ledger.programmed(unit, a) for a in chain]
    return max(0, min([budget - ledger.programmed(unit) - held, *rooms]))


def _needed(ledger: Ledger, unit: str, account: Account) -> int:
    """Rupiah that the minima of an account and those below it still ask for."""
    budget = ledger.dataset.territory.by_id[unit].budget
    below = sum(_needed(ledger, unit, child) for child in account.children)
    lower = max(
        (b.lower(budget) for b in account.bounds if not ledger.waived(unit, account, b)), default=0
    )
    return max(lower - ledger.programmed(unit, account), below, 0)


def _growth(ledger: Ledger, unit: str) -> Iterator[Growth]:
    limited = {a for rule in ledger.policy.rules if rule.capped for a in rule.activities}
    for proposal in ledger.concerning[unit]:
        account = ledger.account(proposal)
        if proposal.owner != unit or account is None or account.pooled:
            continue
        room = _room(ledger, unit, account)
        volume = ledger.volume(proposal)
        if room <= 0 or proposal.unit_price <= 0:
            continue
        if volume < proposal.volume:
            yield from _towards_asked(proposal, volume, room)
        elif ledger.activity(proposal) not in limited:
            more = Fraction(room // proposal.unit_price)
            if more and proposal.measure.strip().lower() in CONTINUOUS:
                amount = proposal.cost(volume + more) - proposal.cost(volume)
                yield Growth("extend", proposal, more, amount)


def _towards_asked(proposal: Proposal, volume: Fraction, room: int) -> Iterator[Growth]:
    before = proposal.cost(volume)
    fits = [v for v in proposal.volumes if v > volume and proposal.cost(v) - before <= room]
    if fits:
        best = fits[-1]
        kind = "grow" if volume else "bring_in"
        yield Growth(kind, proposal, best - volume, proposal.cost(best) - before)

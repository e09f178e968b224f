"""What goes, and from where, when the pagu falls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from optimizer.advice.fixed import is_mandatory, mandatory_activities
from optimizer.money import share_ceil
from optimizer.record.dataset import Dataset
from optimizer.record.policy import Account, Policy
from optimizer.record.proposals import Proposal
from optimizer.rules.ledger import Ledger
from optimizer.rules.remedies import less_of
from optimizer.territory import natural_key

__all__ = ["Cut", "CutList", "cut_list", "new_budgets"]


@dataclass(frozen=True, slots=True)
class Cut:
    """An item that goes, or shrinks, when the pagu falls.

    Attributes
    ----------
    place : str
        Whose list it stands in (unit or kelurahan).
    kept : Fraction
        Volume that stays; 0 where the item goes.
    saved : int
        Rupiah.
    because : str
        ``pagu``, ``pool`` or the account whose limit shrank with the pagu.
    """

    place: str
    proposal: Proposal
    kept: Fraction
    saved: int
    because: str


@dataclass(frozen=True, slots=True)
class CutList:
    """Cuts in the order in which they are made, and what no cut can mend.

    ``still_over`` are rupiah by unit that only mandatory items or contributions hold.
    """

    cuts: tuple[Cut, ...]
    still_over: Mapping[str, int]

    @property
    def saved(self) -> int:
        """Rupiah of all cuts."""
        return sum(cut.saved for cut in self.cuts)


def new_budgets(dataset: Dataset, cut: Fraction | int) -> dict[str, int]:
    """Budgets after a cut: a share of each pagu (Fraction) or rupiah off each (int)."""
    units = dataset.territory.units
    if isinstance(cut, Fraction):
        return {u.id: int(u.budget * (1 - cut)) for u in units}
    return {u.id: max(0, u.budget - cut) for u in units}


def cut_list(ledger: Ledger, budgets: Mapping[str, int]) -> CutList:
    """What goes when the budgets fall, from the end of each list.

    The joint list is cut to what the smaller shares hold; then each unit's own list, first by
    the limits that shrink with the pagu, then by the pagu itself, so that nothing goes for a
    sum that another cut brings anyway. Mandatory items and contributions stay.
    """
    cuts: list[Cut] = []
    for kelurahan in ledger.dataset.territory.kelurahan:
        cuts += _pool_cuts(ledger, kelurahan, budgets)
    for accounts in (True, False):
        for unit in ledger.dataset.territory.units:
            cuts += _unit_cuts(ledger, unit.id, budgets[unit.id], accounts=accounts)
        kept = {**ledger.listed.volumes, **{c.proposal.id: c.kept for c in cuts}}
        ledger = replace(ledger, listed=replace(ledger.listed, volumes=kept))
    over = {
        u.id: left
        for u in ledger.dataset.territory.units
        if (left := sum(_books(ledger, u.id, budgets[u.id]).values()) - budgets[u.id]) > 0
    }
    return CutList(tuple(_merged(cuts)), over)


def _merged(cuts: list[Cut]) -> Iterator[Cut]:
    """One line for each item, where both rounds cut it."""
    by_id: dict[str, Cut] = {}
    for cut in cuts:
        before = by_id.get(cut.proposal.id)
        by_id[cut.proposal.id] = replace(cut, saved=cut.saved + (before.saved if before else 0))
    return iter(sorted(by_id.values(), key=lambda c: natural_key(c.place)))


def _pool_cuts(ledger: Ledger, kelurahan: str, budgets: Mapping[str, int]) -> list[Cut]:
    cuts = []
    for account in ledger.policy.pools:
        units = ledger.dataset.territory.units_below(kelurahan)
        pool = sum(_share_then(ledger, u, account, budgets[u]) for u in units)
        items = [p for p in ledger.pooled_in(kelurahan, account) if ledger.volume(p)]
        excess = sum(ledger.cost(p) for p in items) - pool
        for proposal in reversed(items):
            if excess > 0:
                cut = _cut(ledger, proposal, kelurahan, excess, "pool")
                cuts.append(cut)
                excess -= cut.saved
    return cuts


def _share_then(ledger: Ledger, unit: str, account: Account, budget: int) -> int:
    """The pool share of a unit under another budget: the same share of it."""
    before = ledger.dataset.territory.by_id[unit].budget
    given = ledger.listed.pool_shares.get((unit, account.id), 0)
    return share_ceil(Fraction(given, before), budget) if before else 0


def _books(ledger: Ledger, unit: str, budget: int) -> dict[str, int]:
    """A unit's rupiah by leaf under another budget; the empty leaf is what has no account."""
    books = {a.id: ledger.programmed(unit, a) for a in ledger.policy.leaves}
    books[""] = ledger.programmed(unit) - sum(books.values())
    for pool in ledger.policy.pools:
        books[pool.id] = _share_then(ledger, unit, pool, budget)
    return books


def _unit_cuts(ledger: Ledger, unit: str, budget: int, *, accounts: bool) -> list[Cut]:
    """Cuts in a unit's own list, from its end: by the limits of accounts, or by the pagu."""
    books = _books(ledger, unit, budget)
    mandatory = mandatory_activities(ledger.policy)
    cuts = []
    own = [p for p in ledger.concerning[unit] if p.owner == unit and ledger.volume(p)]
    for proposal in reversed(own):
        account = ledger.account(proposal)
        if account is None or account.pooled or ledger.shared(proposal):
            continue
        if is_mandatory(ledger, proposal, mandatory):
            continue
        if accounts:
            excess, because = _excess(ledger.policy, books, account, budget)
        else:
            excess, because = sum(books.values()) - budget, "pagu"
        if excess > 0:
            cut = _cut(ledger, proposal, unit, excess, because)
            books[account.id] -= cut.saved
            cuts.append(cut)
    return cuts


def _excess(
    policy: Policy, books: Mapping[str, int], account: Account, budget: int
) -> tuple[int, str]:
    """How far the account or one above it is over its limit, and which one."""
    overs = [
        (sum(books[a.id] for a in above.walk() if a.is_leaf) - above.upper(budget), above.id)
        for above in policy.and_above(account)
    ]
    return max(overs, key=lambda pair: pair[0])


def _cut(ledger: Ledger, proposal: Proposal, place: str, excess: int, because: str) -> Cut:
    remedy = less_of(ledger, [proposal], excess)
    volume = ledger.volume(proposal)
    kept = volume - remedy.volume if remedy.kind == "reduce_volume" else Fraction(0)
    return Cut(place, proposal, kept, ledger.cost(proposal) - proposal.cost(kept), because)

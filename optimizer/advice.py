"""What a list leaves open: room to grow, what to cut when the pagu falls, what RT could share.

Advice only: each item of it is something that a meeting may decide. It rests on the checker's
books (:class:`~optimizer.rules.ledger.Ledger`), so a list and a plan are advised alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from optimizer.dataset import Dataset
from optimizer.money import share_ceil, split
from optimizer.policy import Account, Policy, RuleKind
from optimizer.proposals import Proposal, Status, normal_text
from optimizer.rules.ledger import Ledger
from optimizer.rules.lists import duplicates
from optimizer.rules.remedies import CONTINUOUS, less_of
from optimizer.territory import natural_key

__all__ = [
    "Cut",
    "CutList",
    "Growth",
    "Headroom",
    "Overlap",
    "Room",
    "cut_list",
    "headroom",
    "new_budgets",
    "overlaps",
    "own_decision",
]


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
    mandatory = _mandatory_activities(ledger.policy)
    fixed = sum(
        ledger.cost(p)
        for p in ledger.concerning[unit]
        if p.owner == unit and not ledger.pooled(p) and _is_fixed(ledger, p, mandatory)
    )
    pools = sum(ledger.programmed(unit, a) for a in ledger.policy.pools)
    return max(0, budget - pools - fixed)


def _is_fixed(ledger: Ledger, proposal: Proposal, mandatory: frozenset[str]) -> bool:
    account = ledger.account(proposal)
    admin = account is not None and not ledger.policy.top[account.id].field
    return admin or _is_mandatory(ledger, proposal, mandatory)


def _is_mandatory(ledger: Ledger, proposal: Proposal, mandatory: frozenset[str]) -> bool:
    return proposal.status is Status.MANDATORY or ledger.activity(proposal) in mandatory


def _mandatory_activities(policy: Policy) -> frozenset[str]:
    rules = (r for r in policy.rules if r.kind is RuleKind.MANDATORY)
    return frozenset(a for rule in rules for a in rule.activities)


def _chain(policy: Policy, account: Account) -> list[Account]:
    """The account and all above it."""
    return [a for a in policy.by_id.values() if any(account is below for below in a.walk())]


def _room(ledger: Ledger, unit: str, account: Account) -> int:
    budget = ledger.dataset.territory.by_id[unit].budget
    chain = _chain(ledger.policy, account)
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
    limited = {
        a
        for rule in ledger.policy.rules
        if rule.maximum is not None or rule.kind in {RuleKind.ONCE, RuleKind.ONE_OF}
        for a in rule.activities
    }
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


# --- when the pagu falls ----------------------------------------------------------------


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
    mandatory = _mandatory_activities(ledger.policy)
    cuts = []
    own = [p for p in ledger.concerning[unit] if p.owner == unit and ledger.volume(p)]
    for proposal in reversed(own):
        account = ledger.account(proposal)
        if account is None or account.pooled or ledger.shared(proposal):
            continue
        if _is_mandatory(ledger, proposal, mandatory):
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
        for above in _chain(policy, account)
    ]
    return max(overs, key=lambda pair: pair[0])


def _cut(ledger: Ledger, proposal: Proposal, place: str, excess: int, because: str) -> Cut:
    remedy = less_of(ledger, [proposal], excess)
    volume = ledger.volume(proposal)
    kept = volume - remedy.volume if remedy.kind == "reduce_volume" else Fraction(0)
    return Cut(place, proposal, kept, ledger.cost(proposal) - proposal.cost(kept), because)


# --- what the RT of one RW ask for alike ------------------------------------------------


@dataclass(frozen=True, slots=True)
class Overlap:
    """The same kind of activity in several lists of one RW.

    Attributes
    ----------
    merge : bool
        Whether the words or the place say that it may be one object, or the menu knows the
        activity at RW level: a candidate, never a decision.
    parts : tuple
        (unit, rupiah) if the units paid for all of it together in equal parts.
    """

    rw: str
    activity: str
    proposals: tuple[Proposal, ...]
    total: int
    merge: bool
    parts: tuple[tuple[str, int], ...]


def overlaps(ledger: Ledger) -> tuple[Overlap, ...]:
    """What the RT of each RW ask for alike; mandatory items and admin costs are everyone's."""
    groups: dict[tuple[str, str], list[Proposal]] = defaultdict(list)
    mandatory = _mandatory_activities(ledger.policy)
    for proposal in ledger.chosen:
        if proposal.level == "rt" and not _is_fixed(ledger, proposal, mandatory):
            rw = proposal.owner.rpartition("/")[0]
            name = ledger.activity(proposal) or normal_text(proposal.activity)
            groups[rw, name].append(proposal)
    same = {frozenset(check.about) for check in duplicates(ledger)}
    found = [
        _overlap(ledger, rw, name, items, same)
        for (rw, name), items in groups.items()
        if len({p.owner for p in items}) > 1
    ]
    return tuple(sorted(found, key=lambda o: (natural_key(o.rw), not o.merge, o.activity)))


def _overlap(
    ledger: Ledger,
    rw: str,
    name: str,
    items: list[Proposal],
    same: set[frozenset[str]],
) -> Overlap:
    activity = ledger.booked[items[0].id].activity
    alike = {i for pair in same for i in pair if pair <= {p.id for p in items}}
    at_rw = activity is not None and "rw" in activity.levels
    # What is worded alike is one matter; without that the whole group stands side by side.
    shown = tuple(p for p in items if p.id in alike) if alike and not at_rw else tuple(items)
    total = sum(ledger.cost(p) for p in shown)
    units = tuple(dict.fromkeys(p.owner for p in sorted(shown, key=lambda p: natural_key(p.owner))))
    parts = tuple(zip(units, split(total, [1] * len(units)), strict=True))
    label = activity.name["id"] if activity else items[0].activity
    return Overlap(rw, label, shown, total, at_rw or bool(alike), parts)

"""Rules about activities: mandatory ones, limits, once only, alternatives, the menu."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from optimizer.record.policy import Account, ItemRule, RuleKind
from optimizer.record.proposals import Proposal, Status
from optimizer.rules.findings import Check, Remedy, RuleStatus, Side
from optimizer.rules.ledger import Ledger
from optimizer.rules.remedies import less_of

__all__ = ["has_mandatory", "item_checks", "lifted", "list_rules", "listed_mandatory", "own_of"]


def item_checks(ledger: Ledger) -> Iterator[Check]:
    """Every item rule of the policy, in its order."""
    for rule in ledger.policy.rules:
        yield from _KINDS[rule.kind](ledger, rule)


def list_rules(ledger: Ledger) -> Iterator[tuple[ItemRule, Check]]:
    """Every rule about what may stand in a list (not about what a unit must have)."""
    for rule in ledger.policy.rules:
        if rule.activities and not rule.shape.mandatory:
            yield from ((rule, check) for check in _KINDS[rule.kind](ledger, rule))


def lifted(ledger: Ledger, rule: ItemRule, unit: str) -> bool:
    """Whether a unit's recorded letter lifts a mandatory rule."""
    return ledger.letter_for(unit, rule.letter, (rule.id, *rule.activities))


def has_mandatory(ledger: Ledger, rule: ItemRule, unit: str) -> bool:
    """Whether one of the rule's activities is in the list of a unit, or shared by it."""
    return any(ledger.volume(p) > 0 for p in own_of(ledger, rule, unit))


def own_of(ledger: Ledger, rule: ItemRule, unit: str) -> list[Proposal]:
    """Proposals of the rule's activities that a unit pays for: a pool's project is not its own."""
    return [
        p for p in _of(ledger, rule.activities, ledger.concerning[unit]) if not ledger.pooled(p)
    ]


def listed_mandatory(ledger: Ledger) -> Iterator[Check]:
    """Proposals that were recorded as mandatory are in."""
    for proposal in ledger.dataset.proposals:
        if proposal.status is Status.MANDATORY and not ledger.volume(proposal):
            yield Check(
                side=Side.MANDATORY,
                place=proposal.owner,
                status=RuleStatus.FINDING,
                kind="listed_mandatory",
                amount=proposal.full_cost,
                remedy=_bring_in(proposal),
                about=(proposal.id,),
                title=proposal.title,
            )


def _of(
    ledger: Ledger, activities: Collection[str], proposals: Iterable[Proposal]
) -> list[Proposal]:
    return [p for p in proposals if ledger.activity(p) in activities]


def _by_owner(ledger: Ledger, rule: ItemRule) -> Mapping[str, list[Proposal]]:
    """Chosen proposals of the rule's activities by the owner of the list."""
    found: dict[str, list[Proposal]] = {}
    for proposal in _of(ledger, rule.activities, ledger.chosen):
        found.setdefault(proposal.owner, []).append(proposal)
    return found


def _bring_in(proposal: Proposal) -> Remedy:
    return Remedy("bring_in", proposal.id, proposal.title, amount=proposal.cost(proposal.least))


def _check(rule: ItemRule, place: str, status: RuleStatus, **more: Any) -> Check:
    return Check(
        Side.ITEM,
        place,
        status,
        item=rule.id,
        kind=rule.kind.value,
        origin=rule.origin,
        label=rule.text or {},
        **more,
    )


def _mandatory(ledger: Ledger, rule: ItemRule) -> Iterator[Check]:
    for unit in ledger.concerning:
        known = own_of(ledger, rule, unit)
        chosen = tuple(p.id for p in known if ledger.volume(p) > 0)
        if chosen:
            yield _check(rule, unit, RuleStatus.PASS, about=chosen)
        elif lifted(ledger, rule, unit):
            yield _check(rule, unit, RuleStatus.PASS, letter=rule.letter)
        else:
            yield _check(
                rule,
                unit,
                RuleStatus.FINDING,
                amount=1,
                letter=rule.letter,
                about=tuple(p.id for p in known),
                remedy=_bring_in(known[0]) if known else Remedy("agree"),
            )


def _limits(rule: ItemRule, times: int) -> tuple[Fraction | None, Fraction | None]:
    low = None if rule.minimum is None else rule.minimum * times
    high = None if rule.maximum is None else rule.maximum * times
    return low, high


def _judge(
    total: Fraction, low: Fraction | None, high: Fraction | None
) -> tuple[RuleStatus, Fraction, Fraction]:
    """Status, distance from the limit, and the limit."""
    if high is not None and total > high:
        return RuleStatus.BREACH, total - high, high
    if low is not None and total < low:
        return RuleStatus.FINDING, low - total, low
    return RuleStatus.PASS, Fraction(0), high if high is not None else (low or Fraction(0))


def _times(ledger: Ledger, rule: ItemRule, owner: str) -> int:
    """Units that a list serves: a limit per RT counts once for each of them."""
    return len(ledger.dataset.territory.units_below(owner)) if rule.per == "rt" else 1


def _up(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


def _amount_rule(
    measure: Callable[[Ledger, Proposal], Fraction],
) -> Callable[[Ledger, ItemRule], Iterator[Check]]:
    """A rule on the sum of volumes or rupiah of each owner's list."""

    def checks(ledger: Ledger, rule: ItemRule) -> Iterator[Check]:
        for owner, proposals in _by_owner(ledger, rule).items():
            total = sum((measure(ledger, p) for p in proposals), Fraction(0))
            low, high = _limits(rule, _times(ledger, rule, owner))
            status, off, limit = _judge(total, low, high)
            yield _check(
                rule,
                owner,
                status,
                amount=_up(off),
                limit=int(limit),
                total=int(total),
                about=tuple(p.id for p in proposals),
                title=proposals[0].title,
                remedy=_amount_remedy(ledger, rule, proposals, status, off),
            )

    return checks


def _amount_remedy(
    ledger: Ledger,
    rule: ItemRule,
    proposals: list[Proposal],
    status: RuleStatus,
    off: Fraction,
) -> Remedy | None:
    last = proposals[-1]
    if status is RuleStatus.PASS:
        return None
    if rule.kind is RuleKind.RUPIAH and status is RuleStatus.BREACH:
        return less_of(ledger, proposals, _up(off))
    if rule.kind is RuleKind.RUPIAH:
        return Remedy("add", last.id, last.title, amount=_up(off))
    kind = "reduce_volume" if status is RuleStatus.BREACH else "add_volume"
    return Remedy(kind, last.id, last.title, off, last.measure)


def _unit_price(ledger: Ledger, rule: ItemRule) -> Iterator[Check]:
    for proposal in _of(ledger, rule.activities, ledger.chosen):
        status, off, limit = _judge(Fraction(proposal.unit_price), rule.minimum, rule.maximum)
        yield _check(
            rule,
            proposal.owner,
            status,
            amount=_up(off),
            limit=int(limit),
            total=proposal.unit_price,
            about=(proposal.id,),
            title=proposal.title,
            remedy=None if status is RuleStatus.PASS else Remedy("price", amount=int(limit)),
        )


def _once(ledger: Ledger, rule: ItemRule) -> Iterator[Check]:
    """At most one in the list; whether it was given in an earlier year, no list can tell."""
    for owner, proposals in _by_owner(ledger, rule).items():
        about = tuple(p.id for p in proposals)
        title = proposals[0].title
        if len(proposals) > 1:
            last = proposals[-1]
            yield _check(
                rule,
                owner,
                RuleStatus.BREACH,
                amount=len(proposals) - 1,
                limit=1,
                total=len(proposals),
                about=about,
                title=title,
                remedy=Remedy("drop", last.id, last.title, amount=ledger.cost(last)),
            )
        yield _check(rule, owner, RuleStatus.UNKNOWN, about=about, title=title)


def _one_of(ledger: Ledger, rule: ItemRule) -> Iterator[Check]:
    for owner, proposals in _by_owner(ledger, rule).items():
        over = len(proposals) - 1
        last = proposals[-1]
        yield _check(
            rule,
            owner,
            RuleStatus.BREACH if over else RuleStatus.PASS,
            amount=over,
            limit=1,
            total=len(proposals),
            about=tuple(p.id for p in proposals),
            remedy=Remedy("drop", last.id, last.title, amount=ledger.cost(last)) if over else None,
        )


def _only_with(ledger: Ledger, rule: ItemRule) -> Iterator[Check]:
    """What an activity requires stands in the same list or in one above it."""
    there = {p.owner for p in _of(ledger, rule.requires, ledger.chosen)}
    first: dict[str, tuple[int, Proposal]] = {}
    for number, proposal in enumerate(_of(ledger, rule.requires, ledger.dataset.proposals)):
        if proposal.status is not Status.EXCLUDED:
            first.setdefault(proposal.owner, (number, proposal))
    for owner, proposals in _by_owner(ledger, rule).items():
        path = set(ledger.dataset.territory.path(owner))
        met = bool(path & there)
        absent = [first[place] for place in path if place in first]
        remedy = _bring_in(min(absent)[1]) if absent else Remedy("agree")
        yield _check(
            rule,
            owner,
            RuleStatus.PASS if met else RuleStatus.BREACH,
            amount=0 if met else len(proposals),
            about=tuple(p.id for p in proposals),
            title=proposals[0].title,
            remedy=None if met else remedy,
        )


def _each_field(ledger: Ledger, rule: ItemRule) -> Iterator[Check]:
    for unit, concerning in ledger.concerning.items():
        by_field: dict[str, list[Proposal]] = {}
        for proposal in concerning:
            account = ledger.account(proposal)
            if account is not None:
                by_field.setdefault(ledger.policy.top[account.id].id, []).append(proposal)
        for field in ledger.policy.fields:
            yield _field_check(ledger, rule, unit, field, by_field.get(field.id, []))


def _field_check(
    ledger: Ledger, rule: ItemRule, unit: str, field: Account, proposed: list[Proposal]
) -> Check:
    """One field of one unit. A letter is named only where nothing was proposed at all."""
    chosen = tuple(p.id for p in proposed if ledger.volume(p) > 0)
    gives = any(ledger.listed.pool_shares.get((unit, a.id), 0) for a in field.walk() if a.pooled)
    letter, about = "", chosen
    status, remedy = RuleStatus.PASS, None
    if not chosen and not gives:
        if ledger.letter_for_account(unit, rule.letter, field):
            letter = rule.letter
        elif proposed:
            status, remedy = RuleStatus.FINDING, _bring_in(proposed[0])
            about = tuple(p.id for p in proposed)
        else:
            status, letter, remedy = RuleStatus.FINDING, rule.letter, Remedy("agree")
    return Check(
        side=Side.FIELD,
        place=unit,
        status=status,
        account=field.id,
        item=rule.id,
        kind="field_left_out" if proposed else "field",
        amount=int(status is RuleStatus.FINDING),
        letter=letter,
        origin=rule.origin,
        remedy=remedy,
        about=about,
        label=field.name,
        title=proposed[0].title if proposed else "",
    )


_KINDS: Mapping[RuleKind, Callable[[Ledger, ItemRule], Iterator[Check]]] = {
    RuleKind.MANDATORY: _mandatory,
    RuleKind.VOLUME: _amount_rule(lambda ledger, p: ledger.volume(p)),
    RuleKind.RUPIAH: _amount_rule(lambda ledger, p: Fraction(ledger.cost(p))),
    RuleKind.UNIT_PRICE: _unit_price,
    RuleKind.ONCE: _once,
    RuleKind.ONE_OF: _one_of,
    RuleKind.ONLY_WITH: _only_with,
    RuleKind.EACH_FIELD: _each_field,
}

"""Rules about activities: one judge for each kind of rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from optimizer.record.kinds import ItemRule, RuleKind
from optimizer.record.proposals import Proposal, Status
from optimizer.rules.findings import Check, Remedy
from optimizer.rules.ledger import Ledger
from optimizer.rules.remedies import less_of
from optimizer.rules.required import bring_in, each_field, item_check, mandatory, of_activities
from optimizer.rules.status import RuleStatus

__all__ = ["JUDGES", "Judge", "item_checks", "list_rules"]

_Remedies: TypeAlias = Callable[[Ledger, list[Proposal], RuleStatus, Fraction], Remedy]


@dataclass(frozen=True, slots=True)
class Judge:
    """How rules of one kind are judged.

    Attributes
    ----------
    checks
        What a rule finds in a list.
    statuses : tuple of RuleStatus
        How such a rule may stand, unread cells of a recap included; each has its sentence.
    says : tuple of str
        What the sentences are about, ``check.<…>.<status>``, where that is not the kind itself.
    """

    checks: Callable[[Ledger, ItemRule], Iterator[Check]]
    statuses: tuple[RuleStatus, ...]
    says: tuple[str, ...] = ()


def item_checks(ledger: Ledger) -> Iterator[Check]:
    """Every item rule of the policy, in its order."""
    for rule in ledger.policy.rules:
        yield from JUDGES[rule.kind].checks(ledger, rule)


def list_rules(ledger: Ledger) -> Iterator[tuple[ItemRule, Check]]:
    """Every rule about what may stand in a list (not about what a unit must have)."""
    for rule in ledger.policy.rules:
        if rule.activities and not rule.shape.mandatory:
            yield from ((rule, check) for check in JUDGES[rule.kind].checks(ledger, rule))


def _by_owner(ledger: Ledger, rule: ItemRule) -> Mapping[str, list[Proposal]]:
    """Chosen proposals of the rule's activities by the owner of the list."""
    found: dict[str, list[Proposal]] = {}
    for proposal in of_activities(ledger, rule.activities, ledger.chosen):
        found.setdefault(proposal.owner, []).append(proposal)
    return found


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
    measure: Callable[[Ledger, Proposal], Fraction], remedy: _Remedies
) -> Callable[[Ledger, ItemRule], Iterator[Check]]:
    """A rule on the sum of volumes or rupiah of each owner's list."""

    def checks(ledger: Ledger, rule: ItemRule) -> Iterator[Check]:
        for owner, proposals in _by_owner(ledger, rule).items():
            total = sum((measure(ledger, p) for p in proposals), Fraction(0))
            low, high = _limits(rule, _times(ledger, rule, owner))
            status, off, limit = _judge(total, low, high)
            mends = status is not RuleStatus.PASS
            yield item_check(
                rule,
                owner,
                status,
                amount=_up(off),
                limit=int(limit),
                total=int(total),
                about=tuple(p.id for p in proposals),
                title=proposals[0].title,
                remedy=remedy(ledger, proposals, status, off) if mends else None,
            )

    return checks


def _other_volume(
    _ledger: Ledger, proposals: list[Proposal], status: RuleStatus, off: Fraction
) -> Remedy:
    last = proposals[-1]
    kind = "reduce_volume" if status is RuleStatus.BREACH else "add_volume"
    return Remedy(kind, last.id, last.title, off, last.measure)


def _other_cost(
    ledger: Ledger, proposals: list[Proposal], status: RuleStatus, off: Fraction
) -> Remedy:
    if status is RuleStatus.BREACH:
        return less_of(ledger, proposals, _up(off))
    last = proposals[-1]
    return Remedy("add", last.id, last.title, amount=_up(off))


def _unit_price(ledger: Ledger, rule: ItemRule) -> Iterator[Check]:
    for proposal in of_activities(ledger, rule.activities, ledger.chosen):
        status, off, limit = _judge(Fraction(proposal.unit_price), rule.minimum, rule.maximum)
        yield item_check(
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
            yield item_check(
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
        yield item_check(rule, owner, RuleStatus.UNKNOWN, about=about, title=title)


def _one_of(ledger: Ledger, rule: ItemRule) -> Iterator[Check]:
    for owner, proposals in _by_owner(ledger, rule).items():
        over = len(proposals) - 1
        last = proposals[-1]
        yield item_check(
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
    there = {p.owner for p in of_activities(ledger, rule.requires, ledger.chosen)}
    first: dict[str, tuple[int, Proposal]] = {}
    required = of_activities(ledger, rule.requires, ledger.dataset.proposals)
    for number, proposal in enumerate(required):
        if proposal.status is not Status.EXCLUDED:
            first.setdefault(proposal.owner, (number, proposal))
    for owner, proposals in _by_owner(ledger, rule).items():
        path = set(ledger.dataset.territory.path(owner))
        met = bool(path & there)
        absent = [first[place] for place in path if place in first]
        remedy = bring_in(min(absent)[1]) if absent else Remedy("agree")
        yield item_check(
            rule,
            owner,
            RuleStatus.PASS if met else RuleStatus.BREACH,
            amount=0 if met else len(proposals),
            about=tuple(p.id for p in proposals),
            title=proposals[0].title,
            remedy=None if met else remedy,
        )


_PASS, _FINDING, _BREACH, _UNKNOWN = RuleStatus
JUDGES: Mapping[RuleKind, Judge] = {
    RuleKind.MANDATORY: Judge(mandatory, (_PASS, _FINDING)),
    RuleKind.VOLUME: Judge(
        _amount_rule(lambda ledger, p: ledger.volume(p), _other_volume),
        (_PASS, _FINDING, _BREACH, _UNKNOWN),
    ),
    RuleKind.RUPIAH: Judge(
        _amount_rule(lambda ledger, p: Fraction(ledger.cost(p)), _other_cost),
        (_PASS, _FINDING, _BREACH, _UNKNOWN),
    ),
    RuleKind.UNIT_PRICE: Judge(_unit_price, (_PASS, _FINDING, _BREACH, _UNKNOWN)),
    RuleKind.ONCE: Judge(_once, (_BREACH, _UNKNOWN)),
    RuleKind.ONE_OF: Judge(_one_of, (_PASS, _BREACH)),
    RuleKind.ONLY_WITH: Judge(_only_with, (_PASS, _BREACH)),
    RuleKind.EACH_FIELD: Judge(each_field, (_PASS, _FINDING), ("field", "field_left_out")),
}

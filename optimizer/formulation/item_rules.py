"""Rules on activities as limits and requirements over items.

One writer for each kind of rule; a new kind is a new writer in :data:`_WRITERS`, and its judgement
in :mod:`optimizer.rules.items`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from optimizer.formulation.letters import Letters
from optimizer.formulation.problem import Item, Limit, Linear, Requirement
from optimizer.record.dataset import Dataset
from optimizer.record.policy import ItemRule, Policy, RuleKind
from optimizer.record.proposals import Proposal, Status

__all__ = ["ItemRules"]


@dataclass(frozen=True, slots=True)
class ItemRules:
    """The item rules of a policy over the items of a problem.

    Attributes
    ----------
    items, proposals, activities
        Item by item: as the solvers see it, as it was recorded, and the id of its activity in
        the menu (empty where the menu does not know it).
    """

    data: Dataset
    policy: Policy
    letters: Letters
    items: tuple[Item, ...]
    proposals: tuple[Proposal, ...]
    activities: tuple[str, ...]

    def limits(self) -> tuple[Limit, ...]:
        """Rules that every choice keeps, list by list."""
        by_owner: dict[str, list[int]] = defaultdict(list)
        for index, item in enumerate(self.items):
            by_owner[item.owner].append(index)
        found: list[Limit] = []
        for rule in self.policy.rules:
            writer = _WRITERS.get(rule.kind)
            if writer is None:
                continue
            for owner, indices in by_owner.items():
                group = [i for i in indices if self.activities[i] in rule.activities]
                if group:
                    found.extend(writer(self, rule, owner, group))
        return tuple(found)

    def requirements(self) -> tuple[Requirement, ...]:
        """Mandatory activities of each unit where no letter lifts them, and mandatory proposals."""
        found: list[Requirement] = []
        units = self.data.territory.units
        number = {unit.id: u for u, unit in enumerate(units)}
        for rule in self.policy.rules:
            if rule.kind is not RuleKind.MANDATORY:
                continue
            by_unit: dict[int, list[int]] = defaultdict(list)
            for index, item in enumerate(self.items):
                if self.activities[index] in rule.activities and item.fixed != 0:
                    for place in self._concerned(self.proposals[index]):
                        if place in number:
                            by_unit[number[place]].append(index)
            for unit, members in sorted(by_unit.items()):
                if not self.letters.lift_rule(units[unit].id, rule):
                    found.append(Requirement(f"rule.{rule.id}", units[unit].id, tuple(members)))
        for index, proposal in enumerate(self.proposals):
            if proposal.status is Status.MANDATORY and self.items[index].fixed != 0:
                found.append(Requirement("status.wajib", proposal.owner, (index,)))
        return tuple(found)

    def _concerned(self, proposal: Proposal) -> dict[str, None]:
        """Places in whose list a proposal stands, or that take part in it (in a pool too)."""
        return dict.fromkeys((*self.data.payers(proposal), proposal.owner))

    def times(self, rule: ItemRule, owner: str) -> int:
        """A limit "per RT" counts once for each unit below the list's owner."""
        return len(self.data.territory.units_below(owner)) if rule.per == "rt" else 1


def _volume(rules: ItemRules, rule: ItemRule, owner: str, group: list[int]) -> Iterator[Limit]:
    proposals = [rules.proposals[i] for i in group]
    numbers = [rule.minimum or Fraction(0), rule.maximum or Fraction(0)]
    numbers += [v for p in proposals for v in (p.least, p.step)]
    scale = lcm(*(n.denominator for n in numbers))
    terms = tuple(
        (i, Linear(int(p.least * scale), int(p.step * scale)))
        for i, p in zip(group, proposals, strict=True)
    )
    yield from _bounded(rules, rule, owner, terms, scale)


def _rupiah(rules: ItemRules, rule: ItemRule, owner: str, group: list[int]) -> Iterator[Limit]:
    terms = tuple((i, rules.items[i].cost) for i in group)
    yield from _bounded(rules, rule, owner, terms, 1)


def _bounded(
    rules: ItemRules,
    rule: ItemRule,
    owner: str,
    terms: tuple[tuple[int, Linear], ...],
    scale: int,
) -> Iterator[Limit]:
    """A quantity of the whole list between the rule's minimum and maximum."""
    times = rules.times(rule, owner)
    name = f"rule.{rule.id}"
    if rule.maximum is not None:
        yield Limit(name, owner, terms, upper=int(rule.maximum * scale) * times)
    if rule.minimum is not None:
        least = int(rule.minimum * scale) * times
        most = sum(q.at(rules.items[i].levels[-1]) for i, q in terms)
        # A list that asks for less than the minimum is a finding, not a reason to refuse.
        if most >= least:
            for chosen, _ in terms:
                bent = tuple(
                    (i, Linear(q.base - least, q.step) if i == chosen else q) for i, q in terms
                )
                yield Limit(name, owner, bent, lower=0)


def _price(rules: ItemRules, rule: ItemRule, owner: str, group: list[int]) -> Iterator[Limit]:
    """What is dearer by the piece than the rule allows stays out."""
    for index in group:
        if rule.maximum is not None and rules.proposals[index].unit_price > rule.maximum:
            yield Limit(f"rule.{rule.id}", owner, ((index, Linear(1)),), upper=0)


def _at_most_one(
    _rules: ItemRules, rule: ItemRule, owner: str, group: list[int]
) -> Iterator[Limit]:
    if len(group) > 1:
        terms = tuple((i, Linear(1)) for i in group)
        yield Limit(f"rule.{rule.id}", owner, terms, upper=1)


def _only_with(rules: ItemRules, rule: ItemRule, owner: str, group: list[int]) -> Iterator[Limit]:
    """What is required stands in the same list or in one above it."""
    lists = set(rules.data.territory.path(owner))
    needed = [
        i
        for i, item in enumerate(rules.items)
        if item.owner in lists and rules.activities[i] in rule.requires
    ]
    for index in group:
        if index not in needed:
            terms = ((index, Linear(1)), *((i, Linear(-1)) for i in needed))
            yield Limit(f"rule.{rule.id}", owner, terms, upper=0)


_Writer = Callable[[ItemRules, ItemRule, str, list[int]], Iterator[Limit]]
_WRITERS: Mapping[RuleKind, _Writer] = {
    RuleKind.VOLUME: _volume,
    RuleKind.RUPIAH: _rupiah,
    RuleKind.UNIT_PRICE: _price,
    RuleKind.ONCE: _at_most_one,
    RuleKind.ONE_OF: _at_most_one,
    RuleKind.ONLY_WITH: _only_with,
}

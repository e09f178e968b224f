"""Rules on activities as limits and requirements over items: one writer for each kind of rule.

A plan keeps every limit, and meets as many requirements as it can before all else. What only
makes a finding writes no rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TypeAlias

from optimizer.formulation.letters import Letters
from optimizer.formulation.problem import Item, Limit, Linear, Requirement
from optimizer.record.dataset import Dataset
from optimizer.record.kinds import ItemRule, RuleKind
from optimizer.record.policy import Policy
from optimizer.record.proposals import Proposal, Status

__all__ = ["ROWS", "ItemRules", "Row"]

Row: TypeAlias = Limit | Requirement


@dataclass(frozen=True)
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

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """What every rule of the policy asks, in its order, and proposals recorded as mandatory."""
        by_rule = (row for rule in self.policy.rules for row in ROWS[rule.kind](self, rule))
        return (*by_rule, *self._recorded_as_mandatory())

    def _recorded_as_mandatory(self) -> Iterator[Requirement]:
        for index, proposal in enumerate(self.proposals):
            if proposal.status is Status.MANDATORY and self.items[index].fixed != 0:
                yield Requirement("status.wajib", proposal.owner, (index,))

    @cached_property
    def _by_owner(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for index, item in enumerate(self.items):
            found[item.owner].append(index)
        return found

    def lists(self, rule: ItemRule) -> Iterator[tuple[str, list[int]]]:
        """Items of the rule's activities, list by list, with the list's owner."""
        for owner, indices in self._by_owner.items():
            group = [i for i in indices if self.activities[i] in rule.activities]
            if group:
                yield owner, group

    def by_unit(self, rule: ItemRule) -> Mapping[str, list[int]]:
        """Items of the rule's activities that may be in, by the units that they concern.

        Those in whose list a proposal stands, and those that take part in it (in a pool too).
        """
        found: dict[str, list[int]] = {unit.id: [] for unit in self.data.territory.units}
        for index, (item, proposal) in enumerate(zip(self.items, self.proposals, strict=True)):
            if self.activities[index] in rule.activities and item.fixed != 0:
                for place in dict.fromkeys((*self.data.payers(proposal), proposal.owner)):
                    if place in found:
                        found[place].append(index)
        return {unit: items for unit, items in found.items() if items}

    def times(self, rule: ItemRule, owner: str) -> int:
        """A limit "per RT" counts once for each unit below the list's owner."""
        return len(self.data.territory.units_below(owner)) if rule.per == "rt" else 1


def _mandatory(rules: ItemRules, rule: ItemRule) -> Iterator[Row]:
    """One of the activities in each unit, where no letter lifts that."""
    for unit, members in rules.by_unit(rule).items():
        if not rules.letters.lift_rule(unit, rule):
            yield Requirement(_name(rule), unit, tuple(members))


def _volume(rules: ItemRules, rule: ItemRule) -> Iterator[Row]:
    for owner, group in rules.lists(rule):
        proposals = [rules.proposals[i] for i in group]
        numbers = [rule.minimum or Fraction(0), rule.maximum or Fraction(0)]
        numbers += [v for p in proposals for v in (p.least, p.step)]
        scale = lcm(*(n.denominator for n in numbers))
        terms = tuple(
            (i, Linear(int(p.least * scale), int(p.step * scale)))
            for i, p in zip(group, proposals, strict=True)
        )
        yield from _bounded(rules, rule, Limit(_name(rule), owner, terms, by_volume=scale))


def _rupiah(rules: ItemRules, rule: ItemRule) -> Iterator[Row]:
    for owner, group in rules.lists(rule):
        terms = tuple((i, rules.items[i].cost) for i in group)
        yield from _bounded(rules, rule, Limit(_name(rule), owner, terms, by_rupiah=1))


def _bounded(rules: ItemRules, rule: ItemRule, quantity: Limit) -> Iterator[Limit]:
    """A quantity of the whole list between the rule's minimum and maximum."""
    scale = (quantity.by_volume or 1) * rules.times(rule, quantity.place)
    if rule.maximum is not None:
        yield replace(quantity, upper=int(rule.maximum * scale))
    if rule.minimum is not None:
        least = int(rule.minimum * scale)
        most = sum(q.at(rules.items[i].levels[-1]) for i, q in quantity.terms)
        # A list that asks for less than the minimum is a finding, not a reason to refuse.
        if most >= least:
            for chosen, _ in quantity.terms:
                bent = tuple(
                    (i, Linear(q.base - least, q.step) if i == chosen else q)
                    for i, q in quantity.terms
                )
                yield replace(quantity, terms=bent, lower=0)


def _price(rules: ItemRules, rule: ItemRule) -> Iterator[Row]:
    """What is dearer by the piece than the rule allows stays out."""
    for owner, group in rules.lists(rule):
        for index in group:
            if rule.maximum is not None and rules.proposals[index].unit_price > rule.maximum:
                yield Limit(_name(rule), owner, ((index, Linear(1)),), upper=0)


def _at_most_one(rules: ItemRules, rule: ItemRule) -> Iterator[Row]:
    for owner, group in rules.lists(rule):
        if len(group) > 1:
            yield Limit(_name(rule), owner, tuple((i, Linear(1)) for i in group), upper=1)


def _only_with(rules: ItemRules, rule: ItemRule) -> Iterator[Row]:
    """What is required stands in the same list or in one above it."""
    for owner, group in rules.lists(rule):
        above = set(rules.data.territory.path(owner))
        needed = [
            i
            for i, item in enumerate(rules.items)
            if item.owner in above and rules.activities[i] in rule.requires
        ]
        for index in group:
            if index not in needed:
                terms = ((index, Linear(1)), *((i, Linear(-1)) for i in needed))
                yield Limit(_name(rule), owner, terms, upper=0)


def _nothing(_rules: ItemRules, _rule: ItemRule) -> Iterator[Row]:
    """A finding at most: no plan is refused for it."""
    return iter(())


def _name(rule: ItemRule) -> str:
    return f"rule.{rule.id}"


ROWS: Mapping[RuleKind, Callable[[ItemRules, ItemRule], Iterator[Row]]] = {
    RuleKind.MANDATORY: _mandatory,
    RuleKind.VOLUME: _volume,
    RuleKind.RUPIAH: _rupiah,
    RuleKind.UNIT_PRICE: _price,
    RuleKind.ONCE: _at_most_one,
    RuleKind.ONE_OF: _at_most_one,
    RuleKind.ONLY_WITH: _only_with,
    RuleKind.EACH_FIELD: _nothing,
}

"""All lists as one order, and what ties its items to one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property

from optimizer.record.kinds import ItemRule
from optimizer.record.proposals import Proposal, Status
from optimizer.record.scenario import Scenario
from optimizer.rules.ledger import Ledger, kelurahan_of
from optimizer.rules.required import lifted, own_of
from optimizer.territory import natural_key

__all__ = ["Ranking"]

_LEVELS = ("kelurahan", "rw", "rt")


class Ranking:
    """The items of a scenario that may be chosen, the first to decide first.

    Attributes
    ----------
    inside, outside : frozenset of str
        Proposals pinned in and out.
    """

    def __init__(self, scenario: Scenario, ledger: Ledger) -> None:
        self.ledger = ledger
        self.inside = frozenset(p.proposal for p in scenario.pins if p.inside)
        self.outside = frozenset(p.proposal for p in scenario.pins if not p.inside)
        territory, lists = ledger.dataset.territory, ledger.dataset.lists
        owners = sorted(lists, key=lambda o: (_LEVELS.index(territory.level(o)), natural_key(o)))
        self.items: tuple[Proposal, ...] = tuple(
            p for owner in owners for p in lists[owner] if ledger.account(p) is not None
        )
        self.place: Mapping[str, int] = {p.id: k for k, p in enumerate(self.items)}

    def next_volume(self, proposal: Proposal, volume: Fraction) -> Fraction:
        """One step more than a volume; 0 where there is none."""
        more = volume + proposal.step if volume else proposal.least
        return Fraction(0) if proposal.id in self.outside or more > proposal.volume else more

    def most(self, proposal: Proposal) -> Fraction:
        """The largest volume that may be chosen."""
        outside = proposal.id in self.outside or proposal.id not in self.place
        return Fraction(0) if outside else proposal.volumes[-1]

    # --- ties -----------------------------------------------------------------------------

    def ties(self, proposal: Proposal) -> Iterator[Hashable]:
        """What an item shares with others: the purses that pay it, and the rules that name it.

        A rule may count by list, by payer or by who is served: two items that it names are tied
        where any of these places meet.
        """
        dataset, account = self.ledger.dataset, self.ledger.account(proposal)
        payers = dataset.payers(proposal)
        if account is not None and account.pooled:
            yield kelurahan_of(dataset, proposal.owner), account.id
        else:
            yield from payers
        rules = self._naming.get(self.ledger.activity(proposal), ())
        if rules:
            below = dataset.territory.units_below(proposal.owner)
            places = dict.fromkeys((*payers, *dataset.served(proposal), *below))
            yield from ((rule, place) for rule in rules for place in places)

    def tied(self, tie: Hashable) -> tuple[Proposal, ...]:
        """The items of a tie, in order."""
        return self._tied.get(tie, ())

    @cached_property
    def _naming(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = defaultdict(list)
        for rule in self.ledger.policy.rules:
            for activity in dict.fromkeys((*rule.activities, *rule.requires)):
                found[activity].append(rule.id)
        return {activity: tuple(rules) for activity, rules in found.items() if activity}

    @cached_property
    def _tied(self) -> Mapping[Hashable, tuple[Proposal, ...]]:
        found: dict[Hashable, list[Proposal]] = defaultdict(list)
        for proposal in self.items:
            for tie in self.ties(proposal):
                found[tie].append(proposal)
        return {tie: tuple(items) for tie, items in found.items()}

    def below(self, proposal: Proposal) -> tuple[Proposal, ...]:
        """Everything lower that is tied to an item, also by way of other lower items."""
        start = self.place[proposal.id]
        return self._reached(proposal, lambda p: self.place[p.id] > start)

    def apart(self, items: Iterable[Proposal]) -> Iterator[tuple[Proposal, ...]]:
        """The pieces of some items that nothing ties to one another."""
        left = {p.id: p for p in items}
        while left:
            _, first = left.popitem()
            piece = (first, *self._reached(first, lambda p: p.id in left))
            for proposal in piece[1:]:
                del left[proposal.id]
            yield piece

    def owners_near(self, items: Iterable[Proposal]) -> frozenset[str]:
        """Owners of the lists in which a rule may be about some items."""
        territory = self.ledger.dataset.territory
        near = {p.owner for item in items for tie in self.ties(item) for p in self.tied(tie)}
        return frozenset(node for owner in near for node in territory.path(owner))

    def _reached(self, start: Proposal, among: Callable[[Proposal], bool]) -> tuple[Proposal, ...]:
        found: dict[str, Proposal] = {}
        seen: set[Hashable] = set()
        waiting = [start]
        while waiting:
            for tie in self.ties(waiting.pop()):
                if tie not in seen:
                    seen.add(tie)
                    fresh = [p for p in self.tied(tie) if p.id not in found and among(p)]
                    found |= {p.id: p for p in fresh}
                    waiting += fresh
        return tuple(found.values())

    # --- what may be needed ---------------------------------------------------------------

    @cached_property
    def with_minimum(self) -> frozenset[str]:
        """Activities of which a rule asks for a least volume or amount."""
        rules = self.ledger.policy.rules
        return frozenset(a for r in rules if r.minimum is not None for a in r.activities)

    @cached_property
    def _needed(self) -> frozenset[str]:
        rules = self.ledger.policy.rules
        required = {activity for rule in rules for activity in rule.requires}
        mandatory = {a for r in rules if r.shape.mandatory for a in r.activities}
        return self.with_minimum | required | mandatory

    def is_wanted(self, proposal: Proposal) -> bool:
        """Whether something else may need an item: it is mandatory, required, or helps a minimum
        to be met."""
        listed = proposal.status is Status.MANDATORY
        return listed or self.ledger.activity(proposal) in self._needed

    def needs(self, items: Iterable[Proposal]) -> dict[Hashable, tuple[str, ...]]:
        """Mandatory activities that some of the items would meet, each with all that meet it."""
        ledger, found = self.ledger, dict[Hashable, tuple[str, ...]]()
        rules = [rule for rule in ledger.policy.rules if rule.shape.mandatory]
        for proposal in items:
            if proposal.status is Status.MANDATORY:
                found[proposal.id] = (proposal.id,)
            for rule in rules:
                if ledger.activity(proposal) in rule.activities:
                    found |= self._of_units(rule, proposal)
        return found

    def _of_units(self, rule: ItemRule, proposal: Proposal) -> dict[Hashable, tuple[str, ...]]:
        ledger, units = self.ledger, self.ledger.concerning
        return {
            (rule.id, unit): tuple(p.id for p in own_of(ledger, rule, unit))
            for unit in (*ledger.dataset.payers(proposal), proposal.owner)
            if unit in units and not lifted(ledger, rule, unit)
        }

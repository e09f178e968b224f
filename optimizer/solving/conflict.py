"""Why nothing fits: an irreducible conflicting set over named rules, and the least way out.

Rules are deleted one by one (HiGHS's own IIS does not see integer conflicts); what must stay for
the conflict to stay is the conflicting set. For each of its rules the least change that would
make the rest feasible is found by solving for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from optimizer.errors import Infeasible
from optimizer.formulation.problem import Part, Problem
from optimizer.formulation.program import Model
from optimizer.record.scenario import Scenario
from optimizer.solving.outcome import Clock, Outcome, run
from optimizer.territory import full_place
from optimizer.words import Message

__all__ = ["Rule", "conflicts_of", "explain_conflict"]

Key = tuple[object, ...]

LARGEST = 10**15
_BY_MONEY = frozenset({"account", "pool"})
_REMEDY, _RAISE, _LOWER, _BOTH = "remedy", "raise", "lower", "both"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a conflicting set, and its way out (none where it alone helps not)."""

    name: Message
    remedy: Message | None = None


def explain_conflict(scenario: Scenario, problem: Problem, part: Part) -> Infeasible:
    """The error that names the conflicting rules and the least change for each.

    Where several conflicts stand beside each other, each is told with its own ways out.
    """
    conflicts = conflicts_of(problem, part)
    told = []
    for keys in conflicts:
        others = frozenset(key for other in conflicts if other is not keys for key in other)
        conflict = _Conflict(scenario, problem, part, others)
        told.append(_told(conflict.rules(keys), unpin=conflict.pins_alone(keys)))
    return Infeasible("infeasible", conflicts=tuple(told))


def _told(rules: Sequence[Rule], *, unpin: bool) -> Message:
    """One conflict; ``unpin``: without its pins the rest holds."""
    ways = tuple(rule.remedy for rule in rules if rule.remedy)
    key = "conflict.told" if ways else "conflict.told_pins" if unpin else "conflict.told_only"
    return Message(key, {"rules": tuple(rule.name for rule in rules), "remedies": ways})


def conflicts_of(problem: Problem, part: Part) -> list[list[Key]]:
    """Irreducible sets of rules that cannot hold together, until what is left can."""
    found: list[list[Key]] = []
    apart: frozenset[Key] = frozenset()
    while not _feasible(problem, part, apart):
        keys = _irreducible(problem, part, apart)
        if not keys:
            break
        found.append(keys)
        apart |= frozenset(keys)
    return found


def _irreducible(problem: Problem, part: Part, apart: frozenset[Key]) -> list[Key]:
    """A conflicting set among the rules that are not set apart, found by deletion."""
    suspects = [key for key in _suspects(problem, part) if key not in apart]
    dropped = apart
    for key in suspects:
        if not _feasible(problem, part, dropped | {key}):
            dropped |= {key}
    return [key for key in suspects if key not in dropped]


def _suspects(problem: Problem, part: Part) -> list[Key]:
    """Rules in the order in which they are given up: bounds first, pins last."""
    keys: list[Key] = []
    for unit in part.units:
        room = problem.units[unit]
        for node in range(len(problem.tree.ids)):
            if node not in problem.tree.pooled or room.given[node] != room.upper[node]:
                keys.append(("account", unit, node))
    keys += [("limit", k) for k in part.limits]
    keys += [("pool", number) for number in range(len(part.pools))]
    keys += [("pin", i) for i in part.items if problem.items[i].forced]
    return keys


def _feasible(problem: Problem, part: Part, without: frozenset[Key]) -> bool:
    model = Model(problem, part, without)
    model.maximise(model.saving(()))
    outcome, _ = run(model.program, Clock())
    return outcome is Outcome.OPTIMAL


@dataclass(frozen=True, slots=True)
class _Conflict:
    """One conflicting set, with the rules of all other sets out of the way."""

    scenario: Scenario
    problem: Problem
    part: Part
    others: frozenset[Key]

    def rules(self, keys: Iterable[Key]) -> list[Rule]:
        """What is named, rule by rule."""
        return [rule for key in keys for rule in self._rules(key)]

    def pins_alone(self, keys: Iterable[Key]) -> bool:
        """Whether giving up all pins of the set, and nothing else of it, is enough."""
        pins = frozenset(key for key in keys if key[0] == "pin")
        return bool(pins) and _feasible(self.problem, self.part, self.others | pins)

    def _rules(self, key: Key) -> Iterator[Rule]:
        helps = _feasible(self.problem, self.part, self.others | {key})
        change = self._least_change(key) if helps and key[0] in _BY_MONEY else _Change(0)
        data = self._data(key, change.amount)
        kind = str(key[0])
        # A way out by no money at all would be none.
        helps = helps and (key[0] not in _BY_MONEY or change.amount > 0)
        yield self._rule(kind, data, change.way if helps else "")
        gift, above = self._gift(key)
        if above:
            less = helps and change.raised and change.amount <= above
            yield self._rule("joint", {**data, "gift": gift}, _REMEDY if less else "")

    @staticmethod
    def _rule(kind: str, data: dict[str, object], way: str) -> Rule:
        name = Message(f"conflict.{kind}", data)
        return Rule(name, Message(f"conflict.{kind}.{way}", data) if way else None)

    def _gift(self, key: Key) -> tuple[int, int]:
        """What a unit gives to pools below an account, and how much of it no minimum asks."""
        if key[0] != "account":
            return 0, 0
        _, unit, node = key
        assert isinstance(unit, int) and isinstance(node, int)
        room, tree = self.problem.units[unit], self.problem.tree
        budget = room.upper[-1]
        pooled = [n for n in tree.pooled if node in _above(tree.parent, n)]
        asked = (self.scenario.policy.by_id[tree.ids[n]].lower(budget) for n in pooled)
        gift = sum(room.given[n] for n in pooled)
        return gift, gift - sum(asked)

    def _data(self, key: Key, change: int) -> dict[str, object]:
        """What fills the sentence about one rule."""
        number = key[1]
        assert isinstance(number, int)
        problem = self.problem
        if key[0] == "account":
            node = key[2]
            assert isinstance(node, int)
            room = problem.units[number]
            account = self.scenario.policy.by_id.get(problem.tree.ids[node])
            return {
                "place": full_place(room.id),
                "account": account.name if account else "pagu",
                "bound": _bound(room.lower[node], room.upper[node], room.upper[-1]),
                "change": change,
            }
        if key[0] == "pin":
            item = problem.items[number]
            pin = next(p for p in self.scenario.pins if p.proposal == item.id)
            title = self.scenario.dataset.by_id[item.id].title
            reason = Message("conflict.pin.reason", {"reason": pin.reason}) if pin.reason else ""
            return {"id": item.id, "title": title, "reason": reason}
        if key[0] == "pool":
            kelurahan, node = self.part.pools[number]
            most = problem.pools[kelurahan, node]
            return {"place": full_place(kelurahan), "most": most, "change": change}
        limit = problem.limits[number]
        rule = next((r for r in self.scenario.policy.rules if f"rule.{r.id}" == limit.rule), None)
        text = rule.text if rule and rule.text else limit.rule
        return {"place": full_place(limit.place), "rule": text}

    def _least_change(self, key: Key) -> _Change:
        """By how much, and which way, one bound must give when all other rules stay."""
        problem, part = self.problem, self.part
        model = Model(problem, part, self.others | {key})
        model.maximise(-model.excess(key))
        run(model.program, Clock())
        levels = model.levels()
        if key[0] == "pool":
            number = key[1]
            assert isinstance(number, int)
            pool = part.pools[number]
            inside = [i for i in part.items if problem.pool_of(i) == pool]
            return _Change(max(0, problem.cost(inside, levels) - problem.pools[pool]))
        unit, node = key[1], key[2]
        assert isinstance(unit, int) and isinstance(node, int)
        spent = problem.spent(part, levels)[unit]
        # The other rules of this unit that were set apart must not be in the way.
        room = problem.units[unit]
        apart = [key[2] for key in self.others if key[:2] == ("account", unit)]
        wide = _given_way(problem, unit, (n for n in apart if isinstance(n, int)), LARGEST, _BOTH)
        exact = room.lower[node] == room.upper[node]
        for sides in ((_RAISE, _LOWER), (_BOTH,)):
            amounts = ((_least_way(wide, unit, node, spent, side), side) for side in sides)
            ways = [_Change(amount, side, exact) for amount, side in amounts if amount is not None]
            if ways:
                return min(ways, key=lambda c: c.amount)
        return _Change(0)


@dataclass(frozen=True, slots=True)
class _Change:
    """Rupiah by which a bound gives way; ``side`` says whether a maximum or a minimum does."""

    amount: int
    side: str = ""
    exact: bool = False

    @property
    def raised(self) -> bool:
        """Whether it is more money that is needed."""
        return self.side == _RAISE

    @property
    def way(self) -> str:
        """The end of the message id of this way out."""
        if not self.side or self.side == _BOTH:
            return _REMEDY
        return f"{self.side}_exact" if self.exact else self.side


def _bound(least: int, most: int, budget: int) -> Message:
    """The bounds of an account as the regulation says them, without a bound that says nothing."""
    kind = "exact" if least == most else "most" if not least else "least"
    if least and least != most and most < budget:
        kind = "between"
    return Message(f"conflict.bound.{kind}", {"least": least, "most": most})


def _given_way(
    problem: Problem, unit: int, nodes: Iterable[int], amount: int, side: str
) -> Problem:
    """The problem with some bounds of one unit wider by ``amount``."""
    room = problem.units[unit]
    lower, upper = list(room.lower), list(room.upper)
    for node in nodes:
        if side != _RAISE:
            lower[node] = max(0, lower[node] - amount)
        if side != _LOWER:
            upper[node] += amount
    changed = replace(room, lower=tuple(lower), upper=tuple(upper))
    units = (*problem.units[:unit], changed, *problem.units[unit + 1 :])
    return replace(problem, units=units)


def _least_way(problem: Problem, unit: int, node: int, spent: list[int], side: str) -> int | None:
    """The least amount by which a bound must give way, or ``None`` where that does not help."""

    def enough(amount: int) -> bool:
        return _given_way(problem, unit, (node,), amount, side).held(unit, spent) is not None

    low, high = 0, LARGEST
    if not enough(high):
        return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle + 1, high)
    return low


def _above(parent: Sequence[int], node: int) -> Iterator[int]:
    """A node and all above it."""
    while node >= 0:
        yield node
        node = parent[node]

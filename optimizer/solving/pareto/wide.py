"""Proposals that every unit of a kelurahan pays for, outside a pool.

Equal parts differ by single rupiah, so all units pay *nearly* the same c. The best value of a
unit under a payment c is a falling step function; added over units it is V(c). What the wide
proposals are worth is a Pareto list over c, in which a set is dropped only when another is as
good and surely no dearer for anyone. The best sum is found by branch and bound over stretches
of that list: at most (best worth in the stretch) + V(its least c). The last candidates are
judged with everyone's true payment, so the answer is exact to the rupiah.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import prod
from typing import TypeAlias

from optimizer.formulation.problem import Part, Problem
from optimizer.solving.pareto.around import Around
from optimizer.solving.pareto.layout import StageDigits
from optimizer.solving.pareto.points import SumsExplode, loosely_undominated, sums_of
from optimizer.solving.pareto.rooms import Room
from optimizer.solving.pareto.shared import Shared
from optimizer.solving.pareto.trees import RoomLists

__all__ = ["Component", "Search", "Steps", "WideParts", "best_vector", "split_wide"]


@dataclass(frozen=True, slots=True)
class Component:
    """Units tied by shared items other than the wide ones."""

    units: tuple[int, ...]
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WideParts:
    """A part once its wide items are taken out."""

    items: tuple[int, ...]
    node: int
    components: tuple[Component, ...]

    def vectors(self, shared: Shared) -> int:
        """The most level vectors of one component."""
        return max(
            (prod(len(shared.levels_of(i)) for i in c.items) for c in self.components), default=1
        )


def split_wide(problem: Problem, part: Part) -> WideParts | None:
    """Take out the items that all units pay for; ``None`` where rules forbid to."""
    shared = [i for i in problem.coupling(part) if problem.items[i].payers]
    everyone = set(part.units)
    wide = [i for i in shared if {u for u, _ in problem.items[i].payers} == everyone]
    if len({problem.items[i].leaf for i in wide}) != 1:
        return None
    named = [tuple(i for i, _ in problem.limits[k].terms) for k in part.limits]
    named += [problem.requirements[r].items for r in part.requirements]
    if any(len(members) > 1 and not set(members).isdisjoint(wide) for members in named):
        return None
    rest = [i for i in shared if i not in wide]
    node = problem.tree.leaves[problem.items[wide[0]].leaf]
    return WideParts(tuple(wide), node, _components(problem, part, rest, named))


def _components(
    problem: Problem, part: Part, shared: Sequence[int], named: Sequence[tuple[int, ...]]
) -> tuple[Component, ...]:
    group = {u: u for u in part.units}

    def root(u: int) -> int:
        while group[u] != u:
            u = group[u]
        return u

    def tie(units: Sequence[int]) -> None:
        for u in units[1:]:
            group[root(u)] = root(units[0])

    for i in shared:
        tie([u for u, _ in problem.items[i].payers])
    for members in named:
        tie([u for i in members for u, _ in problem.items[i].payers if len(members) > 1])
    units: dict[int, list[int]] = {}
    for u in part.units:
        units.setdefault(root(u), []).append(u)
    items: dict[int, list[int]] = {r: [] for r in units}
    for i in shared:
        items[root(problem.items[i].payers[0][0])].append(i)
    return tuple(Component(tuple(u), tuple(items[r])) for r, u in units.items())


class Steps:
    """The falling step function of one unit: its best stages under a payment."""

    def __init__(
        self, lists: RoomLists, node: int, spent: Mapping[int, int], shared: Mapping[int, int]
    ) -> None:
        self._lists, self._node = lists, node
        self._spent, self._shared = spent, shared
        self._around: Around | None = None
        self._at: list[int] = []
        self._values: list[int | None] = []

    def at(self, payment: int) -> int | None:
        """The value at a payment without what the payment itself fills; ``None``: no room."""
        k = bisect_left(self._at, payment)
        if k and self._values[k - 1] is None:
            return None
        if k < len(self._at):
            # Between two equal values a falling function is constant.
            same = self._values[k] is not None and k and self._values[k - 1] == self._values[k]
            if same or self._at[k] == payment:
                return self._values[k]
        if self._around is None:
            self._around = Around(self._lists, self._node, self._spent, self._shared)
            self._points = self._lists.leaf_points(self._node, self._shared)
        value = self._around.best(self._points, self._around.spent + payment)
        if value is not None:
            value -= self._lists.earns(self._node) * payment
        self._at.insert(k, payment)
        self._values.insert(k, value)
        return value


# Levels of a component's shared items, their worth, and each unit's step function.
State: TypeAlias = tuple[dict[int, int], int, dict[int, Steps]]


class Search:
    """Branch and bound over the list of the wide items."""

    def __init__(
        self,
        problem: Problem,
        shared: Shared,
        stages: StageDigits,
        wide: WideParts,
        lists: Mapping[int, RoomLists],
    ) -> None:
        self.problem, self.shared, self.stages, self.wide = problem, shared, stages, wide
        self.lists = lists
        self.bits = stages.bits + shared.tie.bits
        self.pays = {i: {u: amount.at for u, amount in problem.items[i].payers} for i in wide.items}
        self.states = [self._states(c) for c in wide.components]
        self.sums: list[dict[int, int | None]] = [{} for _ in self.states]
        self._points: list[int] | None = None

    def _worth(self, items: Sequence[int], levels: Mapping[int, int]) -> int:
        """Stages and tie-break of some shared items at their levels."""
        value = self.shared.worth_of(self.stages, items, levels)
        return (value << self.shared.tie.bits) + self.shared.tie_of(items, levels)

    def _states(self, component: Component) -> list[State]:
        states = []
        for levels in self.shared.vectors_of(component.items):
            steps = {
                u: Steps(self.lists[u], self.wide.node, self.shared.spent(u, levels), levels)
                for u in component.units
            }
            states.append((levels, self._worth(component.items, levels), steps))
        return states

    def points(self) -> list[int]:
        """Least payment and worth of every set of wide items that may be best."""
        cap = min(one.cap[self.wide.node] for one in self.lists.values())
        earns = {u: one.earns(self.wide.node) for u, one in self.lists.items()}
        found, slack = [0], 0
        choices = [self._choices(i, earns) for i in self.wide.items]
        for points, spread in sorted(choices, key=lambda pair: len(pair[0])):
            slack += spread
            sums = sums_of(found, points, cap, self.bits)
            found = loosely_undominated(sums, self.bits, slack)
        return found

    def _choices(self, index: int, earns: Mapping[int, int]) -> tuple[list[int], int]:
        """Points of one item, and how much its payers' parts differ at most."""
        points, spread = [], 0
        for level in self.shared.levels_of(index):
            if not self.shared.allowed_alone(index, level):
                continue
            parts = {u: at(level) for u, at in self.pays[index].items()}
            filled = sum(earns[u] * amount for u, amount in parts.items())
            worth = self._worth((index,), {index: level}) + (filled << self.shared.tie.bits)
            points.append((min(parts.values()) << self.bits) + worth)
            spread = max(spread, max(parts.values()) - min(parts.values()))
        return sorted(points), spread

    def _best_state(
        self, number: int, payment: Mapping[int, int]
    ) -> tuple[int, dict[int, int]] | None:
        """Best value and shared levels of one component under its units' payments."""
        best: tuple[int, dict[int, int]] | None = None
        for levels, worth, steps in self.states[number]:
            value = self._sum(steps, payment)
            if value is not None:
                value = (value << self.shared.tie.bits) + worth
                if best is None or value > best[0]:
                    best = value, levels
        return best

    def _best_states(self, payment: Mapping[int, int]) -> tuple[int, dict[int, int]] | None:
        total = 0
        chosen: dict[int, int] = {}
        for number in range(len(self.states)):
            best = self._best_state(number, payment)
            if best is None:
                return None
            total += best[0]
            chosen |= best[1]
        return total, chosen

    @staticmethod
    def _sum(steps: Mapping[int, Steps], payment: Mapping[int, int]) -> int | None:
        total = 0
        for unit, one in steps.items():
            value = one.at(payment[unit])
            if value is None:
                return None
            total += value
        return total

    def _bound(self, least: int) -> int | None:
        """V(c): what all units can reach when each pays ``least``."""
        total = 0
        for number, (component, known) in enumerate(
            zip(self.wide.components, self.sums, strict=True)
        ):
            if least not in known:
                found = self._best_state(number, dict.fromkeys(component.units, least))
                known[least] = None if found is None else found[0]
            value = known[least]
            if value is None:
                return None
            total += value
        return total

    def run(self, points: Sequence[int]) -> tuple[int, dict[int, int]] | None:
        """The best value and the vector of all shared items."""
        best: tuple[int, dict[int, int]] | None = None
        heap: list[tuple[int, int, int]] = []
        mask = (1 << self.bits) - 1
        worths = [point & mask for point in points]

        def push(low: int, high: int) -> None:
            most = self._bound(points[low] >> self.bits) if low < high else None
            if most is not None:
                most += max(worths[low:high])
                if best is None or most > best[0]:
                    heappush(heap, (-most, low, high))

        push(0, len(points))
        while heap and (best is None or -heap[0][0] > best[0]):
            _, low, high = heappop(heap)
            if high - low > 1:
                middle = (low + high) // 2
                push(low, middle)
                push(middle, high)
                continue
            levels = self._levels(worths[low])
            found = self._best_states(self._payment(levels))
            if found is not None and (best is None or found[0] + worths[low] > best[0]):
                best = found[0] + worths[low], levels | found[1]
        return best

    def optimum(self) -> int | None:
        """Best packed stages of the whole part."""
        if self._points is None:
            self._points = self.points()
        found = self.run(self._points)
        return None if found is None else found[0] >> self.shared.tie.bits

    def restricted_to(self, index: int, levels: Sequence[int]) -> int | None:
        """Best packed stages with one item restricted to some levels."""
        if index in self.wide.items:
            self.shared.hold(index, levels)
            found = self.run(self.points())
            self.shared.hold(index, None)
            return None if found is None else found[0] >> self.shared.tie.bits
        owner = self.problem.items[index].payers[0][0]
        number = next(k for k, c in enumerate(self.wide.components) if owner in c.units)
        before = self.states[number], self.sums[number]
        if index in self.shared.items:
            self.states[number] = [one for one in before[0] if one[0][index] in levels]
        else:
            self.lists[owner].hold(index, levels)
            self.states[number] = [self._renewed(owner, one) for one in before[0]]
        self.sums[number] = {}
        best = self.optimum()
        self.states[number], self.sums[number] = before
        if index not in self.shared.items:
            self.lists[owner].hold(index, None)
        return best

    def _renewed(self, owner: int, state: State) -> State:
        levels, worth, steps = state
        new = Steps(self.lists[owner], self.wide.node, self.shared.spent(owner, levels), levels)
        return levels, worth, {**steps, owner: new}

    def _levels(self, worth: int) -> dict[int, int]:
        read = self.shared.tie.levels(worth)
        return {i: read[i] for i in self.wide.items}

    def _payment(self, levels: Mapping[int, int]) -> dict[int, int]:
        return {u: sum(self.pays[i][u](level) for i, level in levels.items()) for u in self.lists}


def best_vector(
    problem: Problem,
    part: Part,
    rooms: Sequence[Room],
    stages: StageDigits,
    shared: Shared,
) -> dict[int, int] | None:
    """Levels of all shared items of a part with wide ones; ``None`` where nothing fits.

    Raises
    ------
    SumsExplode
        If there are too many sums, or the part is not of this shape.
    """
    wide = split_wide(problem, part)
    if wide is None:
        raise SumsExplode(prod(len(shared.levels_of(i)) for i in shared.items))
    lists = {r.unit: RoomLists(problem, r, stages, shared.only, ties=False) for r in rooms}
    search = Search(problem, shared, stages, wide, lists)
    best = search.run(search.points())
    return None if best is None else best[1]

"""Shared proposals of a part: what they are worth, and which level vectors are allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod

from optimizer.formulation.problem import Limit, Part, Problem, Requirement
from optimizer.solving.pareto.layout import StageDigits, TieDigits
from optimizer.solving.pareto.rooms import Room, kept, restricted
from optimizer.solving.pareto.trees import RoomLists

__all__ = ["Shared"]


class Shared:
    """The items that tie the units of a part together."""

    def __init__(self, problem: Problem, part: Part, only: Mapping[int, Sequence[int]]) -> None:
        self.problem = problem
        self.items = tuple(i for i in problem.coupling(part) if problem.items[i].payers)
        self.only = dict(only)
        inside = set(self.items)
        self.limits: tuple[Limit, ...] = tuple(
            problem.limits[k]
            for k in part.limits
            if all(i in inside for i, _ in problem.limits[k].terms)
        )
        self.requirements: tuple[Requirement, ...] = tuple(
            problem.requirements[r]
            for r in part.requirements
            if all(i in inside for i in problem.requirements[r].items)
        )
        self.tie = TieDigits.of(problem, self.items)
        self._pays = {(u, i): amount for i in self.items for u, amount in problem.items[i].payers}
        self.of_unit: dict[int, tuple[int, ...]] = dict.fromkeys(part.units, ())
        for unit, i in self._pays:
            self.of_unit[unit] += (i,)

    def hold(self, index: int, levels: Sequence[int] | None) -> None:
        """Restrict an item from now on, or let it go."""
        self.only.pop(index, None)
        if levels is not None:
            self.only[index] = levels

    def levels_of(self, index: int) -> Sequence[int]:
        """The levels that a shared item may take."""
        return restricted(self.problem.items[index].levels, self.only.get(index))

    def count(self) -> int:
        """How many level vectors there are."""
        return prod(len(self.levels_of(i)) for i in self.items)

    def vectors(
        self, choices: Mapping[int, Sequence[int]] | None = None
    ) -> Iterator[dict[int, int]]:
        """Every allowed vector of levels."""
        return self.vectors_of(self.items, choices)

    def vectors_of(
        self, items: Sequence[int], choices: Mapping[int, Sequence[int]] | None = None
    ) -> Iterator[dict[int, int]]:
        """Every vector of some items that keeps the rules among them."""
        inside = set(items)
        limits = [k for k in self.limits if inside.issuperset(i for i, _ in k.terms)]
        lists = [choices[i] if choices else self.levels_of(i) for i in items]
        for combination in product(*lists):
            levels = dict(zip(items, combination, strict=True))
            if all(kept(limit, levels) for limit in limits):
                yield levels

    def vectors_with_bests(
        self, lists: Sequence[RoomLists]
    ) -> Iterator[tuple[dict[int, int], list[tuple[tuple[int, ...], int]]]]:
        """Every vector that all rooms can live with, and what each room makes of its share.

        Per room: the levels of the shared items that it concerns, and its best packed value.
        """
        concerns = [self.concerns(one.room) for one in lists]
        known: list[dict[tuple[int, ...], int | None]] = [{} for _ in lists]
        for vector in self.vectors():
            bests = []
            for one, memory, names in zip(lists, known, concerns, strict=True):
                key = tuple(vector[i] for i in names)
                if key not in memory:
                    memory[key] = one.best(self.spent(one.room.unit, vector), vector)
                value = memory[key]
                if value is None:
                    break
                bests.append((key, value))
            else:
                yield vector, bests

    def allowed_alone(self, index: int, level: int) -> bool:
        """Whether a level keeps the rules that name this item only."""
        return all(
            kept(limit, {index: level})
            for limit in self.limits
            if all(i == index for i, _ in limit.terms)
        )

    def concerns(self, room: Room) -> tuple[int, ...]:
        """The shared items that a room pays for or that its rules name."""
        named = {i for blocks in room.blocks.values() for b in blocks for i in b.outside}
        return tuple(sorted(named.union(self.of_unit.get(room.unit, ()))))

    def spent(self, unit: int, levels: Mapping[int, int]) -> dict[int, int]:
        """Rupiah that a unit pays at each leaf node."""
        spent: dict[int, int] = {}
        for i in self.of_unit.get(unit, ()):
            if levels.get(i):
                node = self.problem.tree.leaves[self.problem.items[i].leaf]
                spent[node] = spent.get(node, 0) + self._pays[unit, i].at(levels[i])
        return spent

    def worth(self, stages: StageDigits, levels: Mapping[int, int]) -> int:
        """What a vector itself adds to the stages."""
        return self.worth_of(stages, self.items, levels)

    def worth_of(self, stages: StageDigits, items: Sequence[int], levels: Mapping[int, int]) -> int:
        """What some items add to the stages, with the requirements among them."""
        total = 0
        for i in items:
            total += stages.unchanged(i, levels[i])
            if levels[i]:
                base, step = stages.item(self.problem, i, linear=True)
                total += base + step * (levels[i] - 1)
        inside = set(items)
        met = sum(
            inside.issuperset(r.items) and any(levels[i] for i in r.items)
            for r in self.requirements
        )
        return total + stages.unit_of("mandatory") * met

    def tie_value(self, levels: Mapping[int, int]) -> int:
        """What a vector is worth in the tie-break."""
        return self.tie_of(self.items, levels)

    def tie_of(self, items: Sequence[int], levels: Mapping[int, int]) -> int:
        """What some items are worth in the tie-break of all."""
        total = 0
        for i in items:
            out, base, step = self.tie.item(self.problem, i)
            total += base + step * (levels[i] - 1) if levels[i] else out
        return total

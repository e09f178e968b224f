"""Shared proposals of a part: what they are worth, and which level vectors are allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from optimizer.formulation.problem import Limit, Part, Problem, Requirement
from optimizer.solving.pareto.layout import StageDigits, TieDigits
from optimizer.solving.pareto.rooms import Room

__all__ = ["Shared"]


class Shared:
    """The items that tie the units of a part together."""

    def __init__(self, problem: Problem, part: Part, fixed: Mapping[int, int]) -> None:
        self.problem = problem
        self.items = tuple(i for i in problem.coupling(part) if problem.items[i].payers)
        self.fixed = dict(fixed)
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
        self.of_unit = {
            u: tuple(i for i in self.items if any(p == u for p, _ in problem.items[i].payers))
            for u in part.units
        }
        self._pays = {(u, i): amount for i in self.items for u, amount in problem.items[i].payers}

    def hold(self, index: int, level: int | None) -> None:
        """Hold an item at a level from now on, or let it go."""
        self.fixed.pop(index, None)
        if level is not None:
            self.fixed[index] = level

    def levels_of(self, index: int) -> tuple[int, ...]:
        """The levels that a shared item may take."""
        allowed = self.problem.items[index].levels
        if index not in self.fixed:
            return tuple(allowed)
        return (self.fixed[index],) if self.fixed[index] in allowed else ()

    def vectors(
        self, choices: Mapping[int, tuple[int, ...]] | None = None
    ) -> Iterator[dict[int, int]]:
        """Every allowed vector of levels."""
        lists = [choices[i] if choices else self.levels_of(i) for i in self.items]
        for combination in product(*lists):
            levels = dict(zip(self.items, combination, strict=True))
            if self.allowed(levels):
                yield levels

    def allowed(self, levels: Mapping[int, int]) -> bool:
        """Whether a vector keeps the rules that name shared items only."""
        for limit in self.limits:
            total = sum(q.at(levels[i]) for i, q in limit.terms)
            if limit.upper is not None and total > limit.upper:
                return False
            if limit.lower is not None and total < limit.lower:
                return False
        return True

    def concerns(self, room: Room) -> tuple[int, ...]:
        """The shared items that a room pays for or that its rules name."""
        named = {i for blocks in room.blocks.values() for b in blocks for i in b.outside}
        return tuple(sorted(named.union(self.of_unit.get(room.unit, ()))))

    def spent(self, unit: int, levels: Mapping[int, int]) -> dict[int, int]:
        """Rupiah that a unit pays at each leaf node."""
        spent: dict[int, int] = {}
        for i in self.of_unit.get(unit, ()):
            if levels[i]:
                node = self.problem.tree.leaves[self.problem.items[i].leaf]
                spent[node] = spent.get(node, 0) + self._pays[unit, i].at(levels[i])
        return spent

    def worth(self, stages: StageDigits, levels: Mapping[int, int]) -> int:
        """What a vector itself adds to the stages."""
        total = 0
        for i in self.items:
            if levels[i]:
                base, step = stages.item(self.problem, i, linear=True)
                total += base + step * (levels[i] - 1)
        met = sum(any(levels[i] for i in r.items) for r in self.requirements)
        return total + stages.unit_of("mandatory") * met

    def tie_value(self, levels: Mapping[int, int]) -> int:
        """What a vector is worth in the tie-break."""
        total = 0
        for i in self.items:
            out, base, step = self.tie.item(self.problem, i)
            total += base + step * (levels[i] - 1) if levels[i] else out
        return total

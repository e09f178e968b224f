"""The optimum at every budget of a unit and at every size of a pool, from one run."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace

from optimizer.formulation.problem import Part, Problem
from optimizer.solving.pareto.layout import StageDigits
from optimizer.solving.pareto.rooms import pool_room, unit_room
from optimizer.solving.pareto.shared import Shared
from optimizer.solving.pareto.trees import NOTHING, RoomLists

__all__ = ["Curve", "pool_curve", "unit_curve"]


@dataclass(frozen=True, slots=True)
class Curve:
    """A rising step function from money to the best stage values.

    Attributes
    ----------
    money : tuple of int
        Rupiah at which the optimum changes, rising.
    values : tuple of tuple of int
        Stage values from there on, in the order of the problem's stages.
    """

    money: tuple[int, ...]
    values: tuple[tuple[int, ...], ...]

    def at(self, budget: int) -> tuple[int, ...] | None:
        """Best stage values within a budget; ``None`` where it is too small for what must be."""
        count = bisect_right(self.money, budget)
        return self.values[count - 1] if count else None


def unit_curve(
    problem: Problem, part: Part, unit: int, levels: Mapping[int, int] = NOTHING
) -> Curve:
    """The optimum of one unit at every budget up to its own, all other bounds as they are.

    Parameters
    ----------
    levels
        Levels of the part's shared items (out where not named). Their own worth is left out.

    Raises
    ------
    SumsExplode
        If there are too many sums.
    """
    stages = StageDigits.of(problem, part, problem.stages)
    lists = RoomLists(problem, unit_room(problem, part, unit), stages, ties=False)
    shared = Shared(problem, part, {})
    vector = {i: levels.get(i, 0) for i in shared.items}
    return _curve(problem, lists, lists.points(shared.spent(unit, vector), vector))


def pool_curve(problem: Problem, part: Part, most: int | None = None) -> Curve:
    """The optimum of a pool at every size: with it, at every joint share.

    Parameters
    ----------
    most
        Largest size in rupiah; by default what all of its projects cost together.

    Raises
    ------
    SumsExplode
        If there are too many sums.
    """
    room = pool_room(problem, part)
    if most is None:
        most = sum(problem.items[i].cost.at(problem.items[i].top) for i in part.items)
    room = replace(room, bounds=replace(room.bounds, upper=(most, most)))
    stages = StageDigits.of(problem, part, problem.stages)
    lists = RoomLists(problem, room, stages, ties=False)
    return _curve(problem, lists, lists.points())


def _curve(problem: Problem, lists: RoomLists, points: list[int]) -> Curve:
    bits = lists.bits
    mask = (1 << bits) - 1
    return Curve(
        tuple(p >> bits for p in points),
        tuple(lists.stages.vector(problem, p & mask, lists.lack) for p in points),
    )

"""The optimum at every budget, every size of a pool and every joint share, from one run."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from optimizer.formulation.problem import Part, Problem
from optimizer.solving.pareto.layout import StageDigits
from optimizer.solving.pareto.points import SumsExplode
from optimizer.solving.pareto.rooms import Room, pool_room, unit_rooms
from optimizer.solving.pareto.shared import Shared
from optimizer.solving.pareto.solve import VECTORS
from optimizer.solving.pareto.trees import NOTHING, RoomLists
from optimizer.solving.pareto.wide import Steps

__all__ = ["Curve", "gift_values", "pool_curve", "unit_curve"]


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
    room = next(room for room in unit_rooms(problem, part) if room.unit == unit)
    lists = RoomLists(problem, room, stages, ties=False)
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


def gift_values(
    problem: Problem, part: Part, node: int, gifts: Sequence[Mapping[int, int]]
) -> list[tuple[int, ...] | None]:
    """The optimum of a part's units at several joint shares.

    The lists are made once; each share only moves what the units give to the pool. The pool's
    own optimum is :func:`pool_curve` at the sum of the gifts.

    Parameters
    ----------
    problem
        Compiled at the policy's least share, so that its bounds on the pool are the policy's.
    node
        The pooled account.
    gifts
        For each share the rupiah that each unit gives.

    Raises
    ------
    SumsExplode
        If there are too many sums.
    """
    stages = StageDigits.of(problem, part, problem.stages)
    shared = Shared(problem, part, {})
    if shared.count() > VECTORS:
        raise SumsExplode(shared.count())
    lists = [
        RoomLists(problem, _opened(r, node), stages, ties=False) for r in unit_rooms(problem, part)
    ]
    lack = sum(one.lack for one in lists)
    known: dict[tuple[int, ...], Steps] = {}
    best: list[int | None] = [None] * len(gifts)
    for vector in shared.vectors():
        worth = shared.worth(stages, vector)
        steps = [_steps(shared, one, node, vector, known) for one in lists]
        for number, gift in enumerate(gifts):
            total = _together(worth, lists, steps, node, gift)
            if total is not None and (best[number] is None or total > (best[number] or 0)):
                best[number] = total
    return [None if value is None else stages.vector(problem, value, lack) for value in best]


def _opened(room: Room, node: int) -> Room:
    """The room with its pooled account as a leaf that pays whatever it is told to."""
    given = tuple(0 if n == node else g for n, g in enumerate(room.bounds.given))
    tree = replace(room.tree, pooled=room.tree.pooled - {node})
    return replace(room, tree=tree, bounds=replace(room.bounds, given=given))


def _steps(
    shared: Shared,
    one: RoomLists,
    node: int,
    vector: Mapping[int, int],
    known: dict[tuple[int, ...], Steps],
) -> Steps:
    key = one.room.unit, *(vector[i] for i in shared.concerns(one.room))
    if key not in known:
        known[key] = Steps(one, node, shared.spent(one.room.unit, vector), vector)
    return known[key]


def _together(
    worth: int,
    lists: Sequence[RoomLists],
    steps: Sequence[Steps],
    node: int,
    gift: Mapping[int, int],
) -> int | None:
    total = worth
    for one, step in zip(lists, steps, strict=True):
        payment = gift[one.room.unit]
        value = step.at(payment) if payment >= one.room.bounds.lower[node] else None
        if value is None:
            return None
        total += value + one.earns(node) * payment
    return total


def _curve(problem: Problem, lists: RoomLists, points: list[int]) -> Curve:
    bits = lists.bits
    mask = (1 << bits) - 1
    return Curve(
        tuple(p >> bits for p in points),
        tuple(lists.stages.vector(problem, p & mask, lists.lack) for p in points),
    )

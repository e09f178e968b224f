"""Solve a part: decide by order where the lists decide, then shared items, then each room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from optimizer.formulation.problem import Part, Problem
from optimizer.solving.outcome import Answer, Clock, InfeasiblePart, Proof
from optimizer.solving.pareto.layout import StageDigits, split_at_order
from optimizer.solving.pareto.order import ByOrder
from optimizer.solving.pareto.points import MOST, SumsExplode
from optimizer.solving.pareto.rooms import Room, pool_room, unit_rooms
from optimizer.solving.pareto.shared import Shared
from optimizer.solving.pareto.trees import ANYTHING, RoomLists
from optimizer.solving.pareto.wide import best_vector

__all__ = ["NAME", "VECTORS", "best_levels", "rooms_of", "solve_pareto", "stage_values"]

NAME = "pareto"
# Level vectors of shared items that are looked at one by one.
VECTORS = 4096
# Up to so many items in a part, and in a room, the order is carried in the lists.
SHORT = SHORT_ROOM = 100


def rooms_of(problem: Problem, part: Part) -> list[Room]:
    """The rooms of a part: its units, or its pool."""
    if part.pools and not part.units:
        return [pool_room(problem, part)]
    return unit_rooms(problem, part)


def solve_pareto(problem: Problem, part: Part, clock: Clock) -> Answer:
    """Solve all stages and the tie-break of a part that :func:`covers` accepts.

    Raises
    ------
    InfeasiblePart
        If no choice satisfies the rules.
    SumsExplode
        If there are too many sums; another solver has to answer.
    """
    del clock  # the lists are finite and short; there is nothing to stop half-way
    levels = best_levels(problem, part)
    if levels is None:
        raise InfeasiblePart(part)
    values = zip(problem.stages, stage_values(problem, part, levels), strict=True)
    return Answer(levels, tuple(Proof(s.name, value, value) for s, value in values), NAME)


def best_levels(
    problem: Problem, part: Part, only: Mapping[int, Sequence[int]] = ANYTHING
) -> dict[int, int] | None:
    """The best choice with some items restricted to some levels, ``None`` where there is none."""
    rooms = rooms_of(problem, part)
    before, after = split_at_order(problem.stages)
    if after is None:
        return _by_lists(problem, part, rooms, StageDigits.of(problem, part, before), only)
    # Short lists carry the order as digits sooner than the items are tried one by one.
    if len(part.items) <= SHORT and Shared(problem, part, only).count() <= SHORT:
        levels = _with_order(problem, part, rooms, only)
        if levels is not None:
            return levels
    lines = ByOrder(problem, part, rooms, before, only)
    if not lines.feasible:
        return None
    held = {**only, **_at(lines.shared())}
    # Once the shared items are decided the rooms no longer touch one another.
    if lines.decided and all(len(room.items) <= SHORT_ROOM for room in rooms):
        levels = _with_order(problem, part, rooms, held)
        if levels is not None:
            return levels
    stages = StageDigits.of(problem, part, before + after)
    return _by_lists(problem, part, rooms, stages, {**only, **_at(lines.everything())})


def _at(levels: Mapping[int, int]) -> dict[int, Sequence[int]]:
    return {i: (level,) for i, level in levels.items()}


def _with_order(
    problem: Problem, part: Part, rooms: list[Room], only: Mapping[int, Sequence[int]]
) -> dict[int, int] | None:
    """All stages by lists, the order as digits; ``None`` where they do not end in an answer."""
    if Shared(problem, part, only).count() > VECTORS:
        return None
    stages = StageDigits.of(problem, part, problem.stages)
    try:
        return _by_lists(problem, part, rooms, stages, only, most=SHORT**2)
    except SumsExplode:
        return None


def _by_lists(
    problem: Problem,
    part: Part,
    rooms: list[Room],
    stages: StageDigits,
    only: Mapping[int, Sequence[int]],
    *,
    most: int = MOST,
) -> dict[int, int] | None:
    """Shared items first, each vector with the best of every room; then each room."""
    shared = Shared(problem, part, only)
    lists = [RoomLists(problem, room, stages, only, most=most) for room in rooms]
    if shared.count() <= VECTORS:
        return _by_vectors(shared, lists, stages)
    vector = best_vector(problem, part, rooms, stages, shared)
    if vector is None:
        return None
    chosen = dict(vector)
    for one in lists:
        value = one.best(shared.spent(one.room.unit, vector), vector)
        if value is None:
            return None
        chosen |= one.tie.levels(value)
    return chosen


def _by_vectors(
    shared: Shared, lists: list[RoomLists], stages: StageDigits
) -> dict[int, int] | None:
    """Look at every vector of the shared items; what a room makes of its share is kept."""
    best: tuple[int, int] | None = None
    chosen: dict[int, int] = {}
    for vector, bests in shared.vectors_with_bests(lists):
        total = shared.worth(stages, vector)
        total += sum(v >> one.tie.bits for one, (_, v) in zip(lists, bests, strict=True))
        rank = total, shared.tie_value(vector)
        if best is None or rank > best:
            best = rank
            chosen = dict(vector)
            for one, (_, value) in zip(lists, bests, strict=True):
                chosen |= one.tie.levels(value)
    return None if best is None else chosen


def stage_values(problem: Problem, part: Part, levels: Mapping[int, int]) -> tuple[int, ...]:
    """Exact value of every stage; ``order`` counts the items that got all they asked."""
    inside = set(part.items)
    return tuple(
        sum(levels.get(i, 0) == problem.items[i].top for i in problem.order if i in inside)
        if stage.name == "order"
        else problem.value(part, stage, levels)
        for stage in problem.stages
    )

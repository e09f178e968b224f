"""What every proposal is worth: the best value with it in, and the best with it out.

Forward and backward lists: in a leaf the blocks before and after an item's own are merged once,
at a node the lists of the other children. One more merge along the path to the root then gives
the best value with an item in or out, for all items without solving again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from optimizer.formulation.problem import Part, Problem
from optimizer.solving.pareto.around import Around
from optimizer.solving.pareto.layout import StageDigits
from optimizer.solving.pareto.points import SumsExplode, merge
from optimizer.solving.pareto.rooms import Block
from optimizer.solving.pareto.shared import Shared
from optimizer.solving.pareto.solve import VECTORS, best_levels, rooms_of, stage_values
from optimizer.solving.pareto.trees import NOTHING, RoomLists
from optimizer.solving.pareto.wide import Search, split_wide

__all__ = ["InOut", "Vector", "forward_backward", "in_out_values"]

Vector = tuple[int, ...]
InOut = tuple[int | None, int | None]


def forward_backward(
    lists: RoomLists, spent: Mapping[int, int] = NOTHING, shared: Mapping[int, int] = NOTHING
) -> dict[int, InOut]:
    """Best packed value of a room with each of its own items in, and with it out.

    Parameters
    ----------
    spent
        Rupiah that shared proposals take from each leaf.
    shared
        Levels of the shared items, for the rules that also name them.
    """
    found: dict[int, InOut] = {}
    for node, blocks in lists.room.blocks.items():
        rest = Around(lists, node, spent, shared)
        own = [lists.block_points(node, block, shared) for block in blocks]
        for block, others in zip(blocks, _others(lists, node, own), strict=True):
            for index in block.items:
                found[index] = (
                    _with(lists, rest, block, others, (index, True)),
                    _with(lists, rest, block, others, (index, False)),
                )
    return found


def _others(lists: RoomLists, node: int, own: Sequence[list[int]]) -> Iterator[list[int]]:
    """For each list the merge of all others: lists before it and lists after it."""
    cap, bits = lists.cap[node], lists.bits
    after = [[0]]
    for points in reversed(own[1:]):
        after.append(merge(after[-1], points, cap, bits))
    before = [0]
    for points in own:
        yield merge(before, after.pop(), cap, bits)
        before = merge(before, points, cap, bits)


def _with(
    lists: RoomLists, rest: Around, block: Block, others: list[int], tried: tuple[int, bool]
) -> int | None:
    index, inside = tried
    levels = [level for level in lists.levels_of(index) if bool(level) is inside]
    if not levels:
        return None
    own = lists.block_points_with(rest.leaf, block, rest.shared, {index: levels})
    cap = lists.cap[rest.leaf]
    points = lists.curved(rest.leaf, merge(others, own, cap, lists.bits))
    return rest.best(points, rest.spent)


@dataclass
class _Best:
    """Best packed values seen, by item and whether it was in."""

    values: dict[tuple[int, bool], int]

    def see(self, index: int, inside: bool, value: int | None) -> None:
        if value is not None:
            key = index, inside
            if key not in self.values or value > self.values[key]:
                self.values[key] = value


def in_out_values(problem: Problem, part: Part) -> dict[int, tuple[Vector | None, Vector | None]]:
    """For every item the best stage values with it in, and with it out.

    Returns
    -------
    dict
        By item index two vectors of exact stage values (``fill`` counted negatively, ``order``
        the number of items that got all they asked), equal to solving again with the item
        forced in or held out; ``None`` where no choice is feasible.

    Raises
    ------
    SumsExplode
        If there are too many sums.
    """
    stages = StageDigits.of(problem, part, problem.stages)
    lists = [RoomLists(problem, room, stages, ties=False) for room in rooms_of(problem, part)]
    shared = Shared(problem, part, {})
    try:
        best = (
            _by_vectors(shared, lists, stages)
            if shared.count() <= VECTORS
            else _by_search(problem, part, shared, lists, stages)
        )
    except SumsExplode:
        return _again(problem, part)
    lack = sum(one.lack for one in lists)

    def vector(index: int, inside: bool) -> Vector | None:
        value = best.values.get((index, inside))
        return None if value is None else stages.vector(problem, value, lack)

    return {i: (vector(i, True), vector(i, False)) for i in part.items}


def _by_vectors(shared: Shared, lists: Sequence[RoomLists], stages: StageDigits) -> _Best:
    """Every vector of the shared items; what the others reach stands beside each room."""
    best = _Best({})
    rest: list[dict[tuple[int, ...], tuple[int, dict[int, int]]]] = [{} for _ in lists]
    for vector, bests in shared.vectors_with_bests(lists):
        total = shared.worth(stages, vector) + sum(value for _, value in bests)
        for i in shared.items:
            best.see(i, vector[i] > 0, total)
        for (key, reached), beside in zip(bests, rest, strict=True):
            if key not in beside or total - reached > beside[key][0]:
                beside[key] = total - reached, vector
    for one, beside in zip(lists, rest, strict=True):
        for others, vector in beside.values():
            spent = shared.spent(one.room.unit, vector)
            for i, pair in forward_backward(one, spent, vector).items():
                for inside, value in zip((True, False), pair, strict=True):
                    best.see(i, inside, None if value is None else others + value)
    return best


def _by_search(
    problem: Problem,
    part: Part,
    shared: Shared,
    lists: Sequence[RoomLists],
    stages: StageDigits,
) -> _Best:
    """With proposals that all units pay for: the search once for each item in and out."""
    wide = split_wide(problem, part)
    if wide is None:
        raise SumsExplode(shared.count())
    best = _Best({})
    search = Search(problem, shared, stages, wide, {one.room.unit: one for one in lists})
    optimum, levels = search.optimum(), best_levels(problem, part)
    if optimum is None or levels is None:
        return best
    for index in part.items:
        # The best plan has the item in or out; only the other side is searched.
        is_in = levels[index] > 0
        best.see(index, is_in, optimum)
        others = [level for level in problem.items[index].levels if (level > 0) is not is_in]
        if others:
            best.see(index, not is_in, search.restricted_to(index, others))
    return best


def _again(problem: Problem, part: Part) -> dict[int, tuple[Vector | None, Vector | None]]:
    """The plain way: solve again with each item in, and with it out."""

    def solved(index: int, levels: Sequence[int]) -> Vector | None:
        found = best_levels(problem, part, {index: levels}) if levels else None
        return None if found is None else stage_values(problem, part, found)

    tops = {i: problem.items[i].top for i in part.items}
    return {i: (solved(i, range(1, top + 1)), solved(i, (0,))) for i, top in tops.items()}

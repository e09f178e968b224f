"""One item between everything else: lists of the others are merged once, then asked many times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace

from optimizer.formulation.problem import Limit, Problem
from optimizer.solving.pareto.around import Around
from optimizer.solving.pareto.layout import StageDigits
from optimizer.solving.pareto.points import merge
from optimizer.solving.pareto.rooms import Block
from optimizer.solving.pareto.shared import Shared
from optimizer.solving.pareto.trees import RoomLists
from optimizer.solving.pareto.wide import Steps

__all__ = ["Surroundings"]

Levels = Mapping[int, int]
# Around the leaf, the item's block, and the merged lists of all other blocks of the leaf.
Spot = tuple[Around, Block, list[int]]


class Surroundings:
    """What the other items of a piece reach, whatever one of them does.

    Parameters
    ----------
    lists : sequence of RoomLists
        The rooms of the piece, without tie-break.
    """

    def __init__(self, lists: Sequence[RoomLists], shared: Shared, stages: StageDigits) -> None:
        self.lists, self.shared, self.stages = lists, shared, stages
        self._concerns = [shared.concerns(one.room) for one in lists]
        self._bests: list[dict[tuple[int, ...], int | None]] = [{} for _ in lists]
        self._beside: dict[int, list[tuple[int, dict[int, int]]]] = {}
        self._spots: dict[tuple[int, tuple[int, ...]], Spot] = {}
        self._steps: dict[tuple[int, int, tuple[int, ...]], Steps] = {}

    def named(self, index: int) -> bool:
        """Whether a shared item stands in a rule together with a room's own items."""
        blocks = (b for one in self.lists for bs in one.room.blocks.values() for b in bs)
        return any(index in block.outside for block in blocks)

    def _best(self, k: int, vector: Levels) -> int | None:
        """Best value of a room under the levels of the shared items."""
        key = tuple(vector[i] for i in self._concerns[k])
        if key not in self._bests[k]:
            one = self.lists[k]
            self._bests[k][key] = one.best(self.shared.spent(one.room.unit, vector), vector)
        return self._bests[k][key]

    # --- an item of one room --------------------------------------------------------------

    def with_own(self, asked: Problem, index: int) -> int | None:
        """The best value with one own (or pooled) item changed as in ``asked``."""
        k = next(k for k, one in enumerate(self.lists) if index in one.room.items)
        limits = dict(zip(self.lists[k].problem.limits, asked.limits, strict=True))
        best = None
        for others, vector in self._others(k):
            value = self._own(k, vector, asked, index, limits)
            if value is not None and (best is None or others + value > best):
                best = others + value
        return best

    def _others(self, k: int) -> list[tuple[int, dict[int, int]]]:
        """For each way in which shared items touch a room: the best of everything else."""
        if k not in self._beside:
            found: dict[tuple[int, ...], tuple[int, dict[int, int]]] = {}
            for vector in self.shared.vectors():
                total: int | None = self.shared.worth(self.stages, vector)
                for other in range(len(self.lists)):
                    value = 0 if other == k else self._best(other, vector)
                    total = None if total is None or value is None else total + value
                key = tuple(vector[i] for i in self._concerns[k])
                if total is not None and (key not in found or total > found[key][0]):
                    found[key] = total, vector
            self._beside[k] = list(found.values())
        return self._beside[k]

    def _own(
        self, k: int, vector: Levels, asked: Problem, index: int, limits: Mapping[Limit, Limit]
    ) -> int | None:
        around, block, others = self._spot(k, vector, index)
        probe = copy(self.lists[k])
        probe.problem = asked
        changed = replace(block, limits=tuple(limits[limit] for limit in block.limits))
        own = probe.block_points_with(around.leaf, changed, vector, {})
        points = merge(others, own, probe.cap[around.leaf], probe.bits)
        return around.best(probe.curved(around.leaf, points), around.spent)

    def _spot(self, k: int, vector: Levels, index: int) -> Spot:
        key = index, tuple(vector[i] for i in self._concerns[k])
        if key not in self._spots:
            one = self.lists[k]
            node, block = next(
                (node, block)
                for node, blocks in one.room.blocks.items()
                for block in blocks
                if index in block.items
            )
            spent = self.shared.spent(one.room.unit, vector)
            lists = [
                one.block_points(node, other, vector)
                for other in one.room.blocks[node]
                if other is not block
            ]
            self._spots[key] = (
                Around(one, node, spent, vector),
                block,
                one.merged(node, lists),
            )
        return self._spots[key]

    # --- a shared item --------------------------------------------------------------------

    def with_shared(self, asked: Problem, index: int) -> int | None:
        """The best value with one shared item changed as in ``asked``."""
        item = asked.items[index]
        node = asked.tree.leaves[item.leaf]
        pays = dict(item.payers)
        shared = Shared(asked, asked.parts[0], {})
        best = None
        for vector in shared.vectors():
            total: int | None = shared.worth(self.stages, vector)
            for k, one in enumerate(self.lists):
                if one.room.unit in pays:
                    payment = pays[one.room.unit].at(vector[index])
                    value = self._paying(k, vector, index, node, payment)
                else:
                    value = self._best(k, vector)
                if value is None or total is None:
                    total = None
                    break
                total += value
            if total is not None and (best is None or total > best):
                best = total
        return best

    def _paying(self, k: int, vector: Levels, index: int, node: int, payment: int) -> int | None:
        """Best value of a room that pays so much for one of the shared items."""
        one = self.lists[k]
        rest = {**vector, index: 0}
        # A rule that names the item beside the room's own looks at its level.
        key = k, index, tuple(vector[i] if i != index else 0 for i in self._concerns[k])
        if self.named(index):
            key = k, index, tuple(vector[i] for i in self._concerns[k])
        if key not in self._steps:
            spent = self.shared.spent(one.room.unit, rest)
            self._steps[key] = Steps(one, node, spent, vector)
        value = self._steps[key].at(payment)
        return None if value is None else value + one.earns(node) * payment

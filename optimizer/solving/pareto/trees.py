"""The recursion: lists of a block, of a leaf, of a node, and the best point at the root."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from optimizer.formulation.problem import Problem
from optimizer.solving.pareto.layout import StageDigits, TieDigits
from optimizer.solving.pareto.points import (
    MOST,
    SumsExplode,
    best_pair,
    merge,
    undominated,
    within,
)
from optimizer.solving.pareto.rooms import Block, Room, kept

__all__ = ["RoomLists"]

NOTHING: Mapping[int, int] = {}


class RoomLists:
    """Pareto lists of one room.

    Parameters
    ----------
    stages : StageDigits
        The stages carried in a value, laid out for the whole part.
    fixed : mapping
        Levels that some items are held at.
    ties : bool
        Whether the value carries the tie-break and with it the chosen levels.
    """

    def __init__(
        self,
        problem: Problem,
        room: Room,
        stages: StageDigits,
        fixed: Mapping[int, int] = NOTHING,
        *,
        ties: bool = True,
    ) -> None:
        self.problem = problem
        self.room = room
        self.stages = stages
        self.fixed = fixed
        self.tie = TieDigits.of(problem, room.items if ties else ())
        self.bits = self.tie.bits + stages.bits
        self._met = stages.unit_of("mandatory") << self.tie.bits
        self._short = stages.unit_of("fill") << self.tie.bits
        self._curves = [(shift + self.tie.bits, mask, phi) for shift, mask, phi in stages.welfare()]
        self._prepare_tree()
        self._block_lists: dict[tuple[int, tuple[int, ...]], list[int]] = {}
        self._leaf_lists: dict[tuple[int, tuple[int, ...]], list[int]] = {}
        self._outside = {
            node: tuple(sorted({i for b in blocks for i in b.outside}))
            for node, blocks in room.blocks.items()
        }
        self._place = {
            i: (node, block.items[0])
            for node, blocks in room.blocks.items()
            for block in blocks
            for i in block.items
        }

    def _prepare_tree(self) -> None:
        """Room that is left for each node, and where a minimum still has to be filled."""
        tree, bounds = self.room.tree, self.room.bounds
        count = len(tree.ids)
        least, given = [0] * count, list(bounds.given)
        for node in range(count):
            below = sum(least[c] for c in tree.children[node])
            given[node] += sum(given[c] for c in tree.children[node])
            least[node] = max(bounds.lower[node], below or bounds.given[node])
        cap = list(bounds.upper)
        for node, children in enumerate(tree.children):
            if children:
                cap[node] = min(cap[node], sum(cap[c] for c in children))
            elif node in tree.pooled:
                cap[node] = min(cap[node], bounds.given[node])
        active = [0] * count
        self.given = given
        for node in reversed(range(count)):
            if self._short and bounds.lower[node] > given[node]:
                active[node] += 1
            for child in tree.children[node]:
                others = sum(least[c] for c in tree.children[node]) - least[child]
                cap[child] = min(cap[child], cap[node] - others)
                active[child] = active[node]
        self.cap = cap
        # Rupiah spent below a minimum earn its shortfall digit, once for each such node above.
        self._earns = [self._short * n for n in active]

    def earns(self, node: int) -> int:
        """What a rupiah spent at a leaf earns in the stages until its minima are filled."""
        return self._earns[node] >> self.tie.bits

    # --- blocks and leaves --------------------------------------------------------------

    def levels_of(self, index: int) -> Sequence[int]:
        """The levels an item may take."""
        allowed = self.problem.items[index].levels
        if index not in self.fixed:
            return allowed
        level = self.fixed[index]
        return (level,) if level in allowed else ()

    def _choices(self, node: int, index: int) -> dict[int, int]:
        """Point of every allowed level of an item; linear above level 1."""
        item = self.problem.items[index]
        base, step = self.stages.item(self.problem, index, linear=not item.payers)
        out, base, step = 0, base << self.tie.bits, step << self.tie.bits
        if self.tie.items:
            out, first, more = self.tie.item(self.problem, index)
            base, step = base + first, step + more
        rupiah = (1 << self.bits) + self._earns[node]
        base += rupiah * item.cost.base
        step += rupiah * item.cost.step
        return {
            level: base + step * (level - 1) if level else out for level in self.levels_of(index)
        }

    def block_points(self, node: int, block: Block, shared: Mapping[int, int]) -> list[int]:
        """Undominated points of a block: every combination of levels that its rules allow."""
        key = block.items[0], tuple(shared.get(i, 0) for i in block.outside)
        if key not in self._block_lists:
            outside = dict(zip(block.outside, key[1], strict=True))
            self._block_lists[key] = self._combined(node, block, outside)
        return self._block_lists[key]

    def hold(self, index: int, level: int | None) -> None:
        """Hold an item at a level from now on, or let it go; only its own lists are made anew."""
        fixed = dict(self.fixed)
        fixed.pop(index, None)
        if level is not None:
            fixed[index] = level
        self.fixed = fixed
        node, first = self._place[index]
        self._block_lists = {k: v for k, v in self._block_lists.items() if k[0] != first}
        self._leaf_lists = {k: v for k, v in self._leaf_lists.items() if k[0] != node}

    def _combined(self, node: int, block: Block, outside: dict[int, int]) -> list[int]:
        choices = [self._choices(node, i) for i in block.items]
        count = 1
        for points in choices:
            count *= len(points)
        if count > MOST:
            raise SumsExplode(count)
        if not block.limits and not block.requirements:
            return undominated(choices[0].values(), self.bits)
        found = []
        levels = outside
        for combination in product(*choices):
            levels.update(zip(block.items, combination, strict=True))
            if not all(kept(limit, levels) for limit in block.limits):
                continue
            met = sum(any(levels.get(i) for i in r.items) for r in block.requirements)
            point = sum(c[level] for c, level in zip(choices, combination, strict=True))
            found.append(point + self._met * met)
        return undominated(found, self.bits)

    def leaf_points(self, node: int, shared: Mapping[int, int] = NOTHING) -> list[int]:
        """List of a leaf before its bounds: all of its blocks merged, welfare through φ."""
        names = self._outside.get(node, ())
        key = node, tuple(shared.get(i, 0) for i in names)
        if key not in self._leaf_lists:
            lists = [self.block_points(node, b, shared) for b in self.room.blocks.get(node, ())]
            lists.sort(key=len)
            points = [0]
            for other in lists:
                points = merge(points, other, self.cap[node], self.bits)
            self._leaf_lists[key] = self._curved(node, points)
        return self._leaf_lists[key]

    def _curved(self, node: int, points: list[int]) -> list[int]:
        """Put φ(S) in the place of the support S; φ is increasing, so the order stays."""
        if not self._curves or not self.room.tree.parent or self.room.unit < 0:
            return points
        leaf = self.room.tree.leaves.index(node)
        wanted = self.problem.wanted.get((self.room.unit, leaf), 0)
        for shift, mask, phi in self._curves:
            changed = []
            for point in points:
                satisfied = point >> shift & mask
                changed.append(point + ((phi.at(satisfied, wanted) - satisfied) << shift))
            points = changed
        return points

    # --- nodes --------------------------------------------------------------------------

    def _closed(self, node: int, points: list[int]) -> list[int]:
        """Apply a node's bounds: at least its minimum, at most its maximum.

        What was spent beyond an active minimum does not fill it: the digit is taken back.
        """
        lower, bits = self.room.bounds.lower[node], self.bits
        filling = self._short if lower > self.given[node] else 0
        floor = lower << bits
        if points and lower and (filling or points[0] < floor):
            mask = (1 << bits) - 1
            changed = []
            for point in points:
                if point < floor:
                    changed.append(floor + (point & mask))
                else:
                    changed.append(point - filling * ((point >> bits) - lower))
            points = undominated(changed, bits)
        count = within(points, self.cap[node], bits)
        return points if count == len(points) else points[:count]

    def _node(self, node: int, spent: Mapping[int, int], shared: Mapping[int, int]) -> list[int]:
        """List of a node under its own bounds."""
        children = self.room.tree.children[node]
        if children:
            points = [0]
            for part in self._sorted_children(node, spent, shared):
                points = merge(points, part, self.cap[node], self.bits)
            return self._closed(node, points)
        points = self.leaf_points(node, shared)
        fixed = self.room.bounds.given[node] + spent.get(node, 0)
        if fixed:
            shift = (fixed << self.bits) + self._earns[node] * fixed
            points = [p + shift for p in points]
        return self._closed(node, points)

    def _sorted_children(
        self, node: int, spent: Mapping[int, int], shared: Mapping[int, int]
    ) -> list[list[int]]:
        lists = [self._node(c, spent, shared) for c in self.room.tree.children[node]]
        return sorted(lists, key=len)

    def points(
        self, spent: Mapping[int, int] = NOTHING, shared: Mapping[int, int] = NOTHING
    ) -> list[int]:
        """The list of the root: the best value at every amount of money."""
        return self._node(len(self.room.tree.ids) - 1, spent, shared)

    def best(
        self, spent: Mapping[int, int] = NOTHING, shared: Mapping[int, int] = NOTHING
    ) -> int | None:
        """The best value at the root, ``None`` where nothing fits.

        Parameters
        ----------
        spent
            Rupiah that shared proposals take from each leaf.
        shared
            Levels of the shared items, for the rules that also name them.
        """
        root = len(self.room.tree.ids) - 1
        bounds, mask = self.room.bounds, (1 << self.bits) - 1
        if bounds.lower[root] > 0:
            points = self.points(spent, shared)
            return points[-1] & mask if points else None
        lists = self._sorted_children(root, spent, shared)
        if not all(lists):
            return None
        together = sum(points[-1] for points in lists)
        if together >> self.bits <= self.cap[root]:
            return together & mask
        best = self._squeezed(lists)
        return None if best is None else best & mask

    def _squeezed(self, lists: list[list[int]]) -> int | None:
        """Best sum of one point of each list within the root's budget."""
        cap, bits = self.cap[len(self.room.tree.ids) - 1], self.bits
        halves: list[list[int]] = [[0], [0]]
        for points in sorted(lists, key=len, reverse=True):
            halves.sort(key=len)
            halves[0] = merge(halves[0], points, cap, bits)
        return best_pair(halves[0], halves[1], cap, bits)

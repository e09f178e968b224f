"""The recursion: lists of a block, of a leaf, of a node, and the best point at the root."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
from optimizer.solving.pareto.rooms import Block, Room, kept, restricted

__all__ = ["ANYTHING", "NOTHING", "RoomLists"]

NOTHING: Mapping[int, int] = {}
ANYTHING: Mapping[int, Sequence[int]] = {}


class RoomLists:
    """Pareto lists of one room.

    Parameters
    ----------
    stages : StageDigits
        The stages carried in a value, laid out for the whole part.
    only : mapping
        Levels that some items are restricted to.
    ties : bool
        Whether the value carries the tie-break and with it the chosen levels.
    most : int
        Sums of two lists beyond which :class:`SumsExplode` is raised.
    """

    def __init__(
        self,
        problem: Problem,
        room: Room,
        stages: StageDigits,
        only: Mapping[int, Sequence[int]] = ANYTHING,
        *,
        ties: bool = True,
        most: int = MOST,
    ) -> None:
        self.problem = problem
        self.room = room
        self.stages = stages
        self.only = dict(only)
        self.most = most
        self.tie = TieDigits.of(problem, room.items if ties else ())
        self.bits = self.tie.bits + stages.bits
        self._met = stages.unit_of("mandatory") << self.tie.bits
        self._short = stages.unit_of("fill") << self.tie.bits
        self._curves = [(shift + self.tie.bits, mask, phi) for shift, mask, phi in stages.welfare()]
        self._prepare_tree()
        # Lists by node and by the shared levels that their rules name; see hold().
        self._block_lists: dict[int, dict[tuple[int, ...], list[int]]] = {}
        self._leaf_lists: dict[int, dict[tuple[int, ...], list[int]]] = {}
        self._closed_lists: dict[int, dict[tuple[int, ...], list[int]]] = {}
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
        """Room that is left for each node, and where a minimum still has to be filled.

        ``lack`` is the rupiah of all such minima together.
        """
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
        self.lack = 0
        self.given = given
        for node in reversed(range(count)):
            if self._short and bounds.lower[node] > given[node]:
                active[node] += 1
                self.lack += bounds.lower[node]
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
        return restricted(self.problem.items[index].levels, self.only.get(index))

    def _choices(self, node: int, index: int) -> dict[int, int]:
        """Point of every allowed level of an item; linear above level 1 but for ``changes``."""
        item = self.problem.items[index]
        base, step = self.stages.item(self.problem, index, linear=not item.payers)
        out, base, step = 0, base << self.tie.bits, step << self.tie.bits
        if self.tie.items:
            out, first, more = self.tie.item(self.problem, index)
            base, step = base + first, step + more
        rupiah = (1 << self.bits) + self._earns[node]
        base += rupiah * item.cost.base
        step += rupiah * item.cost.step
        points = {
            level: base + step * (level - 1) if level else out for level in self.levels_of(index)
        }
        for level in points if self.stages.counts_changes else ():
            points[level] += self.stages.unchanged(index, level) << self.tie.bits
        return points

    def block_points(self, node: int, block: Block, shared: Mapping[int, int]) -> list[int]:
        """Undominated points of a block: every combination of levels that its rules allow."""
        known = self._block_lists.setdefault(block.items[0], {})
        key = tuple(shared.get(i, 0) for i in block.outside)
        if key not in known:
            known[key] = self._combined(node, block, dict(zip(block.outside, key, strict=True)))
        return known[key]

    def hold(self, index: int, levels: Sequence[int] | None) -> None:
        """Restrict an item from now on, or let it go; only its own lists are made anew."""
        self.only.pop(index, None)
        if levels is not None:
            self.only[index] = levels
        node, first = self._place[index]
        self._block_lists.pop(first, None)
        self._leaf_lists.pop(node, None)
        self._closed_lists.pop(node, None)

    def block_points_with(
        self,
        node: int,
        block: Block,
        shared: Mapping[int, int],
        only: Mapping[int, Sequence[int]],
    ) -> list[int]:
        """A block's list with some of its items restricted further."""
        kept_only, self.only = self.only, {**self.only, **only}
        outside = {i: shared.get(i, 0) for i in block.outside}
        points = self._combined(node, block, outside)
        self.only = kept_only
        return points

    def _combined(self, node: int, block: Block, outside: dict[int, int]) -> list[int]:
        choices = [self._choices(node, i) for i in block.items]
        count = 1
        for points in choices:
            count *= len(points)
        if count > self.most:
            raise SumsExplode(count)
        if len(block.items) == 1:
            return self._single(block, choices[0], outside)
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

    def _single(self, block: Block, points: Mapping[int, int], levels: dict[int, int]) -> list[int]:
        """A block of one item: the usual case."""
        (index,) = block.items
        if not block.limits and not block.requirements:
            return undominated(points.values(), self.bits)
        found = []
        for level, point in points.items():
            levels[index] = level
            if all(kept(limit, levels) for limit in block.limits):
                met = sum(any(levels.get(i) for i in r.items) for r in block.requirements)
                found.append(point + self._met * met)
        return undominated(found, self.bits)

    def leaf_points(self, node: int, shared: Mapping[int, int] = NOTHING) -> list[int]:
        """List of a leaf before its bounds: all of its blocks merged, welfare through φ."""
        known = self._leaf_lists.setdefault(node, {})
        key = self._named(node, shared)
        if key not in known:
            lists = [self.block_points(node, b, shared) for b in self.room.blocks.get(node, ())]
            known[key] = self.curved(node, self.merged(node, lists))
        return known[key]

    def _named(self, node: int, shared: Mapping[int, int]) -> tuple[int, ...]:
        return tuple(shared.get(i, 0) for i in self._outside.get(node, ()))

    def merged(self, node: int, lists: Iterable[list[int]]) -> list[int]:
        """All sums of some lists that a node may hold, shortest lists first."""
        points = [0]
        for other in sorted(lists, key=len):
            points = merge(points, other, self.cap[node], self.bits, self.most)
        return points

    def curved(self, node: int, points: list[int]) -> list[int]:
        """Put φ(S) in the place of the support S; φ is increasing, so the order stays."""
        if not self._curves or self.room.unit < 0:
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

    def closed(self, node: int, points: list[int]) -> list[int]:
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

    def node_points(
        self, node: int, spent: Mapping[int, int], shared: Mapping[int, int]
    ) -> list[int]:
        """List of a node under its own bounds."""
        children = self.room.tree.children[node]
        if children:
            lists = [self.node_points(c, spent, shared) for c in children]
            return self.closed(node, self.merged(node, lists))
        known = self._closed_lists.setdefault(node, {})
        key = spent.get(node, 0), *self._named(node, shared)
        if key not in known:
            known[key] = self.closed_leaf(node, self.leaf_points(node, shared), key[0])
        return known[key]

    def closed_leaf(self, node: int, points: list[int], spent: int) -> list[int]:
        """A leaf's list with what it gives to a pool or pays for shared items."""
        fixed = self.room.bounds.given[node] + spent
        if fixed:
            shift = (fixed << self.bits) + self._earns[node] * fixed
            points = [p + shift for p in points]
        return self.closed(node, points)

    def points(
        self, spent: Mapping[int, int] = NOTHING, shared: Mapping[int, int] = NOTHING
    ) -> list[int]:
        """The list of the root: the best value at every amount of money."""
        return self.node_points(len(self.room.tree.ids) - 1, spent, shared)

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
        lists = self._below_root(spent, shared)
        if not all(lists):
            return None
        together = sum(points[-1] for points in lists)
        if together >> self.bits <= self.cap[root]:
            return together & mask
        best = self._squeezed(lists)
        return None if best is None else best & mask

    def _below_root(self, spent: Mapping[int, int], shared: Mapping[int, int]) -> list[list[int]]:
        """Lists that only the root's budget still ties together."""
        children = self.room.tree.children[len(self.room.tree.ids) - 1]
        if len(children) == 1 and not self.room.tree.children[children[0]]:
            (leaf,) = children
            bounds = self.room.bounds
            fixed = bounds.lower[leaf] or bounds.given[leaf] or spent.get(leaf, 0)
            # One account, as in a pool: its blocks need not be merged one by one.
            if not fixed and (not self._curves or self.room.unit < 0):
                blocks = self.room.blocks.get(leaf, ())
                return [self.block_points(leaf, block, shared) for block in blocks]
        return [self.node_points(child, spent, shared) for child in children]

    def _squeezed(self, lists: list[list[int]]) -> int | None:
        """Best sum of one point of each list within the root's budget."""
        cap, bits = self.cap[len(self.room.tree.ids) - 1], self.bits
        halves: list[list[int]] = [[0], [0]]
        for points in sorted(lists, key=len, reverse=True):
            halves.sort(key=len)
            halves[0] = merge(halves[0], points, cap, bits, self.most)
        return best_pair(halves[0], halves[1], cap, bits)

"""The tree around one leaf: from a list for the leaf to the best value at the root."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.solving.pareto.points import best_pair, merge
from optimizer.solving.pareto.trees import RoomLists

__all__ = ["Around"]


class Around:
    """Lists of everything beside the path from a leaf to the root, merged once.

    Parameters
    ----------
    spent
        Rupiah that shared proposals take from each leaf.
    shared
        Levels of the shared items, for the rules that also name them.
    """

    def __init__(
        self,
        lists: RoomLists,
        leaf: int,
        spent: Mapping[int, int],
        shared: Mapping[int, int],
    ) -> None:
        self.lists, self.leaf, self.shared = lists, leaf, shared
        self.spent = spent.get(leaf, 0)
        tree = lists.room.tree
        self._path: list[tuple[int, list[int]]] = []
        node = leaf
        while tree.parent[node] >= 0:
            above = tree.parent[node]
            beside = [
                lists.node_points(c, spent, shared) for c in tree.children[above] if c != node
            ]
            self._path.append((above, lists.merged(above, beside)))
            node = above

    def best(self, points: list[int], spent: int) -> int | None:
        """Best value at the root.

        Parameters
        ----------
        points
            The leaf's list before its bounds, welfare through φ.
        spent
            Rupiah that the leaf pays for shared items.
        """
        lists, bits = self.lists, self.lists.bits
        points = lists.closed_leaf(self.leaf, points, spent)
        for node, beside in self._path[:-1]:
            points = lists.closed(node, merge(points, beside, lists.cap[node], bits))
        root, beside = self._path[-1]
        if not points or not beside:
            return None
        mask = (1 << bits) - 1
        if lists.room.bounds.lower[root] > 0:
            points = lists.closed(root, merge(points, beside, lists.cap[root], bits))
            return points[-1] & mask if points else None
        best = best_pair(points, beside, lists.cap[root], bits)
        return None if best is None else best & mask

"""The question in whole numbers: what every solver reads.

A scenario is compiled once into units with bounded accounts, items with levels, limits,
requirements and pools (:mod:`optimizer.formulation.terms`). The PuLP model
(:mod:`optimizer.formulation.program`), the Pareto lists and the brute-force oracle answer the same
:class:`Problem`; the checker (:mod:`optimizer.rules`) does not use it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from optimizer.formulation.terms import (
    PER_MILLE,
    PERCENTS,
    Group,
    Item,
    Kind,
    Limit,
    Linear,
    Part,
    Requirement,
    StageSpec,
    Tree,
    UnitRoom,
    curve,
)

__all__ = [
    "PERCENTS",
    "PER_MILLE",
    "Group",
    "Item",
    "Kind",
    "Limit",
    "Linear",
    "Part",
    "Problem",
    "Requirement",
    "StageSpec",
    "Tree",
    "UnitRoom",
    "curve",
]


@dataclass(frozen=True)
class Problem:
    """Everything a solver needs, and nothing it does not."""

    tree: Tree
    units: tuple[UnitRoom, ...]
    items: tuple[Item, ...]
    limits: tuple[Limit, ...]
    requirements: tuple[Requirement, ...]
    pools: Mapping[tuple[str, int], int]
    stages: tuple[StageSpec, ...]
    order: tuple[int, ...]
    parts: tuple[Part, ...]
    groups: tuple[Group, ...] = ()

    # --- exact arithmetic on a choice of levels ---------------------------------------

    @cached_property
    def own_items(self) -> Mapping[tuple[int, int], tuple[int, ...]]:
        """Own items of each (unit, leaf) that may be chosen: the groups of ``welfare``."""
        groups: dict[tuple[int, int], list[int]] = {}
        for index, item in enumerate(self.items):
            if item.kind is Kind.OWN:
                groups.setdefault((item.payers[0][0], item.leaf), []).append(index)
        return {key: tuple(items) for key, items in groups.items()}

    @cached_property
    def wanted(self) -> Mapping[tuple[int, int], int]:
        """V of each group: the support of all that was proposed there."""
        return {
            key: sum(self.items[i].support.at(self.items[i].top) for i in items)
            for key, items in self.own_items.items()
        }

    def spent(self, part: Part, levels: Mapping[int, int]) -> dict[int, list[int]]:
        """Programmed rupiah e of each unit of a part, for every node of the tree."""
        spent = {u: list(self.units[u].given) for u in part.units}
        for index in part.items:
            level = levels.get(index, 0)
            if level:
                item = self.items[index]
                node = self.tree.leaves[item.leaf]
                for unit, amount in item.payers:
                    if unit in spent:
                        spent[unit][node] += amount.at(level)
        for nodes in spent.values():
            for node, parent in enumerate(self.tree.parent):
                if parent >= 0:
                    nodes[parent] += nodes[node]
        return spent

    def held(self, unit: int, spent: list[int]) -> list[int] | None:
        """The least money x of each node that contains ``spent`` and meets every minimum.

        ``None`` where no x within the bounds exists. Bounds nest, so it is enough to look at
        each node once, children first: what it may hold is an interval, from its own bounds and
        from what its children may hold together. A pool share is one number.
        """
        room = self.units[unit]
        least, most = list(spent), list(room.upper)
        for node, children in enumerate(self.tree.children):
            if children:
                least[node] = sum(least[c] for c in children)
                most[node] = min(most[node], sum(most[c] for c in children))
            elif node in self.tree.pooled:
                most[node] = min(most[node], room.given[node])
            least[node] = max(least[node], room.lower[node])
            if least[node] > most[node]:
                return None
        return least

    def reserved(self, unit: int, spent: list[int]) -> list[int]:
        """Rupiah held for minima in each leaf (0 at all other nodes).

        What a node's own minimum still lacks goes to its leaves in the order of the
        regulation, as far as their maxima (and those in between) allow.
        """
        room = self.units[unit]
        held = [0] * len(spent)
        total = list(spent)
        for node, children in enumerate(self.tree.children):
            if children:
                total[node] = sum(total[c] for c in children)
            lack = max(0, room.lower[node] - total[node])
            if lack:
                self._hold(room, node, lack, total, held)
        return held

    def _hold(self, room: UnitRoom, node: int, lack: int, total: list[int], held: list[int]) -> int:
        """Place up to ``lack`` below a node; returns what was placed."""
        lack = min(lack, room.upper[node] - total[node])
        children = self.tree.children[node]
        if not children:
            placed = 0 if node in self.tree.pooled else max(lack, 0)
            held[node] += placed
        else:
            placed = 0
            for child in children:
                placed += self._hold(room, child, lack - placed, total, held)
        total[node] += placed
        return placed

    def broken(self, part: Part, levels: Mapping[int, int]) -> list[tuple[str, str]]:
        """(rule, place) of every rule that a choice of levels breaks; empty when feasible."""
        found: list[tuple[str, str]] = []
        for unit, spent in self.spent(part, levels).items():
            if self.held(unit, spent) is None:
                found.append(("accounts", self.units[unit].id))
        for index in part.limits:
            limit = self.limits[index]
            total = sum(q.at(levels.get(i, 0)) for i, q in limit.terms)
            if (limit.upper is not None and total > limit.upper) or (
                limit.lower is not None and total < limit.lower
            ):
                found.append((limit.rule, limit.place))
        for pool in part.pools:
            inside = [i for i in part.items if self.pool_of(i) == pool]
            if self.cost(inside, levels) > self.pools[pool]:
                found.append(("pool", pool[0]))
        return found

    def pool_of(self, index: int) -> tuple[str, int] | None:
        """The pool that pays for an item, if one does."""
        item = self.items[index]
        if item.kind is not Kind.POOLED:
            return None
        return item.owner.split("/", 1)[0], self.tree.leaves[item.leaf]

    def value(self, part: Part, stage: StageSpec, levels: Mapping[int, int]) -> int:
        """Exact value of one stage on one part.

        ``fill`` and ``changes`` are counted negatively; the value of ``equity`` is the least
        satisfaction, and of several parts together the least of theirs.
        """
        if stage.name == "mandatory":
            return sum(
                any(levels.get(i, 0) for i in self.requirements[r].items) for r in part.requirements
            )
        if stage.name == "support":
            return sum(self.items[i].support.at(levels.get(i, 0)) for i in part.items)
        if stage.name == "welfare":
            return self._welfare(part, stage.marginals, levels)
        if stage.name == "fill":
            return -sum(
                max(0, low - e)
                for unit, spent in self.spent(part, levels).items()
                for low, e in zip(self.units[unit].lower, spent, strict=True)
            )
        if stage.name == "changes":
            return -sum(levels.get(i, 0) != stage.base[i] for i in part.items)
        if stage.name == "equity":
            return min(self.satisfied(part, stage.over, levels), default=PER_MILLE)
        raise ValueError(stage.name)

    def ceiling(self, part: Part, stage: StageSpec) -> int:
        """A value that no choice can pass, known without solving anything."""
        if stage.name in {"fill", "changes"}:
            return 0
        if stage.name == "equity":
            return PER_MILLE
        return self.value(part, stage, {i: self.items[i].top for i in part.items})

    def counted(self, part: Part, over: str) -> tuple[Group, ...]:
        """Groups of a part at one level that can get anything."""
        here = (self.groups[g] for g in part.groups)
        return tuple(g for g in here if g.over == over and g.most)

    def satisfied(self, part: Part, over: str, levels: Mapping[int, int]) -> tuple[int, ...]:
        """Satisfaction of each group in whole per mille; sorted, it is what leximin compares."""
        return tuple(g.satisfaction(levels) for g in self.counted(part, over))

    def _welfare(self, part: Part, marginals: tuple[int, ...], levels: Mapping[int, int]) -> int:
        slope = sum(marginals)
        chosen: dict[tuple[int, int], int] = {}
        total = 0
        for index in part.items:
            item = self.items[index]
            support = item.support.at(levels.get(index, 0))
            if not support:
                continue
            if item.kind is Kind.OWN:
                key = (item.payers[0][0], item.leaf)
                chosen[key] = chosen.get(key, 0) + support
            else:
                total += slope * support
        return total + sum(curve(marginals, s, self.wanted[k]) for k, s in chosen.items())

    def coupling(self, part: Part) -> tuple[int, ...]:
        """Items of a part that tie units together (or draw on the pool)."""
        return tuple(i for i in part.items if self.items[i].kind is not Kind.OWN)

    def residents(self, items: Iterable[int], levels: Mapping[int, int]) -> int:
        """Residents served, added over the chosen items."""
        return sum(self.items[i].residents for i in items if levels.get(i, 0))

    def cost(self, items: Iterable[int], levels: Mapping[int, int]) -> int:
        """Rupiah that the chosen items cost."""
        return sum(self.items[i].cost.at(levels.get(i, 0)) for i in items)

    def alone(self, part: Part, unit: int) -> Part:
        """One unit of a part once the coupling items are decided.

        Its own items, those that it pays for, and those that stand in a rule beside its own.
        """
        own = {
            i
            for i in part.items
            if self.items[i].kind is Kind.OWN and self.items[i].payers[0][0] == unit
        }
        limits = tuple(
            k for k in part.limits if not own.isdisjoint(i for i, _ in self.limits[k].terms)
        )
        requirements = tuple(
            r for r in part.requirements if not own.isdisjoint(self.requirements[r].items)
        )
        inside = own | {i for i in part.items if any(u == unit for u, _ in self.items[i].payers)}
        inside |= {i for k in limits for i, _ in self.limits[k].terms}
        inside |= {i for r in requirements for i in self.requirements[r].items}
        return Part(
            name=self.units[unit].id,
            units=(unit,),
            items=tuple(sorted(inside)),
            limits=limits,
            requirements=requirements,
        )

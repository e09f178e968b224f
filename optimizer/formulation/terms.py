"""What a question is made of: items with levels, accounts, limits, stages, groups and parts.

All of it in ``int`` (rupiah, fixed-point support). An item has levels ``0, 1, …, extra + 1``: level
0 is out, level 1 the least useful volume, each further level one volume step more. What it costs or
is worth is linear in the level above 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

__all__ = [
    "PERCENTS",
    "PER_MILLE",
    "Group",
    "Item",
    "Kind",
    "Limit",
    "Linear",
    "Part",
    "Requirement",
    "StageSpec",
    "Tree",
    "UnitRoom",
    "curve",
]

PERCENTS = 100
PER_MILLE = 1000


@dataclass(frozen=True, slots=True)
class Linear:
    """A quantity of an item: ``base`` at its least volume, ``step`` more for each level above."""

    base: int
    step: int = 0

    def at(self, level: int) -> int:
        """The quantity at a level (0 when the item is out)."""
        return self.base + self.step * (level - 1) if level else 0


class Kind(StrEnum):
    """Who pays: the owner unit alone, other or several units, or the kelurahan's pool."""

    OWN = "own"
    SHARED = "shared"
    POOLED = "pooled"


@dataclass(frozen=True, slots=True)
class Item:
    """A proposal as the solvers see it.

    Attributes
    ----------
    leaf : int
        Index of its account among the tree's leaves.
    extra : int
        Volume steps above the least volume; the highest level is ``extra + 1``.
    cost : Linear
        Rupiah that the budget pays.
    payers
        (unit index, rupiah) of those that pay; empty for pooled items.
    support : Linear
        Fixed-point support.
    residents : int
        Residents served when it is in.
    fixed : int or None
        A level it is held at: 0 for what was excluded or pinned out.
    forced : bool
        Pinned in: any level above 0.
    """

    id: str
    kind: Kind
    owner: str
    leaf: int
    extra: int
    cost: Linear
    payers: tuple[tuple[int, Linear], ...]
    support: Linear
    residents: int
    fixed: int | None = None
    forced: bool = False

    @property
    def top(self) -> int:
        """The highest level."""
        return self.extra + 1

    @property
    def levels(self) -> range:
        """The levels that may be chosen."""
        if self.fixed is not None:
            return range(self.fixed, self.fixed + 1)
        return range(1 if self.forced else 0, self.top + 1)


@dataclass(frozen=True)
class Tree:
    """The account tree, children before parents, the root (the pagu itself) last.

    Attributes
    ----------
    ids : tuple of str
        Account paths; the root is ``"pagu"``.
    parent : tuple of int
        Index of the parent; -1 for the root.
    leaves : tuple of int
        Node index of each leaf, in the order of the regulation.
    pooled : frozenset of int
        Node indices of the pooled leaves.
    """

    ids: tuple[str, ...]
    parent: tuple[int, ...]
    leaves: tuple[int, ...]
    pooled: frozenset[int]

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """Children of each node, in the order of the regulation."""
        below: list[list[int]] = [[] for _ in self.ids]
        for node, parent in enumerate(self.parent):
            if parent >= 0:
                below[parent].append(node)
        return tuple(tuple(b) for b in below)

    def above(self, node: int) -> tuple[int, ...]:
        """The node itself and all above it, the root last."""
        path = [node]
        while self.parent[path[-1]] >= 0:
            path.append(self.parent[path[-1]])
        return tuple(path)

    def under(self, node: int) -> tuple[int, ...]:
        """The leaves of a node, in the order of the regulation; of a leaf, itself."""
        return tuple(leaf for leaf in self.leaves if node in self.above(leaf))


@dataclass(frozen=True, slots=True)
class UnitRoom:
    """A unit's bounds in rupiah for every node of the tree.

    Attributes
    ----------
    lower, upper
        Bounds on the money x of each node, a recorded letter already taken into account.
    given : tuple of int
        What the unit gives to each pooled leaf (0 for all other nodes).
    """

    id: str
    kelurahan: str
    lower: tuple[int, ...]
    upper: tuple[int, ...]
    given: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """A linear rule over items: ``lower ≤ Σ quantity ≤ upper`` (``None``: no limit).

    Attributes
    ----------
    rule : str
        Rule id as the checker and the screens name it.
    by_volume, by_rupiah : int
        By how much an item's quantity rises with one more of its volume, with one rupiah more of
        its cost; 0 where it does not depend on them.
    """

    rule: str
    place: str
    terms: tuple[tuple[int, Linear], ...]
    lower: int | None = None
    upper: int | None = None
    by_volume: int = 0
    by_rupiah: int = 0


@dataclass(frozen=True, slots=True)
class Requirement:
    """A mandatory activity: met when one of the items is in."""

    rule: str
    place: str
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StageSpec:
    """A stage with its numbers.

    Attributes
    ----------
    marginals : tuple of int
        For ``welfare``: the value of each percent of V, most valuable first.
    base : tuple of int
        For ``changes``: the level of every item that counts as unchanged (-1: none does).
    """

    name: str
    marginals: tuple[int, ...] = ()
    over: str = ""
    base: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A unit or RW whose satisfaction the stage ``equity`` looks at.

    Attributes
    ----------
    over : str
        Level of the stage that looks at it: ``rw`` or ``rt``.
    terms
        (item, fixed-point support from the places in the group).
    most : int
        The most of it in any feasible plan; -1 while it has not been solved for, 0 where the
        group can get nothing and is left out.
    """

    id: str
    over: str
    terms: tuple[tuple[int, Linear], ...]
    most: int = -1

    def met(self, levels: Mapping[int, int]) -> int:
        """Fixed-point support from the group that a choice of levels satisfies."""
        return sum(support.at(levels.get(i, 0)) for i, support in self.terms)

    def satisfaction(self, levels: Mapping[int, int]) -> int:
        """Whole per mille of the most it could get, rounded down."""
        return PER_MILLE * self.met(levels) // self.most

    def needed(self, satisfaction: int) -> int:
        """The least support that is a satisfaction of so many per mille."""
        return -(-satisfaction * self.most // PER_MILLE)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece that shares nothing with the rest.

    Attributes
    ----------
    units, items, limits, requirements, groups
        Indices into the problem.
    pools
        (kelurahan, node) of each pool whose projects are among the items.
    """

    name: str
    units: tuple[int, ...]
    items: tuple[int, ...]
    limits: tuple[int, ...]
    requirements: tuple[int, ...]
    pools: tuple[tuple[str, int], ...] = ()
    groups: tuple[int, ...] = ()


def curve(marginals: tuple[int, ...], satisfied: int, total: int) -> int:
    """Exact value of φ: Σ_k m_k · clamp(100·S − (k − 1)·V, 0, V).

    This is 100 · V · φ(S / V) with the k-th percent worth m_k; with all m_k equal it is linear
    in S, so that evenness 0 is exactly support.
    """
    value = 0
    left = PERCENTS * satisfied
    for marginal in marginals:
        if left <= 0:
            break
        value += marginal * min(left, total)
        left -= total
    return value

"""What a tree dynamic program runs over: a unit with its accounts, or a pool with one.

A room is an account tree with bounds, the items that are paid from it alone, grouped in blocks
that no item rule ties to one another, and the rules of each block.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from optimizer.formulation.problem import Kind, Limit, Part, Problem, Requirement, Tree, UnitRoom

__all__ = ["Block", "Room", "Rules", "blocks_of", "kept", "pool_room", "restricted", "unit_rooms"]


@dataclass(frozen=True, slots=True)
class Block:
    """Items of one leaf that rules tie together.

    Attributes
    ----------
    outside : tuple of int
        Shared items that the block's rules also name.
    """

    items: tuple[int, ...]
    limits: tuple[Limit, ...]
    requirements: tuple[Requirement, ...]
    outside: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """Bounds of one payer and what it may choose alone.

    Attributes
    ----------
    unit : int
        Index of the unit; -1 for a pool.
    blocks : mapping
        Blocks of each leaf node of the tree.
    """

    unit: int
    tree: Tree
    bounds: UnitRoom
    items: tuple[int, ...]
    blocks: Mapping[int, tuple[Block, ...]]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a part by the items that they name."""

    limits: Mapping[int, tuple[int, ...]]
    requirements: Mapping[int, tuple[int, ...]]

    @classmethod
    def of(cls, problem: Problem, part: Part) -> Rules:
        """Index the rules of a part."""
        limits: dict[int, list[int]] = {}
        for k in part.limits:
            for i, _ in problem.limits[k].terms:
                limits.setdefault(i, []).append(k)
        requirements: dict[int, list[int]] = {}
        for r in part.requirements:
            for i in problem.requirements[r].items:
                requirements.setdefault(i, []).append(r)
        return cls(
            {i: tuple(k) for i, k in limits.items()},
            {i: tuple(r) for i, r in requirements.items()},
        )


def unit_rooms(problem: Problem, part: Part) -> list[Room]:
    """The room of each unit: its own items at the leaves of the policy's tree."""
    rules = Rules.of(problem, part)
    own: dict[int, list[int]] = {u: [] for u in part.units}
    for i in part.items:
        if problem.items[i].kind is Kind.OWN:
            own[problem.items[i].payers[0][0]].append(i)
    rooms = []
    for unit, items in own.items():
        node = {i: problem.tree.leaves[problem.items[i].leaf] for i in items}
        blocks = _by_node(blocks_of(problem, rules, items), node)
        rooms.append(Room(unit, problem.tree, problem.units[unit], tuple(items), blocks))
    return rooms


def pool_room(problem: Problem, part: Part) -> Room:
    """The room of a pool: one account that holds what the units gave."""
    (pool,) = part.pools
    size = problem.pools[pool]
    bounds = UnitRoom(pool[0], pool[0], (0, 0), (size, size), (0, 0))
    tree = Tree(("pool", "pagu"), (1, -1), (0,), frozenset())
    blocks = _by_node(
        blocks_of(problem, Rules.of(problem, part), part.items), dict.fromkeys(part.items, 0)
    )
    return Room(-1, tree, bounds, part.items, blocks)


def _by_node(blocks: Iterable[Block], node: Mapping[int, int]) -> dict[int, tuple[Block, ...]]:
    found: dict[int, list[Block]] = {}
    for block in blocks:
        found.setdefault(node[block.items[0]], []).append(block)
    return {n: tuple(b) for n, b in found.items()}


def blocks_of(problem: Problem, rules: Rules, items: Sequence[int]) -> list[Block]:
    """Split items into the groups that rules tie together, in canonical order."""
    limits = {k for i in items for k in rules.limits.get(i, ())}
    requirements = {r for i in items for r in rules.requirements.get(i, ())}
    group = {i: i for i in items}

    def root(i: int) -> int:
        while group[i] != i:
            i = group[i]
        return i

    named = [tuple(i for i, _ in problem.limits[k].terms) for k in limits]
    named += [problem.requirements[r].items for r in requirements]
    for members in named:
        if len(members) > 1:
            inside = [i for i in members if i in group]
            for i in inside[1:]:
                group[root(i)] = root(inside[0])
    gathered: dict[int, list[int]] = {}
    for i in items:
        gathered.setdefault(root(i), []).append(i)
    return [_block(problem, rules, members) for members in gathered.values()]


def _block(problem: Problem, rules: Rules, items: Sequence[int]) -> Block:
    limits = sorted({k for i in items for k in rules.limits.get(i, ())})
    requirements = sorted({r for i in items for r in rules.requirements.get(i, ())})
    named = {i for k in limits for i, _ in problem.limits[k].terms}
    named |= {i for r in requirements for i in problem.requirements[r].items}
    return Block(
        tuple(items),
        tuple(problem.limits[k] for k in limits),
        tuple(problem.requirements[r] for r in requirements),
        tuple(sorted(named - set(items))),
    )


def kept(limit: Limit, levels: Mapping[int, int]) -> bool:
    """Whether levels keep a limit; items without a level are out."""
    total = sum(q.at(levels.get(i, 0)) for i, q in limit.terms)
    return (limit.upper is None or total <= limit.upper) and (
        limit.lower is None or total >= limit.lower
    )


def restricted(levels: range, only: Sequence[int] | None) -> Sequence[int]:
    """The levels of an item that are also among ``only`` (``None``: all)."""
    return levels if only is None else [level for level in only if level in levels]

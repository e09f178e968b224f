"""What a tree dynamic program runs over: a unit with its accounts, or a pool with one.

A room is an account tree with bounds, the items that are paid from it alone, grouped in blocks
that no item rule ties to one another, and the rules of each block.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from optimizer.formulation.problem import Kind, Limit, Part, Problem, Requirement, Tree, UnitRoom

__all__ = ["Block", "Room", "blocks_of", "kept", "pool_room", "restricted", "unit_room"]


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


def unit_room(problem: Problem, part: Part, unit: int) -> Room:
    """The room of a unit: its own items at the leaves of the policy's tree."""
    own = tuple(
        i
        for i in part.items
        if problem.items[i].kind is Kind.OWN and problem.items[i].payers[0][0] == unit
    )
    node = {i: problem.tree.leaves[problem.items[i].leaf] for i in own}
    blocks = _by_node(blocks_of(problem, part, own), node)
    return Room(unit, problem.tree, problem.units[unit], own, blocks)


def pool_room(problem: Problem, part: Part) -> Room:
    """The room of a pool: one account that holds what the units gave."""
    (pool,) = part.pools
    size = problem.pools[pool]
    bounds = UnitRoom(pool[0], pool[0], (0, 0), (size, size), (0, 0))
    tree = Tree(("pool", "pagu"), (1, -1), (0,), frozenset())
    blocks = _by_node(blocks_of(problem, part, part.items), dict.fromkeys(part.items, 0))
    return Room(-1, tree, bounds, part.items, blocks)


def _by_node(blocks: Iterable[Block], node: Mapping[int, int]) -> dict[int, tuple[Block, ...]]:
    found: dict[int, list[Block]] = {}
    for block in blocks:
        found.setdefault(node[block.items[0]], []).append(block)
    return {n: tuple(b) for n, b in found.items()}


def blocks_of(problem: Problem, part: Part, items: tuple[int, ...]) -> list[Block]:
    """Split items into the groups that rules tie together, in canonical order."""
    group = {i: i for i in items}

    def root(i: int) -> int:
        while group[i] != i:
            i = group[i]
        return i

    limits = [problem.limits[k] for k in part.limits]
    requirements = [problem.requirements[r] for r in part.requirements]
    named = [tuple(i for i, _ in limit.terms) for limit in limits]
    named += [r.items for r in requirements]
    for members in named:
        inside = [i for i in members if i in group]
        for i in inside[1:]:
            group[root(i)] = root(inside[0])
    gathered: dict[int, list[int]] = {}
    for i in items:
        gathered.setdefault(root(i), []).append(i)
    rules: dict[int, tuple[list[Limit], list[Requirement]]] = {r: ([], []) for r in gathered}
    for limit in limits:
        for i, _ in limit.terms:
            if i in group:
                rules[root(i)][0].append(limit)
                break
    for requirement in requirements:
        for i in requirement.items:
            if i in group:
                rules[root(i)][1].append(requirement)
                break
    return [
        _block(tuple(members), *rules[key])
        for key, members in sorted(gathered.items(), key=lambda pair: pair[1])
    ]


def _block(items: tuple[int, ...], limits: list[Limit], requirements: list[Requirement]) -> Block:
    named = {i for limit in limits for i, _ in limit.terms}
    named |= {i for r in requirements for i in r.items}
    return Block(items, tuple(limits), tuple(requirements), tuple(sorted(named - set(items))))


def kept(limit: Limit, levels: Mapping[int, int]) -> bool:
    """Whether levels keep a limit; items without a level are out."""
    total = sum(q.at(levels.get(i, 0)) for i, q in limit.terms)
    return (limit.upper is None or total <= limit.upper) and (
        limit.lower is None or total >= limit.lower
    )


def restricted(levels: range, only: Sequence[int] | None) -> Sequence[int]:
    """The levels of an item that are also among ``only`` (``None``: all)."""
    return levels if only is None else [level for level in only if level in levels]

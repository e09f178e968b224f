"""Which parts the Pareto lists answer exactly, and why not the others."""

from __future__ import annotations

from math import prod

from optimizer.formulation.problem import Kind, Part, Problem, UnitRoom
from optimizer.solving.pareto.layout import split_at_order
from optimizer.solving.pareto.points import MOST
from optimizer.solving.pareto.rooms import Rules, blocks_of
from optimizer.solving.pareto.shared import Shared
from optimizer.solving.pareto.solve import VECTORS
from optimizer.solving.pareto.wide import split_wide

__all__ = ["covers"]

STAGES = frozenset({"mandatory", "order", "support", "welfare", "fill", "changes"})


def covers(problem: Problem, part: Part) -> str:
    """Say why a part is not for the Pareto lists; empty when it is.

    Returns
    -------
    str
        A short reason for the run record: ``stage``, ``pool``, ``payers``, ``rule``,
        ``minima``, ``sums``.
    """
    for reason, found in (
        ("stage", _odd_stage(problem)),
        ("pool", _odd_pool(problem, part)),
        ("payers", _odd_payers(problem, part)),
        ("rule", _odd_rule(problem, part)),
        ("minima", _nested_minima(problem, part)),
    ):
        if found:
            return reason
    return "sums" if _explodes(problem, part) else ""


def _odd_stage(problem: Problem) -> bool:
    return not {s.name for s in problem.stages} <= STAGES


def _odd_pool(problem: Problem, part: Part) -> bool:
    pooled = {problem.pool_of(i) for i in part.items} - {None}
    return bool(pooled) and (bool(part.units) or len(pooled) > 1 or pooled != set(part.pools))


def _odd_payers(problem: Problem, part: Part) -> bool:
    """Payers outside the part, own items that others pay for, or money that flows back."""
    units = set(part.units)
    for i in part.items:
        item = problem.items[i]
        amounts = [item.cost, *(amount for _, amount in item.payers)]
        if any(a.base < 0 or a.step < 0 for a in amounts):
            return True
        if {u for u, _ in item.payers} - units:
            return True
        if item.kind is Kind.OWN and amounts[1:] != amounts[:1]:
            return True
        if item.kind is Kind.SHARED and not item.payers:
            return True
    return False


def _named(problem: Problem, part: Part) -> list[tuple[int, ...]]:
    """The items that each rule names."""
    return [
        *(tuple(i for i, _ in problem.limits[k].terms) for k in part.limits),
        *(problem.requirements[r].items for r in part.requirements),
    ]


def _odd_rule(problem: Problem, part: Part) -> bool:
    """Rules across accounts or across owners."""
    return any(
        len({_place(problem, i) for i in members} - {None}) > 1
        for members in _named(problem, part)
        if len(members) > 1
    )


def _place(problem: Problem, index: int) -> tuple[int, int] | None:
    item = problem.items[index]
    return (item.payers[0][0], item.leaf) if item.kind is Kind.OWN else None


def _nested_minima(problem: Problem, part: Part) -> bool:
    """With ``fill``, a minimum inside another hides how much of the outer one is activities."""
    if all(s.name != "fill" for s in problem.stages):
        return False
    return any(_nested(problem, problem.units[u]) for u in part.units)


def _nested(problem: Problem, room: UnitRoom) -> bool:
    tree = problem.tree
    given = list(room.given)
    for node, children in enumerate(tree.children):
        given[node] += sum(given[c] for c in children)
    active = [low > has for low, has in zip(room.lower, given, strict=True)]
    for node, parent in enumerate(tree.parent):
        if not active[node] or node in tree.pooled:
            continue
        above = parent
        while above >= 0:
            if active[above]:
                return True
            above = tree.parent[above]
    return False


def _explodes(problem: Problem, part: Part) -> bool:
    _, after = split_at_order(problem.stages)
    # What the lists decide is held when the shared items are looked at.
    held = dict.fromkeys(problem.order, (0,)) if after is not None else {}
    shared = Shared(problem, part, held)
    if shared.count() > VECTORS:
        wide = split_wide(problem, part)
        if wide is None or wide.vectors(shared) > VECTORS:
            return True
    rules = Rules.of(problem, part)
    tied = {
        i
        for members in _named(problem, part)
        if len(members) > 1
        for i in members
        if problem.items[i].kind is not Kind.SHARED
    }
    return any(
        prod(len(problem.items[i].levels) for i in block.items) > MOST
        for block in blocks_of(problem, rules, sorted(tied))
    )

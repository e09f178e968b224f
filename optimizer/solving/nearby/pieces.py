"""The smallest pieces of a problem that do not touch one another, for many small questions.

Where a unit's pagu is too large to bind, whatever is chosen, its top accounts are independent of
one another: what one of them chooses changes nothing in the others. A question about one
proposal then needs only the accounts that it shares with others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import networkx as nx

from optimizer.formulation.problem import Kind, Part, Problem, StageSpec
from optimizer.solving.memory import PartMemory, cut_out
from optimizer.solving.nearby.asked import at_level, out
from optimizer.solving.outcome import Answer

__all__ = ["SettledMemory", "independent", "settled"]

MANDATORY = StageSpec("mandatory")
# A top account of a unit: (unit, node).
Spot = tuple[int, int]


def independent(problem: Problem) -> Problem:
    """The same problem in the smallest parts that can be solved each on its own.

    Only parts with items are kept.
    """
    tops = _tops(problem)
    parts = [p for part in problem.parts for p in _split(problem, part, tops)]
    return replace(problem, parts=tuple(parts))


def _tops(problem: Problem) -> tuple[int, ...]:
    """For every node the node just below the root that holds it."""
    tree = problem.tree
    root = len(tree.ids) - 1
    top = list(range(len(tree.ids)))
    for node in reversed(range(root)):
        if tree.parent[node] != root:
            top[node] = top[tree.parent[node]]
    return tuple(top)


def _split(problem: Problem, part: Part, tops: tuple[int, ...]) -> Iterable[Part]:
    if part.pools or part.groups:
        return [part] if part.items else []
    ties: nx.Graph[tuple[str, object]] = nx.Graph()
    root_children = problem.tree.children[-1]
    for unit in part.units:
        if _pagu_may_bind(problem, part, unit):
            nx.add_path(ties, [("spot", (unit, node)) for node in root_children])
    for i in part.items:
        item = problem.items[i]
        top = tops[problem.tree.leaves[item.leaf]]
        ties.add_node(("item", i))
        ties.add_edges_from((("item", i), ("spot", (unit, top))) for unit, _ in item.payers)
    for k in part.limits:
        nx.add_path(ties, [("item", i) for i, _ in problem.limits[k].terms])
    for r in part.requirements:
        nx.add_path(ties, [("item", i) for i in problem.requirements[r].items])
    found = (_part(problem, part, nodes) for nodes in nx.connected_components(ties))
    return sorted((p for p in found if p.items), key=lambda p: p.items)


def _part(problem: Problem, part: Part, nodes: set[tuple[str, object]]) -> Part:
    items = tuple(sorted(n for kind, n in nodes if kind == "item" and isinstance(n, int)))
    inside = set(items)
    units = {unit for i in items for unit, _ in problem.items[i].payers}
    return Part(
        name=part.name,
        units=tuple(sorted(units)),
        items=items,
        limits=tuple(k for k in part.limits if problem.limits[k].terms[0][0] in inside),
        requirements=tuple(
            r for r in part.requirements if problem.requirements[r].items[0] in inside
        ),
    )


def _pagu_may_bind(problem: Problem, part: Part, unit: int) -> bool:
    """Whether the accounts of a unit can hold more together than its pagu."""
    tree, room = problem.tree, problem.units[unit]
    wanted = list(room.given)
    for i in part.items:
        item = problem.items[i]
        for payer, amount in item.payers:
            if payer == unit:
                wanted[tree.leaves[item.leaf]] += amount.at(item.top)
    most: list[int] = []
    for node, children in enumerate(tree.children):
        total = sum(most[c] for c in children) if children else wanted[node]
        most.append(min(room.upper[node], max(room.lower[node], total)))
    return sum(most[c] for c in tree.children[-1]) > room.upper[-1]


def settled(
    problem: Problem, part: Part, index: int, levels: Mapping[int, int]
) -> tuple[Problem, tuple[int, ...]] | None:
    """The piece of one unit where the lists have decided all that it shares with others.

    By order nothing may lower an item above. Where every shared item stands above the unit's
    own and no rule ties the two, an item that is out comes in only with the shared ones as they
    are in the plan, and one that is in and may simply be left out leaves them so; a mandatory
    one, which comes before the order, may move them.

    Parameters
    ----------
    index
        The item that is to come in or to leave.
    levels
        Levels of the items in the plan.

    Returns
    -------
    piece, items
        The cut-out piece and its items' numbers in the problem; ``None`` where units meet in
        another way.
    """
    item = problem.items[index]
    shared = problem.coupling(part)
    stages = [stage.name for stage in problem.stages if stage.name != "mandatory"]
    if item.kind is not Kind.OWN or not shared or part.pools or part.groups:
        return None
    if stages[:1] != ["order"]:
        return None
    ((unit, _),) = item.payers
    if any(index in problem.requirements[r].items for r in part.requirements):
        return None
    if not _all_above(problem, part, unit):
        return None
    alone = problem.alone(part, unit)
    trimmed = list(problem.items)
    for i in alone.items:
        mine = tuple(pair for pair in trimmed[i].payers if pair[0] == unit)
        if not mine:
            return None
        trimmed[i] = replace(trimmed[i], payers=mine)
    piece = cut_out(replace(problem, items=tuple(trimmed)), alone)
    for k, i in enumerate(alone.items):
        if i in shared:
            piece = at_level(piece, k, levels[i]) if levels.get(i) else out(piece, k)
    if levels.get(index) and piece.broken(piece.parts[0], _without(alone, shared, index, levels)):
        return None
    return piece, alone.items


def _without(
    alone: Part, shared: Iterable[int], index: int, levels: Mapping[int, int]
) -> dict[int, int]:
    """Levels of the plan in the numbers of a piece, with one item out.

    A shared item that is in has one level only.
    """
    coupling = set(shared)
    return {
        k: 0 if i == index else min(levels.get(i, 0), 1) if i in coupling else levels.get(i, 0)
        for k, i in enumerate(alone.items)
    }


def _all_above(problem: Problem, part: Part, unit: int) -> bool:
    """Whether a part's shared items stand above a unit's own, with no rule between them."""
    shared = set(problem.coupling(part))
    own = {i for i in part.items if i not in shared and problem.items[i].payers[0][0] == unit}
    place = {i: k for k, i in enumerate(problem.order)}
    if not (shared | own) <= place.keys():
        return False
    named = ({i for i, _ in problem.limits[k].terms} for k in part.limits)
    if any(members & shared and members & own for members in named):
        return False
    return max(place[i] for i in shared) < min(place[i] for i in own)


class SettledMemory(PartMemory):
    """Answers around the items of one plan, from :func:`settled` pieces where those are enough.

    Parameters
    ----------
    levels
        Levels of the items in the plan.
    """

    def __init__(self, levels: Mapping[int, int]) -> None:
        super().__init__()
        self._levels = levels

    def of_item(
        self, problem: Problem, part: Part, index: int, method: str = "auto"
    ) -> Answer | None:
        """As for every memory.

        What is mandatory comes before the order, and no plan meets more of it than this one. An
        answer of the piece that meets as much leaves all that is shared in place, and with it
        the other units.
        """
        found = settled(problem, part, index, self._levels)
        if found is not None:
            piece, items = found
            answer = self.of_piece(piece, method)
            if answer is not None and self._meets_as_much(piece, items, answer):
                own = {
                    i: answer.levels.get(k, 0)
                    for k, i in enumerate(items)
                    if problem.items[i].kind is Kind.OWN
                }
                rest = {i: self._levels.get(i, 0) for i in part.items}
                return replace(answer, levels={**rest, **own})
        return super().of_item(problem, part, index, method)

    def _meets_as_much(self, piece: Problem, items: tuple[int, ...], answer: Answer) -> bool:
        (part,) = piece.parts
        before = {k: self._levels.get(i, 0) for k, i in enumerate(items)}
        met = piece.value(part, MANDATORY, answer.levels)
        return met >= piece.value(part, MANDATORY, before)

"""The stages of an objective as expressions: one writer for each, in :data:`_WRITERS`.

A writer adds the variables and rows that its stage needs and returns the weighted variables to
be maximised. The stage ``equity`` asks for many optima in turn and is written in
:mod:`optimizer.formulation.equity`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from optimizer.formulation.accounts import MILLION, Expression, Variable, added
from optimizer.formulation.choice import Choice
from optimizer.formulation.problem import PERCENTS, Kind, StageSpec, curve

__all__ = ["scale_of", "write_stage"]

_Terms = list[tuple[Variable, float]]


def write_stage(choice: Choice, stage: StageSpec) -> Expression:
    """The objective of a stage."""
    return added(_WRITERS[stage.name](choice, stage))


def scale_of(stage: StageSpec) -> float:
    """What one unit of the stage's exact integer value is in the model."""
    if stage.name in {"mandatory", "changes"}:
        return 1.0
    if stage.name == "welfare":
        return 1.0 / (MILLION * MILLION * PERCENTS)
    return 1.0 / MILLION


def _mandatory(choice: Choice, _stage: StageSpec) -> _Terms:
    terms = []
    for r in choice.part.requirements:
        requirement = choice.problem.requirements[r]
        met = choice.program.add_variable(f"met{r}", 0, 1)
        members = [(choice.inside(i), -1.0) for i in requirement.items]
        choice.program += (added([(met, 1.0), *members]) <= 0, f"mandatory_{r}")
        terms.append((met, 1.0))
    return terms


def _support(choice: Choice, _stage: StageSpec) -> _Terms:
    return [term for i in choice.part.items for term in choice.support_terms(i)]


def _welfare(choice: Choice, stage: StageSpec) -> _Terms:
    terms: _Terms = []
    slope = sum(stage.marginals) / PERCENTS / MILLION
    inside = set(choice.part.items)
    for index in choice.part.items:
        if choice.problem.items[index].kind is not Kind.OWN:
            terms.extend(choice.support_terms(index, slope))
    groups = (
        (unit, leaf)
        for unit in choice.part.units
        for leaf in range(len(choice.problem.tree.leaves))
    )
    for key in groups:
        members = choice.problem.own_items.get(key, ())
        if not choice.problem.wanted.get(key, 0):
            continue
        support = [t for i in members if i in inside for t in choice.support_terms(i)]
        pieces = [
            (
                choice.program.add_variable(f"phi_{key[0]}_{key[1]}_{k}", 0, width / MILLION),
                slope_here,
            )
            for k, (width, slope_here) in enumerate(_pieces(choice, stage, key, members))
        ]
        choice.program += (
            added([(v, 1.0) for v, _ in pieces]) - added(support) <= 0,
            f"satisfied_{key[0]}_{key[1]}",
        )
        terms.extend(pieces)
    return terms


def _pieces(
    choice: Choice, stage: StageSpec, key: tuple[int, int], members: Sequence[int]
) -> list[tuple[float, float]]:
    """φ of one group as (width in support, slope), steepest first.

    Only sums that some choice reaches need be exact, and on a concave curve the chords
    between them are: few items give few pieces. Where many sums are possible, the whole
    percents of the definition are the breakpoints.
    """
    wanted = choice.problem.wanted[key]
    sums = {0}
    for index in members:
        item = choice.problem.items[index]
        reached = [item.support.at(level) for level in range(item.top + 1)]
        if len(sums) * len(reached) > PERCENTS:
            return [
                (wanted * count / PERCENTS, value / MILLION)
                for value, count in _runs(stage.marginals)
            ]
        sums = {s + r for s in sums for r in reached}
    points = sorted(sums)
    heights = [curve(stage.marginals, s, wanted) for s in points]
    return [
        (right - left, (high - low) / (right - left) / PERCENTS / MILLION)
        for left, right, low, high in zip(points, points[1:], heights, heights[1:], strict=False)
    ]


def _fill(choice: Choice, _stage: StageSpec) -> _Terms:
    terms = []
    tree = choice.problem.tree
    for unit in choice.part.units:
        room = choice.problem.units[unit]
        for node, lower in enumerate(room.lower):
            if not lower:
                continue
            inside = _descendants(tree.children, node)
            given = sum(room.given[n] for n in inside)
            spent = [
                term
                for i in choice.part.items
                if tree.leaves[choice.problem.items[i].leaf] in inside
                for payer, amount in choice.problem.items[i].payers
                if payer == unit
                for term in choice.money_terms(i, amount)
            ]
            short = choice.program.add_variable(f"short_{unit}_{node}", 0)
            choice.program += (
                added([(short, 1.0), *spent]) >= (lower - given) / MILLION,
                f"below_{unit}_{node}",
            )
            terms.append((short, -1.0))
    return terms


def _changes(choice: Choice, stage: StageSpec) -> _Terms:
    """Minus one for every item whose level is not its base level."""
    terms = []
    for index in choice.part.items:
        base, top = stage.base[index], choice.problem.items[index].top
        changed = choice.program.add_variable(f"changed{index}", int(base < 0), 1, "Integer")
        if base >= 0:
            level = choice.level_terms(index)
            choice.program += (added([*level, (changed, base - top)]) <= base, f"more_{index}")
            choice.program += (added([*level, (changed, base)]) >= base, f"less_{index}")
        terms.append((changed, -1.0))
    return terms


def _runs(marginals: Sequence[int]) -> list[tuple[int, int]]:
    """Marginal values with the number of whole percents that share them."""
    runs: list[tuple[int, int]] = []
    for value in marginals:
        if runs and runs[-1][0] == value:
            runs[-1] = (value, runs[-1][1] + 1)
        else:
            runs.append((value, 1))
    return runs


def _descendants(children: Sequence[Sequence[int]], node: int) -> set[int]:
    inside = {node}
    for child in children[node]:
        inside |= _descendants(children, child)
    return inside


_WRITERS: Mapping[str, Callable[[Choice, StageSpec], _Terms]] = {
    "mandatory": _mandatory,
    "support": _support,
    "welfare": _welfare,
    "fill": _fill,
    "changes": _changes,
}

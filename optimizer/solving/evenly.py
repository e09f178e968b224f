"""The stage ``equity``: what each group could get at most, and who gets which satisfaction.

Parts that share no group need nothing from each other: the leximin optimum of disjoint groups is
that of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from optimizer.errors import SolverFailed
from optimizer.formulation.problem import Group, Part, Problem
from optimizer.formulation.program import MILLION
from optimizer.solving.outcome import Clock, Outcome
from optimizer.solving.stages import PartSolver

__all__ = ["maxima", "settle", "with_most"]


def with_most(problem: Problem, clock: Clock, parts: Iterable[Part] | None = None) -> Problem:
    """The problem with the most that each group can get in any feasible plan.

    Parameters
    ----------
    parts
        Only groups of these parts are solved for (default: all).

    Raises
    ------
    InfeasiblePart
        If a part has no feasible choice.
    """
    groups = list(problem.groups)
    for part in problem.parts if parts is None else parts:
        missing = [g for g in part.groups if groups[g].most < 0]
        found = maxima(problem, [groups[g] for g in missing], clock, (part,))
        for g, group in zip(missing, found, strict=True):
            groups[g] = group
    return replace(problem, groups=tuple(groups))


def maxima(
    problem: Problem, groups: Sequence[Group], clock: Clock, parts: Iterable[Part]
) -> list[Group]:
    """The groups with the most that each can get, added over the parts in which it has a say.

    Raises
    ------
    InfeasiblePart
        If a part has no feasible choice.
    SolverFailed
        ``no_solution_in_time`` if a maximum is not proved in time: a satisfaction would mean
        nothing.
    """
    most = [0] * len(groups)
    for part in parts:
        inside = set(part.items)
        solver: PartSolver | None = None
        for number, group in enumerate(groups):
            terms = tuple(t for t in group.terms if t[0] in inside)
            if not terms:
                continue
            solver = solver or PartSolver(problem, part, clock)
            outcome, _ = solver.solve(solver.model.total(terms, 1 / MILLION))
            if outcome is not Outcome.OPTIMAL or solver.best is None:
                raise SolverFailed("no_solution_in_time", part=group.id)
            most[number] += replace(group, terms=terms).met(solver.best)
    return [replace(group, most=m) for group, m in zip(groups, most, strict=True)]


def settle(whole: PartSolver, over: str) -> None:
    """Who gets which of the satisfactions: as much as can be for the first group, and so on."""
    rows = whole.evened[over]
    left = sorted(whole.problem.satisfied(whole.part, over, whole.best or {}))
    for number, group in enumerate(rows.groups):
        if left[0] == left[-1]:
            return
        if group.satisfaction(whole.best or {}) < left[-1]:
            whole.solve_exactly(rows.satisfaction(number), group.satisfaction)
        value = group.satisfaction(whole.best or {})
        whole.model.at_least(rows.satisfaction(number), value, f"settled_{over}_{number}")
        left.remove(value)

"""What each unit gets alone: its own proposals, under the same rules.

District fairness after Hershkowitz, Kahng, Peters and Procaccia (AAAI 2021): a unit should not be
worse off in the common plan than with its own budget alone. Alone it still gives the policy's
minimum to the pool, and pays its part of shared proposals that are mandatory or pinned in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from optimizer.errors import SolverFailed
from optimizer.formulation.compile import compile_scenario
from optimizer.formulation.equity import groups_over
from optimizer.formulation.problem import Group, Kind, Limit, Part, Problem, Requirement
from optimizer.formulation.program import MILLION
from optimizer.record.scenario import Scenario, Stage
from optimizer.solving.outcome import Clock, InfeasiblePart, Outcome
from optimizer.solving.stages import PartSolver, run_stages

__all__ = ["Alone", "alone_optima", "alone_values"]


class Alone(NamedTuple):
    """What a unit gets alone: mandatory activities met (-1: no plan at all), and support."""

    mandatory: int
    support: int


def alone_optima(scenario: Scenario, clock: Clock | None = None) -> dict[str, int]:
    """The most support (fixed point) that each unit can get on its own.

    Mandatory activities come first there too. Units without support data are left out; a unit
    that has no feasible plan of its own is promised nothing (0).
    """
    return {unit: found.support for unit, found in alone_values(scenario, clock).items()}


def alone_values(scenario: Scenario, clock: Clock | None = None) -> dict[str, Alone]:
    """Mandatory activities and support that each unit with support data reaches alone."""
    base = replace(scenario, alone=False, joint_share=None, stages=(Stage("support"),))
    problem = compile_scenario(base)
    index = {item.id: i for i, item in enumerate(problem.items)}
    groups = {g.id: g for g in groups_over(base, "rt", index)}
    clock = clock or Clock()
    return {
        room.id: _optimum(problem, unit, groups[room.id], clock)
        for unit, room in enumerate(problem.units)
        if room.id in groups
    }


def _optimum(problem: Problem, unit: int, group: Group, clock: Clock) -> Alone:
    charged = tuple(_charged(problem, unit))
    own = tuple(
        i
        for i, item in enumerate(problem.items)
        if item.kind is Kind.OWN and item.payers[0][0] == unit
    )
    inside = {*own, *charged}
    alone = replace(
        problem,
        limits=tuple(_limits(problem, set(own), inside)),
        requirements=tuple(_requirements(problem, set(own), inside)),
        stages=problem.stages[:1],
    )
    part = Part(
        name=group.id,
        units=(unit,),
        items=tuple(sorted(inside)),
        limits=tuple(range(len(alone.limits))),
        requirements=tuple(range(len(alone.requirements))),
    )
    solver = PartSolver(alone, part, clock)
    for i in charged:
        solver.model.fix(i, 1)
    try:
        run_stages(solver)
    except InfeasiblePart:
        return Alone(-1, 0)
    mine = replace(group, terms=tuple(t for t in group.terms if t[0] in inside))
    outcome, _ = solver.solve(solver.model.total(mine.terms, 1 / MILLION))
    if outcome is not Outcome.OPTIMAL or solver.best is None:
        raise SolverFailed("no_solution_in_time", part=group.id)
    return Alone(solver.proofs[0].value, mine.met(solver.best))


def _charged(problem: Problem, unit: int) -> Iterator[int]:
    """Shared proposals that a unit must pay for whatever it wants, at their least volume.

    Mandatory is what has that status, and what alone can meet a mandatory rule.
    """
    mandatory = {r.items[0] for r in problem.requirements if len(r.items) == 1}
    for i, item in enumerate(problem.items):
        pays = item.kind is Kind.SHARED and any(u == unit for u, _ in item.payers)
        if pays and (item.forced or i in mandatory) and item.fixed != 0:
            yield i


def _limits(problem: Problem, own: set[int], inside: set[int]) -> Iterator[Limit]:
    """Rules about its own proposals; what others propose is not there."""
    for limit in problem.limits:
        if any(i in own for i, _ in limit.terms):
            yield replace(limit, terms=tuple(t for t in limit.terms if t[0] in inside))


def _requirements(problem: Problem, own: set[int], inside: set[int]) -> Iterator[Requirement]:
    for requirement in problem.requirements:
        if not own.isdisjoint(requirement.items):
            yield replace(requirement, items=tuple(i for i in requirement.items if i in inside))

"""Equity for the lurah: who is least served, what evening out costs, and who would do better alone.

Three looks at the same question, each a proved optimum: the stage ``equity`` of a scenario
(leximin), the frontier of total support against the least-served group, and district fairness
(no unit worse off than alone) as a constraint with its price.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from optimizer.formulation.equity import groups_over
from optimizer.formulation.problem import PER_MILLE, Group, Limit, Part, Problem, StageSpec
from optimizer.plan import Plan
from optimizer.planning import accept, optimize, prepare
from optimizer.record.meetings import SCALE
from optimizer.record.scenario import Scenario, Stage
from optimizer.solving.alone import alone_optima
from optimizer.solving.conflict import explain_conflict
from optimizer.solving.dispatch import Progress, merge
from optimizer.solving.evenly import maxima, with_most
from optimizer.solving.outcome import Answer, Clock, InfeasiblePart
from optimizer.solving.stages import PartSolver
from optimizer.tables import Column, Kind, Table
from optimizer.words import Message

__all__ = [
    "FrontierPoint",
    "PriceOfFairness",
    "alone_optima",
    "frontier",
    "frontier_table",
    "price_of_fairness",
    "reachable",
    "satisfactions",
]

MANDATORY, SUPPORT = StageSpec("mandatory"), StageSpec("support")


# --- satisfaction -------------------------------------------------------------------------


def reachable(plan: Plan, over: str, counting: Scenario | None = None) -> tuple[Group, ...]:
    """RT or RW with the most support that each could get in any feasible plan.

    Parameters
    ----------
    counting
        The scenario whose way of counting support is used (default: the plan's own).
    """
    index = {item.id: i for i, item in enumerate(plan.problem.items)}
    groups = groups_over(counting or plan.scenario, over, index)
    return tuple(maxima(plan.problem, groups, Clock(), plan.problem.parts))


def satisfactions(plan: Plan, over: str, counting: Scenario | None = None) -> dict[str, int]:
    """Satisfaction of each RT or RW in whole per mille, rounded down.

    Support from its places that the plan satisfies, divided by the most that it could get in any
    feasible plan. Places without support data, or that can get nothing, are left out.
    """
    groups = reachable(plan, over, counting)
    return {g.id: g.satisfaction(plan.answer.levels) for g in groups if g.most}


# --- frontier -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """A choice between total support and the least-served group that nothing dominates.

    Attributes
    ----------
    support : int
        Total support in fixed point (10⁶).
    least : int
        Satisfaction of the least-served group, per mille.
    plan : Plan
        A plan that reaches both. Its proofs hold among plans in which no group gets less than
        ``least``.
    """

    support: int
    least: int
    plan: Plan


@dataclass(frozen=True, slots=True)
class _Step:
    """One point of a part's own frontier."""

    least: int
    answer: Answer


def frontier(
    scenario: Scenario, over: str = "rw", *, progress: Progress | None = None
) -> tuple[FrontierPoint, ...]:
    """Total support against the least-served group: every point that nothing dominates.

    The first point has the most support, the last the best least satisfaction. Each is found in
    two phases (most support with nobody below a level, then the best level at that support), so
    that no dominated point slips in. Mandatory activities come before both, as in every plan.

    Parts that share no group have frontiers of their own; a point of the whole takes from each
    the point of most support that is good enough.

    Parameters
    ----------
    progress
        Called with (parts whose own frontier is proved, parts in all).

    Raises
    ------
    ScenarioError
        ``equity_needs_support``, ``unknown_level``.
    Infeasible
        If no plan is possible at all.
    """
    asked = replace(scenario, stages=(Stage("support"), Stage("equity", over=over)))
    clock = Clock(scenario.time_limit)
    problem, shares = prepare(asked, clock)
    try:
        problem = with_most(problem, clock)
        steps = []
        for part in problem.parts:
            steps.append(list(_steps(problem, part, over, clock)))
            if progress is not None:
                progress(len(steps), len(problem.parts))
    except InfeasiblePart as error:
        raise explain_conflict(asked, problem, error.part) from error
    points = []
    level = 0
    while all(column[-1].least >= level for column in steps):
        chosen = [next(s for s in column if s.least >= level) for column in steps]
        answer = merge(problem, [s.answer for s in chosen])
        plan = accept(asked, problem, answer, shares)
        least = min((s.least for s in chosen), default=PER_MILLE)
        points.append(FrontierPoint(plan.values["support"], least, plan))
        level = least + 1
    return tuple(points)


def frontier_table(points: tuple[FrontierPoint, ...], over: str) -> Table:
    """One row for each point: the least-served place, total support, proposals in the plan."""
    head = (
        Column("least", Message("ui.scn.front.x", {"level": over.upper()}), Kind.SHARE),
        Column("support", Message("ui.scn.front.y"), Kind.NUMBER),
        Column("proposals", Message("compare.measure.proposals"), Kind.NUMBER),
    )
    rows = (
        (Fraction(p.least, PER_MILLE), Fraction(p.support, SCALE), len(p.plan.chosen))
        for p in points
    )
    return Table("frontier", head, tuple(rows))


def _steps(problem: Problem, part: Part, over: str, clock: Clock) -> Iterator[_Step]:
    """The frontier of one part, most support first."""
    step = _step(problem, part, over, 0, clock)
    mandatory = step.answer.proofs[0].value
    while step.answer.proofs[0].value == mandatory:
        yield step
        if not problem.counted(part, over) or step.least == PER_MILLE:
            return
        try:
            step = _step(problem, part, over, step.least + 1, clock)
        except InfeasiblePart:
            return


def _step(problem: Problem, part: Part, over: str, level: int, clock: Clock) -> _Step:
    """Most support with no group below a level, then the best least satisfaction at that."""
    held = [Limit("equity", g.id, g.terms, g.needed(level)) for g in problem.counted(part, over)]
    start = len(problem.limits)
    bounded = replace(problem, limits=(*problem.limits, *held))
    within = replace(part, limits=(*part.limits, *range(start, start + len(held))))
    solver = PartSolver(bounded, within, clock)
    solver.run_stage(MANDATORY)
    solver.run_stage(SUPPORT)
    least = solver.raise_least(over)
    proofs = (*solver.proofs, least)
    return _Step(least.value, Answer(dict(solver.best or {}), proofs, "frontier"))


# --- district fairness --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PriceOfFairness:
    """What it costs that no unit is worse off than alone.

    Attributes
    ----------
    free, fair : Plan
        The optimal plan without and with the constraint.
    alone
        The most support (fixed point) that each unit gets alone.
    worse_off
        Units that get less than alone in the free plan, in natural order.
    """

    free: Plan
    fair: Plan
    alone: Mapping[str, int]
    worse_off: tuple[str, ...]

    @property
    def support(self) -> int:
        """Total support (fixed point) given up; with other objectives it can be negative."""
        return _support(self.free) - _support(self.fair)

    @property
    def stages(self) -> Mapping[str, int]:
        """Each stage's value without the constraint, less its value with it."""
        fair = self.fair.values
        return {stage: value - fair[stage] for stage, value in self.free.values.items()}


def price_of_fairness(scenario: Scenario) -> PriceOfFairness:
    """District fairness (Hershkowitz et al., AAAI 2021) as a constraint, with its price.

    Raises
    ------
    Infeasible
        If no plan leaves every unit as well off as alone, with the conflicting rules in words.
    """
    free = optimize(replace(scenario, alone=False))
    fair = optimize(replace(scenario, alone=True))
    alone = alone_optima(scenario)
    index = {item.id: i for i, item in enumerate(free.problem.items)}
    worse = tuple(
        g.id
        for g in groups_over(scenario, "rt", index)
        if g.met(free.answer.levels) < alone.get(g.id, 0)
    )
    return PriceOfFairness(free, fair, alone, worse)


def _support(plan: Plan) -> int:
    problem = plan.problem
    return sum(problem.value(part, SUPPORT, plan.answer.levels) for part in problem.parts)

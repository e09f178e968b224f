"""One vocabulary of outcomes; the only module that knows a solver's own codes."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

import pulp

from optimizer.errors import SolverFailed
from optimizer.formulation.problem import Part

__all__ = ["Answer", "Clock", "InfeasiblePart", "Outcome", "Proof", "run", "unproved"]

TOLERANCE = 1e-9


class Outcome(StrEnum):
    """What a solve ended with; ``rule`` for a plan by a rule as practised, which proves nothing."""

    OPTIMAL = "optimal"
    WITHIN_GAP = "within_gap"
    TIME_LIMITED = "time_limited"
    INFEASIBLE = "infeasible"
    NO_SOLUTION = "no_solution"
    RULE = "rule"


class InfeasiblePart(Exception):
    """A part has no feasible choice; the caller explains it or marks the point."""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self.part = part


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known about one stage: its exact value and a bound no plan can pass."""

    stage: str
    value: int
    bound: int
    outcome: Outcome = Outcome.OPTIMAL

    @property
    def gap(self) -> float:
        """How far the value may be from the best, relative to the bound; 0 is proved."""
        return abs(self.bound - self.value) / max(abs(self.bound), 1)


@dataclass(frozen=True, slots=True)
class Answer:
    """Chosen levels by item index, with a proof for each stage.

    Attributes
    ----------
    solver : str
        Which method answered (``pulp+highs``, ``pareto``, ``exhaustive``).
    """

    levels: Mapping[int, int]
    proofs: tuple[Proof, ...]
    solver: str
    notes: tuple[str, ...] = ()
    methods: Mapping[str, int] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        """The weakest outcome among the stages."""
        order = list(Outcome)
        return max((p.outcome for p in self.proofs), key=order.index, default=Outcome.OPTIMAL)


def unproved(answer: Answer) -> Answer:
    """An answer whose stages are proved, but not all that was decided after or around them."""
    if answer.outcome is not Outcome.OPTIMAL or not answer.proofs:
        return answer
    *proved, last = answer.proofs
    return replace(answer, proofs=(*proved, replace(last, outcome=Outcome.TIME_LIMITED)))


class Clock:
    """A time limit shared by many solves."""

    def __init__(self, seconds: float | None = None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds

    @property
    def left(self) -> float | None:
        """Seconds left, never below a small positive number; ``None`` for no limit."""
        return None if self._end is None else max(self._end - time.monotonic(), 0.01)


def run(program: pulp.LpProblem, clock: Clock) -> tuple[Outcome, float | None]:
    """Solve a PuLP program with HiGHS, gap 0 and tight tolerances.

    Returns
    -------
    outcome, bound
        The bound is in the program's own units (``None`` when there is none). Values may be
        read only for ``OPTIMAL`` and ``TIME_LIMITED``.
    """
    solver = pulp.HiGHS(
        msg=False,
        gapRel=0,
        gapAbs=0,
        threads=1,
        timeLimit=clock.left,
        mip_feasibility_tolerance=TOLERANCE,
        primal_feasibility_tolerance=TOLERANCE,
        dual_feasibility_tolerance=TOLERANCE,
        # A start heuristic of 5 ms a solve, where a whole solve of one RT takes 1 ms.
        mip_heuristic_run_feasibility_jump=False,
    )
    program.solve(solver)
    solution = program.sol_status
    if solution == pulp.LpSolutionOptimal:
        return Outcome.OPTIMAL, pulp.value(program.objective)
    if solution in {pulp.LpSolutionInfeasible, pulp.LpSolutionUnbounded}:
        return Outcome.INFEASIBLE, None
    if solution == pulp.LpSolutionIntegerFeasible:
        info = program.solverModel.getInfo()
        # A timed-out stage may hold no incumbent: all zeros are not a plan.
        has_incumbent = info.primal_solution_status == 2
        bound = -info.mip_dual_bound if program.sense == pulp.LpMaximize else info.mip_dual_bound
        outcome = Outcome.TIME_LIMITED if has_incumbent else Outcome.NO_SOLUTION
        return outcome, bound if math.isfinite(bound) else None
    if solution == pulp.LpSolutionNoSolutionFound and clock.left is not None:
        return Outcome.NO_SOLUTION, None
    raise SolverFailed("solver_failed", status=pulp.LpSolution[solution])

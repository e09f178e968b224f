"""The reference solver: PuLP and HiGHS, one stage after another, part by part.

A lock on an aggregate over a whole kelurahan is what does not finish, so a part with shared
proposals first decides those, then each unit is solved on its own. Every answer is re-scored in
exact integers; a choice that breaks a rule by a rupiah is cut off and the stage solved again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from optimizer.errors import SolverFailed
from optimizer.formulation.model import MILLION, Expression, Model
from optimizer.formulation.problem import Part, Problem, StageSpec
from optimizer.solving.outcome import Answer, Clock, InfeasiblePart, Outcome, Proof, run

__all__ = ["InfeasiblePart", "solve_part", "solve_reference"]

NAME = "pulp+highs"
# Weights of a lexicographic chunk stay far below what a double tells apart.
CHUNK = 10**6
MAX_CUTS = 200


@dataclass
class _Solver:
    """One part while its stages are solved."""

    problem: Problem
    part: Part
    clock: Clock
    best: dict[int, int] | None = None
    locks: list[tuple[StageSpec, int]] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.model = Model(self.problem, self.part)

    def solve(self, objective: Expression) -> tuple[Outcome, float | None]:
        """Maximise; the answer in ``best`` is feasible in exact arithmetic."""
        self.model.maximise(objective)
        for _ in range(MAX_CUTS):
            outcome, bound = run(self.model.program, self.clock)
            if outcome is Outcome.INFEASIBLE:
                if self.best is None:
                    raise InfeasiblePart(self.part)
                return Outcome.NO_SOLUTION, bound
            if outcome is Outcome.NO_SOLUTION:
                if self.best is None:
                    raise SolverFailed("no_solution_in_time", part=self.part.name)
                return outcome, bound
            levels = self.model.levels()
            if self._stands(levels):
                self.best = levels
                return outcome, bound
            self.model.cut(levels)
        raise SolverFailed("too_many_cuts", part=self.part.name)

    def _stands(self, levels: dict[int, int]) -> bool:
        return not self.problem.broken(self.part, levels) and all(
            self.problem.value(self.part, stage, levels) >= value for stage, value in self.locks
        )

    def run_stage(self, stage: StageSpec) -> None:
        """Solve one stage and lock it at the exact value found."""
        expression = self.model.stage(stage)
        outcome, bound = self.solve(expression)
        assert self.best is not None
        value = self.problem.value(self.part, stage, self.best)
        scale = self.model.scale(stage)
        limit = value if outcome is Outcome.OPTIMAL or bound is None else round(bound / scale)
        self.proofs.append(Proof(stage.name, value, max(limit, value), outcome))
        self.model.at_least(expression, value * scale, f"lock_{len(self.proofs)}_{stage.name}")
        self.locks.append((stage, value))

    def lexicographic(self, items: Sequence[int]) -> Outcome:
        """As much as fits of the first item, then of the second, …"""
        worst = Outcome.OPTIMAL
        for chunk in _chunks(self.problem, items):
            outcome, _ = self.solve(self.model.lexical(chunk))
            assert self.best is not None
            worst = worst if outcome is Outcome.OPTIMAL else outcome
            for index, _ in chunk:
                self.model.fix(index, self.best[index])
        return worst

    def tie_break(self, items: Sequence[int]) -> None:
        """More residents served, then lower cost, then the first set in canonical order."""
        for name, expression, scale in (
            ("residents", self.model.residents(items), 1000),
            ("cost", self.model.saving(items), MILLION),
        ):
            self.solve(expression)
            assert self.best is not None
            value = (
                self.problem.residents(items, self.best)
                if name == "residents"
                else -self.problem.cost(items, self.best)
            )
            self.model.at_least(expression, value / scale, f"tie_{name}")
        self.lexicographic(items)


def _chunks(problem: Problem, items: Iterable[int]) -> Iterator[list[tuple[int, int]]]:
    """Items with weights, grouped so that one solve decides several lexicographically."""
    group: list[int] = []
    size = 1
    for index in items:
        span = problem.items[index].top + 1
        if group and size * span > CHUNK:
            yield _weighted(problem, group)
            group, size = [], 1
        group.append(index)
        size *= span
    if group:
        yield _weighted(problem, group)


def _weighted(problem: Problem, group: list[int]) -> list[tuple[int, int]]:
    weight = 1
    weighted = []
    for index in reversed(group):
        weighted.append((index, weight))
        weight *= problem.items[index].top + 1
    return weighted[::-1]


def _stages(solver: _Solver) -> None:
    problem, part = solver.problem, solver.part
    members = set(part.items)
    for stage in problem.stages:
        if stage.name == "order":
            ranked = [i for i in problem.order if i in members]
            outcome = solver.lexicographic(ranked)
            assert solver.best is not None or not ranked
            full = sum((solver.best or {}).get(i, 0) == problem.items[i].top for i in ranked)
            solver.proofs.append(Proof("order", full, full, outcome))
        else:
            solver.run_stage(stage)


def solve_part(problem: Problem, part: Part, clock: Clock) -> Answer:
    """Solve all stages and the tie-break of one part.

    Raises
    ------
    InfeasiblePart
        If no choice satisfies the rules.
    """
    whole = _Solver(problem, part, clock)
    _stages(whole)
    coupling = problem.coupling(part)
    if not part.units or (len(part.units) == 1 and not coupling):
        whole.tie_break(part.items)
        return Answer(whole.best or {}, tuple(whole.proofs), NAME)
    whole.tie_break(coupling)
    chosen = {i: (whole.best or {}).get(i, 0) for i in coupling}
    for unit in part.units:
        chosen |= _solve_unit(problem, part, unit, chosen, clock)
    return Answer(chosen, tuple(whole.proofs), NAME)


def _solve_unit(
    problem: Problem, part: Part, unit: int, coupling: dict[int, int], clock: Clock
) -> dict[int, int]:
    """One unit once its shared proposals are decided."""
    alone = problem.alone(part, unit)
    solver = _Solver(problem, alone, clock)
    for index in alone.items:
        if index in coupling:
            solver.model.fix(index, coupling[index])
    _stages(solver)
    own = [i for i in alone.items if i not in coupling]
    solver.tie_break(own)
    return {i: (solver.best or {}).get(i, 0) for i in own}


def solve_reference(problem: Problem, time_limit: float | None = None) -> dict[str, Answer]:
    """Solve every part; answers by part name and position.

    Returns
    -------
    dict
        One answer for each part, in the order of ``problem.parts``.
    """
    clock = Clock(time_limit)
    return {
        f"{number}:{part.name}": solve_part(problem, part, clock)
        for number, part in enumerate(problem.parts)
    }

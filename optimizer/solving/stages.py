"""One part while its stages are solved: objective after objective, each locked exactly.

Every answer is re-scored in exact integers; a choice that breaks a rule by a rupiah is cut off
and the stage solved again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from optimizer.errors import SolverFailed
from optimizer.formulation.equity import LeximinRows
from optimizer.formulation.model import MILLION, Expression, Model
from optimizer.formulation.problem import PER_MILLE, Part, Problem, StageSpec
from optimizer.solving.outcome import Clock, InfeasiblePart, Outcome, Proof, run

__all__ = ["PartSolver", "run_stages"]

# Weights of a lexicographic chunk stay far below what a double tells apart.
CHUNK = 10**6
MAX_CUTS = 200


@dataclass
class PartSolver:
    """One part while its stages are solved."""

    problem: Problem
    part: Part
    clock: Clock
    best: dict[int, int] | None = None
    locks: list[tuple[StageSpec, int]] = field(default_factory=list)
    evened: dict[str, LeximinRows] = field(default_factory=dict)
    _even_locks: list[tuple[str, list[int]]] = field(default_factory=list)
    _ties: int = 0
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
        return (
            not self.problem.broken(self.part, levels)
            and all(
                self.problem.value(self.part, stage, levels) >= value for stage, value in self.locks
            )
            and all(
                sorted(self.problem.satisfied(self.part, over, levels)) >= least
                for over, least in self._even_locks
            )
        )

    def solve_exactly(
        self, objective: Expression, exact: Callable[[Mapping[int, int]], int]
    ) -> Outcome:
        """Maximise something whose exact value the solver may overstate by a tolerance."""
        best: dict[int, int] | None = None
        for _ in range(MAX_CUTS):
            outcome, claimed = self.solve(objective)
            assert self.best is not None
            if best is None or exact(self.best) > exact(best):
                best = self.best
            if outcome is Outcome.OPTIMAL and claimed is not None and exact(best) < round(claimed):
                self.model.cut(self.best)
                continue
            self.best = best
            # Nothing is left beside what was cut off: the best of that is the optimum.
            exhausted = outcome is Outcome.NO_SOLUTION and claimed is None
            return Outcome.OPTIMAL if exhausted else outcome
        raise SolverFailed("too_many_cuts", part=self.part.name)

    def run_stage(self, stage: StageSpec) -> None:
        """Solve one stage and lock it at the exact value found."""
        if stage.name == "equity":
            self._even_out(stage)
            return
        expression = self.model.stage(stage)
        outcome, bound = self.solve(expression)
        assert self.best is not None
        value = self.problem.value(self.part, stage, self.best)
        scale = self.model.scale(stage)
        limit = value if outcome is Outcome.OPTIMAL or bound is None else round(bound / scale)
        self.proofs.append(Proof(stage.name, value, max(limit, value), outcome))
        self.model.at_least(expression, value * scale, f"lock_{len(self.proofs)}_{stage.name}")
        self.locks.append((stage, value))

    def _even_out(self, stage: StageSpec) -> None:
        """Leximin: the sums of the k least satisfactions, k = 1, 2, …, each locked in turn."""
        groups = self.problem.counted(self.part, stage.over)
        if not groups:
            self.proofs.append(Proof(stage.name, PER_MILLE, PER_MILLE))
            return
        rows = self.evened[stage.over] = LeximinRows(self.model, groups)
        worst = Outcome.OPTIMAL

        def least(levels: Mapping[int, int], count: int) -> int:
            return sum(sorted(self.problem.satisfied(self.part, stage.over, levels))[:count])

        for count in range(1, len(groups) + 1):
            sums = rows.least(count)
            outcome = self.solve_exactly(sums, partial(least, count=count))
            assert self.best is not None
            worst = worst if outcome is Outcome.OPTIMAL else outcome
            value = least(self.best, count)
            self.model.at_least(sums, value, f"lock_{len(self.proofs)}_{stage.over}_{count}")
            if value - least(self.best, count - 1) == PER_MILLE:
                break  # everyone else has all that it could get
        reached = sorted(self.problem.satisfied(self.part, stage.over, self.best or {}))
        self._even_locks.append((stage.over, reached))
        bound = reached[0] if worst is Outcome.OPTIMAL else PER_MILLE
        self.proofs.append(Proof(stage.name, reached[0], bound, worst))

    def raise_least(self, over: str) -> Proof:
        """Raise the least satisfaction as far as the locked stages allow; nothing is locked."""
        groups = self.problem.counted(self.part, over)
        if not groups:
            return Proof("equity", PER_MILLE, PER_MILLE)

        def least(levels: Mapping[int, int]) -> int:
            return min(self.problem.satisfied(self.part, over, levels))

        outcome = self.solve_exactly(LeximinRows(self.model, groups).least(1), least)
        value = least(self.best or {})
        return Proof("equity", value, value if outcome is Outcome.OPTIMAL else PER_MILLE, outcome)

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
        self._ties += 1
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
            self.model.at_least(expression, value / scale, f"tie_{name}_{self._ties}")
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


def run_stages(solver: PartSolver) -> None:
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

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
from optimizer.formulation.problem import PER_MILLE, Part, Problem, StageSpec
from optimizer.formulation.program import MILLION, Expression, Model
from optimizer.solving.outcome import Clock, InfeasiblePart, Outcome, Proof, run
from optimizer.territory import full_place

__all__ = ["PartSolver", "lexical_chunks", "run_stages"]

# Weights of a lexicographic chunk stay far below what a double tells apart.
CHUNK = 10**6
MAX_CUTS = 200
# Seconds for a first plan when the time limit left none.
FIRST_PLAN = 10.0


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
                    self.best = self._any_plan()
                return outcome, bound
            levels = self.model.levels()
            if self._stands(levels):
                self.best = levels
                return outcome, bound
            self.model.cut(levels)
        raise SolverFailed("too_many_cuts", part=full_place(self.part.name))

    def _any_plan(self) -> dict[int, int]:
        """Some plan that keeps every rule, when time ran out before there was any.

        Raises
        ------
        SolverFailed
            ``no_solution_in_time`` if none is found in the time that this is given.
        """
        least = {i: self.problem.items[i].levels[0] for i in self.part.items}
        if self._stands(least):
            return least
        self.model.maximise(self.model.lexical(()))
        grace = Clock(FIRST_PLAN)
        for _ in range(MAX_CUTS):
            outcome, _ = run(self.model.program, grace)
            if outcome is Outcome.INFEASIBLE:
                raise InfeasiblePart(self.part)
            if outcome is Outcome.NO_SOLUTION:
                break
            levels = self.model.levels()
            if self._stands(levels):
                return levels
            self.model.cut(levels)
        raise SolverFailed("no_solution_in_time", part=full_place(self.part.name))

    def _improve(
        self, objective: Expression, worth: Callable[[Mapping[int, int]], tuple[int, ...]]
    ) -> tuple[Outcome, float | None]:
        """Maximise; where that does not finish, what was there before stands if it is better."""
        before = self.best
        outcome, bound = self.solve(objective)
        if before is not None and outcome is not Outcome.OPTIMAL:
            self.best = max(self.best or before, before, key=worth)
        return outcome, bound

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
        raise SolverFailed("too_many_cuts", part=full_place(self.part.name))

    def run_stage(self, stage: StageSpec) -> None:
        """Solve one stage and lock it at the exact value found."""
        if stage.name == "equity":
            self._even_out(stage)
            return
        expression = self.model.stage(stage)

        def worth(levels: Mapping[int, int]) -> tuple[int, ...]:
            return (self.problem.value(self.part, stage, levels),)

        outcome, bound = self._improve(expression, worth)
        (value,) = worth(self.best or {})
        scale = self.model.scale(stage)
        limit = self.problem.ceiling(self.part, stage)
        if outcome is Outcome.OPTIMAL:
            limit = value
        elif bound is not None:
            limit = min(limit, round(bound / scale))
        self.proofs.append(Proof(stage.name, value, max(limit, value), _label(outcome)))
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
            worst = worst if outcome is Outcome.OPTIMAL else _label(outcome)
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
        for chunk in lexical_chunks(self.problem, items):
            outcome, _ = self._improve(self.model.lexical(chunk), partial(_levels_of, chunk))
            assert self.best is not None
            worst = worst if outcome is Outcome.OPTIMAL else outcome
            for index, _ in chunk:
                self.model.fix(index, self.best[index])
        return worst

    def tie_break(self, items: Sequence[int]) -> Outcome:
        """More residents served, then lower cost, then the first set in canonical order."""
        self._ties += 1

        def served(levels: Mapping[int, int]) -> tuple[int, ...]:
            return (self.problem.residents(items, levels),)

        def saved(levels: Mapping[int, int]) -> tuple[int, ...]:
            return (-self.problem.cost(items, levels),)

        worst = Outcome.OPTIMAL
        for name, expression, scale, worth in (
            ("residents", self.model.residents(items), 1000, served),
            ("cost", self.model.saving(items), MILLION, saved),
        ):
            outcome, _ = self._improve(expression, worth)
            worst = worst if outcome is Outcome.OPTIMAL else outcome
            (value,) = worth(self.best or {})
            self.model.at_least(expression, value / scale, f"tie_{name}_{self._ties}")
        outcome = self.lexicographic(items)
        return worst if outcome is Outcome.OPTIMAL else outcome


def _levels_of(chunk: Sequence[tuple[int, int]], levels: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(levels.get(index, 0) for index, _ in chunk)


def _label(outcome: Outcome) -> Outcome:
    """How a stage is labelled: where nothing better was found, a plan stands all the same."""
    return Outcome.TIME_LIMITED if outcome is Outcome.NO_SOLUTION else outcome


def lexical_chunks(problem: Problem, items: Iterable[int]) -> Iterator[list[tuple[int, int]]]:
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
            most = full if outcome is Outcome.OPTIMAL else len(ranked)
            solver.proofs.append(Proof("order", full, most, _label(outcome)))
        else:
            solver.run_stage(stage)

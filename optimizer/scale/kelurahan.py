"""A city by kelurahan: parts that share nothing are solved wherever there is a worker."""

from __future__ import annotations

from dataclasses import replace

from optimizer.formulation.problem import Part, Problem
from optimizer.planning import Solver
from optimizer.scale.executor import Executor
from optimizer.solving.dispatch import Progress, merge, solve, solve_one
from optimizer.solving.memory import cut_out
from optimizer.solving.outcome import Answer, Clock, InfeasiblePart

__all__ = ["by_kelurahan"]


class _SolvePieces:
    """Pieces, each a problem of its own → their answers, ``None`` where nothing is feasible."""

    def __init__(self, method: str, seconds: float | None) -> None:
        self._method = method
        self._seconds = seconds

    def __call__(self, pieces: tuple[Problem, ...]) -> tuple[Answer | None, ...]:
        clock = Clock(self._seconds)
        return tuple(self._answer(piece, clock) for piece in pieces)

    def _answer(self, piece: Problem, clock: Clock) -> Answer | None:
        try:
            return solve_one(piece, piece.parts[0], self._method, clock)
        except InfeasiblePart:
            return None


def by_kelurahan(executor: Executor) -> Solver:
    """A solver for :func:`optimizer.planning.optimize` that spreads kelurahan over workers.

    The answer is the same as :func:`optimizer.solving.dispatch.solve` gives; a single kelurahan
    stays in this process. The problem is compiled once, here: cutting it costs less than
    reading and compiling the data again in every worker.
    """

    def solve_spread(
        problem: Problem,
        method: str = "auto",
        clock: Clock | None = None,
        progress: Progress | None = None,
    ) -> Answer:
        clock = clock or Clock()
        places: dict[str, list[Part]] = {}
        for part in problem.parts:
            places.setdefault(_kelurahan(part), []).append(part)
        if len(places) < 2:
            return solve(problem, method, clock, progress)
        tasks = [tuple(cut_out(problem, part) for part in parts) for parts in places.values()]
        found = executor.map(_SolvePieces(method, clock.left), tasks, progress)
        if len(found) < len(tasks):
            raise KeyboardInterrupt  # what was done of a plan is no plan
        answers = {
            part: answer
            for number, parts in enumerate(places.values())
            for part, answer in zip(parts, found[number], strict=True)
        }
        return merge(problem, [_numbered(part, answers[part]) for part in problem.parts])

    return solve_spread


def _kelurahan(part: Part) -> str:
    return part.name.split("/", 1)[0]


def _numbered(part: Part, answer: Answer | None) -> Answer:
    """An answer in the item numbers of the whole problem."""
    if answer is None:
        raise InfeasiblePart(part)
    levels = {i: answer.levels[k] for k, i in enumerate(part.items) if k in answer.levels}
    return replace(answer, levels=levels)

"""One question, several solvers: each part goes to the fastest that is exact for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from optimizer.formulation.problem import Part, Problem
from optimizer.solving.outcome import Answer, Clock, Outcome, Proof
from optimizer.solving.pareto import SumsExplode, covers, solve_pareto
from optimizer.solving.reference import solve_part

__all__ = ["Progress", "merge", "solve", "solve_one"]

Progress = Callable[[int, int], None]
REFERENCE = "reference"


def solve(
    problem: Problem,
    method: str = "auto",
    clock: Clock | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Solve every part of a problem.

    Parameters
    ----------
    method
        ``auto`` (the dynamic program where it is exact, else PuLP + HiGHS), ``reference``
        (PuLP + HiGHS throughout) or ``fast`` (like auto).
    progress
        Called with (parts done, parts in all).
    """
    clock = clock or Clock()
    answers = []
    for number, part in enumerate(problem.parts, start=1):
        answers.append(solve_one(problem, part, method, clock))
        if progress is not None:
            progress(number, len(problem.parts))
    return merge(problem, answers)


def solve_one(problem: Problem, part: Part, method: str, clock: Clock) -> Answer:
    """Solve one part: by Pareto lists where they are exact, else by PuLP + HiGHS."""
    if method != REFERENCE and not covers(problem, part):
        try:
            return solve_pareto(problem, part, clock)
        except SumsExplode:
            pass  # exact too, but the sums are too many: the reference answers
    return solve_part(problem, part, clock)


def merge(problem: Problem, answers: Sequence[Answer]) -> Answer:
    """The certificate of the whole, built from those of its parts: values and bounds add up."""
    levels: dict[int, int] = {}
    for answer in answers:
        levels |= answer.levels
    by_stage = zip(*(answer.proofs for answer in answers), strict=True)
    names = [stage.name for stage in problem.stages]
    proofs = (
        tuple(_sum(name, column) for name, column in zip(names, by_stage, strict=True))
        if answers
        else ()
    )
    methods = Counter(answer.solver for answer in answers)
    return Answer(
        levels=levels,
        proofs=proofs,
        solver="+".join(sorted(methods)),
        methods=dict(sorted(methods.items())),
    )


def _sum(stage: str, proofs: Iterable[Proof]) -> Proof:
    """Values and bounds of the parts together: sums, but of ``equity`` the least."""
    column = list(proofs)
    order = list(Outcome)
    together = min if stage == "equity" else sum
    return Proof(
        stage,
        together(p.value for p in column),
        together(p.bound for p in column),
        max((p.outcome for p in column), key=order.index),
    )

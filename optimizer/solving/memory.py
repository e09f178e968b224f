"""Parts as problems of their own, and a memory that never solves the same numbers twice."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace

from optimizer.formulation.problem import Linear, Part, Problem
from optimizer.solving.dispatch import Progress, merge, solve_one
from optimizer.solving.outcome import Answer, Clock, InfeasiblePart, Outcome

__all__ = ["PartMemory", "content", "cut_out"]


def cut_out(problem: Problem, part: Part) -> Problem:
    """A part as a problem of its own: the same units, items and rules, numbered from 0."""
    unit_at = {u: k for k, u in enumerate(part.units)}
    item_at = {i: k for k, i in enumerate(part.items)}

    def moved(terms: tuple[tuple[int, Linear], ...]) -> tuple[tuple[int, Linear], ...]:
        return tuple((item_at[i], quantity) for i, quantity in terms)

    return replace(
        problem,
        units=tuple(problem.units[u] for u in part.units),
        items=tuple(
            replace(item, payers=tuple((unit_at[u], amount) for u, amount in item.payers))
            for item in (problem.items[i] for i in part.items)
        ),
        limits=tuple(
            replace(limit, terms=moved(limit.terms))
            for limit in (problem.limits[k] for k in part.limits)
        ),
        requirements=tuple(
            replace(need, items=tuple(item_at[i] for i in need.items))
            for need in (problem.requirements[r] for r in part.requirements)
        ),
        groups=tuple(
            replace(group, terms=moved(group.terms))
            for group in (problem.groups[g] for g in part.groups)
        ),
        pools={pool: problem.pools[pool] for pool in part.pools},
        stages=tuple(
            replace(stage, base=tuple(stage.base[i] for i in part.items)) if stage.base else stage
            for stage in problem.stages
        ),
        order=tuple(item_at[i] for i in problem.order if i in item_at),
        parts=(
            Part(
                name=part.name,
                units=tuple(range(len(part.units))),
                items=tuple(range(len(part.items))),
                limits=tuple(range(len(part.limits))),
                requirements=tuple(range(len(part.requirements))),
                pools=part.pools,
                groups=tuple(range(len(part.groups))),
            ),
        ),
    )


def content(problem: Problem) -> Hashable:
    """All numbers that decide the answer of a cut-out part, and none of its names."""
    tree, part = problem.tree, problem.parts[0]
    pool_at = {pool: k for k, pool in enumerate(part.pools)}
    return (
        (tree.parent, tree.leaves, tree.pooled),
        tuple((u.lower, u.upper, u.given) for u in problem.units),
        tuple(
            (
                item.kind,
                pool_at.get(pool, -1) if (pool := problem.pool_of(i)) else -1,
                item.leaf,
                item.extra,
                item.cost,
                item.payers,
                item.support,
                item.residents,
                item.fixed,
                item.forced,
            )
            for i, item in enumerate(problem.items)
        ),
        tuple((k.terms, k.lower, k.upper) for k in problem.limits),
        tuple(r.items for r in problem.requirements),
        tuple((g.over, g.terms, g.most) for g in problem.groups),
        tuple(problem.pools[pool] for pool in part.pools),
        problem.stages,
        problem.order,
    )


class PartMemory:
    """Answers of parts by their content: a change that touches one RT solves one RT.

    Only proved answers are kept, so what comes out never depends on the order of the questions.
    It travels to another process empty.
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, Answer | None] = {}
        self.solved = 0

    def __reduce__(self) -> tuple[type[PartMemory], tuple[()]]:
        return PartMemory, ()

    def of_problem(
        self,
        problem: Problem,
        method: str = "auto",
        clock: Clock | None = None,
        progress: Progress | None = None,
    ) -> Answer:
        """The answer of a whole problem, as :func:`optimizer.solving.dispatch.solve` gives it.

        Raises
        ------
        InfeasiblePart
            If a part has no feasible choice.
        """
        clock = clock or Clock()
        answers = []
        for number, part in enumerate(problem.parts, start=1):
            answers.append(self.of_part(problem, part, method, clock))
            if progress is not None:
                progress(number, len(problem.parts))
        return merge(problem, answers)

    def of_part(
        self, problem: Problem, part: Part, method: str = "auto", clock: Clock | None = None
    ) -> Answer:
        """The answer of one part, in the item numbers of the problem.

        Raises
        ------
        InfeasiblePart
            If the part has no feasible choice.
        """
        answer = self.of_piece(cut_out(problem, part), method, clock)
        if answer is None:
            raise InfeasiblePart(part)
        return replace(answer, levels=_numbered(part, answer.levels))

    def of_item(
        self, problem: Problem, part: Part, index: int, method: str = "auto"
    ) -> Answer | None:
        """The answer of a part in which one item was changed, in the item numbers of the problem.

        Returns
        -------
        Answer or None
            ``None`` where nothing is feasible.
        """
        del index  # who knows more of a plan may get by with less than the part
        try:
            return self.of_part(problem, part, method)
        except InfeasiblePart:
            return None

    def of_piece(
        self, piece: Problem, method: str = "auto", clock: Clock | None = None
    ) -> Answer | None:
        """The answer of a cut-out part in its own numbers; ``None`` where nothing is feasible."""
        key = method, content(piece)
        if key in self._known:
            return self._known[key]
        self.solved += 1
        answer: Answer | None
        try:
            answer = solve_one(piece, piece.parts[0], method, clock or Clock())
        except InfeasiblePart:
            answer = None
        if answer is None or answer.outcome is Outcome.OPTIMAL:
            self._known[key] = answer
        return answer


def _numbered(part: Part, levels: Mapping[int, int]) -> dict[int, int]:
    return {i: levels[k] for k, i in enumerate(part.items) if k in levels}

"""The reference solver: PuLP and HiGHS, one stage after another, part by part.

A lock on an aggregate over a whole kelurahan is what does not finish, so a part with shared
proposals first decides those (and, with the stage ``equity``, who gets which satisfaction), then
each piece that is left is solved on its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import networkx as nx

from optimizer.formulation.problem import Group, Kind, Limit, Part, Problem
from optimizer.solving.evenly import settle, with_most
from optimizer.solving.outcome import Answer, Clock, InfeasiblePart, Outcome, unproved
from optimizer.solving.stages import PartSolver, run_stages

__all__ = ["InfeasiblePart", "solve_part", "solve_reference"]

NAME = "pulp+highs"


def solve_part(problem: Problem, part: Part, clock: Clock) -> Answer:
    """Solve all stages and the tie-break of one part.

    Raises
    ------
    InfeasiblePart
        If no choice satisfies the rules.
    """
    whole = PartSolver(with_most(problem, clock, (part,)), part, clock)
    run_stages(whole)
    if any(proof.outcome is not Outcome.OPTIMAL for proof in whole.proofs):
        return _unfinished(whole)
    coupling = problem.coupling(part)
    if not part.units or (len(part.units) == 1 and not coupling):
        outcome = whole.tie_break(part.items)
        return _labelled(Answer(whole.best or {}, tuple(whole.proofs), NAME), outcome)
    outcome = whole.tie_break(coupling)
    for over in whole.evened:
        settle(whole, over)
    chosen = {i: (whole.best or {}).get(i, 0) for i in coupling}
    for units in _pieces(problem, part, part.groups):
        piece = _solve_together(whole, units, chosen)
        chosen |= piece.levels
        outcome = outcome if piece.outcome is Outcome.OPTIMAL else piece.outcome
    return _labelled(Answer(chosen, tuple(whole.proofs), NAME), outcome)


def _labelled(answer: Answer, ties: Outcome) -> Answer:
    """An answer whose ties may not all have been broken in time."""
    return answer if ties is Outcome.OPTIMAL else unproved(answer)


def _unfinished(whole: PartSolver) -> Answer:
    """The best plan when time ran out: no ties are broken that nobody proved."""
    levels = dict(whole.best or {})
    proofs = (
        proof
        if stage.name == "order"
        else replace(proof, value=whole.problem.value(whole.part, stage, levels))
        for stage, proof in zip(whole.problem.stages, whole.proofs, strict=True)
    )
    return Answer(levels, tuple(proofs), NAME)


def _pieces(problem: Problem, part: Part, groups: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Units that still meet, in a rule or in some groups, once the coupling items are decided."""
    ties: nx.Graph[int] = nx.Graph()
    ties.add_nodes_from(part.units)
    bundles = (
        *([i for i, _ in problem.limits[k].terms] for k in part.limits),
        *(problem.requirements[r].items for r in part.requirements),
        *([i for i, _ in problem.groups[g].terms] for g in groups),
    )
    for bundle in bundles:
        units = [u for i in bundle if (u := _owner(problem, i)) is not None]
        nx.add_path(ties, units)
    yield from sorted(tuple(sorted(c)) for c in nx.connected_components(ties))


def _owner(problem: Problem, index: int) -> int | None:
    item = problem.items[index]
    return item.payers[0][0] if item.kind is Kind.OWN else None


def _solve_together(
    whole: PartSolver, units: tuple[int, ...], decided: Mapping[int, int]
) -> Answer:
    """Some units with all that couples them decided, no group below its satisfaction.

    Where units meet in nothing but a group, each is solved by itself first: if the group gets
    enough like that, nothing better exists.
    """
    problem, part = whole.problem, whole.part
    own = {i for i in part.items if _owner(problem, i) in units}
    floors = [
        _floor(problem.groups[g], whole.best or {})
        for g in part.groups
        if problem.groups[g].most and not own.isdisjoint(i for i, _ in problem.groups[g].terms)
    ]
    apart = [piece for piece in _pieces(problem, part, ()) if set(piece) <= set(units)]
    if len(apart) > 1:
        answers = [_solve_piece(whole, piece, decided, ()) for piece in apart]
        free = {i: level for answer in answers for i, level in answer.levels.items()}
        levels = {**decided, **free}
        if all(
            sum(q.at(levels.get(i, 0)) for i, q in floor.terms) >= (floor.lower or 0)
            for floor in floors
        ):
            return Answer(free, tuple(p for answer in answers for p in answer.proofs), NAME)
    return _solve_piece(whole, units, decided, floors)


def _solve_piece(
    whole: PartSolver,
    units: tuple[int, ...],
    decided: Mapping[int, int],
    floors: Sequence[Limit],
) -> Answer:
    """Some units by themselves, with what couples them fixed.

    Where time runs out, what the whole part's proved stages chose for them stands.
    """
    problem, part = whole.problem, whole.part
    own = [i for i in part.items if _owner(problem, i) in units]
    touching = set(own)
    limits = [
        k for k in part.limits if not touching.isdisjoint(i for i, _ in problem.limits[k].terms)
    ]
    requirements = tuple(
        r for r in part.requirements if not touching.isdisjoint(problem.requirements[r].items)
    )
    limits += range(len(problem.limits), len(problem.limits) + len(floors))
    piece_problem = replace(
        problem,
        limits=(*problem.limits, *floors),
        stages=tuple(s for s in problem.stages if s.name != "equity"),
    )
    inside = {i for i in part.items if any(u in units for u, _ in problem.items[i].payers)}
    inside |= {i for k in limits for i, _ in piece_problem.limits[k].terms}
    inside |= {i for r in requirements for i in problem.requirements[r].items}
    piece = Part(
        name=problem.units[units[0]].id,
        units=units,
        items=tuple(sorted(inside)),
        limits=tuple(limits),
        requirements=requirements,
    )
    solver = PartSolver(piece_problem, piece, whole.clock)
    for index in piece.items:
        if index in decided:
            solver.model.fix(index, decided[index])
    stands = {i: (whole.best or {}).get(i, 0) for i in own}
    solver.best = {**decided, **stands}
    run_stages(solver)
    if any(proof.outcome is not Outcome.OPTIMAL for proof in solver.proofs):
        return Answer(stands, tuple(solver.proofs), NAME)
    ties = [solver.tie_break([i for i in own if _owner(problem, i) == unit]) for unit in units]
    chosen = {i: (solver.best or {}).get(i, 0) for i in own}
    answer = Answer(chosen, tuple(solver.proofs), NAME)
    return answer if all(o is Outcome.OPTIMAL for o in ties) else unproved(answer)


def _floor(group: Group, levels: Mapping[int, int]) -> Limit:
    least = group.needed(group.satisfaction(levels))
    return Limit("equity", group.id, group.terms, lower=least)


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

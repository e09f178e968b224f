"""Who would give way, and who would come: plans with fewest changes around one proposal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from optimizer.formulation.problem import Problem, StageSpec
from optimizer.plan import Plan
from optimizer.record.proposals import Proposal
from optimizer.solving.changes import CHANGES, Displaced, displaced
from optimizer.solving.nearby.pieces import SettledMemory

__all__ = ["Move", "Moves", "in_list_order", "volume_at"]


@dataclass(frozen=True, slots=True)
class Move:
    """A proposal whose volume would change; 0 is out.

    Attributes
    ----------
    supporters : int or None
        Supporters in its own meeting, where they were counted.
    paid : int or None
        Rupiah that the unit in question pays, where others pay for it too.
    must : bool
        Whether it must be in, wherever it stands in the list.
    """

    proposal: Proposal
    before: Fraction
    after: Fraction
    supporters: int | None = None
    paid: int | None = None
    must: bool = False


class Moves:
    """Changes in the pieces of one plan.

    Parameters
    ----------
    problem : Problem
        The plan's problem in its smallest parts.
    supporters : mapping
        Supporters by proposal.
    """

    def __init__(self, plan: Plan, problem: Problem, supporters: Mapping[str, int]) -> None:
        self._plan, self._problem = plan, problem
        self._supporters = supporters
        self._memory = SettledMemory(plan.answer.levels)

    def forced(self, proposal: Proposal) -> Displaced | None:
        """What putting it in would do; ``None`` where no plan contains it."""
        return displaced(
            self._problem,
            self._plan.answer.levels,
            proposal.id,
            method=self._plan.scenario.solver,
            memory=self._memory,
        )

    def without(self, proposal: Proposal) -> tuple[Move, ...]:
        """What would come in or grow if it were out."""
        problem, levels = self._plan.problem, self._plan.answer.levels
        index = next(i for i, item in enumerate(problem.items) if item.id == proposal.id)
        part = next(p for p in problem.parts if index in p.items)
        waiting = [
            i
            for i in part.items
            if i != index and problem.items[i].fixed is None and levels.get(i, 0) < _top(problem, i)
        ]
        if not waiting:
            return ()
        item = replace(problem.items[index], fixed=0, forced=False)
        base = tuple(levels.get(i, 0) for i in range(len(problem.items)))
        asked = replace(
            problem,
            items=(*problem.items[:index], item, *problem.items[index + 1 :]),
            stages=(*problem.stages, StageSpec(CHANGES, base=base)),
        )
        answer = self._memory.of_item(asked, part, index, self._plan.scenario.solver)
        if answer is None:
            return ()
        found = {i: answer.levels.get(i, 0) for i in part.items}
        changes = {problem.items[i].id: (base[i], found[i]) for i in waiting if found[i] > base[i]}
        return self.moves(changes)

    def moves(self, levels: Mapping[str, tuple[int, int]]) -> tuple[Move, ...]:
        """Levels before and after as volumes, in the order of the lists."""
        by_id = self._plan.scenario.dataset.by_id
        found = (
            Move(
                by_id[id_],
                volume_at(by_id[id_], before),
                volume_at(by_id[id_], after),
                self._supporters.get(id_),
            )
            for id_, (before, after) in levels.items()
        )
        return in_list_order(found)


def in_list_order(moves: Iterable[Move]) -> tuple[Move, ...]:
    """As their lists have them; what stands in none comes last."""
    return tuple(sorted(moves, key=lambda m: (m.proposal.rank is None, m.proposal.rank or 0)))


def _top(problem: Problem, index: int) -> int:
    return problem.items[index].top


def volume_at(proposal: Proposal, level: int) -> Fraction:
    """The volume of a level; 0 is out."""
    return proposal.least + proposal.step * (level - 1) if level else Fraction(0)

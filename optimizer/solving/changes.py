"""Who must give way: the optimum with one proposal forced in that differs least from a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from optimizer.errors import ScenarioError
from optimizer.formulation.problem import Part, Problem, StageSpec
from optimizer.solving.memory import PartMemory
from optimizer.solving.outcome import Outcome

__all__ = ["CHANGES", "Displaced", "displaced"]

CHANGES = "changes"


@dataclass(frozen=True, slots=True)
class Displaced:
    """What putting one proposal in would do, without building the whole plan.

    Attributes
    ----------
    levels
        Level of every proposal that changes, by id: (before, after), the forced one included.
    lost
        By how much each stage of the scenario gets worse, most important first; (name, amount).
    outcome : Outcome
        Whether all of it is proved.
    """

    proposal: str
    levels: Mapping[str, tuple[int, int]]
    lost: tuple[tuple[str, int], ...]
    outcome: Outcome

    @property
    def leaves(self) -> tuple[str, ...]:
        """Proposals that would no longer be in."""
        return tuple(id_ for id_, (_, after) in self.levels.items() if not after)

    @property
    def enters(self) -> tuple[str, ...]:
        """Other proposals that would come in."""
        return tuple(
            id_ for id_, (before, _) in self.levels.items() if not before and id_ != self.proposal
        )


def displaced(
    problem: Problem,
    levels: Mapping[int, int],
    proposal: str,
    *,
    method: str = "auto",
    memory: PartMemory | None = None,
) -> Displaced | None:
    """What forcing a proposal in would change, from the one part that it belongs to.

    Parameters
    ----------
    levels
        What is planned now: the level of each item that is in.

    Returns
    -------
    Displaced or None
        ``None`` when no plan under the rules contains the proposal.

    Raises
    ------
    ScenarioError
        ``not_in_question`` when the problem does not know it.
    """
    index = next((i for i, item in enumerate(problem.items) if item.id == proposal), None)
    if index is None:
        raise ScenarioError("not_in_question", id=proposal)
    part = next(p for p in problem.parts if index in p.items)
    own = tuple(stage for stage in problem.stages if stage.name != CHANGES)
    base = tuple(levels.get(i, 0) for i in range(len(problem.items)))
    asked = replace(
        problem,
        items=tuple(
            replace(item, forced=True, fixed=None) if i == index else item
            for i, item in enumerate(problem.items)
        ),
        stages=(*own, StageSpec(CHANGES, base=base)),
    )
    answer = (memory or PartMemory()).of_item(asked, part, index, method)
    if answer is None:
        return None
    found = {i: answer.levels.get(i, 0) for i in part.items}
    return Displaced(
        proposal=proposal,
        levels={
            problem.items[i].id: (base[i], found[i]) for i in part.items if found[i] != base[i]
        },
        lost=tuple(
            (stage.name, _value(problem, part, stage, levels) - _value(problem, part, stage, found))
            for stage in own
        ),
        outcome=answer.outcome,
    )


def _value(problem: Problem, part: Part, stage: StageSpec, levels: Mapping[int, int]) -> int:
    if stage.name != "order":
        return problem.value(part, stage, levels)
    inside = set(part.items)
    return sum(levels.get(i, 0) == problem.items[i].top for i in problem.order if i in inside)

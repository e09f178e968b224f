"""The optimal plan with fewest changes: after a pin or an override, or to see who must give way.

Among the plans that are optimal in every stage, the one in which the fewest proposals have
another volume than before; then the usual tie-break. It is a stage of its own (``changes``),
solved part by part, so it is proved like all others. A part whose optimum is what was planned
before needs no second look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pandas as pd

from optimizer.errors import ScenarioError
from optimizer.formulation.problem import Problem, StageSpec
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.record.proposals import Proposal
from optimizer.record.scenario import Pin, Scenario
from optimizer.solving.changes import CHANGES
from optimizer.solving.dispatch import Progress, merge
from optimizer.solving.memory import PartMemory
from optimizer.solving.outcome import Answer, Clock, Proof

__all__ = ["changes_between", "fewest_changes", "forced"]

NOWHERE = -1


def fewest_changes(
    plan: Plan,
    scenario: Scenario,
    *,
    memory: PartMemory | None = None,
    progress: Progress | None = None,
) -> Plan:
    """The optimal plan of another scenario that differs least from a plan.

    Parameters
    ----------
    plan
        What was planned before.
    scenario
        What is asked now: the same data with a pin, an override or another objective.

    Returns
    -------
    Plan
        All stages are as good as in any plan of the scenario; ``changes`` is the last stage,
        its value minus the number of proposals whose volume differs.

    Raises
    ------
    ScenarioError
        ``other_dataset`` when the two scenarios do not share a single proposal.
    Infeasible
        When nothing satisfies what is asked.
    """
    before = plan.volumes
    known = scenario.dataset.by_id
    if before and known.keys().isdisjoint(before):
        raise ScenarioError("other_dataset", a=plan.scenario.name, b=scenario.name)
    remembered = memory or PartMemory()

    def solver(
        problem: Problem, method: str, clock: Clock, report: Progress | None = None
    ) -> Answer:
        base = _base(problem, known, before)
        asked = replace(problem, stages=(*problem.stages, StageSpec(CHANGES, base=base)))
        answers = []
        for number, part in enumerate(asked.parts, start=1):
            answer = remembered.of_part(problem, part, method, clock)
            if asked.value(part, asked.stages[-1], answer.levels):
                answer = remembered.of_part(asked, part, method, clock)
            else:  # nothing changes here, and that cannot be beaten
                answer = replace(answer, proofs=(*answer.proofs, Proof(CHANGES, 0, 0)))
            answers.append(answer)
            if report is not None:
                report(number, len(asked.parts))
        return merge(asked, answers)

    return optimize(scenario, progress=progress, solver=solver)


def _base(
    problem: Problem, proposals: Mapping[str, Proposal], before: Mapping[str, Fraction]
) -> tuple[int, ...]:
    """The level of each item that is the volume it had before."""
    return tuple(
        _level(proposals[item.id], before.get(item.id, Fraction(0)), item.top)
        for item in problem.items
    )


def _level(proposal: Proposal, volume: Fraction, top: int) -> int:
    if not volume:
        return 0
    level = 1 + (volume - proposal.least) / proposal.step
    return int(level) if level.denominator == 1 and 1 <= level <= top else NOWHERE


def forced(plan: Plan, proposal: str, *, memory: PartMemory | None = None) -> Plan:
    """The plan with one proposal put in and the fewest changes: what it would displace.

    Raises
    ------
    ScenarioError
        ``unknown_proposal`` with the nearest known id, ``pin_excluded``.
    Infeasible
        When it can never be in, with the rules that are in the way.
    """
    scenario = plan.scenario.with_pin(Pin(proposal, True, ""))
    return fewest_changes(plan, scenario, memory=memory)


def changes_between(before: Plan, after: Plan) -> pd.DataFrame:
    """Proposals whose volume differs between two plans, in canonical order.

    Columns ``id``, ``owner``, ``title``, ``before``, ``after`` (volumes), ``change``:
    ``enters``, ``leaves``, ``more`` or ``less``.
    """
    proposals = {**before.scenario.dataset.by_id, **after.scenario.dataset.by_id}
    rows = []
    for id_, proposal in proposals.items():
        old, new = before.volumes.get(id_, Fraction(0)), after.volumes.get(id_, Fraction(0))
        if old != new:
            rows.append(
                {
                    "id": id_,
                    "owner": proposal.owner,
                    "title": proposal.title,
                    "before": float(old),
                    "after": float(new),
                    "change": _kind(old, new),
                }
            )
    return pd.DataFrame(rows, columns=["id", "owner", "title", "before", "after", "change"])


def _kind(old: Fraction, new: Fraction) -> str:
    if not old:
        return "enters"
    if not new:
        return "leaves"
    return "more" if new > old else "less"

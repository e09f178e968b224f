"""Near-optimal plans: within ε of the optimum, what is always in, contested, or never in.

After Liesiö, Mild and Salo's robust portfolio modelling: a proposal that is in every plan whose
first stage is worth at least (1 − ε) of the optimum is *always* in, one that is in none is
*never* in, and all others are *contested*. Ties are the case ε = 0.

ε acts on the total over all places of the scenario (the kelurahan): each part may give up as much
as the whole may lose. Mandatory activities stay met as in the plan; later stages are not looked
at. For every proposal the best plan with it in, and the best with it out, is found exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

import pandas as pd

from optimizer.errors import ScenarioError
from optimizer.formulation.problem import Part, Problem
from optimizer.plan import Plan
from optimizer.solving.dispatch import REFERENCE, Progress, solve_one
from optimizer.solving.outcome import Clock, InfeasiblePart, Outcome
from optimizer.solving.pareto import SumsExplode, covers
from optimizer.solving.pareto.margins import in_out_values

__all__ = ["Near", "NearClass", "near_optimal"]

# Values of the stages with an item in, and with it out; ``None`` where nothing is feasible.
_Vector: TypeAlias = tuple[int, ...] | None
_SUMS = frozenset({"support", "welfare", "fill"})


class NearClass(StrEnum):
    """How a proposal stands among all near-optimal plans."""

    ALWAYS = "always"
    CONTESTED = "contested"
    NEVER = "never"


@dataclass(frozen=True)
class Near:
    """Classes of all proposals of a plan.

    Attributes
    ----------
    stage : str
        The stage whose total may fall short of the optimum.
    epsilon : Fraction
        The share of the optimum by which it may.
    optimum : int
        The proved total of the stage.
    losses
        By proposal what the total loses at least with it in, and with it out; ``None`` where
        no plan that meets what is mandatory is like that.
    """

    plan: Plan
    stage: str
    epsilon: Fraction
    optimum: int
    losses: Mapping[str, tuple[int | None, int | None]]

    @property
    def allowed(self) -> Fraction:
        """By how much the total may fall short of the optimum."""
        return self.epsilon * abs(self.optimum)

    def class_of(self, proposal: str) -> NearClass:
        """The class of one proposal."""
        inside, outside = (
            loss is not None and loss <= self.allowed for loss in self.losses[proposal]
        )
        if inside and outside:
            return NearClass.CONTESTED
        return NearClass.ALWAYS if inside else NearClass.NEVER

    @property
    def table(self) -> pd.DataFrame:
        """One row for each proposal: ``id``, ``owner``, ``title``, ``planned``, ``class``,
        ``loss_in`` and ``loss_out`` (share of the optimum; empty where impossible)."""
        scale = max(abs(self.optimum), 1)
        rows = []
        for id_, (inside, outside) in self.losses.items():
            proposal = self.plan.scenario.dataset.by_id[id_]
            rows.append(
                {
                    "id": id_,
                    "owner": proposal.owner,
                    "title": proposal.title,
                    "planned": bool(self.plan.volumes.get(id_)),
                    "class": self.class_of(id_).value,
                    "loss_in": None if inside is None else inside / scale,
                    "loss_out": None if outside is None else outside / scale,
                }
            )
        columns = ["id", "owner", "title", "planned", "class", "loss_in", "loss_out"]
        return pd.DataFrame(rows, columns=columns).astype(
            {"loss_in": "Float64", "loss_out": "Float64"}
        )


def near_optimal(
    plan: Plan, epsilon: Fraction = Fraction(0), *, progress: Progress | None = None
) -> Near:
    """Which proposals are in all, some or none of the plans within ε of the optimum.

    Parameters
    ----------
    epsilon
        Share of the optimum of the first stage, 0 to 1; 0 looks at ties only.

    Raises
    ------
    ScenarioError
        ``near_stage`` where the first stage is no sum over places (by order, leximin),
        ``near_not_proved`` where the plan's optimum is not proved, ``value_out_of_range``.
    """
    if not 0 <= epsilon <= 1:
        raise ScenarioError("value_out_of_range", path="near", value=epsilon, expected="0–1")
    problem = _first_stage(plan)
    stage = problem.stages[-1]
    levels = plan.answer.levels
    losses: dict[str, tuple[int | None, int | None]] = {}
    for number, part in enumerate(problem.parts, start=1):
        best = tuple(problem.value(part, s, levels) for s in problem.stages)
        for index, (inside, outside) in _in_out(problem, part, plan.scenario.solver).items():
            losses[problem.items[index].id] = _loss(best, inside), _loss(best, outside)
        if progress is not None:
            progress(number, len(problem.parts))
    return Near(
        plan=plan,
        stage=stage.name,
        epsilon=epsilon,
        optimum=plan.proofs[1].value,
        losses={item.id: losses[item.id] for item in problem.items},
    )


def _first_stage(plan: Plan) -> Problem:
    """The plan's problem with nothing after its first stage."""
    stages = plan.problem.stages[:2]
    if len(stages) < 2 or stages[1].name not in _SUMS:
        raise ScenarioError("near_stage", stage=stages[-1].name)
    if any(proof.outcome is not Outcome.OPTIMAL for proof in plan.proofs[:2]):
        raise ScenarioError("near_not_proved")
    return replace(plan.problem, stages=stages)


def _loss(best: tuple[int, ...], found: _Vector) -> int | None:
    """What a part loses in its last stage; ``None`` where what is mandatory is not met."""
    if found is None or found[:-1] != best[:-1]:
        return None
    return best[-1] - found[-1]


def _in_out(problem: Problem, part: Part, method: str) -> dict[int, tuple[_Vector, _Vector]]:
    """Best stage values with each item in and out, by Pareto lists or by solving again."""
    if method != REFERENCE and not covers(problem, part):
        try:
            return dict(in_out_values(problem, part))
        except SumsExplode:
            pass  # exact too, but the sums are too many
    return {
        i: (_solved(problem, part, i, True, method), _solved(problem, part, i, False, method))
        for i in part.items
    }


def _solved(problem: Problem, part: Part, index: int, inside: bool, method: str) -> _Vector:
    """Best stage values of a part with one item in, or out."""
    item = problem.items[index]
    if item.fixed is not None or item.forced:
        if item.forced is not inside:
            return None
    else:
        item = replace(item, forced=inside, fixed=None if inside else 0)
    items = (*problem.items[:index], item, *problem.items[index + 1 :])
    try:
        answer = solve_one(replace(problem, items=items), part, method, Clock())
    except InfeasiblePart:
        return None
    return tuple(proof.value for proof in answer.proofs)

"""The plan that a file should be, built again from the levels in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from optimizer.errors import PlanRejected
from optimizer.formulation.problem import Problem
from optimizer.plan import Plan
from optimizer.planning import accept, listed_of, optimize, prepare
from optimizer.recheck.differences import Difference, differences, text
from optimizer.recheck.levels import recorded_levels, rows_of, volume_at
from optimizer.record.scenario import PRIORITIES, Scenario
from optimizer.rules import check_rules
from optimizer.solving.dispatch import merge
from optimizer.solving.evenly import with_most
from optimizer.solving.outcome import Answer, Clock, Outcome, Proof
from optimizer.solving.pareto.solve import stage_values
from optimizer.versions import solver_versions

__all__ = ["Doubt", "Recheck", "recheck"]

UNPROVED = ("outcome", "bound", "solver.methods")
"""What only solving again can tell, besides the levels themselves."""


class Doubt(StrEnum):
    """Why the proof of a file cannot be computed again."""

    INPUTS = "inputs"
    VERSIONS = "versions"
    TIME = "time"


@dataclass(frozen=True)
class Recheck:
    """How a file stands.

    Attributes
    ----------
    plan : Plan
        What follows from the levels in the file; accepted by the judge unless ``rejected``.
    differences : tuple of Difference
        Everything in which the file is not the record of that plan.
    rejected : PlanRejected or None
        Why the judge refuses the plan.
    doubt : Doubt or None
        Why :data:`UNPROVED` could not be compared.
    """

    plan: Plan
    differences: tuple[Difference, ...]
    rejected: PlanRejected | None
    doubt: Doubt | None

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return not self.differences and self.rejected is None


def recheck(record: Mapping[str, Any], scenario: Scenario) -> Recheck:
    """Compare the record of a plan with what a scenario makes of its levels.

    Raises
    ------
    Infeasible, ScenarioError
        Where the scenario has no plan at all.
    """
    doubt = _doubt(record, scenario)
    solved = None if doubt else optimize(scenario)
    if solved is not None and scenario.time_limit is not None:
        outcomes = {record.get("outcome"), solved.outcome.value}
        doubt = None if outcomes == {Outcome.OPTIMAL} else Doubt.TIME
    problem, shares = (
        (solved.problem, solved.joint_shares) if solved is not None else _prepared(scenario)
    )
    read = recorded_levels(record, problem, scenario.dataset)
    proved = solved if doubt is None else None
    best = _chosen(proved.answer.levels) if proved is not None else {}
    levels = _chosen({i: best.get(i, 0) if k is None else k for i, k in read.items()})
    plan, rejected = proved, None
    if plan is None or levels != best:
        values = _values(problem, levels)
        answer = _proved(proved.answer, values) if proved else _claimed(record, scenario, values)
        plan, rejected = _rebuilt(scenario, problem, replace(answer, levels=levels), shares)
    expected = json.loads(json.dumps(plan.to_dict()))
    found = (
        *(_other_levels(record, read, proved) if proved is not None else ()),
        *differences(record, expected),
    )
    return Recheck(plan, found, rejected, doubt)


def _doubt(record: Mapping[str, Any], scenario: Scenario) -> Doubt | None:
    if record.get("inputs_sha256") != scenario.sha256():
        return Doubt.INPUTS
    solver = record.get("solver")
    made_with = solver if isinstance(solver, Mapping) else {}
    same = all(made_with.get(name) == now for name, now in solver_versions().items())
    return None if same else Doubt.VERSIONS


def _prepared(scenario: Scenario) -> tuple[Problem, Mapping[str, Fraction] | None]:
    clock = Clock(scenario.time_limit)
    problem, shares = prepare(scenario, clock)
    return with_most(problem, clock), shares


def _chosen(levels: Mapping[int, int]) -> dict[int, int]:
    return {item: level for item, level in levels.items() if level}


def _rebuilt(
    scenario: Scenario,
    problem: Problem,
    answer: Answer,
    shares: Mapping[str, Fraction] | None,
) -> tuple[Plan, PlanRejected | None]:
    """The plan of some levels; one that the judge refuses is only there to be compared with."""
    try:
        return accept(scenario, problem, answer, shares), None
    except PlanRejected as rejected:
        listed = listed_of(scenario, problem, answer)
        share = scenario.joint_share if isinstance(scenario.joint_share, Fraction) else None
        checks = check_rules(scenario.dataset, scenario.policy, listed, share)
        return Plan(scenario, problem, answer, listed, checks, shares), rejected


# --- what is proved, or only claimed --------------------------------------------------------


def _values(problem: Problem, levels: Mapping[int, int]) -> dict[str, int]:
    """The exact value of each stage, of all parts together."""
    names = [stage.name for stage in problem.stages]
    answers = [
        Answer({}, tuple(map(Proof, names, values, values)), "")
        for part in problem.parts
        for values in [stage_values(problem, part, levels)]
    ]
    return {proof.stage: proof.value for proof in merge(problem, answers).proofs}


def _proved(answer: Answer, values: Mapping[str, int]) -> Answer:
    """What is proved of the scenario, beside the values of other levels."""
    return replace(answer, proofs=tuple(replace(p, value=values[p.stage]) for p in answer.proofs))


def _claimed(record: Mapping[str, Any], scenario: Scenario, values: Mapping[str, int]) -> Answer:
    """Outcome, bounds and methods as the file claims them, as far as they make sense."""
    named, bounds, solver = (record.get(key) for key in ("outcome", "bound", "solver"))
    outcome = Outcome(named) if named in list(Outcome) else Outcome.OPTIMAL
    methods = solver.get("methods") if isinstance(solver, Mapping) else None
    chooses = any(stage.name != PRIORITIES for stage in scenario.stages)
    proofs = tuple(
        Proof(stage, value, value if outcome is Outcome.OPTIMAL else _bound(bounds, stage, value))
        for stage, value in values.items()
        if chooses
    )
    return Answer(
        levels={},
        proofs=tuple(replace(p, outcome=outcome) for p in proofs),
        solver="",
        methods=methods if isinstance(methods, Mapping) else {},
    )


def _bound(bounds: object, stage: str, value: int) -> int:
    """The bound of a stage that was not proved: its value, where none can be read."""
    bound = bounds.get(stage) if isinstance(bounds, Mapping) else None
    if type(bound) is not int:
        return value
    return -bound if stage == "fill" else bound


def _other_levels(
    record: Mapping[str, Any], read: Mapping[int, int | None], solved: Plan
) -> Iterator[Difference]:
    """Proposals whose level is not the one that solving the scenario again gives."""
    best, by_id = solved.answer.levels, solved.scenario.dataset.by_id
    rows = rows_of(record)
    for index, item in enumerate(solved.problem.items):
        recorded, level = read.get(index, 0), best.get(index, 0)
        if recorded is None or recorded == level:
            continue
        place = f"funded[{rows[item.id]}]" if recorded else "funded"
        kind = "level" if recorded and level else "level_out" if level else "level_in"
        amounts = [text(volume_at(by_id[item.id], k)) for k in (recorded, level)]
        yield Difference(f"{place}.volume" if kind == "level" else place, kind, item.id, *amounts)

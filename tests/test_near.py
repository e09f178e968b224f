"""Near-optimal classes against a list of all plans."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from math import prod
from pathlib import Path

import pytest
from whatif_cases import choices, plans

from optimizer.errors import Infeasible, ScenarioError
from optimizer.files.scenarios import load_scenario
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.record.scenario import Pin
from optimizer.solving.outcome import Outcome
from optimizer.whatif.near import NearClass, near_optimal

ROOT = Path(__file__).parents[1]
FEW = 6000


def classes(plan: Plan, epsilon: Fraction) -> dict[str, NearClass] | None:
    """Class of each proposal by listing every plan of the whole territory."""
    problem, (mandatory, stage, *_) = plan.problem, plan.problem.stages
    lists = []
    for part in problem.parts:
        every = [
            (problem.value(part, mandatory, c), problem.value(part, stage, c), c)
            for c in choices(problem, part)
        ]
        if part.items and not every:
            return None
        lists.append(every)
    if prod(len(every) for every in lists) > FEW:
        return None
    whole = [
        (sum(m for m, _, _ in pick), sum(v for _, v, _ in pick), [c for _, _, c in pick])
        for pick in product(*lists)
    ]
    met = max(m for m, _, _ in whole)
    best = max(v for m, v, _ in whole if m == met)
    near = [c for m, v, c in whole if m == met and v >= best - epsilon * abs(best)]
    found = {}
    for part_number, part in enumerate(problem.parts):
        for i in part.items:
            states = {pick[part_number][i] > 0 for pick in near}
            found[problem.items[i].id] = (
                NearClass.CONTESTED
                if len(states) == 2
                else NearClass.ALWAYS
                if states == {True}
                else NearClass.NEVER
            )
    return found


def agree(shape: str, solver: str, seeds: range) -> tuple[int, set[NearClass]]:
    compared = 0
    seen: set[NearClass] = set()
    for seed, scenario, found in plans(shape, seeds):
        if found.problem.stages[1].name == "order":
            continue
        plan = replace(found, scenario=replace(scenario, solver=solver))
        for epsilon in (Fraction(0), Fraction(1, 20), Fraction(1, 3)):
            expected = classes(plan, epsilon)
            if expected is not None:
                near = near_optimal(plan, epsilon)
                assert {id_: near.class_of(id_) for id_ in near.losses} == expected, seed
                seen |= set(expected.values())
                compared += 1
    return compared, seen


@pytest.mark.parametrize("shape", ["support", "own", "shared", "pool", "welfare", "fill", "plain"])
def test_classes_against_all_plans(shape: str) -> None:
    compared, seen = agree(shape, "auto", range(12))
    assert compared >= 6
    assert seen == set(NearClass)


@pytest.mark.parametrize("shape", ["support", "shared"])
def test_the_reference_finds_the_same_classes(shape: str) -> None:
    compared, _ = agree(shape, "reference", range(6))
    assert compared


def test_losses_are_those_of_solving_again() -> None:
    """A pin, solved as a scenario of its own, loses as much as the classes say."""
    compared = 0
    for _, scenario, plan in plans("support", range(12)):
        near = near_optimal(plan)
        pinned = {p.proposal for p in scenario.pins}
        for id_, losses in near.losses.items():
            for inside, loss in zip((True, False), losses, strict=True):
                if id_ in pinned:
                    continue
                try:
                    again = optimize(scenario.with_pin(Pin(id_, inside, "uji")))
                except Infeasible:
                    assert loss is None
                    continue
                met = again.values["mandatory"] == plan.values["mandatory"]
                assert loss == (near.optimum - again.values["support"] if met else None)
                compared += 1
    assert compared > 50


def test_kaliombo_classes_grow_with_the_margin() -> None:
    plan = optimize(load_scenario(ROOT / "scenarios" / "kaliombo-2023-dukungan.yaml"))
    ties, near = near_optimal(plan), near_optimal(plan, Fraction(1, 1000))
    contested = [set(t.table[t.table["class"] == "contested"]["id"]) for t in (ties, near)]
    assert contested[0] < contested[1]
    planned = near.table[near.table["planned"]]
    assert "never" not in set(planned["class"])
    assert "always" not in set(near.table[~near.table["planned"]]["class"])
    row = near.table.iloc[0]
    assert row["loss_in"] == 0 if row["planned"] else row["loss_out"] == 0


def test_what_has_no_sum_has_no_margin() -> None:
    plan = optimize(load_scenario(ROOT / "scenarios" / "kaliombo-2023.yaml"))
    with pytest.raises(ScenarioError) as refused:
        near_optimal(plan)
    assert refused.value.code == "near_stage"
    other = optimize(load_scenario(ROOT / "scenarios" / "kaliombo-2023-dukungan.yaml"))
    with pytest.raises(ScenarioError) as refused:
        near_optimal(other, Fraction(3, 2))
    assert refused.value.code == "value_out_of_range"
    proofs = tuple(replace(p, outcome=Outcome.TIME_LIMITED) for p in other.answer.proofs)
    late = replace(other, answer=replace(other.answer, proofs=proofs))
    with pytest.raises(ScenarioError) as refused:
        near_optimal(late)
    assert refused.value.code == "near_not_proved"

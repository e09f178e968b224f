"""The independent checker and the formulation say the same, though they share no code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from instances import random_scenario
from oracle import solve_exhaustive

from optimizer.errors import PlanRejected
from optimizer.formulation.compile import compile_scenario
from optimizer.formulation.problem import Problem
from optimizer.planning import listed_of
from optimizer.record.proposals import Status
from optimizer.record.scenario import Scenario
from optimizer.rules import Listed, RuleStatus, check_plan
from optimizer.solving.outcome import Answer, InfeasiblePart

SHAPES = ("any", "shared", "pool", "own", "welfare", "fill")

Solved = tuple[Scenario, Problem, Listed, dict[str, int]]


def solved(seed: int, shape: str) -> Solved | None:
    """A scenario with its optimum as a list and its stage values; ``None`` if infeasible."""
    scenario = random_scenario(seed, shape)
    problem = compile_scenario(scenario)
    levels: dict[int, int] = {}
    values: Counter[str] = Counter()
    for part in problem.parts:
        try:
            answer = solve_exhaustive(problem, part)
        except InfeasiblePart:
            return None
        levels |= answer.levels
        for proof in answer.proofs:
            values[proof.stage] += abs(proof.value)
    return scenario, problem, listed_of(scenario, problem, Answer(levels, (), "")), dict(values)


def accepts(scenario: Scenario, listed: Listed, values: dict[str, int] | None = None) -> bool:
    try:
        check_plan(scenario, listed, values or {})
    except PlanRejected:
        return False
    return True


@pytest.mark.parametrize("shape", SHAPES)
def test_every_optimum_passes_with_its_values(shape: str) -> None:
    for seed in range(60):
        found = solved(seed, shape)
        if found is not None:
            scenario, _, listed, values = found
            check_plan(scenario, listed, values)


@pytest.mark.parametrize("shape", SHAPES)
def test_any_choice_is_judged_alike(shape: str) -> None:
    """Not only optima: what breaks a rule for one breaks it for the other.

    One thing is left out: where a list asks for less than an item rule's minimum, a proposal may
    be taken and the checker notes a finding, which is no reason to refuse.
    """
    judged: Counter[bool] = Counter()
    for seed in range(40):
        scenario = random_scenario(seed, shape)
        problem = compile_scenario(scenario)
        dice = Random(seed)
        for _ in range(12):
            odds = dice.choice((0.2, 0.5, 0.8))
            levels = {
                i: dice.choice(item.levels) if dice.random() < odds else item.levels[0]
                for i, item in enumerate(problem.items)
            }
            stands = not any(problem.broken(part, levels) for part in problem.parts)
            listed = listed_of(scenario, problem, Answer(levels, (), ""))
            assert accepts(scenario, listed) or not stands, (seed, levels)
            if not stands and accepts(scenario, listed):
                checks = check_plan(scenario, listed, {})
                short = {c.rule for c in checks if c.status is RuleStatus.FINDING}
                broken = {
                    rule for part in problem.parts for rule, _ in problem.broken(part, levels)
                }
                assert broken <= short, (seed, levels, broken)
            judged[stands] += 1
    assert min(judged[True], judged[False]) > 40


def planted(found: Solved, dice: Random) -> Iterator[tuple[str, Listed, dict[str, int]]]:
    """A good plan with one thing wrong, by what is wrong."""
    scenario, _, listed, values = found
    for stage, value in values.items():
        yield f"claims more {stage}", listed, {**values, stage: value + 1}
    data, policy = scenario.dataset, scenario.policy
    for proposal in data.proposals:
        more = {**listed.volumes, proposal.id: proposal.volume}
        if proposal.status is Status.EXCLUDED:
            yield "takes what was not proposed", replace(listed, volumes=more), values
    for pin in scenario.pins:
        volume = Fraction(0) if pin.inside else data.by_id[pin.proposal].volume
        turned = {**listed.volumes, pin.proposal: volume}
        yield "turns a pin", replace(listed, volumes=turned), values
    for name, volume in listed.volumes.items():
        between = {**listed.volumes, name: volume + Fraction(1, 3)}
        yield "a volume between steps", replace(listed, volumes=between), values
    for book in ("contributions", "pool_shares", "reserved"):
        amounts = getattr(listed, book)
        for key in amounts:
            for change in (-1, 1):
                moved = {**amounts, key: amounts[key] + change}
                yield f"{book} {change:+}", replace(listed, **{book: moved}), values
    unit = dice.choice(data.territory.units)
    for leaf in policy.leaves:
        if not leaf.bounds and (unit.id, leaf.id) not in listed.reserved:
            held = {**listed.reserved, (unit.id, leaf.id): 1}
            yield "holds money for no minimum", replace(listed, reserved=held), values


def test_every_planted_error_is_found() -> None:
    tried: Counter[str] = Counter()
    for shape in SHAPES:
        for seed in range(25):
            found = solved(seed, shape)
            if found is None:
                continue
            for what, listed, values in planted(found, Random(seed)):
                tried[what] += 1
                assert not accepts(found[0], listed, values), (shape, seed, what)
    wanted = {"contributions +1", "contributions -1", "pool_shares +1", "pool_shares -1"}
    wanted |= {"reserved +1", "reserved -1", "turns a pin", "a volume between steps"}
    assert wanted <= set(tried)

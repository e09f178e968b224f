"""Leximin, the frontier and district fairness against exhaustive search and hand examples."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from equity_cases import equity_scenario
from instances import KELURAHAN, make_dataset, make_policy, make_proposal, make_unit
from oracle import MOST_CHOICES, _Table, choices_of, solve_exhaustive

from optimizer.equity import (
    alone_optima,
    frontier,
    frontier_table,
    price_of_fairness,
    satisfactions,
)
from optimizer.errors import ScenarioError
from optimizer.formulation.compile import compile_scenario
from optimizer.formulation.problem import Kind, StageSpec
from optimizer.planning import optimize, prepare
from optimizer.record.dataset import Dataset
from optimizer.record.meetings import SCALE, Count, Counting, Results
from optimizer.record.policy import Account, Bound
from optimizer.record.proposals import Status
from optimizer.record.scenario import Scenario, Stage
from optimizer.solving.dispatch import solve
from optimizer.solving.outcome import Clock, InfeasiblePart
from optimizer.solving.reference import solve_part
from optimizer.territory import Territory

MILLION = 10**6
RT1, RT2 = f"{KELURAHAN}/01/01", f"{KELURAHAN}/01/02"
SEEDS = [
    *range(60),
    *(pytest.param(seed, marks=pytest.mark.full) for seed in range(60, 240)),
]


def chosen(levels):
    return {i: level for i, level in levels.items() if level}


def problem_of(scenario):
    """The problem, where it has some plan and few enough choices."""
    try:
        problem, _ = prepare(scenario)
        solve(problem)
    except (InfeasiblePart, ScenarioError):
        return None
    few = all(choices_of(problem, part) <= MOST_CHOICES for part in problem.parts)
    return problem if few else None


# --- leximin ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_leximin_agrees_with_exhaustive_search(seed):
    problem = compile_scenario(equity_scenario(seed))
    for part in problem.parts:
        if choices_of(problem, part) > MOST_CHOICES:
            continue
        try:
            expected = solve_exhaustive(problem, part)
        except InfeasiblePart:
            with pytest.raises(InfeasiblePart):
                solve_part(problem, part, Clock())
            continue
        found = solve_part(problem, part, Clock())
        assert chosen(found.levels) == chosen(expected.levels)
        assert [p.value for p in found.proofs] == [p.value for p in expected.proofs]


def test_the_instances_have_units_that_meet():
    coupled = 0
    for seed in range(60):
        problem = compile_scenario(equity_scenario(seed))
        coupled += any(len(part.groups) > 1 for part in problem.parts)
    assert coupled >= 25


def pool_of_two(counts, prices, stages) -> Scenario:
    """Two RT that give 50 of their 100 million each to the pool."""
    joint = Account(
        "infra/bersama",
        {"id": "bersama", "en": "joint"},
        decided_at="kelurahan",
        bounds=(Bound("min", share=Fraction(1, 2)),),
    )
    own = Account("infra/rt", {"id": "rt", "en": "rt"}, bounds=(Bound("max", share=Fraction(0)),))
    infra = Account("infra", {"id": "infra", "en": "infra"}, children=(joint, own))
    proposals = [
        make_proposal(i, KELURAHAN, "jalan", c * MILLION, field="infra/bersama")
        for i, c in prices.items()
    ]
    results = Results(counts=tuple(Count(*c) for c in counts))
    units = [make_unit(n, 100 * MILLION) for n in (1, 2)]
    return Scenario(
        "uji",
        make_dataset(units, proposals, results),
        make_policy([infra]),
        stages=stages,
        counting=Counting.VOTER,
    )


def common_or_own(*stages: Stage) -> Scenario:
    """One project fits: RT 1's (10 voices), RT 2's (6), or a common one (5 and 3)."""
    counts = [("U-1", RT1, 10), ("U-2", RT2, 6), ("U-3", RT1, 5), ("U-3", RT2, 3)]
    return pool_of_two(counts, {"U-1": 60, "U-2": 60, "U-3": 60}, stages)


def test_leximin_prefers_what_serves_both():
    by_support = optimize(common_or_own(Stage("support")))
    assert list(by_support.volumes) == ["U-1"]
    assert satisfactions(by_support, "rt") == {RT1: 1000, RT2: 0}
    plan = optimize(common_or_own(Stage("equity", over="rt"), Stage("support")))
    assert list(plan.volumes) == ["U-3"]
    assert satisfactions(plan, "rt") == {RT1: 500, RT2: 500}
    assert (plan.values["equity"], plan.values["support"]) == (500, 8 * MILLION)
    # Over the RW both RT are one group, which gets most from the first project.
    assert list(optimize(common_or_own(Stage("equity", over="rw"))).volumes) == ["U-1"]


def test_satisfaction_is_rounded_down():
    counts = [("U-1", RT1, 3), ("U-2", RT1, 1), ("U-3", RT2, 1), ("U-3", RT1, 2)]
    scenario = pool_of_two(counts, {"U-1": 60, "U-2": 10, "U-3": 60}, (Stage("equity", over="rt"),))
    plan = optimize(scenario)
    # RT 1 could have 4 (U-1, U-2) and gets 2 + 1.
    assert satisfactions(plan, "rt") == {RT1: 750, RT2: 1000}
    counts.append(("U-4", RT1, 3))
    plan = optimize(
        pool_of_two(
            counts,
            {"U-1": 30, "U-2": 10, "U-3": 90, "U-4": 30},
            (Stage("equity", over="rt"),),
        )
    )
    # RT 1 could have 7 and gets 2 + 1: 428 per mille and a bit.
    assert satisfactions(plan, "rt") == {RT1: 428, RT2: 1000}


def test_a_scenario_without_support_of_any_unit_is_refused():
    scenario = pool_of_two([("U-1", KELURAHAN, 1)], {"U-1": 60}, (Stage("equity", over="rt"),))
    with pytest.raises(ScenarioError, match="Pemerataan"):
        optimize(scenario)
    with pytest.raises(ScenarioError, match="rw, rt"):
        optimize(common_or_own(Stage("equity", over="kelurahan")))


# --- frontier -----------------------------------------------------------------------------


def undominated(pairs):
    pairs = set(pairs)
    return sorted(
        (a for a in pairs if not any(b != a and b[0] >= a[0] and b[1] >= a[1] for b in pairs)),
        key=lambda pair: pair[1],
    )


def exhaustive_frontier(problem, over):
    """(support, least) of all choices that fulfil the most mandatory rules, undominated."""
    columns = []
    for part in problem.parts:
        table = _Table(problem, part)
        rows = np.flatnonzero(table.feasible())
        mandatory = table.value(StageSpec("mandatory"))
        rows = rows[mandatory[rows] == mandatory[rows].max()]
        support = table.value(StageSpec("support"))
        least = np.minimum.reduce(table.satisfactions(over))
        columns.append(undominated((int(support[r]), int(least[r])) for r in rows))
    return undominated(
        (sum(s for s, _ in combination), min(least for _, least in combination))
        for combination in product(*columns)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_frontier_agrees_with_exhaustive_search(seed):
    scenario = replace(equity_scenario(seed), alone=False)
    over = scenario.stages[0].over
    problem = problem_of(replace(scenario, stages=(Stage("support"), Stage("equity", over=over))))
    if problem is None:
        return
    points = frontier(scenario, over)
    assert [(p.support, p.least) for p in points] == exhaustive_frontier(problem, over)


def test_both_ends_of_a_frontier():
    points = frontier(common_or_own(Stage("support")), "rt")
    assert [(p.support, p.least) for p in points] == [(10 * MILLION, 0), (8 * MILLION, 500)]
    table = frontier_table(points, "rt")
    assert table.rows == (
        (0, Fraction(10 * MILLION, SCALE), 1),
        (Fraction(1, 2), Fraction(8 * MILLION, SCALE), 1),
    )


# --- alone --------------------------------------------------------------------------------


def neighbours(**more) -> Scenario:
    """Two RT with 10 million each for the economy; their RW wants 20 of it together."""
    proposals = [
        make_proposal("U-1", RT1, "koperasi", 10 * MILLION),
        make_proposal("U-2", RT2, "koperasi", 6 * MILLION),
        make_proposal("U-3", f"{KELURAHAN}/01", "latihan", 20 * MILLION, **more),
    ]
    counts = [("U-1", RT1, 4), ("U-2", RT2, 1), ("U-3", f"{KELURAHAN}/01", 7), ("U-3", RT2, 3)]
    economy = Account(
        "ekonomi", {"id": "ekonomi", "en": "economy"}, bounds=(Bound("max", share=Fraction(1, 10)),)
    )
    results = Results(counts=tuple(Count(*c) for c in counts))
    units = [make_unit(n, 100 * MILLION) for n in (1, 2)]
    return Scenario(
        "uji",
        make_dataset(units, proposals, results),
        make_policy([economy]),
        stages=(Stage("support"),),
        counting=Counting.VOTER,
    )


def test_nobody_is_worse_off_than_alone():
    scenario = neighbours()
    # RT 1 gets 4 and RT 2 gets 1 alone; together U-3 takes all the money and RT 1 gets nothing.
    assert alone_optima(scenario) == {RT1: 4 * MILLION, RT2: MILLION}
    price = price_of_fairness(scenario)
    assert list(price.free.volumes) == ["U-3"]
    assert list(price.fair.volumes) == ["U-1", "U-2"]
    assert price.worse_off == (RT1,)
    assert (price.support, price.stages["support"]) == (5 * MILLION, 5 * MILLION)


def test_what_is_mandatory_is_charged_alone_too():
    scenario = neighbours(status=Status.MANDATORY)
    # The mandatory project takes all of both; alone they get only what it gives them.
    assert alone_optima(scenario) == {RT1: 0, RT2: 3 * MILLION}
    assert list(optimize(replace(scenario, alone=True)).volumes) == ["U-3"]


@pytest.mark.parametrize("seed", range(40))
def test_alone_agrees_with_a_scenario_of_one_unit(seed):
    scenario = replace(equity_scenario(seed), counting=Counting.VOTER)
    data = scenario.dataset
    problem = compile_scenario(scenario)
    required = {i for r in problem.requirements for i in r.items if len(r.items) == 1}
    if scenario.pins or any(problem.items[i].kind is Kind.SHARED for i in required):
        return  # what is charged is tested by hand above
    floors = alone_optima(scenario)
    for unit in data.territory.units:
        if unit.id not in floors:
            continue
        own = tuple(
            replace(p, rank=None)
            for p in data.proposals
            if p.owner == unit.id and data.payers(p) == (unit.id,)
        )
        ids = {p.id for p in own}
        counts = tuple(c for c in data.results.counts if c.place == unit.id and c.proposal in ids)
        dataset = Dataset.build(
            data.meta,
            Territory([unit]),
            own,
            Results(counts=counts),
            letters=[letter for letter in data.letters if letter[0] == unit.id],
        )
        alone = replace(scenario, dataset=dataset, stages=(Stage("support"),), joint_share=None)
        problem = compile_scenario(alone)
        try:
            answer = solve(problem, "reference")
        except InfeasiblePart:
            assert floors[unit.id] == 0
            continue
        assert answer.proofs[1].value == floors[unit.id]


@pytest.mark.parametrize("seed", range(30))
def test_alone_as_a_constraint_agrees_with_exhaustive_search(seed):
    scenario = replace(equity_scenario(seed), alone=True, stages=(Stage("support"), Stage("fill")))
    problem, _ = prepare(scenario)
    for part in problem.parts:
        if choices_of(problem, part) > MOST_CHOICES:
            continue
        try:
            expected = solve_exhaustive(problem, part)
        except InfeasiblePart:
            continue
        found = solve(replace(problem, parts=(part,)))
        assert chosen(found.levels) == chosen(expected.levels)

"""The rules as practised, against examples worked by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from instances import (
    KELURAHAN,
    make_dataset,
    make_policy,
    make_proposal,
    make_unit,
    random_scenario,
)

from optimizer.errors import ScenarioError
from optimizer.formulation.compile import compile_scenario
from optimizer.planning import optimize
from optimizer.practice import RULES, by_order, equal_shares, greedy, shared_purchases
from optimizer.record.meetings import Count, Counting, Results
from optimizer.record.policy import Account, Bound
from optimizer.record.scenario import Pin, Scenario, Stage
from optimizer.solving.dispatch import solve
from optimizer.solving.outcome import InfeasiblePart, Outcome

MILLION = 10**6
RT = f"{KELURAHAN}/01/01"


def capped(share: str) -> Account:
    return Account("ekonomi", {"id": "ekonomi"}, bounds=(Bound("max", share=Fraction(share)),))


def one_unit(proposals, supporters, **more) -> Scenario:
    """One RT of Rp100 million whose economy is at most 30 %."""
    results = Results(
        counts=tuple(Count(p.id, p.owner, n) for p, n in zip(proposals, supporters, strict=True))
    )
    dataset = make_dataset([make_unit(1, 100 * MILLION)], proposals, results)
    return Scenario(
        "uji",
        dataset,
        make_policy([capped("3/10")]),
        stages=(Stage("support"),),
        counting=Counting.VOTER,
        **more,
    )


def chosen(plan) -> list[str]:
    return [p.id for p in plan.chosen]


def test_greedy_takes_the_most_supported_and_skips_what_does_not_fit():
    prices = {"U-1": 20, "U-2": 15, "U-3": 10, "U-4": 5}
    proposals = [make_proposal(i, RT, "koperasi", c * MILLION) for i, c in prices.items()]
    scenario = one_unit(proposals, (10, 9, 8, 8))
    plan = greedy(scenario)
    # 20; 20 + 15 is too much; 20 + 10 fills the 30; ties go to the lower id.
    assert chosen(plan) == ["U-1", "U-3"]
    assert plan.values["support"] == 18 * MILLION
    best = optimize(scenario)
    assert chosen(best) == ["U-2", "U-3", "U-4"]
    assert best.values["support"] == 25 * MILLION


def test_a_rule_proves_nothing():
    proposals = [make_proposal("U-1", RT, "koperasi", 20 * MILLION)]
    for rule, find in RULES.items():
        plan = find(one_unit(proposals, (10,)))
        assert plan.outcome is Outcome.RULE
        assert plan.answer.solver == f"rule:{rule}"


def test_greedy_takes_the_asked_volume_or_nothing_but_what_is_pinned_at_any():
    big = make_proposal(
        "U-1", RT, "koperasi", 10 * MILLION, volume=Fraction(4), least=Fraction(1), step=Fraction(1)
    )
    small = make_proposal("U-2", RT, "koperasi", 5 * MILLION)
    scenario = one_unit([big, small], (9, 1))
    assert chosen(greedy(scenario)) == ["U-2"]
    pinned = greedy(scenario.with_pin(Pin("U-1", True, "uji")))
    assert pinned.volumes == {"U-1": 3}


def test_by_order_is_the_stage_order():
    for seed in range(6):
        scenario = random_scenario(seed, "own")
        scenario = replace(scenario, pins=())
        expected = optimize(replace(scenario, stages=(Stage("order"),), joint_share=None))
        plan = by_order(replace(scenario, joint_share=None))
        assert dict(plan.volumes) == dict(expected.volumes)
        assert plan.values["order"] == expected.values["order"]


def test_order_alone_gives_no_support_to_go_by():
    dataset = make_dataset(
        [make_unit(1, 100 * MILLION)], [make_proposal("U-1", RT, "koperasi", MILLION, rank=1)]
    )
    scenario = Scenario("uji", dataset, make_policy([capped("3/10")]))
    assert chosen(by_order(scenario)) == ["U-1"]
    for rule in (greedy, equal_shares):
        with pytest.raises(ScenarioError):
            rule(scenario)


# --- Equal Shares -------------------------------------------------------------------------


def buy(costs, purses, worth):
    found = shared_purchases(
        costs,
        {v: Fraction(p) for v, p in purses.items()},
        {p: {v: Fraction(w) for v, w in voters.items()} for p, voters in worth.items()},
        lambda _: True,
    )
    return [(b.project, b.price, dict(b.payments)) for b in found]


def test_supporters_pay_in_equal_parts():
    # ρ by rupiah: 1 → 60 = 2 · 60ρ, 2 → 30 = 30ρ, 3 → 45 = 3 · 45ρ; the third is cheapest.
    costs = {1: 60, 2: 30, 3: 45}
    worth = {1: {"a": 60, "b": 60}, 2: {"c": 30}, 3: {"a": 45, "b": 45, "c": 45}}
    assert buy(costs, dict.fromkeys("abc", 30), worth) == [
        (3, Fraction(1, 3), {"a": 15, "b": 15, "c": 15})
    ]


def test_who_cannot_pay_its_part_gives_all_it_has():
    # a would owe 20 at ρ = 10, but has 10; b pays the other 20.
    assert buy({1: 30}, {"a": 10, "b": 30}, {1: {"a": 2, "b": 1}}) == [
        (1, Fraction(20), {"a": 10, "b": 20})
    ]


def test_by_cost_and_by_number_differ():
    costs, purses = {1: 60, 2: 20}, {"a": 30, "b": 30}
    by_cost = {1: {"a": 60, "b": 60}, 2: {"a": 20}}
    by_number = {1: {"a": 1, "b": 1}, 2: {"a": 1}}
    assert [p for p, *_ in buy(costs, purses, by_cost)] == [1]
    assert [p for p, *_ in buy(costs, purses, by_number)] == [2]


def test_equal_price_goes_to_the_lower_number():
    worth = {1: {"a": 1}, 2: {"a": 1}}
    assert [p for p, *_ in buy({1: 10, 2: 10}, {"a": 15}, worth)] == [1]


def pooled(counts, prices, **more) -> Scenario:
    """Three RT that each give 30 of their 100 million to the pool."""
    joint = Account(
        "infra/bersama",
        {"id": "bersama"},
        decided_at="kelurahan",
        bounds=(Bound("min", share=Fraction(3, 10)),),
    )
    own = Account("infra/rt", {"id": "rt"}, bounds=(Bound("max", share=Fraction(1, 10)),))
    infra = Account(
        "infra",
        {"id": "infra"},
        bounds=(Bound("max", share=Fraction(2, 5)),),
        children=(joint, own),
    )
    units = [make_unit(n, 100 * MILLION) for n in (1, 2, 3)]
    proposals = [
        make_proposal(i, KELURAHAN, "jalan", c * MILLION, field="infra/bersama", **more.get(i, {}))
        for i, c in prices.items()
    ]
    results = Results(counts=tuple(Count(p, place, n) for p, place, n in counts))
    return Scenario(
        "uji",
        make_dataset(units, proposals, results),
        make_policy([infra]),
        stages=(Stage("support"),),
        counting=Counting.VOTER,
    )


def test_equal_shares_of_the_pool_with_its_completion():
    rt = [f"{KELURAHAN}/01/0{n}" for n in (1, 2, 3)]
    counts = [("U-1", rt[0], 1), ("U-1", rt[1], 1), ("U-2", rt[2], 9)]
    counts += [("U-3", unit, 1) for unit in rt] + [("U-4", rt[0], 3)]
    scenario = pooled(counts, {"U-1": 60, "U-2": 30, "U-3": 45, "U-4": 40})
    plan = equal_shares(scenario)
    # U-2: ρ = 30/270 = 1/9 by RT 3 alone, which then has nothing left. U-4 asks 40 of RT 1, which
    # has 30. U-3: RT 1 and 2 owe 22.5 each (ρ = 1/2), as U-1 does with 30 each (ρ = 1/2): the
    # lower id wins and all purses are empty. Nothing is left to complete.
    assert chosen(plan) == ["U-1", "U-2"]
    # Greedy by support: U-2 (9), then U-3 (3, lower id than U-4's 3), then nothing of 15 left.
    assert chosen(greedy(scenario)) == ["U-2", "U-3"]


def test_what_purses_cannot_buy_is_completed_by_support():
    rt = [f"{KELURAHAN}/01/0{n}" for n in (1, 2, 3)]
    scenario = pooled(
        [("U-1", rt[0], 2), ("U-2", rt[1], 1), ("U-3", rt[2], 1)],
        {"U-1": 50, "U-2": 35, "U-3": 40},
    )
    # Nobody can pay 35 or more alone; by support U-1 and then U-2 fit in 90.
    assert chosen(equal_shares(scenario)) == ["U-1", "U-2"]


def test_without_support_of_any_unit_those_served_support():
    rt = [f"{KELURAHAN}/01/0{n}" for n in (1, 2, 3)]
    counts = [("U-1", KELURAHAN, 1), ("U-2", KELURAHAN, 5)]
    served = {"U-1": {"beneficiaries": tuple(rt[:2])}, "U-2": {"beneficiaries": (rt[2],)}}
    scenario = pooled(counts, {"U-1": 60, "U-2": 40}, **served)
    plan = equal_shares(scenario)
    assert chosen(plan) == ["U-1"]
    assert "practice.note.beneficiaries" in plan.answer.notes
    assert chosen(greedy(scenario)) == ["U-2"]


@pytest.mark.parametrize("seed", range(25))
def test_no_rule_beats_the_optimum(seed):
    scenario = replace(random_scenario(seed), stages=(Stage("support"),), order_as_borda=True)
    try:
        solve(compile_scenario(scenario))
    except (InfeasiblePart, ScenarioError):
        return
    best = optimize(scenario)
    for rule in (greedy, equal_shares):
        try:
            plan = rule(scenario)
        except ScenarioError as error:
            assert error.code in {"practice_pins", "practice_needs_support"}
            continue
        assert (plan.values["mandatory"], plan.values["support"]) <= (
            best.values["mandatory"],
            best.values["support"],
        )

"""Sweeps, grids, levers and prices of rules: every point as if it had been solved alone."""

from __future__ import annotations

import pickle
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from instances import (
    KELURAHAN,
    SHAPES,
    make_dataset,
    make_policy,
    make_proposal,
    make_unit,
)
from oracle import solve_exhaustive
from whatif_cases import plans, small

import optimizer as ob
from optimizer.errors import Infeasible, PolicyError, ScenarioError
from optimizer.files.scenarios import load_scenario, vary
from optimizer.formulation.compile import compile_scenario
from optimizer.planning import optimize
from optimizer.record.meetings import Count, Results
from optimizer.record.policy import Account, ItemRule, RuleKind
from optimizer.record.scenario import Scenario, Stage, override
from optimizer.solving.dispatch import solve
from optimizer.solving.memory import PartMemory, content, cut_out
from optimizer.solving.outcome import InfeasiblePart
from optimizer.whatif import grid, parse_vary, sweep
from optimizer.whatif.points import Evaluate
from optimizer.whatif.price_limit import price_limit
from optimizer.whatif.prices_of_rules import field_prices, prices_of_rules, rules_of
from optimizer.whatif.run import map_points
from optimizer.whatif.tornado import Lever, default_levers, tornado
from optimizer.words import Words

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def kaliombo() -> Scenario:
    return load_scenario(ROOT / "scenarios" / "kaliombo-2023-dukungan.yaml")


# --- values -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "path", "values"),
    [
        ("pagu=-50%:50%:3", "pagu", ("-50%", "0%", "50%")),
        ("joint_share=0.3:0.4:3", "joint_share", ("0.3", "0.35", "0.4")),
        ("objective.evenness=0:1:3", "objective.evenness", ("0", "0.5", "1")),
        ("count=voter, rt", "count", ("voter", "rt")),
        ("prices=0:1:4", "prices", ("0", "0.333333", "0.666667", "1")),
        ("proposals.U-1.unit_price=1:2000:3", "proposals.U-1.unit_price", ("1", "1000", "2000")),
        ("pagu=75000000,75000000", "pagu", ("75000000",)),
    ],
)
def test_variations_are_read(text: str, path: str, values: tuple[str, ...]) -> None:
    assert parse_vary(text) == (path, values)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "vary_form"),
        ("pagu", "vary_form"),
        ("=1,2", "vary_form"),
        ("pagu=", "vary_form"),
        ("pagu=1,,2", "vary_form"),
        ("pagu=a:b:3", "vary_form"),
        ("pagu=1:2:x", "vary_form"),
        ("pagu=1:2:1", "vary_points"),
        ("pagu=1:2:1000000000", "vary_points"),
    ],
)
def test_variations_that_cannot_be_read_are_refused(text: str, code: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        parse_vary(text)
    assert refused.value.code == code


# --- parts --------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_remembered_parts_answer_like_solving_anew(shape: str) -> None:
    memory = PartMemory()
    for seed in range(12):
        problem = compile_scenario(small(seed, shape))
        try:
            expected = solve(problem)
        except InfeasiblePart:
            with pytest.raises(InfeasiblePart):
                memory.of_problem(problem)
            continue
        solved = memory.solved
        for _ in range(2):
            found = memory.of_problem(problem)
            assert found.levels == expected.levels
            assert found.proofs == expected.proofs
        assert memory.solved - solved <= len(problem.parts), "the second time nothing is solved"


def test_what_a_part_is_does_not_depend_on_names() -> None:
    scenario = small(3, "shared")
    problem = compile_scenario(scenario)
    renamed = compile_scenario(override(scenario, "pagu", "0%"))
    for part, other in zip(problem.parts, renamed.parts, strict=True):
        assert content(cut_out(problem, part)) == content(cut_out(renamed, other))
    dearer = compile_scenario(override(scenario, "prices", "+1%"))
    assert any(
        content(cut_out(problem, part)) != content(cut_out(dearer, other))
        for part, other in zip(problem.parts, dearer.parts, strict=True)
    )


def test_a_change_in_one_rt_solves_one_part(kaliombo: Scenario) -> None:
    memory = PartMemory()
    plan = optimize(kaliombo, solver=memory.of_problem)
    before = memory.solved
    own = next(p for p in plan.chosen if p.level == "rt" and p.unit_price > 1000)
    changed = override(kaliombo, f"proposals.{own.id}.unit_price", str(own.unit_price + 1000))
    optimize(changed, solver=memory.of_problem)
    assert memory.solved == before + 1


# --- sweeps -------------------------------------------------------------------------------

VARIED = {
    "pagu": ("-60%", "-20%", "0%", "30%"),
    "prices": ("-10%", "0.5", "+50%"),
    "policy.infra.max": ("0.05", "0.2", "0.9"),
    "policy.sehat.min": ("0.05", "0.3"),
}


@pytest.mark.parametrize("path", VARIED)
def test_points_are_what_exhaustive_search_finds(path: str) -> None:
    seen: set[str] = set()
    for seed in range(14):
        scenario = small(seed, "any")
        if scenario.policy.by_id["infra"].children and path == "policy.infra.max":
            continue
        try:
            found = sweep(scenario, path, VARIED[path])
        except (PolicyError, ScenarioError):
            continue  # not one value can be used
        for value, point in zip(VARIED[path], found.points, strict=True):
            seen.add(point.outcome)
            if point.outcome == "refused":
                assert point.reason
                continue
            problem = compile_scenario(vary(scenario, path, value))
            try:
                answers = [solve_exhaustive(problem, part) for part in problem.parts]
            except InfeasiblePart:
                assert point.outcome == "infeasible"
                assert Words().tell(point.reason) != Words("en").tell(point.reason)
                continue
            assert point.outcome == "optimal"
            inside = {
                problem.items[i].id for a in answers for i, level in a.levels.items() if level
            }
            assert set(point.volumes or ()) == inside
    assert "optimal" in seen


def test_an_impossible_point_is_marked_and_the_sweep_goes_on(kaliombo: Scenario) -> None:
    found = ob.sweep(kaliombo, "joint_share", ["0.25", "0.3", "7", "0.35"])
    table = found.table
    assert list(table["outcome"]) == ["infeasible", "optimal", "refused", "optimal"]
    assert found.complete
    reasons = list(table["reason"])
    assert "Infrastruktur" in reasons[0] and "joint_share" in reasons[2]
    assert not reasons[1] and not reasons[3]
    assert pd.isna(table["support"][0]) and pd.isna(table["entered"][0])
    assert table["entered"][1] == 0 and table["left"][1] == 0
    step = found.steps
    assert set(step["before"]) == {"0.3"} and set(step["after"]) == {"0.35"}
    at = dict(zip(found.table["joint_share"], found.points, strict=True))
    gone = set(at["0.3"].volumes or ()) - set(at["0.35"].volumes or ())
    assert set(step[step["change"] == "leaves"]["id"]) == gone


def test_support_never_falls_when_there_is_more_money(kaliombo: Scenario) -> None:
    table = sweep(kaliombo, *parse_vary("pagu=-50%:0%:4")).table
    assert table["support"].is_monotonic_increasing
    assert table["support"].nunique() == 4


def test_the_order_of_points_changes_nothing(kaliombo: Scenario) -> None:
    values = ["-30%", "-10%", "5%"]
    there = sweep(kaliombo, "pagu", values).points
    back = sweep(kaliombo, "pagu", values[::-1]).points
    assert there == back[::-1]


def test_readings_years_and_ways_of_counting_are_paths(kaliombo: Scenario) -> None:
    found = grid(kaliombo, "policy", ["kediri-2023-paling-banyak"], "count", ["rt", "voter"])
    assert [dict(p.changes)["count"] for p in found.points] == ["rt", "voter"]
    assert [p.outcome for p in found.points] == ["optimal"] * 2
    assert found.steps.empty
    alone = load_scenario(ROOT / "scenarios" / "kaliombo-2023-paling-banyak-dukungan.yaml")
    assert found.points[0].volumes == optimize(alone).volumes


def test_unknown_paths_are_refused_with_the_nearest(kaliombo: Scenario) -> None:
    with pytest.raises(ScenarioError) as refused:
        sweep(kaliombo, "policy.kesehata.max", ["0.3"])
    assert refused.value.code == "unknown_path"
    assert refused.value.data["near"] == "policy.kesehatan.max"
    with pytest.raises(ScenarioError) as refused:
        sweep(kaliombo, "joint_share", ["7", "-1"])
    assert refused.value.code == "value_out_of_range", "not one value can be used"
    with pytest.raises(ScenarioError, match="evenness"):
        sweep(kaliombo, "objective.evenness", ["0.5"])


def test_absurd_values_are_refused_and_never_solved(kaliombo: Scenario) -> None:
    values = ["nan", "1e30", "1e400", "-5", "abc", "0", "-101%", "0%"]
    found = sweep(kaliombo, "pagu", values)
    outcomes = dict(zip(values, (p.outcome for p in found.points), strict=True))
    assert outcomes.pop("0%") == "optimal"
    assert outcomes.pop("0") in {"optimal", "infeasible"}
    assert set(outcomes.values()) == {"refused"}
    reducible = next(p for p in kaliombo.dataset.proposals if p.least < p.volume)
    path = f"proposals.{reducible.id}.volume"
    found = sweep(kaliombo, path, [str(reducible.volume), "1e20"])
    assert [p.outcome for p in found.points] == ["optimal", "refused"]


# --- running ------------------------------------------------------------------------------


def test_ctrl_c_keeps_what_is_done() -> None:
    def evaluate(point: int) -> int:
        if point == 3:
            raise KeyboardInterrupt
        return point * point

    reports: list[tuple[int, int]] = []
    done = map_points(evaluate, range(6), lambda d, n: reports.append((d, n)))
    assert done == {0: 0, 1: 1, 2: 4}
    assert reports == [(1, 6), (2, 6), (3, 6)]


def test_a_sweep_can_be_stopped(kaliombo: Scenario) -> None:
    calls: list[None] = []

    def stop() -> bool:
        calls.append(None)
        return len(calls) > 1

    found = sweep(kaliombo, "pagu", ["-10%", "0%", "10%"], stop=stop)
    assert not found.complete
    assert len(found.points) == 1 and found.asked == 3
    assert len(found.table) == 1


def test_work_can_travel_to_another_process() -> None:
    evaluate = Evaluate(small(5, "support"))
    here = evaluate((("pagu", "-10%"),))
    sent = pickle.loads(pickle.dumps(evaluate))
    assert sent.memory.solved == 0
    assert sent((("pagu", "-10%"),)) == here
    assert pickle.loads(pickle.dumps(here)) == here


# --- levers -------------------------------------------------------------------------------


def test_levers_are_sorted_by_what_they_move() -> None:
    scenario = small(11, "support")
    table = tornado(scenario)
    assert list(table["swing"]) == sorted(table["swing"], reverse=True)
    assert {"pagu", "prices"} <= set(table["path"])
    for row in table.to_dict("records"):
        for end in ("low", "high"):
            try:
                plan = optimize(vary(scenario, row["path"], row[end]))
            except (Infeasible, PolicyError):
                assert row[f"outcome_{end}"] in {"infeasible", "refused"} and row["reason_id"]
                continue
            support = sum(
                item.support.at(plan.answer.levels.get(i, 0))
                for i, item in enumerate(plan.problem.items)
            )
            assert row[f"at_{end}"] == pytest.approx(support / 10**6)


def test_levers_and_measures_can_be_chosen(kaliombo: Scenario) -> None:
    table = tornado(kaliombo, [Lever("pagu", "-5%", "5%")], "spent")
    assert list(table["measure"]) == ["spent"]
    assert table["at_low"][0] < table["base"][0] < table["at_high"][0]
    with pytest.raises(ScenarioError) as refused:
        tornado(kaliombo, [], "suport")
    assert refused.value.data["near"] == "support"
    with pytest.raises(ScenarioError, match="pagu"):
        tornado(kaliombo, [Lever("pagus", "1", "2")])


def test_default_levers_name_what_can_be_varied(kaliombo: Scenario) -> None:
    levers = default_levers(kaliombo)
    assert Lever("joint_share", "0.3", "0.35") in levers
    assert Lever("policy.kesehatan.max", "0.35", "0.45") in levers
    assert not any("evenness" in lever.path for lever in levers)
    merata = load_scenario(ROOT / "scenarios" / "kaliombo-2023-merata.yaml")
    assert Lever("objective.evenness", "0", "1") in default_levers(merata)


# --- rising prices ------------------------------------------------------------------------


def test_prices_may_rise_exactly_so_far() -> None:
    risen = 0
    for seed, scenario, plan in plans("any", range(40)):
        found = price_limit(plan)
        if found.rise is None:
            assert not plan.chosen or sum(plan.cost(p) for p in plan.chosen) == 0
            continue
        per_mille = int(found.rise * 1000)
        breaks = []
        for k in (0, per_mille // 2, per_mille, per_mille + 1, per_mille + 7):
            dearer = override(scenario, "prices", str(1 + k / 1000))
            problem = compile_scenario(dearer, plan.joint_shares)
            levels = plan.answer.levels
            breaks.append(any(problem.broken(part, levels) for part in problem.parts))
        assert breaks == [False, False, False, True, True], seed
        assert found.breaks and all(Words().tell(said) for _, said in found.breaks)
        risen += per_mille > 0
    assert risen > 10


def test_prices_that_make_a_unit_better_off_alone_break_the_plan() -> None:
    """Alone RT 1 pays for its own PMT, until that is too dear; then it could have the channel."""
    rt, rw = f"{KELURAHAN}/01/01", f"{KELURAHAN}/01"
    proposals = [
        make_proposal("U-1", rt, "pmt", 95),
        make_proposal("U-2", rt, "jalan", 40),
        make_proposal("U-3", rt, "saluran", 85),
        make_proposal("U-4", rw, "pmt", 60),
        make_proposal("U-5", f"{rw}/02", "pmt", 95),
    ]
    counts = (Count("U-2", rt, 10), Count("U-3", rt, 15), Count("U-1", rt, 0))
    units = [make_unit(1, 100), make_unit(2, 100)]
    data = make_dataset(units, proposals, Results(counts=counts))
    accounts = [Account(name, {"id": name}) for name in ("infra", "sehat")]
    pmt = ItemRule("pmt", RuleKind.MANDATORY, ("pmt",))
    scenario = Scenario("uji", data, make_policy(accounts, [pmt]), (Stage("support"),))
    plan = optimize(scenario)
    assert set(plan.volumes) == {"U-2", "U-4"}
    assert price_limit(plan).rise == Fraction(425, 1000), "40 and half of 60, rounded up"
    fair = optimize(replace(scenario, alone=True))
    assert fair.volumes == plan.volumes
    found = price_limit(fair)
    assert found.rise == Fraction(52, 1000), "95 × 1.053 is more than 100"
    ((place, said),) = found.breaks
    assert place == rt and "bila sendiri" in Words().tell(said)


def test_a_list_that_dearer_prices_lift_to_a_minimum_is_held_to_it() -> None:
    """Between 3.5 % and 6 % the list reaches the minimum and the plan's one item does not."""
    rt = f"{KELURAHAN}/01/01"
    proposals = [make_proposal("U-1", rt, "jalan", 944), make_proposal("U-2", rt, "jalan", 22)]
    counts = (Count("U-1", rt, 5), Count("U-2", rt, 1))
    data = make_dataset([make_unit(1, 5_000)], proposals, Results(counts=counts))
    rules = [
        ItemRule("least", RuleKind.RUPIAH, ("jalan",), minimum=Fraction(1_000)),
        ItemRule("once", RuleKind.ONCE, ("jalan",)),
    ]
    policy = make_policy([Account("infra", {"id": "infra"})], rules)
    plan = optimize(Scenario("uji", data, policy, (Stage("support"),)))
    assert set(plan.volumes) == {"U-1"}

    def broken(k: int) -> bool:
        problem = compile_scenario(override(plan.scenario, "prices", str(1 + k / 1000)))
        return bool(problem.broken(problem.parts[0], plan.answer.levels))

    first = next(k for k in range(100) if broken(k))
    assert not broken(32) and not broken(64) and 32 < first < 64
    found = price_limit(plan)
    assert found.rise == Fraction(first - 1, 1000)
    assert found.breaks


def test_a_plan_without_cost_never_breaks() -> None:
    free = override(small(2, "plain"), "prices", "0")
    assert price_limit(optimize(free)).rise is None


def test_two_numbers_of_a_grid_are_two() -> None:
    with pytest.raises(ScenarioError) as refused:
        grid(small(1, "plain"), "pagu", ["-10%", "0%"], "pagu", ["0%", "10%"])
    assert refused.value.code == "vary_twice"
    assert "--vary pagu=-10%,0%,10%" in refused.value.message()


# --- prices of rules ----------------------------------------------------------------------


def test_each_rule_is_priced_by_solving_without_it() -> None:
    gained = 0
    for _, scenario, plan in plans("support", range(8)):
        table = prices_of_rules(scenario).set_index("rule")
        assert set(table.index) == {p.rule for p in rules_of(scenario.policy)}
        pooled = {a.id.replace("/", ".") for a in scenario.policy.pools}
        for account in scenario.policy.by_id.values():
            name = account.id.replace("/", ".")
            for bound in account.bounds:
                if name in pooled:
                    continue
                free = scenario.policy.without_bound(account.id, bound.side)
                other = optimize(Scenario(**{**vars(scenario), "policy": free}))
                change = other.values["support"] - plan.values["support"]
                priced = table["support"][f"{name}.{bound.side}"]
                assert priced == pytest.approx(change / 10**6, abs=1e-5)
                if other.values["mandatory"] == plan.values["mandatory"]:
                    assert change >= 0
                gained += change > 0
    assert gained


def test_rules_have_a_price_without_votes() -> None:
    scenario = load_scenario(ROOT / "scenarios" / "kaliombo-2023.yaml")
    bare = scenario.dataset.__class__.build(
        scenario.dataset.meta,
        scenario.dataset.territory,
        scenario.dataset.proposals,
        letters=scenario.dataset.letters,
    )
    scenario = Scenario(**{**vars(scenario), "dataset": bare})
    table = prices_of_rules(scenario).set_index("rule")
    assert table["support"].isna().all()
    assert (table["outcome"] == "optimal").all()
    # Without the duty to propose something in each field, no letter about it is needed.
    assert table["letters"]["rule.satu_tiap_bidang"] < 0
    assert table["units_touched"]["infrastruktur.exact"] == 47
    assert "40%" in table["name_id"]["infrastruktur.exact"]
    assert table["article"]["rule.jkn"] == "20(1)a"


def test_field_prices_stand_beside_their_duals(kaliombo: Scenario) -> None:
    table = field_prices(kaliombo, amount=1_000_000)
    assert len(set(table["unit"])) == 47
    agreed = table[table["agrees"]]
    assert len(agreed) > 100
    assert (agreed["gain"] - agreed["dual"]).abs().max() < 1e-3
    caps = table[(table["side"] == "max") & table["gain"].notna()]
    assert (caps["gain"] >= 0).all(), "a wider cap never makes it worse"


def test_prices_and_votes_of_an_impossible_scenario_are_refused(kaliombo: Scenario) -> None:
    impossible = override(kaliombo, "joint_share", "0.2")
    with pytest.raises(Infeasible):
        prices_of_rules(impossible)
    assert sweep(impossible, "pagu", ["0%"]).base.outcome == "infeasible"

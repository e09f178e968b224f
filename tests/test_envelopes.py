"""The linear core of a scenario: proof, judge, sensitivity, and the same figures everywhere."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from cli_runs import rembug

import optimizer as ob
from optimizer.errors import Infeasible, PlanRejected
from optimizer.files.scenarios import load_scenario
from optimizer.plan import Plan
from optimizer.record.scenario import override
from optimizer.rules import check_fields
from optimizer.solving.field_duals import values
from optimizer.words import Words

SCENARIOS = Path(__file__).parents[1] / "scenarios"
NAMES = ("kaliombo-2023-bidang-0", "kaliombo-2023-bidang", "kaliombo-2023-bidang-1")


@pytest.fixture(scope="module", params=NAMES)
def plan(request) -> Plan:
    return ob.optimize(load_scenario(SCENARIOS / f"{request.param}.yaml"))


def test_value_and_bound_meet_and_stand_in_the_record(plan):
    assert plan.fields.value == plan.fields.bound > 0
    record = plan.to_dict()
    assert record["objective"]["priorities"] == record["bound"]["priorities"] > 0
    assert record["gap"] == 0
    assert record["funded"] == []
    assert set(record["weights"].values()) == {"votes", "support", "lists"}
    held = {(row["unit"], row["account"]): row["money"] for row in record["envelopes"]}
    assert sum(held.values()) + sum(plan.fields.idle.values()) == 47 * 100_000_000


def test_activities_are_inside_the_envelopes_of_a_plan():
    plan = ob.optimize(load_scenario(SCENARIOS / "kaliombo-2023.yaml"))
    frame = plan.envelopes
    assert (frame["beyond"] >= 0).all()
    assert (frame["activities"] > 0).any()
    assert (frame["money"] == frame["activities"] + frame["beyond"]).all()


# --- the judge ------------------------------------------------------------------------------


def judged(plan, value=None, **changes):
    """Have the claims of one unit judged with some of them changed."""
    fields = plan.fields
    unit = plan.scenario.dataset.territory.units[0].id
    claims = {**fields.claims, unit: replace(fields.claims[unit], **changes)}
    check_fields(plan.scenario, plan.listed, claims, fields.value if value is None else value)


def test_the_judge_passes_what_is_right(plan):
    judged(plan)


def test_the_judge_refuses_wrong_envelopes_prices_and_values(plan):
    claim = plan.fields.claims[plan.scenario.dataset.territory.units[0].id]
    money = dict(claim.money)
    best = max((m for m in money if not m.startswith("infrastruktur")), key=money.__getitem__)
    wrong = [
        {"money": {**money, best: money[best] - 1}},  # not the best
        {"money": {**money, best: money[best] + 50_000_000}},  # over its cap and the pagu
        {"money": {**money, "infrastruktur/bersama": 0}},  # not the joint share
        {"money": {**money, "seni": 1}},
        {"pagu": claim.pagu + 1},
        {"pagu": Fraction(-1)},
        {"least": {**claim.least, best: Fraction(1)}},
        {"most": {**claim.most, best: claim.most.get(best, 0) + Fraction(1, 10**9)}},
    ]
    for change in wrong:
        with pytest.raises(PlanRejected):
            judged(plan, **change)
    with pytest.raises(PlanRejected):
        judged(plan, value=plan.fields.value + Fraction(1, 10**12))


# --- sensitivity ----------------------------------------------------------------------------


def test_a_point_more_is_what_solving_the_changed_policy_gives():
    scenario = load_scenario(SCENARIOS / "kaliombo-2023-bidang.yaml")
    plan = ob.optimize(scenario)
    points = {(p.account, p.side): p for p in plan.fields.points()}
    for account, share in (("kesehatan", "0.41"), ("pendidikan", "0.21"), ("ekonomi", "0.31")):
        wider = ob.optimize(override(scenario, f"policy.{account}.max", share))
        assert points[account, "max"].more == wider.fields.value - plan.fields.value > 0
    less = ob.optimize(override(scenario, "policy.kesehatan.max", "0.39"))
    assert points["kesehatan", "max"].less == less.fields.value - plan.fields.value < 0


def test_prices_hold_over_their_range():
    scenario = load_scenario(SCENARIOS / "kaliombo-2023-bidang.yaml")
    fields = ob.optimize(scenario).fields
    of_health = [p for p in fields.prices if (p.account, p.side) == ("kesehatan", "max")]
    price = next(p for p in of_health if p.end > 40_000_000)
    at = 40_000_000
    assert price.start <= at < price.end
    unit = fields.program.units.index(price.unit)
    node = fields.program.tree.ids.index("kesehatan")
    change = fields.program.budgets * 0
    change[unit] = price.end - at
    after = fields.program.moved(node, "max", change)
    gain = fields.added(values(after, after.solve())) - fields.value
    assert gain * 10**6 * 10**6 == price.price * (price.end - at)


# --- everywhere the same ----------------------------------------------------------------------


def test_every_output_holds_the_same_envelopes(tmp_path):
    done = rembug("plan", SCENARIOS / "kaliombo-2023-bidang.yaml", "--out", tmp_path)
    assert done.exit_code == 0
    record = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    money = {(e["unit"], e["account"]): e["money"] for e in record["envelopes"]}
    names = {"Kesehatan": "kesehatan", "Ekonomi": "ekonomi", "Kepemudaan": "kepemudaan"}
    with (tmp_path / "alokasi.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    assert len(rows) == 47
    for heading, account in names.items():
        for row in rows:
            rt, rw = row["RT/RW"].split("/")
            held = money[f"Kaliombo/{rw}/{rt}", account]
            assert int(row[f"Amplop: {heading} (Rp)"]) == held
        total = sum(n for (_, a), n in money.items() if a == account)
        printed = f"Rp{total:,}".replace(",", ".")
        assert total
        assert any(heading in line and printed in line for line in done.stdout.splitlines())
    assert "Usulan" not in done.stdout.split("Perlu")[0].split("Amplop menurut bidang")[0]


def test_minima_that_do_not_fit_name_the_unit(tmp_path):
    scenario = load_scenario(SCENARIOS / "kaliombo-2023-bidang.yaml")
    for field in ("kesehatan", "ekonomi", "pendidikan"):
        scenario = override(scenario, f"policy.{field}.min", "0.2")
    scenario = override(scenario, "policy.sosial_budaya.min", "0.1")
    with pytest.raises(Infeasible) as caught:
        ob.optimize(scenario)
    assert "RT 01/RW 01" in caught.value.message(Words())

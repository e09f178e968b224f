"""The figures of a comparison against a small case worked by hand, and Kaliombo."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from instances import KELURAHAN, make_dataset, make_policy, make_proposal, make_unit
from typer.testing import CliRunner

import optimizer as ob
from optimizer.cli import compare as command
from optimizer.cli.program import Program
from optimizer.compare import DatasetMismatch, compare
from optimizer.errors import RembugError
from optimizer.measures import gini, measures
from optimizer.planning import optimize
from optimizer.practice import by_order, greedy
from optimizer.record.meetings import Count, Counting, Results
from optimizer.record.policy import Account, Bound
from optimizer.record.scenario import Pin, Scenario, Stage, override
from optimizer.words import Words

MILLION = 10**6
RT1, RT2 = f"{KELURAHAN}/01/01", f"{KELURAHAN}/02/02"


def small() -> Scenario:
    """Two RT in two RW, a pool of 20 and an economy of at most 10 million each."""
    joint = Account(
        "infra/bersama",
        {"id": "bersama", "en": "joint"},
        decided_at="kelurahan",
        bounds=(Bound("min", share=Fraction(1, 10)),),
    )
    infra = Account(
        "infra",
        {"id": "infra", "en": "infra"},
        bounds=(Bound("max", share=Fraction(1, 5)),),
        children=(
            joint,
            Account("infra/rt", {"id": "rt", "en": "rt"}, bounds=()),
        ),
    )
    economy = Account(
        "ekonomi",
        {"id": "ekonomi", "en": "economy"},
        bounds=(
            Bound("max", share=Fraction(1, 10)),
            Bound("min", share=Fraction(1, 20), waivable=True, letter="E"),
        ),
    )
    proposals = [
        make_proposal("U-1", RT1, "koperasi", 9 * MILLION, rank=1),
        make_proposal(
            "U-2",
            RT1,
            "koperasi",
            2 * MILLION,
            rank=2,
            volume=Fraction(5),
            least=Fraction(1),
            step=Fraction(1),
        ),
        make_proposal("U-3", RT2, "koperasi", 4 * MILLION, rank=1),
        make_proposal(
            "U-4",
            KELURAHAN,
            "jalan",
            18 * MILLION,
            field="infra/bersama",
            rank=1,
            beneficiaries=(RT1,),
        ),
    ]
    counts = [("U-1", RT1, 4), ("U-2", RT1, 10), ("U-3", RT2, 3), ("U-4", KELURAHAN, 2)]
    units = [make_unit(1, 100 * MILLION, families=40), make_unit(2, 100 * MILLION, 2, families=10)]
    return Scenario(
        "uji",
        make_dataset(units, proposals, Results(counts=tuple(Count(*c) for c in counts))),
        make_policy([infra, economy]),
        stages=(Stage("support"),),
        counting=Counting.VOTER,
    )


def test_the_figures_of_a_small_case():
    plan = optimize(small())
    # RT 1: all of U-2 (10, Rp10 million) rather than U-1 (4). RT 2: U-3. The pool: U-4.
    assert dict(plan.volumes) == {"U-2": 5, "U-3": 1, "U-4": 1}
    found = measures(plan)
    assert found.support == 10 + 3 + 2
    assert found.support_cost == (10 * 10 + 3 * 4 + 2 * 18) * MILLION
    # First items: U-1 is out, U-3 and U-4 are in.
    assert (found.first_priorities, found.lists) == (2, 3)
    # RT 2 has 4 of at least 5 million: a finding with letter E.
    assert (found.findings, found.letters) == (1, 1)
    assert (found.families_served, found.families) == (50, 50)
    # RT 1 could have at most U-2 in full, RT 2 U-3.
    assert (found.least_rt, found.least_rw) == (1000, 1000)
    # Per family RT 1 gets (10 + 18)/40 = 0.7, RT 2 4/10 = 0.4: |0.3| · 2 ÷ (2 · 4 · mean 0.55).
    assert found.inequality == Fraction(3, 22)
    assert (found.spent, found.spent_per_family) == (32 * MILLION, 640_000)
    # RT 1: 100 − 10 − 10; RT 2: 100 − 10 − 4, of which 1 is held for the minimum.
    assert (found.unassigned, found.reserved) == ((80 + 85) * MILLION, MILLION)
    assert (found.pool_unspent, found.idle) == (2 * MILLION, 168 * MILLION)
    assert (found.joint_in, found.joint, found.proposals) == (1, 1, 3)


def test_differences_are_from_the_first_plan():
    scenario = small()
    by_list = by_order(scenario)
    # By order U-1 (9) comes first and U-2 no longer fits in 10.
    assert dict(by_list.volumes) == {"U-1": 1, "U-3": 1, "U-4": 1}
    cheaper = optimize(override(scenario, "policy.ekonomi.max", "0.08"))
    found = compare([optimize(scenario), by_list, cheaper])
    assert found.names == ("uji", "uji (rule:order)", "uji (2)")
    rows = [
        (r["plan"], r["id"], r["change"], r["before"], r["after"], r["cost_after"])
        for r in found.differences.to_dict("records")
    ]
    assert rows == [
        ("uji (rule:order)", "U-1", "enter", 0, 1, 9 * MILLION),
        ("uji (rule:order)", "U-2", "leave", 5, 0, 0),
        ("uji (2)", "U-2", "less", 5, 4, 8 * MILLION),
    ]
    support = found.table[found.table["measure"] == "support"]["value"]
    assert list(support) == [15, 9, 13]
    least = found.table[found.table["measure"] == "least_rt"]["value"]
    # RT 1 gets 4 of the 10 that it could have; in the third, 8 of 8 million are the most.
    assert list(least) == [1000, 400, 1000]


def test_fields_stand_against_their_bounds():
    fields = compare([optimize(small())]).fields.set_index("account")
    economy = fields.loc["ekonomi"]
    assert (economy["programmed"], economy["least"], economy["most"]) == (
        14 * MILLION,
        10 * MILLION,
        20 * MILLION,
    )
    assert economy["share"] == Fraction(14, 200)
    # Nothing of its own bounds the joint account from above, but its parent does.
    assert fields.loc["infra/bersama", "most"] == 40 * MILLION


def test_without_support_nothing_is_made_up():
    scenario = small()
    silent = replace(scenario, dataset=replace(scenario.dataset, results=Results()))
    found = measures(optimize(replace(silent, stages=(Stage("order"),))))
    assert (found.support, found.support_cost) == (None, None)
    assert (found.least_rt, found.least_rw) == (None, None)
    assert found.spent == 31 * MILLION


def test_votes_of_some_lists_are_no_total():
    scenario = replace(small(), stages=(Stage("order"),))
    counts = tuple(c for c in scenario.dataset.results.counts if c.place == RT1)
    partly = replace(scenario, dataset=replace(scenario.dataset, results=Results(counts=counts)))
    found = measures(optimize(partly))
    assert (found.support, found.support_cost) == (None, None)
    # RT 1 has votes of its own: by order it gets 4 of the 10 it could have.
    assert found.least_rt == 400
    by_list = measures(optimize(replace(partly, order_as_borda=True)))
    assert by_list.support == 4 + 1 + 1


def test_one_way_of_counting_for_all():
    scenario = small()
    voters, units = optimize(scenario), optimize(replace(scenario, counting=Counting.RT))
    found = compare([voters, units])
    assert found.measures[0].support == found.measures[1].support == 15


def test_plans_of_different_datasets_are_refused():
    scenario = small()
    other = make_dataset([make_unit(1, MILLION)], [])
    fewer = Scenario("lain", other, scenario.policy, stages=(Stage("order"),))
    with pytest.raises(DatasetMismatch, match="data yang berbeda"):
        compare([optimize(scenario), optimize(fewer)])
    with pytest.raises(RembugError):
        compare([])


def test_gini():
    assert gini([Fraction(3)] * 4) == 0
    assert gini([Fraction(0)] * 3 + [Fraction(5)]) == Fraction(3, 4)
    assert gini([Fraction(0)] * 3) is None
    assert gini([]) is None


def test_the_public_name():
    plan = ob.optimize(small())
    assert ob.compare([plan, plan]).differences.empty


# --- Kaliombo and the command line --------------------------------------------------------


def run(*args: str, lang: str = "id"):
    program = Program(Words(lang))
    command.register(program)
    # A second command, so that typer keeps the name of the first.
    program.command("lain")(lambda: None)
    return CliRunner().invoke(program, ["compare", *args])


def test_what_optimising_brings_in_kaliombo():
    scenario = ob.load_scenario("kaliombo-2023-dukungan")
    best, practised = ob.optimize(scenario), greedy(scenario)
    first, second = ob.compare([best, practised]).measures
    assert first.support > second.support
    for found in (first, second):
        pagu = sum(u.budget for u in scenario.dataset.territory.units)
        assert found.spent + found.idle == pagu
        assert 0 < found.least_rt <= found.least_rw <= 1000


def test_the_command_prints_one_table_with_the_rules():
    result = run("kaliombo-2023-dukungan", "kaliombo-2023", "--rules", "--json")
    assert result.exit_code == 0
    content = json.loads(result.stdout)
    assert [p["solver"].startswith("rule:") for p in content["plans"]] == [False] * 2 + [True] * 3
    assert content["not_computed"] == []
    assert {d["change"] for d in content["differences"]} <= {"enter", "leave", "more", "less"}


def test_the_command_says_what_it_cannot_compute():
    result = run("kaliombo-2023", "--rules")
    assert result.exit_code == 0
    assert "order_as: borda" in result.stdout
    assert "Prioritas pertama" in result.stdout
    english = run("kaliombo-2023", "--rules", "--lang", "en", lang="en")
    assert "First priorities" in english.stdout


def test_one_scenario_alone_is_not_a_comparison():
    assert run("kaliombo-2023").exit_code == 2


def test_pins_show_in_the_difference():
    scenario = small()
    pinned = optimize(scenario.with_pin(Pin("U-1", True, "uji")))
    changes = compare([optimize(scenario), pinned]).differences
    assert list(zip(changes["id"], changes["change"], strict=True)) == [
        ("U-1", "enter"),
        ("U-2", "leave"),
    ]

"""A recorded plan is compared with what its levels give, in every field."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cli_runs import rembug
from equity_cases import equity_scenario
from instances import make_dataset, make_policy, make_proposal, make_unit, random_scenario
from tamperings import Tampering, place, tamperings

from optimizer.files.plans_in import read_record
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.recheck import Doubt, Recheck, rebuild, recheck
from optimizer.record.policy import Account, Bound
from optimizer.record.scenario import Pin, Scenario, Stage
from optimizer.words import Words, languages

ALL = [Words(lang) for lang in languages()]


def small(seed: int, shape: str) -> Scenario:
    """A scenario whose record has something in every field."""
    scenario = random_scenario(seed, shape)
    pinned = next(iter(optimize(scenario).volumes))
    meta = replace(scenario.dataset.meta, made_up={"id": ("semua",), "en": ("all",)})
    return replace(
        scenario,
        dataset=replace(scenario.dataset, meta=meta),
        pins=scenario.pins or (Pin(pinned, True, "uji"),),
        overrides=(("policy.sehat.max", "0.3"),),
    )


SMALL = {
    "order": lambda: small(4, "any"),
    "support and fill": lambda: small(41, "shared"),
    "pool": lambda: small(26, "pool"),
    "equity": lambda: equity_scenario(3),
    "fields": lambda: replace(small(23, "pool"), stages=(Stage("support"), Stage("priorities"))),
}


@cache
def made(name: str) -> tuple[Scenario, Any]:
    scenario = SMALL[name]()
    return scenario, json.loads(json.dumps(optimize(scenario).to_dict()))


@pytest.fixture(autouse=True)
def solved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of files ask for the plan of the same scenario."""
    known: dict[str, Plan] = {}

    def once(scenario: Scenario) -> Plan:
        key = f"{scenario.name} {scenario.sha256()}"
        if key not in known:
            known[key] = optimize(scenario)
        return known[key]

    monkeypatch.setattr(rebuild, "optimize", once)


def found(scenario: Scenario, tree: Any) -> Recheck:
    return recheck(tree, scenario)


def test_the_small_plans_have_something_in_every_field() -> None:
    trees = [made(name)[1] for name in SMALL]
    for key in trees[0]:
        assert any(tree[key] for tree in trees) or key == "gap", key
    rows = [row for tree in trees for row in tree["funded"]]
    assert any(len(row["contributions"]) > 1 for row in rows)
    assert any(isinstance(row["volume"], float) for row in rows)


@pytest.mark.parametrize("name", SMALL)
def test_an_untouched_plan_agrees(name: str) -> None:
    scenario, tree = made(name)
    checked = found(scenario, tree)
    assert checked.agrees
    assert checked.doubt is None


# --- one thing changed ----------------------------------------------------------------------


def is_named(change: Tampering, checked: Recheck) -> bool:
    """Whether a difference stands at the changed place, or at its row or list."""
    places = [place(change.path[:k]) for k in range(1, len(change.path) + 1)]
    at = {d.place for d in checked.differences}
    inside = any(p.startswith(places[-1]) for p in at)
    return inside or not at.isdisjoint(places)


def assert_named(scenario: Scenario, change: Tampering) -> None:
    checked = found(scenario, change.tree)
    assert not checked.agrees, change.kind
    assert is_named(change, checked), (change.kind, place(change.path), checked.differences)
    for difference in checked.differences:
        assert all(words.tell(difference.message) for words in ALL)


def one_of_each_kind(name: str) -> list[Tampering]:
    kinds: dict[str, Tampering] = {}
    for change in tamperings(made(name)[1]):
        kinds.setdefault(change.kind, change)
    return list(kinds.values())


# Of so many kinds of change one is tried in the default run.
ONE_IN = {"order": 3, "support and fill": 8, "pool": 8, "equity": 8, "fields": 8}


@pytest.mark.parametrize("name", SMALL)
def test_every_tampering_is_named(name: str) -> None:
    changes = one_of_each_kind(name)
    assert len(changes) > 300
    assert {str(change.path[0]) for change in changes} >= made(name)[1].keys()
    for change in changes[:: ONE_IN[name]]:
        assert_named(made(name)[0], change)


@pytest.mark.full
@pytest.mark.parametrize("name", SMALL)
def test_every_tampering_of_every_row_is_named(name: str) -> None:
    for change in tamperings(made(name)[1]):
        assert_named(made(name)[0], change)


# --- what is said -----------------------------------------------------------------------------


def told(scenario: Scenario, tree: Any) -> dict[str, str]:
    """Kind of difference by place."""
    return {d.place: d.kind for d in found(scenario, tree).differences}


def changed(name: str, **fields: Any) -> Any:
    return {**made(name)[1], **fields}


def test_a_changed_sum_is_one_difference_at_its_row() -> None:
    scenario, tree = made("order")
    rows = [{**row} for row in tree["funded"]]
    rows[1]["cost"] += 1
    (difference,) = found(scenario, changed("order", funded=rows)).differences
    assert (difference.place, difference.kind) == ("funded[1].cost", "differs")
    assert difference.row == rows[1]["id"]
    assert difference.expected == str(rows[1]["cost"] - 1)


def test_a_row_too_many_is_one_difference() -> None:
    scenario, tree = made("order")
    rows = tree["funded"]
    assert told(scenario, changed("order", funded=[rows[0], *rows])) == {"funded[1]": "row_twice"}
    turned = changed("order", allocations=tree["allocations"][::-1])
    assert told(scenario, turned) == {"allocations": "row_order"}


def test_values_of_the_wrong_kind_are_told_from_wrong_values() -> None:
    scenario, tree = made("order")
    cost = tree["funded"][0]["cost"]
    for value, kind in (
        (str(cost), "type"),
        (float(cost), "type"),
        (True, "type"),
        (None, "type"),
        (float("nan"), "not_a_number"),
        (cost + 1, "differs"),
    ):
        rows = [{**tree["funded"][0], "cost": value}, *tree["funded"][1:]]
        assert told(scenario, changed("order", funded=rows)) == {"funded[0].cost": kind}


def test_a_whole_number_is_a_number_where_a_fraction_may_stand() -> None:
    scenario, tree = made("order")
    assert tree["gap"] == 0.0
    assert found(scenario, changed("order", gap=0)).agrees


def test_another_plan_that_is_right_in_itself_is_named_and_judged() -> None:
    """The second in the place of the first: every sum of the file fits to its levels."""
    wishes = [make_proposal(f"U-{k}", "Uji/01/01", "obat", 25 - 5 * k, rank=k) for k in (1, 2)]
    accounts = [Account("sehat", {"id": "sehat"}, bounds=(Bound("max", rupiah=20),))]
    data = make_dataset([make_unit(1, 100)], wishes)
    scenario = Scenario("uji", data, make_policy(accounts), (Stage("order"),))
    tree = optimize(scenario).to_dict()
    assert [row["id"] for row in tree["funded"]] == ["U-1"]
    other = {**tree, "funded": [{**tree["funded"][0], "id": "U-2"}]}
    checked = found(scenario, json.loads(json.dumps(found(scenario, other).plan.to_dict())))
    assert [(d.kind, d.row) for d in checked.differences] == [
        ("level_out", "U-1"),
        ("level_in", "U-2"),
    ]
    assert checked.rejected is not None
    assert checked.rejected.data["rule"] == "order"
    assert "U-1" in checked.rejected.message()


# --- what cannot be known -----------------------------------------------------------------------


def test_other_inputs_are_said_and_all_else_is_compared() -> None:
    scenario, tree = made("support and fill")
    checked = found(scenario, {**tree, "inputs_sha256": "0" * 64, "title": "x"})
    assert checked.doubt is Doubt.INPUTS
    assert [d.place for d in checked.differences] == ["title", "inputs_sha256"]


def test_under_other_versions_the_proof_is_unknown_and_the_rest_compared() -> None:
    scenario, tree = made("support and fill")
    solver = {**tree["solver"], "highspy": "0.9"}
    bound = {stage: value + 1 for stage, value in tree["bound"].items()}
    claims = {"outcome": "time_limited", "bound": bound, "solver": solver}
    checked = found(scenario, {**tree, **claims, "made_up": []})
    assert checked.doubt is Doubt.VERSIONS
    # The gap still follows from values and bounds.
    assert {d.place for d in checked.differences} == {"gap", "made_up", "solver.highspy"}


def test_a_result_within_a_time_limit_depends_on_the_machine() -> None:
    scenario, tree = made("support and fill")
    limited = replace(scenario, time_limit=60.0)
    assert found(limited, tree).doubt is None
    late = {**tree, "outcome": "time_limited"}
    assert found(limited, late).doubt is Doubt.TIME
    assert [d.place for d in found(scenario, late).differences] == ["outcome"]


# --- files --------------------------------------------------------------------------------------


SHIPPED = sorted(path.stem for path in Path("scenarios").glob("*.yaml"))
QUICK = {"kaliombo-2023", "kaliombo-2023-merata", "kaliombo-2023-aturan-2024"}


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=[] if n in QUICK else pytest.mark.full) for n in SHIPPED],
)
def test_untouched_plans_of_shipped_scenarios_agree(tmp_path: Path, name: str) -> None:
    assert rembug("plan", name, "--out", tmp_path).exit_code == 0
    result = rembug("check", tmp_path / "plan.json", "--scenario", name)
    assert result.exit_code == 0, result.output
    assert "cocok" in result.stdout


def test_what_only_a_text_can_hold_is_read_strictly(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    text = json.dumps(made("order")[1])
    path.write_text(text.replace('"gap": 0.0', '"gap": NaN, "gap": NaN'), "utf-8")
    places = [(d.place, d.kind) for d in found(made("order")[0], read_record(path)).differences]
    assert places == [("gap", "key_twice"), ("gap", "not_a_number")]

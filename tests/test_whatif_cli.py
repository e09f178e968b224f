"""``rembug whatif`` and ``rembug prices``: what they print, write and refuse."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_runs import rembug, rembug_json
from whatif_cases import small

from optimizer.cli import whatif
from optimizer.cli.screen import Screen
from optimizer.cli.whatif_report import print_field_prices, print_rules
from optimizer.whatif.prices_of_rules import field_prices, prices_of_rules
from optimizer.words import Words

SCENARIO = Path(__file__).parents[1] / "scenarios" / "kaliombo-2023-dukungan.yaml"
BY_ORDER = SCENARIO.with_name("kaliombo-2023.yaml")


def test_a_sweep_on_the_screen_and_as_tables(tmp_path: Path) -> None:
    call = ("whatif", SCENARIO, "--vary", "joint_share=0.25,0.3,0.35", "--out", tmp_path / "hasil")
    run = rembug(*call)
    assert run.exit_code == 0
    assert "SIMULASI" in run.stdout and "tidak mungkin" in run.stdout
    assert "Yang memutuskan" in run.stdout and "DATA CONTOH BUATAN" in run.stdout
    assert "joint_share = 0.25: Permintaan ini tidak dapat dipenuhi" in run.stdout
    lines = (tmp_path / "hasil" / "sweep.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == 4 and lines[0].startswith("joint_share;outcome;reason")
    assert (tmp_path / "hasil" / "steps.csv").exists()


def test_a_sweep_as_json_says_what_it_is() -> None:
    call = ("whatif", SCENARIO, "--vary", "prices=-5%,0%", "--near", "0", "--price-limit")
    document = rembug_json(*call, "--lang", "en")
    assert document["schema"] == "rembug-whatif/1" and document["title"] == "SIMULASI"
    assert document["complete"] and document["made_up"]
    first, second = document["sweep"]["points"]
    assert first["prices"] == "-5%" and first["support"] > second["support"]
    assert second["entered"] == second["left"] == 0
    assert second["stage_support"] == document["near"]["optimum"]
    assert {p["class"] for p in document["near"]["proposals"]} == {"always", "contested", "never"}
    assert document["price_limit"]["rise"] == 0
    assert all(set(b) == {"place", "id", "en"} for b in document["price_limit"]["breaks"])


def test_a_grid_has_a_row_for_each_pair() -> None:
    call = ("--vary", "count=rt,voter", "--vary", "pagu=-10%,0%")
    document = rembug_json("whatif", SCENARIO, *call)
    assert document["sweep"]["paths"] == ["count", "pagu"]
    assert [(p["count"], p["pagu"]) for p in document["sweep"]["points"]] == [
        ("rt", "-10%"),
        ("rt", "0%"),
        ("voter", "-10%"),
        ("voter", "0%"),
    ]
    assert document["sweep"]["steps"] == []


def test_stability_names_its_seed_and_what_is_unknown() -> None:
    call = ("whatif", SCENARIO, "--stability", "4", "--seed", "9", "--attendance", "70%")
    document = rembug_json(*call)["stability"]
    assert (document["seed"], document["attendance"], document["draws"]) == (9, 0.7, 4)
    unknown = [p for p in document["proposals"] if p["status"] == "order_only"]
    assert unknown and all(p["times"] is None for p in unknown)
    assert "hanya ada daftar urutan" in rembug(*call).stdout


def test_changes_come_before_the_questions() -> None:
    document = rembug_json("whatif", SCENARIO, "--set", "pagu=-10%", "--vary", "pagu=0%")
    asked = rembug_json("whatif", SCENARIO, "--vary", "pagu=-10%")
    assert document["sweep"]["base"]["support"] == asked["sweep"]["points"][0]["support"]
    assert document["inputs_sha256"] != asked["inputs_sha256"]


@pytest.mark.parametrize(
    ("call", "code", "says"),
    [
        (("--vary", "pagu"), 2, "NAMA=nilai1,nilai2"),
        (("--vary", "pago=1"), 2, '"pagu"'),
        (("--vary", "a=1", "--vary", "b=1", "--vary", "c=1"), 2, "Paling banyak dua"),
        (("--near", "banyak"), 2, "near"),
        (("--near", "2"), 1, "near"),
        (("--measure", "dukungan", "--tornado"), 2, "support"),
        (("--stability", "0"), 1, "stability"),
        (("--vary", "pagu=-10%", "--vary", "pagu=0%"), 2, "--vary pagu=-10%,0%"),
        (("--vary", "joint_share=9"), 1, "joint_share"),
        (("--separator", "|", "--vary", "pagu=1"), 2, "pemisah"),
    ],
)
def test_bad_questions_get_an_answer_in_words(call: tuple[str, ...], code: int, says: str) -> None:
    run = rembug("whatif", SCENARIO, *call)
    assert run.exit_code == code
    assert says in run.output
    assert "Traceback" not in run.output


def test_order_only_questions_are_refused_in_words() -> None:
    run = rembug("whatif", BY_ORDER, "--stability", "3")
    assert run.exit_code == 1 and "Kemantapan tidak dapat dihitung" in run.output
    run = rembug("whatif", BY_ORDER, "--near", "0", "--lang", "en")
    assert run.exit_code == 1 and "Near-optimal plans exist only" in run.output


def test_ctrl_c_shows_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second point is interrupted; the first stays, and the exit code says so."""
    sweep = whatif.sweep

    def interrupted(*args: object, **known: object) -> object:
        stops = iter((False,))
        return sweep(*args, **{**known, "stop": lambda: next(stops, True)})

    monkeypatch.setattr(whatif, "sweep", interrupted)
    run = rembug("whatif", SCENARIO, "--vary", "pagu=-10%,0%,10%")
    assert run.exit_code == 130
    assert "Dihentikan" in run.stdout and "-10%" in run.stdout


def test_prices_of_rules_and_fields() -> None:
    document = rembug_json("prices", SCENARIO)
    rules = {r["rule"]: r for r in document["rules"]}
    assert document["complete"] and len(rules) == 21
    assert rules["sosial_budaya.max"]["support"] > 0
    assert rules["sosial_budaya.max"]["name_id"] == "Sosial budaya paling banyak 20%"
    assert rules["infrastruktur.exact"]["units_touched"] == 47
    assert all(r["outcome"] == "optimal" for r in rules.values())
    assert {f["account"] for f in document["fields"]} >= {"kesehatan", "pendidikan", "pagu"}


def test_prices_are_printed_with_their_article(capsys: pytest.CaptureFixture[str]) -> None:
    scenario = small(4, "support")
    print_rules(Screen(Words("en")), prices_of_rules(scenario))
    print_field_prices(Screen(Words("en")), field_prices(scenario), 1_000_000)
    printed = " ".join(capsys.readouterr().out.split())
    assert "Price of each rule" in printed and "other rules change nothing" in printed
    assert "never for whole proposals" in printed

"""``rembug check`` on a recap alone: what was planted is found, nothing is invented."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from recap_corpus import CSV, Case, Line, clean, layout, lines, planted, to_file
from recap_offices import to_csv

from optimizer.checking import (
    Opened,
    Origin,
    Report,
    check,
    check_opened,
    open_source,
    policy_for,
)
from optimizer.cli import main
from optimizer.errors import InputRefused, RembugError
from optimizer.files.recap import RECAP_HEADINGS, read_recap
from optimizer.files.recap_dataset import dataset_from_recap, dataset_recap
from optimizer.files.scenarios import load_scenario
from optimizer.files.tables import read_tables
from optimizer.planning import optimize
from optimizer.record.scenario import Pin, Scenario
from optimizer.rules import RuleStatus
from optimizer.tables.to_csv import write_csv
from optimizer.words import Words

CLEAN = list(clean())
PLANTED = [c for c in planted() if not c.refused]
REFUSED = [c for c in planted() if c.refused]
FILES = Path(__file__).parent / "recap_files"
LIST_RULES = {"duplicate", "price"}
# What the corpus plants → the rule that must speak.
RULES = {
    "infrastruktur/rt": ("infrastruktur.rt.max", RuleStatus.BREACH),
    "kesehatan": ("kesehatan.max", RuleStatus.BREACH),
    "sosial_budaya": ("sosial_budaya.max", RuleStatus.BREACH),
    "pkk": ("rule.pkk", RuleStatus.FINDING),
    "pmt": ("rule.pmt", RuleStatus.FINDING),
    "kepemudaan": ("field.kepemudaan", RuleStatus.FINDING),
    "cctv": ("rule.cctv", RuleStatus.BREACH),
    "perlengkapan_sekolah": ("rule.paket_sekolah", RuleStatus.BREACH),
    "biaya_umum": ("biaya_umum.max", RuleStatus.BREACH),
    "off_menu": ("menu", RuleStatus.FINDING),
    "wrong_field": ("menu_field", RuleStatus.FINDING),
    "duplicate": ("duplicate", RuleStatus.FINDING),
}


def _id(case: Case) -> str:
    return case.name


def report_of(case: Case) -> Report:
    recap = read_recap(case.data, case.file, case.sheet)
    policy = policy_for(recap.year or 2023, None)
    source = dataset_from_recap(recap, policy)
    listed = source.listed(policy)
    return check_opened(Opened(recap.name, Origin.RECAP, source.dataset, policy, listed, source))


@pytest.fixture
def written(tmp_path):
    def write(case: Case) -> str:
        path = tmp_path / case.file
        path.write_bytes(case.data)
        return str(path)

    return write


def run(*args: str) -> int:
    with pytest.raises(SystemExit) as stopped:
        main(args)
    return int(stopped.value.code or 0)


@pytest.mark.parametrize("case", CLEAN, ids=_id)
def test_nothing_is_invented_on_clean_files(case):
    report = report_of(case)
    assert report.clean
    assert [c.rule for c in report.checks if c.status is not RuleStatus.PASS] == []
    assert len(report.units(RuleStatus.PASS)) == len(report.opened.dataset.territory.units)


@pytest.mark.parametrize("case", PLANTED, ids=_id)
def test_every_planted_thing_is_found(case):
    try:
        report = report_of(case)
    except InputRefused as refused:
        assert case.codes <= {f.code for f in refused.findings}
        return
    assert case.codes <= {f.code for f in report.findings}
    found = {(c.rule, c.status) for c in report.problems}
    assert {RULES[name] for name in case.rules} <= found
    for found_check in report.problems:
        assert found_check.message() and found_check.message(Words("en"))
        assert found_check.remedy_text()


@pytest.mark.parametrize("case", [c for c in PLANTED if c.rules], ids=_id)
def test_only_the_rules_broken_by_the_planted_line_speak(case):
    """Other RT than the changed one stay in order."""
    others = {p.place for p in report_of(case).problems}
    assert others <= {"Contoh 01/01/01", "Contoh 01/01/02"}


@pytest.mark.parametrize("case", REFUSED, ids=_id)
def test_refused_files_say_why_without_a_traceback(case, written, capsys):
    args = ["check", written(case)] + (["--sheet", case.sheet] if case.sheet else [])
    assert run(*args) == 1
    assert case.file in capsys.readouterr().err


def test_exit_codes_and_headline(written, capsys):
    assert run("check", written(CLEAN[0])) == 0
    out = capsys.readouterr().out
    assert 'RT · 47 baris · TA 2023 (Perwali 7/2022) · tafsir "tepat 40%"' in out
    assert "semua baris terpakai" in out and "Tidak ada yang perlu diperbaiki." in out
    over = next(c for c in PLANTED if c.name == "rt_infrastructure_over")
    assert run("check", written(over)) == 1
    out = capsys.readouterr().out
    assert "1 melebihi batas" in out and "kurangi 10 m2 (Paving gang)" in out
    assert run("check") == 2


def test_the_screen_is_brief_and_the_files_hold_everything(tmp_path, capsys):
    """A file in which every RT of a city is wrong does not flood the screen."""
    found = [
        replace(line, rt=f"{n % 6 + 1:02d}", rw=f"{n // 6 + 1:02d}")
        for n in range(70)
        for line in lines(1, units=1)
        if line.rt and line.field != "pendidikan"
    ]
    found += [replace(found[0], description=f"Paving gang {n}") for n in range(14)]
    style = replace(CSV, split_place=True)
    path = tmp_path / "kota.csv"
    path.write_bytes(to_csv(layout(found, style), style))

    def told(*options):
        assert run("check", str(path), *options) == 1
        out = capsys.readouterr().out.splitlines()
        places = [line for line in out if re.fullmatch(r"RT \d\d / RW \d\d", line)]
        return places, [line for line in out if "…" in line and "lagi (semuanya" in line]

    places, more = told()
    assert len(places) == 60 and places[0].startswith("RT 01 / RW 01")
    assert "… dan 10 lagi (semuanya dengan --out FOLDER atau --all)" in more
    assert len(told("--all")[0]) == 70 and not told("--all")[1]
    assert run("check", str(path), "--out", str(tmp_path / "lembar")) == 1
    out = capsys.readouterr().out
    assert "… dan 10 lagi (semuanya ada di" in out
    (sheet,) = (tmp_path / "lembar").glob("*.xlsx")
    assert {r[0] for r in read_tables(sheet).sheets[0].rows} >= {"RT 04 / RW 12", "RT 01 / RW 01"}


def test_json_carries_rupiah_words_and_sources(written, capsys):
    over = next(c for c in PLANTED if c.name == "admin_over")
    assert run("check", written(over), "--json", "--lang", "en") == 1
    found = json.loads(capsys.readouterr().out)
    (breach,) = [c for c in found["checks"] if c["status"] == "breach"]
    assert (breach["rule"], breach["amount"]) == ("biaya_umum.max", 500_000)
    assert breach["status_text"] == "over the limit" and "10(2)" in breach["basis"]
    assert found["summary"]["breach"] == 1 and found["schema"] == "rembug-check/1"


def test_the_year_decides_the_policy_and_can_be_overruled():
    assert policy_for(2023, None).id == "kediri-2023-tepat"
    assert policy_for(2016, None).id == "kediri-2015"
    assert policy_for(2023, "kediri-2022").id == "kediri-2022"
    with pytest.raises(RembugError, match="kediri-2022"):
        policy_for(None, None)


def test_files_made_by_hand():
    assert check(FILES / "06_muskel_dan_gabungan.xlsx").opened.recorded.pool_known
    two = check(FILES / "09_kecamatan.xlsx")
    assert two.opened.dataset.territory.kelurahan == ("Contoh 09", "Contoh 10")
    assert {c.place for c in two.problems if c.rule == "pagu"} == {"Contoh 10/01/01"}
    minutes = check(FILES / "04_rembug_rt_05_rw_03.xlsx")
    assert {c.rule for c in minutes.unknown} == {
        "pool", "infrastruktur.exact", "infrastruktur.bersama.min",
    }  # fmt: skip


def test_units_are_counted_where_the_unit_price_is_not_whole():
    found = lines(7)
    cctv = Line("01", "01", "sosial_budaya", "CCTV", 7, "unit", 0, 10_000_000)
    data, file = to_file(layout([cctv, *found[:4], *found[5:]], CSV), CSV)
    report = report_of(Case("cctv", data, file))
    (breach,) = [c for c in report.problems if c.rule == "rule.cctv"]
    assert (breach.status, breach.amount) == (RuleStatus.BREACH, 4)


def test_a_full_dataset_and_a_scenario():
    report = check("data/kaliombo-2023")
    assert len(report.opened.dataset.territory.units) == 47 and report.problems


@pytest.mark.parametrize("name", ["kaliombo-2023", "kaliombo-2023-dukungan"])
def test_a_plan_of_the_engine_passes_as_a_recap(name):
    """Plan → recap → check: nothing is over a limit, and every row is read again."""
    plan = optimize(load_scenario(f"scenarios/{name}.yaml"))
    rows = dataset_recap(plan.scenario.dataset, plan.volumes)
    recap = read_recap(write_csv(rows, RECAP_HEADINGS), "rekap.csv")
    assert len(recap.rows) == len(plan.chosen)
    assert recap.total == sum(plan.cost(p) for p in plan.chosen)
    policy = plan.scenario.policy
    source = dataset_from_recap(recap, policy)
    listed = source.listed(policy)
    report = check_opened(Opened(name, Origin.RECAP, source.dataset, policy, listed, source))
    assert [c for c in report.problems if c.status is RuleStatus.BREACH] == []


@pytest.mark.parametrize("case", CLEAN[::5], ids=_id)
def test_a_list_that_passes_is_feasible_with_every_row_pinned_in(case):
    opened = report_of(case).opened
    pins = tuple(Pin(p.id, True, "uji") for p in opened.dataset.proposals)
    plan = optimize(Scenario(case.name, opened.dataset, opened.policy, pins=pins))
    assert plan.volumes == {p.id: p.volume for p in opened.dataset.proposals}
    assert {c.status for c in plan.checks} == {RuleStatus.PASS}


def test_the_judge_and_the_first_door_agree_on_a_plan():
    report = check_opened(open_source("scenarios/kaliombo-2023.yaml", solve=True))
    plan = report.opened.plan
    found = {(c.rule, c.place, c.status) for c in report.checks if c.rule not in LIST_RULES}
    assert found == {(c.rule, c.place, c.status) for c in plan.checks}

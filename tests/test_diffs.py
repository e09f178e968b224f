"""Minutes against plan, plan against plan, last year against this year."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from recap_corpus import CSV, layout, lines, to_file

from optimizer.cli import build
from optimizer.cli import diff as diff_command
from optimizer.diffs import Entry, Kind, Note, Side, compare_sides
from optimizer.errors import RembugError
from optimizer.files.scenarios import load_scenario
from optimizer.planning import optimize
from optimizer.record.scenario import Pin
from optimizer.sheets.diff_sheet import diff_dict, diff_sheet
from optimizer.sheets.plan_files import write_plan
from optimizer.sheets.xlsx import render_xlsx
from optimizer.sides import open_sides, plan_side, recorded_side

DATASET = Path("data/kaliombo-2023")
SCENARIO = "scenarios/kaliombo-2023.yaml"


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(SCENARIO)


@pytest.fixture(scope="module")
def plan(scenario):
    return optimize(scenario)


def entry(number, title, amount, volume=1, place="K/01/01"):
    return Entry(f"E-{number}", place, number, title, Fraction(volume), "unit", amount)


def kinds(found):
    return {c.entry.title: c.kind for c in found.changes}


def test_every_row_of_both_lists_is_there_once(scenario, plan):
    first, second = recorded_side(scenario.dataset, "BA"), plan_side(plan)
    found = compare_sides(first, second)
    assert [c.before for c in found.changes if c.before] and not found.of(Kind.ADDED)
    assert sum(c.before is not None for c in found.changes) == len(first.entries)
    assert sum(c.after is not None for c in found.changes) == len(second.entries)
    assert sum(c.difference for c in found.changes) == second.total - first.total
    assert {c.entry.id for c in found.of(Kind.LOST, Kind.SKIPPED)} == {p.id for p in plan.left_out}


def test_skipped_means_that_a_lower_priority_is_in():
    first = Side("BA", (entry(1, "A", 5), entry(2, "B", 5), entry(3, "C", 5)))
    second = Side("R", (entry(2, "B", 5),), computed=True)
    assert kinds(compare_sides(first, second)) == {
        "A": Kind.SKIPPED, "B": Kind.SAME, "C": Kind.LOST,
    }  # fmt: skip


def test_changed_amounts_and_volumes():
    first = Side("BA", (entry(1, "A", 12, 12), entry(2, "B", 5), entry(3, "C", 5)))
    second = Side("R", (entry(1, "A", 7, 7), entry(2, "B", 6), entry(3, "C", 5)))
    found = compare_sides(first, second)
    assert kinds(found) == {"A": Kind.CHANGED, "B": Kind.CHANGED, "C": Kind.SAME}
    texts = [row[6] for row in diff_sheet(found).pages[0].tables[0].rows]
    assert texts == ["ya, 12 unit menjadi 7 unit", "ya, biaya berubah", "ya"]


def test_two_years_are_matched_by_place_and_words():
    first = Side("2022", (entry(1, "Paving gang 3", 5), entry(2, "Lampu jalan", 5)))
    other = [replace(entry(7, "Lampu  Jalan", 6), id="X-1"),
             replace(entry(8, "Paving gang 4", 5), id="X-2"),
             replace(entry(9, "Lampu jalan", 5, place="K/01/02"), id="X-3")]  # fmt: skip
    found = compare_sides(first, Side("2023", tuple(other)))
    assert [(c.kind, c.after.id if c.after else "") for c in found.changes] == [
        (Kind.SKIPPED, ""), (Kind.CHANGED, "X-1"), (Kind.ADDED, "X-2"), (Kind.ADDED, "X-3"),
    ]  # fmt: skip


def test_reasons_are_said_only_where_they_were_recorded(scenario):
    asked = next(p for p in scenario.dataset.proposals if p.rank == 1 and p.level == "rt")
    pinned = scenario.with_pin(Pin(asked.id, False, "lahan belum jelas"))
    second = plan_side(optimize(pinned))
    found = compare_sides(recorded_side(scenario.dataset, "BA"), second)
    (change,) = [c for c in found.changes if c.entry.id == asked.id]
    assert change.kind is Kind.SKIPPED
    assert "lahan belum jelas" in change.note.reason and scenario.name in change.note.who
    bare = compare_sides(Side("a", (entry(1, "A", 1), entry(2, "B", 1))), Side("b", ()))
    rows = diff_sheet(bare).pages[0].tables[0].rows
    assert all(row[7:9] == ("tidak tercatat", "tidak tercatat") for row in rows)
    known = Side("b", (), notes={"E-1": Note("batal", "Lurah", "2023-03-01")})
    (first, _) = compare_sides(bare.first, known).changes
    assert first.note == Note("batal", "Lurah", "2023-03-01")


def test_all_ways_to_hand_in_a_plan_agree(plan, tmp_path):
    write_plan(plan, tmp_path)
    found = []
    for name in ("plan.json", "rancangan.csv", "rancangan.xlsx"):
        sides = open_sides(DATASET, tmp_path / name)
        found.append(compare_sides(*sides))
    found.append(compare_sides(recorded_side(plan.scenario.dataset, "BA"), plan_side(plan)))
    results = [[(c.kind, c.entry.id, c.difference) for c in diff.changes] for diff in found]
    assert all(r == results[0] for r in results)
    assert all(d.second.computed for d in found) and found[0].second.made_up


def test_a_plan_alone_has_no_words(plan, tmp_path):
    write_plan(plan, tmp_path)
    path = tmp_path / "plan.json"
    with pytest.raises(RembugError, match="hanya memuat id"):
        open_sides(path, path)
    bad = tmp_path / "bad.json"
    for content in ("{", "[]", '{"schema": "rembug-plan/1", "funded": [{"id": 1}]}'):
        bad.write_text(content)
        with pytest.raises(RembugError):
            open_sides(DATASET, bad)


def test_columns_of_the_sheet_and_its_marks(scenario, plan):
    found = compare_sides(recorded_side(scenario.dataset, "BA"), plan_side(plan))
    document = diff_sheet(found)
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(document)))
    rows = [[c.value for c in row] for row in book.active.iter_rows()]
    assert ["RT/RW", "No BA", "Urutan", "Uraian", "Rp BA", "Rp rancangan", "Masuk?", "Alasan",
            "Oleh", "Tanggal"] in rows  # fmt: skip
    assert {m.value for m in document.marks} == {"simulation", "example"}
    minutes = [c for c in document.pages[0].tables[0].rows if c[1]]
    assert minutes and all(str(row[1]).startswith("BA/") for row in minutes)
    content = diff_dict(found)
    assert content["summary"]["same"] + content["summary"]["changed"] == len(plan.chosen)


def test_the_command(tmp_path, capsys):
    recaps = []
    for seed in (1, 2):
        data, file = to_file(layout(lines(seed), CSV), CSV)
        path = tmp_path / f"{seed}-{file}"
        path.write_bytes(data)
        recaps.append(str(path))
    program = build()
    if not any(c.name == "diff" for c in program.registered_commands):
        diff_command.register(program)
    for extra in (["--json"], ["--out", str(tmp_path / "beda")]):
        with pytest.raises(SystemExit) as stopped:
            program(["diff", *recaps, *extra], prog_name="rembug")
        assert not stopped.value.code
        out = capsys.readouterr().out
        if extra == ["--json"]:
            assert json.loads(out)["schema"] == "rembug-diff/1"
        else:
            assert "dibandingkan dengan" in out
    written = {p.name for p in (tmp_path / "beda").iterdir()}
    assert written == {f"beda-dengan-berita-acara.{x}" for x in ("html", "xlsx")} | {
        "manifest.json"
    }

"""The files of a plan: complete, conserved, harmless, and the same bytes whatever the row order."""

from __future__ import annotations

import csv
import io
import json
import random
import shutil
from pathlib import Path

import openpyxl
import pytest

import optimizer as ob
from optimizer.errors import RembugError
from optimizer.explain.reasons import Reasons, reason
from optimizer.plan import Plan
from optimizer.sheets.plan_files import write_plan
from optimizer.territory import rt_rw
from optimizer.words import Words

ROOT = Path(__file__).parents[1]
NAMES = ["plan.json", "rancangan.csv", "alokasi.csv", "kontribusi.csv", "rancangan.xlsx"]
SCENARIO = """name: Kaliombo
dataset: {folder}
policy: kediri-2023
objective: {objective}
order_as: borda
"""


@pytest.fixture(scope="module")
def plan() -> Plan:
    return ob.optimize(ob.load_scenario(ROOT / "scenarios" / "kaliombo-2023.yaml"))


@pytest.fixture(scope="module")
def folder(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hasil") / "baru" / "kaliombo"
    write_plan(plan, folder)
    return folder


def table(path: Path, title: int = 0, separator: str = ";") -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8")
    assert text.startswith("\ufeff")
    lines = list(csv.reader(io.StringIO(text[1:], newline=""), delimiter=separator))
    assert len({len(line) for line in lines}) == 1
    headings, *rows = lines[title:]
    return [dict(zip(headings, row, strict=True)) for row in rows]


def test_files_are_written_and_nothing_else(folder):
    assert sorted(p.name for p in folder.iterdir()) == sorted([*NAMES, "manifest.json"])


def test_the_draft_is_titled_and_has_the_official_columns_first(folder):
    first, _, third, headings = (folder / "rancangan.csv").read_text("utf-8-sig").splitlines()[:4]
    assert first.startswith("SIMULASI")
    assert third.startswith("DATA CONTOH BUATAN")
    official = "No;RT/RW;Bidang;Uraian Kegiatan;Volume;Rencana Biaya (Rp);Keterangan"
    assert headings.startswith(official)
    assert {"Prioritas", "Masuk?", "Alasan"} <= set(headings.split(";"))


def test_every_proposal_stands_in_the_draft_with_a_reason(plan, folder):
    rows = table(folder / "rancangan.csv", title=3)
    assert sorted(r["ID Usulan"] for r in rows) == sorted(
        p.id for p in plan.scenario.dataset.proposals
    )
    assert all(r["Alasan"] for r in rows)
    inside = {r["ID Usulan"] for r in rows if r["Masuk?"] == "ya"}
    assert inside == set(plan.volumes) == {p.id for p in plan.chosen}
    assert all(r["Rencana Biaya (Rp)"] == "0" for r in rows if r["Masuk?"] == "tidak")
    assert sum(int(r["Rencana Biaya (Rp)"]) for r in rows) == sum(map(plan.cost, plan.chosen))


def test_places_are_in_the_official_order():
    assert rt_rw("Kaliombo/03/05") == "05/03"


def test_each_row_of_allocations_adds_up_to_its_pagu(plan, folder):
    rows = table(folder / "alokasi.csv")
    assert [r["RT/RW"] for r in rows] == [
        rt_rw(u.id) for u in plan.scenario.dataset.territory.units
    ]
    for row in rows:
        parts = [
            int(v)
            for k, v in row.items()
            if k.endswith("(Rp)") and not k.startswith(("Pagu", "Amplop"))
        ]
        assert sum(parts) == int(row["Pagu (Rp)"]) == 100_000_000


def test_contributions_add_up_to_what_they_pay(plan, folder):
    rows = table(folder / "kontribusi.csv")
    pool = sum(int(r["Iuran (Rp)"]) for r in rows if not r["ID Usulan"])
    assert pool == int(plan.pools["collected"].sum())
    for proposal in plan.chosen:
        parts = [int(r["Iuran (Rp)"]) for r in rows if r["ID Usulan"] == proposal.id]
        assert not parts or sum(parts) == plan.cost(proposal)
    assert {r["Sifat"] for r in rows} == {"SIMULASI"}


def test_the_workbook_holds_the_same_and_no_formula(folder):
    book = openpyxl.load_workbook(folder / "rancangan.xlsx")
    assert book.sheetnames == ["rancangan", "alokasi", "kontribusi"]
    sheet = book["rancangan"]
    assert str(sheet["A1"].value).startswith("SIMULASI")
    rows = table(folder / "rancangan.csv", title=3)
    assert sheet.max_row == len(rows) + 4
    places = {str(row[1].value) for row in sheet.iter_rows(min_row=5)}
    assert "05/03" in places
    assert not any(c.data_type == "f" for row in sheet.iter_rows() for c in row)


def test_reasons_name_what_binds(plan):
    reasons = Reasons(plan)
    by_kind: dict[str, list[str]] = {}
    for proposal in plan.left_out:
        found = reasons.of(proposal)
        by_kind.setdefault(found.kind, []).append(found.text())
        assert found == reason(plan, proposal)
        assert found.text(Words("en")) != found.text()
    # By order everything that fits is in, so something always binds.
    assert set(by_kind) <= {"account", "pool", "pagu", "minima", "rule"}
    assert any("Infrastruktur RT paling banyak 10% (Rp10.000.000)" in t for t in by_kind["account"])
    reduced = next(p for p in plan.chosen if plan.volumes[p.id] < p.volume)
    assert reason(plan, reduced).kind == "reduced"


def test_separator_and_language(plan, tmp_path):
    write_plan(plan, tmp_path, words=Words("en"), separator=",")
    rows = table(tmp_path / "rancangan.csv", title=3, separator=",")
    assert {r["Masuk?"] for r in rows} == {"yes", "no"}


def test_an_earlier_run_in_the_folder_is_replaced_and_other_files_stay(plan, tmp_path):
    (tmp_path / "plan.json").write_text("old")
    (tmp_path / "catatan.txt").write_text("mine")
    write_plan(plan, tmp_path)
    assert json.loads((tmp_path / "plan.json").read_text("utf-8"))["title"] == "SIMULASI"
    assert (tmp_path / "catatan.txt").read_text() == "mine"


def test_a_folder_that_cannot_be_made_is_said(plan, tmp_path):
    (tmp_path / "berkas").write_text("")
    with pytest.raises(RembugError) as caught:
        write_plan(plan, tmp_path / "berkas" / "hasil")
    assert caught.value.code == "output_no_folder"


def shuffled(target: Path, seed: int) -> Path:
    """A copy of the Kaliombo data with the rows of every file in another order."""
    source = ROOT / "data" / "kaliombo-2023"
    target.mkdir()
    shutil.copy(source / "dataset.yaml", target)
    for path in sorted(source.glob("*.csv")):
        heading, *rows = path.read_bytes().decode("utf-8").splitlines(keepends=True)
        random.Random(seed).shuffle(rows)
        (target / path.name).write_bytes((heading + "".join(rows)).encode("utf-8"))
    return target


@pytest.mark.parametrize("objective", ["[order]", "[support, fill]", "[{welfare: 0.5}, fill]"])
def test_the_same_bytes_whatever_the_order_of_rows(tmp_path, objective):
    written = []
    for seed in range(2):
        data = shuffled(tmp_path / f"data{seed}", seed)
        scenario = tmp_path / f"s{seed}.yaml"
        scenario.write_text(SCENARIO.format(folder=data, objective=objective), "utf-8")
        out = tmp_path / f"out{seed}"
        write_plan(ob.optimize(ob.load_scenario(scenario)), out)
        written.append({name: (out / name).read_bytes() for name in NAMES})
    for name in NAMES:
        assert written[0][name] == written[1][name], name


def test_dangerous_cells_are_made_harmless(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "wilayah.csv").write_text("kelurahan;rw;rt\nContoh;01;01\n", "utf-8")
    (data / "usulan.csv").write_text(
        "tingkat;kelurahan;rw;rt;urutan;kegiatan;bidang;uraian;satuan;harga_satuan;volume\n"
        "RT;Contoh;01;01;1;CCTV;sosial_budaya;=HYPERLINK(1);unit;1000000;1\n",
        "utf-8",
    )
    scenario = tmp_path / "s.yaml"
    scenario.write_text(f"dataset: {data}\npolicy: kediri-2023\n", "utf-8")
    write_plan(ob.optimize(ob.load_scenario(scenario)), tmp_path / "out")
    text = (tmp_path / "out" / "rancangan.csv").read_text("utf-8-sig")
    assert ";'=HYPERLINK(1);" in text

"""Recap → dataset → recap: the same rows and sums, and nothing disappears."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from recap_corpus import CSV, Case, Line, Style, clean, layout, lines, planted, to_file
from recap_offices import Grid, to_xlsx

from optimizer.checking import check, check_opened, open_recap, open_source, policy_for
from optimizer.cli import main
from optimizer.errors import InputRefused, RembugError, Severity
from optimizer.files.datasets import load_dataset
from optimizer.files.recap import RECAP_HEADINGS, read_recap
from optimizer.files.recap_dataset import dataset_from_recap, dataset_recap
from optimizer.files.recap_import import asides, import_recap
from optimizer.rules import RuleStatus
from optimizer.tables.to_csv import write_csv
from optimizer.words import Words

READABLE = [c for c in [*clean(), *planted()] if not c.refused]


def from_case(case: Case):
    recap = read_recap(case.data, case.file, case.sheet)
    return dataset_from_recap(recap, policy_for(recap.year or 2023, None))


def facts(recap):
    """Rows as people would compare them, whatever their order."""
    return Counter(
        (r.rt, r.rw, bool(r.joint), r.field, r.description, r.volume, r.measure, r.cost, r.remark)
        for r in recap.rows
    )


@pytest.mark.parametrize("case", list(clean()), ids=lambda c: c.name)
def test_round_trip_keeps_rows_sums_and_order(case):
    source = from_case(case)
    rows = dataset_recap(source.dataset)
    again = read_recap(write_csv(rows, RECAP_HEADINGS), "rekap.csv")
    assert facts(again) == facts(source.recap)
    assert again.total == source.recap.total == case.total

    def order(recap):
        return {(r.joint, r.rt, r.rw, r.rank): r.description for r in recap.rows if not r.joint}

    assert order(again) == order(source.recap)


@pytest.mark.parametrize("case", READABLE, ids=lambda c: c.name)
def test_every_row_is_a_proposal_or_set_aside_with_its_reason(case):
    try:
        source = from_case(case)
    except InputRefused:
        return
    kept = [(r.sheet, r.row) for i, r in source.rows.items() if i not in source.unpriced]
    aside = [(a.sheet, a.row) for a in asides(source)]
    assert Counter(kept + aside) == Counter(
        [(r.sheet, r.row) for r in (*source.recap.rows, *source.recap.set_aside)]
    )
    assert all(a.reason for a in asides(source, Words("en")))


@pytest.mark.parametrize("case", READABLE[::4], ids=lambda c: c.name)
def test_the_folder_reads_back_as_the_same_dataset(case, tmp_path):
    try:
        source = from_case(case)
    except InputRefused:
        return
    written = import_recap(source, tmp_path / "data").dataset
    read = load_dataset(tmp_path / "data")
    assert not [f for f in read.findings if f.severity is Severity.ERROR]
    assert read.proposals == written.proposals
    assert read.territory.units == written.territory.units


def test_a_price_that_is_not_whole_keeps_sum_and_text():
    odd = Line("01", "01", "infrastruktur", "Paving gang Mawar", 7.5, "m2", 0, 1_000_001)
    data, file = to_file(layout([odd, *lines(3)[1:]], CSV), CSV)
    source = from_case(Case("odd", data, file))
    proposal = next(p for p in source.dataset.proposals if p.title == "Paving gang Mawar")
    assert (proposal.volume, proposal.measure, proposal.full_cost) == (1, "7,5 m2", 1_000_001)
    again = read_recap(write_csv(dataset_recap(source.dataset), RECAP_HEADINGS), "rekap.csv")
    row = next(r for r in again.rows if r.description == "Paving gang Mawar")
    assert (row.volume, row.measure, row.cost) == (Fraction(15, 2), "m2", 1_000_001)


def test_joint_rows_their_payers_and_booking():
    source = open_source("tests/recap_files/06_muskel_dan_gabungan.xlsx").source
    joint = [p for p in source.dataset.proposals if p.level == "kelurahan"]
    assert [p.title for p in joint] == [
        "Drainase lintas RT Jl. Dahlia", "Paving jalan penghubung RW",
    ]  # fmt: skip
    assert joint[0].participants == ("Contoh 06/01/01", "Contoh 06/01/02")
    assert joint[0].shares == (30_000_000, 30_000_000)
    assert source.pool_known
    # A row of RW 02, which has no RT here, is said and not dropped in silence.
    assert [r.description for r in source.left_out] == ["Modal Koperasi RW"]
    assert "recap_row_nowhere" in {f.code for f in source.dataset.findings}


def test_a_merged_row_booked_at_one_rt_is_paid_by_those_of_the_sheet_gabungan():
    style = Style(titles=(*Style().titles[:2], "TAHUN ANGGARAN 2023"))
    found = lines(3, units=2)
    merged = replace(found[1], description="Alat kesehatan posyandu RW 01", volume=1,
                     price=60_000_000, cost=60_000_000)  # fmt: skip
    found = [x if x is not found[1] else merged for x in found]
    parts = [[merged.description, "01", "01", 35_000_000],
             [merged.description, "01", "02", 25_000_000]]  # fmt: skip
    shares = Grid([["id_usulan", "rw", "rt", "bagian"], *parts])
    data = to_xlsx(("Rekap", layout(found, style)), ("gabungan", shares))
    opened = open_recap(read_recap(data, "rekap.xlsx"))
    (proposal,) = [p for p in opened.dataset.proposals if p.title == merged.description]
    assert (proposal.owner, proposal.booking) == ("Contoh 01/01", "RT 01/RW 01")
    report = check_opened(opened)
    limits = {c.place: c for c in report.checks if c.rule == "kesehatan.max"}
    others = {
        unit: sum(x.cost for x in found if (x.rw, x.rt) == ("01", unit[-2:]) and x is not merged
                  and x.field == "kesehatan")
        for unit in limits
    }  # fmt: skip
    assert {u: c.total - others[u] for u, c in limits.items()} == {
        "Contoh 01/01/01": 35_000_000, "Contoh 01/01/02": 25_000_000,
    }  # fmt: skip
    assert {c.status for c in limits.values()} == {RuleStatus.PASS}


def test_a_folder_with_a_dataset_is_not_overwritten(tmp_path):
    source = from_case(READABLE[0])
    import_recap(source, tmp_path)
    with pytest.raises(RembugError, match="tidak ditimpa"):
        import_recap(source, tmp_path)


def test_made_up_data_stay_marked_and_a_simulation_becomes_no_record(tmp_path, capsys):
    style = replace(CSV, titles=(*CSV.titles, "DATA CONTOH BUATAN – bukan usulan"))
    data, file = to_file(layout(lines(3), style), style)
    assert from_case(Case("x", data, file)).dataset.meta.made_up_notice
    assert not from_case(READABLE[0]).dataset.meta.made_up_notice
    style = replace(CSV, titles=("SIMULASI – hasil hitungan", *CSV.titles))
    path = tmp_path / "rancangan.csv"
    path.write_bytes(to_file(layout(lines(3), style), style)[0])
    assert check(path).opened.source.simulated
    for command in ("import", "sheets"):
        with pytest.raises(SystemExit) as stopped:
            main([command, str(path), "--out", str(tmp_path / command)])
        assert stopped.value.code == 1
        assert "SIMULASI" in capsys.readouterr().err
        assert not (tmp_path / command).exists()

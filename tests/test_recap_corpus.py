"""The corpus: every planted thing is found, nothing is invented on clean files."""

from __future__ import annotations

import pytest
from recap_corpus import Case, clean, planted

from optimizer.errors import InputRefused, Severity
from optimizer.files.recap import RECAP_HEADINGS, read_recap, recap_rows
from optimizer.files.tables import read_tables
from optimizer.tables.to_csv import write_csv
from optimizer.words import Words

CLEAN = list(clean())
PLANTED = list(planted())


def _id(case: Case) -> str:
    return case.name


def test_the_corpus_is_as_large_as_promised():
    assert len(CLEAN) == 20 and len(PLANTED) >= 60
    assert len({c.name for c in CLEAN + PLANTED}) == len(CLEAN) + len(PLANTED)


@pytest.mark.parametrize("case", CLEAN, ids=_id)
def test_nothing_is_invented_on_clean_files(case: Case):
    recap = read_recap(case.data, case.file)
    assert [f.text() for f in recap.findings] == []
    assert (len(recap.rows), recap.total) == (case.rows, case.total)
    assert all(row.field and row.volume and row.measure for row in recap.rows)
    assert sum(bool(row.joint) for row in recap.rows) == 2
    assert all(row.rt and row.rw for row in recap.rows if not row.joint)
    if case.name != "no_titles":
        assert (recap.year, recap.kelurahan) == (2023, "Contoh 01")


@pytest.mark.parametrize("case", PLANTED, ids=_id)
def test_what_was_planted_is_found(case: Case):
    if case.refused:
        with pytest.raises(InputRefused) as caught:
            read_recap(case.data, case.file, case.sheet)
        assert {f.code for f in caught.value.findings} == case.codes
        assert case.file in caught.value.message() + caught.value.message(Words("en"))
        return
    recap = read_recap(case.data, case.file, case.sheet)
    assert {f.code for f in recap.findings} == case.codes
    assert all(f.text(Words(lang)) for f in recap.findings for lang in ("id", "en"))
    if case.rows is not None:
        assert len(recap.rows) == case.rows
    if case.total is not None:
        assert recap.total == case.total
    if case.at_row is not None:
        assert case.at_row in {f.place.row for f in recap.findings}


@pytest.mark.parametrize("case", [c for c in CLEAN + PLANTED if not c.refused], ids=_id)
def test_no_row_disappears(case: Case):
    recap = read_recap(case.data, case.file, case.sheet)
    kept = [(r.sheet, r.row) for r in recap.rows] + [(a.sheet, a.row) for a in recap.set_aside]
    assert len(kept) == len(set(kept))
    read = {sheet for sheet, _ in kept}
    for sheet in read_tables(case.data, case.file).sheets:
        if sheet.name in read:
            filled = {n for n, row in enumerate(sheet.rows, 1) if any(v is not None for v in row)}
            assert filled <= {row for name, row in kept if name == sheet.name}


@pytest.mark.parametrize("case", CLEAN, ids=_id)
def test_round_trip_keeps_rows_and_sums(case: Case):
    first = read_recap(case.data, case.file)
    again = read_recap(write_csv(recap_rows(first), RECAP_HEADINGS), "rekap.csv")
    assert not [f for f in again.findings if f.severity is not Severity.NOTE]

    def facts(recap):
        return [
            (r.rt, r.rw, bool(r.joint), r.field, r.description, r.volume, r.measure, r.cost,
             r.remark, r.rank)
            for r in recap.rows
        ]  # fmt: skip

    assert facts(again) == facts(first)

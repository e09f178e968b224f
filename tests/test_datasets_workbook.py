"""Datasets in one workbook: sheets, formulas, the sheet ``dataset``."""

from __future__ import annotations

import io

import pytest

from optimizer.errors import InputRefused, Severity
from optimizer.files.datasets import load_workbook
from optimizer.tables.to_xlsx import new_workbook


def workbook(**sheets):
    out = io.BytesIO()
    with new_workbook(out) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return out.getvalue()


UNITS = [["kelurahan", "rw", "rt"], ["Kaliombo", 1, 1]]
PROPOSALS = [
    ["tingkat", "kelurahan", "rw", "rt", "kegiatan", "harga_satuan", "volume"],
    ["RT", "Kaliombo", 1, 1, "Paving", 200_000, 12.5],
]


def test_a_workbook_names_file_sheet_row_and_column():
    bad = [*PROPOSALS, ["RT", "Kaliombo", 1, 1, "Lampu", 0, 1]]
    with pytest.raises(InputRefused) as caught:
        load_workbook(workbook(wilayah=UNITS, usulan=bad), "rapat.xlsx")
    text = str(caught.value)
    assert "rapat.xlsx, lembar usulan, baris 3, kolom harga_satuan" in text


def test_foreign_sheets_are_told():
    data = workbook(wilayah=UNITS, Usulan=PROPOSALS, usuln=[["a"]], catatan_ketua=[["b"]])
    dataset = load_workbook(data, "rapat.xlsx")
    found = {(f.code, f.place.sheet) for f in dataset.findings}
    assert ("dataset_sheet_unused_near", "usuln") in found
    assert ("dataset_sheet_unused", "catatan_ketua") in found
    assert dataset.proposals[0].volume * 2 == 25


def test_a_needed_sheet_with_identity_numbers_refuses_the_workbook():
    people = [*UNITS, ["Kaliombo", 1, "3571021503900001"]]
    with pytest.raises(InputRefused) as caught:
        load_workbook(workbook(wilayah=people, usulan=PROPOSALS), "rapat.xlsx")
    errors = [f for f in caught.value.findings if f.severity is Severity.ERROR]
    assert ("table_identity", "wilayah") in {(f.code, f.place.sheet) for f in errors}


def test_formula_without_a_result_is_an_error_not_an_empty_cell():
    out = io.BytesIO()
    with new_workbook(out) as book:
        for name, rows in (("wilayah", UNITS), ("usulan", PROPOSALS)):
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
        page.write(0, 7, "swadaya")
        page.write_formula(1, 7, "=1/0", None, "#DIV/0!")
    with pytest.raises(InputRefused) as caught:
        load_workbook(out.getvalue(), "rapat.xlsx")
    (finding,) = [f for f in caught.value.findings if f.severity is Severity.ERROR]
    assert (finding.code, finding.place.sheet, finding.place.row) == (
        "table_formula_error",
        "usulan",
        2,
    )


def test_a_broken_workbook():
    with pytest.raises(InputRefused) as caught:
        load_workbook(workbook(wilayah=UNITS, usulan=PROPOSALS)[:900], "rapat.xlsx")
    assert caught.value.findings[0].place.file == "rapat.xlsx"


def test_the_same_sheet_twice():
    twice = {"wilayah": UNITS, "usulan": PROPOSALS, "usulan ": PROPOSALS}
    with pytest.raises(InputRefused) as caught:
        load_workbook(workbook(**twice), "rapat.xlsx")
    assert "dataset_sheet_twice" in {f.code for f in caught.value.findings}


def test_metadata_sheet_uses_or_names_every_cell():
    rows = [
        ["kunci", "nilai"],
        ["name", "Uji"],
        ["name", "Uji lagi"],
        ["real.id", "jumlah RT"],
        ["real.id", "batas"],
        ["sources", "BA 1", "di luar"],
        ["", "tanpa kunci"],
        ["made_up_notice", "ya"],
        ["kecamatan.Kaliombo", "Kota"],
    ]
    data = workbook(dataset=rows, wilayah=UNITS, usulan=PROPOSALS)
    dataset = load_workbook(data, "rapat.xlsx")
    assert dataset.meta.name == "Uji"
    assert dataset.meta.real == {"id": ("jumlah RT", "batas")}
    assert dataset.meta.made_up_notice
    unused = [f for f in dataset.findings if f.code == "dataset_meta_cell_unused"]
    assert [(f.place.row, f.place.value) for f in unused] == [
        (3, "Uji lagi"),
        (6, "di luar"),
        (7, "tanpa kunci"),
    ]


@pytest.mark.parametrize(
    "row", [["kecamatan", "Kota"], ["real", "x"], ["nama", "x"], ["fiscal_year", "x"]]
)
def test_odd_metadata_rows_never_crash(row):
    data = workbook(dataset=[row, ["kecamatan.X", "Y"]], wilayah=UNITS, usulan=PROPOSALS)
    try:
        assert load_workbook(data, "rapat.xlsx").meta.kecamatan["X"] == "Y"
    except InputRefused as error:
        assert error.findings[0].place.sheet == "dataset"

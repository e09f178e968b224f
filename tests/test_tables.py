"""Opening uploaded tables: every usual shape is read, every bad one refused with a remedy."""

from __future__ import annotations

import io
import random
import time
import zipfile
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from optimizer.errors import InputRefused, Severity
from optimizer.files.grid import holds_identity_number
from optimizer.files.tables import MAX_BYTES, read_tables
from optimizer.money import parse_number
from optimizer.tables.to_csv import safe_cell, write_csv
from optimizer.words import Words

NIK = "3571021505900001"


def book(fill) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        fill(workbook)
    return out.getvalue()


def simple(workbook) -> None:
    sheet = workbook.add_worksheet("Rekap")
    sheet.write_row(0, 0, ["No", "Uraian", "Biaya"])
    sheet.write_row(1, 0, [1, "Paving", 9_600_000])


def repack(data: bytes, change) -> bytes:
    """The same archive with members changed: {name: bytes} → {name: bytes}."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in change(members).items():
            archive.writestr(name, content)
    return out.getvalue()


def refused(data: bytes, name: str = "berkas.xlsx") -> list[str]:
    with pytest.raises(InputRefused) as caught:
        read_tables(data, name)
    for lang in ("id", "en"):
        assert name in caught.value.message(Words(lang))
    return [f.code for f in caught.value.findings]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_in_every_encoding_and_separator(encoding, separator):
    rows = [["No", "Uraian", "Biaya"], ["1", "Jalan “Mawar” – café", '"9.600.000,00"']] + [
        [str(i), "Lampu", str(i * 1000)] for i in range(2, 9)
    ]
    text = "\r\n".join(separator.join(row) for row in rows)
    (sheet,) = read_tables(text.encode(encoding), "rekap.csv").sheets
    assert sheet.rows[1] == ("1", "Jalan “Mawar” – café", "9.600.000,00")
    assert len(sheet.rows) == 9


def test_csv_keeps_row_numbers_blank_rows_and_ragged_rows():
    text = 'REKAP\n\nNo;Uraian;Biaya\n1;"dua\nbaris";5\n2;x\n3;y;6;lebih\n'
    (sheet,) = read_tables(text.encode(), "a.csv").sheets
    assert sheet.rows[1] == ()
    assert sheet.rows[3] == ("1", "dua\nbaris", "5")
    assert sheet.value(5, 3) is None and sheet.value(6, 4) == "lebih"


def test_separator_line_of_excel_is_no_row():
    (sheet,) = read_tables(b"sep=,\r\na,b\r\n1;2,3\r\n", "a.csv").sheets
    assert sheet.rows == (("a", "b"), ("1;2", "3"))


def test_unclosed_quotation_mark_is_refused_at_its_row():
    with pytest.raises(InputRefused) as caught:
        read_tables(b'a;b\n1;2\n3;"empat\n5;6\n', "a.csv")
    (finding,) = caught.value.findings
    assert (finding.code, finding.place.row) == ("table_quotes", 3)


def test_two_hundred_thousand_rows_are_quick():
    text = "id;kelurahan;rw;rt;kegiatan;harga_satuan;volume\n" + "".join(
        f"U-{i};Contoh 01;0{i % 9};{i % 47};Paving gang;{i * 1000};12,5\n" for i in range(200_000)
    )
    start = time.perf_counter()
    (sheet,) = read_tables(text.encode(), "usulan.csv").sheets
    assert len(sheet.rows) == 200_001
    assert time.perf_counter() - start < 8


def test_too_many_rows_and_columns():
    assert refused(b"1\n" * 250_001, "a.csv") == ["table_too_many_rows"]
    assert refused(b";".join([b"1"] * 501) + b"\n", "a.csv") == ["table_too_many_columns"]
    assert refused(b"a" * (MAX_BYTES + 1), "a.csv") == ["table_too_big"]


def test_workbook_values_merges_dates_hidden_and_formulas():
    def fill(workbook):
        sheet = workbook.add_worksheet("Rekap")
        day = workbook.add_format({"num_format": "d/mmm"})
        sheet.merge_range("A1:C1", "REKAPITULASI")
        sheet.write_row(1, 0, [1, 2.5, "teks"])
        sheet.write_datetime(2, 0, datetime(2023, 3, 5), day)
        sheet.write_boolean(2, 1, True)
        sheet.write_formula("C3", "=A2*2", None, 2)
        sheet.write_formula("C4", "=1/0", None, "#DIV/0!")
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column("B:B", None, None, {"hidden": True})
        workbook.add_worksheet("Lain").write(0, 0, "x")
        workbook.worksheets()[1].hide()

    first, second = read_tables(book(fill), "a.xlsx").sheets
    assert first.rows[0] == ("REKAPITULASI",) * 3
    assert first.merged[1, 3] == (1, 1)
    assert first.rows[1] == (1, 2.5, "teks")
    assert first.rows[2] == ("2023-03-05", "TRUE", 2)
    assert (first.hidden_rows, first.hidden_columns) == ({2}, {2})
    assert first.problems == {(4, 3): "table_formula_error"}
    assert [f.code for f in first.findings] == [
        "table_hidden_rows",
        "table_hidden_columns",
        "table_formula_error",
    ]
    assert first.findings[-1].place.text() == "a.xlsx, lembar Rekap, baris 4, kolom C"
    assert second.hidden and [f.code for f in second.findings] == ["table_hidden_sheet"]


def test_formula_without_a_calculated_value_is_said():
    workbook = openpyxl.Workbook()
    workbook.active.append(["Jumlah", "=SUM(1,2)"])
    out = io.BytesIO()
    workbook.save(out)
    (sheet,) = read_tables(out.getvalue(), "a.xlsx").sheets
    assert sheet.problems == {(1, 2): "table_formula_uncached"}
    assert sheet.value(1, 2) is None


def test_a_stray_format_in_the_last_row_costs_nothing():
    def fill(workbook):
        simple(workbook)
        bold = workbook.add_format({"bold": True})
        workbook.worksheets()[0].write_blank(1_048_575, 16_383, None, bold)

    (sheet,) = read_tables(book(fill), "a.xlsx").sheets
    assert len(sheet.rows) == 2


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "table_empty"),
        (b"\xef\xbb\xbf;;\r\n;;\r\n", "table_empty"),
        (b"%PDF-1.7 ...", "table_pdf"),
        (b"\x89PNG\r\n\x1a\n123", "table_image"),
        (b"\xff\xd8\xff\xe0123", "table_image"),
        (b"Rar!\x1a\x07", "table_archive"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "table_markup"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "table_xls"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "table_encrypted",
        ),
        (b"abc\x00def;\x01\x02", "table_binary"),
        (b"PK\x03\x04 not really", "table_broken"),
    ],
)
def test_what_is_no_table_is_named(data, code):
    assert refused(data) == [code]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"mimetype": b"x", "content.xml": b"<a/>"}, "table_ods"),
        ({"word/document.xml": b"<a/>"}, "table_document"),
        ({"xl/workbook.bin": b"x"}, "table_xlsb"),
        ({"foto.jpg": b"x"}, "table_archive"),
        ({"xl/nothing.xml": b"<a/>"}, "table_broken"),
    ],
)
def test_archives_that_are_no_workbook(members, code):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert refused(out.getvalue()) == [code]


def _in_sheet(old: bytes, new: bytes):
    def change(members):
        name = "xl/worksheets/sheet1.xml"
        assert old in members[name]
        return {**members, name: members[name].replace(old, new, 1)}

    return change


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda m: {**m, "xl/big.xml": b" " * (121 * 2**20)}, "table_too_big_inside"),
        (_in_sheet(b"<sheetData>", b"<sheetData><row>" + b"<c/>" * 1_600_000 + b"</row>"),
         "table_too_big_inside"),
        (_in_sheet(b"</sheetData>",
                   b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
         "table_too_big_inside"),
        (_in_sheet(b"<worksheet", b'<!DOCTYPE w [<!ENTITY a "aaaa">]><worksheet'),
         "table_xml_tricks"),
        (_in_sheet(b"</sheetData>", b""), "table_broken"),
        (lambda m: {n: c for n, c in m.items() if n != "xl/workbook.xml"}, "table_broken"),
    ],
)  # fmt: skip
def test_workbooks_made_to_harm(change, code):
    assert refused(repack(book(simple), change)) == [code]


def test_damaged_workbooks_never_raise_anything_else():
    data, rng = book(simple), random.Random(7)
    for _ in range(150):
        damaged = bytearray(data)
        for _ in range(rng.randint(1, 12)):
            damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        cut = damaged[: rng.randrange(4, len(damaged))] if rng.random() < 0.3 else damaged
        try:
            read_tables(bytes(cut), "a.xlsx")
        except InputRefused as error:
            assert error.message(Words("en"))


def test_damaged_xml_never_raises_anything_else():
    data, rng = book(simple), random.Random(11)

    def damage(members):
        name = rng.choice(sorted(members))
        content = bytearray(members[name])
        for _ in range(rng.randint(1, 4)):
            content[rng.randrange(len(content))] = rng.choice(b'<>"=/ A1z9')
        return {**members, name: bytes(content)}

    for _ in range(150):
        try:
            read_tables(repack(data, damage), "a.xlsx")
        except InputRefused as error:
            assert error.message()


@pytest.mark.parametrize(
    "value",
    [NIK, int(NIK), float(NIK), "3571 0215 0590 0001", "35.71.02.150590.0001",
     f"Budi ({NIK})", "3571025505900002", "=\"" + NIK + "\"", 3571021505900000],
)  # fmt: skip
def test_identity_numbers_are_recognised(value):
    assert holds_identity_number(value)


@pytest.mark.parametrize(
    "value",
    ["1.000.000.000.000.000", 10**15, "0812 3456 7890 1234", "35710215059000012", 9_600_000,
     "35.012.312-12.345.678", "3571021305", "3571029905900001", None, "Paving 3x4 m"],
)  # fmt: skip
def test_other_numbers_are_not(value):
    assert not holds_identity_number(value)


@pytest.mark.parametrize("text", [f"nama;nik\nA;{NIK}\n", f"nama,nik\nA,'{NIK}\n"])
def test_a_csv_with_identity_numbers_is_refused_without_repeating_them(text):
    with pytest.raises(InputRefused) as caught:
        read_tables(text.encode(), "warga.csv")
    assert [f.code for f in caught.value.findings] == ["table_identity"]
    assert NIK not in caught.value.message() + repr(caught.value.findings)


def test_only_the_sheet_with_identity_numbers_is_left_out():
    def fill(workbook):
        simple(workbook)
        workbook.add_worksheet("Daftar hadir").write_row(0, 0, ["Ani", int(NIK)])

    tables = read_tables(book(fill), "a.xlsx")
    assert [s.name for s in tables.sheets] == ["Rekap"]
    assert tables.refused == ("Daftar hadir",)
    assert [(f.code, f.severity) for f in tables.findings] == [("table_identity", Severity.WARNING)]
    assert NIK not in repr(tables)


def test_missing_files_and_folders(tmp_path: Path):
    for path in (tmp_path / "tidak_ada.xlsx", tmp_path):
        with pytest.raises(InputRefused) as caught:
            read_tables(path)
        assert caught.value.findings[0].code == "table_missing"


@pytest.mark.parametrize("text", ["=1+1", "+62812", "-cmd|x", "@SUM(A1)", "\t=1", "\r=1", "－1"])
def test_dangerous_cells_become_text(text):
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "-1.500.000", "-Rp1.500", "RT 05", "", "a=b", "-12,5%"])
def test_harmless_cells_stay(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize("separator", [";", ","])
def test_what_is_written_is_read_back(separator):
    rows = [['=HYPERLINK("x")', 9_600_000, Fraction(9, 8), None], ['a;b,"c"', -5, 2.5, "-"]]
    data = write_csv(rows, ["uraian", "biaya", "volume", "catatan"], separator)
    assert data.startswith(b"\xef\xbb\xbf") and b"'=HYPERLINK" in data
    (sheet,) = read_tables(data, "a.csv").sheets
    assert sheet.rows[1][:2] == ('=HYPERLINK("x")', "9600000")
    assert parse_number(sheet.rows[1][2]) == Fraction(9, 8)
    assert sheet.rows[2] == ('a;b,"c"', "-5", "2,5", "-")

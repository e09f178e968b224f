"""A seeded corpus of recap files: clean ones in many layouts, and one planted thing each.

``clean()`` gives recaps on which nothing may be found; ``planted()`` gives files with a defect
or a layout and what must be found. ``Case.rules`` names what the rule check must find later
(account or item), so that the check command can use the same files.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from recap_offices import CSV, Grid, Line, Style, layout, lines, to_csv, to_file, to_xlsx, total_of


@dataclass(frozen=True)
class Case:
    """A file and what must be found in it.

    ``codes`` are reading findings; ``refused`` says that the file is refused as a whole;
    ``rules`` are for the rule check; ``rows`` and ``total`` what the reader must hold.
    """

    name: str
    data: bytes
    file: str
    codes: frozenset[str] = frozenset()
    refused: bool = False
    rules: frozenset[str] = frozenset()
    rows: int | None = None
    total: int | None = None
    at_row: int | None = None
    sheet: str | None = None


CLEAN_STYLES = {
    "official": Style(),
    "official_csv": CSV,
    "comma_cp1252": replace(CSV, separator=",", encoding="cp1252", money="dots"),
    "tab_utf16": replace(CSV, separator="\t", encoding="utf-16", money="rp"),
    "slash_place": Style(place="{rt}/{rw}", money="rp_dash", total="JUMLAH TOTAL"),
    "dots_place": Style(place="RT.{r}/RW.{w}", money="decimals", blanks=True),
    "roman_rw": Style(place="RT {r} / RW {roman}", joint="Bersama", fields="short"),
    "split_columns": Style(split_place=True, split_volume=True, with_price=True, total="TOTAL"),
    "two_row_header": Style(split_place=True, split_volume=True, two_rows=True, numbering=True),
    "two_row_official": Style(two_rows=True, with_price=True, money="plain", footer=True),
    "merged_places": Style(merged=True, total="Jumlah Keseluruhan", footer=True),
    "subtotals": Style(subtotals=True, total="GRAND TOTAL", blanks=True, fields="upper"),
    "rt_sections": Style(sections="place", subtotals=True, total="Jumlah Total", footer=True),
    "field_sections": Style(sections="field", subtotals=True, total="TOTAL", joint=""),
    "sections_csv": replace(CSV, sections="place", money="juta", total="Total"),
    "offset_and_gap": Style(offset=1, gap=3, numbering=True, footer=True, fields="id"),
    "header_repeated": Style(repeat_header=True, subtotals=True, place="RT {rt} RW {rw}"),
    "no_titles": Style(titles=(), joint="", total="TOTAL"),
    "floats": Style(money="float", joint="-", titles=("Rekap Kelurahan Contoh 01", "TA. 2023")),
    "kelurahan_column": Style(with_kelurahan=True, split_volume=True, money="rp", footer=True),
}


def clean() -> Iterator[Case]:
    """Twenty recaps with nothing wrong, each in another layout."""
    for seed, (name, style) in enumerate(CLEAN_STYLES.items(), 100):
        found = lines(seed, units=4 + seed % 3)
        data, file = to_file(layout(found, style), style)
        yield Case(name, data, file, rows=len(found), total=total_of(found))


_Change = Callable[[list[Line]], list[Line]]


def _set(index: int, **values: object) -> _Change:
    return lambda found: [replace(x, **values) if i == index else x for i, x in enumerate(found)]


def _drop(text: str) -> _Change:
    return lambda found: [x for x in found if not (text in x.description and x.rt == "01"
                                                    and x.rw == "01")]  # fmt: skip


def _add(line: Line) -> _Change:
    return lambda found: [line, *found]


_EXTRA = Line("01", "01", "sosial_budaya", "", 1, "unit", 0, 0)

# name → change of the lines, style, codes, kept rows below the number of lines
LINE_DEFECTS: dict[str, tuple[_Change, Style, set[str]]] = {
    "cost_text": (_set(2, cost="sesuai RAB"), Style(), {"recap_money_unreadable"}),
    "cost_ambiguous": (_set(2, cost="1,500"), Style(), {"recap_money_ambiguous"}),
    "cost_half_rupiah": (_set(2, cost="1.500,50"), CSV, {"recap_money_not_whole"}),
    "cost_missing": (_set(3, cost=""), Style(), {"recap_cost_missing"}),
    "cost_dash": (_set(3, cost="-"), CSV, {"recap_cost_missing"}),
    "cost_zero": (_set(3, cost=0), Style(), {"recap_cost_not_positive"}),
    "cost_negative": (_set(3, cost=-500_000), CSV, {"recap_cost_not_positive"}),
    "cost_from_price": (_set(4, cost=""), Style(with_price=True), {"recap_cost_computed"}),
    "cost_not_product": (_set(0, cost=9_000_000), Style(with_price=True), {"recap_cost_differs"}),
    "price_text": (_set(0, price="?"), Style(with_price=True), {"recap_money_unreadable"}),
    "volume_area": (_set(0, volume="5x10", measure="m"), Style(), {"recap_volume_unreadable"}),
    "volume_days": (_set(5, volume="2 orang x 3", measure="hari"), CSV,
                    {"recap_volume_unreadable"}),
    "volume_words": (_set(1, volume="secukupnya", measure=""), Style(),
                     {"recap_volume_unreadable"}),
    "volume_missing": (_set(1, volume="", measure=""), CSV, {"recap_volume_missing"}),
    "volume_ambiguous": (_set(0, volume="1,500"), CSV, {"recap_volume_ambiguous"}),
    "volume_zero": (_set(0, volume=0), Style(), {"recap_volume_not_positive"}),
    "measure_unknown": (_set(4, measure="rit"), Style(), {"recap_measure_unknown"}),
    "measure_unknown_column": (_set(4, measure="gros"), Style(split_volume=True),
                               {"recap_measure_unknown"}),
    "measure_missing": (_set(4, measure=""), Style(), {"recap_measure_missing"}),
    "field_misspelt": (_set(1, field="Kesehatn"), Style(), {"recap_field_misspelt"}),
    "field_unknown": (_set(1, field="Wisata"), CSV, {"recap_field_unknown"}),
    "field_empty": (_set(1, field=""), Style(), {"recap_field_empty"}),
    "place_word": (_set(1, rt="=lihat daftar"), CSV,
                   {"recap_place_unreadable"}),
    "place_zero": (_set(1, rt="00"), Style(), {"recap_place_unreadable"}),
    "place_several": (_set(1, rt="=RT 01, 02 RW 01"), Style(),
                      {"recap_place_several"}),
    "place_range": (_set(1, rt="=RT 1-4 RW 01"), Style(), {"recap_place_several"}),
    "place_date": (_set(1, rt="=2023-03-05"), Style(),
                   {"recap_place_date"}),
    "place_date_word": (_set(1, rt="=05-Mar"), CSV,
                        {"recap_place_date"}),
    "rw_missing": (_set(1, rt="=RT 01"), Style(), {"recap_rw_missing"}),
    "rt_column_word": (_set(1, rt="lima"), Style(split_place=True), {"recap_place_unreadable"}),
    "place_left_out": (_set(1, rt="", rw=""), Style(joint=""), {"recap_joint_other_field"}),
    "description_missing": (_set(1, description=""), Style(), {"recap_description_missing"}),
}  # fmt: skip

RULE_DEFECTS: dict[str, tuple[_Change, set[str]]] = {
    "rt_infrastructure_over": (
        _set(0, volume=60, cost=12_000_000), {"infrastruktur/rt"}),
    "health_over": (
        _set(1, description="Alat cek gula", price=41_000_000, cost=41_000_000), {"kesehatan"}),
    "social_over": (
        _add(replace(_EXTRA, description="Sarana bermain ramah anak", measure="paket",
                     price=21_000_000, cost=21_000_000)), {"sosial_budaya"}),
    "no_pkk": (_drop("PKK"), {"pkk"}),
    "no_pmt": (_drop("PMT"), {"pmt"}),
    "no_youth": (_drop("Alat olahraga"), {"kepemudaan"}),
    "four_cctv": (
        _add(replace(_EXTRA, description="CCTV digital", volume=4, price=3_500_000,
                     cost=14_000_000)), {"cctv"}),
    "school_package_dear": (
        _set(6, volume=5, price=400_000, cost=2_000_000), {"perlengkapan_sekolah"}),
    "admin_over": (_set(8, price=2_000_000, cost=2_000_000), {"biaya_umum"}),
    "off_menu": (
        _add(replace(_EXTRA, description="Sewa tenda hajatan", price=3_000_000, cost=3_000_000)),
        {"off_menu"}),
    "wrong_field": (
        _set(0, field="kesehatan"), {"wrong_field"}),
    "duplicate": (
        lambda found: [found[0], *found], {"duplicate"}),
}  # fmt: skip


def planted() -> Iterator[Case]:
    """Every file has one planted defect or layout, and says what must be found."""
    yield from _line_cases()
    yield from _rule_cases()
    yield from _total_cases()
    yield from _sheet_cases()
    yield from _layout_cases()
    yield from _file_cases()


def _line_cases() -> Iterator[Case]:
    for seed, (name, (change, style, codes)) in enumerate(LINE_DEFECTS.items(), 300):
        found = change(lines(seed))
        grid = layout(found, style)
        lost = bool({c for c in codes if "place_" in c and "joint" not in c} | {c for c in codes
                    if c == "recap_rw_missing"})  # fmt: skip
        data, file = to_file(grid, style)
        changed = next(
            (i for i, (a, b) in enumerate(zip(found, lines(seed), strict=True)) if a != b), 0
        )
        rows = len(found) - lost
        yield Case(name, data, file, frozenset(codes), rows=rows, at_row=grid.line(changed))


def _rule_cases() -> Iterator[Case]:
    for seed, (name, (change, rules)) in enumerate(RULE_DEFECTS.items(), 400):
        found = change(lines(seed))
        data, file = to_file(layout(found, Style()), Style())
        yield Case(name, data, file, rules=frozenset(rules), rows=len(found), total=total_of(found))


def _wrong(grid: Grid, starts: str, change: Callable[[int], int]) -> int:
    for number, row in enumerate(grid.rows, 1):
        if row and str(row[0]).startswith(starts):
            row[-2] = change(row[-2])
            return number
    raise AssertionError(starts)


def _total_cases() -> Iterator[Case]:
    found = lines(500)
    differs = frozenset({"recap_total_differs"})
    plans = {
        "grand_total_off": (Style(total="GRAND TOTAL"), "GRAND", lambda x: x + 1),
        "grand_total_without_first_block": (
            Style(subtotals=True, total="TOTAL"), "TOTAL",
            lambda x: x - sum(y.cost for y in found[:9])),
        "subtotal_off": (Style(subtotals=True, total="TOTAL"), "Jumlah RT 02 RW 01",
                         lambda x: x - 250_000),
        "section_subtotal_off": (Style(sections="field", subtotals=True), "Sub Total",
                                 lambda x: x + 100_000),
        "total_in_csv_off": (replace(CSV, total="Jumlah"), "Jumlah", lambda x: x * 10),
    }  # fmt: skip
    for name, (style, starts, change) in plans.items():
        grid = layout(found, style)
        row = _wrong(grid, starts, change)
        data, file = to_file(grid, style)
        yield Case(name, data, file, differs, rows=len(found), total=total_of(found), at_row=row)
    gone = layout(found, Style(total="TOTAL"))
    del gone.rows[gone.line(4) - 1]
    gone.merges = [(a - (a > 9), b, c - (c > 9), d) for a, b, c, d in gone.merges]
    data, file = to_file(gone, Style())
    yield Case("row_deleted_under_total", data, file, differs, rows=len(found) - 1)


def _sheet_cases() -> Iterator[Case]:
    found, style = lines(600), Style()
    grid = layout(found, style)
    whole, rows = total_of(found), len(found)
    two = to_xlsx(("Rekap", grid), ("Rekap lama", layout(lines(601), style)))
    yield Case("two_recaps", two, "rekap.xlsx", frozenset({"recap_two_sheets"}), refused=True)
    yield Case("two_recaps_one_named", two, "rekap.xlsx", frozenset({"recap_sheet_unused"}),
               rows=rows, total=whole, sheet="rekap")  # fmt: skip
    yield Case("sheet_not_there", two, "rekap.xlsx", frozenset({"recap_sheet_unknown"}),
               refused=True, sheet="Rekap 2030")  # fmt: skip
    people = Grid([["Nama", "NIK"], ["Warga A", "3571021505900001"]])
    yield Case("identity_numbers_beside", to_xlsx(("Rekap", grid), ("Hadir", people)),
               "rekap.xlsx", frozenset({"table_identity"}), rows=rows, total=whole)  # fmt: skip
    inside = layout(_set(1, remark="NIK 3571 0215 0590 0001")(found), style)
    yield Case("identity_numbers_inside", *to_file(inside, style), frozenset({"table_identity"}),
               refused=True)  # fmt: skip
    hidden = layout(found, style)
    hidden.hidden_rows = [hidden.line(3)]
    yield Case("hidden_row", *to_file(hidden, style), frozenset({"table_hidden_rows"}),
               rows=rows, total=whole)  # fmt: skip
    hidden = layout(found, style)
    hidden.hidden_columns = [7]
    yield Case("hidden_column", *to_file(hidden, style), frozenset({"table_hidden_columns"}),
               rows=rows, total=whole)  # fmt: skip
    formulas = layout(found, style)
    formulas.formulas = {(formulas.line(0), 6): ("=50*200000", 10_000_000)}
    yield Case("formula_with_value", *to_file(formulas, style), rows=rows, total=whole)
    formulas.formulas = {(formulas.line(0), 6): ("=#REF!*2", "#REF!")}
    formulas.rows[formulas.line(0) - 1][5] = ""
    yield Case("formula_error", *to_file(formulas, style), frozenset({"table_formula_error"}),
               rows=rows, at_row=formulas.line(0))  # fmt: skip
    yield Case("formula_never_calculated", _uncached(to_file(formulas, style)[0]), "rekap.xlsx",
               frozenset({"table_formula_uncached"}), rows=rows,
               at_row=formulas.line(0))  # fmt: skip
    joint = [x for x in found if not x.rt]
    muskel = layout(joint, Style(joint=""))
    own = layout([x for x in found if x.rt], style)
    yield Case("muskel_sheet", to_xlsx(("Rekap", own), ("Muskel", muskel)), "rekap.xlsx",
               rows=rows, total=whole)  # fmt: skip
    shares = Grid([["id_usulan", "rw", "rt", "bagian"], [str(rows), "01", "01", 30_000_000],
                   ["999", "01", "02", 1]])  # fmt: skip
    yield Case("participant_unknown", to_xlsx(("Rekap", grid), ("gabungan", shares)),
               "rekap.xlsx", frozenset({"recap_participant_unknown"}), rows=rows)  # fmt: skip


def _uncached(data: bytes) -> bytes:
    """Take the cached results out, as a program that never calculates leaves them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if "worksheets/" in name:
                content = content.replace(b"</f><v>#REF!</v>", b"</f>").replace(b' t="e"', b"")
            new.writestr(name, content)
    return out.getvalue()


def _layout_cases() -> Iterator[Case]:
    found = lines(700)
    whole, rows = total_of(found), len(found)
    grouped = Style(grouped=True)
    yield Case("place_only_in_first_row", *to_file(layout(found, grouped), grouped),
               frozenset({"recap_place_carried"}), rows=rows, total=whole)  # fmt: skip
    several = [replace(x, kelurahan="Contoh 02") if x.rw == "02" else x for x in found]
    style = Style(with_kelurahan=True, titles=("REKAP KECAMATAN CONTOH", "TAHUN 2023"))
    yield Case("several_kelurahan", *to_file(layout(several, style), style),
               frozenset({"recap_several_kelurahan"}), rows=rows, total=whole)  # fmt: skip
    style = Style(titles=("RENCANA TAHUN 2022", "PERUBAHAN TAHUN 2023"))
    yield Case("two_years", *to_file(layout(found, style), style),
               frozenset({"recap_year_unclear"}), rows=rows, total=whole)  # fmt: skip
    thousands = [replace(x, cost=x.cost // 1000) for x in found]
    names = ("No", "RT/RW", "Bidang", "Uraian Kegiatan", "Volume", "Rencana Biaya (ribuan Rp)",
             "Keterangan")  # fmt: skip
    style = Style(headings=names)
    yield Case("cost_in_thousands", *to_file(layout(thousands, style), style),
               frozenset({"recap_scaled"}), rows=rows, total=whole)  # fmt: skip
    grid = layout(found, Style())
    for number, row in enumerate(grid.rows[3:]):
        row.append("Rencana Biaya Perubahan (Rp)" if number == 0 else 1)
    yield Case("two_cost_columns", *to_file(grid, Style()), frozenset({"recap_column_twice"}),
               rows=rows, total=whole)  # fmt: skip
    grid = layout(found, Style())
    for number, row in enumerate(grid.rows[3:]):
        row.append("Titik koordinat" if number == 0 else "-7.8, 112.0")
    yield Case("column_of_their_own", *to_file(grid, Style()), frozenset({"recap_column_unused"}),
               rows=rows, total=whole)  # fmt: skip
    minutes = [x for x in found if x.rt == "02" and x.rw == "02"]
    style = Style(titles=("BERITA ACARA REMBUG WARGA", "RT 02 RW 02 KELURAHAN CONTOH 01",
                          "TAHUN ANGGARAN 2023"), sections="place", total="Jumlah",
                  headings=("No", "Bidang", "Uraian Kegiatan", "Volume dan Satuan",
                            "Rencana Biaya (Rp)", "Keterangan"))  # fmt: skip
    yield Case("minutes_of_one_rt", *to_file(layout(minutes, style), style), rows=len(minutes),
               total=total_of(minutes))  # fmt: skip
    style = replace(style, titles=("BERITA ACARA REMBUG WARGA",), kind="csv", total="")
    grid = layout(minutes, style)
    grid.rows = [row for row in grid.rows if not str((row or [""])[0]).startswith("RT ")]
    yield Case("minutes_without_place", to_csv(grid, style), "rekap.csv",
               frozenset({"recap_no_place", "recap_no_rows"}), rows=0)  # fmt: skip
    yield Case("minutes_named_by_file", to_csv(grid, style), "BA_RT 02 RW 02.csv",
               rows=len(minutes), total=total_of(minutes))  # fmt: skip
    grid = layout(found, Style())
    grid.rows.insert(grid.line(5), ["", "", "", "lanjutan: termasuk ongkos kirim"])
    yield Case("stray_text", *to_file(grid, Style()), frozenset({"recap_text_row"}),
               rows=rows, total=whole)  # fmt: skip


def _file_cases() -> Iterator[Case]:
    found, ole = lines(800), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
    data = to_file(layout(found, Style()), Style())[0]
    no_header = replace(CSV, headings=("A", "B", "C", "D", "E", "F", "G"))
    refusals = {
        "no_header": (to_csv(layout(found, no_header), no_header), "recap_no_header"),
        "cut_off": (data[: len(data) // 2], "table_broken"),
        "password": (ole + "EncryptedPackage".encode("utf-16-le"), "table_encrypted"),
        "old_excel": (ole + "Workbook".encode("utf-16-le"), "table_xls"),
        "pdf": (b"%PDF-1.4 rekap", "table_pdf"),
        "photo": (b"\xff\xd8\xff\xe0 rekap", "table_image"),
        "empty": (b"", "table_empty"),
        "quote_left_open": (to_csv(layout(found, CSV), CSV).replace(b"Iuran", b'"Iuran', 1),
                            "table_quotes"),
    }  # fmt: skip
    for name, (content, code) in refusals.items():
        yield Case(name, content, "rekap.xlsx", frozenset({code}), refused=True)

"""Periksa: findings with remedies, corrections kept apart, hostile files, files to take away."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from recap_corpus import planted
from ui_app import calm, html, open_app, shown, turn_to

from optimizer.checking import check_opened, open_recap
from optimizer.errors import InputRefused, RembugError
from optimizer.files.grid import Tables
from optimizer.files.recap import read_recap
from optimizer.files.recap_edits import Edit, Kind, corrections, edited, read_edited
from optimizer.files.tables import MAX_BYTES, read_tables
from optimizer.rules import RuleStatus
from optimizer.ui.check_take import corrected_workbook
from optimizer.ui.check_work import Work, record, rows_of
from optimizer.words import Words

FILES = Path(__file__).parent / "recap_files"
RT = "Contoh 01/01/01"


def tables(name: str) -> Tables:
    return read_tables(FILES / name)


def drop(app, name: str, data: bytes):
    return app.file_uploader[0].set_value((name, data, "")).run()


def drop_file(app, name: str):
    return drop(app, name, (FILES / name).read_bytes())


def csv(*rows: str) -> bytes:
    head = "REKAP TAHUN ANGGARAN 2023;;;;;;\nNo;RT/RW;Bidang;Uraian Kegiatan;Volume;Biaya;Ket"
    return "\n".join([head, *rows]).encode()


# --- corrections, apart from the record -------------------------------------------------


def opened(name: str, target: str = RT) -> Work:
    work = Work(tables(name), target=target)
    report = check_opened(open_recap(read_edited(work.tables, ())))
    return Work(work.tables, target=target, rows=rows_of(report, target))


def judged(work: Work):
    return check_opened(open_recap(read_edited(work.tables, work.edits)))


def test_a_corrected_cell_is_read_like_the_file_and_named_with_both_values():
    work = opened("01_rekap_resmi.xlsx")
    assert judged(work).status(RT) is RuleStatus.FINDING
    work = record(work, {"edited_rows": {0: {"cost": "Rp10 jt"}}})
    assert judged(work).status(RT) is RuleStatus.PASS
    (change,) = corrections(work.tables, work.edits)
    assert (change.place.row, change.before, change.after) == (8, "9600000", "Rp10 jt")
    notes = [f for f in judged(work).findings if f.code == "recap_corrected_cell"]
    assert [(n.place.row, n.data["before"]) for n in notes] == [(8, "9600000")]
    assert tables("01_rekap_resmi.xlsx") == work.tables  # the file itself stays


def test_rows_are_added_below_their_rt_and_taken_out_without_moving_numbers():
    work = opened("01_rekap_resmi.xlsx", "Contoh 01/01/02")
    before = judged(work).opened.source.recap
    new = {"field": "Kesehatan", "description": "Iuran JKN", "volume": "5 orang/tahun",
           "cost": "2.520.000"}  # fmt: skip
    work = record(work, {"added_rows": [new, {}], "deleted_rows": [0]})
    after = judged(work).opened.source.recap
    assert len(after.rows) == len(before.rows)
    kept = {(r.row, r.description) for r in before.rows}
    (added,) = [r for r in after.rows if (r.row, r.description) not in kept]
    assert (added.owner, added.cost) == ("Contoh 01/01/02", 2_520_000)
    assert added.row > max(a.row for a in before.set_aside)
    assert {c.kind for c in corrections(work.tables, work.edits)} == {Kind.ADD, Kind.REMOVE}
    assert not [c for c in judged(work).told("Contoh 01/01/02") if c.rule == "rule.jkn"]


def test_the_latest_correction_is_the_last_of_the_list_whatever_the_editor_says_first():
    work = opened("01_rekap_resmi.xlsx")
    work = record(work, {"edited_rows": {3: {"cost": "1.100.000"}}})
    work = record(work, {"edited_rows": {0: {"cost": "10.000.000"}, 3: {"cost": "1.100.000"}}})
    assert [e.value for e in work.edits] == ["1.100.000", "10.000.000"]


def test_putting_the_old_value_back_is_no_correction():
    work = opened("01_rekap_resmi.xlsx")
    work = record(work, {"edited_rows": {0: {"description": "Pavingisasi gang I sisi timur"}}})
    assert corrections(work.tables, work.edits) == ()


def test_a_nik_is_not_kept_and_a_formula_stays_text():
    work = opened("01_rekap_resmi.xlsx")
    with pytest.raises(RembugError, match="NIK"):
        record(work, {"edited_rows": {0: {"description": "Budi 3571021205800001"}}})
    work = record(work, {"edited_rows": {0: {"description": "=cmd|' /C calc'!A0"}}})
    book = openpyxl.load_workbook(io.BytesIO(corrected_workbook(work, judged(work), Words())))
    cells = [c for sheet in book.worksheets for row in sheet.iter_rows() for c in row]
    assert any("cmd" in str(c.value) for c in cells)
    assert not any(c.data_type == "f" for c in cells)


@pytest.mark.parametrize("name", sorted(f.name for f in FILES.iterdir()))
def test_an_edit_that_changes_nothing_leaves_every_file_as_it_reads(name):
    found = tables(name)
    first = found.sheets[0]
    edits = [Edit(Kind.CELL, first.name, len(first.rows), 1, str(first.value(len(first.rows), 1)))]
    if first.value(len(first.rows), 1) is None:
        edits = []
    try:
        plain = read_recap(found)
    except InputRefused as refused:
        assert {f.code for f in refused.findings} == {"recap_two_sheets"}
        return
    assert [r.cost for r in read_edited(found, edits).rows] == [r.cost for r in plain.rows]
    assert edited(found, ()).tables == found


def test_the_corrected_recap_reads_back_with_the_same_rows_and_its_corrections():
    work = record(opened("01_rekap_resmi.xlsx"), {"edited_rows": {0: {"cost": "10.000.000"}}})
    report = judged(work)
    data = corrected_workbook(work, report, Words())
    again = read_recap(data, "lagi.xlsx", "rekap")
    assert again.total == report.opened.source.recap.total
    assert (again.year, again.kelurahan) == (2023, "Contoh 01")
    marks = openpyxl.load_workbook(io.BytesIO(data))["perbaikan"]
    assert [c.value for c in list(marks.rows)[-1]][1:] == [8, "F", "9600000", "10.000.000"]


# --- the page ---------------------------------------------------------------------------


def test_the_first_page_says_what_to_do_next():
    app = calm(open_app("periksa"))
    assert [b.label for b in app.button] == [Words().say("ui.check.example")]
    assert Words().say("ui.frame.decides") in unescape(html(app))


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_recap_is_read_counted_and_explained(lang):
    app = calm(drop_file(open_app("periksa", lang=lang.upper()), "01_rekap_resmi.xlsx"))
    text = unescape(html(app))
    assert "2 RT · 19" in text and Words(lang).say("check_cli.all_used") in text
    assert "<b>2</b>" in text and Words(lang).say("ui.check.count.finding") in text
    assert Words(lang).say("remedy.letter", letter="D") in text
    assert Words(lang).say("ui.check.basis") in text and "Perwali" in text
    assert re.search(r"<code>[0-9a-f]{12}</code>", text)


def test_correcting_opens_the_rows_and_undo_brings_the_file_back():
    app = drop_file(open_app("periksa"), "01_rekap_resmi.xlsx")
    app.button(key=f"mend_{RT}").click().run()
    calm(app)
    work = app.session_state["_boxes"]["periksa"]["work"]
    assert work.target == RT and len(work.rows) == 9
    corrected = record(work, {"edited_rows": {0: {"cost": "10.000.000"}}})
    app.session_state["_boxes"]["periksa"]["work"] = corrected
    calm(app.run())
    assert "9600000" in shown(app) and "<b>1</b>" in html(app)
    app.button(key="check_undo").click().run()
    assert "9600000" not in shown(app)


def test_the_page_asks_for_the_sheet_and_for_the_rules_where_the_file_does_not_say():
    app = calm(drop_file(open_app("periksa"), "05_dua_lembar.xlsx"))
    sheet = next(s for s in app.selectbox if s.label == Words().say("ui.check.sheet"))
    sheet.select_index(0).run()
    assert "rb-counts" in html(calm(app))
    app = drop(app, "tanpa-tahun.csv", csv("1;RT 01/RW 01;Kesehatan;PMT;1 paket;1000000;")[27:])
    calm(app)
    assert [i.value for i in app.info] == [Words().say("ui.check.which_policy")]
    rules = next(s for s in app.selectbox if s.label == Words().say("ui.check.policy"))
    rules.select_index(0).run()
    assert "rb-counts" in html(calm(app))


def test_texts_and_sheets_are_offered_and_the_list_goes_to_the_other_pages():
    app = drop_file(open_app("periksa"), "01_rekap_resmi.xlsx")
    app.button(key="check_use").click().run()
    calm(app)
    assert app.session_state["skenario"].startswith("sendiri-")
    turn_to(app, "unduh")
    assert "Contoh 01" in html(calm(app))
    assert Words().say("ui.frame.made_up") not in unescape(html(app))


def test_the_example_says_that_it_is_made_up():
    app = open_app("periksa")
    app.button(key="check_example").click().run()
    text = unescape(html(calm(app)))
    assert "47 RT" in text and Words().say("ui.frame.made_up") in text


def test_a_computed_list_is_judged_but_becomes_no_record():
    rows = csv("1;RT 01/RW 01;Kesehatan;PMT;1 paket;1000000;")
    app = drop(open_app("periksa"), "rancangan.csv", b"SIMULASI;;;;;;\n" + rows)
    assert not app.exception and "rb-counts" in html(app)
    assert "SIMULASI" in app.error[0].value
    assert not [b for b in app.button if b.key == "check_use"]


# --- hostile input ----------------------------------------------------------------------


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 80_000_000)
    return out.getvalue()


BAD = {
    "bomb.xlsx": (bomb, "table_too_big_inside"),
    "besar.xlsx": (lambda: b"PK" + bytes(MAX_BYTES), "table_too_big"),
    "kosong.csv": (lambda: b"", "table_empty"),
    "rekap.pdf": (lambda: b"%PDF-1.4 ...", "table_pdf"),
    "halaman.xlsx": (lambda: b"<html><script>alert(1)</script></html>", "table_markup"),
    "rusak.xlsx": (lambda: b"PK\x03\x04 rusak", "table_broken"),
    "nik.csv": (lambda: csv("1;RT 01/RW 01;Kesehatan;3571021205800001;1;1;"), "table_identity"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_words_and_what_was_open_stays(name):
    make, code = BAD[name]
    app = drop_file(open_app("periksa"), "01_rekap_resmi.xlsx")
    drop(app, name, make())
    assert not app.exception
    assert len(app.error) == 1
    said = unescape(html(app))
    limit = {"limit": MAX_BYTES // 2**20} if code == "table_too_big" else {}
    assert Words().say(f"finding.{code}", value="", **limit)[:60] in said
    assert "01_rekap_resmi.xlsx" in said and "rb-counts" in said
    assert "3571021205800001" not in repr(app.session_state["_boxes"])


def test_a_tampered_link_opens_nothing_and_says_nothing_strange():
    app = calm(open_app("periksa", berkas="../../<script>", skenario="sendiri-00000000"))
    assert "<script" not in html(app) and not app.warning


def test_html_and_script_in_a_recap_are_shown_as_text():
    row = '1;RT 01/RW 01;Kesehatan;<img src=x onerror=alert(1)> **xyz**;1 paket;1000000;"=cmd"'
    app = calm(drop(open_app("periksa"), "<b>jahat.csv", csv(row)))
    assert "<img" not in html(app) and "<b>jahat" not in html(app)
    assert "&lt;img src=x" in html(app)


def test_half_filled_rows_and_text_in_number_cells_name_the_cell():
    app = drop_file(open_app("periksa"), "08_rusak_di_beberapa_sel.xlsx")
    calm(app)
    text = unescape(html(app))
    assert "baris 5, kolom B" in text and "baris 6, kolom F" in text
    app.button(key="mend_?").click().run()
    assert len(calm(app).session_state["_boxes"]["periksa"]["work"].rows) >= 4


@pytest.mark.full
@pytest.mark.parametrize("case", list(planted()), ids=lambda c: c.name)
def test_every_file_of_the_corpus_is_shown_without_a_traceback(case):
    app = drop(open_app("periksa"), case.file, case.data)
    assert not app.exception
    assert Words().say("ui.error.ours") not in shown(app)

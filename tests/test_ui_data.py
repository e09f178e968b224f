"""Data: any files in, wrong cells named and mended, the same meaning out again."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from html import unescape

import openpyxl
import pytest
from ui_app import calm, html, open_app, shown, turn_to

from optimizer.errors import RembugError
from optimizer.files.datasets import load_dataset, load_workbook, read_sheets
from optimizer.files.datasets_edit import (
    dataset_files,
    dataset_open,
    draft_workbook,
    open_files,
    with_edits,
)
from optimizer.files.datasets_out import write_workbook
from optimizer.files.datasets_template import template
from optimizer.words import Words

WILAYAH = b"kelurahan;rw;rt;kk;jiwa;pagu\nContoh 01;01;01;10;30;seratus\n"
USULAN = (
    b"id;tingkat;kelurahan;rw;rt;kegiatan;harga_satuan;volume\n"
    b"U-1;RT;Contoh 01;01;01;<script>alert(1)</script>;1000;2\n"
    b"U-2;RT;Contoh 01;01;01;=cmd;banyak;\n"
)
PB = """META
key;value
description;Contoh
budget;100
vote_type;approval
rule;greedy
num_projects;2
num_votes;2
PROJECTS
project_id;cost;votes;selected
A;60;2;1
B;50;1;0
VOTES
voter_id;vote
1;A,B
2;A
"""


@pytest.fixture(scope="module")
def kaliombo():
    return load_dataset("data/kaliombo-2023")


def drop(app, *files: tuple[str, bytes]):
    return app.file_uploader[0].set_value([(name, data, "") for name, data in files]).run()


def bad_files():
    return drop(open_app("data"), ("wilayah.csv", WILAYAH), ("usulan.csv", USULAN))


def work_of(app):
    return app.session_state["_boxes"]["data"]["work"]


# --- rows in and out --------------------------------------------------------------------


def test_all_of_a_dataset_goes_through_the_editor_unchanged(kaliombo):
    rows = dataset_open(kaliombo)
    again = read_sheets(rows.sheets, rows.meta, points_max=rows.points_max)
    assert write_workbook(again) == write_workbook(kaliombo)
    opened = open_files([("data.xlsx", write_workbook(kaliombo))])
    assert write_workbook(load_workbook(draft_workbook(opened), "x.xlsx")) == write_workbook(
        kaliombo
    )


def test_a_folder_of_csv_goes_in_with_what_is_made_up(kaliombo):
    rows = open_files(list(dataset_files(kaliombo).items()))
    assert rows.meta == kaliombo.meta and rows.meta.made_up_notice
    again = read_sheets(rows.sheets, rows.meta, points_max=rows.points_max)
    assert write_workbook(again) == write_workbook(kaliombo)


def test_the_template_opens_empty_and_its_example_rows_are_no_data():
    rows = open_files([("templat.xlsx", template())])
    assert not any(rows.sheets.values())


def test_an_unfinished_draft_keeps_everything_that_was_typed():
    rows = open_files([("wilayah.csv", WILAYAH), ("usulan.csv", USULAN)])
    book = openpyxl.load_workbook(io.BytesIO(draft_workbook(rows)))
    cells = [str(c.value) for sheet in book.worksheets for row in sheet.iter_rows() for c in row]
    assert {"seratus", "banyak"} <= set(cells)
    assert not any(c.startswith("=") for c in cells)


def test_edits_change_take_out_and_add_but_keep_no_nik():
    rows = ({"id": "A", "volume": 1}, {"id": "B", "volume": 2})
    assert with_edits(rows, {0: {"volume": 5}}, [1], [{"id": "C"}, {"id": None}]) == (
        {"id": "A", "volume": 5},
        {"id": "C"},
    )
    with pytest.raises(RembugError, match="NIK"):
        with_edits(rows, {0: {"id": "3571021205800001"}})


# --- the page ---------------------------------------------------------------------------


def test_the_page_begins_with_template_empty_sheets_and_example():
    app = calm(open_app("data"))
    assert {b.label for b in app.button} == {
        Words().say("ui.data.blank"),
        Words().say("ui.data.example"),
    }
    app.button(key="data_blank").click().run()
    calm(app)
    assert len(work_of(app).rows.sheets) == 6


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_example_says_what_is_real_and_what_is_made_up(lang):
    app = open_app("data", lang=lang.upper())
    app.button(key="data_example").click().run()
    text = unescape(html(calm(app)))
    assert (
        Words(lang).say("ui.frame.made_up") in text and Words(lang).say("ui.data.made_up") in text
    )
    app.button(key="data_use").click().run()
    calm(app)
    turn_to(app, "unduh")
    assert app.session_state["skenario"].startswith("sendiri-")
    calm(app)


def test_findings_name_sheet_row_column_value_and_remedy():
    app = calm(bad_files())
    text = unescape(html(app))
    assert 'lembar wilayah, baris 2, kolom pagu: "seratus"' in text
    assert 'lembar usulan, baris 3, kolom harga_satuan: "banyak"' in text
    assert Words().say("ui.data.use_later") in [i.value for i in app.info]
    assert "<script>" not in html(app)


def test_mending_the_cells_is_read_again_at_once_and_can_be_undone():
    app = bad_files()
    work = work_of(app)
    sheets = dict(work.rows.sheets)
    sheets["wilayah"] = with_edits(sheets["wilayah"], {0: {"pagu": 100_000_000}})
    sheets["usulan"] = with_edits(
        sheets["usulan"], {1: {"harga_satuan": 500, "volume": 1, "kegiatan": "Paving"}}
    )
    mended = replace(work, rows=replace(work.rows, sheets=sheets), past=(work.rows,))
    app.session_state["_boxes"]["data"]["work"] = mended
    app.run()
    assert Words().say("ui.data.use_later") not in [i.value for i in calm(app).info]
    app.button(key="data_undo").click().run()
    assert '"seratus"' in unescape(html(app))


def test_an_election_shows_optimum_rule_and_limits():
    app = calm(drop(open_app("data", lang="EN"), ("contoh.pb", PB.encode())))
    assert "contoh.pb" in html(app)
    assert Words("en").say("cli.pabulib.optimal") in [h.value for h in app.subheader]
    assert app.dataframe[0].value.shape[0] == 3


BAD = {
    "bomb.xlsx": lambda: _zip({"xl/workbook.xml": b"<x/>", "xl/w.xml": b" " * 80_000_000}),
    "acak.xlsx": lambda: b"PK\x03\x04" + bytes(range(256)),
    "rusak.pb": lambda: b"META\nbudget;banyak\n",
    "gambar.png": lambda: b"\x89PNG\r\n",
    "nik.csv": lambda: b"kelurahan;rw;rt\nContoh 01;01;3571021205800001\n",
}


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_in_words_and_what_was_typed_stays(name):
    app = bad_files()
    drop(app, (name, BAD[name]()))
    assert not app.exception and len(app.error) == 1
    assert Words().say("ui.error.ours") not in shown(app)
    assert '"seratus"' in unescape(html(app))
    assert "3571021205800001" not in repr(app.session_state["_boxes"])


def test_a_recap_is_sent_to_the_page_that_reads_it():
    rekap = b"No;RT/RW;Bidang;Uraian Kegiatan;Volume;Biaya\n1;RT 01/RW 01;Kesehatan;PMT;1;1000000\n"
    app = drop(open_app("data"), ("rekap.csv", rekap))
    assert "Periksa" in app.error[0].value

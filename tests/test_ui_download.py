"""Files to take away: in the language of the page when pressed, and right with what it shows."""

from __future__ import annotations

import io
import json
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pytest
import streamlit as st
from test_ui_check import opened
from ui_app import box, calm, html, open_app, turn_to

from optimizer.ui import check_work
from optimizer.ui.check_work import record
from optimizer.words import Words, languages


@pytest.fixture
def offered(monkeypatch):
    """What the buttons of the page would make: name → bytes, made where no session is known."""
    makers = {}

    def button(label, *, data, file_name, **_):
        makers[file_name] = data

    def press(name):
        with ThreadPoolExecutor(1) as pool:  # as Streamlit does: in another thread
            return pool.submit(makers[name]).result()

    monkeypatch.setattr(st, "download_button", button)
    press.names = makers.keys()
    press.makers = makers
    return press


def words(data: bytes) -> str:
    """All text of a CSV, workbook, JSON, HTML or ZIP."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if "[Content_Types].xml" not in packed.namelist():
            return "\n".join(words(packed.read(name)) for name in packed.namelist())
    book = openpyxl.load_workbook(io.BytesIO(data))
    return "\n".join(
        str(cell)
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell is not None
    )


def other(lang: str) -> str:
    return next(known for known in languages() if known != lang)


def speaks(text: str, lang: str, key: str) -> None:
    """The text has the phrase in the language, and not in the other one."""
    assert Words(lang).say(key) in text
    assert Words(other(lang)).say(key) not in text


@pytest.mark.parametrize("lang", languages())
def test_downloads_speak_the_language_of_the_page(offered, lang):
    app = calm(open_app("unduh", lang=lang.upper()))
    for name in ("rancangan.csv", "rancangan.xlsx"):  # official columns stay as they are
        speaks(words(offered(name)), lang, "plan.simulation")
    for name in ("kontribusi.csv", "rancangan.xlsx"):
        speaks(words(offered(name)), lang, "plan.pool_share")
    sheets = offered("semua-lembar.zip")
    with zipfile.ZipFile(io.BytesIO(sheets)) as packed:
        boards = [words(packed.read(n)) for n in packed.namelist() if n.endswith(".html")]
    assert boards
    assert all(re.search(rf'<html[^>]* lang="{lang}"', board) for board in boards)
    # A button pressed before the switch was drawn keeps the language that it was drawn in.
    before = dict(offered.makers)
    calm(box(app, "lang").set_value(other(lang)).run())
    speaks(words(offered("rancangan.csv")), other(lang), "plan.simulation")
    speaks(words(before["rancangan.csv"]()), lang, "plan.simulation")


@pytest.mark.parametrize("lang", languages())
def test_files_of_a_check_speak_the_language_of_the_page(offered, monkeypatch, lang):
    app = open_app("periksa", lang=lang.upper())
    work = record(opened("01_rekap_resmi.xlsx"), {"edited_rows": {0: {"cost": "10.000.000"}}})
    monkeypatch.setattr(check_work, "current", lambda: work)
    calm(app.run())
    assert {"lembar-periksa.xlsx", "rekap-diperbaiki.xlsx", "rekap-diperbaiki.csv"} <= set(
        offered.names
    )
    corrected = words(offered("rekap-diperbaiki.xlsx"))
    for key in ("ui.check.corrections.title", "ui.check.col.before", "ui.check.col.column"):
        speaks(corrected, lang, key)
    assert "10.000.000" in corrected
    both = [
        Words(each).say("finding.recap_corrected_cell", before="9600000", after="10.000.000")
        for each in (lang, other(lang))
    ]
    for name in ("lembar-periksa.xlsx", "semua-lembar.zip"):
        text = words(offered(name))
        assert both[0] in text and both[1] not in text


@pytest.mark.parametrize("lang", languages())
def test_the_template_speaks_the_language_of_the_page(offered, lang):
    calm(open_app("data", lang=lang.upper()))
    speaks(words(offered("templat-rembug.xlsx")), lang, "dataset.template.title")


@pytest.mark.parametrize("lang", languages())
def test_files_of_a_comparison_speak_the_language_of_the_page(offered, lang):
    calm(open_app("skenario", lang=lang.upper()))
    speaks(words(offered("perbandingan.csv")), lang, "compare.measure.proposals")
    speaks(words(offered("usulan-berubah.csv")), lang, "ui.scn.csv.activity")


def test_downloads_hold_the_trial_that_the_page_shows(offered):
    app = open_app("rt", rw="03", rt="05")
    box(app, "sim_even").set_value(100).run()
    app = calm(turn_to(app, "unduh"))
    shown = re.search(r"<code>([0-9a-f]{12})</code>", html(app))
    trial = json.loads(offered("catatan-hitungan.json"))
    assert trial["trial"] and trial["inputs_sha256"].startswith(shown[1])
    assert json.loads(offered("plan.json"))["inputs_sha256"] == trial["inputs_sha256"]
    calm(app.button(key="mark_clear").click().run())
    plain = json.loads(offered("catatan-hitungan.json"))
    assert plain["trial"] == []
    assert plain["inputs_sha256"] != trial["inputs_sha256"]


def test_the_separator_chosen_last_is_the_separator_of_the_file(offered):
    app = calm(open_app("unduh"))
    assert ";" in words(offered("rekap.csv")).splitlines()[0]
    calm(box(app, "pemisah").set_value(",").run())
    assert ";" not in words(offered("rekap.csv")).splitlines()[0]


def test_no_page_offers_a_file_without_its_language():
    folder = Path(check_work.__file__).parent
    makers = [p.name for p in folder.rglob("*.py") if "download_button(" in p.read_text()]
    assert makers == ["download.py"]

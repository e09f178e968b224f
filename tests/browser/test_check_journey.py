"""The clerk's journey: drop a recap, read, correct a cell, check again, take the sheet away."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from test_journeys import WIDTHS, fits, settled, taken, turn_to

from optimizer.files.datasets import load_workbook
from optimizer.words import Words, languages

FILES = Path(__file__).resolve().parents[1] / "recap_files"
# Where the cost stands in the editor of the first RT, as a part of its width; and its first row.
COST, FIRST = 0.845, 52
TRIES = 6


def drop(page, *files: Path) -> None:
    """Drop files where the page asks for them."""
    page.locator("input[type=file]").set_input_files([str(f) for f in files])
    settled(page)


def correct(page, before: str, text: str, at: float = COST) -> None:
    """Write into a cell of the first row, as a person does; ``at`` is a part of the width."""
    grid = page.locator("[data-testid=stDataFrameResizable]").first
    grid.locator("canvas").first.wait_for()
    cell = page.locator("textarea.gdg-input")
    for _ in range(TRIES):  # the grid is a picture: nothing tells when its cells are drawn
        page.wait_for_timeout(500)
        grid.scroll_into_view_if_needed()
        box = grid.bounding_box()
        page.mouse.click(box["x"] + at * box["width"], box["y"] + FIRST)
        page.wait_for_timeout(300)
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        if cell.count() and cell.input_value() == before:
            break
        page.keyboard.press("Escape")
    cell.fill(text)
    cell.press("Enter")
    cell.wait_for(state="detached")
    settled(page)


def texts(data: bytes) -> str:
    """All cells of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return "\n".join(
        " | ".join("" if cell is None else str(cell) for cell in row)
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
    )


def count(page, kind: str) -> str:
    """A number above the list."""
    return page.locator(f".rb-count.rb-{kind} b").inner_text()


def clerk(page, lang: str = "id") -> None:
    """From the file that every office has to the check sheet."""

    def button(key: str) -> str:
        return Words(lang).say(f"ui.check.{key}")

    drop(page, FILES / "01_rekap_resmi.xlsx")
    page.wait_for_selector(".rb-counts")
    assert (count(page, "pass"), count(page, "finding"), count(page, "breach")) == ("0", "2", "0")
    assert "19" in page.locator(".rb-read").inner_text()
    page.get_by_role("button", name=button("mend")).first.click()
    correct(page, "9.600.000", "10.000.000")
    page.wait_for_selector(".rb-count.rb-pass b:text-is('1')")
    assert "9600000" in page.locator(".st-key-check_corrections").inner_text()
    sheet = texts(taken(page, button("take.sheet")))
    assert (
        Words(lang).say("finding.recap_corrected_cell", before="9600000", after="10.000.000")
        in sheet
    )
    assert "RT 01 / RW 01" in sheet and "RT 02 / RW 01" in sheet
    recap = texts(taken(page, button("take.corrected")))
    assert "10000000" in recap and "9600000 | 10.000.000" in recap


def test_a_clerk_checks_corrects_and_takes_away(visit):
    with visit(1280) as page:
        clerk(page)
        page.reload()
        page.wait_for_selector(".rb-count.rb-pass b:text-is('1')")
        with zipfile.ZipFile(io.BytesIO(taken(page, Words().say("ui.check.take.all")))) as packed:
            names = packed.namelist()
        assert {"lembar-periksa.html", "rekap-diperbaiki.xlsx"} <= set(names)
        page.locator(".st-key-check_undo button").click()
        page.wait_for_selector(".rb-count.rb-pass b:text-is('0')")
        page.locator(".st-key-check_corrections").wait_for(state="detached")
        with visit(390, path=page.url[page.url.index("/", 8) :]) as stranger:
            # The same address in somebody else's browser opens nothing.
            stranger.locator(".st-key-check_example").wait_for()
            assert not stranger.locator(".rb-read").count()
            drop(stranger, FILES / "08_rusak_di_beberapa_sel.xlsx")
            stranger.wait_for_selector(".rb-counts")
            assert fits(stranger)


def test_data_in_and_out_again(visit):
    with visit(1280) as page:
        turn_to(page, "Data")
        page.locator(".st-key-data_example button").click()
        page.get_by_role("button", name=Words().say("ui.data.get.xlsx")).wait_for()
        data = taken(page, Words().say("ui.data.get.xlsx"))
        dataset = load_workbook(data, "data.xlsx")
        assert len(dataset.territory.units) == 47 and dataset.meta.made_up_notice
        page.locator(".st-key-data_use button").click()
        page.get_by_text(Words().say("ui.data.used")).wait_for()


def test_a_wrong_cell_of_the_data_is_mended_and_read_again(visit, tmp_path):
    place, listed = tmp_path / "wilayah.csv", tmp_path / "usulan.csv"
    place.write_text("kelurahan;rw;rt;kk;jiwa;pagu\nContoh 01;01;01;10;30;seratus\n")
    listed.write_text(
        "id;tingkat;kelurahan;rw;rt;kegiatan;harga_satuan;volume\n"
        "U-1;RT;Contoh 01;01;01;Paving gang;200000;2\n"
    )
    with visit(1280) as page:
        turn_to(page, "Data")
        drop(page, place, listed)
        page.get_by_text("baris 2, kolom pagu").wait_for()
        correct(page, "seratus", "100 juta", 0.92)
        page.get_by_text("baris 2, kolom pagu").wait_for(state="detached")
        dataset = load_workbook(taken(page, Words().say("ui.data.get.xlsx")), "data.xlsx")
        assert [u.budget for u in dataset.territory.units] == [100_000_000]
        page.locator(".st-key-data_undo button").click()
        page.get_by_text("baris 2, kolom pagu").wait_for()


@pytest.mark.full
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_pages_fit(visit, width, lang, scheme):
    with visit(width, scheme=scheme, path=f"/?lang={lang.upper()}") as page:
        drop(page, FILES / "08_rusak_di_beberapa_sel.xlsx")
        page.wait_for_selector(".rb-counts")
        page.get_by_text(Words(lang).say("ui.check.take"), exact=True).wait_for()
        assert fits(page)

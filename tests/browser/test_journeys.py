"""People's journeys in a real browser, from the start to a file whose content is checked."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from optimizer.words import Words

WIDTHS = (390, 1280)


def pick(page, label: str, option: str) -> None:
    """Choose an option of a select box by its label."""
    page.get_by_role("combobox", name=label).first.click()
    page.get_by_role("option", name=option, exact=True).first.click()
    settled(page)


def settled(page) -> None:
    """The page shows the newest answer."""
    page.wait_for_function(
        "document.querySelector('[data-testid=\"stApp\"]')?.dataset.testScriptState"
        " === 'notRunning' && !document.querySelector('[data-stale=\"true\"]')"
    )


def turn_to(page, name: str) -> None:
    """Turn to a page by the menu; on a phone the menu is behind the mark at the top."""
    menu = page.get_by_test_id("stExpandSidebarButton")
    behind = bool(menu.count()) and menu.first.is_visible()
    if behind:
        menu.first.click()
    page.get_by_role("link", name=name, exact=True).first.click()
    if name != "RT":
        page.wait_for_selector(f".rb-head h1:has-text('{name}')")
    if behind:  # the menu of a phone makes room for the page
        page.wait_for_selector("[data-testid=stSidebar][data-collapsed=true]", state="attached")
    settled(page)


def taken(page, button: str) -> bytes:
    """Press a button and read what arrives."""
    with page.expect_download() as arriving:
        page.get_by_role("button", name=button, exact=True).click()
    return Path(arriving.value.path()).read_bytes()


def fits(page) -> bool:
    """Whether nothing sticks out sideways."""
    return page.evaluate(
        "(() => {const m = document.querySelector('[data-testid=stMain]');"
        "return m.scrollWidth <= m.clientWidth})()"
    )


def choose_rt(page) -> None:
    """RT 05 / RW 03."""
    pick(page, "RW", "03")
    pick(page, "RT", "05")
    page.wait_for_selector(".rb-head h1:has-text('RT 05 / RW 03')")
    settled(page)


def rt_journey(page) -> None:
    """Choose an RT, move the slider, pin with a reason, undo, take the files away."""
    if not page.locator(".st-key-rt_page").count():
        turn_to(page, "RT")
    choose_rt(page)
    assert fits(page)
    before = page.locator(".rb-bars").inner_text()
    slider = page.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowRight")
    page.wait_for_selector(".st-key-simulation_mark")
    settled(page)
    page.get_by_role("textbox", name=Words().say("ui.sim.reason")).fill("sudah dibantu dinas")
    page.get_by_role("button", name=Words().say("ui.sim.pin_out")).click()
    page.get_by_text("sudah dibantu dinas").first.wait_for()
    page.get_by_text(f"{Words().say('ui.change.out')}", exact=True).first.wait_for()
    settled(page)  # what enters and leaves moves the buttons below it
    page.locator(".st-key-sim_undo button").click()
    page.get_by_role("button", name=Words().say("ui.sim.pin_out")).wait_for()
    settled(page)
    page.locator(".st-key-sim_undo button").click()
    page.wait_for_selector(".st-key-simulation_mark", state="detached")
    settled(page)
    assert page.locator(".rb-bars").inner_text() == before


def files_journey(page) -> None:
    """Every file of the downloads page holds what it says."""
    turn_to(page, "Unduh")
    recap = taken(page, "Unduh rekap.csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(recap), delimiter=";"))
    assert rows[0][:4] == ["No", "RT/RW", "Bidang", "Uraian Kegiatan"]
    assert len(rows) > 500
    assert "SIMULASI" not in recap
    plan = json.loads(taken(page, "Unduh plan.json"))
    assert (plan["title"], plan["outcome"]) == ("SIMULASI", "optimal")
    assert len(plan["funded"]) > 300
    draft = taken(page, "Unduh rancangan.csv").decode("utf-8-sig")
    assert "SIMULASI" in draft.splitlines()[0]
    record = json.loads(taken(page, "Unduh catatan-hitungan.json"))
    assert record["inputs_sha256"] == plan["inputs_sha256"]
    with zipfile.ZipFile(io.BytesIO(taken(page, "Unduh semua-lembar.zip"))) as packed:
        names = packed.namelist()
    assert sum(name.startswith("whatsapp/") for name in names) == 47
    assert "catatan-hitungan.json" in names


def test_rt_on_a_phone(visit):
    with visit(390) as page:
        rt_journey(page)
        files_journey(page)


def test_kelurahan_on_a_laptop(visit):
    with visit(1280) as page:
        turn_to(page, "Kelurahan")
        assert fits(page)
        slider = page.get_by_role("slider").first
        slider.focus()
        slider.press("ArrowRight")
        page.get_by_text("Rp1.457.000.000").wait_for()
        page.get_by_text("Alur dana", exact=True).click()
        page.wait_for_selector("canvas")
        page.reload()
        page.get_by_text("Rp1.457.000.000").wait_for()


def test_english_smoke(visit):
    with visit(1280, path="/unduh?lang=EN") as page:
        page.get_by_text(Words("en").say("ui.frame.decides")).wait_for()
        assert "Kebijakan" not in page.locator(".rb-foot").inner_text()
        settled(page)
        button = Words("en").say("ui.take.get", name="rancangan.csv")
        assert Words("en").say("plan.simulation") in taken(page, button).decode("utf-8-sig")
        page.get_by_role("radio", name="ID").or_(page.get_by_role("button", name="ID")).click()
        page.get_by_text(Words().say("ui.frame.decides")).wait_for()
        settled(page)
        button = Words().say("ui.take.get", name="rancangan.csv")
        assert Words().say("plan.simulation") in taken(page, button).decode("utf-8-sig")


def test_a_card_opens_on_a_phone(visit):
    with visit(390, path="/rt?rw=01&rt=03") as page:
        settled(page)
        card = page.locator(".st-key-why_U-0023")
        card.locator("summary").click()
        card.get_by_text("paling banyak 10%").wait_for()
        words = card.inner_text()
        assert "sudah terisi Rp9.768.000" in words and "tambah swadaya Rp3.590.000" in words
        assert "tergeser" not in words
        assert fits(page)


def test_the_menu_of_a_narrow_window_leaves_the_page_reachable(visit):
    with visit(390, phone=False) as page:
        page.get_by_test_id("stExpandSidebarButton").first.click()
        page.get_by_role("link", name="Unduh", exact=True).first.click()
        page.wait_for_selector(".rb-head h1:has-text('Unduh')")
        settled(page)
        menu = page.get_by_test_id("stSidebar").bounding_box()
        assert menu["height"] < 400
        page.mouse.click(200, 600)  # the first press beside it puts it away
        page.wait_for_selector("[data-testid=stSidebar][data-collapsed=true]", state="attached")
        assert taken(page, "Unduh data.xlsx").startswith(b"PK")


@pytest.mark.full
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["ID", "EN"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_every_width_language_and_ground(visit, width, lang, scheme):
    for name in ("rt", "kelurahan", "skenario", "unduh"):
        path = f"/{name}?lang={lang}"
        with visit(width, scheme=scheme, path=path) as page:
            settled(page)
            assert fits(page)
            page.get_by_text(Words(lang.lower()).say("ui.frame.decides")).wait_for()


@pytest.mark.full
def test_rt_journey_on_a_laptop(visit):
    with visit(1280) as page:
        rt_journey(page)
        files_journey(page)

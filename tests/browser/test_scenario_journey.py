"""A planner's journey: build a scenario, compare, vary a number, take the files away."""

from __future__ import annotations

import csv
import io
import json

import pytest
import yaml
from test_journeys import fits, settled, taken

import optimizer as ob
from optimizer.words import Words

CHIP = "[class*=st-key-scn_chosen-] button"


def build(page, lang: str) -> None:
    """A scenario with a smaller pagu, from the form to its column."""
    page.locator(".st-key-scn_build button").click()
    name = page.get_by_role("textbox", name=Words(lang).say("ui.scn.name"))
    name.wait_for()
    page.locator(".st-key-scn_save button").click()
    page.get_by_text(Words(lang).say("ui.scn.need_name")).wait_for()
    name.fill("Pagu 90")
    name.press("Tab")
    pagu = page.get_by_role("spinbutton", name=Words(lang).say("ui.scn.pagu"))
    pagu.fill("-10")
    pagu.press("Tab")
    settled(page)
    page.locator(".st-key-scn_save button").click()
    page.locator(".rb-compare thead th", has_text="Pagu 90").wait_for()
    settled(page)
    page.locator(".st-key-scn_close button").click()
    page.locator(".st-key-scn_editor").wait_for(state="detached")
    settled(page)


def sweep(page, lang: str) -> None:
    """Vary the pagu and see where proposals enter and leave."""
    view = page.locator("[class*=st-key-scn_view-]").get_by_text(
        Words(lang).say("ui.scn.view.sweep"), exact=True
    )
    view.click()
    go = page.locator("[class*='st-key-go_sweep'] button")
    go.wait_for()
    go.click()
    page.get_by_text(Words(lang).say("cli.whatif.steps")).wait_for()
    page.locator("canvas").first.wait_for()
    settled(page)


def take(page, lang: str) -> None:
    """Every file holds what it says."""
    page.get_by_text(Words(lang).say("ui.scn.take"), exact=True).click()
    button = Words(lang).say("ui.take.get", name="perbandingan.csv")
    table = taken(page, button).decode("utf-8-sig")
    rows = {r[0]: r[1:] for r in csv.reader(io.StringIO(table), delimiter=";")}
    head = next(r for r in csv.reader(io.StringIO(table), delimiter=";"))
    assert "SIMULASI" in head[0]
    assert head[-1].endswith("Pagu 90")
    counts = rows[Words(lang).say("compare.measure.proposals")]
    base = len(ob.optimize(ob.load_scenario("scenarios/kaliombo-2023.yaml")).chosen)
    assert int(counts[0]) == base
    assert int(counts[2]) - base == int(counts[4])
    record = json.loads(taken(page, Words(lang).say("ui.take.get", name="perbandingan.json")))
    assert record["title"] == "SIMULASI"
    assert [plan["outcome"] for plan in record["plans"]] == ["optimal"] * 3
    file = taken(page, Words(lang).say("ui.take.get", name="skenario-pagu-90.yaml"))
    keys = yaml.safe_load(file)
    assert keys == {
        "name": "Pagu 90",
        "extends": "kaliombo-2023",
        "overrides": {"pagu": "-10%"},
    }
    assert record["plans"][2]["inputs_sha256"] == _sha(keys)


def _sha(keys: dict) -> str:
    """The same scenario as the command line would read it."""
    from optimizer.files.scenarios import vary

    plain = ob.load_scenario(f"scenarios/{keys['extends']}.yaml")
    return vary(plain, "pagu", keys["overrides"]["pagu"]).sha256()


def journey(visit, width: int, lang: str = "id", scheme: str = "light") -> None:
    """From the page as it opens to the files."""
    with visit(width, scheme=scheme, path=f"/skenario?lang={lang.upper()}") as page:
        page.locator(CHIP).first.wait_for()
        settled(page)
        assert fits(page)
        build(page, lang)
        sweep(page, lang)
        take(page, lang)
        assert fits(page)
        page.reload()
        page.locator(".rb-compare thead th", has_text="Pagu 90").wait_for()


def test_planner_on_a_wide_screen(visit):
    journey(visit, 1600)


@pytest.mark.full
@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_planner_everywhere(visit, width, lang):
    journey(visit, width, lang, scheme="dark" if lang == "en" else "light")

"""What a person chose stays chosen when its words change; only a browser shows whether it does."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from test_check_journey import FILES, drop
from test_journeys import pick, settled

from optimizer.files.policies import load_policy
from optimizer.sheets.words import policy_words
from optimizer.ui.simulation import Step, Volume, decode
from optimizer.words import Words

PATIENCE = 25
# The second of its list asks for 60 m2; its cost, which every tap changes, stands in the box.
UNIT, SECOND, VOLUME = "/rt?rw=01&rt=03", "U-0020", 60


def said(page, label: str) -> str:
    """What a select box says."""
    return page.get_by_role("combobox", name=label, exact=True).first.input_value()


def options(page, label: str) -> list[str]:
    """All options of a select box, which is open afterwards."""
    box = page.get_by_role("combobox", name=label, exact=True).first
    found = page.get_by_role("option")
    end = time.monotonic() + PATIENCE
    while not found.count() and time.monotonic() < end:
        box.click()
        page.wait_for_timeout(500)
    return found.all_inner_texts()


def switch(page, lang: str) -> None:
    """Switch the language."""
    name = lang.upper()
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name)).first.click()
    page.get_by_text(Words(lang).say("ui.frame.decides")).first.wait_for()
    settled(page)


def trial(page) -> tuple[Step, ...]:
    """The steps that the address holds."""
    return decode(parse_qs(urlsplit(page.url).query).get("simulasi", [""])[0]) or ()


def reached(page, volume: int) -> None:
    """The trial has come to a volume of some proposal."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if any(isinstance(s, Volume) and s.value == str(volume) for s in trial(page)):
            return settled(page)
        page.wait_for_timeout(100)
    raise AssertionError(trial(page))


@pytest.mark.parametrize("patient", [True, False], ids=["slowly", "at once"])
def test_taps_all_reach_the_proposal_that_was_chosen(visit, patient):
    label = Words().say("ui.sim.which")
    with visit(390, path=UNIT) as page:
        settled(page)
        chosen = options(page, label)[1]
        page.get_by_role("option", name=chosen, exact=True).click()
        page.locator(f".st-key-sim_volume_{SECOND}").wait_for()
        settled(page)
        for taps in (1, 2, 3):
            page.locator(f".st-key-sim_volume_{SECOND} button").first.click()
            if patient:
                reached(page, VOLUME - taps)
        reached(page, VOLUME - 3)
        assert {step.id for step in trial(page)} == {SECOND}
        title, _, cost = said(page, label).partition(" · ")
        assert title == chosen.partition(" · ")[0]
        assert cost != chosen.partition(" · ")[2]


def test_rules_stay_chosen_in_the_other_language(visit):
    label = Words().say("ui.check.policy")
    rules = load_policy("kediri-2021")
    with visit(1280) as page:
        drop(page, FILES / "01_rekap_resmi.xlsx")
        page.wait_for_selector(".rb-counts")
        assert said(page, label) != policy_words(rules, Words())
        pick(page, label, policy_words(rules, Words()))
        for lang in ("en", "id", "en"):
            switch(page, lang)
            assert said(page, Words(lang).say("ui.check.policy")) == policy_words(
                rules, Words(lang)
            )
            assert policy_words(rules, Words(lang)) in page.locator(".rb-read").inner_text()
            assert not page.locator(".stAlertContentError").count()


@pytest.mark.full
def test_back_returns_to_the_place_that_was_looked_at(visit):
    with visit(1280, path="/rt") as page:
        settled(page)
        head = page.locator(".rb-head h1")
        for rw, rt in (("02", "01"), ("03", "01")):
            pick(page, "RW", rw)
            page.wait_for_selector(f".rb-head h1:has-text('RT {rt} / RW {rw}')")
        page.go_back()
        page.wait_for_selector(".rb-head h1:has-text('RT 01 / RW 02')")
        settled(page)
        assert said(page, "RW") == "02"
        page.reload()
        page.wait_for_selector(".rb-head h1:has-text('RT 01 / RW 02')")
        page.go_back()
        page.wait_for_selector(".rb-head h1:has-text('RT 01 / RW 01')")
        assert "RW 01" in head.inner_text() and "rw=" not in page.url

"""The example recap: what was agreed is clean; what was planted is found, and no more than that."""

from __future__ import annotations

from html import unescape

import pytest
from ui_app import calm, html, open_app

from optimizer.checking import check_opened, open_source
from optimizer.files.tables import read_tables
from optimizer.rules import RuleStatus
from optimizer.shipped import EXAMPLE_RECAP
from optimizer.territory import place_words
from optimizer.words import Words
from tools.demo.recap import MISTAKES, agreed, base, judged, mistaken, recap_file


@pytest.fixture(scope="module")
def scenario():
    return base()


@pytest.fixture(scope="module")
def lists(scenario):
    return agreed(scenario)


@pytest.fixture(scope="module")
def planted(scenario, lists):
    return mistaken(scenario, lists)[1]


@pytest.fixture(scope="module")
def report():
    return check_opened(open_source(EXAMPLE_RECAP))


def test_what_was_agreed_is_clean(scenario, lists):
    report = judged(scenario, lists)
    assert report.clean
    assert len(report.units(RuleStatus.PASS)) == 47


def test_every_mistake_is_found_at_its_rt_and_nothing_else_is(report, planted):
    assert set(planted) == set(MISTAKES)
    assert len(set(planted.values())) == len(MISTAKES)
    source = report.opened.source
    place_of = {(r.sheet, r.row): place_words(r.owner, "/") for r in source.recap.rows}
    found = {(place_words(c.place, "/"), c.rule) for c in report.problems}
    found |= {(place_of[f.place.sheet, f.place.row], f.code) for f in report.findings}
    wanted = {(planted[name], rule) for name, mistake in MISTAKES.items() for rule in mistake.found}
    assert found == wanted


def test_most_rt_are_fine_and_a_few_are_not(report):
    counts = [
        len(report.units(s)) for s in (RuleStatus.PASS, RuleStatus.FINDING, RuleStatus.BREACH)
    ]
    assert counts == [42, 3, 2]
    assert report.opened.dataset.meta.made_up_notice


def test_the_remedy_for_a_few_square_metres_is_a_few_square_metres(report, planted):
    name = next(n for n in MISTAKES if "square" in n)
    told = [c for c in report.problems if place_words(c.place, "/") == planted[name]]
    assert all(c.remedy_text().startswith("kurangi 6 m2") for c in told)


def test_the_file_is_what_the_generator_writes():
    again = read_tables(recap_file(), EXAMPLE_RECAP.name)
    kept = read_tables(EXAMPLE_RECAP)
    assert [s.rows for s in kept.sheets] == [s.rows for s in again.sheets]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_first_page_opens_it(lang):
    app = open_app("periksa", lang=lang.upper())
    app.button(key="check_example").click().run()
    text = unescape(html(calm(app)))
    assert "47 RT" in text and Words(lang).say("ui.frame.made_up") in text
    for count, word in ((42, "pass"), (3, "finding"), (2, "breach")):
        cell = text.split(f"rb-count rb-{word}")[1]
        assert cell.split("</b>")[0].endswith(f"<b>{count}")

"""One ``Words`` per reader: typed data in, text out; a language is one folder."""

from __future__ import annotations

import string
import subprocess
import sys
from collections.abc import Mapping
from fractions import Fraction

import pytest

from optimizer.words import ELSEWHERE, FIRST, Message, Words, languages, messages
from optimizer.words.catalogue import Text


def forms(text: Text) -> Mapping[str, str]:
    """Each form of a text; most have one."""
    return {"other": text} if isinstance(text, str) else text


def placeholders(text: str) -> set[tuple[str, str]]:
    parts = string.Formatter().parse(text)
    return {(name, form or "") for _, name, form, _ in parts if name is not None}


@pytest.mark.parametrize("lang", languages())
def test_a_language_has_every_message_with_the_placeholders_of_the_others(lang):
    first, own = messages(FIRST), messages(lang)
    assert own.keys() == first.keys()
    asked = {key: placeholders(forms(text)["other"]) for key, text in first.items()}
    for key, text in own.items():
        for form in forms(text).values():
            assert form.strip(), key
            assert placeholders(form) == asked[key], key


@pytest.fixture
def planted(monkeypatch):
    """Words over messages of the test's own."""

    def plant(lang: str = "en", terms=None, **texts: object) -> Words:
        words = Words(lang, terms)
        monkeypatch.setattr(words, "_texts", {**messages(lang), **texts})
        return words

    return plant


def test_the_placeholder_says_how_a_number_is_written(planted):
    words = planted("id", told="{amount:rupiah}, {part:share}, {many:number}, TA {year}")
    data = {"amount": 9_600_000, "part": Fraction(305, 1000), "many": 1200, "year": 2023}
    assert words.say("told", **data) == "Rp9.600.000, 30,5%, 1.200, TA 2023"


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 row"), (0, "0 rows"), (2, "2 rows"), (1200, "1,200 rows")]
)
def test_plurals_are_chosen_by_the_count(planted, count, said):
    words = planted(told={"one": "{count:number} row", "other": "{count:number} rows"})
    assert words.say("told", count=count) == said


def test_messages_and_texts_by_language_are_said_in_the_language_of_the_reader(planted):
    words = planted(outer="{name}: {inner}", inner="{amount:rupiah} left")
    inner = Message("inner", {"amount": 1000})
    told = words.say("outer", name={"id": "Kesehatan", "en": "Health"}, inner=inner)
    assert told == "Health: Rp1,000 left"


def test_a_policy_calls_places_and_money_as_it_likes(planted):
    terms = {"unit": {"id": "dukuh"}, "currency": {"id": "₱"}}
    words = planted("en", terms, told="{Unit}: every {unit} in the {office}")
    assert words.say("told") == "Dukuh: every dukuh in the kelurahan"
    assert words.rupiah(5000) == "₱5,000"
    assert Words("en").say("term.unit") == "RT"


@pytest.mark.parametrize(
    ("texts", "lang", "picked"),
    [
        ({"id": "ya", "en": "yes"}, "en", "yes"),
        ({"id": "ya"}, "en", "ya"),
        ({"jv": "nggih"}, "en", "nggih"),
        ({}, "en", ""),
        (None, "id", ""),
    ],
)
def test_texts_by_language_fall_back(texts, lang, picked):
    assert Words(lang).pick(texts) == picked


def test_a_recorded_date_is_said_and_anything_else_stays():
    assert Words().date("2022-02-23") == "23 Februari 2022"
    assert Words("en").date("2022-02-23") == "23 February 2022"
    assert Words().date("Selasa Wage") == "Selasa Wage"


def test_a_folder_elsewhere_is_a_language_and_borrows_what_it_lacks(tmp_path, monkeypatch):
    (tmp_path / "jv").mkdir()
    (tmp_path / "jv" / "all.yaml").write_text("place.row: larik {row}\n", "utf-8")
    monkeypatch.setenv(ELSEWHERE, str(tmp_path))
    code = (
        "from optimizer.words import Words, languages; w = Words('jv');"
        "print(languages(), w.say('place.row', row=3), w.say('place.column', column='rt'))"
    )
    run = [sys.executable, "-c", code]
    told = subprocess.run(run, capture_output=True, text=True, check=True, encoding="utf-8").stdout
    assert told.strip() == "('id', 'en', 'jv') larik 3 kolom rt"


@pytest.mark.parametrize(("rows", "said"), [(1, "1 row · Tim"), (1200, "1,200 rows · Tim")])
def test_a_placeholder_counts_with_its_noun(planted, rows, said):
    words = planted(told="{rows:counted.row} · {who}")
    assert words.say("told", rows=rows, who="Tim") == said

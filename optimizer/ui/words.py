"""Words and numbers on the screen, in the person's language; foreign text made harmless."""

from __future__ import annotations

import html
import re
from fractions import Fraction
from typing import Any

import streamlit as st

from optimizer import money
from optimizer.territory import place_words as place
from optimizer.words import LANGUAGES, say

__all__ = [
    "LANGUAGE_KEY",
    "chart_text",
    "escape",
    "lang",
    "local",
    "markdown",
    "number",
    "percent",
    "place",
    "rupiah",
    "t",
]

LANGUAGE_KEY = "lang"

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&])")
_CHART = str.maketrans({"{": "(", "}": ")", "|": "/", "<": "‹", ">": "›"})


def lang() -> str:
    """The language chosen in this session, Indonesian first."""
    chosen = st.session_state.get(LANGUAGE_KEY)
    return str(chosen) if chosen in LANGUAGES else LANGUAGES[0]


def t(key: str, /, **data: Any) -> str:
    """A phrase of the screens in the person's language: ``t("rt.title")`` says ``ui.rt.title``."""
    return say(f"ui.{key}", lang(), **data)


def local(texts: Any) -> str:
    """The text of a mapping by language, such as an account's name."""
    return str(texts.get(lang()) or texts["id"])


def rupiah(amount: int, *, short: bool = False) -> str:
    """``Rp9.600.000``, or ``Rp9,6 jt`` where space is small."""
    return money.format_rupiah(int(amount), lang(), short=short)


def number(value: int | Fraction, places: int = 3) -> str:
    """``1.234,5``."""
    return money.format_number(Fraction(value), lang(), places)


def percent(share: Fraction | float, places: int = 1) -> str:
    """``30,5%``."""
    return money.format_share(share, lang(), places)


def markdown(text: str) -> str:
    """Text that people typed, for a place that reads Markdown: shown as it is."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def escape(text: str) -> str:
    """Text that people typed, for HTML: shown as it is."""
    return html.escape(" ".join(text.split()), quote=True)


def chart_text(text: str) -> str:
    """Text that people typed, for a chart: labels know templates, tooltips know HTML."""
    return " ".join(text.split()).translate(_CHART)

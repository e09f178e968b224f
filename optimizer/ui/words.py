"""Words and numbers on the screen, in the person's language; foreign text made harmless."""

from __future__ import annotations

import html
import re
from fractions import Fraction
from typing import Any

import streamlit as st

from optimizer.territory import place_words as place
from optimizer.words import FIRST, Words, languages

__all__ = [
    "LANGUAGE_KEY",
    "chart_text",
    "escape",
    "local",
    "markdown",
    "number",
    "percent",
    "place",
    "rupiah",
    "t",
    "words",
]

LANGUAGE_KEY = "lang"

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&])")
_CHART = str.maketrans({"{": "(", "}": ")", "|": "/", "<": "‹", ">": "›"})


def words() -> Words:
    """The words of this session's reader, Indonesian first."""
    chosen = st.session_state.get(LANGUAGE_KEY)
    return Words(chosen if chosen in languages() else FIRST)


def t(key: str, /, **data: Any) -> str:
    """A phrase of the screens in the person's language: ``t("rt.title")`` says ``ui.rt.title``."""
    return words().say(f"ui.{key}", **data)


def local(texts: Any) -> str:
    """The text of a mapping by language, such as an account's name."""
    return str(words().pick(texts))


def rupiah(amount: int, *, short: bool = False) -> str:
    """``Rp9.600.000``, or ``Rp9,6 jt`` where space is small."""
    return words().rupiah(int(amount), short=short)


def number(value: int | Fraction, places: int = 3) -> str:
    """``1.234,5``."""
    return words().number(Fraction(value), places)


def percent(share: Fraction | float, places: int = 1) -> str:
    """``30,5%``."""
    return words().share(share, places)


def markdown(text: str) -> str:
    """Text that people typed, for a place that reads Markdown: shown as it is."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def escape(text: str) -> str:
    """Text that people typed, for HTML: shown as it is."""
    return html.escape(" ".join(text.split()), quote=True)


def chart_text(text: str) -> str:
    """Text that people typed, for a chart: labels know templates, tooltips know HTML."""
    return " ".join(text.split()).translate(_CHART)

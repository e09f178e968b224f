"""One palette for sheets and screens: six field colours in fixed order, safe for colour-blind.

The colours are those that Okabe and Ito proposed (2008), which stay apart for people with
protanopia, deuteranopia and tritanopia. A colour never says anything alone: words and shapes
say it too.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "ACCENT",
    "FIELD_COLOURS",
    "IDLE",
    "INK",
    "JOINT",
    "PAPER",
    "STATUS_COLOURS",
    "colour_of",
]

FIELD_COLOURS: Mapping[str, str] = {
    "infrastruktur": "#0072B2",
    "kesehatan": "#D55E00",
    "sosial_budaya": "#009E73",
    "ekonomi": "#E69F00",
    "pendidikan": "#CC79A7",
    "kepemudaan": "#56B4E9",
}
"""Colours of the fields, in the order of the regulation."""

JOINT = "#8DB8D6"
"""The joint fund: a paler tone of infrastruktur (hatched where a surface allows it)."""

IDLE = "#B8B8B8"
"""Money without an activity."""

OTHER = "#6E6E6E"
ACCENT = "#0B4F6C"
INK = "#1A1A1A"
PAPER = "#FFFFFF"

STATUS_COLOURS: Mapping[str, str] = {
    "pass": "#E7F3EC",
    "finding": "#FDF1D3",
    "breach": "#F9DDD2",
    "unknown": "#ECECEC",
}
"""Grounds behind the words of a status; the words carry the meaning."""


def colour_of(account: str) -> str:
    """The colour of an account, by the field above it.

    Examples
    --------
    >>> colour_of("kesehatan"), colour_of("infrastruktur/bersama"), colour_of("biaya_umum")
    ('#D55E00', '#8DB8D6', '#6E6E6E')
    """
    if account.endswith("/bersama"):
        return JOINT
    return FIELD_COLOURS.get(account.split("/", maxsplit=1)[0], OTHER)

"""Bars of an RT's accounts against their bounds. A limit is not a target: bars show room."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from optimizer.palette import IDLE, JOINT, colour_of
from optimizer.rules import Standing, State
from optimizer.ui.words import escape, local, rupiah, t, words

__all__ = ["show_bars"]

# Shape beside the word, so that nothing is said by colour alone.
_SHAPES = {
    State.OVER: "▲",
    State.BELOW: "▽",
    State.UNKNOWN: "?",
    State.ROUNDING: "≈",
    State.LETTER: "✓",
    State.REACHED: "■",
    State.ROOM: "□",
    State.ENOUGH: "□",
    State.EMPTY: "○",
}


def show_bars(rows: Iterable[Standing]) -> None:
    """Draw all accounts of a unit on one scale."""
    shown = list(rows)
    widest = max((_reach(row) for row in shown), default=1) or 1
    body = "".join(_bar(row, widest) for row in shown)
    st.html(f'<div class="rb-bars">{body}</div>')


def _reach(row: Standing) -> int:
    bounds = [b for b in (row.lower, row.upper) if b is not None]
    return max(row.programmed + row.reserved, *bounds, 1)


def _bar(row: Standing, widest: int) -> str:
    def width(amount: int) -> str:
        return f"{100 * amount / widest:.2f}%"

    hatch = " rb-hatch" if colour_of(row.account.id) == JOINT else ""
    cap = (
        f'<span class="rb-cap" style="width:{width(row.upper)}"></span>'
        if row.upper is not None
        else ""
    )
    least = (
        f'<span class="rb-min" style="left:calc({width(row.lower)} - 2px)"></span>'
        if row.lower and row.lower != row.upper
        else ""
    )
    fill = (
        f'<span class="rb-fill{hatch}" style="left:0;width:{width(row.programmed)};'
        f'background-color:{colour_of(row.account.id)}"></span>'
    )
    held = (
        f'<span class="rb-fill rb-hatch" style="left:{width(row.programmed)};'
        f'width:{width(row.reserved)};background-color:{IDLE}"></span>'
        if row.reserved
        else ""
    )
    sub = " rb-sub" if "/" in row.account.id else ""
    status = _status(row)
    return (
        f'<div class="rb-bar{sub}"><div class="rb-row">'
        f'<span class="rb-name">{escape(local(row.account.name))}</span>'
        f'<span class="rb-say">{escape(_words(row))}</span></div>'
        f'<div class="rb-track" role="img" aria-label="{escape(_words(row) + ", " + status)}">'
        f"{cap}{fill}{held}{least}</div>"
        f'<div class="rb-row"><span class="rb-note">{escape(_note(row))}</span>'
        f'<span class="rb-status">{escape(status)}</span></div></div>'
    )


def _words(row: Standing) -> str:
    total = rupiah(row.programmed, short=True)
    if row.upper is not None and row.upper == row.lower:
        return t("bar.exact", total=total, limit=row.upper)
    if row.upper is not None:
        return t("bar.most", total=total, limit=row.upper)
    if row.lower is not None:
        return t("bar.least", total=total, limit=row.lower)
    return total


def _note(row: Standing) -> str:
    if row.reserved:
        return t("bar.reserved", amount=row.reserved)
    return ""


def _status(row: Standing) -> str:
    if row.state is State.FREE:
        return ""
    return f"{_SHAPES[row.state]} {words().say(f'standing.{row.state}')}"

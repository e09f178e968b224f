"""Points of a what-if as rows of a table."""

from __future__ import annotations

from typing import Any

import streamlit as st

from optimizer.solving.outcome import Outcome
from optimizer.ui.scenario_words import MEASURE_KINDS, figure, measure_name, value_words
from optimizer.ui.words import lang, markdown, t
from optimizer.whatif import Point, Sweep

__all__ = ["figures_of", "headings", "moved", "show_reasons"]

_TOLD = ("support", "first_priorities", "proposals", "spent", "unassigned", "findings", "letters")


def headings() -> dict[str, str]:
    kinds = {m: "text" if m == "support" else "count" for m in _TOLD}
    kinds |= {m: "rupiah" for m in _TOLD if MEASURE_KINDS[m] == "rupiah"}
    return {measure_name(m): kinds[m] for m in _TOLD} | {
        t("scn.col.enter"): "count",
        t("scn.col.leave"): "count",
    }


def figures_of(point: Point) -> list[Any]:
    return [
        figure("number", point.measures.get(m)) if m == "support" else point.measures.get(m)
        for m in _TOLD
    ]


def moved(found: Sweep, point: Point) -> list[Any]:
    if not (point.solved and found.base.solved):
        return [None, None]
    return [len(ids) for ids in found.differences(found.base, point)]


def show_reasons(found: Sweep) -> None:
    """Why a point has no plan."""
    for point in found.points:
        if point.reason and point.outcome != Outcome.OPTIMAL.value:
            path, value = point.changes[0]
            where = value_words(found.scenario.policy, path, value)
            st.caption(f"**{markdown(where)}**: {markdown(point.reason[lang()])}")

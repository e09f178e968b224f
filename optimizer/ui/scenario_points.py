"""Points of a what-if as rows of a table."""

from __future__ import annotations

from typing import Any

import streamlit as st

from optimizer.solving.outcome import Outcome
from optimizer.ui.scenario_words import value_words
from optimizer.ui.words import markdown, t, words
from optimizer.whatif import Point, Sweep

__all__ = ["cells", "headings", "show_reasons"]

_TOLD = {
    "support": "number",
    "first_priorities": "count",
    "proposals": "count",
    "spent": "rupiah",
    "unassigned": "rupiah",
    "findings": "count",
    "letters": "count",
}


def headings() -> dict[str, str]:
    """Headings of the columns, and what kind of value stands in each."""
    moves = {t("scn.col.enter"): "count", t("scn.col.leave"): "count"}
    return moves | {t(f"scn.short.{measure}"): kind for measure, kind in _TOLD.items()}


def cells(found: Sweep, point: Point) -> list[Any]:
    """How many proposals enter and leave against the base, then the measures."""
    moves: list[Any] = [None, None]
    if point.solved and found.base.solved:
        moves = [len(ids) for ids in found.differences(found.base, point)]
    return moves + [point.measures.get(measure) for measure in _TOLD]


def show_reasons(found: Sweep) -> None:
    """Why a point has no plan."""
    for point in found.points:
        if point.reason and point.outcome != Outcome.OPTIMAL.value:
            path, value = point.changes[0]
            where = value_words(found.scenario.policy, path, value)
            st.caption(f"**{markdown(where)}**: {markdown(words().tell(point.reason))}")

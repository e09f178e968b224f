"""Pictures of what-if answers; the tables beside them say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from optimizer.palette import FIELD_COLOURS, IDLE
from optimizer.ui.charts import NARROW, draw, ink
from optimizer.ui.words import chart_text

__all__ = ["Bar", "Interval", "Lever", "Step", "draw_bars", "draw_intervals", "draw_levers",
           "draw_steps"]  # fmt: skip

DOWN, UP = FIELD_COLOURS["ekonomi"], FIELD_COLOURS["infrastruktur"]
SHOWN = {"show": True}
STRIPES = {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [3, 4], "rotation": 0.785,
           "color": "rgba(255,255,255,0.5)"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lever:
    """How far a measure moves from the base at the two ends of one number."""

    name: str
    low: float | None
    high: float | None
    low_words: str
    high_words: str


@dataclass(frozen=True, slots=True)
class Step:
    """A point of a sweep; ``value`` is ``None`` where there is no plan."""

    name: str
    value: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with its interval, all from 0 to 1."""

    name: str
    share: float
    low: float
    high: float
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with its value in words."""

    name: str
    value: float
    words: str


def _names(names: Sequence[str]) -> dict[str, Any]:
    """The names at the left, the first at the top."""
    return {
        "type": "category",
        "inverse": True,
        "data": [chart_text(name) for name in names],
        "axisTick": {"show": False},
        "axisLine": {"onZero": False},
        "axisLabel": {"color": ink(), "width": 250, "overflow": "truncate", "interval": 0},
    }


def _values(**more: Any) -> dict[str, Any]:
    return {"type": "value", "splitNumber": 4, "axisLabel": {"show": False}, **more}


def _sideways(
    names: Sequence[str],
    what: str,
    axis: dict[str, Any],
    series: list[dict[str, Any]],
    alt: str,
    *,
    phone_words: bool = True,
) -> None:
    """Horizontal bars with room for the names, less of it on a phone.

    Where words stand on both sides of a bar, a phone leaves them to the table.
    """
    phone: dict[str, Any] = {
        "yAxis": {
            "axisLabel": {"width": 118, "fontSize": 11, "overflow": "break", "lineHeight": 13}
        }
    }
    if not phone_words:
        phone["series"] = [{"label": {"show": False}} for _ in series]
    spec = {
        "grid": {"left": 8, "right": 76, "top": 8, "bottom": 12, "containLabel": True},
        "xAxis": axis,
        "yAxis": _names(names),
        "tooltip": {"trigger": "item", "formatter": "{b}: {c}", "show": False},
        "aria": {"enabled": True, "decal": {"show": False}},
        "series": series,
        "media": [{"query": {"maxWidth": NARROW}, "option": phone}],
    }
    st.caption(what)
    draw(spec, 34 * max(len(names), 2) + 24, alt)


def _label(words: str, side: str = "right") -> dict[str, Any]:
    """Words beside a bar; whether they are shown is said for the whole series."""
    return {"formatter": chart_text(words), "position": side, "color": ink(), "fontSize": 11}


def draw_levers(levers: Sequence[Lever], axis: str, alt: str) -> None:
    """The strongest lever on top; down is striped, up is plain."""

    def data(end: str) -> list[dict[str, Any]]:
        items = []
        for lever in levers:
            value, words = getattr(lever, end), getattr(lever, f"{end}_words")
            other = lever.high if end == "low" else lever.low
            # An end that changes nothing speaks from the free side of the other one's bar.
            leaning = value or -(other or 0)
            side = "left" if leaning < 0 else "right"
            # Where both ends pull the same way, one label would hide the other.
            hidden = end == "low" and (value or 0) * (other or 0) > 0 and value != other
            items.append({"value": value, "label": _label("" if hidden else words, side)})
        return items

    series = [
        {"type": "bar", "data": data("low"), "barGap": "-100%", "barMaxWidth": 18,
         "label": SHOWN,
         "itemStyle": {"color": DOWN, "decal": STRIPES}},
        {"type": "bar", "data": data("high"), "barMaxWidth": 18, "label": SHOWN,
         "itemStyle": {"color": UP, "opacity": 0.85}},
    ]  # fmt: skip
    reach = max((abs(v) for lv in levers for v in (lv.low, lv.high) if v is not None), default=1)
    edge = 1.6 * (reach or 1)
    _sideways(
        [lv.name for lv in levers],
        axis,
        _values(min=-edge, max=edge),
        series,
        alt,
        phone_words=False,
    )


def draw_bars(bars: Sequence[Bar], axis: str, alt: str) -> None:
    """Horizontal bars with their values in words."""
    data = [{"value": bar.value, "label": _label(bar.words)} for bar in bars]
    series = [
        {
            "type": "bar",
            "data": data,
            "barMaxWidth": 18,
            "label": SHOWN,
            "itemStyle": {"color": UP},
        }
    ]
    _sideways([bar.name for bar in bars], axis, _values(min=0), series, alt)


def draw_intervals(rows: Sequence[Interval], axis: str, alt: str) -> None:
    """A share as a dot in its interval."""
    widths = [{"value": row.high - row.low, "label": _label(row.words)} for row in rows]
    series: list[dict[str, Any]] = [
        {"type": "bar", "stack": "range", "data": [row.low for row in rows], "silent": True,
         "itemStyle": {"color": "transparent"}},
        {"type": "bar", "stack": "range", "data": widths, "barMaxWidth": 12,
         "label": SHOWN,
         "itemStyle": {"color": IDLE}},
        {"type": "scatter", "symbol": "diamond", "symbolSize": 13, "itemStyle": {"color": UP},
         "data": [[row.share, place] for place, row in enumerate(rows)]},
    ]  # fmt: skip
    _sideways([row.name for row in rows], axis, _values(min=0, max=1), series, alt)


def draw_steps(steps: Sequence[Step], axes: tuple[str, str], base: int | None, alt: str) -> None:
    """A measure along one number of the scenario; no point where there is no plan."""
    data = [
        {
            "value": step.value,
            "symbol": "diamond" if place == base else "circle",
            "symbolSize": 15 if place == base else 8,
            "label": _label(step.words if _told(place, base, len(steps)) else "", "top"),
        }
        for place, step in enumerate(steps)
    ]
    spec = {
        "grid": {"left": 40, "right": 48, "top": 40, "bottom": 56},
        "xAxis": {
            "type": "category",
            "name": chart_text(axes[0]),
            "nameLocation": "middle",
            "nameGap": 34,
            "nameTextStyle": {"color": ink()},
            "data": [chart_text(step.name) for step in steps],
            "axisLabel": {"color": ink(), "hideOverlap": True},
        },
        "yAxis": {
            **_values(scale=True),
            "name": chart_text(axes[1]),
            "nameLocation": "middle",
            "nameGap": 18,
            "nameTextStyle": {"color": ink()},
        },
        "series": [
            {"type": "line", "data": data, "connectNulls": False, "label": SHOWN,
             "lineStyle": {"color": UP, "width": 2}, "itemStyle": {"color": UP}}
        ],
    }  # fmt: skip
    draw(spec, 320, alt)


def _told(place: int, base: int | None, of: int) -> bool:
    return place in {0, of - 1, base}

"""Pictures of a plan. Every one has a table beside it and words for those who do not see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

import streamlit as st

from optimizer.palette import FIELD_COLOURS, IDLE, JOINT, colour_of
from optimizer.ui.words import chart_text, escape, number

__all__ = [
    "Flow",
    "Ring",
    "Tie",
    "draw",
    "draw_legend",
    "draw_line",
    "draw_network",
    "draw_rings",
    "draw_sankey",
    "ground",
    "ink",
]

MUTED = "#8A94A0"
NARROW, WIDE = 560, 900
# Text and lines must be seen on a light and on a dark ground alike.
HATCH = {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [3, 5], "rotation": -0.785,
         "color": "rgba(255,255,255,0.55)"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flow:
    """Money from one named node to another, in rupiah."""

    source: str
    target: str
    amount: int


@dataclass(frozen=True, slots=True)
class Ring:
    """A node of nested rings; leaves carry an amount in rupiah."""

    name: str
    account: str = ""
    amount: int = 0
    inside: tuple[Ring, ...] = ()


@dataclass(frozen=True, slots=True)
class Tie:
    """Who pays for what: payer, thing paid for, its account, rupiah."""

    payer: str
    thing: str
    account: str
    amount: int


def _paint(account: str) -> dict[str, Any]:
    """Colour of an account; the joint fund is hatched as well."""
    if account == "idle":
        return {"color": IDLE}
    if not account:
        return {"color": MUTED}
    colour = colour_of(account)
    return {"color": colour, **({"decal": HATCH} if colour == JOINT else {})}


def _dark() -> bool:
    return getattr(st.context.theme, "type", "light") == "dark"


def ink() -> str:
    """Colour of text on the present ground."""
    return "#E7ECF1" if _dark() else "#1B2430"


def ground() -> str:
    """The present ground, for what must hide what lies under it."""
    return "#11161C" if _dark() else "#FFFFFF"


def draw(spec: dict[str, Any], height: int, alt: str) -> None:
    """Draw without movement: nothing on a public document needs to fly in."""
    st.echarts_chart({"animation": False, **spec}, height=height, alt=alt)


def _on_phone(**series: Any) -> list[dict[str, Any]]:
    """What the only series of a chart does otherwise where there is little room."""
    return [{"query": {"maxWidth": NARROW}, "option": {"series": [series]}}]


def _on_wide(**series: Any) -> list[dict[str, Any]]:
    """What the only series of a chart does otherwise where there is much room."""
    return [{"query": {"minWidth": WIDE}, "option": {"series": [series]}}]


def draw_legend(names: Mapping[str, str]) -> None:
    """Which colour is which account: account → its name."""
    items = "".join(
        f'<span><span class="rb-dot{" rb-hatch" if colour_of(account) == JOINT else ""}" '
        f'style="background-color:{_paint(account)["color"]}"></span>{escape(name)}</span>'
        for account, name in names.items()
    )
    st.html(f'<div class="rb-legend">{items}</div>')


def draw_sankey(
    flows: Sequence[Flow], accounts: Mapping[str, str], amounts: Mapping[str, str], alt: str
) -> None:
    """Money that flows from left to right.

    Parameters
    ----------
    accounts
        Node → account (``idle`` for money without an activity), for its colour.
    amounts
        Node → its rupiah in words.
    """
    nodes = list(dict.fromkeys(n for f in flows for n in (f.source, f.target)))
    names = {n: chart_text(f"{n} · {amounts[n]}") for n in nodes}
    last = {f.target for f in flows} - {f.source for f in flows}
    series = {
        "type": "sankey",
        "left": 4,
        "right": "42%",
        "top": 8,
        "bottom": 8,
        "nodeGap": 9,
        "nodeWidth": 14,
        "draggable": False,
        "layoutIterations": 0,
        "emphasis": {"focus": "adjacency"},
        "lineStyle": {"color": "source", "opacity": 0.28},
        "label": {"color": ink(), "fontSize": 12, "width": 230, "overflow": "truncate"},
        "data": [{"name": names[n], "itemStyle": _paint(accounts.get(n, ""))} for n in nodes],
        "links": [
            {"source": names[f.source], "target": names[f.target], "value": f.amount} for f in flows
        ],
        "tooltip": {"formatter": "{b}"},
    }
    hidden = [{"depth": depth, "label": {"show": False}} for depth in (0, 1)]
    phone = _on_phone(
        right="52%", nodeWidth=10, levels=hidden, label={"width": 180, "fontSize": 11}
    )
    wide = _on_wide(label={"width": 420})
    draw(
        {
            "tooltip": {"trigger": "item", "confine": True},
            "series": [series],
            "media": [*phone, *wide],
        },
        height=max(360, 26 * len(last) + 40),
        alt=alt,
    )


def draw_rings(root: Ring, alt: str) -> None:
    """Nested rings: territory inside, fields outside."""
    series = {
        "type": "sunburst",
        "radius": ["12%", "96%"],
        "sort": None,
        "nodeClick": "rootToNode",
        "data": [_ring(child) for child in root.inside],
        "label": {"color": ink(), "textBorderWidth": 0, "minAngle": 5, "fontSize": 11},
        "itemStyle": {"borderWidth": 1},
        "levels": [
            {},
            {"r0": "12%", "r": "38%", "label": {"rotate": "tangential"}},
            {"r0": "38%", "r": "70%", "label": {"rotate": "radial"}},
            {"r0": "70%", "r": "96%", "label": {"show": False}},
        ],
        "tooltip": {"formatter": "{b}"},
    }
    draw(
        {"tooltip": {"trigger": "item", "confine": True}, "series": [series]},
        height=560,
        alt=alt,
    )


def _ring(ring: Ring) -> dict[str, Any]:
    paint = _paint(ring.account) if ring.account else {"color": "rgba(138,148,160,0.32)"}
    node: dict[str, Any] = {"name": chart_text(ring.name), "itemStyle": paint}
    if ring.inside:
        node["children"] = [_ring(child) for child in ring.inside]
    else:
        node["value"] = ring.amount
    return node


def draw_network(ties: Iterable[Tie], amount: Mapping[str, str], alt: str) -> None:
    """Who pays for what shared: payers on the left, what they pay for on the right."""
    known = list(ties)
    payers = list(dict.fromkeys(tie.payer for tie in known))
    things = list(dict.fromkeys(tie.thing for tie in known))
    height = max(320, 24 * max(len(payers), len(things)) + 40)
    colours = {tie.thing: tie.account for tie in known}
    data = [*_column(payers, 0, height, {}, amount), *_column(things, 400, height, colours, amount)]
    most = max((tie.amount for tie in known), default=1) or 1
    links = [
        {
            "source": f"0:{tie.payer}",
            "target": f"400:{tie.thing}",
            "lineStyle": {
                "width": 1 + 5 * tie.amount / most,
                "color": colour_of(tie.account),
                "opacity": 0.6,
            },
        }
        for tie in known
    ]
    series = {
        "type": "graph",
        "layout": "none",
        "left": "22%",
        "right": "46%",
        "top": 16,
        "bottom": 16,
        "roam": False,
        "data": data,
        "links": links,
        "emphasis": {"focus": "adjacency"},
    }
    # Symbols keep their shape only where the two axes are stretched alike.
    slim = [{**node, "x": node["x"] / 4, "label": {**node["label"], "width": 165}} for node in data]
    phone = _on_phone(left="26%", right="50%", data=slim)
    draw({"series": [series], "media": phone}, height, alt)


def _column(
    names: Sequence[str],
    x: int,
    height: int,
    accounts: Mapping[str, str],
    amount: Mapping[str, str],
) -> list[dict[str, Any]]:
    step = height / max(len(names), 1)
    side = "left" if x == 0 else "right"
    return [
        {
            "id": f"{x}:{name}",
            "name": f"{x}:{name}",
            "x": x,
            "y": (place + 0.5) * step,
            "symbol": "circle" if x == 0 else "rect",
            "symbolSize": 11,
            "itemStyle": _paint(accounts.get(name, "")),
            "label": {
                "show": True,
                "position": side,
                "color": ink(),
                "width": 260 if x else 110,
                "overflow": "break",
                "lineHeight": 14,
                "formatter": _two_lines(name, amount.get(name, "")),
            },
        }
        for place, name in enumerate(names)
    ]


def _two_lines(name: str, amount: str) -> str:
    """The amount has its own line, so that no line breaks within it."""
    return f"{chart_text(name)}\n{chart_text(amount)}".strip()


def draw_line(
    points: Sequence[tuple[float, float, str]],
    chosen: int | None,
    axes: tuple[str, str],
    alt: str,
) -> None:
    """A line of choices: what goes up on one axis goes down on the other.

    Parameters
    ----------
    points
        x, y and the words at each point.
    chosen
        Which point is the present one.
    """
    colour = FIELD_COLOURS["infrastruktur"]
    data = [
        {
            "value": [x, y],
            "name": chart_text(text),
            "symbolSize": 17 if place == chosen else 8,
            "symbol": "diamond" if place == chosen else "circle",
            "label": {
                "show": place == chosen or place in (0, len(points) - 1),
                "formatter": chart_text(text),
                "position": "top",
                "color": ink(),
                "fontWeight": "bold" if place == chosen else "normal",
            },
        }
        for place, (x, y, text) in enumerate(points)
    ]
    across, up = _marks([x for x, _, _ in points]), _marks([y for _, y, _ in points])
    spec = {
        "grid": {"left": 62, "right": 34, "top": 34, "bottom": 52},
        "xAxis": _axis(across, axes[0], 32),
        "yAxis": _axis(up, axes[1], 46),
        "tooltip": {"trigger": "item", "formatter": "{b}", "confine": True},
        "series": [
            {"type": "line", "data": data, "lineStyle": {"color": colour, "width": 2},
             "itemStyle": {"color": colour}},
            _numbers([(x, up[0]) for x in across], across, "bottom"),
            _numbers([(across[0], y) for y in up], up, "left"),
        ],
    }  # fmt: skip
    draw(spec, 330, alt)


def _marks(values: Sequence[float], most: int = 5) -> list[Fraction]:
    """Round numbers, at most so many, from under the least value to above the greatest."""
    low, high = Fraction(min(values)), Fraction(max(values))
    span = high - low or Fraction(1)
    step = Fraction(10) ** (len(str(floor(span))) - 3)
    while True:
        for part in (1, 2, 5):
            wide = step * part
            first, last = floor(low / wide), ceil(high / wide)
            if last - first < most:
                return [wide * n for n in range(first, max(last, first + 1) + 1)]
        step *= 10


def _axis(marks: Sequence[Fraction], name: str, gap: int) -> dict[str, Any]:
    return {
        "type": "value",
        "min": float(marks[0]),
        "max": float(marks[-1]),
        "interval": float(marks[1] - marks[0]),
        "axisLabel": {"show": False},
        "name": chart_text(name),
        "nameLocation": "middle",
        "nameGap": gap,
        "nameTextStyle": {"color": ink()},
    }


def _numbers(
    places: Sequence[tuple[Fraction, Fraction]], marks: Sequence[Fraction], side: str
) -> dict[str, Any]:
    """The numbers along an axis, in the person's language: an axis itself knows English only."""
    return {
        "type": "scatter",
        "silent": True,
        "clip": False,
        "symbolSize": 1,
        "itemStyle": {"color": "transparent"},
        "tooltip": {"show": False},
        "data": [
            {
                "value": [float(x), float(y)],
                "label": {
                    "show": True,
                    "position": side,
                    "distance": 8,
                    "color": ink(),
                    "formatter": chart_text(number(mark)),
                },
            }
            for (x, y), mark in zip(places, marks, strict=True)
        ],
    }

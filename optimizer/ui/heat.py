"""All RT at a glance: RT × field as shares of the pagu, with marks where a bound binds."""

from __future__ import annotations

from fractions import Fraction

import streamlit as st

from optimizer.palette import IDLE, colour_of
from optimizer.plan import Plan
from optimizer.rules import Standing, State
from optimizer.ui.words import escape, local, percent, place, t

__all__ = ["show_heat"]

_MARKS = {State.REACHED: "■", State.OVER: "▲", State.BELOW: "▽"}
STRONGEST = 0.62


def show_heat(plan: Plan, kelurahan: str) -> None:
    """The table; every cell says its number, the colour only helps to find it."""
    leaves = plan.scenario.policy.leaves
    units = [u for u in plan.scenario.dataset.territory.units if u.kelurahan == kelurahan]
    standings = {u.id: plan.standings[u.id] for u in units}
    most = {
        leaf.id: max((s[leaf.id].programmed for s in standings.values()), default=1) or 1
        for leaf in leaves
    }
    head = "".join(f'<th scope="col">{escape(local(leaf.name))}</th>' for leaf in leaves)
    body = "".join(
        f'<tr><th scope="row">{escape(place(unit.id))}</th>'
        + "".join(_cell(standings[unit.id][leaf.id], most[leaf.id]) for leaf in leaves)
        + _idle(plan, unit.id, unit.budget)
        + "</tr>"
        for unit in units
    )
    st.subheader(t("heat.title"))
    st.caption(t("heat.marks"))
    with st.container(height=430, border=True):
        st.html(
            '<div class="rb-scroll"><table class="rb-heat"><thead><tr>'
            f'<th scope="col">{escape(t("col.place"))}</th>{head}'
            f'<th scope="col">{escape(t("heat.idle"))}</th></tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )


def _cell(standing: Standing, most: int) -> str:
    strength = STRONGEST * standing.programmed / most
    share = Fraction(standing.programmed, standing.budget or 1)
    mark = _MARKS.get(standing.state, "")
    text = percent(share) if standing.programmed else "–"
    return (
        f'<td style="background-color:{_tint(colour_of(standing.account.id), strength)}">'
        f"{escape(text)}<i>{mark}</i></td>"
    )


def _idle(plan: Plan, unit: str, budget: int) -> str:
    idle = plan.ledger.idle(unit)
    share = Fraction(idle, budget or 1)
    tint = _tint(IDLE, min(1.0, float(share) * 2) * STRONGEST)
    return f'<td style="background-color:{tint}">{escape(percent(share) if idle else "–")}</td>'


def _tint(colour: str, strength: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{strength:.2f})"

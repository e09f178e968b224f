"""All RT at a glance: RT × field as shares of the pagu, with marks where a bound binds."""

from __future__ import annotations

from fractions import Fraction

import streamlit as st

from optimizer.palette import IDLE, colour_of
from optimizer.plan import Plan
from optimizer.ui.figures import AccountMoney, account_money
from optimizer.ui.words import escape, local, percent, place, t

__all__ = ["show_heat"]

_MARKS = {"reached": "■", "over": "▲", "below": "▽"}
STRONGEST = 0.62


def show_heat(plan: Plan, kelurahan: str) -> None:
    """The table; every cell says its number, the colour only helps to find it."""
    leaves = plan.scenario.policy.leaves
    units = [u for u in plan.scenario.dataset.territory.units if u.kelurahan == kelurahan]
    money = {u.id: {m.account.id: m for m in account_money(plan, u.id)} for u in units}
    most = {
        leaf.id: max((m[leaf.id].programmed for m in money.values()), default=1) or 1
        for leaf in leaves
    }
    head = "".join(f'<th scope="col">{escape(local(leaf.name))}</th>' for leaf in leaves)
    body = "".join(
        f'<tr><th scope="row">{escape(place(unit.id))}</th>'
        + "".join(_cell(money[unit.id][leaf.id], most[leaf.id]) for leaf in leaves)
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


def _cell(money: AccountMoney, most: int) -> str:
    strength = STRONGEST * money.programmed / most
    share = Fraction(money.programmed, money.budget or 1)
    mark = _MARKS.get(money.state, "")
    text = percent(share) if money.programmed else "–"
    return (
        f'<td style="background-color:{_tint(colour_of(money.account.id), strength)}">'
        f"{escape(text)}<i>{mark}</i></td>"
    )


def _idle(plan: Plan, unit: str, budget: int) -> str:
    idle = plan.unassigned[unit] + sum(plan.money[unit][1])
    share = Fraction(idle, budget or 1)
    tint = _tint(IDLE, min(1.0, float(share) * 2) * STRONGEST)
    return f'<td style="background-color:{tint}">{escape(percent(share) if idle else "–")}</td>'


def _tint(colour: str, strength: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{strength:.2f})"

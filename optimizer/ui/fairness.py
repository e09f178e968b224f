"""Who is served: equity over the RW, money per family, and money without an activity."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import streamlit as st

from optimizer.equity import satisfactions
from optimizer.errors import RembugError
from optimizer.plan import Plan
from optimizer.territory import natural_key, node_id
from optimizer.ui.errors import show_error
from optimizer.ui.tables import show_table
from optimizer.ui.words import escape, place, t

__all__ = ["show_equity", "show_idle"]


@st.cache_data(show_spinner=False, max_entries=64)
def _satisfied(key: str, over: str, _plan: Plan) -> dict[str, int]:
    """Satisfaction by place, kept by the content of the plan's inputs (``key``)."""
    del key
    counting = replace(_plan.scenario, order_as_borda=True)
    return satisfactions(_plan, over, counting)


def show_equity(key: str, plan: Plan, kelurahan: str) -> None:
    """The RW that is least satisfied, and spending per family; ``key`` names the plan's content."""
    st.subheader(t("equity.title"))
    try:
        satisfied = _satisfied(key, "rw", plan)
    except RembugError as error:
        show_error(error)
        return
    units = [u for u in plan.scenario.dataset.territory.units if u.kelurahan == kelurahan]
    rows = []
    for rw in sorted({node_id(kelurahan, u.rw) for u in units}, key=natural_key):
        inside = [u for u in units if node_id(kelurahan, u.rw) == rw]
        spent = sum(plan.money[u.id][0][-1] for u in inside)
        families = sum(u.families for u in inside)
        per_mille = satisfied.get(rw)
        rows.append(
            (
                place(rw),
                None if per_mille is None else per_mille / 1000,
                spent,
                spent // families if families else None,
            )
        )
    known = [(row[1], row[0]) for row in rows if row[1] is not None]
    if known:
        least, name = min(known)
        text = t("equity.least", place=name, share=Fraction(round(least * 1000), 1000))
        st.markdown(f"**{text}**")
    st.caption(t("equity.what"))
    show_table(
        rows,
        {
            t("col.place"): "text",
            t("col.satisfied"): "share",
            t("col.programmed"): "rupiah",
            t("col.per_family"): "rupiah",
        },
        alt=t("equity.title"),
    )


def show_idle(plan: Plan, kelurahan: str) -> None:
    """Money without an activity, by RT, most first."""
    units = [u for u in plan.scenario.dataset.territory.units if u.kelurahan == kelurahan]
    idle = {u.id: plan.ledger.idle(u.id) for u in units}
    st.subheader(t("idle.title"))
    st.html(f'<p class="rb-idle">{escape(t("rt.idle", amount=sum(idle.values())))}</p>')
    st.caption(t("idle.what"))
    rows = sorted(((place(u.id), idle[u.id]) for u in units), key=lambda row: -row[1])
    show_table(rows, {t("col.place"): "text", t("col.idle"): "rupiah"}, alt=t("idle.title"))

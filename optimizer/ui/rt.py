"""The page of one RT: what it decides itself, its bars, what is in, what is not, and why."""

from __future__ import annotations

import streamlit as st

from optimizer.errors import RembugError
from optimizer.plan import Plan
from optimizer.rules import RuleStatus
from optimizer.ui import frame, rt_take, rt_trial
from optimizer.ui.bars import show_bars
from optimizer.ui.cards import show_in, show_out
from optimizer.ui.errors import show_error
from optimizer.ui.figures import own_money, rows_of, shared_with
from optimizer.ui.pick import pick_rt
from optimizer.ui.state import Session, session
from optimizer.ui.words import escape, place, rupiah, t, words

__all__ = ["show"]


def show() -> None:
    """Draw the page."""
    with st.container(key="rt_page"):
        _page(session())


def _page(open_: Session) -> None:
    unit = pick_rt(open_.base.dataset.territory)
    frame.head(place(unit), open_.current)
    frame.simulation_mark(open_)
    plan = _plan(open_)
    if plan is not None:
        _answer(plan, unit, trial=open_.simulated)
        rt_take.show(open_, plan, unit)
    rt_trial.show(open_, unit, plan)
    frame.foot(open_, plan)


def _plan(open_: Session) -> Plan | None:
    """The plan, or the sentence that says why there is none; the page stays usable."""
    try:
        return open_.plan()
    except RembugError as error:
        show_error(error)
        return None


def _answer(plan: Plan, unit: str, *, trial: bool) -> None:
    _own(plan, unit)
    st.subheader(t("rt.limits"))
    st.caption(t("rt.limits_note"))
    show_bars(plan.standings[unit].values())
    rows = rows_of(plan, unit, unit)
    inside = [row for row in rows if row.inside]
    outside = [row for row in rows if not row.inside]
    st.subheader(t("rt.in", count=len(inside)))
    if inside:
        show_in(plan, inside)
    else:
        st.markdown(t("rt.in_none"))
    st.subheader(t("rt.out", count=len(outside)))
    if outside:
        show_out(plan, outside, trial=trial)
    else:
        st.markdown(t("rt.out_none"))
    _shared(plan, unit, trial=trial)
    idle = rupiah(plan.ledger.idle(unit))
    st.html(f'<p class="rb-idle">{escape(t("rt.idle", amount=idle))}</p>')
    _notes(plan, unit)


def _own(plan: Plan, unit: str) -> None:
    """The first number: what is really this RT's to decide, with the small formula."""
    money = own_money(plan, unit)
    formula = t(
        "rt.formula",
        budget=money.budget,
        joint=money.joint,
        obligatory=money.obligatory,
    )
    st.html(
        f'<div class="rb-big"><span>{escape(t("rt.own"))}</span>'
        f"<b>{escape(rupiah(money.own))}</b><span>{escape(formula)}</span></div>"
    )


def _notes(plan: Plan, unit: str) -> None:
    """Rules that the list does not meet, as the checker says them, with what would mend it."""
    found = [c for c in plan.checks if c.place == unit and c.status is RuleStatus.FINDING]
    if not found:
        return
    st.subheader(t("rt.notes"))
    texts = (" → ".join(filter(None, (c.message(words()), c.remedy_text(words())))) for c in found)
    st.html('<ul class="rb-findings">' + "".join(f"<li>{escape(x)}</li>" for x in texts) + "</ul>")


def _shared(plan: Plan, unit: str, *, trial: bool) -> None:
    rows = shared_with(plan, unit)
    if not rows:
        return
    st.subheader(t("rt.shared"))
    inside = [row for row in rows if row.inside]
    if inside:
        show_in(plan, inside, shared=True)
    outside = [row for row in rows if not row.inside]
    if outside:
        show_out(plan, outside, trial=trial)

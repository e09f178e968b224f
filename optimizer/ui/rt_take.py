"""What an RT takes away: a page to print, a text for WhatsApp."""

from __future__ import annotations

import streamlit as st

from optimizer.plan import Plan
from optimizer.ui.figures import account_money, rows_of
from optimizer.ui.frame import made_up, policy_line
from optimizer.ui.words import local, place, rupiah, t

__all__ = ["message", "show"]

PRINT = "<script>window.print()</script>"


def show(plan: Plan, unit: str) -> None:
    """The buttons, and the text with its own copy button."""
    with st.container(key="take_away"):
        with st.container(horizontal=True):
            if st.button(t("rt.print"), icon=":material/print:", key="print"):
                # A fixed script of ours; nothing that people typed is near it.
                st.html(PRINT, unsafe_allow_javascript=True)
        with st.expander(t("rt.whatsapp"), icon=":material/chat:"):
            st.caption(t("rt.whatsapp_how"))
            st.code(message(plan, unit), language=None, wrap_lines=True)


def message(plan: Plan, unit: str) -> str:
    """A short text to paste: no votes, no names, marked as a computation."""
    rows = rows_of(plan, unit, unit)
    lines = [
        t("wa.title", place=place(unit)),
        policy_line(plan.scenario),
        *([made_up(plan.scenario)] if made_up(plan.scenario) else []),
        "",
        t("wa.in"),
        *(
            f"{n}. {r.proposal.title}: {rupiah(r.cost)}"
            for n, r in enumerate((r for r in rows if r.inside), 1)
        ),
        "",
        t("wa.out"),
        *(f"- {r.proposal.title}: {rupiah(r.proposal.full_cost)}" for r in rows if not r.inside),
        "",
        *(
            t("wa.account", name=local(m.account.name), amount=rupiah(m.programmed))
            for m in account_money(plan, unit)
            if m.depth == 0 and m.programmed
        ),
        t("rt.idle", amount=rupiah(plan.unassigned[unit] + sum(plan.money[unit][1]))),
        "",
        t("frame.decides"),
    ]
    return "\n".join(lines)

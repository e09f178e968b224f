"""What an RT takes away: a page to print, a text for WhatsApp."""

from __future__ import annotations

import streamlit as st

from optimizer.plan import Plan
from optimizer.sheets.context import Context
from optimizer.sheets.whatsapp import whatsapp_text
from optimizer.ui.reports import report_of
from optimizer.ui.state import Session
from optimizer.ui.words import t, words

__all__ = ["show"]

PRINT = "<script>window.print()</script>"


def show(open_: Session, plan: Plan, unit: str) -> None:
    """The buttons, and the text with its own copy button; the text is made when asked for."""
    with st.container(key="take_away"):
        if st.button(t("rt.print"), icon=":material/print:", key="print"):
            # A fixed script of ours; nothing that people typed is near it.
            st.html(PRINT, unsafe_allow_javascript=True)
        text = st.expander(
            t("rt.whatsapp"), icon=":material/chat:", key="whatsapp", on_change="rerun"
        )
        with text:
            if text.open:
                _text(open_, plan, unit)


def _text(open_: Session, plan: Plan, unit: str) -> None:
    st.caption(t("rt.whatsapp_how"))
    # A text speaks of the plan only and is headed SIMULASI, so a trial may stand in it.
    context = Context(report_of(open_, plan), unit.split("/", maxsplit=1)[0], words())
    st.code(whatsapp_text(context, unit), language=None, wrap_lines=True)

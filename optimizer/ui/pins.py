"""A proposal put in or out by hand, and what came of a trial: for the pages that try things."""

from __future__ import annotations

import streamlit as st

from optimizer.errors import RembugError
from optimizer.plan import Plan
from optimizer.record.proposals import Proposal
from optimizer.ui.changes import show_changes
from optimizer.ui.errors import show_error
from optimizer.ui.simulation import Pinned
from optimizer.ui.state import Session
from optimizer.ui.words import markdown, t

__all__ = ["show_pin", "show_result"]


def show_pin(open_: Session, proposal: Proposal) -> None:
    """In or out by hand; a reason is required and recorded with the result."""
    pinned = next((p for p in open_.current.pins if p.proposal == proposal.id), None)
    if pinned is not None:
        words = t("sim.pinned_in" if pinned.inside else "sim.pinned_out")
        st.markdown(f"**{words}** {markdown(pinned.reason)}")
        st.button(
            t("sim.unpin"), key="sim_unpin",
            on_click=open_.push, args=(Pinned(id=proposal.id, inside=None, reason=""),),
        )  # fmt: skip
        return
    reason_key, missing = f"sim_reason_{proposal.id}", f"sim_missing_{proposal.id}"

    def pin(inside: bool) -> None:
        reason = str(st.session_state.get(reason_key, "")).strip()
        st.session_state[missing] = not reason
        if reason:
            open_.push(Pinned(id=proposal.id, inside=inside, reason=reason[:300]))

    st.text_input(t("sim.reason"), key=reason_key, max_chars=300, persist_state="session")
    if st.session_state.get(missing):
        st.error(t("sim.reason_missing"), icon=":material/edit_note:")
    with st.container(horizontal=True):
        st.button(t("sim.pin_in"), key="sim_pin_in", on_click=pin, args=(True,))
        st.button(t("sim.pin_out"), key="sim_pin_out", on_click=pin, args=(False,))


def show_result(open_: Session, place: str, plan: Plan | None) -> None:
    """What enters and leaves the list of a place, and the way back."""
    if not open_.simulated:
        st.markdown(t("sim.nothing"))
        return
    if plan is not None:
        try:
            base = open_.untouched().plan()
        except RembugError as error:
            show_error(error)
            base = None
        if base is not None:
            show_changes(base, plan, place)
    with st.container(horizontal=True):
        st.button(t("sim.undo"), icon=":material/undo:", key="sim_undo", on_click=open_.undo)
        st.button(t("sim.clear"), key="sim_clear", on_click=open_.clear)

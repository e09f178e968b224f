"""Choosing a place: kelurahan where there are several, RW, RT; kept in the address."""

from __future__ import annotations

import streamlit as st

from optimizer.territory import Territory, node_id
from optimizer.ui.words import t

__all__ = ["pick_kelurahan", "pick_rt"]


def pick_kelurahan(territory: Territory) -> str:
    """The kelurahan to look at; asks only where there are several."""
    places = list(territory.kelurahan)
    if len(places) == 1:
        return places[0]
    chosen = st.selectbox(t("pick.kelurahan"), places, key="kel", bind="query-params")
    return chosen if chosen in places else places[0]


def pick_rt(territory: Territory) -> str:
    """The budget unit to look at: RW first, then RT."""
    with st.container(key="choose"):
        kelurahan = pick_kelurahan(territory)
        units = [u for u in territory.units if u.kelurahan == kelurahan]
        with st.container(horizontal=True):
            rw = _pick(t("pick.rw"), list(dict.fromkeys(u.rw for u in units if u.rw)), "rw")
            inside = [u for u in units if u.rw == rw]
            rt = _pick(t("pick.rt"), [u.rt for u in inside if u.rt], "rt")
    return node_id(kelurahan, rw, rt)


def _pick(label: str, options: list[str], key: str) -> str:
    """One of the options; nothing is asked where the scheme has no such level."""
    if not options:
        return ""
    if st.session_state.get(key) not in options:
        st.session_state.pop(key, None)
    chosen = st.selectbox(label, options, key=key, bind="query-params", width="stretch")
    return chosen if chosen in options else options[0]

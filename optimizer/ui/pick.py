"""Choosing a place: kelurahan where there are several, RW, RT; kept in the address."""

from __future__ import annotations

import streamlit as st

from optimizer.territory import Territory, node_id
from optimizer.ui.choose import choose
from optimizer.ui.words import t

__all__ = ["pick_kelurahan", "pick_rt"]


def pick_kelurahan(territory: Territory) -> str:
    """The kelurahan to look at; asks only where there are several."""
    places = list(territory.kelurahan)
    if len(places) == 1:
        return places[0]
    return _pick(t("pick.kelurahan"), places, "kel")


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
    return choose(label, {o: o for o in options}, key, address=True) if options else ""

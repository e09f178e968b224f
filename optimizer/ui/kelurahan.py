"""The page of a kelurahan: the joint fund, its projects, all RT at a glance, who is served."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from optimizer.errors import RembugError
from optimizer.plan import Plan
from optimizer.ui import frame, heat, joint, pictures
from optimizer.ui.choose import choose
from optimizer.ui.errors import show_error
from optimizer.ui.fairness import show_equity, show_idle
from optimizer.ui.pick import pick_kelurahan
from optimizer.ui.state import session
from optimizer.ui.words import t

__all__ = ["show"]

_VIEWS: Mapping[str, Callable[[Plan, str], None]] = {
    "sync": pictures.show_sync,
    "flow": pictures.show_flow,
    "rings": pictures.show_rings,
    "ties": pictures.show_ties,
    "table": pictures.show_units,
}


def show() -> None:
    """Draw the page."""
    open_ = session()
    kelurahan = pick_kelurahan(open_.base.dataset.territory)
    frame.head(t("kel.title", name=kelurahan), open_.current)
    frame.simulation_mark(open_)
    joint.show_share(open_)
    try:
        plan = open_.plan()
    except RembugError as error:
        show_error(error)
        plan = None
    if plan is not None:
        left, right = st.columns([2, 3], gap="large")
        with left:
            joint.show_pool(plan, kelurahan)
        with right:
            joint.show_frontier(open_, kelurahan)
        joint.show_projects(plan, kelurahan)
    # Here also where nothing fits: the pin that is too much must be within reach.
    joint.show_trial(open_, kelurahan, plan)
    if plan is not None:
        heat.show_heat(plan, kelurahan)
        left, right = st.columns(2, gap="large")
        with left:
            show_equity(open_.content(), plan, kelurahan)
        with right:
            show_idle(plan, kelurahan)
        _views(plan, kelurahan)
    frame.foot(open_, plan)


def _views(plan: Plan, kelurahan: str) -> None:
    """One picture at a time, so that a change shows quickly."""
    names = {key: t(f"kel.view.{key}") for key in _VIEWS}
    _VIEWS[choose(t("kel.views"), names, "pandang", how="switch")](plan, kelurahan)

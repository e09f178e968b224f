"""A plan beside what the meetings recorded, as the sheets read it."""

from __future__ import annotations

from fractions import Fraction

import streamlit as st

from optimizer.checking import Opened, Origin, Report, check_opened
from optimizer.plan import Plan
from optimizer.record.scenario import Scenario
from optimizer.rules import as_recorded
from optimizer.ui.state import Session

__all__ = ["report_of"]


def report_of(open_: Session, plan: Plan) -> Report:
    """The report of a scenario and its plan.

    For minutes and recaps hand in :meth:`Session.untouched`: a trial changes lists, support and
    volumes, and those must never stand there as if residents had decided them.
    """
    return _report(open_.content(), open_.current, plan)


@st.cache_resource(show_spinner=False, max_entries=8)
def _report(key: str, _base: Scenario, _plan: Plan) -> Report:
    del key
    share = _base.joint_share if isinstance(_base.joint_share, Fraction) else None
    recorded = as_recorded(_base.dataset, _base.policy, share)
    opened = Opened(
        _base.name,
        Origin.SCENARIO,
        _base.dataset,
        _base.policy,
        recorded,
        scenario=_base,
        plan=_plan,
    )
    return check_opened(opened)

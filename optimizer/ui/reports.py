"""A plan beside what the meetings recorded, as the sheets read it."""

from __future__ import annotations

from fractions import Fraction

import streamlit as st

from optimizer.checking import Opened, Origin, Report, check_opened
from optimizer.plan import Plan
from optimizer.rules import as_recorded
from optimizer.scenario import Scenario

__all__ = ["report_of"]


def report_of(base: Scenario, plan: Plan | None) -> Report:
    """The report of a scenario and its plan; without a plan, of the recorded list alone.

    ``base`` is what was recorded. A trial that changed lists, support or volumes must not be
    handed in here: its numbers would stand in minutes and recaps as if residents had decided.
    """
    key = base.sha256() + (plan.inputs_sha256 if plan is not None else "")
    return _report(key, base, plan)


@st.cache_resource(show_spinner=False, max_entries=8)
def _report(key: str, _base: Scenario, _plan: Plan | None) -> Report:
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

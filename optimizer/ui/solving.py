"""Plans for the screens: computed once for each content, with progress, and stoppable.

Plans are kept by the hash of everything that decides them, never by who asked: the same question
has the same answer for everybody, and nobody's question can be read from somebody else's page.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

import streamlit as st

from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.record.scenario import Scenario
from optimizer.ui.words import t

__all__ = ["forget_halt", "known_plan", "plan_of"]

KEPT = 48
PATIENCE = 0.6
_HALTED = "_halted"


class _Plans:
    """The latest plans by content; safe for several sessions at once."""

    def __init__(self) -> None:
        self._plans: OrderedDict[str, Plan] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Plan | None:
        with self._lock:
            plan = self._plans.get(key)
            if plan is not None:
                self._plans.move_to_end(key)
            return plan

    def put(self, key: str, plan: Plan) -> None:
        with self._lock:
            self._plans[key] = plan
            self._plans.move_to_end(key)
            while len(self._plans) > KEPT:
                self._plans.popitem(last=False)


@st.cache_resource(show_spinner=False)
def _plans() -> _Plans:
    return _Plans()


def plan_of(key: str, scenario: Scenario) -> Plan | None:
    """The plan of a scenario; ``None`` when the person stopped the computation.

    ``key`` names the scenario by its content (:meth:`~optimizer.ui.state.Session.content`).

    While it takes longer than a moment, the page shows how far it is and a button to stop; the
    button starts a new run of the page, which ends the computation at its next report.

    Raises
    ------
    Infeasible, RembugError
        As :func:`optimizer.optimize`.
    """
    plan = _plans().get(key)
    if plan is not None:
        return plan
    if st.session_state.get(_HALTED) == key:
        _offer_again()
        return None
    slot = st.empty()
    plan = optimize(scenario, progress=_reporter(slot, key))
    slot.empty()
    _plans().put(key, plan)
    return plan


def known_plan(key: str) -> Plan | None:
    """The plan of a content where it was computed already."""
    return _plans().get(key)


def forget_halt() -> None:
    """Let a stopped computation start again."""
    st.session_state.pop(_HALTED, None)


def _offer_again() -> None:
    with st.container(border=True):
        st.markdown(t("solve.stopped"))
        st.button(t("solve.again"), on_click=forget_halt, type="primary")


def _short(key: str) -> str:
    """A name for the widgets of one content: a page may wait for several plans."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def _halt(key: str) -> None:
    st.session_state[_HALTED] = key


def _reporter(slot: st.delta_generator.DeltaGenerator, key: str) -> Callable[[int, int], None]:
    """Draws the bar once the person has waited a moment; each report lets a stop take effect."""
    begun = time.monotonic()
    bars: list[st.delta_generator.DeltaGenerator] = []

    def report(done: int, of: int) -> None:
        if not bars:
            if time.monotonic() - begun < PATIENCE:
                return
            box = slot.container(border=True)
            bars.append(box.progress(0.0))
            box.button(
                t("solve.stop"), key=f"solve_stop_{_short(key)}", on_click=_halt, args=(key,)
            )
        text = t("solve.running", done=done, of=of)
        bars[0].progress(done / max(of, 1), text=text)

    return report

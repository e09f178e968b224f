"""Head and foot of every page: what rules, what is made up, who decides."""

from __future__ import annotations

import streamlit as st

from optimizer.plan import Plan
from optimizer.record.scenario import Scenario
from optimizer.solving.outcome import Outcome
from optimizer.ui.charts import ground
from optimizer.ui.state import Session
from optimizer.ui.style import CSS
from optimizer.ui.words import escape, local, t

__all__ = ["foot", "head", "made_up", "simulation_mark", "style"]


def style() -> None:
    """The few rules of style that the theme cannot say."""
    st.html(f"<style>:root{{--rb-ground:{ground()}}}\n{CSS}</style>")


def policy_line(scenario: Scenario) -> str:
    """``Kaliombo · TA 2023 · tafsir "tepat 40%"``."""
    places = scenario.dataset.territory.kelurahan
    name = places[0] if len(places) == 1 else t("frame.places", count=len(places))
    return t(
        "frame.policy",
        place=name,
        year=scenario.policy.fiscal_year,
        reading=local(scenario.policy.reading),
    )


def head(title: str, scenario: Scenario) -> None:
    """Title, policy and reading in words, and what is made up."""
    notice = made_up(scenario)
    badge = f'<p class="rb-made-up">{escape(notice)}</p>' if notice else ""
    st.html(
        f'<header class="rb-head"><h1>{escape(title)}</h1>'
        f'<p class="rb-policy">{escape(policy_line(scenario))}</p>{badge}</header>'
    )


def made_up(scenario: Scenario) -> str:
    """The notice of made-up data; empty for recorded data."""
    return t("frame.made_up") if scenario.dataset.meta.made_up_notice else ""


def simulation_mark(open_: Session) -> None:
    """Says on every page that something was tried out, with the way back."""
    if not open_.simulated:
        return
    with st.container(border=True, key="simulation_mark"):
        st.markdown(t("frame.simulation", count=len(open_.steps)))
        with st.container(horizontal=True):
            st.button(t("sim.undo"), icon=":material/undo:", key="mark_undo", on_click=open_.undo)
            st.button(t("sim.clear"), key="mark_clear", on_click=open_.clear)


@st.cache_data(show_spinner=False, max_entries=256)
def _fingerprint(key: str, _scenario: Scenario) -> str:
    del key
    return _scenario.sha256()


def foot(open_: Session, plan: Plan | None) -> None:
    """Policy, what is made up, who decides, how sure the result is, and its inputs."""
    scenario = open_.current
    lines = [t("frame.decides")]
    if plan is not None:
        lines.append(outcome_words(plan))
    policy = scenario.policy
    lines.append(f"{local(policy.name)} · {policy.regulation} · {t('frame.reading')} "
                 f"“{local(policy.reading)}”")  # fmt: skip
    if policy.note:
        lines.append(local(policy.note))
    hidden = "".join(
        f"<li>{escape(text)}</li>"
        for text in scenario.dataset.meta.made_up.get("id" if t("code") == "id" else "en", ())
    )
    notice = made_up(scenario)
    details = (
        f"<details><summary>{escape(notice)}</summary><ul>{hidden}</ul></details>" if notice else ""
    )
    code = _fingerprint(open_.content(), scenario)[:12]
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    sha = f"<p>{escape(t('frame.inputs'))} <code>{code}</code></p>"
    st.html(f'<footer class="rb-foot">{body}{details}{sha}</footer>')


def outcome_words(plan: Plan) -> str:
    """How sure the result is, in words; a gap with its size."""
    if plan.outcome is Outcome.OPTIMAL:
        return t("frame.optimal")
    return t("frame.gap", gap=plan.gap)

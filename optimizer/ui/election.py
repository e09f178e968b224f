"""A real election from a ``.pb`` file: the best set, the declared rule, what broke a limit."""

from __future__ import annotations

import streamlit as st

from optimizer.elections import (
    Breach,
    DeclaredRule,
    Optimum,
    breaches,
    declared_rule,
    optimum,
    real_winners,
    selected_table,
    set_table,
)
from optimizer.errors import RembugError
from optimizer.files.pabulib import Election, Number, write_pb
from optimizer.ui.download import offer
from optimizer.ui.errors import show_error
from optimizer.ui.tables import draw_table
from optimizer.ui.words import escape, markdown, t, words

__all__ = ["show"]

PATIENCE = 20.0
"""Seconds for the best set; without a proof by then the page says so."""
_KEPT = "_election_answer"

_Answer = tuple[Optimum, DeclaredRule]


def show(election: Election) -> None:
    """Draw what the file holds and what comes out of it."""
    caps = "".join(
        f"<li>{escape(_say('cap', name=name, cap=_amount(cap)))}</li>"
        for name, cap in election.caps.items()
    )
    size = _say(
        "size",
        projects=len(election.projects),
        ballots=election.n_ballots,
        kind=election.vote_type.value,
        budget=_amount(election.budget),
    )
    st.html(
        f'<div class="rb-read"><b>{escape(election.name)}</b><br>{escape(size)}</div>'
        f'<ul class="rb-findings">{caps}</ul>'
    )
    st.caption(t("data.pb_what"))
    try:
        best, rule = _answer(election)
    except RembugError as error:
        show_error(error)
    else:
        _results(election, best, rule)
    _findings(election)
    offer(
        t("data.get.pb"),
        election.name,
        "text/plain",
        lambda _: write_pb(election).encode(),
        key="data_pb",
    )


def _answer(election: Election) -> _Answer:
    kept: tuple[Election, _Answer] | None = st.session_state.get(_KEPT)
    if kept is None or kept[0] is not election:
        with st.spinner(t("data.pb_running"), show_time=True):
            answer = (optimum(election, PATIENCE), declared_rule(election))
        kept = st.session_state[_KEPT] = (election, answer)
    return kept[1]


def _say(key: str, **data: object) -> str:
    return words().say(f"cli.pabulib.{key}", **data)


def _amount(value: Number) -> str:
    return words().number(value, 2)


def _results(election: Election, best: Optimum, rule: DeclaredRule) -> None:
    st.subheader(_say(best.outcome.value))
    real = real_winners(election)
    draw_table(set_table(election, best, rule), alt=_say("best"))
    if rule.equals_real is not None:
        st.markdown(escape(_say("same" if rule.equals_real else "different")))
    for breach in breaches(election, real or ()):
        st.warning(markdown(_breach(breach)), icon=":material/error:")
    st.subheader(_say("selected"))
    draw_table(selected_table(election, best), alt=_say("selected"))


def _breach(breach: Breach) -> str:
    return _say(f"breach.{breach.limit}", category=breach.category, over=_amount(breach.over))


def _findings(election: Election) -> None:
    if election.findings:
        items = "".join(f"<li>{escape(f.text(words()))}</li>" for f in election.findings)
        st.html(f'<ul class="rb-findings">{items}</ul>')

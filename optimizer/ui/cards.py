"""Proposals in and out of a plan, each with the reason of the engine."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from optimizer.errors import RembugError
from optimizer.explain import Explainer
from optimizer.explain.reasons import reason
from optimizer.palette import colour_of
from optimizer.plan import Plan
from optimizer.record.proposals import Proposal
from optimizer.ui.errors import show_error
from optimizer.ui.figures import Row
from optimizer.ui.words import escape, local, markdown, number, rupiah, t, words

__all__ = ["show_in", "show_out", "volume_words"]


def volume_words(proposal: Proposal, volume: object = None) -> str:
    """``48 m²``."""
    amount = proposal.volume if volume is None else volume
    return f"{number(amount)} {proposal.measure}".strip()  # type: ignore[arg-type]


def show_in(plan: Plan, rows: Iterable[Row], *, shared: bool = False) -> None:
    """The proposals in the plan as one calm list."""
    items = "".join(_item(plan, row, shared=shared) for row in rows)
    st.html(f'<ul class="rb-list">{items}</ul>')


def _item(plan: Plan, row: Row, *, shared: bool) -> str:
    proposal = row.proposal
    account = row.account
    dot = (
        f'<span class="rb-dot" style="background:{colour_of(account.id)}"></span>'
        if account
        else ""
    )
    volume = plan.volumes.get(proposal.id, proposal.volume)
    parts = [local(account.name)] if account else []
    parts += [volume_words(proposal, volume), *_standing(row)]
    if shared and row.pays:
        parts.append(t("card.pays", amount=row.pays))
    lines = [f'<div class="rb-sub-line">{escape(" · ".join(parts))}</div>']
    why = reason(plan, proposal)
    if why.kind not in {"in"}:
        lines.append(f'<div class="rb-sub-line">{escape(why.text(words()))}</div>')
    return (
        f'<li><div class="rb-row"><span>{dot}{escape(proposal.title)}</span>'
        f'<span class="rb-cost">{escape(rupiah(row.cost))}</span></div>{"".join(lines)}</li>'
    )


def _standing(row: Row) -> list[str]:
    """Place in the list and support, as the meeting recorded them."""
    parts = []
    if row.proposal.rank is not None:
        parts.append(t("card.rank", rank=row.proposal.rank))
    if row.supporters is not None:
        words = t("card.support", count=row.supporters)
        if row.present is not None:
            words += " " + t("card.present", count=row.present)
        parts.append(words)
    return parts


def show_out(plan: Plan, rows: Iterable[Row], *, trial: bool = False) -> None:
    """The proposals that are not in, each with its card; the reason is asked when it opens.

    Parameters
    ----------
    trial
        Whether this is a marked simulation, where a card may also tell whom a proposal would
        displace and what support it lacks.
    """
    for row in rows:
        proposal = row.proposal
        label = f"{markdown(proposal.title)} · **{markdown(rupiah(proposal.full_cost))}** · "
        label += markdown(t("card.why"))
        card = st.expander(label, key=f"why_{proposal.id}", on_change="rerun")
        with card:
            parts = [local(row.account.name)] if row.account else []
            parts += [volume_words(proposal), *_standing(row)]
            st.caption(markdown(" · ".join(parts)))
            if card.open:
                _why(plan, proposal, trial=trial)


def _why(plan: Plan, proposal: Proposal, *, trial: bool) -> None:
    """The card; outside a simulation nothing that would invite people to canvass."""
    try:
        card = Explainer(plan).card(proposal.id).text(words(), public=not trial)
    except RembugError as error:
        show_error(error)
        return
    if trial:
        st.caption(t("card.trial"))
    st.markdown("\n\n".join(markdown(line) for line in card.splitlines() if line))

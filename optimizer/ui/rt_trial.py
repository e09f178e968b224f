"""The marked simulation of one RT: change, see at once what enters and leaves, undo."""

from __future__ import annotations

from fractions import Fraction

import streamlit as st

from optimizer.plan import Plan
from optimizer.record.proposals import Proposal
from optimizer.ui.choose import choose
from optimizer.ui.figures import supporters
from optimizer.ui.pins import show_pin, show_result
from optimizer.ui.simulation import Even, Order, Support, Volume
from optimizer.ui.state import Session, put
from optimizer.ui.words import markdown, rupiah, t

__all__ = ["show"]

RECORDED = -1
EVENNESS = (RECORDED, 0, 25, 50, 75, 100)
LARGEST = 10**6


def show(open_: Session, unit: str, plan: Plan | None) -> None:
    """The area of the simulation, marked as such."""
    with st.container(key="simulation"):
        st.subheader(t("sim.title"), anchor="simulasi")
        st.caption(t("sim.what"))
        _evenness(open_)
        proposal = _which(open_, unit)
        if proposal is not None:
            _order(open_, proposal)
            _numbers(open_, proposal)
            show_pin(open_, proposal)
        show_result(open_, unit, plan)


def _evenness(open_: Session) -> None:
    chosen = next((s.percent for s in reversed(open_.steps) if isinstance(s, Even)), RECORDED)

    def moved(value: int) -> None:
        if value == RECORDED:
            open_.drop(Even)
        else:
            open_.push(Even(percent=value))

    names = {v: t(f"sim.even.{v if v >= 0 else 'recorded'}") for v in EVENNESS}
    now = chosen if chosen in EVENNESS else RECORDED
    choose(t("sim.even"), names, "sim_even", how="slide", now=now, took=moved)


def _which(open_: Session, unit: str) -> Proposal | None:
    """The proposal to change: of the RT's own list, or one that it shares with other RT."""
    dataset = open_.current.dataset
    found = list(dataset.lists.get(unit, ()))
    for above in dataset.territory.path(unit):
        if above != unit:
            found += [p for p in dataset.lists.get(above, ()) if _shares(open_, p, unit)]
    if not found:
        st.markdown(t("sim.no_proposals"))
        return None
    names = {p.id: f"{p.title} · {rupiah(p.full_cost, short=True)}" for p in found}
    return dataset.by_id[choose(t("sim.which"), names, f"sim_which_{unit}")]


def _shares(open_: Session, proposal: Proposal, unit: str) -> bool:
    """Whether a unit pays for it itself, not through the joint fund."""
    account = open_.current.policy.book(proposal).account
    pooled = account is not None and account.pooled
    return not pooled and unit in open_.current.dataset.payers(proposal)


def _order(open_: Session, proposal: Proposal) -> None:
    ranked = list(open_.current.dataset.ranked.get(proposal.owner, ()))
    if proposal.id not in ranked:
        return
    place = ranked.index(proposal.id)

    def move(by: int) -> None:
        swapped = list(ranked)
        swapped[place], swapped[place + by] = swapped[place + by], swapped[place]
        open_.push(Order(owner=proposal.owner, ids=tuple(swapped)))

    st.caption(t("sim.rank", rank=place + 1, of=len(ranked)))
    with st.container(horizontal=True):
        st.button(
            t("sim.up"), key="sim_up", icon=":material/arrow_upward:",
            disabled=place == 0, on_click=move, args=(-1,),
        )  # fmt: skip
        st.button(
            t("sim.down"), key="sim_down", icon=":material/arrow_downward:",
            disabled=place == len(ranked) - 1, on_click=move, args=(1,),
        )  # fmt: skip


def _numbers(open_: Session, proposal: Proposal) -> None:
    with st.container(horizontal=True):
        _volume(open_, proposal)
        _support(open_, proposal)


def _volume(open_: Session, proposal: Proposal) -> None:
    key = f"sim_volume_{proposal.id}"
    whole = proposal.volume.denominator == 1 and proposal.step.denominator == 1
    now = int(proposal.volume) if whole else float(proposal.volume)
    put(key, now)

    def changed() -> None:
        value = Fraction(str(st.session_state[key]))
        if 0 < value <= LARGEST:
            open_.push(Volume(id=proposal.id, value=f"{float(value):.4f}".rstrip("0").rstrip(".")))

    st.number_input(
        t("sim.volume", measure=markdown(proposal.measure or "-")),
        min_value=1 if whole else 0.0001,
        max_value=LARGEST if whole else float(LARGEST),
        step=1 if whole else 0.5,
        key=key,
        on_change=changed,
    )


def _support(open_: Session, proposal: Proposal) -> None:
    dataset = open_.current.dataset
    if not any(c.place == proposal.owner for c in dataset.results.counts):
        st.caption(t("sim.no_counts"))
        return
    key = f"sim_support_{proposal.id}"
    put(key, supporters(dataset, proposal) or 0)
    most = dataset.results.attendance().get(proposal.owner, 100_000)

    def changed() -> None:
        value = int(st.session_state[key])
        if 0 <= value <= most:
            open_.push(Support(id=proposal.id, count=value))

    st.number_input(
        t("sim.support", most=most), min_value=0, max_value=most, step=1, key=key,
        on_change=changed,
    )  # fmt: skip

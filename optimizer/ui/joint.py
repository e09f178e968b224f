"""The joint fund: its share, what it pays for, and what a larger share would give and take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import streamlit as st

from optimizer.errors import Infeasible
from optimizer.plan import Plan
from optimizer.record.scenario import Scenario
from optimizer.ui.charts import draw_line
from optimizer.ui.choose import choose
from optimizer.ui.figures import rows_of
from optimizer.ui.pins import show_pin, show_result
from optimizer.ui.simulation import Joint
from optimizer.ui.state import Session
from optimizer.ui.tables import show_table
from optimizer.ui.words import escape, percent, place, rupiah, t

__all__ = ["show_frontier", "show_pool", "show_projects", "show_share", "show_trial"]

PER_MILLE = 1000
STEP = 10


def _range(scenario: Scenario) -> list[int]:
    """Joint shares that the policy allows, in per mille, by whole percents."""
    if not scenario.policy.pools:
        return []
    pool = scenario.policy.pools[0]
    top = min(pool.upper(PER_MILLE), scenario.policy.top[pool.id].upper(PER_MILLE))
    return list(range(min(pool.lower(PER_MILLE), top), top + 1, STEP))


def _share(scenario: Scenario) -> int:
    """The scenario's joint share in per mille; the policy's minimum where it names none."""
    if isinstance(scenario.joint_share, Fraction):
        return round(scenario.joint_share * PER_MILLE)
    return (_range(scenario) or [0])[0]


def show_share(open_: Session) -> None:
    """The slider of the joint share; moving it is a step of the simulation."""
    options = _range(open_.current)
    if len(options) < 2:
        st.caption(t("joint.none"))
        return
    now = _share(open_.current)
    names = {share: percent(Fraction(share, PER_MILLE)) for share in sorted({*options, now})}

    def moved(share: int) -> None:
        open_.push(Joint(per_mille=share))

    choose(t("joint.share"), names, "joint_share", how="slide", now=now, took=moved)


def show_pool(plan: Plan, kelurahan: str) -> None:
    """Collected, spent and not spent, as large numbers."""
    for row in plan.pools.to_dict("records"):
        if row["kelurahan"] != kelurahan:
            continue
        numbers = "".join(
            f"<span>{escape(t(f'joint.{name}'))}<b>{escape(rupiah(int(row[name])))}</b></span>"
            for name in ("collected", "spent", "unspent")
        )
        st.html(f'<div class="rb-big rb-three">{numbers}</div>')


def show_projects(plan: Plan, kelurahan: str) -> None:
    """The muskel's list with cost, place in it, who benefits, where it is booked, who pays."""
    dataset = plan.scenario.dataset
    rows = []
    for row in rows_of(plan, kelurahan):
        proposal = row.proposal
        served = dataset.served(proposal)
        pooled = row.account is not None and row.account.pooled
        rows.append(
            (
                proposal.rank,
                proposal.title,
                t("word.in") if row.inside else t("word.out"),
                proposal.full_cost,
                row.cost if row.inside else None,
                len(served),
                dataset.territory.residents(served),
                proposal.booking or "–",
                t("joint.from_pool") if pooled else _payers(plan, row.proposal.id),
                proposal.location or "–",
            )
        )
    st.subheader(t("joint.projects"))
    show_table(
        rows,
        {
            t("col.rank"): "count",
            t("col.activity"): "text",
            t("col.inside"): "text",
            t("col.asked"): "rupiah",
            t("col.cost"): "rupiah",
            t("col.rt_served"): "count",
            t("col.residents"): "count",
            t("col.booking"): "text",
            t("col.payers"): "text",
            t("col.location"): "text",
        },
        alt=t("joint.projects"),
    )


def _payers(plan: Plan, proposal: str) -> str:
    dataset = plan.scenario.dataset
    payers = dataset.payers(dataset.by_id[proposal])
    return place(payers[0]) if len(payers) == 1 else t("joint.payers", count=len(payers))


def show_trial(open_: Session, kelurahan: str, plan: Plan | None) -> None:
    """The marked simulation: one joint project put in or kept out by hand."""
    found = open_.current.dataset.lists.get(kelurahan, ())
    if not found:
        return
    # The server keeps whether it is open: a browser alone would close it at every step.
    with st.expander(
        t("joint.trial"), icon=":material/push_pin:", key="joint_trial", on_change="rerun"
    ):
        st.caption(t("sim.what"))
        names = {p.id: f"{p.title} · {rupiah(p.full_cost, short=True)}" for p in found}
        chosen = choose(t("joint.which"), names, f"joint_which_{kelurahan}")
        show_pin(open_, open_.current.dataset.by_id[chosen])
        show_result(open_, kelurahan, plan)


# --- frontier ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Point:
    """One joint share and what it pays for, in rupiah."""

    share: int
    joint: int
    rt: int
    joint_count: int
    rt_count: int


def show_frontier(open_: Session, kelurahan: str) -> None:
    """Joint projects against the RT's own proposals: what one gains the other gives."""
    st.subheader(t("front.title"))
    options = _range(open_.current)
    if len(options) < 2:
        st.caption(t("joint.none"))
        return
    if not all(
        open_.known(Joint(per_mille=share)) for share in options
    ) and not st.session_state.get("front"):
        st.markdown(t("front.offer"))
        st.button(
            t("front.compute", count=len(options)),
            key="front_go",
            on_click=lambda: st.session_state.update(front=True),
        )
        return
    points = _points(open_, options, kelurahan)
    if points is None:
        return
    now = _share(open_.current)
    chosen = next((n for n, p in enumerate(points) if p.share == now), None)
    draw_line(
        [(p.joint / 10**6, p.rt / 10**6, _label(p)) for p in points],
        chosen,
        (t("front.x"), t("front.y")),
        t("front.alt"),
    )
    with st.expander(t("word.as_table")):
        show_table(
            [(p.share / PER_MILLE, p.joint, p.joint_count, p.rt, p.rt_count) for p in points],
            {
                t("joint.share"): "share",
                t("front.x_rp"): "rupiah",
                t("front.x_n"): "count",
                t("front.y_rp"): "rupiah",
                t("front.y_n"): "count",
            },
            alt=t("front.title"),
        )


def _label(point: _Point) -> str:
    return percent(Fraction(point.share, PER_MILLE))


def _points(open_: Session, shares: Sequence[int], kelurahan: str) -> list[_Point] | None:
    """One point for each share that is possible; ``None`` when the person stopped it."""
    points = []
    for share in shares:
        try:
            plan = open_.plan(Joint(per_mille=share))
        except Infeasible:
            continue  # a share that nothing fulfils is no point of the line
        if plan is None:
            return None
        points.append(_point(plan, share, kelurahan))
    return points


def _point(plan: Plan, share: int, kelurahan: str) -> _Point:
    pooled: list[int] = []
    own: list[int] = []
    for proposal in plan.chosen:
        if proposal.owner.split("/", maxsplit=1)[0] != kelurahan:
            continue
        account = plan.account(proposal)
        bucket = pooled if account is not None and account.pooled else own
        bucket.append(plan.cost(proposal))
    return _Point(share, sum(pooled), sum(own), len(pooled), len(own))

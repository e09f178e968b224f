"""The views of a kelurahan, one at a time, each with its table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import streamlit as st

from optimizer.advice import overlaps
from optimizer.plan import Plan
from optimizer.territory import ROOT, node_id
from optimizer.ui.charts import Flow, Ring, Tie, draw_legend, draw_network, draw_rings, draw_sankey
from optimizer.ui.choose import choose
from optimizer.ui.figures import fields_of
from optimizer.ui.tables import show_table
from optimizer.ui.words import local, place, rupiah, t

__all__ = ["show_flow", "show_rings", "show_sync", "show_ties", "show_units"]


def show_sync(plan: Plan, kelurahan: str) -> None:
    """What several RT of one RW ask for alike: for the RW head to look at."""
    st.caption(t("sync.what"))
    found = [o for o in overlaps(plan.ledger) if o.rw.split("/")[0] == kelurahan]
    rows = [
        (
            place(o.rw),
            o.activity,
            ", ".join(place(unit).split(" / ")[0] for unit, _ in o.parts),
            o.total,
            t("sync.merge") if o.merge else t("sync.beside"),
        )
        for o in found
    ]
    show_table(
        rows,
        {
            t("col.place"): "text",
            t("col.activity"): "text",
            t("col.by"): "text",
            t("col.cost"): "rupiah",
            t("col.advice"): "text",
        },
        alt=t("kel.view.sync"),
    )


def show_flow(plan: Plan, kelurahan: str) -> None:
    """Pagu → field → activity, for the kelurahan, an RW or an RT."""
    territory = plan.scenario.dataset.territory
    nodes = [n for n in territory.graph.nodes if n != ROOT and n.split("/")[0] == kelurahan]
    nodes.sort(key=lambda n: (n.count("/"), [u.id for u in territory.units].index(
        territory.units_below(n)[0])))  # fmt: skip
    scope = choose(t("flow.scope"), {node: place(node) for node in nodes}, "flow_scope")
    flows = _flows(plan, scope)
    names = {a.id: local(a.name) for a in plan.scenario.policy.leaves}
    pagu = t("flow.pagu")
    accounts: dict[str, str] = {}
    amounts: dict[str, int] = defaultdict(int)
    drawn = []
    for account, parts in flows.items():
        name = names.get(account, t("flow.idle"))
        total = sum(parts.values())
        if not total:
            continue
        drawn.append(Flow(pagu, name, total))
        accounts[name] = account
        amounts[name] += total
        amounts[pagu] += total
        for activity, amount in parts.items():
            if account == "idle":
                continue
            leaf = activity if activity not in accounts else f"{activity} ({name})"
            drawn.append(Flow(name, leaf, amount))
            accounts[leaf] = account
            amounts[leaf] += amount
    words = {name: rupiah(amount, short=True) for name, amount in amounts.items()}
    draw_legend(_legend(plan))
    draw_sankey(drawn, accounts, words, t("flow.alt", place=place(scope)))
    with st.expander(t("word.as_table")):
        rows = [
            (names.get(account, t("flow.idle")), activity, amount)
            for account, parts in flows.items()
            for activity, amount in parts.items()
            if amount
        ]
        show_table(
            rows,
            {t("col.field"): "text", t("col.activity"): "text", t("col.amount"): "rupiah"},
            alt=t("kel.view.flow"),
        )


def _flows(plan: Plan, scope: str) -> Mapping[str, Mapping[str, int]]:
    """Rupiah by account and activity that the units of a place pay."""
    dataset = plan.scenario.dataset
    units = set(dataset.territory.units_below(scope))
    single = len(units) == 1
    flows: dict[str, dict[str, int]] = {leaf.id: {} for leaf in plan.scenario.policy.leaves}
    for proposal in plan.chosen:
        account = plan.account(proposal)
        if account is None or account.pooled:
            continue
        paid = sum(a for u, a in plan.contributions(proposal).items() if u in units)
        if paid:
            name = proposal.title if single else proposal.activity
            into = flows[account.id]
            into[name] = into.get(name, 0) + paid
    for pool in plan.scenario.policy.pools:
        flows[pool.id] = _pool_flows(plan, scope, pool.id)
    idle = sum(plan.ledger.idle(u) for u in units)
    return {**flows, "idle": {t("flow.idle"): idle}}


def _pool_flows(plan: Plan, scope: str, account: str) -> dict[str, int]:
    """What the joint fund pays for; of one RW or RT only the share that it gives is known."""
    dataset = plan.scenario.dataset
    given = fields_of(plan, dataset.territory.units_below(scope))[account]
    if "/" in scope:
        return {t("flow.pool_share"): given}
    parts: dict[str, int] = {}
    for proposal in plan.chosen:
        booked = plan.account(proposal)
        if booked is not None and booked.pooled and proposal.owner.split("/")[0] == scope:
            parts[proposal.title] = parts.get(proposal.title, 0) + plan.cost(proposal)
    return {**parts, t("flow.unspent"): given - sum(parts.values())}


def show_rings(plan: Plan, kelurahan: str) -> None:
    """Kelurahan → RW → RT → field."""
    st.caption(t("rings.what"))
    units = [u for u in plan.scenario.dataset.territory.units if u.kelurahan == kelurahan]
    rings = []
    for rw in dict.fromkeys(u.rw for u in units):
        inside = tuple(
            Ring(f"RT {u.rt}", inside=tuple(_fields(plan, u.id))) for u in units if u.rw == rw
        )
        rings.append(Ring(place(node_id(kelurahan, rw)), inside=inside))
    draw_legend(_legend(plan))
    draw_rings(Ring(kelurahan, inside=tuple(rings)), t("rings.alt", place=kelurahan))
    show_units(plan, kelurahan)


def _legend(plan: Plan) -> dict[str, str]:
    accounts = {leaf.id: local(leaf.name) for leaf in plan.scenario.policy.leaves}
    return {**accounts, "idle": t("flow.idle")}


def _fields(plan: Plan, unit: str) -> list[Ring]:
    rings = [
        Ring(
            f"{place(unit)}: {local(m.account.name)} {rupiah(m.programmed, short=True)}",
            m.account.id,
            m.programmed,
        )
        for m in plan.standings[unit].values()
        if m.account.is_leaf and m.programmed
    ]
    idle = plan.ledger.idle(unit)
    name = f"{place(unit)}: {t('flow.idle')} {rupiah(idle, short=True)}"
    return [*rings, Ring(name, "idle", idle)] if idle else rings


def show_ties(plan: Plan, kelurahan: str) -> None:
    """Which RT pay for what they share outside the joint fund."""
    st.caption(t("ties.what"))
    ties, rows = [], []
    for proposal in plan.chosen:
        parts = plan.contributions(proposal)
        account = plan.account(proposal)
        if len(parts) < 2 or account is None or proposal.owner.split("/")[0] != kelurahan:
            continue
        thing = f"{proposal.title} ({place(proposal.owner)})"
        for unit, amount in parts.items():
            ties.append(Tie(place(unit), thing, account.id, amount))
            rows.append((place(unit), proposal.title, place(proposal.owner), amount,
                         proposal.booking or "–"))  # fmt: skip
    if not ties:
        st.markdown(t("ties.none"))
        return
    totals: dict[str, int] = defaultdict(int)
    for tie in ties:
        totals[tie.thing] += tie.amount
    words = {thing: rupiah(amount, short=True) for thing, amount in totals.items()}
    draw_legend({a: n for a, n in _legend(plan).items() if a in {tie.account for tie in ties}})
    draw_network(ties, words, t("ties.alt", place=kelurahan))
    with st.expander(t("word.as_table")):
        show_table(
            rows,
            {
                t("col.payer"): "text",
                t("col.activity"): "text",
                t("col.list"): "text",
                t("col.contribution"): "rupiah",
                t("col.booking"): "text",
            },
            alt=t("kel.view.ties"),
        )


def show_units(plan: Plan, kelurahan: str) -> None:
    """Every RT with its money by account, whole rupiah."""
    leaves = plan.scenario.policy.leaves
    rows = []
    for unit in plan.scenario.dataset.territory.units:
        if unit.kelurahan != kelurahan:
            continue
        money = fields_of(plan, [unit.id])
        idle = plan.ledger.idle(unit.id)
        rows.append((place(unit.id), unit.budget, *(money[leaf.id] for leaf in leaves), idle))
    columns = {
        t("col.place"): "text",
        t("flow.pagu"): "rupiah",
        **{local(leaf.name): "rupiah" for leaf in leaves},
        t("flow.idle"): "rupiah",
    }
    show_table(rows, columns, alt=t("kel.view.table"))

"""Questions about one scenario: its fields, policy years, strongest levers, one number varied."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd
import streamlit as st

from optimizer.compare import Comparison
from optimizer.files.policies import list_policies, load_policy
from optimizer.record.policy import Account
from optimizer.record.scenario import Scenario
from optimizer.ui.choose import choose_several
from optimizer.ui.scenario_charts import Bar, Lever, draw_bars, draw_levers
from optimizer.ui.scenario_points import cells, headings, show_reasons
from optimizer.ui.scenario_runs import run_of
from optimizer.ui.scenario_words import (
    MEASURE_KINDS,
    figure,
    measure_name,
    path_words,
    pick_measure,
    policy_words,
    signed,
    value_words,
    w,
)
from optimizer.ui.solving import plan_of
from optimizer.ui.tables import show_table
from optimizer.ui.words import local, markdown, percent, place, rupiah, t, words
from optimizer.whatif import price_limit, sweep, tornado

__all__ = ["show_fields", "show_levers", "show_years"]

SHOWN = 12
POINTS = 11
YEARS_FROM = 2021


# --- fields against their bounds -----------------------------------------------------------


def show_fields(found: Comparison) -> None:
    """Share of all pagu in each account, per scenario, beside what is allowed."""
    st.caption(t("scn.fields.what"))
    table = found.fields
    policies = [plan.scenario.policy for plan in found.plans]
    accounts: dict[str, Account] = {k: a for p in reversed(policies) for k, a in p.by_id.items()}
    order = [a for a in dict.fromkeys(table["account"]) if a in accounts]
    rows: list[list[Any]] = []
    for account in order:
        row: list[Any] = [local(accounts[account].name)]
        for name in found.names:
            line = table[(table["plan"] == name) & (table["account"] == account)]
            row.append(_against(line.iloc[0]) if len(line) else "–")
        rows.append(row)
    columns = {t("col.field"): "text"} | dict.fromkeys(found.names, "text")
    show_table(rows, columns, alt=t("scn.view.fields"))


def _against(row: Any) -> str:
    pagu = int(row["pagu"]) or 1
    most = percent(Fraction(int(row["most"]), pagu))
    least = int(row["least"])
    words = t("scn.fields.cell", share=row["share"], most=most)
    return words + (t("scn.fields.least", least=Fraction(least, pagu)) if least else "")


# --- policy years ---------------------------------------------------------------------------


def show_years(key: str, scenario: Scenario) -> None:
    """The same proposals under the rules of other years and readings."""
    known = {p.id: policy_words(p.id) for p in list_policies()}
    family = scenario.policy.id.partition("-")[0]
    default = [p for p in known if p.startswith(f"{family}-") and _year(p) >= YEARS_FROM]
    chosen = choose_several(
        t("scn.years.which"), known, "scn_years", first=default, placeholder=t("scn.choose")
    )
    st.caption(t("scn.years.what"))
    if not chosen:
        return
    _limits(chosen)
    run = run_of("years", key, *chosen)
    found = run.compute(
        t("scn.years.go", count=len(chosen)),
        lambda run: sweep(scenario, "policy", chosen, executor=run),
        t("scn.view.years"),
    )
    if found is None or not found.points:
        return
    names = [policy_words(point.changes[0][1]) for point in found.points]
    bars = [
        Bar(name, float(point.measures["spent"] or 0), figure("rupiah", point.measures["spent"],
                                                              short=True))
        for name, point in zip(names, found.points, strict=True)
        if point.solved
    ]  # fmt: skip
    draw_bars(bars, measure_name("spent"), t("scn.years.alt"))
    rows = [
        [name, w(f"whatif.outcome.{point.outcome}"), *cells(found, point)]
        for name, point in zip(names, found.points, strict=True)
    ]
    columns = {t("scn.col.policy"): "text", w("whatif.column.outcome"): "text"} | headings()
    show_table(rows, columns, alt=t("scn.view.years"))
    show_reasons(found)


def _year(policy: str) -> int:
    return load_policy(policy).fiscal_year


def _limits(policies: list[str]) -> None:
    """The bounds of each account under each policy."""
    found = [load_policy(policy) for policy in policies]
    accounts = {k: a for policy in reversed(found) for k, a in policy.by_id.items()}
    order = dict.fromkeys(k for policy in found for k in policy.by_id)
    rows = [
        [local(accounts[k].name), *(_bounds(policy.by_id.get(k)) for policy in found)]
        for k in order
    ]
    with st.expander(t("scn.years.limits")):
        columns = {t("col.field"): "text"} | dict.fromkeys(map(policy_words, policies), "text")
        show_table(rows, columns, alt=t("scn.years.limits"))


def _bounds(account: Account | None) -> str:
    if account is None:
        return "–"
    parts = []
    for bound in account.bounds:
        amount = (
            percent(bound.share) if bound.share is not None
            else rupiah(bound.rupiah) if bound.rupiah is not None else "?"
        )  # fmt: skip
        parts.append(t(f"scn.bound.{bound.side}", amount=amount))
    return " · ".join(parts) or t("scn.bound.free")


# --- the strongest levers -------------------------------------------------------------------


def show_levers(key: str, scenario: Scenario) -> None:
    """Which number moves a measure most, and how far prices may rise."""
    st.caption(t("scn.levers.what"))
    measure = pick_measure("scn_lever_measure", "proposals")
    run = run_of("levers", key, measure)
    found = run.compute(
        t("scn.levers.go"),
        lambda run: tornado(scenario, measure=measure, executor=run),
        t("scn.view.levers"),
    )
    if found is None:
        return
    kind = MEASURE_KINDS[measure]
    rows = found.to_dict("records")
    moving = [row for row in rows if row["swing"]]
    if not moving:
        st.markdown(t("scn.levers.none", measure=measure_name(measure)))
    else:
        now = figure(kind, rows[0]["base"])
        st.markdown(t("scn.levers.now", measure=measure_name(measure), value=markdown(now)))
        levers = [_lever(scenario, row, kind) for row in moving[:SHOWN]]
        draw_levers(levers, t("scn.levers.axis", measure=measure_name(measure)),
                    t("scn.levers.alt", measure=measure_name(measure)))  # fmt: skip
    table = [
        [
            path_words(scenario.policy, row["path"]),
            *(
                cell
                for end in ("low", "high")
                for cell in (
                    value_words(scenario.policy, row["path"], row[end]),
                    _end(row, end, kind),
                )
            ),
        ]
        for row in rows
    ]
    columns = [w(f"whatif.column.{c}") for c in ("lever", "low")]
    columns += [t("scn.col.at_low"), w("whatif.column.high"), t("scn.col.at_high")]
    show_table(table, dict.fromkeys(columns, "text"), alt=t("scn.view.levers"))
    for row in rows:
        if row[f"reason_{words()}"]:
            st.caption(f"{path_words(scenario.policy, row['path'])}: "
                       f"{markdown(row[f'reason_{words()}'])}")  # fmt: skip
    _rising(key, scenario)


def _lever(scenario: Scenario, row: Mapping[Any, Any], kind: str) -> Lever:
    def moved(end: str) -> float | None:
        value = row[f"at_{end}"]
        return None if pd.isna(value) or pd.isna(row["base"]) else float(value - row["base"])

    words = {
        end: f"{value_words(scenario.policy, row['path'], row[end])}: "
        f"{signed(kind, moved(end), short=True)}"
        for end in ("low", "high")
    }
    return Lever(path_words(scenario.policy, row["path"]), moved("low"), moved("high"),
                 words["low"], words["high"])  # fmt: skip


def _end(row: Mapping[Any, Any], end: str, kind: str) -> str:
    if pd.isna(row[f"at_{end}"]):
        return w(f"whatif.outcome.{row[f'outcome_{end}']}")
    return figure(kind, row[f"at_{end}"])


def _rising(key: str, scenario: Scenario) -> None:
    """How far all prices may rise before the plan breaks a rule."""
    st.markdown(f"**{w('cli.whatif.price-limit.head')}**")
    run = run_of("rising", key)

    def question(_: object) -> Any:
        plan = plan_of(key, scenario)
        return None if plan is None else price_limit(plan)

    found = run.compute(t("scn.rising.go"), question)
    if found is None:
        return
    if found.rise is None:
        st.markdown(w("cli.whatif.price-limit.never"))
        return
    st.markdown(w("cli.whatif.price-limit.rise", rise=found.rise))
    show_table(
        [[place(where), words().tell(said)] for where, said in found.breaks],
        {t("col.place"): "text", t("scn.col.breaks"): "text"},
        alt=w("cli.whatif.price-limit.head"),
    )

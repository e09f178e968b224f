"""Questions about one scenario: who is served least, how steady it is, what each rule costs."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd
import streamlit as st

from optimizer.equity import FrontierPoint, frontier, frontier_table
from optimizer.errors import RembugError
from optimizer.record.meetings import SCALE
from optimizer.record.scenario import Scenario
from optimizer.ui.charts import draw_line
from optimizer.ui.choose import choose
from optimizer.ui.errors import show_error
from optimizer.ui.scenario_charts import Bar, Interval, draw_bars, draw_intervals
from optimizer.ui.scenario_runs import Run, run_of
from optimizer.ui.scenario_words import signed, w
from optimizer.ui.solving import plan_of
from optimizer.ui.tables import draw_table, show_table
from optimizer.ui.words import number, percent, place, t, words
from optimizer.whatif import Near, NearClass, near_optimal, prices_of_rules, stability
from optimizer.whatif.prices_of_rules import rules_of
from optimizer.whatif.stability import ORDER_ONLY, Stability

__all__ = ["show_frontier", "show_rules", "show_stability"]

SHOWN = 15
DRAWS = (20, 50, 100, 200)
LEVELS = ("rw", "rt")
# Questions about support, asked of a scenario where the order decides.
_BY_ORDER = frozenset({"levels_mixed", "equity_needs_support", "stability_by_order"})


def _refused(error: RembugError) -> None:
    """Why there is no answer, and how this page helps."""
    if error.code in _BY_ORDER:  # nothing went wrong: this scenario is not the one to ask
        st.info(t("scn.needs_support"), icon=":material/info:")
    else:
        show_error(error)


def show_frontier(key: str, scenario: Scenario) -> None:
    """Total support against the least-served RW or RT: every point is a proved optimum."""
    st.caption(t("scn.front.what"))
    names = {level: level.upper() for level in LEVELS}
    level = choose(t("scn.front.over"), names, "scn_over", how="switch")
    run = run_of("frontier", key, level)

    def question(run: Run) -> tuple[FrontierPoint, ...]:
        return frontier(scenario, level, progress=run.report)

    try:
        points = run.compute(t("scn.front.go"), question, t("scn.view.frontier"))
    except RembugError as error:
        _refused(error)
        return
    if not points:
        return
    shown = [(p.least / 10, p.support / SCALE, percent(Fraction(p.least, 1000))) for p in points]
    if len(points) == 1:
        st.markdown(t("scn.front.one", level=level.upper(), least=shown[0][2]))
    else:
        axes = t("scn.front.x", level=level.upper()), t("scn.front.y")
        draw_line(shown, 0, axes, t("scn.front.alt", level=level.upper()))
    draw_table(frontier_table(points, level), alt=t("scn.front.alt", level=level.upper()))


# --- stability ------------------------------------------------------------------------------


def show_stability(key: str, scenario: Scenario) -> None:
    """How often each proposal is in when votes are drawn anew, and what is nearly as good."""
    a, b, c = st.columns(3)
    with a:
        draws = choose(
            t("scn.stable.draws"), {n: number(n) for n in DRAWS}, "scn_draws", first=DRAWS[1]
        )
    seed = b.number_input(t("scn.stable.seed"), 1, 10**6, 1, key="scn_seed",
                          persist_state="session")  # fmt: skip
    attendance = c.slider(t("scn.stable.attendance"), 30, 100, 100, 5, format="%d%%",
                          key="scn_attendance", persist_state="session")  # fmt: skip
    st.caption(w("cli.whatif.stability.model"))
    run = run_of("stability", key, draws, seed, attendance)

    def question(run: Run) -> Stability:
        share = Fraction(attendance, 100)
        return stability(scenario, draws, int(seed), attendance=share, executor=run)

    try:
        found = run.compute(t("scn.stable.go", count=draws), question, t("scn.view.stability"))
    except RembugError as error:
        _refused(error)
        return
    if found is not None:
        _show_stability(found)
    _near(key, scenario)


def _show_stability(found: Stability) -> None:
    st.markdown(
        w(
            "cli.whatif.stability.head",
            draws=found.draws,
            seed=found.seed,
            attendance=found.attendance,
        )
    )
    rows = found.table.to_dict("records")
    known = [row for row in rows if row["status"] != ORDER_ONLY and not pd.isna(row["share"])]
    st.markdown(
        w(
            "cli.whatif.stability.sum",
            always=sum(row["share"] == 1 for row in known),
            never=sum(row["share"] == 0 for row in known),
            unknown=len(rows) - len(known),
        )
    )
    # The closest calls first: what half of the draws decide otherwise.
    shaky = sorted(
        (row for row in known if 0 < row["share"] < 1), key=lambda row: abs(row["share"] - 0.5)
    )
    if shaky:
        draw_intervals(
            [
                Interval(
                    f"{row['title']} · {place(row['owner'])}",
                    float(row["share"]),
                    float(row["low"]),
                    float(row["high"]),
                    w("whatif.times", times=row["times"], of=row["of"]),
                )
                for row in shaky[:SHOWN]
            ],
            t("scn.stable.axis"),
            t("scn.stable.alt"),
        )
    steady = [row for row in rows if row not in shaky]
    show_table(
        [[row["title"], place(row["owner"]), _plan(row), *_often(row)] for row in shaky + steady],
        {
            t("col.activity"): "text",
            t("col.by"): "text",
            t("col.inside"): "text",
            t("scn.stable.times"): "text",
            w("whatif.column.interval"): "text",
        },
        alt=t("scn.view.stability"),
    )


def _plan(row: Mapping[Any, Any]) -> str:
    return t("word.in") if row["planned"] else t("word.out")


def _often(row: Mapping[Any, Any]) -> list[str]:
    if row["status"] == ORDER_ONLY:
        return [t("scn.stable.order_only"), "–"]
    if pd.isna(row["share"]):
        return ["–", "–"]
    return [
        w("whatif.times", times=row["times"], of=row["of"]),
        f"{percent(float(row['low']))} – {percent(float(row['high']))}",
    ]


def _near(key: str, scenario: Scenario) -> None:
    """What is in every plan that is nearly as good, and what in none."""
    st.markdown(f"**{t('scn.near.title')}**")
    shares = {m: percent(Fraction(m, 1000)) for m in (0, 1, 5, 10, 20, 50)}
    per_mille = choose(t("scn.near.epsilon"), shares, "scn_epsilon", how="slide", first=10)
    epsilon = Fraction(per_mille, 1000)

    def question(run: Run) -> Near | None:
        plan = plan_of(key, scenario)
        return None if plan is None else near_optimal(plan, epsilon, progress=run.report)

    try:
        found = run_of("near", key, per_mille).compute(
            t("scn.near.go"), question, t("scn.near.title")
        )
    except RembugError as error:
        _refused(error)
        return
    if found is None:
        return
    table = found.table
    counts = {c.value: number(int((table["class"] == c.value).sum())) for c in NearClass}
    st.markdown(w("cli.whatif.near.sum", **counts))
    contested = table[table["class"] == NearClass.CONTESTED.value].to_dict("records")
    show_table(
        [
            [row["title"], place(row["owner"]), _plan(row),
             percent(float(row["loss_out"] if row["planned"] else row["loss_in"]), 3)]
            for row in contested
        ],
        {t("col.activity"): "text", t("col.by"): "text", t("col.inside"): "text",
         w("whatif.column.loss_share"): "text"},
        alt=t("scn.near.title"),
    )  # fmt: skip
    st.caption(w("cli.whatif.near.note"))


# --- prices of rules --------------------------------------------------------------------------


def show_rules(key: str, scenario: Scenario) -> None:
    """What changes when a rule is not there: the scenario solved without it."""
    st.caption(w("cli.whatif.rules.head"))
    count = sum(1 for _ in rules_of(scenario.policy))
    run = run_of("rules", key)
    found = run.compute(
        t("scn.rules.go", count=count),
        lambda run: prices_of_rules(scenario, executor=run),
        t("scn.view.rules"),
    )
    if found is None or found.empty:
        return
    rows = found.to_dict("records")
    touched = sorted(
        (row for row in rows if not pd.isna(row["units_touched"]) and row["units_touched"]),
        key=lambda row: -row["units_touched"],
    )
    if touched:
        draw_bars(
            [
                Bar(str(row[f"name_{words()}"]), float(row["units_touched"]),
                    t("scn.rules.rt", count=int(row["units_touched"])))
                for row in touched[:SHOWN]
            ],
            t("scn.rules.axis"),
            t("scn.rules.alt"),
        )  # fmt: skip
    show_table(
        [[*_rule(row), *(_change(row, name) for name in _EFFECTS)] for row in rows],
        {
            w("whatif.column.rule"): "text",
            w("whatif.column.article"): "text",
            w("whatif.column.outcome"): "text",
            t("scn.rules.touched"): "count",
            **{w(f"whatif.short.{name}"): "text" for name in _EFFECTS},
        },
        alt=t("scn.view.rules"),
    )
    st.caption(t("scn.rules.note"))


_EFFECTS = ("support", "idle", "findings", "letters")
_IDLE = ("unassigned", "pool_unspent", "reserved")


def _rule(row: Mapping[Any, Any]) -> list[Any]:
    certainty = w(f"whatif.certainty.{row['certainty']}")
    article = str(row["article"]).strip("- ")
    touched = row["units_touched"]
    return [
        str(row[f"name_{words()}"]),
        f"{article} ({certainty})" if article else certainty,
        w(f"whatif.outcome.{row['outcome']}"),
        None if pd.isna(touched) else int(touched),
    ]


def _change(row: Mapping[Any, Any], name: str) -> str:
    if name == "idle":
        parts = [row[part] for part in _IDLE]
        return "–" if any(pd.isna(p) for p in parts) else signed("rupiah", sum(map(int, parts)))
    return signed("number", None if pd.isna(row[name]) else row[name])

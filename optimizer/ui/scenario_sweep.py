"""One number of a scenario varied: every point solved anew, and where proposals enter or leave."""

from __future__ import annotations

import streamlit as st

from optimizer.errors import RembugError
from optimizer.record.scenario import Scenario
from optimizer.ui.choose import choose
from optimizer.ui.errors import show_error
from optimizer.ui.scenario_charts import Step, draw_steps
from optimizer.ui.scenario_points import cells, headings, show_reasons
from optimizer.ui.scenario_runs import run_of
from optimizer.ui.scenario_words import (
    MEASURE_KINDS,
    figure,
    measure_name,
    path_words,
    pick_measure,
    value_words,
    w,
)
from optimizer.ui.tables import show_table
from optimizer.ui.words import number, place, t
from optimizer.whatif import Sweep, sweep
from optimizer.whatif.vary import parse_vary

__all__ = ["show_sweep"]

POINTS = 11


def show_sweep(key: str, scenario: Scenario) -> None:
    """Every value of one number solved anew; where proposals enter and leave."""
    policy = scenario.policy
    paths = ["pagu", "prices"] + (["joint_share"] if policy.pools else [])
    paths += ["objective.evenness"] if any(s.name == "welfare" for s in scenario.stages) else []
    paths += [
        f"policy.{account.id.replace('/', '.')}.{bound.side}"
        for account in policy.by_id.values()
        for bound in account.bounds
        if bound.known and bound.share is not None
    ]
    names = {path: path_words(policy, path) for path in paths}
    left, right = st.columns(2)
    with left:
        path = choose(t("scn.sweep.which"), names, "scn_path")
    with right:
        measure = pick_measure("scn_sweep_measure", "proposals")
    low, high, unit = _range(scenario, path)
    a, b, c = st.columns(3)
    start = a.number_input(t("scn.sweep.from", unit=unit), value=low, step=1.0, format="%g",
                           key=f"scn_from_{path}")  # fmt: skip
    stop = b.number_input(t("scn.sweep.to", unit=unit), value=high, step=1.0, format="%g",
                          key=f"scn_to_{path}")  # fmt: skip
    count = c.number_input(t("scn.sweep.points"), 2, 51, POINTS, key=f"scn_points_{path}")
    values = _values(path, start, stop, int(count))
    run = run_of("sweep", key, path, *values)
    try:
        found = run.compute(
            t("scn.sweep.go", count=len(values)),
            lambda run: sweep(scenario, path, values, executor=run),
            path_words(policy, path),
        )
    except RembugError as error:
        show_error(error)
        return
    if found is not None and found.points:
        _show_sweep(scenario, found, path, measure)


def _range(scenario: Scenario, path: str) -> tuple[float, float, str]:
    """Where a sweep of this number begins and ends unless asked otherwise, in percent."""
    if path == "pagu":
        return -50.0, 50.0, t("scn.unit.change")
    if path == "prices":
        return -25.0, 25.0, t("scn.unit.change")
    if path == "objective.evenness":
        return 0.0, 100.0, t("scn.unit.percent")
    if path == "joint_share":
        pool = scenario.policy.pools[0]
        top = min(pool.upper(1000), scenario.policy.top[pool.id].upper(1000))
        return pool.lower(1000) / 10, top / 10, t("scn.unit.percent")
    dotted, _, side = path.removeprefix("policy.").rpartition(".")
    bound = scenario.policy.by_id[dotted.replace(".", "/")].bound(side)
    now = float(bound.share * 100) if bound is not None and bound.share is not None else 0.0
    return max(now - 10, 0.0), min(now + 10, 100.0), t("scn.unit.percent")


def _values(path: str, start: float, stop: float, count: int) -> tuple[str, ...]:
    if path in {"pagu", "prices"}:
        return parse_vary(f"{path}={start:g}%:{stop:g}%:{count}")[1]
    return parse_vary(f"{path}={start / 100:.6f}:{stop / 100:.6f}:{count}")[1]


def _show_sweep(scenario: Scenario, found: Sweep, path: str, measure: str) -> None:
    policy, kind = scenario.policy, MEASURE_KINDS[measure]
    steps = []
    same = None
    for number_, point in enumerate(found.points):
        value = point.measures.get(measure)
        words = figure(kind, value, short=True)
        steps.append(Step(value_words(policy, path, point.changes[0][1]),
                          None if value is None else float(value), words))  # fmt: skip
        if same is None and point.solved and point.volumes == found.base.volumes:
            same = number_
    axes = path_words(policy, path), measure_name(measure)
    draw_steps(steps, axes, same, t("scn.sweep.alt", measure=axes[1], path=axes[0]))
    rows = [
        [value_words(policy, path, p.changes[0][1]), w(f"whatif.outcome.{p.outcome}"),
         *cells(found, p)]
        for p in found.points
    ]  # fmt: skip
    columns = {path_words(policy, path): "text", w("whatif.column.outcome"): "text"} | headings()
    show_table(rows, columns, alt=t("scn.view.sweep"))
    show_reasons(found)
    steps_table = found.steps
    st.markdown(f"**{w('cli.whatif.steps')}** ({number(len(steps_table))})")
    show_table(
        [
            [
                f"{value_words(policy, path, s['before'])} → "
                f"{value_words(policy, path, s['after'])}",
                w(f"whatif.change.{s['change']}"),
                s["title"],
                place(s["owner"]),
            ]
            for s in steps_table.to_dict("records")
        ],
        {w("whatif.column.step"): "text", w("whatif.column.what"): "text",
         t("col.activity"): "text", t("col.by"): "text"},
        alt=w("cli.whatif.steps"),
    )  # fmt: skip

"""Scenarios beside each other: what each brings, how far from the base, and what changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import streamlit as st

from optimizer.compare import Comparison, compare
from optimizer.errors import RembugError, ScenarioError
from optimizer.measures import Measures
from optimizer.plan import Plan
from optimizer.practice import RULES
from optimizer.record.scenario import Scenario
from optimizer.tables.to_csv import write_csv
from optimizer.ui.download import CSV, JSON, offer
from optimizer.ui.frame import outcome_words
from optimizer.ui.scenario_recipe import Recipe
from optimizer.ui.scenario_words import figure, signed, w
from optimizer.ui.tables import show_table
from optimizer.ui.words import escape, markdown, number, place, t
from optimizer.words import Words

__all__ = ["Column", "comparison_of", "practised", "show_changes", "show_files", "show_measures"]


@dataclass(frozen=True)
class Column:
    """One scenario of the comparison.

    Attributes
    ----------
    key : str
        Names the scenario by its content.
    plan : Plan or None
        ``None`` where it was stopped, or where ``error`` says why there is none.
    """

    key: str
    label: str
    recipe: Recipe | None
    scenario: Scenario | None = None
    plan: Plan | None = None
    error: RembugError | None = None


_Read = Callable[[Measures], Fraction | int | None]
# Measure → how it is written, and the whole of which it is a part.
_ROWS: dict[str, tuple[str, _Read | None]] = {
    "support": ("number", None),
    "support_cost": ("rupiah", None),
    "first_priorities": ("number", lambda m: m.lists),
    "proposals": ("number", None),
    "joint_in": ("number", lambda m: m.joint),
    "families_served": ("number", lambda m: m.families),
    "least_rt": ("mille", None),
    "least_rw": ("mille", None),
    "inequality": ("index", None),
    "findings": ("number", None),
    "letters": ("number", None),
    "unknown": ("number", None),
    "spent": ("rupiah", None),
    "spent_per_family": ("rupiah", None),
    "idle": ("rupiah", None),
    "unassigned": ("rupiah", None),
    "reserved": ("rupiah", None),
    "pool_unspent": ("rupiah", None),
}


def comparison_of(columns: Sequence[Column]) -> Comparison:
    """The comparison of the columns that have plans, the first of them as base."""
    solved = [c for c in columns if c.plan is not None]
    key = "|".join(f"{c.key}:{c.label}" for c in solved)
    return _compared(key, [c.plan for c in solved if c.plan], [c.label for c in solved])


@st.cache_resource(show_spinner=False, max_entries=16)
def _compared(key: str, _plans: list[Plan], _names: list[str]) -> Comparison:
    del key
    return compare(_plans, _names)


@st.cache_resource(show_spinner=False, max_entries=16)
def _by_rule(key: str, rule: str, _scenario: Scenario) -> Plan | RembugError:
    del key
    try:
        return RULES[rule](_scenario)
    except ScenarioError as error:
        return error


def practised(base: Column, columns: Sequence[Column]) -> list[Column]:
    """What the rules as practised would have chosen under the same caps.

    They count ordered lists as support where one of the scenarios does, as the comparison does.
    """
    scenario = base.scenario
    if scenario is None:
        return []
    borda = any(c.scenario is not None and c.scenario.order_as_borda for c in columns)
    scenario = replace(scenario, order_as_borda=borda)
    found = []
    for rule in RULES:
        key = f"{base.key}:{rule}:{borda}"
        plan = _by_rule(key, rule, scenario)
        label = w(f"practice.{rule}")
        if isinstance(plan, Plan):
            found.append(Column(key, label, None, scenario, plan))
        else:
            found.append(Column(key, label, None, scenario, error=plan))
    return found


# --- measures -----------------------------------------------------------------------------


def show_measures(columns: Sequence[Column], found: Comparison) -> None:
    """Value, and difference from the base, in every column."""
    known = iter(found.measures)
    shown = [(c, next(known) if c.plan is not None else None) for c in columns]
    first = found.measures[0]
    told = [name for name in _ROWS if any(getattr(m, name) is not None for m in found.measures)]
    untold = [w(f"compare.measure.{name}") for name in _ROWS if name not in told]
    head = "".join(f'<th scope="col">{escape(c.label)}</th>' for c in columns)
    rows = [
        f'<tr><th scope="row">{escape(w(f"compare.measure.{name}"))}</th>'
        + "".join(_cell(name, m, None if m is first else first) for _, m in shown)
        + "</tr>"
        for name in told
    ]
    proofs = "".join(f"<td>{escape(_proof(c))}</td>" for c in columns)
    rows.append(f'<tr><th scope="row">{escape(t("scn.proof"))}</th>{proofs}</tr>')
    label = escape(t("scn.table"))
    st.caption(t("scn.table"))
    st.html(
        f'<div class="rb-wide" tabindex="0" role="region" aria-label="{label}">'
        f'<table class="rb-compare"><thead><tr>'
        f'<th scope="col">{escape(t("scn.measure"))}</th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )
    if untold:
        st.caption(t("scn.untold", measures=", ".join(untold)))
    notes = dict.fromkeys(n for p in found.plans for n in p.answer.notes if Words.has(n))
    for note in notes:
        st.caption(w(note))


def _proof(column: Column) -> str:
    if column.error is not None:
        return t("scn.impossible")
    if column.plan is None:
        return t("scn.stopped")
    if column.plan.answer.solver.startswith("rule:"):
        return t("scn.by_rule")
    text = outcome_words(column.plan)
    return t("scn.proved") if text == t("frame.optimal") else text


def _cell(name: str, measures: Measures | None, base: Measures | None) -> str:
    if measures is None:
        return "<td>–</td>"
    kind, whole = _ROWS[name]
    value = getattr(measures, name)
    text = _written(kind, value)
    if value is not None and whole is not None:
        text += f" / {_written(kind, whole(measures))}"
    before = getattr(base, name) if base is not None else None
    change = ""
    if value is not None and before is not None:
        change = f"<i>{escape(_signed(kind, value - before))}</i>"
    elif value is None:
        text = w("compare.untold")
    return f"<td>{escape(text)}{change}</td>"


def _written(kind: str, value: Any) -> str:
    if kind == "mille":
        return figure("share", Fraction(value, 1000)) if value is not None else "–"
    if kind == "index":
        return number(Fraction(value), 3) if value is not None else "–"
    return figure(kind, value, short=kind == "rupiah")


def _signed(kind: str, value: Any) -> str:
    if kind == "mille":
        return signed("share", Fraction(value, 1000))
    if kind == "index":
        text = number(Fraction(abs(value)), 3)
        return t("scn.same") if text == "0" else f"{'+' if value > 0 else '−'}{text}"
    return signed(kind, value, short=kind == "rupiah")


# --- what changes ---------------------------------------------------------------------------


def show_changes(found: Comparison) -> None:
    """Per scenario how many proposals enter and leave against the base, with the list."""
    table = found.differences
    for name in found.names[1:]:
        mine = table[table["plan"] == name]
        counts = {c: int((mine["change"] == c).sum()) for c in ("enter", "leave", "more", "less")}
        words = {c: number(n) for c, n in counts.items()}
        resized = counts["more"] + counts["less"]
        line = t("scn.changes", name=name, count=len(mine), **words)
        if resized:
            line += t("scn.changes.resized", count=resized)
        if mine.empty:
            st.markdown(f"**{markdown(name)}** · {t('scn.changes.none')}")
            continue
        with st.expander(markdown(line)):
            show_table(
                [
                    (
                        w(f"compare.change.{row['change']}"),
                        row["title"],
                        place(row["owner"]),
                        f"{number(row['before'])} → {number(row['after'])} {row['measure']}",
                        row["cost_before"],
                        row["cost_after"],
                    )
                    for row in mine.to_dict("records")
                ],
                {
                    t("scn.col.change"): "text",
                    t("col.activity"): "text",
                    t("col.by"): "text",
                    t("scn.col.volume"): "text",
                    t("scn.col.before"): "rupiah",
                    t("scn.col.after"): "rupiah",
                },
                alt=line,
            )


# --- files ----------------------------------------------------------------------------------


def show_files(found: Comparison, separator: str = ";") -> None:
    """The comparison to take away; the files are made only when somebody presses a button."""

    def table(words: Words) -> bytes:
        return _measures_csv(found, words, separator)

    def differences(words: Words) -> bytes:
        return _changes_csv(found, words, separator)

    def record(_: Words) -> bytes:
        return (json.dumps(found.to_dict(), ensure_ascii=False, indent=2) + "\n").encode()

    files = {
        "perbandingan.csv": (table, CSV),
        "usulan-berubah.csv": (differences, CSV),
        "perbandingan.json": (record, JSON),
    }
    with st.container(horizontal=True, key="scn_take"):
        for name, (make, mime) in files.items():
            key = f"scn_get_{name.replace('.', '_')}"
            offer(t("take.get", name=name), name, mime, make, key=key)


def _measures_csv(found: Comparison, words: Words, separator: str) -> bytes:
    """One row for each measure: every value, then every difference from the base."""
    names = found.names
    headings = [f"{words.say('ui.scn.measure')} (SIMULASI)", *names]
    headings += [words.say("ui.scn.csv.difference", name=name) for name in names[1:]]
    rows = []
    for name in _ROWS:
        values = [getattr(m, name) for m in found.measures]
        changes = [None if v is None or values[0] is None else v - values[0] for v in values]
        label = words.say(f"compare.measure.{name}")
        rows.append([label, *(_raw(v) for v in values), *(_raw(c) for c in changes[1:])])
    return write_csv(rows, headings, separator)


def _changes_csv(found: Comparison, words: Words, separator: str) -> bytes:
    """One row for each proposal with another volume than in the base."""
    columns = ("change", "id", "activity", "by", "volume_before", "volume_after", "before",
               "after")  # fmt: skip
    headings = [f"{words.say('ui.scn.one')} (SIMULASI)"]
    headings += [words.say(f"ui.scn.csv.{column}") for column in columns]
    rows = [
        [r["plan"], words.say(f"compare.change.{r['change']}"), r["id"], r["title"],
         place(r["owner"]), r["before"], r["after"], r["cost_before"], r["cost_after"]]
        for r in found.differences.to_dict("records")
    ]  # fmt: skip
    return write_csv(rows, headings, separator)


def _raw(value: Any) -> Any:
    """Whole numbers stay whole; others with three places."""
    if isinstance(value, Fraction) and value.denominator != 1:
        return round(value, 3)
    return int(value) if value is not None else None

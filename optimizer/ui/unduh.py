"""The page of downloads: what was recorded, what was computed, and all sheets at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from optimizer.errors import RembugError
from optimizer.files.datasets_out import write_workbook
from optimizer.files.recap import RECAP_HEADINGS
from optimizer.files.recap_dataset import dataset_recap
from optimizer.plan import Plan
from optimizer.sheets.bundle import Options, sheet_files
from optimizer.sheets.plan_files import plan_tables
from optimizer.tables.to_csv import to_csv, write_csv
from optimizer.tables.to_xlsx import to_xlsx
from optimizer.ui import frame
from optimizer.ui.archive import archive
from optimizer.ui.choose import choose
from optimizer.ui.download import CSV, JSON, XLSX, ZIP, offer
from optimizer.ui.errors import show_error
from optimizer.ui.reports import report_of
from optimizer.ui.state import Session, session
from optimizer.ui.words import t
from optimizer.words import Words

__all__ = ["run_record", "show"]

SEPARATORS = (";", ",")


@dataclass(frozen=True, slots=True)
class _File:
    """A file to take away; it is made only when somebody presses the button."""

    name: str
    mime: str
    make: Callable[[Words], bytes]


def show() -> None:
    """Draw the page."""
    open_ = session()
    frame.head(t("take.title"), open_.current)
    frame.simulation_mark(open_)
    names = {";": t("take.semicolon"), ",": t("take.comma")}
    mark = choose(t("take.separator"), names, "pemisah", how="switch")
    _recorded(open_, mark)
    plan = None
    try:
        plan = open_.plan()
        if plan is not None:
            _computed(open_, plan, mark)
            _sheets(open_)
    except RembugError as error:
        show_error(error)
    frame.foot(open_, plan)


def _recorded(open_: Session, separator: str) -> None:
    dataset = open_.base.dataset
    _group(
        "recorded",
        [
            _File(
                "rekap.csv",
                CSV,
                lambda _: write_csv(dataset_recap(dataset), RECAP_HEADINGS, separator),
            ),
            _File("data.xlsx", XLSX, lambda _: write_workbook(dataset)),
        ],
    )


def _computed(open_: Session, plan: Plan, separator: str) -> None:
    def csv(name: str, words: Words) -> bytes:
        (table,) = (t for t in plan_tables(plan) if t.name == name)
        return to_csv(table, words, separator)

    files = [
        _File(f"{name}.csv", CSV, partial(csv, name))
        for name in ("rancangan", "alokasi", "kontribusi")
    ]
    files.append(_File("rancangan.xlsx", XLSX, lambda words: to_xlsx(plan_tables(plan), words)))
    files.append(_File("plan.json", JSON, lambda _: _json(plan.to_dict())))
    files.append(_File("catatan-hitungan.json", JSON, lambda _: _json(run_record(open_, plan))))
    _group("computed", files)


def _sheets(open_: Session) -> None:
    """Every sheet of every RT. A trial changes lists, so it never reaches the official forms."""
    recorded = open_.untouched()
    plan = recorded.plan()
    if plan is None:
        return

    def make(words: Words) -> bytes:
        files = dict(sheet_files(report_of(recorded, plan), Options(words=words)))
        files["plan.json"] = _json(plan.to_dict())
        files["catatan-hitungan.json"] = _json(run_record(recorded, plan))
        return archive(files)

    if open_.simulated:
        st.caption(t("take.sheets.trial"))
    _group("sheets", [_File("semua-lembar.zip", ZIP, make)])


def _group(name: str, files: list[_File]) -> None:
    st.subheader(t(f"take.{name}"))
    st.caption(t(f"take.{name}.what"))
    for file in files:
        key = file.name.replace(".", "_").replace("-", "_")
        with st.container(border=True):
            words, button = st.columns([3, 2], vertical_alignment="center")
            words.markdown(f"**{file.name}**  \n{t(f'take.file.{key}')}")
            with button:
                offer(
                    t("take.get", name=file.name),
                    file.name,
                    file.mime,
                    file.make,
                    key=f"get_{key}",
                    width="stretch",
                )


def run_record(open_: Session, plan: Plan) -> dict[str, Any]:
    """How a plan came about: inputs, rules, options, proof, versions, and what was tried."""
    whole = plan.to_dict()
    kept = (
        "schema", "title", "scenario", "policy", "reading", "made_up", "inputs_sha256",
        "outcome", "objective", "bound", "gap", "pins", "overrides", "solver",
    )  # fmt: skip
    scenario = plan.scenario
    return {
        **{name: whole[name] for name in kept},
        "stages": [s.name for s in scenario.stages],
        "joint_share": str(scenario.joint_share),
        "count": scenario.counting.value,
        "base_sha256": open_.base_sha,
        "trial": [step.model_dump() for step in open_.steps],
    }


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()

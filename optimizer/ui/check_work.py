"""The recap that is open on the page Periksa: as it was read, with the corrections made here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import streamlit as st

from optimizer.checking import Opened, Origin, Report, check_opened, open_recap
from optimizer.errors import InputRefused, RembugError
from optimizer.files.grid import Sheet, Tables
from optimizer.files.policies import list_policies
from optimizer.files.recap_dataset import place_text
from optimizer.files.recap_edits import Edit, Edited, Kind, edited, read_edited
from optimizer.files.recap_layout import find_layout
from optimizer.files.recap_model import Reason
from optimizer.files.tables import read_tables
from optimizer.rules import as_recorded
from optimizer.scenario import Scenario
from optimizer.sheets.context import Context
from optimizer.sheets.official import kelurahan_recap
from optimizer.sheets.xlsx import render_xlsx
from optimizer.ui.keep import box
from optimizer.ui.state import example
from optimizer.ui.uploads import Upload

__all__ = [
    "READING",
    "Rows",
    "Work",
    "close",
    "current",
    "example_work",
    "open_rows",
    "put",
    "record",
    "report_of",
    "rows_of",
    "sheets_of",
    "take",
    "undo",
    "update",
]

BOX = "periksa"
READING = "?"
"""Stands for the rows about which the reader of the file had something to say."""
_CACHE = "_periksa_report"


@dataclass(frozen=True)
class Work:
    """What one person checks.

    Attributes
    ----------
    turn : int
        Grows whenever an editor has to begin afresh.
    closed : int
        How many of the edits were made before the editor that is open now.
    target : str
        The place whose rows are open in the editor, or :data:`READING`.
    """

    tables: Tables
    sheet: str | None = None
    policy: str | None = None
    edits: tuple[Edit, ...] = ()
    closed: int = 0
    target: str = ""
    turn: int = 0

    @property
    def edited(self) -> Edited:
        """The tables with all corrections."""
        return edited(self.tables, self.edits)

    @property
    def base(self) -> Edited:
        """The tables as they were when the editor was opened."""
        return edited(self.tables, self.edits[: self.closed])


def current() -> Work | None:
    """The open recap of this session."""
    work: Work | None = box(BOX).get("work")
    return work


def put(work: Work) -> None:
    """Replace the open recap."""
    box(BOX)["work"] = work


def update(**changes: Any) -> None:
    """Change something about the open recap; an editor that is open begins afresh."""
    work = current()
    if work is not None:
        put(replace(work, turn=work.turn + 1, closed=len(work.edits), **changes))


def take(files: Sequence[Upload]) -> None:
    """Read an uploaded file; what was open before stays where the new one is refused."""
    name, data = files[0]
    tables = read_tables(data, name)
    before = current()
    put(Work(tables, turn=before.turn + 1 if before else 0))


def sheets_of(tables: Tables) -> tuple[str, ...]:
    """Sheets that could be the recap."""
    return tuple(s.name for s in tables.sheets if find_layout(s) is not None)


@st.cache_resource(show_spinner=False)
def _example(key: str, _scenario: Scenario) -> Tables:
    del key
    recorded = as_recorded(_scenario.dataset, _scenario.policy)
    opened = Opened(
        _scenario.name, Origin.DATASET, _scenario.dataset, _scenario.policy, recorded
    )
    place = _scenario.dataset.territory.kelurahan[0]
    context = Context(Report(opened, ()), place)
    return read_tables(render_xlsx(kelurahan_recap(context), "id"), "rekap-kaliombo.xlsx")


def example_work() -> None:
    """Open the recap of the example, which says that it is made up."""
    scenario, sha = example()
    before = current()
    put(Work(_example(sha, scenario), turn=before.turn + 1 if before else 0))


def report_of(work: Work) -> Report:
    """The judged recap, computed again only when something about it changed.

    Raises
    ------
    RembugError
        What the reader raises; ``policy_needed`` where no year names a policy.
    """
    key = (work.sheet, work.policy, work.edits)
    kept: tuple[Any, Any, Report | RembugError] | None = st.session_state.get(_CACHE)
    if kept is None or kept[0] is not work.tables or kept[1] != key:
        result: Report | RembugError
        try:
            recap = read_edited(work.tables, work.edits, work.sheet)
            result = check_opened(open_recap(recap, work.policy))
        except RembugError as error:
            result = error
        kept = st.session_state[_CACHE] = (work.tables, key, result)
    if isinstance(kept[2], RembugError):
        raise kept[2]
    return kept[2]


# --- rows in an editor ------------------------------------------------------------------

Rows = tuple[tuple[str, int], ...]
"""Sheet and row of each line, as the file shows them."""


def rows_of(report: Report, target: str) -> Rows:
    """The rows of a place, or those about which the reader had something to say."""
    source = report.opened.source
    if source is None:
        return ()
    if target != READING:
        return tuple((r.sheet, r.row) for r in source.recap.rows if r.owner == target)
    return _said(report)


def _said(report: Report) -> Rows:
    source = report.opened.source
    if source is None:
        return ()
    known = {(r.sheet, r.row) for r in source.recap.rows}
    known |= {
        (a.sheet, a.row)
        for a in source.recap.set_aside
        if a.reason in {Reason.UNREADABLE, Reason.TEXT}
    }
    said = {(f.place.sheet, f.place.row or 0) for f in report.findings if not _note(f.code)}
    said |= {(r.sheet, r.row) for r in source.left_out}
    said |= {(a.sheet, a.row) for a in source.recap.set_aside if a.reason is Reason.UNREADABLE}
    return tuple(sorted(known & said))


def _note(code: str) -> bool:
    return code.startswith("recap_corrected_")


def open_rows(target: str) -> None:
    """Open the editor for a place; an open one is closed, its corrections stay."""
    update(target=target)


def close() -> None:
    """Close the editor; its corrections stay."""
    update(target="")


def undo(*, everything: bool = False) -> None:
    """Take the last correction back, or all of them."""
    work = current()
    if work is None:
        return
    update(edits=() if everything else _without_last(work.edits))
    fresh = current()
    if fresh is not None:
        put(replace(fresh, closed=len(fresh.edits)))


def _without_last(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Without the last correction; an added row goes with the cells that were filled for it."""
    if not edits:
        return ()
    last = edits[-1]
    added = [i for i, e in enumerate(edits) if e.kind is Kind.ADD and e.row == last.row]
    same_sheet = [i for i in added if edits[i].sheet == last.sheet]
    return edits[: same_sheet[0]] if same_sheet else edits[:-1]


def record(work: Work, rows: Rows, target: str, state: Mapping[str, Any]) -> tuple[Edit, ...]:
    """The corrections that an editor's state says, on top of those made before it was opened.

    Raises
    ------
    RembugError
        ``edit_identity`` or ``edit_long``: the entry is not kept.
    """
    base = work.base
    found = list(work.edits[: work.closed])
    for index, cells in sorted(state.get("edited_rows", {}).items()):
        sheet, row = rows[int(index)]
        found += _cells(base, sheet, row, cells)
    for index in sorted(state.get("deleted_rows", ())):
        found.append(Edit(Kind.REMOVE, *rows[int(index)]))
    sheet, last = rows[-1] if rows else ("", 0)
    for number, cells in enumerate(state.get("added_rows", ()), start=base.next_row(sheet)):
        given = {role: value for role, value in cells.items() if value not in (None, "")}
        if given:
            found.append(Edit(Kind.ADD, sheet, number, after=last))
            found += _cells(base, sheet, number, _home(target) | given)
            last = number
    return tuple(found)


def _cells(base: Edited, sheet: str, row: int, cells: Mapping[str, Any]) -> list[Edit]:
    layout = base.layout(sheet)
    found: list[Edit] = []
    for role, value in cells.items():
        columns = layout.columns.get(role, ()) if layout else ()
        text = "" if value is None else " ".join(str(value).split())
        for index, column in enumerate(columns):
            found.append(Edit(Kind.CELL, sheet, row, column, "" if index else text))
    return found


def _home(target: str) -> dict[str, str]:
    """Where a new row belongs, in the words of every column that may say so."""
    kelurahan, rw, rt = (*target.split("/"), "", "")[:3]
    if target == READING or not rw:
        return {"kelurahan": kelurahan if target != READING else ""}
    return {"kelurahan": kelurahan, "place": place_text(f"{kelurahan}/{rw}/{rt}" if rt else target),
            "rw": rw, "rt": rt}  # fmt: skip


def needs_sheet(error: RembugError) -> bool:
    """Whether an error only asks which sheet is meant."""
    return isinstance(error, InputRefused) and any(
        f.code == "recap_two_sheets" for f in error.findings
    )


def policies() -> dict[str, str]:
    """Policies to choose from: id → name by language is left to the page."""
    return {p.id: p.id for p in list_policies()}


def as_scenario(report: Report) -> Scenario:
    """The checked list as a scenario for the other pages; rows without a cost stay out."""
    opened = report.opened
    dataset = opened.source.priced() if opened.source else opened.dataset
    place = " · ".join(opened.dataset.territory.kelurahan[:2])
    name = f"{place} ({opened.name})"
    return Scenario(name=name, dataset=dataset, policy=opened.policy)


def sheet_named(tables: Tables, name: str) -> Sheet:
    """One sheet of a file."""
    return next(s for s in tables.sheets if s.name == name)


_ = Fraction

"""The recap that is open on the page Periksa: as it was read, with the corrections made here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from optimizer.checking import Report, check_opened, open_recap
from optimizer.errors import InputRefused, RembugError
from optimizer.files.grid import Tables
from optimizer.files.recap_dataset import UNNAMED
from optimizer.files.recap_edits import Edit, Edited, Kind, edited, read_edited
from optimizer.files.recap_layout import find_layout
from optimizer.files.recap_model import Reason
from optimizer.files.tables import read_tables
from optimizer.record.scenario import Scenario
from optimizer.shipped import EXAMPLE_RECAP
from optimizer.territory import place_words
from optimizer.ui.keep import box
from optimizer.ui.uploads import Upload

__all__ = [
    "READING",
    "Rows",
    "Work",
    "as_scenario",
    "close",
    "current",
    "example_work",
    "fingerprint",
    "needs_sheet",
    "open_rows",
    "put",
    "put_away",
    "record",
    "report_of",
    "rows_of",
    "sheets_of",
    "take",
    "undo",
    "undo_all",
    "update",
]

BOX = "periksa"
READING = "?"
"""Stands for the rows about which the reader of the file had something to say."""
_CACHE, _SHA = "_periksa_report", "_periksa_sha"

Rows = tuple[tuple[str, int], ...]
"""Sheet and row of each line, as the file shows them."""


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
    rows
        The rows that were opened; a correction may move one to another RT.
    """

    tables: Tables
    sheet: str | None = None
    policy: str | None = None
    edits: tuple[Edit, ...] = ()
    closed: int = 0
    target: str = ""
    rows: Rows = ()
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
    if work is None:
        return
    work = replace(work, turn=work.turn + 1, **changes)
    work = replace(work, closed=len(work.edits))
    with suppress(RembugError):  # said on the page; the rows that are open stay open
        work = replace(work, rows=rows_of(report_of(work), work.target))
    put(work)


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
def _example() -> Tables:
    return read_tables(EXAMPLE_RECAP)


def example_work() -> None:
    """Open the recap of the example, which says that it is made up."""
    before = current()
    put(Work(_example(), turn=before.turn + 1 if before else 0))


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


def rows_of(report: Report, target: str) -> Rows:
    """The rows of a place, or those about which the reader had something to say."""
    source = report.opened.source
    if source is None or not target:
        return ()
    if target == READING:
        return _said(report)
    owned = (source.rows[p.id] for p in report.opened.dataset.proposals if p.owner == target)
    return tuple(sorted((r.sheet, r.row) for r in owned))


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


def undo() -> None:
    """Take the last correction back."""
    work = current()
    if work is not None and work.edits:
        update(edits=_without_last(work.edits))


def undo_all() -> None:
    """Back to what the file says."""
    update(edits=())


def _without_last(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Without the last correction; an added row goes with all cells that were filled in it."""
    row = (edits[-1].sheet, edits[-1].row)
    if any(e.kind is Kind.ADD and (e.sheet, e.row) == row for e in edits):
        return tuple(e for e in edits if (e.sheet, e.row) != row)
    return edits[:-1]


def record(work: Work, state: Mapping[str, Any]) -> Work:
    """The work with the corrections that the state of its open editor says.

    Raises
    ------
    RembugError
        ``edit_identity`` or ``edit_long``: the entry is not kept.
    """
    base, rows = work.base, work.rows
    said: list[Edit] = []
    for index, cells in sorted(state.get("edited_rows", {}).items()):
        said += _cells(base, *rows[int(index)], cells)
    for index in sorted(state.get("deleted_rows", ())):
        said.append(Edit(Kind.REMOVE, *rows[int(index)]))
    sheet, last = rows[-1] if rows else ("", 0)
    added = (
        {role: value for role, value in cells.items() if value not in (None, "")}
        for cells in state.get("added_rows", ())
    )
    for number, given in enumerate(filter(None, added), start=base.next_row(sheet)):
        said.append(Edit(Kind.ADD, sheet, number, after=last))
        said += _cells(base, sheet, number, _home(work.target) | given)
        last = number
    before = work.edits[work.closed :]
    # In the order in which they were made, so that the last one can be taken back.
    fresh = [e for e in before if e in said] + [e for e in said if e not in before]
    return replace(work, edits=(*work.edits[: work.closed], *fresh))


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
    if target == READING:
        return {}
    kelurahan, rw, rt = (*target.split("/"), "", "")[:3]
    words = {"kelurahan": kelurahan if kelurahan != UNNAMED else "", "rw": rw, "rt": rt}
    words["place"] = place_words(target, "/") if rw else "Kelurahan"
    return {role: text for role, text in words.items() if text}


def needs_sheet(error: RembugError) -> bool:
    """Whether an error only asks which sheet is meant."""
    return isinstance(error, InputRefused) and any(
        f.code == "recap_two_sheets" for f in error.findings
    )


def as_scenario(report: Report) -> Scenario:
    """The checked list as a scenario for the other pages; rows without a cost stay out."""
    opened = report.opened
    place = " · ".join(opened.dataset.territory.kelurahan[:2])
    name = f"{place} ({opened.name})"
    return opened.as_scenario(name)


def fingerprint(report: Report) -> str:
    """First characters of the hash of what was judged, once for each report."""
    kept: tuple[Report, str] | None = st.session_state.get(_SHA)
    if kept is None or kept[0] is not report:
        kept = st.session_state[_SHA] = (report, as_scenario(report).sha256()[:12])
    return kept[1]


def put_away() -> None:
    """Close the recap and forget it."""
    box(BOX).pop("work", None)
    for key in (_CACHE, _SHA):
        st.session_state.pop(key, None)

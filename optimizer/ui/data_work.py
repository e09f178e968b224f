"""The dataset that is open on the page Data: its rows, with what was changed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

import streamlit as st

from optimizer.checking import policy_for
from optimizer.errors import Finding, InputRefused, RembugError, Severity
from optimizer.files.datasets import DEFAULT_PAGU, read_sheets
from optimizer.files.datasets_edit import (
    FIRST_ROW,
    Row,
    Rows,
    dataset_open,
    empty_rows,
    open_files,
    with_edits,
)
from optimizer.files.pabulib import Election, read_pb
from optimizer.files.schema import SHEETS
from optimizer.record.dataset import Dataset
from optimizer.ui.keep import box
from optimizer.ui.state import example
from optimizer.ui.uploads import Upload
from optimizer.ui.words import t

__all__ = [
    "BOX",
    "Judged",
    "Work",
    "begin_empty",
    "begin_example",
    "current",
    "edit",
    "election",
    "judge",
    "open_sheet",
    "put_away",
    "take",
    "undo",
    "update",
]

BOX = "data"
MAX_PAST = 30
_CACHE = "_data_judged"


@dataclass(frozen=True)
class Work:
    """What one person edits.

    Attributes
    ----------
    rows : Rows
        All sheets as they are now.
    sheet, shown
        The sheet in the editor, and the positions of its rows that are shown.
    base
        The sheet's rows as they were when the editor was opened: its result is never its input.
    past
        Earlier states, the latest last.
    turn : int
        Grows whenever the editor has to begin afresh.
    policy : str
        The policy under which the data is to be used; empty for the one of its year.
    """

    rows: Rows
    sheet: str = "usulan"
    shown: tuple[int, ...] | None = None
    base: tuple[Row, ...] = ()
    past: tuple[Rows, ...] = ()
    turn: int = 0
    policy: str = ""


@dataclass(frozen=True)
class Judged:
    """A dataset that reads well, or none; and everything that was found."""

    dataset: Dataset | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What has to be mended before the data can be used."""
        return tuple(f for f in self.findings if f.severity is Severity.ERROR)


def current() -> Work | None:
    """The open dataset of this session."""
    work: Work | None = box(BOX).get("work")
    return work


def election() -> Election | None:
    """The open election of this session."""
    found: Election | None = box(BOX).get("election")
    return found


def _begin(rows: Rows) -> None:
    before = current()
    work = Work(rows, turn=before.turn + 1 if before else 0)
    wrong = [f.place.sheet for f in judge(work).errors]
    names = [s.name for s in SHEETS]
    first = next((name for name in names if name in wrong), "usulan")
    box(BOX).pop("election", None)
    box(BOX)["work"] = _opened(work, first, only=False)


def begin_example() -> None:
    """Open the example that ships with the program."""
    _begin(dataset_open(example()[0].dataset))


def begin_empty() -> None:
    """Open empty sheets."""
    _begin(empty_rows(t("data.new_name")))


def take(files: Sequence[Upload]) -> None:
    """Read uploaded files; what was open before stays where the new ones are refused."""
    if any(PurePath(name).suffix.lower() == ".pb" for name, _ in files):
        if len(files) > 1:
            raise RembugError("data_mixed", names=", ".join(name for name, _ in files))
        name, data = files[0]
        found = read_pb(data, name)
        put_away()
        box(BOX)["election"] = found
        return
    _begin(open_files(files))


def put_away() -> None:
    """Close what is open and forget it."""
    box(BOX).clear()
    st.session_state.pop(_CACHE, None)


def update(**changes: Any) -> None:
    """Change something beside the rows, such as the name."""
    work = current()
    if work is not None:
        box(BOX)["work"] = replace(work, **changes)


def open_sheet(name: str, *, only: bool = False) -> None:
    """Show a sheet in the editor; ``only`` its rows in which something was found."""
    work = current()
    if work is not None:
        box(BOX)["work"] = _opened(work, name, only=only)


def _opened(work: Work, name: str, *, only: bool) -> Work:
    rows = work.rows.sheets.get(name, ())
    shown = None
    if only:
        found = {f.place.row for f in judge(work).findings if f.place.sheet == name}
        shown = tuple(p for p in range(len(rows)) if p + FIRST_ROW in found)
    return replace(work, sheet=name, shown=shown, base=rows, turn=work.turn + 1)


def edit(state: Mapping[str, Any]) -> None:
    """Take over what the state of the editor says.

    Raises
    ------
    RembugError
        ``edit_identity``: the entry is not kept.
    """
    work = current()
    if work is None:
        return
    shown = range(len(work.base)) if work.shown is None else work.shown
    changed = {shown[int(i)]: cells for i, cells in state.get("edited_rows", {}).items()}
    removed = [shown[int(i)] for i in state.get("deleted_rows", ())]
    rows = with_edits(work.base, changed, removed, state.get("added_rows", ()))
    sheets = {**work.rows.sheets, work.sheet: rows}
    past = (*work.past, work.rows)[-MAX_PAST:]
    box(BOX)["work"] = replace(work, rows=replace(work.rows, sheets=sheets), past=past)


def undo() -> None:
    """Take the last change back."""
    work = current()
    if work is not None and work.past:
        before = replace(work, rows=work.past[-1], past=work.past[:-1])
        box(BOX)["work"] = _opened(before, work.sheet, only=False)


def judge(work: Work) -> Judged:
    """Read the rows; again only where something about them changed."""
    kept: tuple[Rows, str, Judged] | None = st.session_state.get(_CACHE)
    if kept is None or kept[0] is not work.rows or kept[1] != work.policy:
        kept = st.session_state[_CACHE] = (work.rows, work.policy, _judge(work))
    return kept[2]


def _judge(work: Work) -> Judged:
    rows = work.rows
    try:
        dataset = read_sheets(
            rows.sheets, rows.meta, default_pagu=_pagu(work), points_max=rows.points_max
        )
    except InputRefused as refused:
        return Judged(None, (*rows.findings, *refused.findings))
    return Judged(dataset, (*rows.findings, *dataset.findings))


def _pagu(work: Work) -> int:
    """What an RT without a pagu of its own may get."""
    try:
        return policy_for(work.rows.meta.fiscal_year or None, work.policy or None).pagu
    except RembugError:
        return DEFAULT_PAGU

"""Corrections of a recap, kept apart from what the file says.

The file stays as it was read; a correction names a cell, or adds or takes out a row, in the
numbering of the file. The corrected table goes through the same reader as the file, and every
correction becomes a note among its findings, so no sheet can mistake it for what was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from optimizer.errors import Finding, Place, RembugError, Severity
from optimizer.files.grid import Sheet, Tables, Value, column_letter, holds_identity_number
from optimizer.files.recap import Recap, read_recap
from optimizer.files.recap_cells import cell_text
from optimizer.files.recap_layout import Layout, find_layout, row_texts
from optimizer.files.recap_values import Cells

__all__ = ["Correction", "Edit", "Edited", "Kind", "corrections", "edited", "read_edited"]

MAX_TEXT = 1000
_EDITABLE = (
    "place", "rt", "rw", "field", "description", "volume", "measure", "unit_price", "cost",
    "remark",
)  # fmt: skip


class Kind(StrEnum):
    """What a correction does."""

    CELL = "cell"
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Edit:
    """One step of correcting.

    Attributes
    ----------
    row : int
        Row as the file shows it; added rows count on from the sheet's last row.
    column : int
        Of a cell, counted from 1.
    value : str
        What the cell says now, in any notation that a file may use.
    after : int
        Row below which a row is added.
    """

    kind: Kind
    sheet: str
    row: int
    column: int = 0
    value: str = ""
    after: int = 0

    def __post_init__(self) -> None:
        if holds_identity_number(self.value):
            raise RembugError("edit_identity")
        if len(self.value) > MAX_TEXT:
            raise RembugError("edit_long", limit=MAX_TEXT)


@dataclass(frozen=True, slots=True)
class Correction:
    """A place whose content differs from the file; ``before`` and ``after`` are texts."""

    kind: Kind
    place: Place
    before: str
    after: str


@dataclass(frozen=True)
class Edited:
    """Tables with all corrections, and the file's number of each of their rows."""

    tables: Tables
    numbers: Mapping[str, tuple[int, ...]]
    _cells: dict[str, Cells | None] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def _at(self) -> Mapping[str, Mapping[int, int]]:
        return {
            sheet: {number: index for index, number in enumerate(rows, start=1)}
            for sheet, rows in self.numbers.items()
        }

    def _reader(self, sheet: str) -> Cells | None:
        if sheet not in self._cells:
            table = next(s for s in self.tables.sheets if s.name == sheet)
            layout = find_layout(table)
            self._cells[sheet] = Cells(self.tables.name, table, layout) if layout else None
        return self._cells[sheet]

    def layout(self, sheet: str) -> Layout | None:
        """Where things stand in a sheet."""
        reader = self._reader(sheet)
        return reader.layout if reader else None

    def roles(self, sheet: str) -> tuple[str, ...]:
        """What the columns of a sheet hold that may be corrected, in usual order."""
        layout = self.layout(sheet)
        return tuple(r for r in _EDITABLE if layout and r in layout.columns)

    def texts(self, sheet: str, row: int) -> Mapping[str, str]:
        """A row's texts by role; ``row`` as the file shows it."""
        reader, index = self._reader(sheet), self._at[sheet][row]
        return {role: reader.text(index, role) for role in self.roles(sheet)} if reader else {}

    def next_row(self, sheet: str) -> int:
        """The number of the next row that is added."""
        return max(self.numbers[sheet], default=0) + 1

    def number(self, sheet: str, index: int) -> int:
        """The file's number of a row of the corrected table."""
        rows = self.numbers.get(sheet, ())
        return rows[index - 1] if 1 <= index <= len(rows) else index


def edited(tables: Tables, edits: Iterable[Edit]) -> Edited:
    """The tables with corrections; later ones win."""
    by_sheet: dict[str, list[Edit]] = {}
    for edit in edits:
        by_sheet.setdefault(edit.sheet, []).append(edit)
    sheets, numbers = [], {}
    for sheet in tables.sheets:
        changed, rows = _changed(sheet, by_sheet.get(sheet.name, ()))
        sheets.append(changed)
        numbers[sheet.name] = rows
    return Edited(replace(tables, sheets=tuple(sheets)), numbers)


def _changed(sheet: Sheet, edits: Sequence[Edit]) -> tuple[Sheet, tuple[int, ...]]:
    numbers = list(range(1, len(sheet.rows) + 1))
    if not edits:
        return sheet, tuple(numbers)
    for edit in edits:
        if edit.kind is Kind.ADD and edit.row not in numbers:
            numbers.insert(numbers.index(edit.after) + 1, edit.row)
    rows: dict[int, list[Value]] = {n: list(r) for n, r in enumerate(sheet.rows, start=1)}
    written: set[tuple[int, int]] = set()
    emptied: set[int] = set()
    for edit in edits:
        cells = rows.setdefault(edit.row, [])
        if edit.kind is Kind.CELL:
            cells += [None] * (edit.column - len(cells))
            cells[edit.column - 1] = edit.value or None
            written.add((edit.row, edit.column))
        elif edit.kind is Kind.REMOVE:
            rows[edit.row] = []
            emptied.add(edit.row)
    at = {number: index for index, number in enumerate(numbers, start=1)}

    def kept(place: tuple[int, int]) -> bool:
        return place not in written and place[0] not in emptied

    def moved(place: tuple[int, int]) -> tuple[int, int]:
        return at[place[0]], place[1]

    merged = {moved(p): moved(first) for p, first in sheet.merged.items() if kept(p)}
    problems = {moved(p): code for p, code in sheet.problems.items() if kept(p)}
    letters = {(r, column_letter(c)) for r, c in written} | {(r, "") for r in emptied}
    findings = [
        replace(f, place=replace(f.place, row=at[f.place.row])) if f.place.row else f
        for f in sheet.findings
        if (f.place.row, f.place.column) not in letters and f.place.row not in emptied
    ]
    changed = replace(
        sheet,
        rows=tuple(tuple(rows[number]) for number in numbers),
        merged=MappingProxyType(merged),
        problems=MappingProxyType(problems),
        findings=tuple(findings),
    )
    return changed, tuple(numbers)


def corrections(tables: Tables, edits: Sequence[Edit]) -> tuple[Correction, ...]:
    """What differs from the file, each place once, in the order of the file."""
    return tuple(sorted(_corrections(tables, edits), key=lambda c: (c.place.sheet, _order(c))))


def _order(correction: Correction) -> tuple[int, str]:
    return correction.place.row or 0, correction.place.column


def _corrections(tables: Tables, edits: Sequence[Edit]) -> Iterator[Correction]:
    after = edited(tables, edits)
    sheets = {s.name: s for s in tables.sheets}
    whole = {(e.sheet, e.row): e.kind for e in edits if e.kind is not Kind.CELL}
    for (name, row), kind in whole.items():
        now = " | ".join(row_texts(_sheet(after, name), after._at[name][row]))
        old = row_texts(sheets[name], row) if row <= len(sheets[name].rows) else []
        if old or now:
            yield Correction(kind, Place(tables.name, name, row), " | ".join(old), now)
    for name, row, column in {(e.sheet, e.row, e.column) for e in edits if e.kind is Kind.CELL}:
        if (name, row) in whole:
            continue
        before = cell_text(sheets[name].value(row, column))
        now = cell_text(_sheet(after, name).value(after._at[name][row], column))
        if before != now:
            place = Place(tables.name, name, row, column_letter(column), now)
            yield Correction(Kind.CELL, place, before, now)


def _sheet(after: Edited, name: str) -> Sheet:
    return next(s for s in after.tables.sheets if s.name == name)


def read_edited(tables: Tables, edits: Sequence[Edit], sheet: str | None = None) -> Recap:
    """Read a recap with its corrections; rows are numbered as in the file.

    Raises
    ------
    InputRefused
        As :func:`~optimizer.files.recap.read_recap`.
    """
    after = edited(tables, edits)
    recap = read_recap(after.tables, sheet=sheet)
    findings = [
        replace(f, place=replace(f.place, row=after.number(f.place.sheet, f.place.row)))
        if f.place.row
        else f
        for f in recap.findings
    ]
    findings += [_note(c) for c in corrections(tables, edits)]
    return replace(
        recap,
        rows=tuple(replace(r, row=after.number(r.sheet, r.row)) for r in recap.rows),
        set_aside=tuple(replace(a, row=after.number(a.sheet, a.row)) for a in recap.set_aside),
        findings=tuple(findings),
    )


def _note(correction: Correction) -> Finding:
    data = {"before": correction.before or "–", "after": correction.after or "–"}
    code = f"recap_corrected_{correction.kind}"
    return Finding(code, Severity.NOTE, correction.place, data)

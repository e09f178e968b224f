"""From raw tables to typed lines, with a finding for everything that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from optimizer.errors import Place, RembugError, Severity
from optimizer.files.collect import Collector
from optimizer.files.grid import Sheet, Value, column_letter
from optimizer.files.schema import (
    EXAMPLE,
    Column,
    Kind,
    Need,
    SheetSpec,
    field_id,
    field_names,
    heading,
)
from optimizer.money import parse_number, parse_rupiah
from optimizer.territory import normal_number

__all__ = ["Line", "Raw", "collector", "raw_from_grid", "raw_from_rows", "read_lines"]

MAX_TEXT = 10_000
MAX_AMOUNT = 10**13
DECIMALS = 10**6
_HEADING_ROWS = 10


def collector() -> Collector:
    """A collector for a dataset."""
    return Collector(prefix="dataset_")


@dataclass(frozen=True, slots=True)
class Raw:
    """A table as it was found.

    Attributes
    ----------
    rows
        Number of the row as a spreadsheet shows it, and its cells by column name.
    """

    place: Place
    headings: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, Value]], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A row with typed values; what could not be read is ``None`` and makes it not ``ok``."""

    place: Place
    values: Mapping[str, Any]
    cells: Mapping[str, Value]
    ok: bool

    def __getitem__(self, column: str) -> Any:
        return self.values.get(column)

    def at(self, column: str) -> Place:
        """The place of one cell."""
        here = self.place
        return Place(here.file, here.sheet, here.row, column, _text(self.cells.get(column)))


# --- tables -----------------------------------------------------------------------------


def raw_from_rows(spec: SheetSpec, rows: Iterable[Mapping[str, Value]], place: Place) -> Raw:
    """Rows that are already apart, such as the editor's; counted as if below a heading."""
    listed = [{heading(str(k)): v for k, v in row.items()} for row in rows]
    named = dict.fromkeys(key for row in listed for key in row)
    numbered = tuple((number, row) for number, row in enumerate(listed, start=2) if _filled(row))
    return Raw(place, tuple(named) if listed else spec.headings, numbered)


def raw_from_grid(spec: SheetSpec, sheet: Sheet, place: Place, report: Collector) -> Raw:
    """Find the headings of a sheet and name its cells."""
    top = _heading_row(spec, sheet)
    if top is None:
        report.error("no_headings", place, expected=_required(spec))
        return Raw(place, spec.headings, ())
    for number, row in enumerate(sheet.rows[: top - 1], start=1):
        if any(v not in (None, "") for v in row):
            report.warning("row_above", replace(place, row=number, value=_text(_first(row))))
    columns: dict[int, str] = {}
    for index, title in enumerate(sheet.rows[top - 1]):
        name = heading(_text(title))
        if name and name in columns.values():
            report.error("column_twice", replace(place, row=top, column=_text(title)))
        elif name:
            columns[index] = name
    rows: list[tuple[int, Mapping[str, Value]]] = []
    for number, row in enumerate(sheet.rows[top:], start=top + 1):
        cells = {name: row[i] for i, name in columns.items() if i < len(row)}
        _outside(row, columns, replace(place, row=number), report)
        if _filled(cells):
            rows.append((number, cells))
    return Raw(place, tuple(columns.values()), tuple(rows))


def _heading_row(spec: SheetSpec, sheet: Sheet) -> int | None:
    """The row with most known headings among the first ones (from 1)."""
    known = set(spec.headings)
    best, most = None, 0
    for number, row in enumerate(sheet.rows[:_HEADING_ROWS], start=1):
        count = len({heading(_text(v)) for v in row} & known)
        if count > most:
            best, most = number, count
    return best


def _outside(
    row: Sequence[Value], columns: Mapping[int, str], place: Place, report: Collector
) -> None:
    for index, value in enumerate(row):
        if index not in columns and value not in (None, ""):
            where = replace(place, column=column_letter(index + 1), value=_text(value))
            report.error("cell_without_heading", where)


def _filled(cells: Mapping[str, Value]) -> bool:
    return any(_text(v) for v in cells.values())


def _first(row: Sequence[Value]) -> Value:
    return next((v for v in row if v not in (None, "")), None)


def _required(spec: SheetSpec) -> str:
    return ", ".join(c.name for c in spec.columns if c.need is not Need.OPTIONAL)


# --- lines ------------------------------------------------------------------------------


def read_lines(spec: SheetSpec, raw: Raw, report: Collector) -> list[Line]:
    """All rows of a sheet with typed values; examples are left out with a note."""
    if not _columns_fit(spec, raw, report):
        return []
    columns = [c for c in spec.columns if c.name in raw.headings]
    lines: list[Line] = []
    read: _Read = {}
    for number, cells in raw.rows:
        place = Place(raw.place.file, raw.place.sheet, number)
        if _text(cells.get(spec.columns[0].name)) == EXAMPLE:
            report.note("example", place)
        else:
            lines.append(_line(columns, cells, place, read, report))
    return lines


def _columns_fit(spec: SheetSpec, raw: Raw, report: Collector) -> bool:
    """Whether all needed columns are there; unknown ones are said and not used."""
    missing = [c.name for c in spec.columns if c.name not in raw.headings]
    for name in raw.headings:
        if name not in spec.headings:
            near = report.near("column", name, missing)
            where = replace(raw.place, column=name)
            code = "column_unknown_near" if near else "column_unknown"
            # A misspelt heading would lose a whole column, a foreign one only itself.
            (report.error if near else report.warning)(code, where, near=near)
    needed = [n for n in missing if spec.column(n).need is not Need.OPTIONAL]
    for name in needed:
        report.error("column_missing", replace(raw.place, column=name))
    return not needed


_Read = dict[tuple[str, Value], Any]
"""Cells that were read without a finding, by column and raw value: most occur many times."""


def _line(
    columns: Sequence[Column],
    cells: Mapping[str, Value],
    place: Place,
    read: _Read,
    report: Collector,
) -> Line:
    values: dict[str, Any] = {}
    good = True
    for column in columns:
        raw = cells.get(column.name)
        key = (column.name, raw)
        if key in read:
            values[column.name] = read[key]
            continue
        text = _text(raw)
        if not text:
            if column.need is Need.FILLED:
                report.error("cell_missing", replace(place, column=column.name))
                good = False
            continue
        where = Place(place.file, place.sheet, place.row, column.name, text)
        findings = len(report.findings)
        value = _READERS[column.kind](column, raw, where, report)
        if value is None:
            good = False
            continue
        values[column.name] = value
        if len(report.findings) == findings and isinstance(raw, str):
            read[key] = value
    return Line(place, values, cells, good)


def _text(value: object) -> str:
    """A cell as text in one line; whole numbers without ``.0``."""
    if value is None:
        return ""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return " ".join(str(value).split())


# --- cells: each reader returns the value, or None after recording what is wrong ----------


def _read_text(_column: Column, raw: Value, place: Place, report: Collector) -> str | None:
    text = _text(raw)
    if len(text) <= MAX_TEXT:
        return text
    report.error("text_long", replace(place, value=text[:40] + "…"), limit=MAX_TEXT)
    return None


def _read_id(_column: Column, raw: Value, place: Place, report: Collector) -> str | None:
    text = _text(raw)
    if len(text) <= 64 and not set(text) & set(" ;:>,"):
        return text
    report.error("id_form", replace(place, value=text[:64]))
    return None


def _read_place(column: Column, raw: Value, place: Place, report: Collector) -> str | None:
    text = _text(raw)
    prefix = column.name.casefold()
    if text.casefold().startswith(prefix):
        text = text[len(prefix) :].lstrip(" .:-")
    if text and len(text) <= 20 and not set(text) & set("/;,<>|"):
        return normal_number(text)
    report.error("place_form", place)
    return None


def _parse(parse: Callable[[object], Any], raw: Value, place: Place, report: Collector) -> Any:
    try:
        return parse(raw)
    except RembugError as error:
        report.error(error.code, place)
        return None


def _read_rupiah(_column: Column, raw: Value, place: Place, report: Collector) -> int | None:
    amount = _parse(parse_rupiah, raw, place, report)
    if amount is None or abs(amount) <= MAX_AMOUNT:
        return amount if amount is None else int(amount)
    report.error("amount_huge", place)
    return None


def _read_volume(_column: Column, raw: Value, place: Place, report: Collector) -> Fraction | None:
    number = _parse(parse_number, raw, place, report)
    if number is None:
        return None
    exact = Fraction(number)
    if isinstance(raw, float):
        rounded = Fraction(round(exact * DECIMALS), DECIMALS)
        # Spreadsheets leave 0.30000000000000004-style dust.
        exact = rounded if abs(exact - rounded) < Fraction(1, 10**9) else exact
    if DECIMALS % exact.denominator:
        report.error("volume_decimals", place)
        return None
    if abs(exact) > 10**9:
        report.error("amount_huge", place)
        return None
    return exact


def _read_count(_column: Column, raw: Value, place: Place, report: Collector) -> int | None:
    number = _parse(parse_number, raw, place, report)
    if number is None:
        return None
    if number.denominator != 1 or not 0 <= number <= 10**9:
        report.error("count_form", place)
        return None
    return int(number)


def _read_choice(column: Column, raw: Value, place: Place, report: Collector) -> str | None:
    wanted = _text(raw).casefold()
    for names in column.allowed:
        if wanted in {n.casefold() for n in names}:
            return names[0]
    report.unknown("choice", place, column.choices, allowed=", ".join(column.choices))
    return None


def _read_field(column: Column, raw: Value, place: Place, report: Collector) -> str | None:
    known = field_id(_text(raw))
    if known is None:
        report.unknown("field", place, field_names(), Severity.WARNING)
    return known or _read_text(column, raw, place, report)


_READERS: Mapping[Kind, Callable[[Column, Value, Place, Collector], Any]] = {
    Kind.TEXT: _read_text,
    Kind.ID: _read_id,
    Kind.PLACE: _read_place,
    Kind.RUPIAH: _read_rupiah,
    Kind.VOLUME: _read_volume,
    Kind.COUNT: _read_count,
    Kind.CHOICE: _read_choice,
    Kind.FIELD: _read_field,
    Kind.UNITS: _read_text,
    Kind.BALLOT: _read_text,
}

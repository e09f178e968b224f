"""XLSX workbooks as grids, opened with care: an upload may be broken or made to harm."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from optimizer.errors import Finding, Place, Severity
from optimizer.files.grid import Sheet, Value, column_letter, refuse

__all__ = ["read_xlsx"]

MAX_COLUMNS = 500
_MAX_MEMBERS = 3000
_MAX_MEMBER = 120 * 2**20
_MAX_TOTAL = 200 * 2**20
_MAX_RATIO = 300
_RATIO_FROM = 5 * 2**20
_MAX_CELLS = 1_500_000
_MAX_TAGS = 9_000_000
_MAX_MERGED = 300_000

_CELL_TAG = re.compile(rb"<(?:\w+:)?(?:c|row)[\s/>]")
_MERGE_TAG = re.compile(rb"<(?:\w+:)?mergeCell\s")
_MERGE = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z]{1,3}\d+(?::[A-Z]{1,3}\d+)?)[\"']"
)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_DOCTYPES = (b"<!DOCTYPE", b"<!ENTITY")

# What zipfile, the XML parser and openpyxl are known to raise on damaged workbooks; openpyxl
# has no error of its own for most of them.
_DAMAGED = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, ParseError, EOFError, OSError,
    LookupError, ValueError, TypeError, AttributeError, ArithmeticError, NotImplementedError,
    RuntimeError,
)  # fmt: skip


def read_xlsx(data: bytes, name: str, max_rows: int) -> tuple[Sheet, ...]:
    """Read all worksheets.

    Raises
    ------
    InputRefused
        The workbook is damaged, far larger than it looks, or uses XML tricks.
    """
    has_formulas = _inspect(data, name)
    try:
        values = _load(data, data_only=True)
        formulas = _load(data, data_only=False) if has_formulas else None
    except _DAMAGED as error:
        raise refuse("table_broken", name) from error
    return tuple(
        _sheet(ws, _formula_cells(formulas, ws.title), name, max_rows) for ws in values.worksheets
    )


def _load(data: bytes, *, data_only: bool) -> Workbook:
    with warnings.catch_warnings():
        # openpyxl warns of features that it drops (validation, styles): not ours to keep.
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data), data_only=data_only, keep_links=False)


def _inspect(data: bytes, name: str) -> bool:
    """Look at the sizes and the raw XML before any parser does; say whether there are formulas."""
    cells = tags = merged = 0
    formulas = False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive, name)
            for info in archive.infolist():
                if not info.filename.endswith((".xml", ".rels", ".vml")):
                    continue
                xml = archive.read(info)
                plain = xml.replace(b"\0", b"")  # also XML in UTF-16
                if any(mark in plain for mark in _DOCTYPES):
                    raise refuse("table_xml_tricks", name)
                tags += plain.count(b"<")
                if "worksheets/" in info.filename or _MERGE_TAG.search(plain):
                    cells += sum(1 for _ in _CELL_TAG.finditer(plain))
                    merged += _merged_area(plain, name)
                    formulas = formulas or _FORMULA.search(plain) is not None
                if cells > _MAX_CELLS or tags > _MAX_TAGS or merged > _MAX_MERGED:
                    raise refuse("table_too_big_inside", name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise refuse("table_broken", name) from error
    return formulas


def _check_sizes(archive: zipfile.ZipFile, name: str) -> None:
    members = archive.infolist()
    bomb = len(members) > _MAX_MEMBERS or sum(m.file_size for m in members) > _MAX_TOTAL
    bomb = bomb or any(
        m.file_size > _MAX_MEMBER
        or (m.file_size > _RATIO_FROM and m.file_size > _MAX_RATIO * max(1, m.compress_size))
        for m in members
    )
    if bomb:
        raise refuse("table_too_big_inside", name)


def _merged_area(xml: bytes, name: str) -> int:
    """Cells below all merged ranges; openpyxl makes an object for each of them."""
    ranges = _MERGE.findall(xml)
    if len(ranges) != sum(1 for _ in _MERGE_TAG.finditer(xml)):
        raise refuse("table_broken", name)
    area = 0
    for found in ranges:
        left, top, right, bottom = _bounds(found.decode("ascii"))
        area += max(0, right - left + 1) * max(0, bottom - top + 1)
    return area


def _bounds(text: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(text)
    return int(left or 1), int(top or 1), int(right or 1), int(bottom or 1)


def _cells(ws: Worksheet) -> Iterator[Any]:
    """Only the cells that exist: a stray one in row 1 048 576 must not cost a million rows."""
    yield from ws._cells.values()


def _formula_cells(workbook: Workbook | None, title: str) -> set[tuple[int, int]]:
    if workbook is None:
        return set()
    return {(c.row, c.column) for c in _cells(workbook[title]) if c.data_type == "f"}


def _plain(value: Any) -> Value:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else str(value) or None


def _sheet(ws: Worksheet, formula_cells: set[tuple[int, int]], name: str, max_rows: int) -> Sheet:
    found: dict[tuple[int, int], Value] = {}
    problems: dict[tuple[int, int], str] = {}
    errors: dict[tuple[int, int], str] = {}
    for cell in _cells(ws):
        place = (cell.row, cell.column)
        if cell.data_type == "e":
            problems[place] = "table_formula_error"
            errors[place] = str(cell.value)
        elif cell.value is not None:
            found[place] = _plain(cell.value)
        elif place in formula_cells:
            problems[place] = "table_formula_uncached"
    merged = _fill_merged(ws, found)
    places = [*found, *problems]
    height, width = max((r for r, _ in places), default=0), max((c for _, c in places), default=0)
    if height > max_rows:
        raise refuse("table_too_many_rows", name, Place(name, ws.title), limit=max_rows)
    if width > MAX_COLUMNS:
        raise refuse("table_too_many_columns", name, Place(name, ws.title), limit=MAX_COLUMNS)
    grid: list[list[Value]] = [[None] * width for _ in range(height)]
    for (row, column), value in found.items():
        grid[row - 1][column - 1] = value
    sheet = Sheet(
        ws.title,
        tuple(tuple(row) for row in grid),
        ws.sheet_state != "visible",
        _hidden_rows(ws, {r for r, _ in places}),
        _hidden_columns(ws, {c for _, c in places}),
        MappingProxyType(merged),
        MappingProxyType(problems),
    )
    return replace(sheet, findings=tuple(_findings(sheet, errors, name)))


def _fill_merged(
    ws: Worksheet, found: dict[tuple[int, int], Value]
) -> dict[tuple[int, int], tuple[int, int]]:
    merged: dict[tuple[int, int], tuple[int, int]] = {}
    for area in ws.merged_cells.ranges:
        left, top, right, bottom = area.bounds
        value = found.get((top, left))
        if value is None:
            continue
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                merged[row, column] = (top, left)
                found[row, column] = value
    return merged


def _hidden_rows(ws: Worksheet, used: set[int]) -> frozenset[int]:
    return frozenset(r for r, row in ws.row_dimensions.items() if row.hidden and r in used)


def _hidden_columns(ws: Worksheet, used: set[int]) -> frozenset[int]:
    hidden = [d for d in ws.column_dimensions.values() if d.hidden]
    return frozenset(
        c for c in used if any((d.min or 0) <= c <= (d.max or d.min or 0) for d in hidden)
    )


def _findings(sheet: Sheet, errors: dict[tuple[int, int], str], name: str) -> Iterator[Finding]:
    here = Place(name, sheet.name)
    if sheet.hidden:
        yield Finding("table_hidden_sheet", Severity.WARNING, here)
    if sheet.hidden_rows:
        rows = ", ".join(str(r) for r in sorted(sheet.hidden_rows))
        yield Finding("table_hidden_rows", Severity.WARNING, here, {"rows": rows})
    if sheet.hidden_columns:
        columns = ", ".join(column_letter(c) for c in sorted(sheet.hidden_columns))
        yield Finding("table_hidden_columns", Severity.WARNING, here, {"columns": columns})
    for (row, column), code in sorted(sheet.problems.items()):
        value = errors.get((row, column), "")
        yield Finding(
            code, Severity.WARNING, Place(name, sheet.name, row, column_letter(column), value)
        )

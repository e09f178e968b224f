"""Tables as workbooks: numbers as numbers, no formula, the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from xlsxwriter import Workbook

from optimizer.tables.edge import Filed, filed, headings, text
from optimizer.tables.model import Column, Kind, Table
from optimizer.tables.to_csv import safe_cell
from optimizer.words import Words

__all__ = ["new_workbook", "to_xlsx"]

_FIXED = datetime(2023, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_TEXT, _WHOLE, _PARTS, _SHARE = "@", "#,##0", "#,##0.###", "0.0%"
_WIDTHS = (10, 60)


def new_workbook(out: io.BytesIO) -> Workbook:
    """A workbook in memory with nothing in it that depends on when it was written."""
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": _FIXED})
    return book


def to_xlsx(tables: Sequence[Table], words: Words) -> bytes:
    """The tables as one workbook, a sheet each."""
    out = io.BytesIO()
    with new_workbook(out) as book:
        pages = _Pages(book, words)
        for table in tables:
            pages.add(table)
    return out.getvalue()


class _Pages:
    """The sheets of a workbook, with the formats that they share."""

    def __init__(self, book: Workbook, words: Words) -> None:
        self._book, self._words = book, words
        self._bold = book.add_format({"bold": True})
        forms = (_TEXT, _WHOLE, _PARTS, _SHARE)
        self._formats = {form: book.add_format({"num_format": form}) for form in forms}

    def add(self, table: Table) -> None:
        page, top = self._book.add_worksheet(table.name), len(table.title)
        for number, line in enumerate(table.title):
            page.write_string(number, 0, text(line, self._words), self._bold)
        page.freeze_panes(top + 1, 0)
        for index, heading in enumerate(headings(table, self._words)):
            column = table.columns[index]
            values = [filed(row[index], self._words, column) for row in table.rows]
            page.write_string(top, index, heading, self._bold)
            page.set_column(index, index, _width(heading, values))
            for number, value in enumerate(values, start=top + 1):
                self._cell(page, (number, index), column, value)

    def _cell(self, page: Any, at: tuple[int, int], column: Column, value: Filed) -> None:
        if isinstance(value, str):
            if value:
                page.write_string(*at, safe_cell(value), self._formats[_TEXT])
        elif value is not None:
            page.write_number(*at, float(value), self._formats[_form(column, value)])


def _width(heading: str, values: Sequence[Filed]) -> int:
    least, most = _WIDTHS
    longest = max((len(v) for v in values if isinstance(v, str)), default=0)
    return max(least, len(heading) + 2, min(most, longest))


def _form(column: Column, value: float | Fraction) -> str:
    if column.kind is Kind.SHARE:
        return _SHARE
    return _WHOLE if value == int(value) else _PARTS

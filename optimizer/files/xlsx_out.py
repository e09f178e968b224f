"""Tables as CSV and XLSX, the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from xlsxwriter import Workbook

from optimizer.files.tables import safe_cell, write_csv

__all__ = ["Cell", "Table", "new_workbook", "workbook"]

Cell = str | int | None

_FIXED = datetime(2023, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_WIDTHS = {"Uraian Kegiatan": 42, "Alasan": 60, "Bidang": 22, "Keterangan": 20, "Kelurahan": 20}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings, with lines of title above them (none where a program reads it)."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: tuple[str, ...] = ()

    def csv(self, separator: str = ";") -> bytes:
        """As CSV: UTF-8 with BOM; title lines are as wide as the table."""
        if not self.title:
            return write_csv(self.rows, self.headings, separator)
        padding = ("",) * (len(self.headings) - 1)
        first, *others = self.title
        above: list[Sequence[Cell]] = [(line, *padding) for line in others]
        return write_csv([*above, self.headings, *self.rows], (first, *padding), separator)


def workbook(tables: Sequence[Table]) -> bytes:
    """The tables as one XLSX, a sheet each; the same bytes every time."""
    out = io.BytesIO()
    with new_workbook(out) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        rupiah = book.add_format({"num_format": "#,##0"})
        for table in tables:
            page = book.add_worksheet(table.name)
            for number, line in enumerate(table.title):
                page.write_string(number, 0, line, bold)
            top = len(table.title)
            for column, heading in enumerate(table.headings):
                page.write_string(top, column, heading, bold)
                page.set_column(column, column, _WIDTHS.get(heading, max(10, len(heading) + 2)))
            page.freeze_panes(top + 1, 0)
            for number, row in enumerate(table.rows, start=top + 1):
                for column, value in enumerate(row):
                    if isinstance(value, int):
                        page.write_number(number, column, value, rupiah)
                    elif value:
                        page.write_string(number, column, safe_cell(value), text)
    return out.getvalue()


def new_workbook(out: io.BytesIO) -> Workbook:
    """A workbook in memory with nothing in it that depends on when it was written."""
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": _FIXED})
    return book

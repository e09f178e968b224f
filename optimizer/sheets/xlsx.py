"""Documents as workbooks: official headings, numbers as numbers, the same bytes every time."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from optimizer.palette import STATUS_COLOURS
from optimizer.sheets.layout import Bar, Cell, Column, Document, Kind, Page, Status, Table
from optimizer.tables.to_xlsx import new_workbook
from optimizer.words import INDONESIAN, Words

__all__ = ["render_xlsx", "sheet_names"]

_FORMATS = {Kind.RUPIAH: "[$-421]#,##0", Kind.NUMBER: "[$-421]#,##0.###", Kind.SHARE: "[$-421]0.0%"}
_WHOLE = "[$-421]#,##0"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']+")
_DANGEROUS = tuple("=+-@\t\r\n")
_A4 = 9
_LINE = 15
_LONGEST = 32_000


def sheet_names(pages: tuple[Page, ...]) -> list[str]:
    """Names that a workbook takes: at most 31 characters, none twice, nothing forbidden."""
    names: list[str] = []
    for page in pages:
        plain = _FORBIDDEN.sub("-", page.name).strip()[:31] or "Lembar"
        name, number = plain, 2
        while name.casefold() in {n.casefold() for n in names}:
            name = f"{plain[: 30 - len(str(number))]} {number}"
            number += 1
        names.append(name)
    return names


def render_xlsx(document: Document, words: Words = INDONESIAN) -> bytes:
    """The document as one workbook, a worksheet for each page."""
    out = io.BytesIO()
    pages = document.book or document.pages
    with new_workbook(out) as book:
        styles = _Styles(book)
        for name, page in zip(sheet_names(pages), pages, strict=True):
            _Sheet(book.add_worksheet(name), styles, document, page, words).write()
    return out.getvalue()


class _Styles:
    """Formats of one workbook, made once each."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def get(self, **wanted: Any) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_name": "Arial", **wanted})
        return self._made[key]


def _lines(value: Cell, width: int) -> int:
    """Lines that a cell's words take in a column, at a careful guess."""
    text = value.text if isinstance(value, Status | Bar) else value
    if not isinstance(text, str) or len(text) < width:
        return 1
    return -(-len(text) * 20 // (19 * width))


class _Sheet:
    """One worksheet, written from the top."""

    def __init__(
        self, sheet: Any, styles: _Styles, document: Document, page: Page, words: Words
    ) -> None:
        self.sheet = sheet
        self.styles = styles
        self.document = document
        self.page = page
        self.words = words
        self.row = 0
        self.columns = max((len(t.columns) for t in page.tables), default=1)
        self.widths = [
            max((t.columns[i].width for t in page.tables if i < len(t.columns)), default=12)
            for i in range(self.columns)
        ]

    def write(self) -> None:
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width)
        self._paper()
        for mark in self.document.marks:
            self._line(self.words.say(f"sheet.mark.{mark}"), bold=True)
        self._line(self.page.title, bold=True, font_size=13)
        for text in self.page.lines:
            self._line(text)
        for number, table in enumerate(self.page.tables):
            self._table(table, only=number == 0 and len(self.page.tables) == 1)
        self.row += 1
        for text in (*self.page.notes, *self.document.foot):
            self._line(text, font_size=8)
        self._signatures()

    def _paper(self) -> None:
        sheet = self.sheet
        sheet.set_paper(_A4)
        if self.document.wide:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.set_footer("&R&8&P / &N")

    def _line(self, text: str, **style: Any) -> None:
        """A line across all columns, as high as its words need."""
        if not text:
            return
        room = sum(self.widths) * (0.8 if style.get("font_size", 11) > 11 else 1.0)
        lines = -(-len(text) // max(int(room), 10))
        form = self.styles.get(text_wrap=True, valign="top", **style)
        if self.columns > 1:
            self.sheet.merge_range(self.row, 0, self.row, self.columns - 1, "", form)
        self._text(self.row, 0, text, form)
        self.sheet.set_row(self.row, _LINE * lines + (4 if style.get("font_size", 11) > 11 else 0))
        self.row += 1

    def _text(self, row: int, column: int, text: str, form: Any) -> None:
        self.sheet.write_string(row, column, text[:_LONGEST], form)

    def _table(self, table: Table, *, only: bool) -> None:
        self.row += 1
        if table.caption:
            self._line(table.caption, bold=True)
        if not table.rows and table.empty:
            self._line(table.empty)
            return
        head = self.styles.get(
            bold=True,
            border=1,
            bg_color="#EEF2F4",
            text_wrap=True,
            valign="vcenter",
            align="left",
            indent=1,
        )
        for index, column in enumerate(table.columns):
            self._text(self.row, index, column.heading, head)
        self._height([column.heading + "  " for column in table.columns])
        if only:
            self.sheet.repeat_rows(self.row)
            self.sheet.freeze_panes(self.row + 1, 0)
            self.sheet.autofilter(self.row, 0, self.row + len(table.rows), len(table.columns) - 1)
        self.row += 1
        for row in table.rows:
            self._cells(table, row)
        if table.total:
            self._cells(table, table.total, bold=True)

    def _cells(self, table: Table, row: tuple[Cell, ...], **style: Any) -> None:
        for index, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            self._cell(index, column, value, style)
        self._height(row)
        self.row += 1

    def _height(self, row: Sequence[Cell]) -> None:
        """Not every program makes rows as high as their words need."""
        lines = max(_lines(v, w) for v, w in zip(row, self.widths, strict=False))
        if lines > 1:
            self.sheet.set_row(self.row, _LINE * lines)

    def _cell(self, index: int, column: Column, value: Cell, style: dict[str, Any]) -> None:
        base = {"border": 1, "valign": "top", **style}
        if isinstance(value, Status):
            ground = STATUS_COLOURS[value.kind]
            form = self.styles.get(text_wrap=True, align="left", indent=1, bg_color=ground, **base)
            self._text(self.row, index, value.text, form)
        elif isinstance(value, Bar):
            form = self.styles.get(text_wrap=True, align="left", indent=1, **base)
            self._text(self.row, index, value.text, form)
        elif value is None or value == "":
            self.sheet.write_blank(self.row, index, None, self.styles.get(**base))
        elif isinstance(value, str):
            # Text stays text, also after somebody has edited the cell.
            quoted = {"quote_prefix": True} if value.startswith(_DANGEROUS) else {}
            form = self.styles.get(
                num_format="@", text_wrap=True, align="left", indent=1, **quoted, **base
            )
            self._text(self.row, index, value, form)
        else:
            self._number(index, column, value, base)

    def _number(
        self, index: int, column: Column, value: int | Fraction, base: dict[str, Any]
    ) -> None:
        number = int(value) if Fraction(value).denominator == 1 else float(value)
        whole = column.kind is Kind.NUMBER and isinstance(number, int)
        form = _WHOLE if whole else _FORMATS.get(column.kind, "General")
        self.sheet.write_number(self.row, index, number, self.styles.get(num_format=form, **base))

    def _signatures(self) -> None:
        for signature in self.page.signatures:
            self.row += 1
            self._line(signature.place)
            self._line(signature.role)
            self.row += 3
            self._line("(……………………………………)")

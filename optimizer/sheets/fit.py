"""How large a page that is read from a distance can be printed so that it stays one page of A4.

Heights are estimated from the number of letters; a browser's own line breaks differ a little.
"""

from __future__ import annotations

from textwrap import wrap

from optimizer.sheets.layout import Cell, Document, Page, Status, Table

__all__ = ["far_size"]

_SIZES = (15, 14, 13, 12, 11, 10, 9)
_HEIGHT, _WIDTH = 268, 190  # in mm, inside the margins, with a little to spare
_POINT = 0.353
_LETTER = 0.56  # mean width of a letter, in its size
_TABLE = 8.5


def far_size(document: Document, page: Page) -> int:
    """The largest type in points; 0 where nothing on the page is read from a distance."""
    if not any(table.far for table in page.tables):
        return 0
    return next((s for s in _SIZES if _height(document, page, s) <= _HEIGHT), _SIZES[-1])


def _height(document: Document, page: Page, size: int) -> float:
    tables = sum(_table(t, size if t.far else _TABLE) for t in page.tables)
    marks = 5 + 4.5 * len(document.marks)
    foot = 5 + sum(_text(line, 7) for line in document.foot)
    lines = 3 + sum(_text(line, 10) for line in page.lines)
    notes = 3 + sum(_text(note, 9) for note in page.notes)
    return marks + _text(page.title, 1.6 * size) + lines + tables + notes + foot


def _text(text: str, size: float, width: float = _WIDTH) -> float:
    """Height of a text, in mm."""
    letters = max(1, int(width / (_LETTER * size * _POINT)))
    return max(1, len(wrap(text, letters))) * 1.33 * size * _POINT


def _table(table: Table, size: float) -> float:
    caption = 10 if table.caption else 3
    whole = sum(column.width for column in table.columns)
    widths = [_WIDTH * c.width / whole - 3 for c in table.columns]
    rows: list[tuple[Cell, ...]] = [tuple(c.heading for c in table.columns), *table.rows]
    rows += [table.total] if table.total else []
    return caption + sum(
        1.2 + max(_text(_words(c), size, w) for c, w in zip(row, widths, strict=True))
        for row in rows
    )


def _words(cell: Cell) -> str:
    """What may be broken into lines: numbers and bars are not."""
    if isinstance(cell, Status):
        return cell.text
    return cell if isinstance(cell, str) else ""

"""Tables as HTML; what people typed is shown as it is."""

from __future__ import annotations

from markupsafe import Markup

from optimizer.tables.edge import headings, texts
from optimizer.tables.model import Column, Kind, Table
from optimizer.words import Words

__all__ = ["to_html"]

_RIGHT = frozenset({Kind.RUPIAH, Kind.NUMBER, Kind.SHARE, Kind.POINTS, Kind.VOLUME})
_CELL, _NAME, _HEAD = (
    Markup("<td{}>{}</td>"),
    Markup('<th scope="row"{}>{}</th>'),
    Markup('<th scope="col"{}>{}</th>'),
)
_ROW = Markup("<tr>{}</tr>")


def to_html(table: Table, words: Words) -> Markup:
    """A table with the names of its rows and columns as headings; numbers stand right."""
    sides = [_side(column) for column in table.columns]
    names = zip(sides, headings(table, words), strict=True)
    head = Markup().join(_HEAD.format(*pair) for pair in names)
    rows = Markup().join(_row(row, sides, table.keys) for row in texts(table, words))
    body = Markup("<table><thead>{}</thead><tbody>{}</tbody></table>")
    return body.format(_ROW.format(head), rows)


def _row(cells: list[str], sides: list[Markup], keys: int) -> Markup:
    pairs = enumerate(zip(sides, cells, strict=True))
    return _ROW.format(
        Markup().join((_NAME if i < keys else _CELL).format(*pair) for i, pair in pairs)
    )


def _side(column: Column) -> Markup:
    return Markup(' class="r"') if column.kind in _RIGHT else Markup()

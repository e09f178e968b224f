"""Cells as people read them: the one place where a value becomes text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from optimizer.tables.model import (
    UNKNOWN,
    Cell,
    Column,
    Joined,
    Kind,
    Pair,
    Table,
    Under,
    Value,
    Volume,
)
from optimizer.words import Message, Words

__all__ = ["NOTHING", "Filed", "filed", "headings", "is_number", "text", "texts"]

NOTHING = "–"
"""What stands where a column does not apply."""
Filed: TypeAlias = str | int | float | Fraction | None
_INDENT = "  "
_PLACES = {Kind.NUMBER: 3, Kind.POINTS: 2, Kind.SHARE: 1}
_DIGITS = set("123456789")
_PLAIN = Column("")


def is_number(cell: Cell) -> bool:
    """Whether a cell is a number, or two of them: such are never wrapped."""
    if isinstance(cell, Pair):
        return is_number(cell.first) or is_number(cell.second)
    number = isinstance(cell, int | float | Fraction | Value | date)
    return number and not isinstance(cell, bool)


def text(cell: Cell, words: Words, column: Column = _PLAIN) -> str:
    """A cell of a column in words."""
    if cell is None:
        return NOTHING
    if cell is UNKNOWN:
        return words.say("compare.untold")
    if isinstance(cell, Message):
        return words.say(
            cell.key, **{name: _datum(part, words) for name, part in cell.data.items()}
        )
    if isinstance(cell, Pair):
        return cell.between.join(text(part, words, column) for part in (cell.first, cell.second))
    if isinstance(cell, Joined):
        return cell.by.join(text(part, words, column) for part in cell.parts)
    if isinstance(cell, Under):
        return _INDENT * cell.depth + text(cell.name, words, column)
    if isinstance(cell, Volume):
        return words.volume(cell.amount, cell.unit)
    if isinstance(cell, Value):
        return _number(cell.value, words, cell.kind, cell.places)
    if isinstance(cell, Mapping):
        return words.pick(cell)
    if callable(cell):
        return cell(words)
    return _plain(cell, words, column)


def _datum(value: Any, words: Words) -> Any:
    """What the phrase's own placeholder cannot write: the cells that are made of others."""
    made = isinstance(value, Value | Volume | Pair | Joined | Message)
    return text(value, words) if made else value


def _plain(cell: str | int | float | Fraction | date, words: Words, column: Column) -> str:
    if isinstance(column.phrase, tuple):
        return words.say(column.phrase[bool(cell)])
    if column.phrase:
        return words.say(f"{column.phrase}.{cell}")
    if isinstance(cell, date):
        return words.date(cell.isoformat())
    if isinstance(cell, str) or column.kind is Kind.TEXT:
        return str(cell)
    written = _number(cell, words, column.kind, column.places)
    return f"+{written}" if column.signed and cell > 0 and set(written) & _DIGITS else written


def _number(value: int | float | Fraction, words: Words, kind: Kind, places: int | None) -> str:
    if kind is Kind.RUPIAH:
        return words.rupiah(round(value))
    exact = Fraction(value)
    most = _PLACES.get(kind, 3) if places is None else places
    return words.share(exact, most) if kind is Kind.SHARE else words.number(exact, most)


def filed(cell: Cell, words: Words, column: Column = _PLAIN) -> str | int | float | Fraction | None:
    """A cell as a file holds it: numbers as numbers, nothing for what is not there."""
    if cell is None or cell is UNKNOWN:
        return None
    if isinstance(cell, Under):
        return filed(cell.name, words, column)
    if isinstance(cell, Volume):  # a reader of recaps takes it back, whatever the language
        return text(cell, Words())
    if isinstance(cell, Value):
        return cell.value
    if isinstance(cell, str | int | float | Fraction) and not column.phrase:
        return cell
    return text(cell, words, column)


def headings(table: Table, words: Words) -> list[str]:
    """The headings of a table in words."""
    return [text(column.heading, words) for column in table.columns]


def texts(table: Table, words: Words) -> list[list[str]]:
    """Every cell of a table in words."""
    return [
        [text(cell, words, column) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]

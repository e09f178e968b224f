"""What a result is: rows of typed values under columns that say what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, StrEnum
from fractions import Fraction
from typing import TypeAlias

from optimizer.words import Message, Words

__all__ = [
    "UNKNOWN",
    "Between",
    "Cell",
    "Column",
    "Joined",
    "Kind",
    "Pair",
    "Table",
    "Under",
    "Unknown",
    "Value",
    "Volume",
    "columns",
    "plain",
]


class Kind(StrEnum):
    """What a column holds; it decides how a cell is written and aligned."""

    TEXT = "text"
    RUPIAH = "rupiah"
    NUMBER = "number"
    SHARE = "share"
    POINTS = "points"
    VOLUME = "volume"
    DATE = "date"
    STATUS = "status"
    MESSAGE = "message"


class Unknown(Enum):
    """What the data cannot tell. Unknown is never zero, and never "does not apply" (``None``)."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN


class Between(StrEnum):
    """What joins the two values of a :class:`Pair`."""

    OF = " / "
    TO = " → "
    RANGE = " – "


@dataclass(frozen=True, slots=True)
class Value:
    """A value of another kind than its column's, such as an amount inside a phrase."""

    value: int | float | Fraction
    kind: Kind
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Volume:
    """So much of something, in its unit."""

    amount: Fraction
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two values that are read together: a part of a whole, before and after, low and high."""

    first: Cell
    second: Cell
    between: Between


@dataclass(frozen=True, slots=True)
class Joined:
    """Several cells in one, such as the bounds of an account."""

    parts: tuple[Cell, ...]
    by: str = ", "


@dataclass(frozen=True, slots=True)
class Under:
    """A name that stands below another one, so many steps in."""

    name: Cell
    depth: int


# A mapping is a name by language; a function is a sentence that is said with the words given.
Cell: TypeAlias = (
    str | int | float | Fraction | date | Unknown
    | Message | Value | Volume | Pair | Joined | Under | Mapping[str, str] | Callable[[Words], str]
    | None
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    key : str
        Its name for programs: in JSON, pandas, and in CSV that is no form.
    heading : Cell
        Its name for people: text, a phrase, or a name by language.
    phrase : str or (str, str)
        Of ids and statuses: what stands before them in the ids of their phrases; of yes and no:
        the phrases for no and for yes.
    places : int, optional
        Decimals that are written at most.
    signed : bool
        Whether the numbers are differences, written with their sign.
    """

    key: str
    heading: Cell = ""
    kind: Kind = Kind.TEXT
    phrase: str | tuple[str, str] = ""
    places: int | None = None
    signed: bool = False


def columns(family: str, /, **kinds: Kind) -> tuple[Column, ...]:
    """Columns whose headings are the phrases ``<family>.<key>``."""
    return tuple(Column(key, Message(f"{family}.{key}"), kind) for key, kind in kinds.items())


def plain(headings: Iterable[str]) -> tuple[Column, ...]:
    """Columns of an official form or a file: its headings are their names, in any language."""
    return tuple(Column(heading, heading) for heading in headings)


@dataclass(frozen=True)
class Table:
    """Rows under their columns.

    Attributes
    ----------
    name : str
        Of its file and of its sheet.
    title
        Lines above the headings, where people read it.
    keys : int
        How many columns at the front name the row; no renderer parts a row from its name.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: tuple[Cell, ...] = ()
    keys: int = 1

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"{self.name}: a row is not as wide as the table")

    def __len__(self) -> int:
        return len(self.rows)

    def records(self) -> list[dict[str, Cell]]:
        """The rows by the keys of their columns."""
        names = [column.key for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    def where(self, wanted: Callable[[dict[str, Cell]], bool]) -> Table:
        """The rows that somebody looks for."""
        pairs = zip(self.records(), self.rows, strict=True)
        return replace(self, rows=tuple(row for record, row in pairs if wanted(record)))

    def first(self, count: int) -> Table:
        """As many rows from the top."""
        return replace(self, rows=self.rows[:count])

    def pick(self, *keys: str) -> Table:
        """Some of the columns, in the order asked for."""
        at = {column.key: index for index, column in enumerate(self.columns)}
        chosen = [at[key] for key in keys]
        return replace(
            self,
            columns=tuple(self.columns[i] for i in chosen),
            rows=tuple(tuple(row[i] for i in chosen) for row in self.rows),
        )

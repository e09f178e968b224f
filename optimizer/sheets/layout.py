"""What a sheet is made of: columns as data, tables, pages, one document for paper and Excel.

A sheet is described once; :mod:`optimizer.sheets.html` prints it on A4 and
:mod:`optimizer.sheets.xlsx` writes it as a workbook.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

__all__ = [
    "Bar",
    "Cell",
    "Column",
    "Document",
    "Kind",
    "Mark",
    "Page",
    "Signature",
    "Status",
    "Table",
]


class Kind(StrEnum):
    """What a column holds, which decides how it is written and aligned."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    RUPIAH = "rupiah"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Status:
    """A status in words; ``kind`` (pass, finding, breach, unknown) only colours its ground."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Bar:
    """An amount beside its limit, drawn as a bar on paper and written as text in Excel."""

    text: str
    part: Fraction
    colour: str
    hatched: bool = False


Cell = str | int | Fraction | Status | Bar | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``width`` in characters, which both paper and Excel follow."""

    heading: str
    kind: Kind = Kind.TEXT
    width: int = 12


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their columns.

    Attributes
    ----------
    total : tuple or None
        A last row, printed bold.
    empty : str
        What stands there when there is no row.
    far : bool
        Read from a distance: printed as large as its page has room.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    total: tuple[Cell, ...] | None = None
    empty: str = ""
    far: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs; the name is left to the pen."""

    role: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page on paper (longer ones flow on) and a worksheet in Excel.

    Attributes
    ----------
    name : str
        Name of the worksheet, and what a reader jumps to.
    title, lines
        Heading, and what stands below it.
    notes
        Sentences below the tables.
    """

    name: str
    title: str
    tables: tuple[Table, ...]
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()


class Mark(StrEnum):
    """What a sheet must not be mistaken for: its phrase is ``sheet.mark.<mark>``."""

    DRAFT = "draft"
    SIMULATION = "simulation"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class Document:
    """A sheet.

    Attributes
    ----------
    file : str
        File name without its ending.
    marks
        Drawn over every page and written above every table.
    foot
        Lines at the end of every page.
    book
        Pages of the workbook where they differ from those on paper.
    """

    file: str
    title: str
    pages: tuple[Page, ...]
    marks: tuple[Mark, ...] = ()
    foot: tuple[str, ...] = ()
    wide: bool = False
    book: tuple[Page, ...] = ()

"""Raw tables as a spreadsheet shows them: rows of cells, and what must be known about them.

Values stay as they were found; meaning (amounts, RT, fields) is the business of the readers
that use these grids. Rows and columns are counted from 1, as a spreadsheet shows them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from optimizer.errors import Finding, InputRefused, Place, Severity

__all__ = ["Sheet", "Tables", "Value", "column_letter", "holds_identity_number", "refuse"]

Value = str | int | float | None

_SIXTEEN = re.compile(r"(?<!\d)\d(?:[ .\-'_\u00a0]?\d){15}(?!\d)")
_RANGE_OF_AMOUNTS = re.compile(r"\d{1,3}(?:\.\d{3})+-\d{1,3}(?:\.\d{3})+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a file.

    Attributes
    ----------
    rows
        All rows from row 1 to the last one with content; rows may differ in length.
        Dates are ISO text, merged ranges are filled into all of their cells.
    merged
        Cell (row, column) → first cell of the merged range it belongs to.
    problems
        Cell → ``table_formula_error`` or ``table_formula_uncached``; the value there is None.
    findings
        What the reader of this sheet should say if it uses the sheet.
    """

    name: str
    rows: tuple[tuple[Value, ...], ...]
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: Mapping[tuple[int, int], tuple[int, int]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    problems: Mapping[tuple[int, int], str] = field(default_factory=lambda: MappingProxyType({}))
    findings: tuple[Finding, ...] = ()

    def value(self, row: int, column: int) -> Value:
        """The value at a place; None outside of the table."""
        if 1 <= row <= len(self.rows) and 1 <= column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return None

    @property
    def empty(self) -> bool:
        """Whether no cell holds anything."""
        return all(value is None or value == "" for row in self.rows for value in row)


@dataclass(frozen=True, slots=True)
class Tables:
    """All sheets of one file. ``refused`` names the sheets of which nothing was kept."""

    name: str
    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...] = ()
    refused: tuple[str, ...] = ()

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of this name, whatever its capitals and spaces around it."""
        wanted = name.strip().casefold()
        return next((s for s in self.sheets if s.name.strip().casefold() == wanted), None)


def column_letter(column: int) -> str:
    """The letters that a spreadsheet shows above a column.

    Examples
    --------
    >>> column_letter(1), column_letter(28)
    ('A', 'AB')
    """
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def holds_identity_number(value: Value) -> bool:
    """Whether a value may hold a NIK or KK number.

    Sixteen digits (also grouped) built as those numbers are: province 11–96, district,
    then a date whose day is 01–31 (plus 40 for women) and whose month is 01–12. The serial
    at the end is not looked at: a spreadsheet keeps 15 digits of a number and writes 0.

    Examples
    --------
    >>> holds_identity_number("1.000.000.000.000.000")
    False
    """
    if value is None:
        return False
    if isinstance(value, float):
        if not 10**15 <= value < 10**16:
            return False
        value = int(value)
    if isinstance(value, int):
        return 10**15 <= value < 10**16 and _built_like_identity(str(value))
    if len(value) < 16:
        return False
    return any(
        _RANGE_OF_AMOUNTS.fullmatch(found) is None
        and _built_like_identity(re.sub(r"\D", "", found))
        for found in _SIXTEEN.findall(value)
    )


def _built_like_identity(digits: str) -> bool:
    province, day, month = int(digits[:2]), int(digits[6:8]), int(digits[8:10])
    return 11 <= province <= 96 and 1 <= day % 40 <= 31 and day <= 71 and 1 <= month <= 12


def refuse(code: str, name: str, place: Place | None = None, **data: object) -> InputRefused:
    """A whole file refused for one reason."""
    where = place or Place(file=name)
    return InputRefused([Finding(code, Severity.ERROR, where, data)], name)

"""Tables as CSV that an office opens with a double click."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from optimizer.tables.edge import filed, headings, text
from optimizer.tables.model import Table
from optimizer.words import Words

__all__ = ["DANGEROUS", "safe_cell", "to_csv", "write_csv"]

DANGEROUS = "=+-@\t\r\n＝＋－＠"
"""What a spreadsheet takes for the beginning of a formula."""
_NEGATIVE = re.compile(r"-\s?(?:Rp\.?\s?)?\d[\d.,]*%?")


def to_csv(table: Table, words: Words, separator: str = ";", *, by_key: bool = False) -> bytes:
    """A table as CSV; title lines are as wide as the table.

    Parameters
    ----------
    by_key
        For programs: the keys as headings and ids as they are, without titles.
    """
    if by_key:
        bare = [[filed(cell, words) for cell in row] for row in table.rows]
        return write_csv(bare, [column.key for column in table.columns], separator)
    rows = [
        [filed(cell, words, column) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    names = headings(table, words)
    if not table.title:
        return write_csv(rows, names, separator)
    above = [text(line, words) for line in table.title]
    first, *others = ([line, *[""] * (len(names) - 1)] for line in above)
    return write_csv([*others, names, *rows], first, separator)


def safe_cell(text: str) -> str:
    """Make a cell harmless that a spreadsheet would run as a formula.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("-1.500"), safe_cell("- cat tembok")
    ("'=1+1", '-1.500', "'- cat tembok")
    """
    if text and text[0] in DANGEROUS and not _NEGATIVE.fullmatch(text):
        return "'" + text
    return text


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Fraction):
        return _decimal(value)
    if isinstance(value, float):
        return _decimal(Fraction(repr(value)))
    return safe_cell(value) if isinstance(value, str) else str(value)


def _decimal(value: Fraction) -> str:
    """Decimal comma; never exactly three decimals, which could be read as thousands."""
    if value.denominator == 1:
        return str(value.numerator)
    sign, (whole, rest) = "-" if value < 0 else "", divmod(round(abs(value) * 10**6), 10**6)
    decimals = f"{rest:06d}".rstrip("0")
    return f"{sign}{whole},{decimals + '0' if len(decimals) == 3 else decimals or '0'}"


def write_csv(
    rows: Iterable[Sequence[object]], headings: Sequence[str], separator: str = ";"
) -> bytes:
    """CSV that Excel opens with a double click: UTF-8 with BOM, harmless cells.

    Parameters
    ----------
    rows
        Text, whole rupiah (int, without separators), quantities (Fraction, float), None.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow([safe_cell(h) for h in headings])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return codecs.BOM_UTF8 + out.getvalue().encode("utf-8")

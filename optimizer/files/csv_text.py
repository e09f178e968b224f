"""CSV as offices save it, in any usual encoding and with any usual separator."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter

from optimizer.errors import Place
from optimizer.files.grid import Sheet, Value, refuse
from optimizer.tables.to_csv import DANGEROUS

__all__ = ["read_csv"]

_SEPARATORS = (";", ",", "\t")
_SAMPLE_ROWS = 80
_MADE_SAFE = re.compile(f"'[{re.escape(DANGEROUS)}]")


def read_csv(data: bytes, name: str, max_rows: int) -> Sheet:
    """Read one CSV file as a sheet without a name.

    Raises
    ------
    InputRefused
        Binary content, a quotation mark that is never closed, too many rows.
    """
    text = _decode(data)
    if "\x00" in text:
        raise refuse("table_binary", name)
    separator = None
    if text[:4].casefold() == "sep=":  # Excel's own first line; it shows no row for it
        first, _, text = text.partition("\n")
        separator = first[4:5].strip("\r") or None
    rows = _rows(text, separator or _separator(text), name, max_rows)
    if _MADE_SAFE.search(text):
        rows = [tuple(_as_meant(cell) for cell in row) for row in rows]
    return Sheet("", tuple(rows))


def _decode(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    sample = data[:2000]
    if len(sample) > 3 and sample.count(0) > len(sample) // 4:
        # UTF-16 without its mark: Latin letters have every second byte zero.
        order = "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
        return data.decode(order, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _separator(text: str) -> str:
    """The separator that gives the most regular table in the first rows."""
    sample = "\n".join(text[:200_000].splitlines()[:_SAMPLE_ROWS])

    def regularity(separator: str) -> int:
        try:
            widths = Counter(len(r) for r in csv.reader(io.StringIO(sample), delimiter=separator))
        except csv.Error:
            return 0
        return max(((w - 1) * n for w, n in widths.items() if w > 1), default=0)

    return max(_SEPARATORS, key=regularity)


def _rows(text: str, separator: str, name: str, max_rows: int) -> list[tuple[Value, ...]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[Value, ...]] = []
    try:
        for row in reader:
            rows.append(tuple(cell if cell else None for cell in row))
            if len(rows) > max_rows:
                raise refuse("table_too_many_rows", name, limit=max_rows)
    except csv.Error as error:
        # The row in which the quotation mark was opened, not the end of the file.
        raise refuse("table_quotes", name, Place(name, row=len(rows) + 1)) from error
    return rows


def _as_meant(cell: Value) -> Value:
    """Take the apostrophe of :func:`~optimizer.tables.to_csv.safe_cell` off again."""
    return cell[1:] if isinstance(cell, str) and _MADE_SAFE.match(cell) else cell

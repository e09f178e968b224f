"""Tables for programs: plain rows for JSON, pandas, Parquet."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

import pandas as pd

from optimizer.tables.edge import filed
from optimizer.tables.model import Kind, Table
from optimizer.words import INDONESIAN, Words

__all__ = ["to_frame", "to_parquet", "to_rows"]

_NUMBERS = frozenset({Kind.RUPIAH, Kind.NUMBER, Kind.SHARE, Kind.POINTS})


def to_rows(table: Table, words: Words) -> list[dict[str, Any]]:
    """Rows by key as JSON writes them; what is not known is ``None``."""
    return [
        {name: _plain(filed(cell, words)) for name, cell in record.items()}
        for record in table.records()
    ]


def _plain(value: Any) -> Any:
    if not isinstance(value, Fraction):
        return value
    return int(value) if value.denominator == 1 else float(value)


def to_frame(table: Table, words: Words | None = None) -> pd.DataFrame:
    """A DataFrame with a column for each key; what is not known is missing, never zero."""
    rows, names = to_rows(table, words or INDONESIAN), [c.key for c in table.columns]
    kinds = {
        name: "Int64" if all(row[name] is None or isinstance(row[name], int) for row in rows)
        else "Float64"
        for name in (c.key for c in table.columns if c.kind in _NUMBERS)
    }  # fmt: skip
    return pd.DataFrame(rows, columns=names).astype(kinds)


def to_parquet(table: Table) -> bytes:
    """The DataFrame as Parquet; it needs pyarrow, which comes with the screens."""
    out = io.BytesIO()
    to_frame(table).to_parquet(out, index=False)
    return out.getvalue()

"""Tidy tables of a what-if as plain data and as CSV."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.files.computed import write_set
from optimizer.files.safely import write_file
from optimizer.tables.to_csv import write_csv

__all__ = ["plain_rows", "write_tables"]


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON writes them; what is not known is ``None``."""
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 (not a number)
        return None
    return value.item() if hasattr(value, "item") else value


def write_tables(tables: Mapping[str, pd.DataFrame], out: Path, separator: str) -> tuple[Path, ...]:
    """Write the tables: the first into a ``.csv``, or all of them into a folder.

    Raises
    ------
    RembugError
        Where nothing can be written.
    """
    if not tables:
        return ()
    if out.suffix.lower() == ".csv":
        write_file(out, _csv(next(iter(tables.values())), separator))
        return (out,)
    files = ((f"{name}.csv", _csv(table, separator)) for name, table in tables.items())
    return write_set(out, "whatif", files)


def _csv(table: pd.DataFrame, separator: str) -> bytes:
    rows = [list(row.values()) for row in plain_rows(table)]
    return write_csv(rows, [str(c) for c in table.columns], separator)

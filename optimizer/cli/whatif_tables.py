"""Tidy tables of a what-if as plain data and as CSV."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from optimizer.errors import RembugError
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
        ``output_folder`` where nothing can be written.
    """
    single = out.suffix.lower() == ".csv"
    names = list(tables)[:1] if single else list(tables)
    files = []
    try:
        (out.parent if single else out).mkdir(parents=True, exist_ok=True)
        for name in names:
            file = out if single else out / f"{name}.csv"
            rows = [list(row.values()) for row in plain_rows(tables[name])]
            headings = [str(c) for c in tables[name].columns]
            file.write_bytes(write_csv(rows, headings, separator))
            files.append(file)
    except OSError as error:
        raise RembugError("output_folder", folder=out, problem=error.strerror) from error
    return tuple(files)

"""Tables with numbers written as the person's language writes them, still sorted as numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from optimizer.tables import Cell, Column, Kind, Table, texts
from optimizer.tables.edge import NOTHING, headings, text
from optimizer.ui.words import number, percent, rupiah, t, words
from optimizer.words import Words

__all__ = ["draw_table", "show_table"]

Formatter = Callable[[Any], str]


def _or_dash(format_: Formatter) -> Formatter:
    return lambda value: NOTHING if pd.isna(value) else format_(value)


_KINDS: Mapping[str, Formatter] = {
    "rupiah": _or_dash(lambda value: rupiah(int(value))),
    "count": _or_dash(lambda value: number(int(value))),
    "share": _or_dash(lambda value: percent(float(value))),
    "number": _or_dash(lambda value: number(Fraction(value), 1)),
    "text": _or_dash(str),
}


def draw_table(table: Table, *, alt: str) -> None:
    """Show a table; ``alt`` says what it is to people who do not see it."""
    if not table.rows:
        st.markdown(t("table.empty"))
        return
    reader = words()
    said, names = texts(table, reader), headings(table, reader)
    shown: dict[str, Any] = {}
    formats: dict[str, Any] = {}
    for i, (name, column) in enumerate(zip(names, table.columns, strict=True)):
        numbers = _numbers(column, [row[i] for row in table.rows])
        shown[name] = [row[i] for row in said] if numbers is None else numbers
        if numbers is not None:
            formats[name] = partial(_written, reader, column)
    frame = pd.DataFrame(shown).style.format(formats)
    st.dataframe(frame, hide_index=True, placeholder=NOTHING, alt=alt)


def _numbers(column: Column, cells: Sequence[Cell]) -> Any:
    """A column that sorts as numbers; ``None`` where it holds anything else."""
    if column.kind is Kind.TEXT or column.phrase:
        return None
    numbers = [float(c) if isinstance(c, int | float | Fraction) else c for c in cells]
    plain = all(c is None or isinstance(c, float) for c in numbers)
    return pd.Series(numbers, dtype="Float64") if plain else None


def _written(reader: Words, column: Column, value: Any) -> str:
    return text(None if pd.isna(value) else value, reader, column)


def show_table(
    rows: Sequence[Sequence[Any]],
    columns: Mapping[str, str],
    *,
    alt: str,
) -> None:
    """Show rows under headings.

    Parameters
    ----------
    columns
        Heading → kind of value: ``rupiah``, ``count``, ``share`` (0 to 1), ``number``
        (one place) or ``text``.
    alt
        What the table is, for people who do not see it.
    """
    if not rows:
        st.markdown(t("table.empty"))
        return
    frame = pd.DataFrame(rows, columns=list(columns))
    styled = frame.style.format({heading: _KINDS[kind] for heading, kind in columns.items()})
    st.dataframe(styled, hide_index=True, placeholder=NOTHING, alt=alt)

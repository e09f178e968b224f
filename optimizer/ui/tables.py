"""Tables with numbers written as the person's language writes them, still sorted as numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd
import streamlit as st

from optimizer.ui.words import number, percent, rupiah, t

__all__ = ["show_table"]

NOTHING = "–"
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

"""Every result is a table: typed cells under columns that say what they hold.

What a result says it says once, as a :class:`Table`; text is made only at the edge:

=====================================  =======================================================
terminal                               :mod:`~optimizer.tables.to_terminal`
notebook, page                         :mod:`~optimizer.tables.to_html`
workbook                               :mod:`~optimizer.tables.to_xlsx`
CSV                                    :mod:`~optimizer.tables.to_csv`
JSON, pandas, Parquet                  :mod:`~optimizer.tables.to_data`
screen                                 ``ui/tables.py``
=====================================  =======================================================
"""

from optimizer.tables.edge import texts
from optimizer.tables.model import (
    UNKNOWN,
    Between,
    Cell,
    Column,
    Joined,
    Kind,
    Pair,
    Table,
    Under,
    Value,
    Volume,
    columns,
    plain,
)

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
    "Value",
    "Volume",
    "columns",
    "plain",
    "texts",
]

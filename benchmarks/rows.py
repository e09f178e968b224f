"""All rows by name, in the order of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from benchmarks import (
    app_rows,
    decision_rows,
    elections,
    field_rows,
    growth,
    many_rows,
    solving_rows,
)
from benchmarks.setting import Setting
from benchmarks.timing import Row

__all__ = ["NAMES", "run"]

Measure: TypeAlias = Callable[[Setting], Row | None]

_ROWS: Mapping[str, Measure] = {
    "rt": solving_rows.one_rt,
    "kelurahan-support": solving_rows.support,
    "kelurahan": solving_rows.kelurahan,
    "city": solving_rows.city,
    "margins": solving_rows.margins,
    "cards": decision_rows.cards,
    "sweep": many_rows.sweep_row,
    "resamples-200": decision_rows.resamples_200,
    "leximin": decision_rows.leximin,
    "frontier": decision_rows.frontier,
    "near-optimal": decision_rows.near_optimal,
    "resamples": many_rows.resamples,
    "resamples-shared": many_rows.resamples_shared,
    "fields-linear": field_rows.fields_linear,
    "fields-even": field_rows.fields_even,
    "growth-rt": growth.growth_rt,
    "growth-proposals": growth.growth_proposals,
    "elections": elections.elections,
    "app-rerun": app_rows.app_rerun,
    "app-rt": app_rows.app_rt,
    "app-kelurahan": app_rows.app_kelurahan,
}
NAMES = tuple(_ROWS)


def run(
    names: Iterable[str] = NAMES,
    *,
    quick: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[Row]:
    """Measure some rows, each with its peers in the same run.

    Parameters
    ----------
    names
        Of :data:`NAMES`.
    quick
        Small sizes, one run: to see that everything works, not for figures.
    """
    setting, asked, rows = Setting(quick), tuple(dict.fromkeys(names)), []
    for number, name in enumerate(asked, start=1):
        row = _ROWS[name](setting)
        if row is not None:
            rows.append(row)
        if progress is not None:
            progress(number, len(asked))
    return rows

"""The levels that a file says were chosen, as far as they can be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from optimizer.formulation.problem import Item, Problem
from optimizer.plan import plain_number
from optimizer.record.dataset import Dataset
from optimizer.record.proposals import Proposal

__all__ = ["recorded_levels", "rows_of", "volume_at"]

_NUMBER = re.compile(r"\d{1,15}(\.\d{1,15})?")


def rows_of(record: Mapping[str, Any]) -> dict[str, int]:
    """The row of each proposal in the file; of one that stands in it twice, the first."""
    rows = record.get("funded")
    found: dict[str, int] = {}
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, Mapping) and isinstance(row.get("id"), str):
            found.setdefault(row["id"], number)
    return found


def recorded_levels(
    record: Mapping[str, Any], problem: Problem, dataset: Dataset
) -> dict[int, int | None]:
    """Level by item of each proposal in the file; ``None`` where none can be read."""
    rows = rows_of(record)
    return {
        index: _level(item, dataset.by_id[item.id], record["funded"][rows[item.id]].get("volume"))
        for index, item in enumerate(problem.items)
        if item.id in rows
    }


def volume_at(proposal: Proposal, level: int) -> int | float:
    """The volume of a level, as a plan writes it."""
    return plain_number(proposal.least + proposal.step * (level - 1)) if level else 0


def _level(item: Item, proposal: Proposal, written: object) -> int | None:
    """A number in quotes is read all the same: what is wrong with it is said elsewhere."""
    if isinstance(written, bool) or not _NUMBER.fullmatch(str(written)):
        return None
    steps = (Fraction(str(written)) - proposal.least) / proposal.step
    level = 1 + round(steps)
    fits = 1 <= level <= item.top and volume_at(proposal, level) == float(str(written))
    return level if fits else None

"""Read a ``plan.json`` back as it stands, to be compared with what its levels give.

Nothing is put right here: a key written twice, NaN, or a number in quotes stay to be named.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from optimizer.errors import RembugError
from optimizer.versions import PLAN_SCHEMA

__all__ = ["Written", "read_record"]

MAX_BYTES = 200_000_000


class Written(dict[str, Any]):
    """A JSON object as it was written.

    Attributes
    ----------
    twice : tuple of str
        Keys that stand in it more than once; the last value is kept.
    """

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        keys = [key for key, _ in pairs]
        many = len(keys) > len(self)
        self.twice = tuple(k for k in self if keys.count(k) > 1) if many else ()


def read_record(path: Path) -> Written:
    """The record of a plan.

    Raises
    ------
    RembugError
        ``file_missing``, ``file_too_large`` or ``plan_unreadable``.
    """
    if not path.is_file():
        raise RembugError("file_missing", path=path)
    if path.stat().st_size > MAX_BYTES:
        raise RembugError("file_too_large", path=path.name, limit=MAX_BYTES // 10**6)
    try:
        record = json.loads(path.read_text("utf-8-sig"), object_pairs_hook=Written)
    except (ValueError, RecursionError) as error:
        raise RembugError("plan_unreadable", path=path.name) from error
    if not isinstance(record, Written) or not _is_plan(record):
        raise RembugError("plan_unreadable", path=path.name)
    return record


def _is_plan(record: Written) -> bool:
    return record.get("schema") == PLAN_SCHEMA or "funded" in record

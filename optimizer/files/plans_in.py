"""Read a ``plan.json`` back, so that the judge of plans can look at it again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from optimizer.errors import RembugError
from optimizer.record.policy import Policy
from optimizer.rules import Listed
from optimizer.versions import PLAN_SCHEMA

__all__ = ["RecordedPlan", "read_plan"]

MAX_BYTES = 200_000_000


@dataclass(frozen=True)
class RecordedPlan:
    """What a plan says about itself.

    Attributes
    ----------
    values
        Claimed value of each stage.
    inputs_sha256 : str
        Of the scenario that it was computed from.
    """

    listed: Listed
    values: Mapping[str, int]
    inputs_sha256: str


def read_plan(path: Path, policy: Policy) -> RecordedPlan:
    """Read a plan that was made under a policy.

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
        record = json.loads(path.read_text("utf-8-sig"))
        if record["schema"] != PLAN_SCHEMA:
            raise RembugError("plan_unreadable", path=path.name)
        return RecordedPlan(
            listed=_listed(record, policy),
            values={str(k): int(v) for k, v in record["objective"].items()},
            inputs_sha256=str(record["inputs_sha256"]),
        )
    # Whatever shape hostile JSON has, it ends in one of these.
    except (
        KeyError,
        TypeError,
        ValueError,
        ArithmeticError,
        AttributeError,
        RecursionError,
    ) as error:
        raise RembugError("plan_unreadable", path=path.name) from error


def _listed(record: Mapping[str, Any], policy: Policy) -> Listed:
    funded: Sequence[Mapping[str, Any]] = record["funded"]
    rows: Sequence[Mapping[str, Any]] = record["allocations"]
    pools = {account.id for account in policy.pools}
    return Listed(
        volumes={str(item["id"]): Fraction(str(item["volume"])) for item in funded},
        contributions={
            (str(unit), str(item["id"])): int(amount)
            for item in funded
            if len(item["contributions"]) > 1
            for unit, amount in item["contributions"].items()
        },
        pool_shares={
            (str(row["unit"]), str(row["account"])): int(row["programmed"])
            for row in rows
            if row["account"] in pools
        },
        reserved={
            (str(row["unit"]), str(row["account"])): int(row["reserved"])
            for row in rows
            if row["reserved"]
        },
    )

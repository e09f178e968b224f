"""Plans beside each other as tables: their measures, their fields, what changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from optimizer.compare import Comparison, Measures
from optimizer.tables import (
    UNKNOWN,
    Between,
    Cell,
    Column,
    Kind,
    Pair,
    Table,
    Under,
    Value,
    Volume,
    columns,
)
from optimizer.words import Message

__all__ = ["difference_table", "field_table", "measure_table"]

# How each measure is written, and the whole of which it is a part.
_MEASURES: Mapping[str, tuple[Kind, str]] = {
    "support": (Kind.NUMBER, ""),
    "support_cost": (Kind.RUPIAH, ""),
    "first_priorities": (Kind.NUMBER, "lists"),
    "proposals": (Kind.NUMBER, ""),
    "joint_in": (Kind.NUMBER, "joint"),
    "families_served": (Kind.NUMBER, "families"),
    "findings": (Kind.NUMBER, ""),
    "letters": (Kind.NUMBER, ""),
    "unknown": (Kind.NUMBER, ""),
    "least_rt": (Kind.SHARE, ""),
    "least_rw": (Kind.SHARE, ""),
    "inequality": (Kind.NUMBER, ""),
    "spent": (Kind.RUPIAH, ""),
    "spent_per_family": (Kind.RUPIAH, ""),
    "idle": (Kind.RUPIAH, ""),
    "unassigned": (Kind.RUPIAH, ""),
    "reserved": (Kind.RUPIAH, ""),
    "pool_unspent": (Kind.RUPIAH, ""),
}
_PARTS = frozenset({"letters", "unassigned", "reserved", "pool_unspent"})


def measure_table(found: Comparison, heads: Sequence[str] = ()) -> Table:
    """A row for each measure and a column for each plan, headed by its name or by ``heads``."""
    rows = [
        (
            Under(Message(f"compare.measure.{name}"), name in _PARTS),
            *(_figure(m, name) for m in found.measures),
        )
        for name in _MEASURES
    ]
    return _beside(found, "measures", heads, rows)


def _figure(found: Measures, name: str) -> Cell:
    kind, whole = _MEASURES[name]
    value = getattr(found, name)
    if value is None:
        return UNKNOWN
    if whole:
        return Pair(value, getattr(found, whole), Between.OF)
    return Value(Fraction(value, 1000) if kind is Kind.SHARE else value, kind)


def field_table(found: Comparison, heads: Sequence[str] = ()) -> Table:
    """Share of the pagu of all units in each account, and the largest share allowed."""
    policies = [plan.scenario.policy for plan in found.plans]
    names = {k: a.name for p in reversed(policies) for k, a in p.by_id.items()}
    sides: dict[str, dict[str, Cell]] = {name: {} for name in found.names}
    accounts: dict[str, Cell] = {}
    for row in found.fields.to_dict("records"):
        sides[row["plan"]][row["account"]] = _against(row)
        accounts[row["account"]] = names[row["account"]]
    rows = [
        (name, *(side.get(account) for side in sides.values()))
        for account, name in accounts.items()
    ]
    return _beside(found, "fields", heads, rows)


def _against(row: Mapping[Any, Any]) -> Pair:
    """``21,4% / 40%``: what is programmed, and what is allowed."""
    allowed = Fraction(row["most"], row["pagu"]) if row["pagu"] else Fraction(0)
    return Pair(Value(row["share"], Kind.SHARE), Value(allowed, Kind.SHARE), Between.OF)


def _beside(
    found: Comparison, name: str, heads: Sequence[str], rows: Sequence[tuple[Cell, ...]]
) -> Table:
    plans = zip(found.names, heads or found.names, strict=True)
    head = Column("what"), *(Column(key, shown, Kind.NUMBER) for key, shown in plans)
    return Table(name, head, tuple(rows))


def difference_table(found: Comparison, plan: str) -> Table:
    """The proposals in which a plan differs from the first, with the change in rupiah."""
    head = (
        *columns("compare.column", id=Kind.TEXT),
        Column("change", Message("compare.column.change"), Kind.STATUS, "compare.change"),
        *columns("compare.column", title=Kind.TEXT, owner=Kind.TEXT, volume=Kind.VOLUME),
        Column("cost", Message("compare.column.cost"), Kind.RUPIAH, signed=True),
    )
    rows = (
        (
            row["id"],
            row["change"],
            row["title"],
            row["owner"],
            Pair(Volume(row["before"]), Volume(row["after"], row["measure"]), Between.TO),
            row["cost_after"] - row["cost_before"],
        )
        for row in found.differences.to_dict("records")
        if row["plan"] == plan
    )
    return Table("differences", head, tuple(rows))

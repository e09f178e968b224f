"""Envelopes as tables: money by field beside its bounds, what a point more is worth, open calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from optimizer.envelopes.fieldplan import FieldPlan
from optimizer.record.policy import Account
from optimizer.record.policy_tables import bounds
from optimizer.record.weights import WeightSource
from optimizer.tables import Cell, Column, Kind, Table, Under, columns
from optimizer.territory import full_place
from optimizer.words import Message

__all__ = ["field_table", "open_table", "price_table", "source_table"]

# One point: a percent of the pagu in a field that has all the weight (evenness 0).
POINTS = 100


def field_table(fields: FieldPlan) -> Table:
    """Every account: weight, bounds, envelope, share of the pagu, activities, what is beyond."""
    head = columns(
        "fields.money",
        field=Kind.TEXT,
        weight=Kind.SHARE,
        bound=Kind.TEXT,
        envelope=Kind.RUPIAH,
        share=Kind.SHARE,
        activities=Kind.RUPIAH,
        beyond=Kind.RUPIAH,
    )
    pagu = int(fields.program.budgets.sum())
    rows = [
        (
            Under(account.name, account.id.count("/")),
            _weight(fields, account),
            bounds(account),
            *_money(fields, account, pagu),
        )
        for account in fields.scenario.policy.by_id.values()
    ]
    idle = sum(fields.idle.values())
    rows.append((Message("fields.money.idle"), None, None, idle, _part(idle, pagu), None, None))
    rows.append((Message("fields.money.pagu"), None, None, pagu, _part(pagu, pagu), None, None))
    return Table("amplop", head, tuple(rows))


def _money(fields: FieldPlan, account: Account, pagu: int) -> tuple[Cell, ...]:
    leaves = [leaf.id for leaf in account.walk() if leaf.is_leaf]
    money = sum(row[leaf] for row in fields.money.values() for leaf in leaves)
    used = sum(row.get(leaf, 0) for row in fields.activities.values() for leaf in leaves)
    return money, _part(money, pagu), used, money - used


def _part(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def _weight(fields: FieldPlan, account: Account) -> Fraction | None:
    """Mean weight over the units that have any; an account inside a field has none of its own."""
    if "/" in account.id:
        return None
    known = [w.shares for w in fields.weights.values() if w.shares]
    mean = sum((shares.get(account.id, Fraction(0)) for shares in known), Fraction(0))
    return mean / len(known) if known else None


def price_table(fields: FieldPlan) -> Table:
    """Bounds that hold the optimum: in how many units, and a point more or less solved again."""
    by_id = fields.scenario.policy.by_id
    head = (
        Column("rule", Message("fields.price.rule")),
        Column("side", Message("fields.price.side"), Kind.STATUS, "fields.side"),
        Column("binding", Message("fields.price.binding"), Kind.NUMBER),
        Column("more", Message("fields.price.more"), Kind.POINTS, places=2, signed=True),
        Column("less", Message("fields.price.less"), Kind.POINTS, places=2, signed=True),
        Column("stuck", Message("fields.price.stuck"), Kind.NUMBER),
    )
    rows = (
        (
            by_id[p.account].name if p.account in by_id else Message("fields.money.pagu"),
            p.side,
            p.binding,
            p.more * POINTS,
            p.less * POINTS,
            max(p.stuck_up, p.stuck_down) or None,
        )
        for p in fields.points()
    )
    return Table("harga_batas", head, tuple(rows))


def open_table(fields: FieldPlan) -> Table:
    """Where residents want money that no activity takes, most first: the call for proposals."""
    names = fields.scenario.policy.by_id
    head = columns("fields.open", place=Kind.TEXT, field=Kind.TEXT, beyond=Kind.RUPIAH)
    rows = sorted(_open(fields), key=lambda row: -row[2])
    return Table(
        "perlu_usulan", head, tuple((full_place(u), names[a].name, n) for u, a, n in rows), keys=2
    )


def _open(fields: FieldPlan) -> Iterator[tuple[str, str, int]]:
    for unit, money in fields.money.items():
        used = fields.activities.get(unit, {})
        for account, amount in money.items():
            if amount > used.get(account, 0):
                yield unit, account, amount - used.get(account, 0)


def source_table(fields: FieldPlan) -> Table:
    """Where the weights come from, and in how many units."""
    counted = Counter(found.source for found in fields.weights.values())
    head = (
        Column("source", Message("fields.source"), Kind.STATUS, "fields.source"),
        Column("units", Message("fields.source.units"), Kind.NUMBER),
    )
    rows = tuple((source.value, counted[source]) for source in WeightSource if counted[source])
    return Table("asal_bobot", head, rows)

"""Policies as tables: which there are, what one says, and how two differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from optimizer.record.policy import Account, Bound, ItemRule, Policy, Source
from optimizer.tables import Cell, Column, Joined, Kind, Table, Under, Value, columns
from optimizer.words import Message

__all__ = ["bound_table", "bounds", "difference_table", "policy_table", "rule_table"]

_TEXT = Kind.TEXT
_FREE = Message("cli.policy.no_bound")


def policy_table(policies: Iterable[Policy]) -> Table:
    """One row for each policy."""
    head = columns("cli.policy", id=_TEXT, year=_TEXT, regulation=_TEXT, reading=_TEXT, name=_TEXT)
    rows = (
        (Joined((p.id, *p.aliases)), p.fiscal_year, p.regulation, p.reading, p.name)
        for p in policies
    )
    return Table("policies", head, tuple(rows))


# --- one policy -------------------------------------------------------------------------


def bound_table(policy: Policy) -> Table:
    """A row for each bound of an account; one that says so where it has none of its own."""
    head = (
        *columns("cli.policy", account=_TEXT, bound=_TEXT),
        Column("decided", Message("cli.policy.decided"), Kind.STATUS, "cli.decided"),
        *_ORIGIN,
    )
    rows = [
        (_name(account), said, account.decided_at if account.is_leaf else None, *origin)
        for account in policy.by_id.values()
        for said, *origin in _bound_rows(account)
    ]
    return Table("bounds", head, tuple(rows))


_ORIGIN = (
    *columns("cli.policy", letter=_TEXT, source=_TEXT),
    Column("certainty", Message("cli.policy.certainty"), Kind.STATUS, "cli.certainty"),
)


def _name(account: Account) -> Under:
    return Under(account.name, account.id.count("/"))


def _bound_rows(account: Account) -> Iterable[tuple[Cell, ...]]:
    if not account.bounds:
        return [(_FREE, None, None, None)]
    return [(_bound(b), *_origin(b.letter if b.waivable else "", b.origin)) for b in account.bounds]


def bounds(account: Account) -> Cell:
    """The bounds of an account: ``paling sedikit 20%, paling banyak 40%``; ``None`` without any."""
    return Joined(tuple(_bound(bound) for bound in account.bounds)) if account.bounds else None


def _bound(bound: Bound) -> Message:
    amount: Cell = Message("cli.bound.unknown")
    if bound.share is not None:
        amount = Value(bound.share, Kind.SHARE)
    elif bound.rupiah is not None:
        amount = Value(bound.rupiah, Kind.RUPIAH)
    return Message(f"cli.bound.{bound.side}", {"amount": amount})


def _origin(letter: str, origin: Source) -> tuple[Cell, Cell, Cell]:
    """The letter that a meeting may write, where a rule comes from, and how certain that is."""
    article = origin.known_article
    where = (origin.source, Message("cli.policy.article", {"article": article}) if article else "")
    return (
        Message("cli.policy.letter_of", {"letter": letter}) if letter else None,
        Joined(tuple(part for part in where if part)) if any(where) else None,
        origin.certainty,
    )


def rule_table(policy: Policy) -> Table:
    """A row for each rule on activities."""
    rows = tuple((_rule(rule), *_origin(rule.letter, rule.origin)) for rule in policy.rules)
    return Table("rules", (*columns("cli.policy", rule=Kind.MESSAGE), *_ORIGIN), rows)


def _rule(rule: ItemRule) -> Cell:
    return rule.text or rule.id


# --- two policies -----------------------------------------------------------------------


def difference_table(one: Policy, other: Policy) -> Table:
    """What is not the same in both: pagu, reading, bounds of accounts, letters, rules."""
    sides = [dict(_statements(policy)) for policy in (one, other)]
    head = (
        *columns("cli.policy", what=_TEXT),
        *(Column(p.id, p.id, Kind.MESSAGE) for p in (one, other)),
    )
    about = {key: name for side in reversed(sides) for key, (name, _) in side.items()}
    order = dict.fromkeys(key for side in sides for key in side)
    rows = [(about[key], *(side.get(key, (None, None))[1] for side in sides)) for key in order]
    return Table("differences", head, tuple(row for row in rows if row[1] != row[2]))


_Statement = tuple[Cell, Cell]


def _statements(policy: Policy) -> Iterator[tuple[str, _Statement]]:
    """Everything that a policy rules: what it is about in words, and what is said of it."""
    yield "pagu", (Message("cli.policy.pagu"), Value(policy.pagu, Kind.RUPIAH))
    yield "reading", (Message("cli.policy.reading"), policy.reading)
    for account in policy.by_id.values():
        yield account.id, (account.name, bounds(account) or _FREE)
        letters = sorted({b.letter for b in account.bounds if b.waivable and b.letter})
        if letters:
            name = Message("cli.policy.letter_for", {"name": account.name})
            yield f"letter {account.id}", (name, Joined(tuple(letters)))
    for rule in policy.rules:
        yield f"rule {rule.id}", (Message("cli.policy.rule_for", {"rule": rule.id}), _rule(rule))

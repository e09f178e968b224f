"""Elections as tables: rules beside each other, what each set brings, what the best one holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from optimizer.elections.declared import DeclaredRule, real_winners
from optimizer.elections.optimum import Optimum
from optimizer.elections.peers import peers
from optimizer.files.pabulib.counting import measure
from optimizer.files.pabulib.election import Election
from optimizer.tables import Cell, Column, Kind, Table
from optimizer.words import Message

__all__ = ["peer_table", "selected_table", "set_table"]


def _column(key: str, kind: Kind = Kind.NUMBER, heading: str = "", **data: str) -> Column:
    return Column(key, Message(f"cli.pabulib.{heading or key}", data), kind, places=2)


_PEERS = (
    Column("election"),
    Column("rule", Message("cli.pabulib.set"), Kind.STATUS, "cli.pabulib.peer"),
    Column("capped", Message("cli.pabulib.caps"), Kind.STATUS,
           ("cli.pabulib.uncapped", "cli.pabulib.capped")),
    _column("projects", heading="count"),
    _column("value", heading="support"),
    _column("cost"),
    _column("broken"),
    _column("over"),
    Column("outcome", kind=Kind.STATUS),
)  # fmt: skip


def peer_table(elections: Iterable[Election], time_limit: float | None = None) -> Table:
    """:func:`~optimizer.elections.peers` of several elections, one row for each rule.

    ``broken`` counts the limits that are exceeded, ``over`` says by how much in all, in the
    currency of the file.
    """
    rows = (
        (
            peer.election,
            peer.rule,
            peer.capped,
            len(peer.selected),
            float(peer.value),
            float(peer.cost),
            len(peer.breaches),
            float(sum(b.over for b in peer.breaches)),
            peer.outcome.value,
        )
        for election in elections
        for peer in peers(election, time_limit)
    )
    return Table("peers", _PEERS, tuple(rows), keys=2)


def set_table(election: Election, best: Optimum, rule: DeclaredRule) -> Table:
    """How many projects a set holds, what they cost together, and their support."""
    head = (_column("set", Kind.TEXT), _column("count"), _column("cost"), _value(best))
    rows = ((name, *_sums(election, winners)) for name, winners in _sets(election, best, rule))
    return Table("sets", head, tuple(rows))


def _sets(
    election: Election, best: Optimum, rule: DeclaredRule
) -> Iterator[tuple[Cell, tuple[str, ...]]]:
    yield Message("cli.pabulib.best"), best.selected
    if rule.winners is not None:
        yield Message("cli.pabulib.rule", {"rule": rule.rule}), rule.winners
    real = real_winners(election)
    if real is not None:
        yield Message("cli.pabulib.real"), real


def _sums(election: Election, winners: tuple[str, ...]) -> tuple[Cell, ...]:
    support, chosen = measure(election).values, set(winners)
    cost = sum(p.cost for p in election.projects if p.id in chosen)
    return len(chosen), cost, sum(support[i] for i in chosen)


def selected_table(election: Election, best: Optimum) -> Table:
    """The projects of the best set."""
    projects, support = {p.id: p for p in election.projects}, measure(election).values
    head = (_column("id", Kind.TEXT), _column("name", Kind.TEXT), _column("cost"), _value(best))
    rows = ((i, projects[i].name, projects[i].cost, support[i]) for i in best.selected)
    return Table("selected", head, tuple(rows))


def _value(best: Optimum) -> Column:
    return _column("value", measure=best.measure)

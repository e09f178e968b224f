"""What-if questions about one item of a piece, as changed pieces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from optimizer.formulation.problem import Item, Kind, Limit, Linear, Problem
from optimizer.money import split
from optimizer.record.proposals import Proposal

__all__ = ["Amount", "at_level", "inside", "largest", "less", "out", "supported", "whole"]


@dataclass(frozen=True, slots=True)
class Amount:
    """An item taken whole at some volume: rupiah and fixed-point support there."""

    volume: Fraction
    cost: int
    support: int


def _with_item(piece: Problem, index: int, item: Item) -> Problem:
    items = (*piece.items[:index], item, *piece.items[index + 1 :])
    return replace(piece, items=items)


def out(piece: Problem, index: int) -> Problem:
    """The piece with an item out."""
    return _with_item(piece, index, replace(piece.items[index], fixed=0, forced=False))


def inside(piece: Problem, index: int) -> Problem:
    """The piece with an item in, at whichever level."""
    return _with_item(piece, index, replace(piece.items[index], fixed=None, forced=True))


def supported(piece: Problem, index: int, support: Linear) -> Problem:
    """The piece with another support of an item."""
    return _with_item(piece, index, replace(piece.items[index], support=support))


def at_level(piece: Problem, index: int, level: int) -> Problem:
    """The piece with an item in at one of its own levels."""
    item = piece.items[index]
    single = replace(
        item,
        cost=Linear(item.cost.at(level)),
        payers=tuple((u, Linear(amount.at(level))) for u, amount in item.payers),
        support=Linear(item.support.at(level)),
    )
    return _single(piece, index, single, lambda _, quantity: quantity.at(level))


def whole(piece: Problem, index: int, proposal: Proposal, low: Amount, high: Amount) -> Problem:
    """The piece with an item in at one volume and cost.

    With two different amounts it is a relaxation of everything between them: it pays ``low`` and
    is worth ``high``; rules from below look at ``high``, others at ``low``.
    """
    item = piece.items[index]
    single = replace(
        item,
        cost=Linear(low.cost),
        payers=_payers(item, proposal, low.cost, exact=low == high),
        support=Linear(high.support),
    )

    def quantity(limit: Limit, asked: Linear) -> int:
        amount = low if limit.lower is None else high
        return asked.at(item.top) + less(limit, proposal, amount)

    return _single(piece, index, single, quantity)


def less(limit: Limit, proposal: Proposal, amount: Amount) -> int:
    """By how much an item's quantity in a limit differs from that of its asked volume."""
    volume, cost = amount.volume - proposal.volume, amount.cost - proposal.full_cost
    return int(limit.by_volume * volume) + limit.by_rupiah * cost


def _single(
    piece: Problem, index: int, item: Item, quantity: Callable[[Limit, Linear], int]
) -> Problem:
    """The piece with an item that is in with one level only."""
    chosen = replace(item, extra=0, fixed=None, forced=True)
    items = [*piece.items[:index], chosen, *piece.items[index + 1 :]]
    before = piece.items[index]
    rest = before.support.at(before.top) - item.support.base
    if item.kind is Kind.OWN and rest:
        # What was wanted of the account stays what it was: the part that is not asked for.
        nothing = tuple((u, Linear(0)) for u, _ in item.payers)
        support = Linear(rest)
        items.append(
            replace(chosen, cost=Linear(0), payers=nothing, support=support, fixed=0, forced=False)
        )
    limits = piece.limits
    if any(i == index for limit in limits for i, _ in limit.terms):
        limits = tuple(
            replace(
                limit,
                terms=tuple(
                    (i, Linear(quantity(limit, q)) if i == index else q) for i, q in limit.terms
                ),
            )
            for limit in limits
        )
    return replace(piece, items=tuple(items), limits=limits)


def _payers(
    item: Item, proposal: Proposal, cost: int, *, exact: bool
) -> tuple[tuple[int, Linear], ...]:
    if not item.payers:
        return ()
    weights = proposal.shares or (1,) * len(item.payers)
    # Largest remainders may rise by a rupiah when the whole falls: rounded down is surely less.
    parts = split(cost, weights) if exact else [cost * w // sum(weights) for w in weights]
    return tuple((u, Linear(p)) for (u, _), p in zip(item.payers, parts, strict=True))


def largest(low: int, high: int, may: Callable[[int, int], bool]) -> int | None:
    """The largest whole number n from low to high with ``may(n, n)``.

    Parameters
    ----------
    may
        ``may(a, b)`` is False only where no number from a to b will do; for a = b it is exact.
    """
    stretches = [(low, high)]
    while stretches:
        a, b = stretches.pop()
        if a > b or not may(a, b):
            continue
        if a == b:
            return a
        middle = (a + b) // 2
        stretches += [(a, middle), (middle + 1, b)]
    return None

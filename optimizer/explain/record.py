"""Cards as plain data, for JSON."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from optimizer.explain.binding import Binding
from optimizer.explain.card import AccountCard, Card
from optimizer.explain.moves import Move
from optimizer.words import INDONESIAN, Words

__all__ = ["account_record", "card_record"]


def _number(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def _binding(binding: Binding) -> dict[str, Any]:
    return {
        "kind": binding.kind,
        "place": binding.place,
        "account": binding.account.id if binding.account else "",
        "rule": binding.rule.id if binding.rule else "",
        "limit": binding.limit,
        "filled": binding.filled,
        "held": binding.held,
        "asks": binding.asks,
    }


def _moves(moves: tuple[Move, ...]) -> list[dict[str, Any]]:
    return [
        {"id": m.proposal.id, "before": _number(m.before), "after": _number(m.after)} for m in moves
    ]


def card_record(card: Card, words: Words = INDONESIAN, *, public: bool = False) -> dict[str, Any]:
    """A card; in public nothing about votes lacking or to spare, nor who would give way.

    Volumes in the proposal's measure, money in whole rupiah.
    """
    record: dict[str, Any] = {
        "id": card.id,
        "owner": card.proposal.owner,
        "state": card.state,
        "account": card.account.id if card.account else "",
        "volume": _number(card.volume),
        "asked": _number(card.proposal.volume),
        "cost": card.cost,
        "reason": card.reason,
        "binding": [_binding(b) for b in card.binding],
        "never": _binding(card.never) if card.never else None,
        "fits": {"volume": _number(card.fit.volume), "own_funds": card.fit.own_funds},
        "text": card.text(words, public=public),
    }
    if public:
        return record
    return record | {
        "supporters": card.supporters,
        "people": card.people,
        "largest_volume": _number(card.largest_volume),
        "least_own_funds": card.least_own_funds,
        "forced_volume": _number(card.forced_volume),
        "displaces": _moves(card.displaces),
        "welfare_lost": dict(card.welfare_lost),
        "taken_by": [m.proposal.id for m in card.taken_by],
        "lacks": card.lacks,
        "lacks_why": card.lacks_why,
        "safe": card.safe,
        "safe_why": card.safe_why,
        "enters": _moves(card.enters),
    }


def account_record(card: AccountCard, words: Words = INDONESIAN) -> dict[str, Any]:
    """An account of a unit; money in whole rupiah."""
    return {
        "unit": card.unit,
        "account": card.account.id,
        "limit": card.limit,
        "filled": card.filled,
        "room": card.room,
        "asked": card.asked,
        "waiting": card.waiting,
        "cheapest": card.cheapest.id if card.cheapest else None,
        "needs": card.needs,
        "text": card.text(words),
    }

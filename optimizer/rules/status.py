"""How a rule stands, what of a place it is about, and how an account stands in one word."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["BOUND_SIDES", "WORST_FIRST", "RuleStatus", "Side", "State", "rule_id"]


class RuleStatus(StrEnum):
    """How a rule stands: above a maximum is a breach, below a minimum a finding."""

    PASS = "pass"
    FINDING = "finding"
    BREACH = "breach"
    UNKNOWN = "unknown"


WORST_FIRST = (RuleStatus.BREACH, RuleStatus.FINDING, RuleStatus.UNKNOWN, RuleStatus.PASS)


class Side(StrEnum):
    """What of a place a rule is about; for bounds, from which side of an account's money.

    The values are part of the ids in files: add to them, never change one.
    """

    MIN = "min"
    MAX = "max"
    EXACT = "exact"
    PAGU = "pagu"
    POOL = "pool"
    POOL_SHARE = "pool.share"
    CONTRIBUTION = "contributions"
    ITEM = "rule"
    FIELD = "field"
    MANDATORY = "mandatory"
    VOLUME = "volume"
    PROPOSAL = "proposal"
    ACCOUNT = "account"
    MENU = "menu"
    MENU_FIELD = "menu_field"
    DUPLICATE = "duplicate"
    PRICE = "price"
    ORDER = "order"


BOUND_SIDES = frozenset({Side.MIN, Side.MAX, Side.EXACT})


class State(StrEnum):
    """How an account stands against a bound, gravest first; in words ``standing.<state>``."""

    OVER = "over"
    BELOW = "below"
    UNKNOWN = "unknown"
    ROUNDING = "rounding"
    LETTER = "letter"
    REACHED = "reached"
    ROOM = "room"
    ENOUGH = "enough"
    EMPTY = "empty"
    FREE = "free"


def rule_id(side: Side, account: str = "", item: str = "") -> str:
    """The id of a rule in files; written here only, and read nowhere."""
    path = account.replace("/", ".")
    if side in BOUND_SIDES:
        return f"{path}.{side}"
    if side is Side.FIELD:
        return f"{side}.{path}"
    return f"{side}.{item}" if side is Side.ITEM else side.value

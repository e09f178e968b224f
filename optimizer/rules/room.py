"""What an account of a unit still takes."""

from __future__ import annotations

from itertools import pairwise

from optimizer.record.policy import Account
from optimizer.rules.ledger import Ledger

__all__ = ["room"]


def room(ledger: Ledger, unit: str, account: Account) -> int:
    """Rupiah of further activities that an account of a unit takes under every bound.

    What minima elsewhere still ask for is kept for them, unless a letter lifts them. A pool takes
    none: its share is the kelurahan's to choose.
    """
    budget = ledger.dataset.territory.by_id[unit].budget
    top_down = ledger.policy.and_above(account)
    left, kept = _own_room(ledger, unit, account), 0
    for below, above in pairwise(reversed(top_down)):
        kept += _needed_beside(ledger, unit, above.children, below)
        left = min(left, above.upper(budget) - ledger.programmed(unit, above) - kept)
    kept += _needed_beside(ledger, unit, ledger.policy.accounts, top_down[0])
    return max(0, min(left, budget - ledger.programmed(unit) - kept))


def _own_room(ledger: Ledger, unit: str, account: Account) -> int:
    """What the bounds of an account and those below it leave, whatever stands above."""
    if account.pooled:
        return 0
    budget = ledger.dataset.territory.by_id[unit].budget
    own = max(0, account.upper(budget) - ledger.programmed(unit, account))
    if account.is_leaf:
        return own
    return min(own, sum(_own_room(ledger, unit, child) for child in account.children))


def _needed_beside(
    ledger: Ledger, unit: str, accounts: tuple[Account, ...], account: Account
) -> int:
    return sum(_needed(ledger, unit, other) for other in accounts if other.id != account.id)


def _needed(ledger: Ledger, unit: str, account: Account) -> int:
    """Rupiah that the minima of an account and those below it still ask for."""
    below = sum(_needed(ledger, unit, child) for child in account.children)
    own = ledger.lower(unit, account) - ledger.programmed(unit, account)
    return max(own, below, 0)

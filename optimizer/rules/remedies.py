"""What would mend a finding: less of something, something out, something in."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import accumulate

from optimizer.record.policy import Account
from optimizer.record.proposals import Proposal, Status
from optimizer.rules.findings import Remedy
from optimizer.rules.ledger import Ledger
from optimizer.rules.room import room

__all__ = ["add_or_bring_in", "cheapest_step", "less_of"]

# More items than these are a matter for the meeting, not for a remedy.
FEW = 4
# Measures in which a list without a declared step can still be tuned.
CONTINUOUS = frozenset({"m", "m'", "m1", "m2", "m²", "m3", "m³", "meter", "meter persegi"})


def less_of(ledger: Ledger, proposals: Iterable[Proposal], over: int) -> Remedy:
    """Take ``over`` rupiah out, from the end of the list: a smaller volume, else items."""
    items = [p for p in reversed(tuple(proposals)) if ledger.volume(p) > 0]
    for proposal in items:
        volume = _volume_off(proposal, ledger.volume(proposal), over)
        if volume:
            return Remedy(
                "reduce_volume", proposal.id, proposal.title, volume, proposal.measure, over
            )
    free = [p for p in items if p.status is not Status.MANDATORY]
    for proposal in free:
        if ledger.cost(proposal) >= over:
            return Remedy("drop", proposal.id, proposal.title, amount=ledger.cost(proposal))
    costs = list(accumulate(ledger.cost(p) for p in free))
    count = next((k for k, cost in enumerate(costs, start=1) if cost >= over), 0)
    if 0 < count <= FEW:
        titles = "; ".join(p.title for p in free[:count])
        return Remedy("drop", free[0].id, titles, amount=costs[count - 1])
    return Remedy("reduce_amount", amount=over)


def _volume_off(proposal: Proposal, volume: Fraction, over: int) -> Fraction:
    """The least volume to take off so that the cost falls by ``over``; 0 if none will do."""
    declared = proposal.least < proposal.volume
    least = proposal.least if declared else Fraction(1)
    # A list without steps is tuned by whole pieces, but a single piece is all or nothing.
    step = proposal.step if declared else Fraction(1)
    if volume <= least or proposal.unit_price <= 0:
        return Fraction(0)
    count = -(-Fraction(over) // (proposal.unit_price * step))
    if proposal.cost(volume) - proposal.cost(volume - count * step) < over:
        count += 1  # half rupiah are rounded
    off = count * step
    return off if volume - off >= least else Fraction(0)


def add_or_bring_in(ledger: Ledger, unit: str, account: Account, short: int) -> Remedy:
    """Fill an account: with the unit's own next proposal that fits, else with a new activity."""
    free = room(ledger, unit, account)
    for proposal in ledger.concerning[unit]:
        if (
            proposal.owner == unit
            and not ledger.volume(proposal)
            and ledger.within(proposal, account)
        ):
            cost = proposal.cost(proposal.least)
            if cost <= free:
                return Remedy("bring_in", proposal.id, proposal.title, amount=cost)
    return Remedy("add", amount=short)


def cheapest_step(ledger: Ledger, unit: str, account: Account) -> int | None:
    """Rupiah of the finest step by which the activities in a unit's account can be tuned.

    A step changes the volume of what is in the list. An activity that is not in is no step: its
    price says nothing about rounding, and an empty account is never a rounding difference.
    """
    steps = [
        step
        for proposal in ledger.concerning[unit]
        if proposal.owner == unit and ledger.volume(proposal) and ledger.within(proposal, account)
        if (step := _step_cost(proposal)) is not None
    ]
    return min(steps, default=None)


def _step_cost(proposal: Proposal) -> int | None:
    if proposal.least < proposal.volume:
        return proposal.cost(proposal.least + proposal.step) - proposal.cost(proposal.least)
    if proposal.measure.strip().lower() in CONTINUOUS:
        return proposal.unit_price
    return None

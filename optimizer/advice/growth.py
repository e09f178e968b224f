"""Which of a unit's own items could use what its accounts still take."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from optimizer.record.proposals import Proposal
from optimizer.rules.ledger import Ledger
from optimizer.rules.remedies import CONTINUOUS
from optimizer.rules.room import room

__all__ = ["Growth", "growths"]


@dataclass(frozen=True, slots=True)
class Growth:
    """One of a unit's own items that could come in or grow; alternatives, not a sum.

    Attributes
    ----------
    kind : str
        ``bring_in`` (not in the list), ``grow`` (up to what was asked) or ``extend`` (more
        than was asked, for what goes by the metre).
    volume : Fraction
        By how much the volume rises; ``amount`` are the rupiah of that.
    """

    kind: str
    proposal: Proposal
    volume: Fraction
    amount: int


def growths(ledger: Ledger, unit: str) -> Iterator[Growth]:
    """A unit's own items that could come in or grow, in the order of its list."""
    limited = {a for rule in ledger.policy.rules if rule.capped for a in rule.activities}
    for proposal in ledger.concerning[unit]:
        account = ledger.account(proposal)
        if proposal.owner != unit or account is None or account.pooled:
            continue
        free = room(ledger, unit, account)
        volume = ledger.volume(proposal)
        if free <= 0 or proposal.unit_price <= 0:
            continue
        if volume < proposal.volume:
            yield from _towards_asked(proposal, volume, free)
        elif ledger.activity(proposal) not in limited:
            more = Fraction(free // proposal.unit_price)
            if more and proposal.measure.strip().lower() in CONTINUOUS:
                amount = proposal.cost(volume + more) - proposal.cost(volume)
                yield Growth("extend", proposal, more, amount)


def _towards_asked(proposal: Proposal, volume: Fraction, free: int) -> Iterator[Growth]:
    before = proposal.cost(volume)
    fits = [v for v in proposal.volumes if v > volume and proposal.cost(v) - before <= free]
    if fits:
        best = fits[-1]
        kind = "grow" if volume else "bring_in"
        yield Growth(kind, proposal, best - volume, proposal.cost(best) - before)

"""Satisfaction of RT or RW, as the stage ``equity`` evens it out.

Of each group: the support from its places that a list meets, in whole per mille of the most that
it could get in any feasible plan, rounded down. That most is taken as given, because finding it
means solving; what is given is refused where the list gives more, or no list could give so much.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from optimizer.record.meetings import coefficient
from optimizer.record.proposals import Proposal, Status
from optimizer.rules.ledger import Ledger
from optimizer.territory import Territory

__all__ = ["Satisfaction", "worth"]

PER_MILLE = 1000


def worth(proposal: Proposal, support: Fraction, volume: Fraction) -> int:
    """Support of a volume in fixed point: one integer per quantum, times the quanta."""
    if not support or not volume:
        return 0
    each = coefficient(support, proposal.quantum / proposal.volume)
    return int(each * (volume / proposal.quantum))


@dataclass(frozen=True)
class Satisfaction:
    """The groups of one level under a list.

    Attributes
    ----------
    over : str
        ``rw`` or ``rt``.
    support
        (proposal, place) → support.
    most
        Group → the most fixed-point support that it could get.
    """

    ledger: Ledger
    over: str
    support: Mapping[tuple[str, str], Fraction]
    most: Mapping[str, int]

    def wrong(self) -> str:
        """The first group whose given most cannot be so; empty where all can."""
        for group, asked in self.asked.items():
            if asked and not self.met[group] <= self.most.get(group, -1) <= asked:
                return group
        return ""

    def least(self) -> int:
        """The least satisfaction; groups that can get nothing are left out."""
        shares = (
            PER_MILLE * self.met[group] // self.most[group]
            for group in self.asked
            if self.most.get(group)
        )
        return min(shares, default=PER_MILLE)

    @cached_property
    def met(self) -> Mapping[str, int]:
        """Support of each group that the list meets."""
        return self._added({p.id: self.ledger.volume(p) for p in self._choosable})

    @cached_property
    def asked(self) -> Mapping[str, int]:
        """Support of each group for all that may be chosen, in full."""
        return self._added({p.id: p.volumes[-1] for p in self._choosable})

    def _added(self, volumes: Mapping[str, Fraction]) -> dict[str, int]:
        by_id = self.ledger.dataset.by_id
        return {
            group: sum(worth(by_id[i], support, volumes[i]) for i, support in items.items())
            for group, items in self._groups.items()
        }

    @cached_property
    def _choosable(self) -> tuple[Proposal, ...]:
        ledger = self.ledger
        return tuple(
            p
            for p in ledger.dataset.proposals
            if p.status is not Status.EXCLUDED and ledger.account(p) is not None
        )

    @cached_property
    def _groups(self) -> Mapping[str, Mapping[str, Fraction]]:
        """Support of each proposal by group."""
        territory, known = self.ledger.dataset.territory, {p.id for p in self._choosable}
        found: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
        for (proposal, place), support in self.support.items():
            group = _group(territory, place, self.over)
            if group and proposal in known:
                found[group][proposal] += support
        return found


def _group(territory: Territory, place: str, over: str) -> str:
    """The RW at or above a place, or the unit itself; empty above all groups."""
    own = place if place in territory.by_id else ""
    if over == "rt":
        return own
    return next((n for n in territory.path(place) if territory.level(n) == over), own)

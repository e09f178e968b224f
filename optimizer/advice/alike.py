"""What the RT of one RW ask for alike: candidates for one shared object, never a decision."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from optimizer.advice.fixed import is_fixed, mandatory_activities
from optimizer.money import split
from optimizer.record.proposals import Proposal, normal_text
from optimizer.rules.ledger import Ledger
from optimizer.rules.lists import duplicates
from optimizer.territory import natural_key

__all__ = ["Overlap", "overlaps"]


@dataclass(frozen=True, slots=True)
class Overlap:
    """The same kind of activity in several lists of one RW.

    Attributes
    ----------
    merge : bool
        Whether the words or the place say that it may be one object, or the menu knows the
        activity at RW level: a candidate, never a decision.
    parts : tuple
        (unit, rupiah) if the units paid for all of it together in equal parts.
    """

    rw: str
    activity: str
    proposals: tuple[Proposal, ...]
    total: int
    merge: bool
    parts: tuple[tuple[str, int], ...]


def overlaps(ledger: Ledger) -> tuple[Overlap, ...]:
    """What the RT of each RW ask for alike; mandatory items and admin costs are everyone's."""
    groups: dict[tuple[str, str], list[Proposal]] = defaultdict(list)
    mandatory = mandatory_activities(ledger.policy)
    for proposal in ledger.chosen:
        if proposal.level == "rt" and not is_fixed(ledger, proposal, mandatory):
            rw = proposal.owner.rpartition("/")[0]
            name = ledger.activity(proposal) or normal_text(proposal.activity)
            groups[rw, name].append(proposal)
    same = {frozenset(check.about) for check in duplicates(ledger)}
    found = [
        _overlap(ledger, rw, name, items, same)
        for (rw, name), items in groups.items()
        if len({p.owner for p in items}) > 1
    ]
    return tuple(sorted(found, key=lambda o: (natural_key(o.rw), not o.merge, o.activity)))


def _overlap(
    ledger: Ledger,
    rw: str,
    name: str,
    items: list[Proposal],
    same: set[frozenset[str]],
) -> Overlap:
    activity = ledger.booked[items[0].id].activity
    alike = {i for pair in same for i in pair if pair <= {p.id for p in items}}
    at_rw = activity is not None and "rw" in activity.levels
    # What is worded alike is one matter; without that the whole group stands side by side.
    shown = tuple(p for p in items if p.id in alike) if alike and not at_rw else tuple(items)
    total = sum(ledger.cost(p) for p in shown)
    units = tuple(dict.fromkeys(p.owner for p in sorted(shown, key=lambda p: natural_key(p.owner))))
    parts = tuple(zip(units, split(total, [1] * len(units)), strict=True))
    label = activity.name["id"] if activity else items[0].activity
    return Overlap(rw, label, shown, total, at_rw or bool(alike), parts)

"""What the meetings' votes and lists are worth under a scenario's way of counting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from optimizer.formulation.problem import Linear
from optimizer.record.meetings import coefficient
from optimizer.record.proposals import Proposal
from optimizer.record.scenario import Scenario
from optimizer.record.weights import place_support

__all__ = ["silent_lists", "support_by_level", "support_of"]


def support_by_level(proposal: Proposal, support: Fraction) -> Linear:
    """Fixed-point support of a proposal by level: one integer for each volume step."""
    quantum = proposal.quantum
    worth = coefficient(support, quantum / proposal.volume)
    return Linear(worth * (proposal.least // quantum), worth * (proposal.step // quantum))


def support_of(scenario: Scenario) -> dict[str, Fraction]:
    """Support of each proposal, added over the places that gave any."""
    total: dict[str, Fraction] = defaultdict(Fraction)
    for (proposal, _place), value in place_support(scenario).items():
        total[proposal] += value
    return dict(total)


def silent_lists(scenario: Scenario, support: Mapping[str, Fraction]) -> list[str]:
    """Owners of ordered lists whose items have no support at all: their order is all there is."""
    return [
        owner
        for owner, ranked in scenario.dataset.ranked.items()
        if ranked and not any(support.get(p) for p in ranked)
    ]

"""What the meetings' votes and lists are worth under a scenario's way of counting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from optimizer.formulation.problem import Linear
from optimizer.record.meetings import coefficient, unit_support
from optimizer.record.proposals import Proposal
from optimizer.record.scenario import Scenario

__all__ = ["place_support", "silent_lists", "support_by_level", "support_of"]


def support_by_level(proposal: Proposal, support: Fraction) -> Linear:
    """Fixed-point support of a proposal by level: one integer for each volume step."""
    quantum = proposal.quantum
    worth = coefficient(support, quantum / proposal.volume)
    return Linear(worth * (proposal.least // quantum), worth * (proposal.step // quantum))


def place_support(scenario: Scenario) -> dict[tuple[str, str], Fraction]:
    """Support of each (proposal, place) under the scenario's way of counting."""
    data = scenario.dataset
    families = data.territory.rollup({u.id: u.families for u in data.territory.units})
    return unit_support(
        data.results,
        data.ranked,
        scenario.counting,
        families,
        order_as_borda=scenario.order_as_borda,
    )


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

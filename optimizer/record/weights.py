"""What the residents' votes say under a scenario's way of counting.

Support of proposals, and the weight of fields: how much each field matters to each unit. Weights
are shares that sum to 1. Where several sources speak about a unit, the first of
:class:`WeightSource` counts, and which one it was is part of the result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from optimizer.errors import ScenarioError
from optimizer.nearest import nearest
from optimizer.record.meetings import borda, unit_support
from optimizer.record.proposals import Proposal
from optimizer.record.scenario import EVERYWHERE, Scenario

__all__ = ["FieldWeights", "WeightSource", "field_weights", "place_support", "unit_weights"]


class WeightSource(StrEnum):
    """Where a unit's weights come from, strongest first."""

    HAND = "hand"
    VOTES = "votes"
    SUPPORT = "support"
    LISTS = "lists"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class FieldWeights:
    """Weights of one unit.

    Attributes
    ----------
    shares
        Field id → weight; they sum to 1, and fields without weight are left out.
    """

    source: WeightSource
    shares: Mapping[str, Fraction]


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


def field_weights(scenario: Scenario) -> dict[str, Mapping[str, Fraction]]:
    """Unit id → field id → weight, as :func:`unit_weights` finds them."""
    return {unit: found.shares for unit, found in unit_weights(scenario).items()}


def unit_weights(scenario: Scenario) -> dict[str, FieldWeights]:
    """How much each field matters to each unit: w_{u,f}.

    Weights set by hand in the scenario, else the unit's votes on fields, else the support from
    the unit for its own proposals added up by field, else their order by Borda. Accounts that are
    not fields (admin costs) get no weight.

    Raises
    ------
    ScenarioError
        ``weight_field`` or ``weight_unit`` for a name that the policy or the territory does not
        know, with the nearest; ``weights_zero`` where weights by hand are all 0.
    """
    by_hand, votes = _by_hand(scenario), _votes(scenario)
    data, support = scenario.dataset, place_support(scenario)
    found: dict[str, FieldWeights] = {}
    for unit in data.territory.units:
        own = data.lists.get(unit.id, ())
        ranked = data.ranked.get(unit.id, ())
        candidates = (
            (WeightSource.HAND, by_hand.get(unit.id, {})),
            (WeightSource.VOTES, votes.get(unit.id, {})),
            (
                WeightSource.SUPPORT,
                _by_field(scenario, own, {p.id: support.get((p.id, unit.id)) for p in own}),
            ),
            (
                WeightSource.LISTS,
                _by_field(
                    scenario, own, {p: borda(r, len(ranked)) for r, p in enumerate(ranked, start=1)}
                ),
            ),
        )
        found[unit.id] = next(
            (
                FieldWeights(source, _shares(scenario, weights))
                for source, weights in candidates
                if any(weights.values())
            ),
            FieldWeights(WeightSource.NONE, {}),
        )
    return found


def _shares(scenario: Scenario, weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Weights that sum to 1, in the order of the regulation."""
    total = sum(weights.values())
    return {f.id: weights[f.id] / total for f in scenario.policy.fields if weights.get(f.id)}


def _by_field(
    scenario: Scenario, own: Sequence[Proposal], values: Mapping[str, Fraction | None]
) -> dict[str, Fraction]:
    """Values of proposals added up by the field in which they are booked."""
    policy = scenario.policy
    fields = {f.id for f in policy.fields}
    added: dict[str, Fraction] = defaultdict(Fraction)
    for proposal in own:
        account = policy.book(proposal).account
        if account is not None and policy.top[account.id].id in fields:
            added[policy.top[account.id].id] += values.get(proposal.id) or 0
    return added


def _votes(scenario: Scenario) -> dict[str, dict[str, Fraction]]:
    """Votes on fields by unit; every ballot is one vote, divided over what it names."""
    found: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for ballot in scenario.dataset.results.field_votes:
        for name, share in ballot.shares().items():
            found[ballot.place][_field(scenario, name)] += share * ballot.count
    return found


def _by_hand(scenario: Scenario) -> dict[str, dict[str, Fraction]]:
    """Weights set in the scenario: those of a unit before those of all units."""
    units = [u.id for u in scenario.dataset.territory.units]
    found: dict[str, dict[str, Fraction]] = {}
    for place, weights in scenario.weights.items():
        if place != EVERYWHERE and place not in units:
            raise ScenarioError("weight_unit", unit=place, near=nearest(place, units) or "-")
        if not any(weights.values()):
            raise ScenarioError("weights_zero", unit=place or "*")
        found[place] = {_field(scenario, name): weight for name, weight in weights.items()}
    everywhere = found.pop(EVERYWHERE, None)
    return found if everywhere is None else dict.fromkeys(units, everywhere) | found


def _field(scenario: Scenario, name: str) -> str:
    """The field of a name: its own id, or that of an account inside it."""
    policy = scenario.policy
    fields = {f.id for f in policy.fields}
    top = policy.top[name].id if name in policy.by_id else ""
    if top in fields:
        return top
    near = nearest(name, fields) or "-"
    raise ScenarioError("weight_field", field=name, policy=policy.id, near=near)

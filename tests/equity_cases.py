"""Small random instances in which units meet: RT give votes to what they share."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from instances import random_scenario

from optimizer.record.dataset import Dataset
from optimizer.record.meetings import Count, Results
from optimizer.record.scenario import Scenario, Stage

STAGES = (
    ("equity",),
    ("equity", "support"),
    ("support", "equity"),
    ("equity", "welfare", "fill"),
    ("equity", "order"),
)


def equity_scenario(seed: int) -> Scenario:
    """A scenario with an ``equity`` stage in which RT support what they pay for together."""
    dice = Random(f"equity:{seed}")
    base = random_scenario(seed, dice.choice(("shared", "shared", "pool", "any")))
    data = base.dataset
    units = [u.id for u in data.territory.units]
    counts = [
        Count(p.id, place, dice.randint(1, 9))
        for p in data.proposals
        for place in dict.fromkeys((p.owner, *units))
        if place == p.owner or (p.owner not in units and dice.random() < 0.7)
    ]
    dataset = Dataset.build(
        data.meta,
        data.territory,
        data.proposals,
        Results(counts=tuple(counts)),
        letters=data.letters,
    )
    over = dice.choice(("rw", "rt", "rt"))
    stages = tuple(Stage(name, over=over) for name in dice.choice(STAGES))
    return replace(base, dataset=dataset, stages=stages)

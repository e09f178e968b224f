"""The best set of an election: against exhaustive search."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from optimizer import elections
from optimizer.elections import optimum
from optimizer.files import pabulib
from optimizer.files.pabulib import Election, Project, VoteType
from optimizer.solving.outcome import Outcome


def best_by_search(one: Election) -> tuple[Fraction, tuple[str, ...]]:
    """Most support, then least cost, then the lowest ids, over all sets that may win."""
    support = pabulib.measure(one).values
    may = elections.eligible(one)
    feasible = []
    for inside in product((1, 0), repeat=len(may)):
        chosen = tuple(p.id for p, taken in zip(may, inside, strict=True) if taken)
        if not elections.breaches(one, chosen):
            value = sum(support[i] for i in chosen)
            cost = sum(one.project(i).cost for i in chosen)
            feasible.append(((value, -cost, inside), chosen))
    (value, _, _), chosen = max(feasible)
    return Fraction(value), chosen


def draw(rng: random.Random) -> Election:
    """A small election with caps, several categories, decimals, free and too dear projects."""
    scale = rng.choice([1, 1, 1000, Fraction(1, 100)])
    projects = tuple(
        Project(
            id=str(number),
            cost=rng.choice([0, rng.randint(1, 30), rng.randint(20, 40), 500]) * scale,
            votes=rng.choice([0, rng.randint(0, 5), Fraction(rng.randint(1, 9), 2)]),
            categories=tuple(c for c in "xyz" if rng.random() < 0.4),
        )
        for number in range(1, rng.randint(2, 9))
    )
    # The budget hits, or misses by one, what some set costs: the near-ties.
    some = sum(p.cost for p in projects if rng.random() < 0.4 and p.cost < 500 * scale)
    return Election(
        meta={},
        projects=projects,
        ballots=(),
        vote_type=VoteType.APPROVAL,
        budget=max(some - rng.choice([0, 0, 1]) * scale, 0),
        caps={c: rng.randint(0, 60) * scale for c in "xyzw" if rng.random() < 0.5},
        threshold=rng.choice([None, None, 2]),
    )


@pytest.mark.parametrize("seed", range(60))
def test_optimum_equals_exhaustive_search(seed):
    one = draw(random.Random(seed))
    found = optimum(one)
    value, chosen = best_by_search(one)
    assert (found.value, found.selected) == (value, chosen)
    assert found.outcome is Outcome.OPTIMAL
    assert found.cost == sum(one.project(i).cost for i in chosen)


def test_optimum_does_not_depend_on_the_order_of_projects():
    one = draw(random.Random(3))
    turned = replace(one, projects=one.projects[::-1])
    assert optimum(turned) == optimum(one)


def test_an_empty_category_changes_nothing():
    one = draw(random.Random(5))
    with_empty = replace(one, caps={**one.caps, "nobody": 0})
    assert optimum(with_empty) == optimum(one)


def test_nothing_may_win():
    text = "META\nbudget;10\nvote_type;approval\nrule;greedy\nPROJECTS\nproject_id;cost;votes\n"
    found = optimum(pabulib.read_pb((text + "a;11;5\nVOTES\nvoter_id;vote\n").encode()))
    assert (found.selected, found.value, found.cost) == ((), 0, 0)

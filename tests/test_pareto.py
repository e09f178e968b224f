"""Pareto lists: against exhaustive search and against the reference, levels included."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from pareto_instances import draw, search

from optimizer.formulation.problem import StageSpec
from optimizer.solving.outcome import Clock
from optimizer.solving.pareto import SumsExplode, covers, solve_pareto
from optimizer.solving.reference import InfeasiblePart, solve_part


def solved(problem, part):
    """Levels and stage values, or None where nothing is feasible."""
    try:
        answer = solve_pareto(problem, part, Clock())
    except InfeasiblePart:
        return None
    assert all(p.value == p.bound for p in answer.proofs)
    return dict(answer.levels), [p.value for p in answer.proofs]


@pytest.mark.parametrize("seed", range(400))
def test_equals_exhaustive_search(seed):
    problem = draw(random.Random(seed))
    for part in problem.parts:
        if not covers(problem, part):
            assert solved(problem, part) == search(problem, part)


def reference(problem, part):
    try:
        answer = solve_part(problem, part, Clock())
    except InfeasiblePart:
        return None
    return dict(answer.levels), [p.value for p in answer.proofs]


@pytest.mark.parametrize("seed", range(1000, 1060))
def test_equals_reference(seed):
    problem = draw(random.Random(seed))
    for part in problem.parts:
        if not covers(problem, part):
            assert solved(problem, part) == reference(problem, part)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(10_000, 12_000))
def test_equals_reference_full(seed):
    problem = draw(random.Random(seed))
    for part in problem.parts:
        if not covers(problem, part):
            assert solved(problem, part) == reference(problem, part)


def test_most_instances_are_covered():
    problems = [draw(random.Random(seed)) for seed in range(400)]
    reasons = [covers(p, part) for p in problems for part in p.parts]
    assert reasons.count("") > 0.8 * len(reasons)
    assert "rule" in reasons


@pytest.mark.parametrize("seed", range(20_000, 20_250))
def test_shared_by_all_equals_exhaustive_search(seed, monkeypatch):
    """The search over what all units pay for, also where their parts differ a lot."""
    monkeypatch.setattr("optimizer.solving.pareto.solve.VECTORS", 1)
    problem = draw(random.Random(seed), wide=True)
    for part in problem.parts:
        try:
            if not covers(problem, part):
                assert solved(problem, part) == search(problem, part)
        except SumsExplode:
            pass


@pytest.mark.parametrize("seed", range(25_000, 25_150))
def test_order_item_by_item_equals_exhaustive_search(seed, monkeypatch):
    """The way of long lists: each line is tried in its turn."""
    monkeypatch.setattr("optimizer.solving.pareto.solve.SHORT", 0)
    problem = draw(random.Random(seed))
    problem = replace(problem, stages=(StageSpec("mandatory"), StageSpec("order")))
    for part in problem.parts:
        if not covers(problem, part):
            assert solved(problem, part) == search(problem, part)

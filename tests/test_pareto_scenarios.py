"""Pareto lists against the brute-force oracle on complete random scenarios."""

from __future__ import annotations

import pytest
from instances import SHAPES, random_scenario
from oracle import solve_exhaustive

from optimizer.formulation.compile import compile_scenario
from optimizer.solving.outcome import Clock, InfeasiblePart
from optimizer.solving.pareto import covers, solve_pareto


def answer(solve, *question):
    try:
        found = solve(*question)
    except InfeasiblePart:
        return None
    return dict(found.levels), [(p.stage, p.value, p.bound) for p in found.proofs]


def agree(seed, shape):
    problem = compile_scenario(random_scenario(seed, shape))
    for part in problem.parts:
        if not covers(problem, part):
            expected = answer(solve_exhaustive, problem, part)
            assert answer(solve_pareto, problem, part, Clock()) == expected


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(20))
def test_equals_oracle(seed, shape):
    agree(seed, shape)


@pytest.mark.parametrize("shape", ["order", "shared"])
@pytest.mark.parametrize("seed", range(30))
def test_long_lists_decide_what_is_shared_first(seed, shape, monkeypatch):
    monkeypatch.setattr("optimizer.solving.pareto.solve.SHORT", 0)
    agree(seed, shape)


@pytest.mark.full
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_equals_oracle_full(seed, shape):
    agree(seed, shape)

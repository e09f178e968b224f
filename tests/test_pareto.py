"""Pareto lists: against exhaustive search and against the reference, levels included."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from pareto_instances import draw, search

from optimizer.formulation.problem import (
    Item,
    Kind,
    Limit,
    Linear,
    Part,
    Problem,
    StageSpec,
    Tree,
    UnitRoom,
)
from optimizer.solving.outcome import Clock
from optimizer.solving.pareto import SumsExplode, covers, solve_pareto
from optimizer.solving.pareto.points import merge
from optimizer.solving.reference import InfeasiblePart, solve_part


def solved(problem, part):
    """Levels and stage values, or None where nothing is feasible."""
    try:
        answer = solve_pareto(problem, part, Clock())
    except InfeasiblePart:
        return None
    assert all(p.value == p.bound for p in answer.proofs)
    return dict(answer.levels), [p.value for p in answer.proofs]


@pytest.mark.parametrize("seed", range(250))
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


@pytest.mark.parametrize("seed", range(1000, 1300))
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
    problems = [draw(random.Random(seed)) for seed in range(150)]
    reasons = [covers(p, part) for p in problems for part in p.parts]
    assert reasons.count("") > 0.8 * len(reasons)
    assert "rule" in reasons


@pytest.mark.parametrize("seed", range(20_000, 20_120))
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


@pytest.mark.parametrize("room", [0, 100])
@pytest.mark.parametrize("seed", range(25_000, 25_080))
def test_order_item_by_item_equals_exhaustive_search(seed, room, monkeypatch):
    """The way of long lists: each line in its turn, or only the shared ones that come first."""
    monkeypatch.setattr("optimizer.solving.pareto.solve.SHORT", 0)
    monkeypatch.setattr("optimizer.solving.pareto.solve.SHORT_ROOM", room)
    problem = draw(random.Random(seed))
    problem = replace(problem, stages=(StageSpec("mandatory"), StageSpec("order")))
    for part in problem.parts:
        if not covers(problem, part):
            assert solved(problem, part) == search(problem, part)


def small(**change):
    """One part of two units with a shared item, changed."""
    items = (
        Item("U-1", Kind.OWN, "u0", 0, 0, Linear(3), ((0, Linear(3)),), Linear(1), 1),
        Item("U-2", Kind.OWN, "u1", 1, 0, Linear(3), ((1, Linear(3)),), Linear(1), 1),
        Item(
            "U-3",
            Kind.SHARED,
            "K",
            0,
            0,
            Linear(4),
            ((0, Linear(2)), (1, Linear(2))),
            Linear(1),
            1,
        ),
    )
    rooms = tuple(UnitRoom(f"u{u}", "K", (0, 0, 0, 0), (9, 9, 9, 9), (0,) * 4) for u in (0, 1))
    found = Problem(
        tree=Tree(("a", "b", "ab", "pagu"), (2, 2, 3, -1), (0, 1), frozenset()),
        units=rooms,
        items=items,
        limits=(),
        requirements=(),
        pools={},
        stages=(StageSpec("support"),),
        order=(0, 1, 2),
        parts=(Part("K", (0, 1), (0, 1, 2), (), ()),),
    )
    return replace(found, **change)


def test_what_is_not_covered_says_why():
    problem = small()
    (part,) = problem.parts
    assert covers(problem, part) == ""
    assert covers(small(stages=(StageSpec("equity"),)), part) == "stage"
    across = small(limits=(Limit("rule", "", ((0, Linear(1)), (1, Linear(1))), upper=1),))
    assert covers(across, replace(part, limits=(0,))) == "rule"
    assert covers(problem, replace(part, units=(0,))) == "payers"
    refund = replace(problem.items[0], cost=Linear(-1), payers=((0, Linear(-1)),))
    assert covers(replace(problem, items=(refund, *problem.items[1:])), part) == "payers"
    nested = small(
        units=tuple(replace(u, lower=(2, 0, 5, 0)) for u in problem.units),
        stages=(StageSpec("support"), StageSpec("fill")),
    )
    assert covers(nested, part) == "minima"
    assert covers(replace(nested, stages=(StageSpec("support"),)), part) == ""


def test_many_shared_levels_need_payers_of_one_shape():
    problem = small()
    many = replace(problem.items[2], extra=5000)
    problem = replace(problem, items=(*problem.items[:2], many))
    (part,) = problem.parts
    assert covers(problem, part) == ""
    partial = replace(many, payers=many.payers[:1])
    assert covers(replace(problem, items=(*problem.items[:2], partial)), part) == "sums"


def test_long_lists_are_refused_in_time():
    with pytest.raises(SumsExplode):
        merge(range(2000), range(2000), cap=10**6, bits=1)


def test_no_room_is_infeasible():
    problem = small(units=tuple(replace(u, lower=(0, 0, 99, 0)) for u in small().units))
    with pytest.raises(InfeasiblePart):
        solve_pareto(problem, problem.parts[0], Clock())

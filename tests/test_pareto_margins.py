"""Margins and curves from one run: equal to solving again."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from pareto_instances import JUTA, draw

from optimizer.formulation.problem import Kind
from optimizer.solving.outcome import Clock, InfeasiblePart
from optimizer.solving.pareto import (
    SumsExplode,
    covers,
    gift_values,
    in_out_values,
    pool_curve,
    solve_pareto,
    unit_curve,
)


def values(problem, part):
    try:
        return tuple(p.value for p in solve_pareto(problem, part, Clock()).proofs)
    except InfeasiblePart:
        return None


def changed(problem, index, **change):
    items = list(problem.items)
    items[index] = replace(items[index], **change)
    return replace(problem, items=tuple(items))


def check_margins(problem):
    for part in problem.parts:
        if covers(problem, part):
            continue
        margins = in_out_values(problem, part)
        assert set(margins) == set(part.items)
        for index, (inside, outside) in margins.items():
            item = problem.items[index]
            if item.fixed is None:
                assert inside == values(changed(problem, index, forced=True), part)
            else:
                assert inside is None
            if item.forced:
                assert outside is None
            else:
                assert outside == values(changed(problem, index, fixed=0), part)


@pytest.mark.parametrize("seed", range(30_000, 30_060))
def test_margins_equal_solving_again(seed):
    check_margins(draw(random.Random(seed)))


@pytest.mark.parametrize("seed", range(40_000, 40_060))
def test_margins_where_all_units_pay(seed, monkeypatch):
    monkeypatch.setattr("optimizer.solving.pareto.solve.VECTORS", 1)
    monkeypatch.setattr("optimizer.solving.pareto.margins.VECTORS", 1)
    try:
        check_margins(draw(random.Random(seed), wide=True))
    except SumsExplode:
        pytest.skip("not of this shape")


@pytest.mark.parametrize("seed", range(50_000, 50_080))
def test_unit_curve_equals_solving_at_each_budget(seed):
    problem = draw(random.Random(seed))
    for part in problem.parts:
        if covers(problem, part) or len(part.units) != 1 or problem.coupling(part):
            continue
        (unit,) = part.units
        found = unit_curve(problem, part, unit)
        room = problem.units[unit]
        for budget in {*found.money, *(m - 1 for m in found.money), 0, room.upper[-1]}:
            if budget <= room.upper[-1]:
                units = list(problem.units)
                units[unit] = replace(room, upper=(*room.upper[:-1], budget))
                again = replace(problem, units=tuple(units))
                assert found.at(budget) == values(again, part)


@pytest.mark.parametrize("seed", range(60_000, 60_080))
def test_pool_curve_equals_solving_at_each_size(seed):
    problem = draw(random.Random(seed))
    for part in problem.parts:
        if covers(problem, part) or not part.pools:
            continue
        found = pool_curve(problem, part)
        for size in {*found.money, *(m - 1 for m in found.money), 0}:
            again = replace(problem, pools={part.pools[0]: size})
            assert found.at(size) == (values(again, part) if size >= 0 else None)


@pytest.mark.parametrize("seed", range(70_000, 70_060))
def test_values_at_joint_shares_equal_solving_each(seed):
    problem = draw(random.Random(seed))
    rng = random.Random(seed)
    for part in problem.parts:
        if covers(problem, part) or not part.units:
            continue
        least = {u: problem.units[u].lower[0] for u in part.units}
        gifts = [
            least,
            *({u: g + rng.randint(0, 20) * JUTA for u, g in least.items()} for _ in "abc"),
        ]
        gifts.append({u: g - 1 for u, g in least.items()})
        for gift, found in zip(gifts, gift_values(problem, part, 0, gifts), strict=True):
            units = list(problem.units)
            for u, amount in gift.items():
                room = units[u]
                lower = (max(room.lower[0], amount), *room.lower[1:])
                units[u] = replace(room, given=(amount, *room.given[1:]), lower=lower)
            assert found == values(replace(problem, units=tuple(units)), part)


def test_instances_have_pools_and_shared_items():
    kinds = {i.kind for seed in range(50) for i in draw(random.Random(seed)).items}
    assert kinds == set(Kind)

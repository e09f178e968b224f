"""The judge recomputes the values of ``equity``; the most that a group could get is given."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from equity_cases import equity_scenario

from optimizer.errors import PlanRejected
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.rules import check_plan

# All of these are feasible; in most of them several groups get something.
SEEDS = range(2, 16)

Most = Mapping[tuple[str, str], int]


@pytest.fixture(params=SEEDS)
def plan(request: pytest.FixtureRequest) -> Plan:
    return optimize(equity_scenario(request.param))


def most_of(plan: Plan) -> Most:
    return {(g.over, g.id): g.most for g in plan.problem.groups}


def refused(plan: Plan, value: int, most: Most) -> bool:
    try:
        check_plan(plan.scenario, plan.listed, {"equity": value}, most=most)
    except PlanRejected:
        return True
    return False


def test_the_value_is_the_least_satisfaction(plan: Plan) -> None:
    value, most = plan.values["equity"], most_of(plan)
    groups = [g for g in plan.problem.groups if g.most]
    assert value == min([g.satisfaction(plan.answer.levels) for g in groups], default=1000)
    assert not refused(plan, value, most)
    assert refused(plan, value - 1, most)
    assert refused(plan, value + 1, most)


def test_a_most_that_cannot_be_is_refused(plan: Plan) -> None:
    value, most = plan.values["equity"], most_of(plan)
    for group in plan.problem.groups:
        key = (group.over, group.id)
        met = group.met(plan.answer.levels)
        asked = group.met({i: plan.problem.items[i].top for i, _ in group.terms})
        assert refused(plan, value, {k: v for k, v in most.items() if k != key})
        assert refused(plan, value, {**most, key: asked + 1})
        assert refused(plan, value, {**most, key: met - 1})

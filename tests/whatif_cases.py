"""Small questions whose every answer can be listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from math import prod

from instances import random_scenario

from optimizer.errors import Infeasible, ScenarioError
from optimizer.formulation.problem import Part, Problem
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.record.policy import Account
from optimizer.record.scenario import Scenario

FEW = 3000


def small(seed: int, shape: str) -> Scenario:
    """A random scenario whose accounts have names in both languages, as shipped ones do."""

    def named(account: Account) -> Account:
        name = {"id": account.id, "en": account.id}
        return replace(account, name=name, children=tuple(map(named, account.children)))

    scenario = random_scenario(seed, shape)
    accounts = tuple(map(named, scenario.policy.accounts))
    return replace(scenario, policy=replace(scenario.policy, accounts=accounts))


def plans(shape: str, seeds: range) -> Iterator[tuple[int, Scenario, Plan]]:
    """Scenarios of a shape that have a plan, with it."""
    for seed in seeds:
        scenario = small(seed, shape)
        try:
            yield seed, scenario, optimize(scenario)
        except (Infeasible, ScenarioError):
            continue


def choices(problem: Problem, part: Part) -> list[dict[int, int]]:
    """Every feasible choice of levels of a part; empty for a part with too many."""
    ranges = [problem.items[i].levels for i in part.items]
    if prod(len(r) for r in ranges) > FEW:
        return []
    every = (dict(zip(part.items, levels, strict=True)) for levels in product(*ranges))
    return [levels for levels in every if not problem.broken(part, levels)]


def rank(problem: Problem, part: Part, levels: dict[int, int]) -> tuple[object, ...]:
    """What is compared between choices: stage after stage, ``order`` list by list."""
    found: list[object] = []
    for stage in problem.stages:
        if stage.name == "order":
            found.append(tuple(levels[i] for i in problem.order if i in levels))
        else:
            found.append(problem.value(part, stage, levels))
    return tuple(found)

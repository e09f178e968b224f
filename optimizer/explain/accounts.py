"""How full the accounts of a unit are, and why nothing more fits."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.errors import ScenarioError
from optimizer.explain.asked import largest
from optimizer.explain.card import AccountCard
from optimizer.formulation.problem import Kind, Problem
from optimizer.plan import Plan
from optimizer.policy import Account
from optimizer.territory import natural_key

__all__ = ["explain_accounts"]


def explain_accounts(plan: Plan, unit: str) -> tuple[AccountCard, ...]:
    """A card for every account in which a unit books money, in the order of the regulation.

    Raises
    ------
    ScenarioError
        ``unknown_unit`` with the units there are.
    """
    problem = plan.problem
    number = next((u for u, room in enumerate(problem.units) if room.id == unit), None)
    if number is None:
        known = sorted((room.id for room in problem.units), key=natural_key)
        raise ScenarioError("unknown_unit", unit=unit, known=", ".join(known[:5]))
    return tuple(
        _card(plan, number, node, plan.scenario.policy.by_id[problem.tree.ids[node]])
        for node in problem.tree.leaves
    )


def _card(plan: Plan, unit: int, node: int, account: Account) -> AccountCard:
    problem = plan.problem
    room = problem.units[unit]
    spent, _ = plan.money[room.id]
    budget = plan.scenario.dataset.territory.by_id[room.id].budget
    limit = room.upper[node]
    own = [i for i in range(len(problem.items)) if _pays(problem, i, unit, node)]
    steps = sorted(_steps(plan, own, unit))
    by_id = plan.scenario.dataset.by_id
    return AccountCard(
        unit=room.id,
        account=account,
        name=account.name,
        bound=next((b for b in account.bounds if b.upper(budget) == limit), None),
        limit=limit,
        filled=spent[node],
        room=0 if account.pooled else _room(problem, unit, node, spent),
        pooled=account.pooled,
        asked=len(own),
        waiting=sum(plan.answer.levels.get(i, 0) < problem.items[i].top for i in own),
        cheapest=by_id[problem.items[steps[0][1]].id] if steps else None,
        needs=steps[0][0] if steps else 0,
    )


def _pays(problem: Problem, index: int, unit: int, node: int) -> bool:
    item = problem.items[index]
    return (
        item.kind is not Kind.POOLED
        and problem.tree.leaves[item.leaf] == node
        and any(u == unit for u, _ in item.payers)
    )


def _steps(plan: Plan, items: list[int], unit: int) -> Iterator[tuple[int, int]]:
    """(rupiah, item) of the least that each item that is not all in could still take."""
    for i in items:
        item = plan.problem.items[i]
        level = plan.answer.levels.get(i, 0)
        if level < item.top and item.fixed is None:
            paid = next(amount for u, amount in item.payers if u == unit)
            yield paid.at(level + 1) - paid.at(level), i


def _room(problem: Problem, unit: int, node: int, spent: list[int]) -> int:
    """The most rupiah that an account still takes, under every bound."""
    tree = problem.tree

    def may(low: int, _: int) -> bool:
        total, above = list(spent), node
        while above >= 0:
            total[above] += low
            above = tree.parent[above]
        return problem.held(unit, total) is not None

    return largest(0, max(0, problem.units[unit].upper[node] - spent[node]), may) or 0

"""How full the accounts of a unit are, and why nothing more fits."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from optimizer.errors import ScenarioError
from optimizer.explain.binding import held_for
from optimizer.explain.card import AccountCard, PaguCard
from optimizer.explain.moves import volume_at
from optimizer.formulation.problem import Kind, Problem
from optimizer.plan import Plan
from optimizer.record.policy import Account
from optimizer.solving.nearby.asked import largest
from optimizer.territory import natural_key

__all__ = ["explain_accounts", "explain_pagu"]


def explain_pagu(plan: Plan, unit: str) -> PaguCard:
    """How much of a unit's pagu is taken.

    Raises
    ------
    ScenarioError
        ``unknown_unit`` with the units there are.
    """
    number, tree = _number(plan, unit), plan.problem.tree
    room = plan.problem.units[number]
    spent, held = plan.money[unit]
    leaves = [n for n in tree.leaves if held[n]]
    return PaguCard(
        unit=unit,
        limit=room.upper[-1],
        filled=spent[-1],
        pooled=sum(room.given),
        held=sum(held),
        held_for=held_for(plan, number, leaves, (len(tree.ids) - 1,)),
    )


def explain_accounts(plan: Plan, unit: str) -> tuple[AccountCard, ...]:
    """A card for every account in which a unit books money, in the order of the regulation.

    Raises
    ------
    ScenarioError
        ``unknown_unit`` with the units there are.
    """
    problem, number = plan.problem, _number(plan, unit)
    return tuple(
        _card(plan, number, node, plan.scenario.policy.by_id[problem.tree.ids[node]])
        for node in problem.tree.leaves
    )


def _number(plan: Plan, unit: str) -> int:
    units = [room.id for room in plan.problem.units]
    if unit not in units:
        known = sorted(units, key=natural_key)
        raise ScenarioError("unknown_unit", unit=unit, known=", ".join(known[:5]))
    return units.index(unit)


def _card(plan: Plan, unit: int, node: int, account: Account) -> AccountCard:
    problem = plan.problem
    room = problem.units[unit]
    spent, _ = plan.money[room.id]
    budget = plan.scenario.dataset.territory.by_id[room.id].budget
    limit = room.upper[node]
    own = [i for i in range(len(problem.items)) if _pays(problem, i, unit, node)]
    steps = sorted(_steps(plan, own, unit))
    by_id = plan.scenario.dataset.by_id
    left = 0 if account.pooled else _room(problem, unit, node, spent)
    needs, first = steps[0] if steps else (0, None)
    return AccountCard(
        unit=room.id,
        account=account,
        name=account.name,
        bound=next((b for b in account.bounds if b.upper(budget) == limit), None),
        limit=limit,
        filled=spent[node],
        room=left,
        pooled=account.pooled,
        asked=len(own),
        waiting=sum(plan.answer.levels.get(i, 0) < problem.items[i].top for i in own),
        cheapest=None if first is None else by_id[problem.items[first].id],
        needs=needs,
        adds=_adds(plan, first),
        stopped_by="" if first is None or needs > left else _stopped_by(plan, first, unit),
    )


def _adds(plan: Plan, index: int | None) -> Fraction:
    """The volume of the next step of an item."""
    if index is None:
        return Fraction(0)
    level = plan.answer.levels.get(index, 0)
    proposal = plan.scenario.dataset.by_id[plan.problem.items[index].id]
    return volume_at(proposal, level + 1) - volume_at(proposal, level)


def _stopped_by(plan: Plan, index: int, unit: int) -> str:
    """What stops the next step of an item for which a unit has money."""
    problem = plan.problem
    part = next(p for p in problem.parts if index in p.items)
    levels = {i: plan.answer.levels.get(i, 0) for i in part.items}
    broken = problem.broken(part, levels | {index: levels[index] + 1})
    if not broken:
        return "no_gain"
    places = {place for rule, place in broken if rule == "accounts"}
    return "payer" if places - {problem.units[unit].id} else "rule"


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

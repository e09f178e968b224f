"""What each rule costs, by solving without it.

No solver dual is shown for whole proposals: on a real capped election the dual promised +20.6
votes for a 10 % wider cap, and the truth was 0. Duals stand only beside the fields program
(:func:`field_prices`), where solving again confirms or refutes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import pandas as pd

from optimizer.errors import Infeasible
from optimizer.plan import Plan
from optimizer.planning import optimize, prepare
from optimizer.record.policy import Account, Bound, ItemRule, Policy, Source
from optimizer.record.scenario import Scenario
from optimizer.record.weights import field_weights
from optimizer.solving.dispatch import Progress
from optimizer.solving.field_money import field_question, marginal_money
from optimizer.solving.fields import evenness_of
from optimizer.solving.memory import PartMemory
from optimizer.solving.outcome import Outcome
from optimizer.territory import natural_key
from optimizer.whatif.points import measures
from optimizer.whatif.run import Executor, map_points
from optimizer.words import Message, Sayable, Words, languages

__all__ = ["Priced", "field_prices", "prices_of_rules", "rules_of"]

MILLION = 10**6
_CHANGES = (
    "support",
    "spent",
    "unassigned",
    "pool_unspent",
    "reserved",
    "findings",
    "letters",
)


@dataclass(frozen=True, slots=True)
class Priced:
    """A rule that can be left out.

    Attributes
    ----------
    rule : str
        Id as the checker names it, such as ``kesehatan.max`` or ``rule.jkn``.
    kind : str
        ``max``, ``min``, ``exact``, or the kind of the item rule.
    name
        The rule in words.
    policy : Policy
        The policy without it.
    joint_share : Fraction or None
        The joint share that stays where the rule left out is the one that set it.
    """

    rule: str
    kind: str
    name: Sayable
    origin: Source
    policy: Policy
    joint_share: Fraction | None = None


def rules_of(policy: Policy) -> Iterator[Priced]:
    """Every known bound and every item rule of a policy, each with the policy without it."""
    for account in policy.by_id.values():
        for bound in account.bounds:
            if bound.known:
                yield Priced(
                    rule=f"{account.id.replace('/', '.')}.{bound.side}",
                    kind=bound.side,
                    name=_bound_name(account, bound),
                    origin=bound.origin,
                    policy=policy.without_bound(account.id, bound.side),
                    joint_share=bound.share if account.pooled and bound.side != "max" else None,
                )
    for rule in policy.rules:
        yield Priced(
            rule=f"rule.{rule.id}",
            kind=rule.kind.value,
            name=_rule_name(rule),
            origin=rule.origin,
            policy=policy.without_rule(rule.id),
        )


def _bound_name(account: Account, bound: Bound) -> Message:
    amount = (
        Message("whatif.rule.rupiah", {"amount": bound.rupiah or 0})
        if bound.share is None
        else Message("whatif.rule.share", {"share": bound.share})
    )
    return Message(f"whatif.rule.{bound.side}", {"account": account.name, "amount": amount})


def _rule_name(rule: ItemRule) -> Sayable:
    about = ", ".join(rule.activities)
    return rule.text or Message("whatif.rule.item", {"rule": rule.id, "about": about})


@dataclass(frozen=True)
class _Without:
    """Rule → its row: the scenario solved without it."""

    scenario: Scenario
    base: Plan
    memory: PartMemory

    def __call__(self, priced: Priced) -> dict[str, object]:
        share = self.scenario.joint_share
        kept = priced.joint_share if share is None else share
        scenario = replace(self.scenario, policy=priced.policy, joint_share=kept)
        row: dict[str, object] = {
            "rule": priced.rule,
            "kind": priced.kind,
            **{f"name_{lang}": Words(lang).tell(priced.name) for lang in languages()},
            "source": priced.origin.source,
            "article": priced.origin.article,
            "certainty": priced.origin.certainty.value,
        }
        try:
            plan = optimize(scenario, solver=self.memory.of_problem)
        except Infeasible:
            return {**row, "outcome": Outcome.INFEASIBLE.value}
        before, after = measures(self.base), measures(plan)
        changes = {
            name: None if b is None or a is None else a - b
            for name in _CHANGES
            for b, a in [(before[name], after[name])]
        }
        here, there = set(self.base.volumes), set(plan.volumes)
        return {
            **row,
            "outcome": plan.outcome.value,
            **changes,
            "units_touched": _units_touched(self.base, plan),
            "entered": ", ".join(sorted(there - here, key=natural_key)),
            "left": ", ".join(sorted(here - there, key=natural_key)),
        }


def _units_touched(before: Plan, after: Plan) -> int:
    """Units whose money, or the proposals that they pay for, are not the same."""
    old, new = _footprints(before), _footprints(after)
    return sum(old[unit] != new[unit] for unit in old)


def _footprints(plan: Plan) -> dict[str, object]:
    volumes: dict[str, dict[str, Fraction]] = {unit: {} for unit in plan.money}
    for proposal in plan.chosen:
        for unit in plan.contributions(proposal):
            volumes[unit][proposal.id] = plan.volumes[proposal.id]
    return {unit: (plan.money[unit], volumes[unit]) for unit in volumes}


def prices_of_rules(
    scenario: Scenario,
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    executor: Executor = map_points,
) -> pd.DataFrame:
    """What each cap, floor and item rule costs: the scenario solved without it.

    Where the joint share follows from the minimum that is left out, the share stays: what
    another share would bring is a question for a sweep over ``joint_share``.

    Returns
    -------
    DataFrame
        One row for each rule: ``rule``, ``kind``, ``name_id``, ``name_en``, ``source``,
        ``article``, ``certainty``, ``outcome``; changes when it is gone in ``support`` (empty
        without votes), ``spent``, ``unassigned``, ``pool_unspent``, ``reserved`` (rupiah),
        ``findings`` and ``letters``; ``units_touched``; ids that ``entered`` and ``left``.

    Raises
    ------
    Infeasible
        If the scenario itself has no plan.
    """
    memory = PartMemory()
    base = optimize(scenario, solver=memory.of_problem)
    rules = list(rules_of(scenario.policy))
    found = executor(_Without(scenario, base, memory), rules, progress, stop)
    columns = [
        "rule", "kind", "name_id", "name_en", "source", "article", "certainty", "outcome",
        *_CHANGES, "units_touched", "entered", "left",
    ]  # fmt: skip
    frame = pd.DataFrame([found[k] for k in sorted(found)], columns=columns)
    whole = dict.fromkeys((*_CHANGES[1:], "units_touched"), "Int64")
    return frame.astype({"support": "Float64", **whole})


def field_prices(scenario: Scenario, *, amount: int = MILLION) -> pd.DataFrame:
    """What ± ``amount`` in each bound changes in the fields program, solved again.

    Returns
    -------
    DataFrame
        One row for each unit and bound: ``unit``, ``account``, ``side``, ``gain`` and ``loss``
        (points: a percent of the pagu in a field with all the weight; empty where nothing is
        feasible), ``dual`` for the same amount, ``agrees`` whether all three agree. A unit whose
        bounds leave no allocation has no rows.
    """
    problem, _ = prepare(scenario)
    weights, evenness = field_weights(scenario), evenness_of(scenario)
    rows = []
    for room in problem.units:
        question = field_question(problem, room.id, weights.get(room.id, {}), evenness)
        try:
            changes = marginal_money(problem, question, amount)
        except Infeasible:
            continue
        rows += [
            {
                "unit": room.id,
                "account": change.account,
                "side": change.side,
                "gain": None if change.gain is None else float(change.gain * 100),
                "loss": None if change.loss is None else float(change.loss * 100),
                "dual": change.dual * 100,
                "agrees": not change.kink,
            }
            for change in changes
        ]
    columns = ["unit", "account", "side", "gain", "loss", "dual", "agrees"]
    kinds = dict.fromkeys(("gain", "loss", "dual"), "Float64")
    return pd.DataFrame(rows, columns=columns).astype(kinds)

"""Why a proposal is in a plan, or what stands in its way, in words.

What binds when the least volume is simply added; displacing others is the business of
explanations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from optimizer.formulation.problem import Item, Kind, Limit
from optimizer.money import format_number, format_rupiah
from optimizer.phrases import say
from optimizer.plan import Plan
from optimizer.proposals import Proposal, Status
from optimizer.scenario import Pin
from optimizer.territory import full_place

__all__ = ["Reason", "Reasons", "reason"]

Fact = int | str | Fraction | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; its text is ``reason.<kind>``.

    Attributes
    ----------
    kind : str
        ``in``, ``reduced``, ``pinned_in``; ``excluded``, ``pinned_out``, ``no_account``,
        ``pool``, ``account``, ``pagu``, ``minima``, ``rule``, ``other``.
    facts
        Rupiah as ``int``, quantities as ``Fraction``, names as text or by language.
    """

    kind: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def text(self, lang: str = "id") -> str:
        """The reason in one sentence."""
        return say(f"reason.{self.kind}", lang, **{k: _say(v, lang) for k, v in self.facts.items()})


def _say(fact: Fact, lang: str) -> str:
    if isinstance(fact, int):
        return format_rupiah(fact, lang)
    if isinstance(fact, Fraction):
        return format_number(fact, lang)
    return fact if isinstance(fact, str) else fact.get(lang) or fact["id"]


def reason(plan: Plan, proposal: Proposal) -> Reason:
    """Why a proposal is in or out of a plan."""
    return Reasons(plan).of(proposal)


@dataclass(frozen=True)
class Reasons:
    """Reasons for all proposals of one plan."""

    plan: Plan

    def of(self, proposal: Proposal) -> Reason:
        """Why a proposal is in or out."""
        pin = self._pins.get(proposal.id)
        volume = self.plan.volumes.get(proposal.id)
        if volume:
            if pin:
                return Reason("pinned_in", {"reason": pin.reason or "-"})
            if volume == proposal.volume:
                return Reason("in")
            facts: dict[str, Fact] = {"volume": volume, "asked": proposal.volume}
            return Reason("reduced", facts | {"measure": proposal.measure})
        if proposal.status is Status.EXCLUDED:
            return Reason("excluded", {"reason": proposal.reason or "-"})
        if pin:
            return Reason("pinned_out", {"reason": pin.reason or "-"})
        index = self._index.get(proposal.id)
        if index is None:
            return Reason("no_account", {"field": proposal.field or "-"})
        return self._pool(index) or self._accounts(index) or self._limits(index) or Reason("other")

    @cached_property
    def _pins(self) -> Mapping[str, Pin]:
        return {pin.proposal: pin for pin in self.plan.scenario.pins}

    @cached_property
    def _index(self) -> Mapping[str, int]:
        return {item.id: i for i, item in enumerate(self.plan.problem.items)}

    @cached_property
    def _limits_of(self) -> Mapping[int, tuple[Limit, ...]]:
        found: dict[int, list[Limit]] = {}
        for limit in self.plan.problem.limits:
            for index, _ in limit.terms:
                found.setdefault(index, []).append(limit)
        return {index: tuple(limits) for index, limits in found.items()}

    @cached_property
    def _pools(self) -> Mapping[tuple[str, str], tuple[int, int]]:
        """Collected and unspent rupiah of each pool."""
        rows = self.plan.pools.to_dict("records")
        return {
            (str(r["kelurahan"]), str(r["account"])): (int(r["collected"]), int(r["unspent"]))
            for r in rows
        }

    def _pool(self, index: int) -> Reason | None:
        pool = self.plan.problem.pool_of(index)
        if pool is None:
            return None
        collected, left = self._pools[pool[0], self.plan.problem.tree.ids[pool[1]]]
        least = self.plan.problem.items[index].cost.at(1)
        if least <= left:
            return None
        return Reason("pool", {"most": collected, "left": left, "least": least})

    def _accounts(self, index: int) -> Reason | None:
        item = self.plan.problem.items[index]
        if item.kind is Kind.POOLED:
            return None
        found = (self._room(item, unit, amount.at(1)) for unit, amount in item.payers)
        return next((r for r in found if r), None)

    def _room(self, item: Item, unit: int, pays: int) -> Reason | None:
        """What a payer lacks for the least volume, from the leaf up to the pagu."""
        problem = self.plan.problem
        room = problem.units[unit]
        spent = list(self.plan.money[room.id][0])
        node = problem.tree.leaves[item.leaf]
        facts: dict[str, Fact] = {"place": full_place(room.id), "least": pays}
        while node >= 0:
            used, most = spent[node], room.upper[node]
            spent[node] += pays
            if spent[node] > most:
                account = self.plan.scenario.policy.by_id.get(problem.tree.ids[node])
                facts |= {"used": used, "most": most}
                if account is None:
                    return Reason("pagu", facts)
                return Reason("account", facts | {"account": account.name})
            node = problem.tree.parent[node]
        return Reason("minima", facts) if problem.held(unit, spent) is None else None

    def _limits(self, index: int) -> Reason | None:
        levels = {**self.plan.answer.levels, index: 1}
        for limit in self._limits_of.get(index, ()):
            total = sum(quantity.at(levels.get(i, 0)) for i, quantity in limit.terms)
            if (limit.upper is not None and total > limit.upper) or (
                limit.lower is not None and total < limit.lower
            ):
                rules = self.plan.scenario.policy.rules
                rule = next((r for r in rules if f"rule.{r.id}" == limit.rule), None)
                text: Fact = rule.text if rule and rule.text else limit.rule
                return Reason("rule", {"rule": text})
        return None

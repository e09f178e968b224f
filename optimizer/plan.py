"""The answer to a scenario: which proposals, at which volume, and every unit's money.

A plan exists only after the independent checker (:mod:`optimizer.rules`) has accepted it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import pandas as pd

from optimizer.envelopes import FieldPlan
from optimizer.formulation.problem import Kind, Problem
from optimizer.record.meetings import SCALE
from optimizer.record.policy import Account
from optimizer.record.proposals import Proposal, Status
from optimizer.record.scenario import PRIORITIES, Scenario
from optimizer.rules import Check, Listed, Standing, standings
from optimizer.rules.ledger import Ledger
from optimizer.solving.outcome import Answer, Outcome, Proof
from optimizer.versions import PLAN_SCHEMA, solver_versions

__all__ = ["Plan"]


def plain_number(value: Fraction) -> int | float:
    """A volume as JSON writes it: whole where it is whole."""
    return value.numerator if value.denominator == 1 else float(value)


@dataclass(frozen=True)
class Plan:
    """A verified plan.

    Attributes
    ----------
    checks : tuple of Check
        Every rule at every place, from the checker.
    joint_shares
        The joint share of each kelurahan, where it was searched.
    """

    scenario: Scenario
    problem: Problem
    answer: Answer
    listed: Listed
    checks: tuple[Check, ...]
    joint_shares: Mapping[str, Fraction] | None = None

    @property
    def outcome(self) -> Outcome:
        """Whether every stage was proved optimal."""
        return self.answer.outcome

    @cached_property
    def proofs(self) -> tuple[Proof, ...]:
        """Value and bound of each stage, added over the parts."""
        if not self.by_fields:
            return self.answer.proofs
        value, bound = (int(x * SCALE) for x in (self.fields.value, self.fields.bound))
        return (*self.answer.proofs, Proof(PRIORITIES, value, bound))

    @cached_property
    def values(self) -> Mapping[str, int]:
        """Value of each stage; ``fill`` as the shortfall it minimises, in rupiah."""
        return {p.stage: abs(p.value) if p.stage == "fill" else p.value for p in self.proofs}

    @cached_property
    def bounds(self) -> Mapping[str, int]:
        """What no plan can pass at each stage, in the units of :attr:`values`."""
        return {p.stage: abs(p.bound) if p.stage == "fill" else p.bound for p in self.proofs}

    @property
    def by_fields(self) -> bool:
        """Whether the scenario asks for envelopes by field."""
        return any(stage.name == PRIORITIES for stage in self.scenario.stages)

    @property
    def only_fields(self) -> bool:
        """Whether the scenario asks for nothing else: no proposal is chosen."""
        return all(stage.name == PRIORITIES for stage in self.scenario.stages)

    @property
    def gap(self) -> float:
        """The largest relative gap of a stage; 0 when everything is proved."""
        return max((p.gap for p in self.proofs), default=0.0)

    @property
    def inputs_sha256(self) -> str:
        """Hash of everything that decides the answer."""
        return self.scenario.sha256()

    @property
    def volumes(self) -> Mapping[str, Fraction]:
        """Chosen volume of each proposal that is in."""
        return self.listed.volumes

    @cached_property
    def chosen(self) -> tuple[Proposal, ...]:
        """Proposals in the plan, in canonical order."""
        return tuple(p for p in self.scenario.dataset.proposals if self.volumes.get(p.id))

    @cached_property
    def left_out(self) -> tuple[Proposal, ...]:
        """Proposals that were asked for and are not in the plan."""
        return tuple(
            p
            for p in self.scenario.dataset.proposals
            if not self.volumes.get(p.id) and p.status is not Status.EXCLUDED
        )

    def cost(self, proposal: Proposal) -> int:
        """Rupiah that the budget pays for a proposal in this plan (0 when it is out)."""
        return proposal.cost(self.volumes.get(proposal.id, Fraction(0)))

    def account(self, proposal: Proposal) -> Account | None:
        """The account in which a proposal is booked."""
        return self.scenario.policy.book(proposal).account

    def contributions(self, proposal: Proposal) -> dict[str, int]:
        """Who pays how much for a proposal outside the pool, by unit."""
        item = self._items.get(proposal.id)
        if item is None or not self.volumes.get(proposal.id):
            return {}
        level = self.answer.levels.get(item, 0)
        payers = self.problem.items[item].payers
        return {self.problem.units[u].id: amount.at(level) for u, amount in payers}

    @cached_property
    def ledger(self) -> Ledger:
        """The judge's books of the plan."""
        return Ledger(self.scenario.dataset, self.scenario.policy, self.listed)

    @cached_property
    def standings(self) -> Mapping[str, Mapping[str, Standing]]:
        """How every account of every unit stands, by unit and account id."""
        return standings(self.ledger, self.checks)

    @cached_property
    def _items(self) -> Mapping[str, int]:
        return {item.id: i for i, item in enumerate(self.problem.items)}

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What stands above a plan keeps here what it made of it once (its explainer)."""
        return {}

    # --- tables -------------------------------------------------------------------------

    @cached_property
    def funded(self) -> pd.DataFrame:
        """One row for each proposal in the plan; money in whole rupiah."""
        rows = [
            {
                "id": p.id,
                "owner": p.owner,
                "rank": p.rank,
                "account": account.id if (account := self.account(p)) else "",
                "title": p.title,
                "volume": plain_number(self.volumes[p.id]),
                "asked": plain_number(p.volume),
                "measure": p.measure,
                "cost": self.cost(p),
            }
            for p in self.chosen
        ]
        columns = [
            "id", "owner", "rank", "account", "title", "volume", "asked", "measure", "cost",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns).astype({"rank": "Int64", "cost": "int64"})

    @cached_property
    def money(self) -> Mapping[str, tuple[list[int], list[int]]]:
        """Programmed and reserved rupiah of each unit, by node of the account tree."""
        levels = self.answer.levels
        table: dict[str, tuple[list[int], list[int]]] = {}
        for part in self.problem.parts:
            for unit, spent in self.problem.spent(part, levels).items():
                reserved = self.problem.reserved(unit, spent)
                table[self.problem.units[unit].id] = (spent, reserved)
        return table

    @cached_property
    def allocations(self) -> pd.DataFrame:
        """RT × account in whole rupiah: programmed by activities, reserved for a minimum."""
        tree = self.problem.tree
        rows = [
            {
                "unit": unit.id,
                "account": tree.ids[node],
                "programmed": self.money[unit.id][0][node],
                "reserved": self.money[unit.id][1][node],
            }
            for unit in self.problem.units
            for node in tree.leaves
        ]
        return pd.DataFrame(rows, columns=["unit", "account", "programmed", "reserved"])

    @cached_property
    def unassigned(self) -> Mapping[str, int]:
        """Sisa pagu: rupiah of each unit that no activity and no minimum needs."""
        budgets = self.scenario.dataset.territory.by_id
        return {
            unit: budgets[unit].budget - spent[-1] - sum(reserved)
            for unit, (spent, reserved) in self.money.items()
        }

    @cached_property
    def fields(self) -> FieldPlan:
        """The fields program: envelopes that contain the plan's activities, proof and prices.

        Where proposals were chosen, what is beyond their activities is advice on idle money,
        never mixed with what was recorded.
        """
        ids, leaves = self.problem.tree.ids, self.problem.tree.leaves
        spent = {
            unit: {ids[node]: amounts[node] for node in leaves}
            for unit, (amounts, _) in self.money.items()
        }
        return FieldPlan(self.scenario, self.problem, spent)

    @property
    def envelopes(self) -> pd.DataFrame:
        """RT × account: envelope (``money``), ``activities`` and what is ``beyond`` them."""
        return self.fields.frame

    @cached_property
    def pools(self) -> pd.DataFrame:
        """Each kelurahan's pool: collected, spent and unspent rupiah."""
        rows = []
        for (kelurahan, node), collected in sorted(self.problem.pools.items()):
            spent = sum(
                item.cost.at(self.answer.levels.get(i, 0))
                for i, item in enumerate(self.problem.items)
                if item.kind is Kind.POOLED and self.problem.pool_of(i) == (kelurahan, node)
            )
            rows.append(
                {
                    "kelurahan": kelurahan,
                    "account": self.problem.tree.ids[node],
                    "collected": collected,
                    "spent": spent,
                    "unspent": collected - spent,
                }
            )
        columns = ["kelurahan", "account", "collected", "spent", "unspent"]
        return pd.DataFrame(rows, columns=columns)

    # --- record -------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """The plan as plain data, in the fields of the documented schema."""
        scenario, meta = self.scenario, self.scenario.dataset.meta
        return {
            "schema": PLAN_SCHEMA,
            "title": "SIMULASI",
            "scenario": scenario.name,
            "outcome": self.outcome.value,
            "objective": dict(self.values),
            "bound": dict(self.bounds),
            "gap": self.gap,
            "funded": [
                {
                    "id": p.id,
                    "volume": plain_number(self.volumes[p.id]),
                    "cost": self.cost(p),
                    "contributions": self.contributions(p),
                }
                for p in self.chosen
            ],
            "allocations": self.allocations.to_dict("records"),
            "envelopes": self.envelopes.to_dict("records"),
            "duals": self.fields.duals.to_dict("records") if self.by_fields else [],
            "weights": {unit: w.source.value for unit, w in self.fields.weights.items()},
            "pools": self.pools.to_dict("records"),
            "unassigned": dict(self.unassigned),
            "checks": [c.record() for c in self.checks],
            "pins": [
                {"id": p.proposal, "pin": "in" if p.inside else "out", "reason": p.reason}
                for p in scenario.pins
            ],
            "overrides": dict(scenario.overrides),
            "inputs_sha256": self.inputs_sha256,
            "policy": scenario.policy.id,
            "reading": scenario.policy.reading["id"],
            "made_up": list(meta.made_up.get("id", ())),
            "solver": {"methods": dict(self.answer.methods), **solver_versions()},
        }

"""Plans beside each other: what each brings, and the proposals in which they differ.

Every figure is exact (``int`` or :class:`~fractions.Fraction`). One way of counting support is
used for all plans, so that their figures can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cached_property
from typing import Any

import pandas as pd

from optimizer.errors import RembugError
from optimizer.formulation.problem import Group, Tree
from optimizer.measures import Measured, Measures, Question, gini, measures
from optimizer.plan import Plan, plain_number
from optimizer.record.policy import Account
from optimizer.record.scenario import Scenario

__all__ = ["Comparison", "DatasetMismatch", "Measures", "compare", "gini", "measures"]

RULE = "rule:"


class DatasetMismatch(RembugError):
    """Plans of different datasets cannot be compared."""


@dataclass(frozen=True)
class Comparison:
    """Plans with their figures; differences are from the first plan.

    Attributes
    ----------
    names : tuple of str
        One name for each plan, all different.
    counting : Scenario
        Whose way of counting support was used for all.
    """

    names: tuple[str, ...]
    plans: tuple[Plan, ...]
    measures: tuple[Measures, ...]
    counting: Scenario

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row for each plan and measure: ``plan``, ``measure``, ``value`` (exact)."""
        rows = [
            {"plan": name, "measure": f.name, "value": getattr(found, f.name)}
            for name, found in zip(self.names, self.measures, strict=True)
            for f in fields(Measures)
        ]
        return pd.DataFrame(rows, columns=["plan", "measure", "value"])

    @cached_property
    def fields(self) -> pd.DataFrame:
        """Accounts of each plan in rupiah over all units, against their bounds.

        Columns ``plan``, ``account``, ``programmed``, ``least``, ``most``, ``pagu``, ``share``
        (programmed ÷ pagu, exact).
        """
        rows = [
            {"plan": name, **row}
            for name, plan in zip(self.names, self.plans, strict=True)
            for row in _accounts(plan)
        ]
        columns = ["plan", "account", "programmed", "least", "most", "pagu", "share"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Proposals in which a plan differs from the first, in canonical order.

        ``change`` is ``enter``, ``leave``, ``more`` or ``less``; ``before`` and ``after`` are
        volumes, ``cost_before`` and ``cost_after`` rupiah.
        """
        first = self.plans[0]
        rows = [
            {"plan": name, **row}
            for name, plan in zip(self.names[1:], self.plans[1:], strict=True)
            for row in _differences(first, plan)
        ]
        columns = [
            "plan", "id", "owner", "title", "change", "before", "after", "measure",
            "cost_before", "cost_after",
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=columns)

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain data; exact fractions as numbers."""
        return {
            "schema": "rembug-compare/1",
            "title": "SIMULASI",
            "plans": [
                {
                    "name": name,
                    "outcome": plan.outcome.value,
                    "solver": plan.answer.solver,
                    "notes": list(plan.answer.notes),
                    "policy": plan.scenario.policy.id,
                    "inputs_sha256": plan.inputs_sha256,
                    **{f.name: _number(getattr(found, f.name)) for f in fields(Measures)},
                    "idle": found.idle,
                }
                for name, plan, found in zip(self.names, self.plans, self.measures, strict=True)
            ],
            "fields": _records(self.fields),
            "differences": _records(self.differences),
        }


def compare(plans: Sequence[Plan], names: Sequence[str] = ()) -> Comparison:
    """Put plans of one dataset beside each other.

    Parameters
    ----------
    names
        Names of the plans; by default those of their scenarios, with the rule where a plan
        comes from one.

    Raises
    ------
    DatasetMismatch
        If the plans are of different datasets.
    RembugError
        ``compare_nothing`` without any plan.
    """
    if not plans:
        raise RembugError("compare_nothing")
    first = plans[0].scenario
    for plan in plans[1:]:
        _refuse_other_dataset(first, plan.scenario)
    # Where one plan counts lists as support, all do: else it would seem to bring more.
    counting = next((p.scenario for p in plans if p.scenario.order_as_borda), first)
    known: dict[tuple[str, Question], tuple[Group, ...]] = {}
    return Comparison(
        names=_unique(names or [_name(p) for p in plans]),
        plans=tuple(plans),
        measures=tuple(Measured(p, counting, known).measures() for p in plans),
        counting=counting,
    )


def _name(plan: Plan) -> str:
    rule = plan.answer.solver
    return f"{plan.scenario.name} ({rule})" if rule.startswith(RULE) else plan.scenario.name


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """The names, numbered where one comes twice."""
    found: list[str] = []
    for name in names:
        number, candidate = 1, name
        while candidate in found:
            number += 1
            candidate = f"{name} ({number})"
        found.append(candidate)
    return tuple(found)


def _refuse_other_dataset(first: Scenario, other: Scenario) -> None:
    """Prices, volumes and pagu may differ, but not the places and who proposes what."""
    if _identity(first) != _identity(other):
        raise DatasetMismatch(
            "compare_datasets",
            first=first.dataset.meta.name,
            second=other.dataset.meta.name,
            first_count=len(first.dataset.proposals),
            second_count=len(other.dataset.proposals),
        )


def _identity(scenario: Scenario) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    data = scenario.dataset
    return tuple(u.id for u in data.territory.units), tuple((p.id, p.owner) for p in data.proposals)


def _number(value: Fraction | int | None) -> int | float | None:
    return plain_number(value) if isinstance(value, Fraction) else value


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): _number(v) for k, v in row.items()} for row in table.to_dict("records")]


def _accounts(plan: Plan) -> Iterator[dict[str, Any]]:
    """Every account over all units: programmed rupiah against what its bounds allow."""
    tree, units = plan.problem.tree, plan.problem.units
    pagu = sum(u.budget for u in plan.scenario.dataset.territory.units)
    accounts: Mapping[str, Account] = plan.scenario.policy.by_id
    for account in accounts.values():
        node = tree.ids.index(account.id)
        programmed = sum(spent[node] for spent, _ in plan.money.values())
        yield {
            "account": account.id,
            "programmed": programmed,
            "least": sum(u.lower[node] for u in units),
            "most": sum(min(u.upper[n] for n in _path(tree, node)) for u in units),
            "pagu": pagu,
            "share": Fraction(programmed, pagu) if pagu else Fraction(0),
        }


def _path(tree: Tree, node: int) -> Iterator[int]:
    """A node and all above it: what bounds its money from above."""
    while node >= 0:
        yield node
        node = tree.parent[node]


def _differences(first: Plan, other: Plan) -> Iterator[dict[str, Any]]:
    """Proposals with another volume than in the first plan."""
    for proposal in other.scenario.dataset.proposals:
        before = first.volumes.get(proposal.id, Fraction(0))
        after = other.volumes.get(proposal.id, Fraction(0))
        if before == after:
            continue
        if before and after:
            change = "more" if after > before else "less"
        else:
            change = "enter" if after else "leave"
        yield {
            "id": proposal.id,
            "owner": proposal.owner,
            "title": proposal.title,
            "change": change,
            "before": before,
            "after": after,
            "measure": proposal.measure,
            "cost_before": first.cost(first.scenario.dataset.by_id[proposal.id]),
            "cost_after": other.cost(proposal),
        }

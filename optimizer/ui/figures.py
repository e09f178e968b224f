"""Numbers of a plan as the screens show them: read from the plan's own tables, added up only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from optimizer.advice import own_decision
from optimizer.plan import Plan
from optimizer.record.dataset import Dataset
from optimizer.record.meetings import BallotKind
from optimizer.record.policy import Account
from optimizer.record.proposals import Proposal

__all__ = ["OwnMoney", "Row", "fields_of", "own_money", "rows_of", "shared_with", "supporters"]


@dataclass(frozen=True, slots=True)
class OwnMoney:
    """What an RT decides itself: the pagu without the joint share and what is obligatory.

    Attributes
    ----------
    budget, joint, own : int
        Rupiah: the pagu, the share of the joint fund, what is left to decide.
    """

    budget: int
    joint: int
    own: int

    @property
    def obligatory(self) -> int:
        """Mandatory activities and admin costs, in rupiah."""
        return self.budget - self.joint - self.own


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal of a list: in or out, and what the meeting recorded about it."""

    proposal: Proposal
    account: Account | None
    inside: bool
    cost: int
    pays: int
    supporters: int | None
    present: int | None


def own_money(plan: Plan, unit: str) -> OwnMoney:
    """What a unit decides itself under a plan."""
    budget = plan.scenario.dataset.territory.by_id[unit].budget
    joint = sum(plan.standings[unit][pool.id].programmed for pool in plan.scenario.policy.pools)
    return OwnMoney(budget, joint, own_decision(plan.ledger, unit))


def rows_of(plan: Plan, owner: str, unit: str = "") -> tuple[Row, ...]:
    """The list of an owner in its order, with what the plan does about each proposal."""
    present = plan.scenario.dataset.results.attendance().get(owner)
    return tuple(
        Row(
            proposal=proposal,
            account=plan.account(proposal),
            inside=bool(plan.volumes.get(proposal.id)),
            cost=plan.cost(proposal),
            pays=plan.contributions(proposal).get(unit, 0) if unit else 0,
            supporters=supporters(plan.scenario.dataset, proposal),
            present=present,
        )
        for proposal in plan.scenario.dataset.lists.get(owner, ())
    )


def shared_with(plan: Plan, unit: str) -> tuple[Row, ...]:
    """Proposals of an RW or kelurahan list (outside the pool) that a unit pays for or could."""
    dataset = plan.scenario.dataset
    rows: list[Row] = []
    for above in dataset.territory.path(unit):
        if above == unit:
            continue
        for row in rows_of(plan, above, unit):
            pooled = row.account is not None and row.account.pooled
            if not pooled and unit in dataset.payers(row.proposal):
                rows.append(row)
    return tuple(rows)


def supporters(dataset: Dataset, proposal: Proposal) -> int | None:
    """People of the owner's meeting who support a proposal; ``None`` where it was not counted."""
    results = dataset.results
    counted = [
        c.supporters
        for c in results.counts
        if c.proposal == proposal.id and c.place == proposal.owner
    ]
    if counted:
        return sum(counted)
    cast = [
        b for b in results.ballots if b.place == proposal.owner and b.kind is BallotKind.APPROVAL
    ]
    if not cast:
        return None
    return sum(b.count for b in cast if any(p == proposal.id for p, _ in b.choices))


def fields_of(plan: Plan, units: Iterable[str]) -> Mapping[str, int]:
    """Programmed rupiah of some units together, by leaf account."""
    standings = [plan.standings[unit] for unit in units]
    return {a.id: sum(s[a.id].programmed for s in standings) for a in plan.scenario.policy.leaves}

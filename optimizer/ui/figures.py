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
from optimizer.rules.ledger import Ledger

__all__ = [
    "AccountMoney", "OwnMoney", "Row", "account_money", "fields_of", "ledger_of", "own_money",
    "rows_of", "shared_with", "supporters",
]  # fmt: skip


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
class AccountMoney:
    """Money of one account of a unit, against its own bounds.

    Attributes
    ----------
    programmed, reserved : int
        Rupiah of activities; rupiah held only because a minimum asks for it.
    lower, upper : int or None
        The account's own bounds in rupiah; ``None`` where it has none.
    rounding : bool
        The checker calls the shortfall a rounding difference.
    """

    account: Account
    depth: int
    budget: int
    programmed: int
    reserved: int
    lower: int | None
    upper: int | None
    rounding: bool = False

    @property
    def state(self) -> str:
        """How it stands; its words are ``ui.bar.state.<state>`` (``free``: no bounds at all)."""
        total = self.programmed + self.reserved
        if self.rounding:
            return "rounding"
        if self.upper is not None and total > self.upper:
            return "over"
        if self.lower is not None and self.programmed < self.lower:
            return "below"
        if not total:
            return "empty"
        if self.upper is None:
            return "free" if self.lower is None else "enough"
        return "reached" if self.programmed == self.upper else "room"


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


def ledger_of(plan: Plan) -> Ledger:
    """The checker's books of a plan."""
    return Ledger(plan.scenario.dataset, plan.scenario.policy, plan.listed)


def own_money(plan: Plan, unit: str) -> OwnMoney:
    """What a unit decides itself under a plan."""
    ledger = ledger_of(plan)
    budget = plan.scenario.dataset.territory.by_id[unit].budget
    joint = sum(ledger.programmed(unit, pool) for pool in plan.scenario.policy.pools)
    return OwnMoney(budget, joint, own_decision(ledger, unit))


def account_money(plan: Plan, unit: str) -> tuple[AccountMoney, ...]:
    """Money of a unit in every account, in the order of the regulation, parents first."""
    budget = plan.scenario.dataset.territory.by_id[unit].budget
    spent, reserved = plan.money[unit]
    nodes = {account: node for node, account in enumerate(plan.problem.tree.ids)}
    near = {c.account for c in plan.checks if c.place == unit and c.rounding}
    held = {a.id: reserved[nodes[a.id]] for a in plan.scenario.policy.leaves}
    rows = []
    for account in plan.scenario.policy.by_id.values():
        lower, upper = _bounds(account, budget)
        rows.append(
            AccountMoney(
                account=account,
                depth=account.id.count("/"),
                budget=budget,
                programmed=spent[nodes[account.id]],
                reserved=sum(held[leaf.id] for leaf in account.walk() if leaf.is_leaf),
                lower=lower,
                upper=upper,
                rounding=account.id in near,
            )
        )
    return tuple(rows)


def _bounds(account: Account, budget: int) -> tuple[int | None, int | None]:
    """The bounds that a person reads in the regulation; ``None`` where there is none."""
    lowers = [b.lower(budget) for b in account.bounds if b.known and b.side != "max"]
    uppers = [u for b in account.bounds if (u := b.upper(budget)) is not None]
    return max(lowers, default=None), min(uppers, default=None)


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
    totals: dict[str, int] = {leaf.id: 0 for leaf in plan.scenario.policy.leaves}
    nodes = dict(zip(plan.problem.tree.ids, range(len(plan.problem.tree.ids)), strict=True))
    for unit in units:
        spent = plan.money[unit][0]
        for leaf in totals:
            totals[leaf] += spent[nodes[leaf]]
    return totals

"""Scenario → :class:`~optimizer.formulation.problem.Problem`.

Here the words of a regulation become whole numbers: bounds in rupiah, contributions, support
coefficients and the order of the lists. Item rules have a room of their own
(:mod:`optimizer.formulation.item_rules`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import networkx as nx

from optimizer.errors import ScenarioError
from optimizer.formulation.equity import alone_limits, groups_of
from optimizer.formulation.item_rules import ItemRules
from optimizer.formulation.letters import Letters
from optimizer.formulation.problem import (
    PERCENTS,
    Group,
    Item,
    Kind,
    Limit,
    Linear,
    Part,
    Problem,
    Requirement,
    StageSpec,
    Tree,
    UnitRoom,
)
from optimizer.formulation.support import (
    silent_lists,
    support_by_level,
    support_of,
)
from optimizer.money import share_ceil, split
from optimizer.nearest import nearest
from optimizer.record.dataset import Dataset
from optimizer.record.meetings import SCALE
from optimizer.record.policy import Account, Policy
from optimizer.record.proposals import Proposal, Status
from optimizer.record.scenario import PRIORITIES, Scenario
from optimizer.territory import Unit, natural_key

__all__ = ["compile_scenario", "marginals", "support_of"]

_LEVELS = ("kelurahan", "rw", "rt")


def marginals(evenness: Fraction) -> tuple[int, ...]:
    """Value of each whole percent: round(10⁶ · (k − ½)^−α), k = 1 … 100."""
    return tuple(round(SCALE * (k - 0.5) ** -float(evenness)) for k in range(1, PERCENTS + 1))


def account_tree(policy: Policy) -> Tree:
    """The policy's accounts, children first, under a root for the pagu."""
    order: list[Account] = []

    def visit(account: Account) -> None:
        for child in account.children:
            visit(child)
        order.append(account)

    for top in policy.accounts:
        visit(top)
    index = {a.id: i for i, a in enumerate(order)}
    root = len(order)
    parent = [root] * root
    for account in order:
        for child in account.children:
            parent[index[child.id]] = index[account.id]
    return Tree(
        ids=(*(a.id for a in order), "pagu"),
        parent=(*parent, -1),
        leaves=tuple(index[a.id] for a in policy.leaves),
        pooled=frozenset(index[a.id] for a in policy.pools),
    )


def joint_contribution(share: Fraction | None, account: Account, unit: Unit) -> int:
    """Rupiah that a unit gives to the pool: the joint share, or the policy's minimum."""
    if share is None:
        return account.lower(unit.budget)
    ceiling = account.upper(unit.budget)
    amount = share_ceil(share, unit.budget)
    # A share that is not whole rupiah is rounded up, but never over a maximum.
    return amount - 1 if amount == ceiling + 1 else amount


@dataclass
class _Compiler:
    """Working state of one compilation."""

    scenario: Scenario
    joint_shares: Mapping[str, Fraction] | None = None

    def __post_init__(self) -> None:
        self.data: Dataset = self.scenario.dataset
        self.policy: Policy = self.scenario.policy
        self.tree = account_tree(self.policy)
        self.letters = Letters(self.data, self.policy)
        self.leaf_index = {a.id: i for i, a in enumerate(self.policy.leaves)}
        self.unit_index = {u.id: i for i, u in enumerate(self.data.territory.units)}
        self.support = support_of(self.scenario)
        self.pins = {p.proposal: p for p in self.scenario.pins}
        self.activities: list[str] = []
        self.proposals: list[Proposal] = []
        self.items: list[Item] = []
        self.item_index: dict[str, int] = {}

    # --- units --------------------------------------------------------------------------

    def units(self) -> tuple[UnitRoom, ...]:
        return tuple(self._room(unit) for unit in self.data.territory.units)

    def _room(self, unit: Unit) -> UnitRoom:
        lower, upper, given = [], [], []
        for node, account_id in enumerate(self.tree.ids[:-1]):
            account = self.policy.by_id[account_id]
            low, high = self.letters.lower(unit, account), account.upper(unit.budget)
            gift = 0
            if node in self.tree.pooled:
                gift = joint_contribution(self._joint_share(unit), account, unit)
                # The pool is fixed: a share outside its bounds shows as no room at all.
                low = max(account.lower(unit.budget), gift)
            lower.append(low)
            upper.append(high)
            given.append(gift)
        return UnitRoom(
            id=unit.id,
            kelurahan=unit.kelurahan,
            lower=(*lower, 0),
            upper=(*upper, unit.budget),
            given=(*given, 0),
        )

    def _joint_share(self, unit: Unit) -> Fraction | None:
        if self.joint_shares is not None:
            return self.joint_shares[unit.kelurahan]
        share = self.scenario.joint_share
        if isinstance(share, str):
            raise ScenarioError("joint_share_open")
        return share

    # --- items --------------------------------------------------------------------------

    def add_items(self) -> None:
        for proposal in self.data.proposals:
            booked = self.policy.book(proposal)
            if booked.account is None or proposal.status is Status.EXCLUDED:
                continue  # an unknown account is named by the checker, an exclusion by its reason
            self.activities.append(booked.activity.id if booked.activity else "")
            self.item_index[proposal.id] = len(self.items)
            self.proposals.append(proposal)
            self.items.append(self._item(proposal, booked.account))

    def _item(self, proposal: Proposal, account: Account) -> Item:
        extra = (proposal.volume - proposal.least) // proposal.step
        least_cost = proposal.cost(proposal.least)
        step_cost = int(proposal.unit_price * proposal.step) if extra else 0
        pin = self.pins.get(proposal.id)
        payers = () if account.pooled else self.data.payers(proposal)
        alone = payers == (proposal.owner,)
        kind = Kind.POOLED if account.pooled else Kind.OWN if alone else Kind.SHARED
        return Item(
            id=proposal.id,
            kind=kind,
            owner=proposal.owner,
            leaf=self.leaf_index[account.id],
            extra=extra,
            cost=Linear(least_cost, step_cost),
            payers=self._payers(proposal, payers, least_cost, step_cost),
            support=support_by_level(proposal, self.support.get(proposal.id, Fraction(0))),
            residents=self.data.territory.residents(self.data.served(proposal)),
            fixed=0 if pin is not None and not pin.inside else None,
            forced=pin is not None and pin.inside,
        )

    def _payers(
        self, proposal: Proposal, payers: tuple[str, ...], least_cost: int, step_cost: int
    ) -> tuple[tuple[int, Linear], ...]:
        """Parts of a shared proposal: largest remainder in id order, fixed before solving."""
        if not payers:
            return ()
        weights = proposal.shares or (1,) * len(payers)
        bases, steps = split(least_cost, weights), split(step_cost, weights)
        return tuple(
            (self.unit_index[u], Linear(b, s)) for u, b, s in zip(payers, bases, steps, strict=True)
        )

    # --- stages, order, parts -------------------------------------------------------------

    def stages(self) -> tuple[StageSpec, ...]:
        specs = [StageSpec("mandatory")]
        for stage in self.scenario.stages:
            if stage.name == PRIORITIES:
                continue  # sets envelopes, chooses no proposal: the fields program
            weights = marginals(stage.evenness) if stage.name == "welfare" else ()
            specs.append(StageSpec(stage.name, weights, stage.over))
        return tuple(specs)

    def order(self) -> tuple[int, ...]:
        """Items in the order in which lists decide: joint, then RW, then RT."""
        levels = {level: k for k, level in enumerate(_LEVELS)}
        territory = self.data.territory
        owners = sorted(self.data.lists, key=lambda o: (levels[territory.level(o)], natural_key(o)))
        ordered = [p.id for owner in owners for p in self.data.lists[owner]]
        return tuple(self.item_index[p] for p in ordered if p in self.item_index)

    def parts(
        self,
        limits: tuple[Limit, ...],
        requirements: tuple[Requirement, ...],
        groups: tuple[Group, ...],
    ) -> tuple[Part, ...]:
        """Connected pieces: units tied by shared items or rules, and each pool."""
        ties: nx.Graph[tuple[str, object]] = nx.Graph()
        units = self.data.territory.units
        ties.add_nodes_from(("unit", u) for u in range(len(units)))
        for index, item in enumerate(self.items):
            ties.add_node(("item", index))
            if item.kind is Kind.POOLED:
                kelurahan = item.owner.split("/", 1)[0]
                ties.add_edge(("item", index), ("pool", (kelurahan, self.tree.leaves[item.leaf])))
            for unit, _ in item.payers:
                ties.add_edge(("item", index), ("unit", unit))
        for k, limit in enumerate(limits):
            for i, _ in limit.terms:
                ties.add_edge(("limit", k), ("item", i))
        for k, requirement in enumerate(requirements):
            for i in requirement.items:
                ties.add_edge(("requirement", k), ("item", i))
        for k, group in enumerate(groups):
            for i, _ in group.terms:
                ties.add_edge(("group", k), ("item", i))
        return tuple(
            sorted(
                (self._part(c) for c in nx.connected_components(ties)),
                key=lambda p: (not p.pools, p.units, p.items),
            )
        )

    def _part(self, nodes: set[tuple[str, object]]) -> Part:
        def chosen(kind: str) -> tuple[int, ...]:
            return tuple(sorted(n for k, n in nodes if k == kind and isinstance(n, int)))

        pools = [n for k, n in nodes if k == "pool" and isinstance(n, tuple)]
        units = chosen("unit")
        names = [self.data.territory.units[u].id for u in units] + [p[0] for p in pools]
        return Part(
            name=names[0] if names else "",
            units=units,
            items=chosen("item"),
            limits=chosen("limit"),
            requirements=chosen("requirement"),
            groups=chosen("group"),
            pools=tuple(sorted(pools)),
        )


def compile_scenario(
    scenario: Scenario,
    joint_shares: Mapping[str, Fraction] | None = None,
    floors: Mapping[str, int] | None = None,
) -> Problem:
    """Turn a scenario into whole numbers.

    Parameters
    ----------
    floors
        Support that each unit gets alone (:func:`optimizer.equity.alone_optima`): the least
        that it may get in the plan.
    joint_shares
        The joint share of each kelurahan, in place of the scenario's (while searching).

    Raises
    ------
    ScenarioError
        ``joint_share_open`` when the joint share is still to be searched;
        ``levels_mixed`` when support is maximised over data that mix levels and the scenario
        does not say how lists become support; ``unknown_proposal`` for a pin.
    """
    work = _Compiler(scenario, joint_shares)
    work.add_items()
    _refuse_unknown_pins(scenario, work)
    _refuse_mixed_levels(scenario, work.support)
    rows = ItemRules(
        scenario.dataset,
        scenario.policy,
        work.letters,
        tuple(work.items),
        tuple(work.proposals),
        tuple(work.activities),
    ).rows
    alone = alone_limits(scenario, work.item_index, floors or {})
    limits = (*(row for row in rows if isinstance(row, Limit)), *alone)
    requirements = tuple(row for row in rows if isinstance(row, Requirement))
    groups = groups_of(scenario, work.item_index)
    pools: dict[tuple[str, int], int] = defaultdict(int)
    units = work.units()
    for room in units:
        for node in work.tree.pooled:
            pools[room.kelurahan, node] += room.given[node]
    return Problem(
        tree=work.tree,
        units=units,
        items=tuple(work.items),
        limits=limits,
        requirements=requirements,
        pools=dict(pools),
        stages=work.stages(),
        order=work.order(),
        parts=work.parts(limits, requirements, groups),
        groups=groups,
    )


def _refuse_unknown_pins(scenario: Scenario, work: _Compiler) -> None:
    for pin in scenario.pins:
        if pin.proposal in scenario.dataset.by_id and pin.proposal not in work.item_index:
            raise ScenarioError("pin_excluded", id=pin.proposal)
        if pin.proposal not in work.item_index:
            near = nearest(pin.proposal, work.item_index) or "-"
            raise ScenarioError("unknown_proposal", id=pin.proposal, near=near)


def _refuse_mixed_levels(scenario: Scenario, support: Mapping[str, Fraction]) -> None:
    """Support cannot be maximised where ordered lists stand beside votes unexplained."""
    if scenario.order_as_borda or all(
        s.name in {"order", "fill", PRIORITIES} for s in scenario.stages
    ):
        return
    silent = silent_lists(scenario, support)
    if silent:
        raise ScenarioError("levels_mixed", count=len(silent), example=silent[0])

"""The rules in the way of a proposal: by name, with rupiah, and what fits beside the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from optimizer.formulation.problem import Limit
from optimizer.money import split
from optimizer.plan import Plan
from optimizer.record.policy import Account, Bound, ItemRule
from optimizer.record.proposals import Proposal
from optimizer.solving.nearby.asked import Amount, less

__all__ = ["Binding", "Fit", "Rules", "held_for", "telling"]


@dataclass(frozen=True, slots=True)
class Binding:
    """A rule that would break.

    Attributes
    ----------
    kind : str
        ``account``, ``pagu``, ``minima`` (money held for minima of other accounts), ``pool``
        or ``rule`` (an item rule).
    place : str
        Node id of the payer, the pool's kelurahan or the list.
    limit, filled, asks : int
        Rupiah: what is allowed, what the others take of it, what the proposal asks.
    pooled : int
        Rupiah of ``filled`` that go to the kelurahan's pool.
    held : int
        Rupiah that beside it must be held for minima of other accounts, ``held_for``.
    account, bound
        The account, and the bound that sets the limit, where it is one.
    rule : ItemRule or None
        The item rule, where it is one that the policy knows.
    payers : int
        Units among which its cost is split.
    others : int
        Other payers at which the same rule would break.
    """

    kind: str
    place: str
    limit: int = 0
    filled: int = 0
    asks: int = 0
    account: Account | None = None
    bound: Bound | None = None
    rule: ItemRule | None = None
    pooled: int = 0
    held: int = 0
    held_for: tuple[Account, ...] = ()
    payers: int = 1
    others: int = 0

    @property
    def left(self) -> int:
        """Rupiah that it could still have of the limit."""
        return max(0, self.limit - self.filled - self.held)

    @property
    def over(self) -> int:
        """Rupiah by which the limit would be exceeded."""
        return self.filled + self.held + self.asks - self.limit


@dataclass(frozen=True, slots=True)
class Fit:
    """What fits without moving anything else; ``None`` where nothing of that kind does.

    Attributes
    ----------
    volume : Fraction or None
        The largest volume below the asked one, and ``cost`` its rupiah.
    own_funds : int or None
        Least extra rupiah of swadaya with which the asked volume fits.
    """

    volume: Fraction | None = None
    cost: int = 0
    own_funds: int | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A proposal at some volume and cost, in whole rupiah."""

    index: int
    volume: Fraction
    cost: int
    payers: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Rules:
    """The rules of a plan's problem, seen from one proposal while the others stay."""

    plan: Plan

    @cached_property
    def _index(self) -> Mapping[str, int]:
        return {item.id: i for i, item in enumerate(self.plan.problem.items)}

    @cached_property
    def _limits(self) -> Mapping[int, tuple[Limit, ...]]:
        found: dict[int, list[Limit]] = {}
        for limit in self.plan.problem.limits:
            for i, _ in limit.terms:
                found.setdefault(i, []).append(limit)
        return {i: tuple(limits) for i, limits in found.items()}

    @cached_property
    def _by_rule(self) -> Mapping[str, ItemRule]:
        return {f"rule.{r.id}": r for r in self.plan.scenario.policy.rules}

    @cached_property
    def _spent(self) -> Mapping[int, list[int]]:
        """Programmed rupiah of each unit in the plan, for every node."""
        units = self.plan.problem.units
        return {u: self.plan.money[room.id][0] for u, room in enumerate(units)}

    @cached_property
    def _pool_used(self) -> Mapping[tuple[str, int], int]:
        used: dict[tuple[str, int], int] = {}
        for i, item in enumerate(self.plan.problem.items):
            pool = self.plan.problem.pool_of(i)
            if pool is not None:
                level = self.plan.answer.levels.get(i, 0)
                used[pool] = used.get(pool, 0) + item.cost.at(level)
        return used

    # --- what would break -----------------------------------------------------------------

    def binding(self, proposal: Proposal) -> tuple[Binding, ...]:
        """Rules that would break if it were in at its asked volume, the others unchanged."""
        asked = self._at(proposal, proposal.volume, proposal.full_cost)
        money = _together(self._money(asked, alone=False))
        return (*(self._beyond(b, proposal) for b in money), *self._item_rules(asked, alone=False))

    def _beyond(self, binding: Binding, proposal: Proposal) -> Binding:
        """For what is in with less: its part in the plan counts as filled, the rest as asked."""
        index = self._index[proposal.id]
        item, level = self.plan.problem.items[index], self._level(index)
        paid = [q.at(level) for u, q in item.payers if self._unit(u) == binding.place]
        own = sum(paid) if item.payers else item.cost.at(level)
        return replace(binding, filled=binding.filled + own, asks=binding.asks - own)

    def _unit(self, number: int) -> str:
        return self.plan.problem.units[number].id

    def never(self, proposal: Proposal) -> Binding | None:
        """The first rule that it breaks alone, with nothing but the pool share, at its least."""
        asked = self._at(proposal, proposal.least, proposal.cost(proposal.least))
        money = _together(self._money(asked, alone=True))
        return next(iter((*money, *self._item_rules(asked, alone=True))), None)

    def _at(self, proposal: Proposal, volume: Fraction, cost: int) -> _Asked:
        index = self._index[proposal.id]
        item = self.plan.problem.items[index]
        if not item.payers:
            return _Asked(index, volume, cost)
        parts = split(cost, proposal.shares or (1,) * len(item.payers))
        payers = tuple((u, part) for (u, _), part in zip(item.payers, parts, strict=True))
        return _Asked(index, volume, cost, payers)

    def _money(self, asked: _Asked, *, alone: bool) -> Iterator[Binding]:
        problem = self.plan.problem
        pool = problem.pool_of(asked.index)
        if pool is not None:
            own = problem.items[asked.index].cost.at(self._level(asked.index))
            filled = 0 if alone else self._pool_used[pool] - own
            account = self._account(pool[1])
            if filled + asked.cost > problem.pools[pool]:
                yield Binding("pool", pool[0], problem.pools[pool], filled, asked.cost, account)
        for unit, pays in asked.payers:
            yield from self._at_payer(asked, unit, pays, alone=alone)

    def _level(self, index: int) -> int:
        return self.plan.answer.levels.get(index, 0)

    def _at_payer(self, asked: _Asked, unit: int, pays: int, *, alone: bool) -> Iterator[Binding]:
        problem = self.plan.problem
        room, tree = problem.units[unit], problem.tree
        filled = self._filled(asked.index, unit, alone=alone)
        path = tree.above(tree.leaves[problem.items[asked.index].leaf])
        total = [f + pays * (node in path) for node, f in enumerate(filled)]
        held = problem.reserved(unit, total)
        found = False
        for node in path:
            if total[node] > room.upper[node]:
                found = True
                kind = "account" if tree.parent[node] >= 0 else "pagu"
                yield self._of_money(kind, asked, node, (unit, pays), (filled, held))
        whole = self._of_money("minima", asked, path[-1], (unit, pays), (filled, held))
        apart = not found and problem.held(unit, total) is None
        if apart or (total[path[-1]] <= whole.limit and whole.over > 0):
            yield whole

    def _of_money(
        self,
        kind: str,
        asked: _Asked,
        node: int,
        part: tuple[int, int],
        money: tuple[list[int], list[int]],
    ) -> Binding:
        """One node at one payer that is asked for too much, of what is filled and held there."""
        tree, (unit, pays), (filled, held) = self.plan.problem.tree, part, money
        room, account = self.plan.problem.units[unit], self._account(node)
        path = tree.above(tree.leaves[self.plan.problem.items[asked.index].leaf])
        others = [n for n in tree.under(node) if held[n] and n not in path]
        return Binding(
            kind,
            room.id,
            room.upper[node],
            filled[node],
            pays,
            account,
            self._bound(account, room.id, room.upper[node]),
            pooled=sum(room.given[n] for n in tree.under(node)),
            held=sum(held[n] for n in others),
            held_for=held_for(self.plan, unit, others, path),
            payers=len(asked.payers),
        )

    def _filled(self, index: int, unit: int, *, alone: bool) -> list[int]:
        """Rupiah at every node without the item itself."""
        problem, tree = self.plan.problem, self.plan.problem.tree
        if alone:
            filled = list(problem.units[unit].given)
            for node, parent in enumerate(tree.parent):
                if parent >= 0:
                    filled[parent] += filled[node]
            return filled
        filled = list(self._spent[unit])
        item = problem.items[index]
        own = sum(paid.at(self._level(index)) for u, paid in item.payers if u == unit)
        node = tree.leaves[item.leaf]
        while node >= 0:
            filled[node] -= own
            node = tree.parent[node]
        return filled

    def _account(self, node: int) -> Account | None:
        return self.plan.scenario.policy.by_id.get(self.plan.problem.tree.ids[node])

    def _bound(self, account: Account | None, unit: str, limit: int) -> Bound | None:
        """The bound that sets a limit."""
        budget = self.plan.scenario.dataset.territory.by_id[unit].budget
        bounds = account.bounds if account else ()
        return next((b for b in bounds if b.upper(budget) == limit), None)

    def _item_rules(self, asked: _Asked, *, alone: bool) -> Iterator[Binding]:
        seen = set()
        for limit in self._limits.get(asked.index, ()):
            total = self._total(limit, asked, alone=alone)
            over = limit.upper is not None and total > limit.upper
            under = limit.lower is not None and total < limit.lower
            if (over or under) and (limit.rule, limit.place) not in seen:
                seen.add((limit.rule, limit.place))
                yield Binding("rule", limit.place, rule=self._by_rule.get(limit.rule))

    def _total(self, limit: Limit, asked: _Asked, *, alone: bool) -> int:
        """The left side of a limit with the item as asked; alone, the others help as they can."""
        total = 0
        for i, quantity in limit.terms:
            levels = self.plan.problem.items[i].levels
            values = [quantity.at(level) for level in (levels[0], levels[-1])] if levels else [0]
            if i == asked.index:
                total += self._quantity(limit, asked)
            elif not alone:
                total += quantity.at(self._level(i))
            elif limit.upper is not None:
                total += min(0, *values)
            else:
                total += max(0, *values)
        return total

    def _quantity(self, limit: Limit, asked: _Asked) -> int:
        """The item's own term, at any volume and cost."""
        quantity = next(q for i, q in limit.terms if i == asked.index)
        top = quantity.at(self.plan.problem.items[asked.index].top)
        proposal = self.plan.scenario.dataset.by_id[self.plan.problem.items[asked.index].id]
        return top + less(limit, proposal, Amount(asked.volume, asked.cost, 0))

    # --- what fits ------------------------------------------------------------------------

    def fit(self, proposal: Proposal) -> Fit:
        """The largest smaller volume and the least own funds that fit beside the others."""
        index = self._index[proposal.id]
        if self.plan.problem.items[index].fixed == 0:
            return Fit()
        volume = self._fitting_volume(proposal)
        own_funds = self._fitting_own_funds(proposal)
        return Fit(volume, proposal.cost(volume) if volume else 0, own_funds)

    def _fitting_own_funds(self, proposal: Proposal) -> int | None:
        """By bisection: under rules from above, what fits at a cost fits at a lower one."""

        def fits(cost: int) -> bool:
            return self._fits(self._at(proposal, proposal.volume, cost))

        low, high = 0, proposal.full_cost
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if fits(middle) else (low, middle - 1)
        return proposal.full_cost - low if fits(low) else None

    def _fitting_volume(self, proposal: Proposal) -> Fraction | None:
        if proposal.least < proposal.volume:
            volumes = proposal.volumes[:-1]
        elif proposal.volume.denominator == 1:
            volumes = tuple(Fraction(k) for k in range(1, int(proposal.volume)))
        else:
            volumes = ()
        return next(
            (
                volume
                for volume in reversed(volumes)
                if proposal.cost(volume) > 0
                and self._fits(self._at(proposal, volume, proposal.cost(volume)))
            ),
            None,
        )

    def _fits(self, asked: _Asked) -> bool:
        broken = (*self._money(asked, alone=False), *self._item_rules(asked, alone=False))
        return not broken


def held_for(
    plan: Plan, unit: int, leaves: Iterable[int], outside: Collection[int]
) -> tuple[Account, ...]:
    """The accounts whose minima money is held for, by the leaves where it is held.

    Parameters
    ----------
    outside
        Nodes that are not meant: those of the proposal itself, and the pagu.
    """
    tree, lower = plan.problem.tree, plan.problem.units[unit].lower
    by_id = plan.scenario.policy.by_id
    found: dict[str, Account] = {}
    for leaf in leaves:
        own = [n for n in tree.above(leaf) if n not in outside and (n == leaf or lower[n])]
        account = by_id[tree.ids[own[-1]]]
        found[account.id] = account
    return tuple(found.values())


def telling(bindings: Sequence[Binding]) -> Iterator[Binding]:
    """Without an account that asks for no more than the narrower one already named."""
    worst = 0
    for binding in bindings:
        if binding.kind not in {"account", "pagu", "minima"} or binding.over > worst:
            yield binding
        worst = max(worst, binding.over)


def _together(found: Iterator[Binding]) -> tuple[Binding, ...]:
    """One entry for each rule, at the payer where most is lacking."""
    groups: dict[tuple[str, str], list[Binding]] = {}
    for one in found:
        groups.setdefault((one.kind, one.account.id if one.account else ""), []).append(one)
    return tuple(
        _with_others(max(same, key=lambda b: b.over), len(same) - 1) for same in groups.values()
    )


def _with_others(binding: Binding, others: int) -> Binding:
    return replace(binding, others=others)

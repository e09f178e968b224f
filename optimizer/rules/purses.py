"""Money while a list is gone through from the top: what still fits beside what is in.

A purse is a unit's pagu with its accounts, or a kelurahan's pool. Minima keep their money free
for the accounts that they are about, so an item fits where the least money that holds it and
every minimum stays within all maxima.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from optimizer.record.policy import Account, Policy
from optimizer.record.proposals import Proposal
from optimizer.rules.ledger import Ledger, contributions_due, kelurahan_of
from optimizer.territory import Unit

__all__ = ["Purses"]

# A unit, or a kelurahan and its pool.
Holder: TypeAlias = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Shape:
    """The accounts of a purse, children first, the whole of it last.

    Attributes
    ----------
    above : tuple of int
        The account above each; -1 for the whole.
    paths
        Of each leaf: itself and all above it.
    """

    accounts: tuple[Account, ...]
    above: tuple[int, ...]
    paths: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, policy: Policy) -> _Shape:
        accounts = tuple(reversed(tuple(policy.by_id.values())))
        place = {account.id: k for k, account in enumerate(accounts)}
        above = [len(accounts)] * len(accounts) + [-1]
        for account in accounts:
            for child in account.children:
                above[place[child.id]] = place[account.id]
        paths = {}
        for leaf in policy.leaves:
            path = [place[leaf.id]]
            while above[path[-1]] >= 0:
                path.append(above[path[-1]])
            paths[leaf.id] = tuple(path)
        return cls(accounts, tuple(above), paths)


class _Purse:
    """Money by account: the least that what is in and every minimum need.

    ``idle`` is what an account's own minimum holds without an activity yet.
    """

    __slots__ = ("above", "idle", "least", "most", "paths")

    def __init__(
        self,
        above: Sequence[int],
        paths: Mapping[str, Sequence[int]],
        lowers: Sequence[int],
        most: Sequence[int],
    ) -> None:
        self.above, self.paths, self.most = above, paths, most
        self.least = [0] * len(above)
        self.idle = [0] * len(above)
        for node, parent in enumerate(above):
            inside = self.least[node]
            self.least[node] = max(lowers[node], inside)
            self.idle[node] = self.least[node] - inside
            if parent >= 0:
                self.least[parent] += self.least[node]

    def copy(self) -> _Purse:
        twin = object.__new__(_Purse)
        twin.above, twin.paths, twin.most = self.above, self.paths, self.most
        twin.least, twin.idle = self.least.copy(), self.idle.copy()
        return twin

    def room(self, leaf: str) -> int:
        """The most rupiah that may still enter a leaf."""
        held, room = 0, None
        for node in self.paths[leaf]:
            held += self.idle[node]
            here = held + self.most[node] - self.least[node]
            room = here if room is None else min(room, here)
        return room or 0

    def put(self, leaf: str, amount: int) -> None:
        """Let money enter a leaf: first it fills what minima hold."""
        for node in self.paths[leaf]:
            filled = min(self.idle[node], amount)
            self.idle[node] -= filled
            amount -= filled
            self.least[node] += amount


class Purses:
    """The purses of all units and pools, opened when they are first asked for."""

    def __init__(self, ledger: Ledger, source: Callable[[Holder], _Purse]) -> None:
        self._ledger = ledger
        self._source = source
        self._open: dict[Holder, _Purse] = {}

    @classmethod
    def of(cls, ledger: Ledger) -> Purses:
        """Purses that hold the pool shares of a list, and nothing of it else."""
        shape = _Shape.of(ledger.policy)
        units = ledger.dataset.territory.by_id

        def source(holder: Holder) -> _Purse:
            if isinstance(holder, tuple):
                kelurahan, leaf = holder
                pool = ledger.pool(kelurahan, ledger.policy.by_id[leaf])
                return _Purse((-1,), {leaf: (0,)}, (0,), (pool,))
            return _unit_purse(ledger, shape, units[holder])

        return cls(ledger, source)

    def fork(self) -> Purses:
        """The same money, to try something with."""
        return Purses(self._ledger, lambda holder: self._purse(holder).copy())

    def _purse(self, holder: Holder) -> _Purse:
        if holder not in self._open:
            self._open[holder] = self._source(holder)
        return self._open[holder]

    def fits(self, proposal: Proposal, volume: Fraction) -> bool:
        """Whether a volume can be paid beside what is in."""
        return all(
            self._purse(h).room(leaf) >= due for h, leaf, due in self._dues(proposal, volume)
        )

    def pay(self, proposal: Proposal, volume: Fraction) -> None:
        """Put a volume in."""
        for holder, leaf, due in self._dues(proposal, volume):
            self._purse(holder).put(leaf, due)

    def _dues(self, proposal: Proposal, volume: Fraction) -> Iterator[tuple[Holder, str, int]]:
        ledger = self._ledger
        account = ledger.account(proposal)
        if account is None or not volume:
            return
        payers = ledger.dataset.payers(proposal)
        if account.pooled:
            pool = kelurahan_of(ledger.dataset, proposal.owner), account.id
            yield pool, account.id, proposal.cost(volume)
        elif len(payers) == 1:
            yield payers[0], account.id, proposal.cost(volume)
        else:
            for unit, due in contributions_due(ledger.dataset, proposal, volume).items():
                yield unit, account.id, due


def _unit_purse(ledger: Ledger, shape: _Shape, unit: Unit) -> _Purse:
    """A unit's accounts between their bounds, with what it gives to pools already in."""
    lowers = [ledger.lower(unit.id, a) for a in shape.accounts]
    most = [*(a.upper(unit.budget) for a in shape.accounts), unit.budget]
    purse = _Purse(shape.above, shape.paths, (*lowers, 0), most)
    for pool in ledger.policy.pools:
        purse.put(pool.id, ledger.listed.pool_shares.get((unit.id, pool.id), 0))
    return purse

"""Exhaustive search over a small part: the twin that every solver is tested against.

Written from the definitions of the model rather than from the formulation: it reads the data of
a :class:`~optimizer.formulation.problem.Problem`, lists every choice of levels as one row of a
table, strikes out the rows that break a rule, and keeps the best rows stage by stage and tie by
tie. All numbers are whole (``int64``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from optimizer.formulation.problem import Kind, Limit, Linear, Part, Problem, StageSpec
from optimizer.solving.outcome import Answer, InfeasiblePart, Proof

__all__ = ["MOST_CHOICES", "TooManyChoices", "choices_of", "solve_exhaustive"]

NAME = "exhaustive"
MOST_CHOICES = 200_000

Column: TypeAlias = NDArray[np.int64]


class TooManyChoices(Exception):
    """A part is too large to list all its choices."""

    def __init__(self, part: Part, choices: int) -> None:
        super().__init__(f"{part.name}: {choices}")
        self.part = part
        self.choices = choices


def choices_of(problem: Problem, part: Part) -> int:
    """How many choices of levels a part has."""
    return prod(len(problem.items[i].levels) for i in part.items)


def solve_exhaustive(problem: Problem, part: Part) -> Answer:
    """The best of all choices of a part: stages in order, then the tie-break.

    Raises
    ------
    TooManyChoices
        Above :data:`MOST_CHOICES` choices.
    InfeasiblePart
        If no choice satisfies the rules.
    """
    choices = choices_of(problem, part)
    if choices > MOST_CHOICES:
        raise TooManyChoices(part, choices)
    table = _Table(problem, part)
    rows = np.flatnonzero(table.feasible())
    if not rows.size:
        raise InfeasiblePart(part)
    proofs = []
    for stage in problem.stages:
        for column in table.aims(stage):
            rows = _best(rows, column)
        value = int(table.value(stage)[rows[0]])
        proofs.append(Proof(stage.name, value, value))
    for column in table.ties():
        rows = _best(rows, column)
    levels = {i: int(table.levels[i][rows[0]]) for i in part.items}
    return Answer(levels, tuple(proofs), NAME)


def _best(rows: NDArray[np.intp], column: Column) -> NDArray[np.intp]:
    """The rows in which a column is largest."""
    values = column[rows]
    best: NDArray[np.intp] = rows[values == values.max()]
    return best


@dataclass(frozen=True)
class _Table:
    """Every choice of a part as one row; quantities are columns over all rows."""

    problem: Problem
    part: Part

    @cached_property
    def levels(self) -> Mapping[int, Column]:
        """The level of each item in every row."""
        ranges = [self.problem.items[i].levels for i in self.part.items]
        grids = np.meshgrid(*(np.array(r, dtype=np.int64) for r in ranges), indexing="ij")
        return {i: g.ravel() for i, g in zip(self.part.items, grids, strict=True)}

    @cached_property
    def nothing(self) -> Column:
        """A column of zeros."""
        return np.zeros(choices_of(self.problem, self.part), dtype=np.int64)

    def everything(self) -> NDArray[np.bool_]:
        """A column that holds in every row."""
        return np.ones(len(self.nothing), dtype=np.bool_)

    def quantity(self, item: int, amount: Linear) -> Column:
        """``base`` where the item is in, and ``step`` more for each level above the least."""
        level = self.levels[item]
        return np.where(level > 0, amount.base + amount.step * (level - 1), 0)

    # --- rules --------------------------------------------------------------------------

    def feasible(self) -> NDArray[np.bool_]:
        """Rows that break no rule."""
        stands = self.everything()
        for unit in self.part.units:
            stands &= self._accounts_hold(unit)
        for k in self.part.limits:
            stands &= self._limit_holds(self.problem.limits[k])
        for kelurahan, node in self.part.pools:
            stands &= self._pool_cost(kelurahan, node) <= self.problem.pools[kelurahan, node]
        return stands

    def spent(self, unit: int, leaf_node: int) -> Column:
        """Rupiah of a unit's activities, contributions and pool share in one leaf."""
        total = self.nothing + self.problem.units[unit].given[leaf_node]
        for i in self.part.items:
            item = self.problem.items[i]
            if self.problem.tree.leaves[item.leaf] == leaf_node:
                for payer, amount in item.payers:
                    if payer == unit:
                        total = total + self.quantity(i, amount)
        return total

    def _accounts_hold(self, unit: int) -> NDArray[np.bool_]:
        """Whether some x contains what is spent and lies within every bound.

        What a node may hold is an interval: its own bounds, and the sums of what its children
        may hold. A pool share is one number.
        """
        tree, room = self.problem.tree, self.problem.units[unit]
        stands = self.everything()
        least: dict[int, Column] = {}
        most: dict[int, Column] = {}
        for node in range(len(tree.ids)):
            below = [n for n, parent in enumerate(tree.parent) if parent == node]
            if below:
                low, high = sum(least[n] for n in below), sum(most[n] for n in below)
            elif node in tree.pooled:
                low = high = self.nothing + room.given[node]
            else:
                low, high = self.spent(unit, node), self.nothing + room.upper[node]
            least[node] = np.maximum(low, room.lower[node])
            most[node] = np.minimum(high, room.upper[node])
            stands &= least[node] <= most[node]
        return stands

    def _limit_holds(self, limit: Limit) -> NDArray[np.bool_]:
        total = self.nothing + 0
        for i, amount in limit.terms:
            total += self.quantity(i, amount)
        stands = self.everything()
        if limit.upper is not None:
            stands &= total <= limit.upper
        if limit.lower is not None:
            stands &= total >= limit.lower
        return stands

    def _pool_cost(self, kelurahan: str, node: int) -> Column:
        total = self.nothing + 0
        for i in self.part.items:
            item = self.problem.items[i]
            home = item.owner.partition("/")[0]
            if item.kind is Kind.POOLED and (home, self.problem.tree.leaves[item.leaf]) == (
                kelurahan,
                node,
            ):
                total += self.quantity(i, item.cost)
        return total

    # --- stages -------------------------------------------------------------------------

    def aims(self, stage: StageSpec) -> Iterator[Column]:
        """Columns to be made as large as possible, one after the other."""
        if stage.name == "order":
            yield from (self.levels[i] for i in self.problem.order if i in self.levels)
        elif stage.name == "equity":
            # Sorted satisfactions, the least first: that order is leximin itself.
            yield from np.sort(np.array(self.satisfactions(stage.over)), axis=0)
        else:
            yield self.value(stage)

    def value(self, stage: StageSpec) -> Column:
        """The value of a stage in every row."""
        if stage.name == "equity":
            least: Column = np.minimum.reduce(self.satisfactions(stage.over))
            return least
        writers: dict[str, Callable[[], Column]] = {
            "mandatory": self._mandatory,
            "order": self._full,
            "support": self._support,
            "welfare": lambda: self._welfare(stage.marginals),
            "fill": self._fill,
            "changes": lambda: self._changes(stage.base),
        }
        return writers[stage.name]()

    def _mandatory(self) -> Column:
        met = self.nothing + 0
        for r in self.part.requirements:
            inside = [self.levels[i] > 0 for i in self.problem.requirements[r].items]
            met += np.logical_or.reduce(inside)
        return met

    def _changes(self, base: tuple[int, ...]) -> Column:
        return -sum(
            ((self.levels[i] != base[i]).astype(np.int64) for i in self.levels), self.nothing
        )

    def _full(self) -> Column:
        ranked = [i for i in self.problem.order if i in self.levels]
        return sum(
            (self.levels[i] == 1 + self.problem.items[i].extra for i in ranked), self.nothing
        )

    def _support(self) -> Column:
        return sum((self._worth(i) for i in self.part.items), self.nothing)

    def _worth(self, item: int) -> Column:
        return self.quantity(item, self.problem.items[item].support)

    def _welfare(self, marginals: tuple[int, ...]) -> Column:
        """100 · Σ V·φ(satisfied ÷ V) over units and accounts; what is shared is linear."""
        total = self.nothing + 0
        groups: dict[tuple[int, int], list[int]] = {}
        for i in self.part.items:
            item = self.problem.items[i]
            if item.kind is Kind.OWN:
                groups.setdefault((item.payers[0][0], item.leaf), []).append(i)
            else:
                total += sum(marginals) * self._worth(i)
        for members in groups.values():
            supports = [self.problem.items[i].support for i in members]
            extras = [self.problem.items[i].extra for i in members]
            whole = sum(s.base + s.step * e for s, e in zip(supports, extras, strict=True))
            hundredfold = 100 * sum((self._worth(i) for i in members), self.nothing)
            for percent, marginal in enumerate(marginals):
                total += marginal * np.clip(hundredfold - percent * whole, 0, whole)
        return total

    def _fill(self) -> Column:
        """What activities lack below each minimum, negative."""
        total = self.nothing + 0
        tree = self.problem.tree
        for unit in self.part.units:
            spent: list[Column] = []
            for node in range(len(tree.ids)):
                below = [n for n, parent in enumerate(tree.parent) if parent == node]
                leaf = self.nothing if below else self.spent(unit, node)
                money = sum((spent[n] for n in below), leaf)
                spent.append(money)
                total -= np.maximum(self.problem.units[unit].lower[node] - money, 0)
        return total

    def satisfactions(self, over: str) -> list[Column]:
        """Per mille of the most that each group gets in any feasible row, rounded down."""
        found = []
        for g in self.part.groups:
            group = self.problem.groups[g]
            if group.over == over:
                met = sum((self.quantity(i, s) for i, s in group.terms), self.nothing)
                most = int(met[self.feasible()].max())
                found += [1000 * met // most] if most else []
        return found or [self.nothing + 1000]

    # --- ties ---------------------------------------------------------------------------

    def ties(self) -> Iterator[Column]:
        """The tie-break: what couples units first, then each unit's own proposals.

        Who gets which of the evened satisfactions is such a coupling decision.
        """
        items = self.problem.items
        yield from self._tie([i for i in self.part.items if items[i].kind is not Kind.OWN])
        for over in dict.fromkeys(s.over for s in self.problem.stages if s.name == "equity"):
            yield from self.satisfactions(over)
        for unit in self.part.units:
            own = [i for i in self.part.items if items[i].kind is Kind.OWN]
            yield from self._tie([i for i in own if items[i].payers[0][0] == unit])

    def _tie(self, group: list[int]) -> Iterator[Column]:
        """More residents, then lower cost, then more of the lowest id, then of the next."""
        items = self.problem.items
        yield sum(((self.levels[i] > 0) * items[i].residents for i in group), self.nothing)
        yield -sum((self.quantity(i, items[i].cost) for i in group), self.nothing)
        yield from (self.levels[i] for i in group)

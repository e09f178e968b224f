"""Exact answers of the fields program for many units at once, in whole rupiah.

Bounds nest, so the envelopes of a unit form a generalised polymatroid and the greedy method is
optimal: hand out money where the next rupiah is worth most, as long as a feasible completion
exists (Federgruen and Groenevelt, Operations Research 34, 1986). Fields are the top of the
tree, so the test for a completion is one interval per field, computed children first as in
:meth:`Problem.held`; inside a field the money goes to accounts in the order of the regulation.

Ties are decided by the order of the regulation, and a field without weight gets only what a
minimum forces: the answer is unique and does not depend on the order of rows or units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from optimizer.errors import ScenarioError
from optimizer.formulation.compile import marginals as percent_values
from optimizer.formulation.fields import Phi
from optimizer.formulation.problem import PERCENTS, Problem, Tree
from optimizer.record.scenario import EVEN, PRIORITIES, Scenario
from optimizer.solving.field_rounding import Money, round_to_step

__all__ = [
    "Envelopes",
    "FieldProgram",
    "allocate_arrays",
    "allocate_fields",
    "field_program",
]

Mask: TypeAlias = npt.NDArray[np.bool_]

# Units worked on together: their arrays stay in the processor's cache.
CHUNK = 1 << 13
# Weights become whole numbers; times the largest slope (2 · 10⁶) they still fit 64 bits.
WEIGHT_PARTS = 10**12
# How finely the head start tells slopes apart.
GRID = 4096
HALF = Fraction(1, 2)
NOTHING = Fraction(0)
# Sums and percents of larger budgets would not fit 64 bits.
LARGEST = 10**15


@dataclass(frozen=True)
class Envelopes:
    """Money by account and unit.

    Attributes
    ----------
    accounts : tuple of str
        Leaf accounts in the order of the regulation.
    money : array of int64, shape (accounts, units)
        Rupiah; 0 throughout for a unit that has no feasible allocation.
    feasible : array of bool, shape (units,)
        Whether the unit's bounds and activities leave any allocation at all.
    """

    units: tuple[str, ...]
    accounts: tuple[str, ...]
    money: Money
    feasible: Mask

    def by_unit(self) -> dict[str, dict[str, int]]:
        """Unit id → account → rupiah; units without a feasible allocation are left out."""
        return {
            unit: dict(zip(self.accounts, column, strict=True))
            for unit, column, fits in zip(
                self.units, self.money.T.tolist(), self.feasible.tolist(), strict=True
            )
            if fits
        }


@dataclass(frozen=True)
class FieldProgram:
    """The fields program of many units, in whole numbers.

    Attributes
    ----------
    lower, upper, given : array of int64, shape (nodes, units)
        Bounds of every node in rupiah, activities included, and what goes to pooled leaves.
    weights : array of int64, shape (top-level accounts, units)
        Whole numbers in the proportions of the weights.
    scales : tuple of int
        By unit, the whole number that stands for all of the weight.
    budgets : array of int64, shape (units,)
        B in rupiah, against which φ is measured; the pagu, also where that is moved for a what-if.
    """

    tree: Tree
    units: tuple[str, ...]
    lower: Money
    upper: Money
    given: Money
    weights: Money
    scales: tuple[int, ...]
    phi: Phi
    budgets: Money

    @cached_property
    def room(self) -> tuple[Money, Money, Mask]:
        """Least and most of each node in any feasible allocation, and whether there is one."""
        return _room(self.tree, self.lower, self.upper, self.given)

    def only(self, mask: Mask) -> FieldProgram:
        """The program of some of the units."""
        return replace(
            self,
            units=tuple(np.array(self.units, object)[mask]),
            lower=self.lower[:, mask],
            upper=self.upper[:, mask],
            given=self.given[:, mask],
            weights=self.weights[:, mask],
            scales=tuple(np.array(self.scales, object)[mask]),
            budgets=self.budgets[mask],
        )

    def moved(self, node: int, side: str, change: Money) -> FieldProgram:
        """The program with one bound moved by so many rupiah in each unit.

        Parameters
        ----------
        side
            ``max``, ``min``, ``exact`` (both together), ``pool`` (what the unit gives) or ``pagu``.
        change : shape (units,)
            Rupiah, 0 where the bound stays.
        """

        def added(bounds: Money, *sides: str) -> Money:
            copy = bounds.copy()
            copy[node] += change if side in sides else 0
            return copy

        return replace(
            self,
            lower=added(self.lower, "min", "exact", "pool"),
            upper=added(self.upper, "max", "exact", "pool", "pagu"),
            given=added(self.given, "pool"),
        )

    def solve(self, step: int = 1) -> Envelopes:
        """The best envelopes, rounded to ``step`` rupiah; see :func:`round_to_step`."""
        money, feasible = allocate_arrays(
            self.tree,
            self.lower,
            self.upper,
            self.given,
            budgets=self.budgets,
            weights=self.weights,
            marginals=self.phi.marginals,
        )
        rounded = round_to_step(self.tree, self.lower, self.upper, money, step)
        return Envelopes(
            units=self.units,
            accounts=tuple(self.tree.ids[node] for node in self.tree.leaves),
            money=np.where(feasible, rounded, 0),
            feasible=feasible,
        )


# --- a scenario's units -------------------------------------------------------------------


def allocate_fields(
    problem: Problem,
    weights: Mapping[str, Mapping[str, Fraction]],
    evenness: Fraction,
    programmed: Mapping[str, Mapping[str, int]] | None = None,
    step: int = 1,
) -> Envelopes:
    """Best envelopes of all units of a problem; see :func:`field_program`.

    Parameters
    ----------
    step
        Rupiah to which envelopes are rounded; see :func:`round_to_step`.

    Raises
    ------
    ScenarioError
        ``value_out_of_range`` for the evenness, the step or a budget beyond all reason.
    """
    if step < 1:
        raise ScenarioError("value_out_of_range", path="step", value=step, expected="≥ 1")
    return field_program(problem, weights, evenness, programmed).solve(step)


def field_program(
    problem: Problem,
    weights: Mapping[str, Mapping[str, Fraction]],
    evenness: Fraction,
    programmed: Mapping[str, Mapping[str, int]] | None = None,
) -> FieldProgram:
    """The fields program of all units of a problem.

    Parameters
    ----------
    weights
        Unit id → top-level account → weight, as :func:`field_weights` gives them.
    evenness
        α of ``priorities(α)``, 0 to 1.
    programmed
        Unit id → leaf account → rupiah of activities; envelopes are at least as large. Pooled
        accounts are fixed by the joint share whatever stands here.

    Raises
    ------
    ScenarioError
        ``value_out_of_range`` for the evenness or a budget beyond all reason.
    """
    tree, rooms = problem.tree, problem.units
    largest = max((room.upper[-1] for room in rooms), default=0)
    for path, value, good, expected in (
        ("objective.evenness", evenness, 0 <= evenness <= 1, "0–1"),
        ("pagu", largest, largest <= LARGEST, f"≤ {LARGEST}"),
    ):
        if not good:
            raise ScenarioError("value_out_of_range", path=path, value=value, expected=expected)
    lower = _columns([room.lower for room in rooms], len(tree.ids))
    column = {room.id: number for number, room in enumerate(rooms)}
    leaves = {tree.ids[node]: node for node in tree.leaves}
    for unit, amounts in (programmed or {}).items():
        for account, spent in amounts.items():
            where = leaves[account], column[unit]
            if leaves[account] not in tree.pooled:
                lower[where] = max(lower[where], spent)
    tops = [tree.ids[node] for node in tree.children[-1]]
    whole = [whole_weights([weights.get(r.id, {}).get(t, NOTHING) for t in tops]) for r in rooms]
    upper = _columns([room.upper for room in rooms], len(tree.ids))
    return FieldProgram(
        tree=tree,
        units=tuple(room.id for room in rooms),
        lower=lower,
        upper=upper,
        given=_columns([room.given for room in rooms], len(tree.ids)),
        weights=_columns([row for row, _ in whole], len(tops)),
        scales=tuple(scale for _, scale in whole),
        phi=Phi.of(percent_values(evenness)),
        budgets=upper[-1],
    )


def evenness_of(scenario: Scenario) -> Fraction:
    """α of the stage ``priorities``, else of ``welfare``, else one half."""
    stages = sorted(scenario.stages, key=lambda s: s.name != PRIORITIES)
    return next((s.evenness for s in stages if s.name in EVEN), HALF)


def whole_weights(weights: Sequence[Fraction]) -> tuple[list[int], int]:
    """Weights as whole numbers in the same proportions, and the number that stands for 1.

    Exact where their common denominator is at most 10¹², else in 10⁻¹² parts.
    """
    scale = lcm(*(weight.denominator for weight in weights))
    if max(weights, default=NOTHING) * scale > WEIGHT_PARTS or scale > WEIGHT_PARTS:
        scale = WEIGHT_PARTS
    return [round(weight * scale) for weight in weights], scale


def _columns(rows: Sequence[Sequence[int]], height: int) -> Money:
    """One column per unit (also for no unit at all)."""
    return np.array(rows, np.int64).reshape(len(rows), height).T.copy()


# --- the greedy method --------------------------------------------------------------------


def allocate_arrays(
    tree: Tree,
    lower: Money,
    upper: Money,
    given: Money,
    *,
    budgets: Money,
    weights: Money,
    marginals: Sequence[int],
) -> tuple[Money, Mask]:
    """Greedy optimum of Σ_f w_f · φ(x_f / B) for any number of units.

    Parameters
    ----------
    lower, upper, given : shape (nodes, units) or (nodes, 1)
        Bounds of every node in rupiah, and what goes to pooled leaves; one column serves all
        units where their bounds are the same.
    budgets : shape (units,)
        B in rupiah, against which φ is measured.
    weights : shape (top-level accounts, units)
        Whole numbers from 0 to 10¹²; only their proportions matter.
    marginals
        Value of each whole percent, not increasing.

    Returns
    -------
    money : shape (leaves, units)
        Rupiah of each leaf in the order of the regulation; 0 where nothing is feasible.
    feasible : shape (units,)
    """
    count = budgets.shape[0]
    phi = Phi.of(marginals)
    money = np.zeros((len(tree.leaves), count), np.int64)
    feasible = np.zeros(count, np.bool_)
    tops = list(tree.children[-1])
    for start in range(0, count, CHUNK):
        part = slice(start, min(start + CHUNK, count))
        size = part.stop - part.start
        bounds = [
            np.broadcast_to(a if a.shape[1] == 1 else a[:, part], (len(tree.ids), size))
            for a in (lower, upper, given)
        ]
        low, high, fits = _room(tree, *bounds)
        chunk = _Part(
            low=low[tops],
            high=np.where(weights[:, part] > 0, high[tops], low[tops]),
            total=high[-1],
            budgets=budgets[part],
            weights=weights[:, part],
        )
        linear = len(phi.slopes) == 1
        fields = (
            _by_weight(chunk) if linear else _piece_by_piece(chunk, phi, _head_start(chunk, phi))
        )
        _keep_minimum(fields, high[tops], low[-1])
        money[:, part] = np.where(fits, _spread(tree, fields, low, high), 0)
        feasible[part] = fits
    return money, feasible


def _room(tree: Tree, lower: Money, upper: Money, given: Money) -> tuple[Money, Money, Mask]:
    """Least and most money that each node can hold in any feasible allocation."""
    low, high = lower.copy(), upper.copy()
    fits = np.ones(lower.shape[1], np.bool_)
    for node, children in enumerate(tree.children):
        if children:
            below = list(children)
            low[node] = np.maximum(low[node], low[below].sum(axis=0))
            high[node] = np.minimum(high[node], high[below].sum(axis=0))
        elif node in tree.pooled:
            fits &= (low[node] <= given[node]) & (given[node] <= high[node])
            low[node] = high[node] = given[node]
        fits &= low[node] <= high[node]
    return low, high, fits


@dataclass(frozen=True, slots=True)
class _Part:
    """Some units: what each field (rows) can hold, and the total that there is.

    A field without weight holds its least money only.
    """

    low: Money
    high: Money
    total: Money
    budgets: Money
    weights: Money


def _by_weight(part: _Part) -> Money:
    """The linear case: the heaviest field to its brim, then the next."""
    room = part.high - part.low
    left = part.total - part.low.sum(axis=0)
    money = part.low.copy()
    weights = part.weights
    for field in range(len(room)):
        rest = left.copy()
        for other in range(len(room)):
            if other < field:
                rest -= room[other] * (weights[other] >= weights[field])
            elif other > field:
                rest -= room[other] * (weights[other] > weights[field])
        money[field] += np.clip(rest, 0, room[field])
    return money


def _head_start(part: _Part, phi: Phi) -> Money:
    """A start that takes only money which the greedy method takes too, and nearly all of it.

    The worth w · slope of a piece is replaced by a key, ⌊g·ln w⌋ + ⌊g·ln slope⌋, which is never
    above g·ln(w · slope) and less than 2 below it. A bisection finds for each unit the lowest
    key c at which all pieces with a key ≥ c fit together. A piece with a key ≥ c + 2 is worth
    more than any with a key < c, so the greedy method takes all of those.
    """
    grid = GRID / np.log(phi.slopes[0] / phi.slopes[-1])
    steps = np.floor(np.log(np.array(phi.slopes)) * grid).astype(np.int64)
    base, span = int(steps[-1]), int(steps[0] - steps[-1])
    # percent[d]: how far a field goes when pieces with a key ≥ base + d of its slope are taken.
    ends = np.array([0, *phi.ends], np.int64)
    percent = ends[np.searchsorted(-steps, -(base + np.arange(span + 2)), side="right")]
    # A field without weight has no room: give it the key of the heaviest, to search less far.
    heaviest = np.maximum(part.weights.max(axis=0), 1)
    heavy = np.where(part.weights > 0, part.weights, heaviest)
    keys = np.floor(np.log(heavy) * grid).astype(np.int64) + base

    def taken(threshold: Money) -> Money:
        reach: Money = percent[np.clip(threshold - keys, 0, span + 1)]
        money: Money = np.clip(reach * part.budgets // PERCENTS, part.low, part.high)
        return money

    fails = keys.min(axis=0) - 3
    fits = keys.max(axis=0) + span + 1
    while (fits - fails > 1).any():
        middle = (fits + fails) // 2
        good = taken(middle).sum(axis=0) <= part.total
        fits = np.where(good, middle, fits)
        fails = np.where(good, fails, middle)
    return taken(fits + 2)


def _piece_by_piece(part: _Part, phi: Phi, money: Money) -> Money:
    """The greedy method itself: the piece worth most, in each unit, until nothing is left."""
    budgets, weights, high = part.budgets, part.weights, part.high
    slopes = np.array([*phi.slopes, 0], np.int64)
    ends = np.array([*phi.ends, PERCENTS], np.int64)
    # The percent in which a field's next rupiah lies, and the piece of that percent.
    next_percent = -(-PERCENTS * (money + 1) // np.maximum(budgets, 1))
    piece = np.searchsorted(ends[:-1], next_percent)
    worth = np.where(money < high, weights * slopes[piece], 0)
    left = part.total - money.sum(axis=0)
    units = np.flatnonzero(left > 0)
    while units.size:
        field = np.argmax(worth[:, units], axis=0)  # the first of equals
        useful = worth[field, units] > 0
        field, units = field[useful], units[useful]
        at = piece[field, units]
        stop = np.minimum(ends[at] * budgets[units] // PERCENTS, high[field, units])
        add = np.clip(stop - money[field, units], 0, left[units])
        money[field, units] += add
        left[units] -= add
        piece[field, units] = at + 1
        worth[field, units] = np.where(
            money[field, units] < high[field, units], weights[field, units] * slopes[at + 1], 0
        )
        units = units[left[units] > 0]
    return money


def _keep_minimum(fields: Money, high: Money, least: Money) -> None:
    """Where the whole tree has a minimum: what is missing, in the order of the regulation."""
    missing = least - fields.sum(axis=0)
    for field in range(len(fields)):
        more = np.clip(missing, 0, high[field] - fields[field])
        fields[field] += more
        missing -= more


def _spread(tree: Tree, fields: Money, low: Money, high: Money) -> Money:
    """Money of the fields down to their leaves, in the order of the regulation."""
    money = low
    money[list(tree.children[-1])] = fields
    for node in reversed(range(len(tree.ids) - 1)):
        left = money[node].copy()
        for child in tree.children[node]:
            left -= low[child]
        for child in tree.children[node]:
            more = np.minimum(left, high[child] - low[child])
            money[child] += more
            left -= more
    return money[list(tree.leaves)]

"""The fields program's dual solution, in whole numbers: the proof that no envelopes are better.

For one unit the program is max Σ_f F_f(X_f), where X_f is what the accounts inside field f hold
together, F_f(x) = w_f · φ(x / B) is concave, and every account, and the pagu, has a least and a
most. Prices λ ≥ 0 (pagu), u_n ≥ 0 (most), l_n ≥ 0 (least) of the accounts n, and a free price g_p
of every pool share, give the bound

    λ · pagu + Σ u_n · most_n − Σ l_n · least_n + Σ g_p · given_p + Σ_f max_x (F_f(x) − P_f · x)

where P_f is the least sum of prices on the way from the pagu to an account inside f: weak duality
of linear programming, whatever the prices are. Those built here meet the value to the last unit.

Everything is counted in whole parts: the objective times B, times 10⁶ (slopes), times the number
that stands for all of the weight (``scales``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimizer.formulation.problem import PERCENTS, Tree
from optimizer.solving.field_rounding import Money
from optimizer.solving.fields import Envelopes, FieldProgram

__all__ = ["Margins", "Prices", "bounds", "margins", "prices", "values"]


@dataclass(frozen=True, slots=True)
class Margins:
    """What the next and the last rupiah of each field are worth; shape (fields, units).

    Attributes
    ----------
    money : array of int64
        Rupiah of each field.
    low, high : array of int64
        The least and the most that the accounts inside can hold.
    right, left : array of int64
        Worth of one rupiah more, and of the last one (beyond all numbers where there is none).
    right_run, left_run : array of int64
        Rupiah up and down over which that worth holds, bounds aside.
    """

    money: Money
    low: Money
    high: Money
    right: Money
    left: Money
    right_run: Money
    left_run: Money


@dataclass(frozen=True, slots=True)
class Prices:
    """A dual solution of every unit.

    Attributes
    ----------
    pagu : array of int64, shape (units,)
        λ: worth of one rupiah more of pagu.
    most, least : array of int64, shape (nodes, units)
        Prices of the accounts' bounds; at a pool share their difference is its free price.
    """

    pagu: Money
    most: Money
    least: Money


def margins(program: FieldProgram, found: Envelopes) -> Margins:
    """Slopes on both sides of the envelopes, and how far they run."""
    tree, phi, budgets = program.tree, program.phi, program.budgets
    money = node_money(tree, found.money)[list(tree.children[-1])]
    low, high = (side[list(tree.children[-1])] for side in program.room[:2])
    slopes = np.array([*phi.slopes, 0], np.int64)
    ends = np.array([*phi.ends], np.int64)
    far = np.iinfo(np.int64).max
    cuts = np.array([0, *phi.ends], np.int64)[:, None] * budgets // PERCENTS
    at = _piece(ends, budgets, money + 1)
    before = _piece(ends, budgets, np.maximum(money, 1))
    last = len(ends)
    stop = np.where(at < last, _pick(cuts, np.minimum(at + 1, last)), far)
    return Margins(
        money=money,
        low=low,
        high=high,
        right=program.weights * slopes[at],
        left=np.where(money > 0, program.weights * slopes[before], far),
        right_run=stop - money,
        left_run=money - _pick(cuts, before),
    )


def _piece(ends: Money, budgets: Money, rupiah: Money) -> Money:
    """The piece of φ in which each rupiah lies (the first is 1); one past the last beyond B."""
    percent = -(-PERCENTS * rupiah // np.maximum(budgets, 1))
    found: Money = np.searchsorted(ends, percent)
    return found


def _pick(cuts: Money, at: Money) -> Money:
    picked: Money = np.take_along_axis(cuts, at, axis=0)
    return picked


def node_money(tree: Tree, leaves: Money) -> Money:
    """Rupiah of every node from those of the leaves."""
    money = np.zeros((len(tree.ids), leaves.shape[1]), np.int64)
    money[list(tree.leaves)] = leaves
    for node, parent in enumerate(tree.parent):
        if parent >= 0:
            money[parent] += money[node]
    return money


# --- the dual solution --------------------------------------------------------------------


def prices(program: FieldProgram, at: Margins) -> Prices:
    """Prices that prove the envelopes optimal, from the slopes beside them.

    λ is what the best field that still has room would gain by one rupiah, and 0 where money is
    left over. A field at its most carries what its next rupiah is worth beyond λ, a field at its
    least what its last rupiah lacks; inside a field the price goes to the bounds that hold it.
    """
    tree = program.tree
    used = at.money.sum(axis=0)
    pagu = np.where(at.money < at.high, at.right, 0).max(axis=0, initial=0)
    pagu = np.where(used < program.upper[-1], 0, pagu)
    most = np.zeros_like(program.upper)
    least = np.zeros_like(program.upper)
    for field, node in enumerate(tree.children[-1]):
        above = np.where(at.money[field] == at.high[field], at.right[field] - pagu, 0)
        below = np.where(at.money[field] == at.low[field], pagu - at.left[field], 0)
        _carry(program, node, np.maximum(above, 0), most, upward=True)
        _carry(program, node, np.maximum(below, 0), least, upward=False)
    return Prices(pagu, most, least)


def _carry(program: FieldProgram, node: int, price: Money, into: Money, *, upward: bool) -> None:
    """Give a price to a node's own bound where that binds, else to those of its children."""
    children = list(program.tree.children[node])
    low, high, _ = program.room
    if not children:
        into[node] += price
        return
    if upward:
        own = program.upper[node] <= high[children].sum(axis=0)
    else:
        own = program.lower[node] >= low[children].sum(axis=0)
    into[node] += np.where(own, price, 0)
    for child in children:
        _carry(program, child, np.where(own, 0, price), into, upward=upward)


# --- weak duality, in Python's whole numbers ----------------------------------------------


def values(program: FieldProgram, found: Envelopes) -> list[int]:
    """Value of each unit's envelopes."""
    tree = program.tree
    money = node_money(tree, found.money)[list(tree.children[-1])].tolist()
    rows = zip(*money, strict=True)
    weights = zip(*program.weights.tolist(), strict=True)
    return [
        sum(w * program.phi.worth(x, budget) for w, x in zip(ws, xs, strict=True) if w)
        for ws, xs, budget in zip(weights, rows, program.budgets.tolist(), strict=True)
    ]


def bounds(program: FieldProgram, dual: Prices) -> list[int]:
    """What no envelopes of a unit can pass, from any prices that are not negative.

    Raises
    ------
    ValueError
        For prices that are negative, or that leave a field without a bound.
    """
    if min(int(p.min(initial=0)) for p in (dual.pagu, dual.most, dual.least)) < 0:
        raise ValueError("a price is negative")
    tree = program.tree
    own = dual.most - dual.least
    path = own.copy()
    path[-1] = dual.pagu
    for node in reversed(range(len(tree.ids) - 1)):
        path[node] += path[tree.parent[node]]
    by_field = [_least_path(tree, node, path) for node in tree.children[-1]]
    if min(int(p.min(initial=0)) for p in by_field) < 0:
        raise ValueError("a rupiah has a negative price")
    weights, slopes = program.weights.tolist(), program.phi.slopes
    total = [p * m for p, m in zip(dual.pagu.tolist(), program.upper[-1].tolist(), strict=True)]
    for node in range(len(tree.ids) - 1):
        fixed = node in tree.pooled
        above = (program.given if fixed else program.upper)[node].tolist()
        below = (program.given if fixed else program.lower)[node].tolist()
        for unit, (u, low) in enumerate(zip(dual.most[node], dual.least[node], strict=True)):
            if u or low:
                total[unit] += int(u) * above[unit] - int(low) * below[unit]
    for field, price in enumerate(by_field):
        for unit, p in enumerate(price.tolist()):
            w = weights[field][unit]
            if w * slopes[0] > p:
                pieces = program.phi.pieces(int(program.budgets[unit]))
                total[unit] += sum(width * max(0, w * slope - p) for slope, width in pieces)
    return total


def _least_path(tree: Tree, node: int, path: Money) -> Money:
    leaves = [leaf for leaf in tree.leaves if node in _above(tree, leaf)]
    least: Money = path[leaves].min(axis=0)
    return least


def _above(tree: Tree, node: int) -> list[int]:
    found = []
    while node >= 0:
        found.append(node)
        node = tree.parent[node]
    return found

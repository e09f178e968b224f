"""The fields program: how much money each field gets, before or after any proposal is chosen.

For one unit: maximise Σ_f w_f · φ_α(x_f / B) over envelopes x within the policy's bounds, where
f runs over the fields (top-level accounts) and B is the unit's budget. φ_α is concave and
piecewise linear; its k-th percent is worth ``marginals(α)[k - 1]``. A percent is counted in
whole rupiah, from ⌊(k − 1)·B/100⌋ to ⌊k·B/100⌋, so that every bound and breakpoint is a whole
number. Bounds nest, hence the rows are totally unimodular and every vertex is in whole rupiah.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby, pairwise

import pulp

from optimizer.formulation.accounts import MILLION, Expression, Variable, policy_rows
from optimizer.formulation.problem import PERCENTS, Problem, Tree, UnitRoom
from optimizer.record.meetings import SCALE

__all__ = ["FieldModel", "FieldQuestion", "Phi"]


# --- φ ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Phi:
    """φ_α in whole numbers: pieces of one slope each, most valuable first.

    Attributes
    ----------
    slopes : tuple of int
        Value of a rupiah in each piece, times 10⁶; strictly decreasing.
    ends : tuple of int
        The percent of the budget at which each piece ends; the last is 100.
    """

    slopes: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, marginals: Sequence[int]) -> Phi:
        """Join whole percents of equal value."""
        slopes, ends = [], []
        for slope, same in groupby(enumerate(marginals, start=1), key=lambda pair: pair[1]):
            slopes.append(slope)
            ends.append(max(percent for percent, _ in same))
        return cls(tuple(slopes), tuple(ends))

    @property
    def marginals(self) -> tuple[int, ...]:
        """The value of each whole percent."""
        widths = (end - start for start, end in pairwise((0, *self.ends)))
        return tuple(s for s, w in zip(self.slopes, widths, strict=True) for _ in range(w))

    def pieces(self, budget: int) -> Iterator[tuple[int, int]]:
        """(slope, width in rupiah) of each piece for a budget."""
        cuts = (0, *(end * budget // PERCENTS for end in self.ends))
        for slope, (start, stop) in zip(self.slopes, pairwise(cuts), strict=True):
            yield slope, stop - start

    def worth(self, money: int, budget: int) -> int:
        """10⁶ · B · φ of ``money`` rupiah out of a budget B: a whole number."""
        value, left = 0, money
        for slope, width in self.pieces(budget):
            if left <= 0:
                break
            value += slope * min(left, width)
            left -= width
        return value

    def at(self, money: int, budget: int) -> Fraction:
        """φ of ``money`` rupiah out of ``budget``; φ of everything is 1 when α = 0."""
        return Fraction(self.worth(money, budget), SCALE * budget) if budget else Fraction(0)


# --- the program --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FieldQuestion:
    """What is asked for one unit.

    Attributes
    ----------
    room : UnitRoom
        Bounds in rupiah; the root's upper bound is the money that there is.
    budget : int
        B, against which φ is measured (the pagu, also where the money is moved for a what-if).
    weights
        Weight by top-level node.
    programmed
        Rupiah of activities by leaf node: envelopes are at least as large.
    """

    room: UnitRoom
    budget: int
    weights: Mapping[int, Fraction]
    phi: Phi
    programmed: Mapping[int, int] = field(default_factory=dict)

    def objective(self, tree: Tree, money: Mapping[int, int]) -> Fraction:
        """Exact Σ_f w_f · φ(x_f / B) of envelopes by leaf node."""
        total = Fraction(0)
        for node, weight in self.weights.items():
            inside = sum(amount for leaf, amount in money.items() if _top(tree, leaf) == node)
            total += weight * self.phi.at(inside, self.budget)
        return total


def _top(tree: Tree, node: int) -> int:
    while tree.parent[tree.parent[node]] >= 0:
        node = tree.parent[node]
    return node


class FieldModel:
    """The linear program of one unit; bounds come from :func:`policy_rows`, as everywhere.

    The objective is in weighted millions of rupiah: B/10⁶ times Σ w·φ.
    """

    def __init__(self, problem: Problem, question: FieldQuestion) -> None:
        self.tree = problem.tree
        self.question = question
        self.program = pulp.LpProblem("fields", pulp.LpMaximize)
        self.money: list[Variable] = policy_rows(
            self.program,
            problem,
            question.room,
            "f",
            {n: pulp.LpAffineExpression([], e / MILLION) for n, e in question.programmed.items()},
        ).money
        self.program.setObjective(self._priorities())

    def _priorities(self) -> Expression:
        terms: list[tuple[Variable, float]] = []
        for node, weight in self.question.weights.items():
            pieces: list[Variable] = []
            for slope, width in self.question.phi.pieces(self.question.budget):
                name = f"phi_{node}_{len(pieces)}"
                pieces.append(self.program.add_variable(name, 0, width / MILLION))
                terms.append((pieces[-1], float(weight * slope / SCALE)))
            row = pulp.LpAffineExpression([(p, 1.0) for p in pieces] + [(self.money[node], -1.0)])
            self.program += (row <= 0, f"value_{node}")
        return pulp.LpAffineExpression(terms)

    def envelopes(self) -> dict[int, int]:
        """Rupiah of each leaf node; read only after the program was solved."""
        return {leaf: round(self.money[leaf].varValue * MILLION) for leaf in self.tree.leaves}

    def duals(self) -> dict[tuple[int, str], float]:
        """Change of Σ w·φ for Rp1 000 000 more in each bound, by (node, side).

        Sides: ``max``, ``min``, ``pool`` (what the unit gives), ``activities`` (x ≥ e). Positive
        where a higher bound helps. PuLP with HiGHS reports prices of a maximisation with the
        opposite sign; they are turned here, and only here.
        """
        rows = {c.name: c for c in self.program.constraints()}
        per_million = MILLION / self.question.budget if self.question.budget else 0.0
        found: dict[tuple[int, str], float] = {}
        for node, variable in enumerate(self.money):
            price = -variable.dj * per_million
            if node in self.tree.pooled:
                found[node, "pool"] = price - rows[f"pool_f_{node}"].pi * per_million
                continue
            # A bound that does not hold the optimum has the price 0.
            found[node, "max"] = max(price, 0.0)
            found[node, "min"] = min(price, 0.0)
            row = rows.get(f"activities_f_{node}")
            if row is not None:  # e − x ≤ 0: the bound e stands on the left
                found[node, "activities"] = row.pi * per_million
        return found

"""Shadow prices and their ranges, against the program solved again with the bound moved."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from fields_cases import ALPHAS
from test_field_duals import drawn

from optimizer.solving.field_duals import margins, values
from optimizer.solving.field_ranges import FAR, Slope, sensitivity
from optimizer.solving.fields import FieldProgram, allocate_arrays


def moved(program: FieldProgram, slope: Slope, by: np.ndarray) -> FieldProgram:
    """The program with one bound moved by so many rupiah in each unit."""
    change = by if slope.up else -by
    if slope.side == "pagu":
        return replace(program, upper=_added(program.upper, -1, change))
    bounds = {"lower": slope.side != "max", "upper": slope.side != "min"}
    found = {
        name: _added(getattr(program, name), slope.node, change)
        for name, moves in {**bounds, "given": slope.side == "pool"}.items()
        if moves
    }
    return replace(program, **found)


def _added(array: np.ndarray, row: int, change: np.ndarray) -> np.ndarray:
    copy = array.copy()
    copy[row] += change
    return copy


def solved(program: FieldProgram, budgets: np.ndarray) -> tuple[list[int], np.ndarray]:
    """Values with φ measured against the budgets as they were."""
    money, fits = allocate_arrays(
        program.tree,
        program.lower,
        program.upper,
        program.given,
        budgets=budgets,
        weights=program.weights,
        marginals=program.phi.marginals,
    )
    tree = program.tree
    nodes = np.zeros((len(tree.ids), money.shape[1]), np.int64)
    nodes[list(tree.leaves)] = money
    for node, parent in enumerate(tree.parent):
        if parent >= 0:
            nodes[parent] += nodes[node]
    tops = nodes[list(tree.children[-1])]
    return [
        sum(
            int(program.weights[f, u]) * program.phi.worth(int(tops[f, u]), int(budgets[u]))
            for f in range(len(tops))
        )
        for u in range(money.shape[1])
    ], fits


@pytest.mark.parametrize("alpha", ALPHAS)
def test_prices_are_what_moving_the_bound_changes(alpha):
    program = drawn(f"ranges {alpha}", alpha, 250)
    found = program.solve()
    now, seen = values(program, found), set()
    for slope in sensitivity(program, margins(program, found)):
        cap = np.minimum(slope.run, 10**7)
        for by in (np.minimum(cap, 1), cap // 2, cap):
            value, fits = solved(moved(program, slope, by), program.budgets)
            for u in np.flatnonzero(slope.here):
                sign = 1 if slope.up else -1
                assert fits[u], (slope.node, slope.side, slope.up, u, by[u])
                expected = now[u] + sign * int(slope.price[u]) * int(by[u])
                assert value[u] == expected, (slope.node, slope.side, slope.up, u, by[u])
        bounds = program.upper if slope.side in {"max", "pagu"} else program.lower
        stuck = (slope.run == 0) & slope.here & (slope.up | (bounds[slope.node] > 0))
        if stuck.any():
            one = np.ones(len(now), np.int64)
            value, fits = solved(moved(program, slope, one), program.budgets)
            assert not fits[stuck].any(), (slope.node, slope.side, slope.up)
            seen.add(("stuck", slope.side))
        for u in np.flatnonzero(slope.here):
            seen.add((slope.side, slope.up, int(np.sign(slope.price[u]))))
    assert {("max", True, 1), ("max", False, 1), ("min", True, -1), ("min", False, -1)} <= seen
    assert {("pagu", True, 1), ("pool", True, -1), ("exact", False, 1)} <= seen


def test_a_run_ends_where_the_price_changes():
    """Beyond its end another price holds, or nothing is feasible (ties may end a run early)."""
    program = drawn("ends", Fraction(1, 2), 120)
    found = program.solve()
    now = values(program, found)
    ends = same = 0
    for slope in sensitivity(program, margins(program, found)):
        by = np.where(slope.run < FAR // 4, slope.run + 1, 0)
        value, fits = solved(moved(program, slope, by), program.budgets)
        for u in np.flatnonzero(slope.here & (by > 1)):
            sign = 1 if slope.up else -1
            straight = now[u] + sign * int(slope.price[u]) * int(by[u])
            ends += 1
            same += bool(fits[u]) and value[u] == straight
            assert not fits[u] or value[u] <= straight
    assert ends > 500
    assert same < ends // 4

"""Shadow prices and their ranges, against the program solved again with the bound moved."""

from fractions import Fraction

import numpy as np
import pytest
from fields_cases import ALPHAS
from test_field_duals import drawn

from optimizer.solving.field_duals import margins, values
from optimizer.solving.field_ranges import FAR, Slope, sensitivity
from optimizer.solving.fields import FieldProgram


def moved(program: FieldProgram, slope: Slope, by: np.ndarray) -> FieldProgram:
    """The program with one bound moved by so many rupiah in each unit."""
    return program.moved(slope.node, slope.side, by if slope.up else -by)


def solved(program: FieldProgram) -> tuple[list[int], np.ndarray]:
    found = program.solve()
    return values(program, found), found.feasible


@pytest.mark.parametrize("alpha", ALPHAS)
def test_prices_are_what_moving_the_bound_changes(alpha):
    program = drawn(f"ranges {alpha}", alpha, 250)
    found = program.solve()
    now, seen = values(program, found), set()
    for slope in sensitivity(program, margins(program, found)):
        cap = np.minimum(slope.run, 10**7)
        for by in (np.minimum(cap, 1), cap // 2, cap):
            value, fits = solved(moved(program, slope, by))
            for u in np.flatnonzero(slope.here):
                sign = 1 if slope.up else -1
                assert fits[u], (slope.node, slope.side, slope.up, u, by[u])
                expected = now[u] + sign * int(slope.price[u]) * int(by[u])
                assert value[u] == expected, (slope.node, slope.side, slope.up, u, by[u])
        bounds = program.upper if slope.side in {"max", "pagu"} else program.lower
        stuck = (slope.run == 0) & slope.here & (slope.up | (bounds[slope.node] > 0))
        if stuck.any():
            one = np.ones(len(now), np.int64)
            value, fits = solved(moved(program, slope, one))
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
        value, fits = solved(moved(program, slope, by))
        for u in np.flatnonzero(slope.here & (by > 1)):
            sign = 1 if slope.up else -1
            straight = now[u] + sign * int(slope.price[u]) * int(by[u])
            ends += 1
            same += bool(fits[u]) and value[u] == straight
            assert not fits[u] or value[u] <= straight
    assert ends > 500
    assert same < ends // 4

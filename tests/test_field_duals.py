"""The dual solution of the fields program: strong duality to the last unit, wrong ones refused."""

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from fields_cases import ALPHAS, PAGU, TREE, draw_programmed, draw_room, draw_weights, problem_of

from optimizer.solving.field_duals import bounds, margins, prices, values
from optimizer.solving.fields import FieldProgram, field_program

BUDGETS = (PAGU, 50_000_000, 99_999_999, 12_345_679, 10_007, 9)


def drawn(seed: str, alpha: Fraction, count: int) -> FieldProgram:
    """Units with bounds of every kind, some with activities; those without any answer left out."""
    rng = random.Random(seed)
    rooms = [draw_room(rng, rng.choice(BUDGETS), f"u{k}") for k in range(count)]
    weights = {r.id: draw_weights(rng) for r in rooms}
    programmed = {
        r.id: draw_programmed(rng, r.upper[-1]) if rng.random() < 0.5 else {} for r in rooms
    }
    program = field_program(problem_of(*rooms), weights, alpha, programmed)
    return program.only(program.room[2])


@pytest.mark.parametrize("alpha", ALPHAS)
def test_value_and_bound_are_equal(alpha):
    program = drawn(f"strong {alpha}", alpha, 1_000)
    found = program.solve()
    value = values(program, found)
    assert value == bounds(program, prices(program, margins(program, found)))
    assert len(value) > 300
    assert any(value)


@pytest.mark.parametrize("alpha", ALPHAS)
def test_no_prices_prove_less_than_the_value(alpha):
    """Weak duality: whatever the prices, the bound is never below what envelopes reach."""
    program = drawn(f"weak {alpha}", alpha, 300)
    found, rng = program.solve(), np.random.default_rng(7)
    good = prices(program, margins(program, found))
    shaken = replace(
        good,
        pagu=good.pagu + rng.integers(0, 10**7, good.pagu.shape),
        most=good.most * rng.integers(0, 3, good.most.shape),
    )
    shaken = replace(shaken, least=np.minimum(good.least, shaken.pagu))
    above = np.array(bounds(program, shaken), object) - np.array(values(program, found), object)
    assert (above >= 0).all()
    assert (above > 0).any()


def test_envelopes_that_are_not_the_best_stay_below_the_bound():
    program = drawn("worse", Fraction(1, 2), 400)
    found = program.solve()
    at = margins(program, found)
    bound = bounds(program, prices(program, at))
    money, value = found.money.copy(), values(program, found)
    worth = np.where(at.money > at.low, at.left, 0)
    for unit in range(money.shape[1]):
        top = TREE.children[-1][int(worth[:, unit].argmax())]
        inside = [k for k, leaf in enumerate(TREE.leaves) if top in above(leaf)]
        fullest = max(inside, key=lambda k, unit=unit: money[k, unit])
        money[fullest, unit] -= worth[:, unit].max() > 0
    worse = values(program, replace(found, money=money))
    lost = [v - w for v, w in zip(value, worse, strict=True)]
    assert lost == worth.max(axis=0).tolist()
    assert [b - w for b, w in zip(bound, worse, strict=True)] == lost
    assert sum(map(bool, lost)) > 100


def above(node: int) -> list[int]:
    found = []
    while node >= 0:
        found.append(node)
        node = TREE.parent[node]
    return found


def test_negative_prices_are_refused():
    program = drawn("negative", Fraction(1, 2), 40)
    good = prices(program, margins(program, program.solve()))
    for name in ("pagu", "most", "least"):
        wrong = getattr(good, name).copy()
        wrong.flat[0] = -1
        with pytest.raises(ValueError, match="negative"):
            bounds(program, replace(good, **{name: wrong}))
    with pytest.raises(ValueError, match="negative"):
        bounds(program, replace(good, least=good.least + 10**8))

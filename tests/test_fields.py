"""The fields program: greedy against PuLP, exhaustive search and its definition."""

import random
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from fields_cases import (
    ALPHAS,
    FIELDS,
    PAGU,
    TREE,
    draw_programmed,
    draw_room,
    draw_weights,
    problem_of,
    reference,
    within,
)

from optimizer.formulation.compile import marginals
from optimizer.formulation.fields import Phi
from optimizer.formulation.problem import PERCENTS, Tree, UnitRoom
from optimizer.solving.field_money import field_question
from optimizer.solving.field_rounding import round_to_step
from optimizer.solving.fields import allocate_arrays, allocate_fields

# --- greedy, PuLP and the definition ------------------------------------------------------


@pytest.mark.parametrize("alpha", ALPHAS)
def test_greedy_is_as_good_as_pulp(alpha):
    """Nested bounds, minima, exact shares, odd budgets, zero weights, activities."""
    rng = random.Random(f"fields {alpha}")
    budgets = [PAGU, 50_000_000, 99_999_999, 12_345_679, 10_007]
    rooms, weights, programmed = [], {}, {}
    for number in range(200):
        budget = rng.choice(budgets)
        room = draw_room(rng, budget, f"u{number}")
        rooms.append(room)
        weights[room.id] = draw_weights(rng)
        programmed[room.id] = draw_programmed(rng, budget) if rng.random() < 0.5 else {}
    problem = problem_of(*rooms)
    greedy = allocate_fields(problem, weights, alpha, programmed).by_unit()
    compared = 0
    for room in rooms:
        answer, question = reference(problem, room.id, weights[room.id], alpha, programmed[room.id])
        assert (answer is None) == (room.id not in greedy)
        if answer is None:
            continue
        compared += 1
        money = greedy[room.id]
        assert within(room, money, programmed[room.id])
        assert within(room, dict(answer.money), programmed[room.id])
        by_node = {TREE.ids.index(name): amount for name, amount in money.items()}
        # Equal as fractions: the program's vertices are in whole rupiah.
        assert question.objective(TREE, by_node) == answer.objective
    assert compared >= 60


SMALL = Tree(
    ids=("a/p", "a/r", "a", "b", "c", "pagu"),
    parent=(2, 2, 5, 5, 5, -1),
    leaves=(0, 1, 3, 4),
    pooled=frozenset({0}),
)


@pytest.mark.parametrize("alpha", ALPHAS)
def test_greedy_equals_exhaustive_search(alpha):
    rng = random.Random(f"tiny {alpha}")
    feasible = 0
    for _ in range(60):
        budget = rng.randint(0, 9)
        lower = [rng.choice([0, 0, 0, 1, 2]) for _ in range(5)]
        upper = [rng.choice([budget, budget, rng.randint(0, 4)]) for _ in range(5)]
        room = UnitRoom("u", "k", (*lower, 0), (*upper, budget), (rng.randint(0, 2), *[0] * 5))
        weights = {f: Fraction(rng.choice([0, 1, 1, 3]), 4) for f in "abc"}
        problem = problem_of(room, tree=SMALL)
        question = field_question(problem, "u", weights, alpha)
        names = [SMALL.ids[n] for n in SMALL.leaves]
        choices = [
            money
            for amounts in product(range(budget + 1), repeat=4)
            if within(room, money := dict(zip(names, amounts, strict=True)), {}, SMALL)
        ]
        found = allocate_fields(problem, {"u": weights}, alpha).by_unit()
        assert bool(choices) == ("u" in found)
        if not choices:
            continue
        feasible += 1

        def value(money, question=question):
            return question.objective(SMALL, {SMALL.ids.index(n): x for n, x in money.items()})

        assert found["u"] in choices
        assert value(found["u"]) == max(value(m) for m in choices)
        # Fields without weight hold the least that any allocation of the same value lets them.
        idle = [f for f in "bc" if not weights[f]]
        best = [m for m in choices if value(m) == value(found["u"])]
        assert all(found["u"][f] == min(m[f] for m in best) for f in idle)
    assert feasible >= 15


def test_a_small_case_by_hand():
    """α = 0 fills the top field to its cap; α = 1 gives both something; ties go to the first."""
    tree = Tree(("a", "b", "c", "pagu"), (3, 3, 3, -1), (0, 1, 2), frozenset())
    room = UnitRoom("u", "k", (0, 0, 5, 0), (60, 60, 60, 100), (0, 0, 0, 0))
    problem = problem_of(room, tree=tree)
    weights = {"a": Fraction(2, 3), "b": Fraction(1, 3)}

    def best(alpha, weights=weights):
        return allocate_fields(problem, {"u": weights}, Fraction(alpha)).by_unit()["u"]

    assert best(0) == {"a": 60, "b": 35, "c": 5}
    # Equal slopes where (k_a − ½)/2 = (k_b − ½)/1, and 95 to share: 63 and 32, but a stops at 60.
    assert best(1) == {"a": 60, "b": 35, "c": 5}
    assert best(1, {"a": Fraction(1, 4), "b": Fraction(3, 4)}) == {"a": 35, "b": 60, "c": 5}
    assert best(1, {"a": Fraction(1, 2), "b": Fraction(1, 2)}) == {"a": 48, "b": 47, "c": 5}
    assert best(0, {"a": Fraction(1, 2), "b": Fraction(1, 2)}) == {"a": 60, "b": 35, "c": 5}
    assert best(0, {}) == {"a": 0, "b": 0, "c": 5}


def plain_greedy(low, high, budget, weights, phi):
    """Pieces sorted once by worth, then field, then percent; the definition of the answer."""
    money, left = list(low), budget - sum(low)
    pieces = []
    for field, weight in enumerate(weights):
        start = 0
        for number, (slope, width) in enumerate(phi.pieces(budget)):
            pieces.append((-weight * slope, field, number, start, start + width))
            start += width
    for worth, field, _, start, stop in sorted(pieces):
        room = min(stop, high[field]) - max(start, low[field])
        add = max(0, min(room, left)) if worth else 0
        money[field] += add
        left -= add
    return money


@pytest.mark.parametrize("alpha", (*ALPHAS, Fraction(1, 1000), Fraction(3, 4)))
def test_the_answer_is_the_greedy_one_to_the_rupiah(alpha):
    """Ties, weights from one part in 10¹² to all of it, budgets that are no whole percents."""
    rng = random.Random(f"ties {alpha}")
    tree = Tree(("a", "b", "c", "d", "pagu"), (4, 4, 4, 4, -1), (0, 1, 2, 3), frozenset())
    rows = []
    for _ in range(300):
        budget = rng.choice([PAGU, 99_999_999, 10_007, 250, 7, rng.randint(1, 10**9)])
        low = [rng.choice([0, 0, rng.randint(0, budget // 4)]) for _ in range(4)]
        high = [rng.choice([budget, rng.randint(x, budget)]) for x in low]
        weights = rng.choice(
            [
                [1, 1, 1, 1],
                [rng.randint(0, 3) for _ in range(4)],
                [rng.choice([0, 10 ** rng.randint(0, 12)]) for _ in range(4)],
                [10**12 - rng.randint(0, 2) for _ in range(4)],
            ]
        )
        rows.append((low, high, budget, weights))
    lower = np.array([[*low, 0] for low, *_ in rows]).T
    upper = np.array([[*high, budget] for _, high, budget, _ in rows]).T
    found, fits = allocate_arrays(
        tree,
        lower,
        upper,
        np.zeros_like(lower),
        budgets=upper[-1],
        weights=np.array([weights for *_, weights in rows]).T,
        marginals=marginals(alpha),
    )
    assert fits.all()
    phi = Phi.of(marginals(alpha))
    for column, (low, high, budget, weights) in zip(found.T.tolist(), rows, strict=True):
        assert column == plain_greedy(low, high, budget, weights, phi)


def test_units_do_not_depend_on_each_other():
    rng = random.Random(3)
    rooms = [draw_room(rng, rng.choice([PAGU, 77_777_777]), f"u{n}") for n in range(40)]
    weights = {r.id: draw_weights(rng) for r in rooms}
    together = allocate_fields(problem_of(*rooms), weights, Fraction(1, 2)).by_unit()
    rng.shuffle(rooms)
    shuffled = allocate_fields(problem_of(*rooms), weights, Fraction(1, 2)).by_unit()
    assert shuffled == together
    for room in rooms[:10]:
        alone = allocate_fields(problem_of(room), weights, Fraction(1, 2)).by_unit()
        assert alone.get(room.id) == together.get(room.id)
    assert allocate_fields(problem_of(), {}, Fraction(1, 2)).by_unit() == {}


def test_one_column_of_bounds_serves_many_units():
    """More units than one chunk holds; broadcast bounds give what full arrays give."""
    rng = np.random.default_rng(5)
    room = next(
        r
        for seed in range(99)
        if (r := draw_room(random.Random(seed), PAGU)).lower[2] < PAGU
        and allocate_fields(problem_of(r), {}, Fraction(0)).feasible[0]
    )
    count = 20_000
    weights = rng.integers(0, 50, (len(FIELDS), count))
    column = [np.array(values)[:, None] for values in (room.lower, room.upper, room.given)]
    whole = [np.repeat(c, count, axis=1) for c in column]
    budgets = np.full(count, PAGU)
    half = marginals(Fraction(1, 2))
    a, fits = allocate_arrays(TREE, *column, budgets=budgets, weights=weights, marginals=half)
    b, _ = allocate_arrays(TREE, *whole, budgets=budgets, weights=weights, marginals=half)
    assert fits.all()
    assert (a == b).all()
    assert (a.sum(axis=0) <= PAGU).all()


def test_a_minimum_of_the_whole_tree_is_kept():
    room = UnitRoom("u", "k", (0, 0, 0, 90), (30, 40, 50, 100), (0, 0, 0, 0))
    tree = Tree(("a", "b", "c", "pagu"), (3, 3, 3, -1), (0, 1, 2), frozenset())
    money = allocate_fields(
        problem_of(room, tree=tree), {"u": {"b": Fraction(1)}}, Fraction(1, 2)
    ).by_unit()["u"]
    assert money == {"a": 30, "b": 40, "c": 20}


# --- φ ------------------------------------------------------------------------------------


def test_phi_from_its_definition():
    for alpha in ALPHAS:
        values = marginals(alpha)
        phi = Phi.of(values)
        assert phi.marginals == values
        assert phi.at(0, PAGU) == 0
        for money in (1, 999_999, 1_000_001, 33_333_333, PAGU):
            million = PAGU // PERCENTS
            expected = sum(
                v * min(max(money - k * million, 0), million) for k, v in enumerate(values)
            )
            assert phi.at(money, PAGU) == Fraction(expected, 10**6 * PAGU)
    assert Phi.of(marginals(Fraction(0))).at(7, 10) == Fraction(7, 10)
    assert Phi.of(marginals(Fraction(1, 2))).at(5, 0) == 0


# --- rounding -----------------------------------------------------------------------------


@pytest.mark.parametrize("step", [10, 1_000, 250_000])
def test_rounding_breaks_no_bound(step):
    rng = random.Random(step)
    kept = 0
    for _ in range(150):
        budget = rng.choice([PAGU, 99_999_999, 12_345_679])
        room = draw_room(rng, budget)
        weights, programmed = draw_weights(rng), draw_programmed(rng, budget)
        problem = problem_of(room)
        alpha = rng.choice(ALPHAS)
        exact = allocate_fields(problem, {"u": weights}, alpha, {"u": programmed}).by_unit()
        rounded = allocate_fields(problem, {"u": weights}, alpha, {"u": programmed}, step).by_unit()
        assert exact.keys() == rounded.keys()
        for unit, money in rounded.items():
            kept += 1
            assert within(room, money, programmed)
            assert sum(money.values()) <= sum(exact[unit].values())
            assert all(abs(x - exact[unit][name]) < step for name, x in money.items())
            for name, x in money.items():
                node = TREE.ids.index(name)
                free = name not in programmed and not any(room.lower) and node not in TREE.pooled
                assert not free or x % step == 0
    assert kept >= 40


def test_rounding_keeps_round_totals():
    """Thirds of a million: the largest remainders go up, the sum stays."""
    tree = Tree(("a", "b", "c", "pagu"), (3, 3, 3, -1), (0, 1, 2), frozenset())
    lower, upper = np.zeros((4, 1), np.int64), np.full((4, 1), 1_000_000)
    money = np.array([[333_333], [333_334], [333_333]])
    assert round_to_step(tree, lower, upper, money, 1_000)[:, 0].tolist() == [
        333_000,
        334_000,
        333_000,
    ]
    assert round_to_step(tree, lower, upper, money, 1) is money

"""The fields program: greedy against PuLP, exhaustive search and finite differences."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from optimizer.dataset import Dataset, Metadata
from optimizer.errors import Infeasible, ScenarioError
from optimizer.files.policies import DATA, load_policy
from optimizer.files.scenarios import load_scenario
from optimizer.formulation.compile import compile_scenario, marginals
from optimizer.formulation.fields import FieldModel, Phi, field_weights
from optimizer.formulation.problem import PERCENTS, Problem, Tree, UnitRoom
from optimizer.money import share_ceil, share_floor
from optimizer.proposals import Proposal, Status
from optimizer.rembug import Ballot, BallotKind, Count, Results
from optimizer.scenario import Scenario, Stage, override
from optimizer.solving.field_money import field_question, marginal_money, solve_fields
from optimizer.solving.field_rounding import round_to_step
from optimizer.solving.fields import advise_idle, allocate_arrays, allocate_fields
from optimizer.solving.outcome import Clock, Outcome, run
from optimizer.territory import Territory, Unit

ALPHAS = (Fraction(0), Fraction(1, 10), Fraction(1, 2), Fraction(1))
PAGU = 100_000_000
RT1, RT2, RT3 = "Contoh/01/01", "Contoh/01/02", "Contoh/02/01"

# infra (pool, rt), welfare (two levels below), health, youth, admin: bounds nest twice.
TREE = Tree(
    ids=("infra/pool", "infra/rt", "infra", "w/a", "w/b/c", "w/b/d", "w/b", "w", "h", "y", "pagu"),
    parent=(2, 2, 10, 7, 6, 6, 7, 10, 10, 10, -1),
    leaves=(0, 1, 3, 4, 5, 8, 9),
    pooled=frozenset({0}),
)
FIELDS = tuple(TREE.ids[n] for n in TREE.children[-1])


def draw_room(rng: random.Random, budget: int, name: str = "u") -> UnitRoom:
    """Bounds of every kind: minima, maxima, exact shares; some of them contradict each other."""
    last = len(TREE.ids) - 1
    lower, upper, given = [0] * last, [budget] * last, [0] * last
    for node in range(last):
        kind = rng.choice(["none", "none", "max", "max", "min", "exact"])
        share = Fraction(rng.randint(0, 40), 100)
        if kind == "max":
            upper[node] = share_floor(share, budget)
        elif kind == "min":
            lower[node] = share_ceil(share / 4, budget)
        elif kind == "exact":
            lower[node], upper[node] = share_floor(share, budget), share_ceil(share, budget)
        if node in TREE.pooled:
            gift = share_ceil(share, budget)
            lower[node], given[node] = max(lower[node], gift), gift
    return UnitRoom(name, "k", (*lower, 0), (*upper, budget), (*given, 0))


def draw_weights(rng: random.Random) -> dict[str, Fraction]:
    values = [rng.choice([0, 0, 1, 1, 2, 3, 7, 60]) for _ in FIELDS]
    total = sum(values) or 1
    return {f: Fraction(v, total) for f, v in zip(FIELDS, values, strict=True)}


def problem_of(*rooms: UnitRoom, tree: Tree = TREE) -> Problem:
    return Problem(tree, rooms, (), (), (), {}, (), (), ())


def draw_programmed(rng: random.Random, budget: int) -> dict[str, int]:
    leaves = [TREE.ids[n] for n in TREE.leaves if n not in TREE.pooled]
    return {leaf: rng.randint(0, budget // 15) for leaf in leaves if rng.random() < 0.3}


def _by_name(programmed: dict[int, int]) -> dict[str, int]:
    return {TREE.ids[node]: amount for node, amount in programmed.items()}


def within(room: UnitRoom, money: dict[str, int], programmed: dict[str, int], tree=TREE) -> bool:
    """Whether money by leaf meets every bound, from the definition."""
    nodes = [money.get(name, 0) for name in tree.ids]
    for node, parent in enumerate(tree.parent):
        if parent >= 0:
            nodes[parent] += nodes[node]
    return (
        all(lo <= x <= up for lo, x, up in zip(room.lower, nodes, room.upper, strict=True))
        and all(money[name] >= e for name, e in programmed.items())
        and all(nodes[p] == room.given[p] for p in tree.pooled)
    )


def reference(problem, unit, weights, alpha, programmed=None):
    question = field_question(problem, unit, weights, alpha, programmed)
    try:
        return solve_fields(problem, question), question
    except Infeasible:
        return None, question


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


@pytest.mark.parametrize("name", ["kaliombo-2023", "kaliombo-2023-paling-banyak"])
def test_kaliombo(name):
    """Every RT of the example, both readings: greedy and PuLP agree."""
    one = load_scenario(DATA.parent / "scenarios" / f"{name}.yaml")
    problem, weights = compile_scenario(one), field_weights(one)
    assert len(weights) == 47
    assert all(sum(mine.values()) == 1 for mine in weights.values())
    found = allocate_fields(problem, weights, Fraction(1, 2)).by_unit()
    for room in problem.units:
        answer, question = reference(problem, room.id, weights[room.id], Fraction(1, 2))
        nodes = {problem.tree.ids.index(n): x for n, x in found[room.id].items()}
        assert within(room, found[room.id], {}, problem.tree)
        assert question.objective(problem.tree, nodes) == answer.objective


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


# --- duals and what one more million changes ----------------------------------------------


def test_duals_have_the_sign_of_finite_differences():
    """V is concave in every bound: V(b + δ) − V(b) ≤ price · δ ≤ V(b) − V(b − δ)."""
    rng = random.Random(11)
    seen = set()
    for _ in range(60):
        room = draw_room(rng, PAGU)
        problem = problem_of(room)
        weights = draw_weights(rng)
        alpha = rng.choice(ALPHAS)
        answer, question = reference(problem, "u", weights, alpha, draw_programmed(rng, PAGU))
        if answer is None:
            continue
        for change in marginal_money(problem, question, 1_000):
            if change.gain is not None:
                assert float(change.gain) <= change.dual + 1e-9
            if change.loss is not None:
                assert change.dual <= -float(change.loss) + 1e-9
            if abs(change.dual) > 1e-9 and not change.kink:
                seen.add((change.side, change.dual > 0))
        for (name, side), price in answer.duals.items():
            if side == "activities":
                assert price <= 1e-12
                node = TREE.ids.index(name)
                for change in (1_000, -1_000):
                    moved = {**question.programmed, node: question.programmed[node] + change}
                    other, _ = reference(problem, "u", weights, alpha, _by_name(moved))
                    if other is not None:
                        gain = float(other.objective - answer.objective)
                        assert gain <= price * change / 10**6 + 1e-9
                        if abs(price) > 1e-9 and gain == pytest.approx(price * change / 10**6):
                            seen.add((side, price > 0))
    assert {("max", True), ("min", False), ("pagu", True), ("activities", False)} <= seen
    assert {side for side, _ in seen} >= {"exact", "pool"}


def test_dual_and_new_solutions_agree_away_from_kinks():
    """Where gain and loss of solving again are equal, the dual is that number."""
    rng = random.Random(12)
    smooth = kinks = 0
    for _ in range(60):
        problem = problem_of(draw_room(rng, PAGU))
        answer, question = reference(problem, "u", draw_weights(rng), rng.choice(ALPHAS))
        if answer is None:
            continue
        for change in marginal_money(problem, question):
            if None not in (change.gain, change.loss) and change.gain == -change.loss:
                smooth += 1
                assert not change.kink
                assert change.dual == pytest.approx(float(change.gain), abs=1e-7)
            else:
                kinks += change.kink
    assert smooth > 50
    assert kinks > 50


def test_money_changes_solve_the_moved_problem(tepat):
    """Each figure is the reference's optimum with the bound really moved."""
    problem = compile_scenario(scenario(tepat))
    weights = field_weights(scenario(tepat))[RT1]
    question = field_question(problem, RT1, weights, Fraction(1, 2))
    now = solve_fields(problem, question).objective
    changes = {(c.account, c.side): c for c in marginal_money(problem, question)}
    room = question.room
    node = problem.tree.ids.index("kesehatan")
    wider = (*room.upper[:node], room.upper[node] + 10**6, *room.upper[node + 1 :])
    moved = solve_fields(problem, replace(question, room=replace(room, upper=wider)))
    assert changes["kesehatan", "max"].gain == moved.objective - now
    # Exactly 40 %: the pool share cannot fall, since the RT's own part is at most 10 %.
    pool = changes["infrastruktur/bersama", "pool"]
    assert pool.loss is None
    assert pool.kink
    assert ("infrastruktur", "exact") in changes
    assert list(changes)[-1] == ("pagu", "pagu")


def test_changes_read_in_both_languages(tepat):
    problem = compile_scenario(scenario(tepat))
    question = field_question(problem, RT1, field_weights(scenario(tepat))[RT1], Fraction(0))
    for change in marginal_money(problem, question):
        assert "Rp1.000.000" in change.text("id")
        assert "Rp1,000,000" in change.text("en")
        assert ("tidak berlaku" in change.text("id")) == change.kink


# --- scenarios ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tepat():
    return load_policy("kediri-2023-tepat")


def usulan(id: str, owner: str, field: str, rank: int | None, price=5_000_000, **more) -> Proposal:
    one = Fraction(1)
    level = {0: "kelurahan", 1: "rw", 2: "rt"}[owner.count("/")]
    numbers = {"unit_price": price, "volume": one, "least": one, "step": one}
    return Proposal(
        id=id, level=level, owner=owner, activity=id, field=field, rank=rank, **numbers, **more
    )


def scenario(policy, *, letters=(), results=None, budget=PAGU, **more) -> Scenario:
    places = Territory(
        Unit("Contoh", rw, rt, budget, families=50, residents=150)
        for rw, rt in (("01", "01"), ("01", "02"), ("02", "01"))
    )
    proposals = [
        usulan("A1", RT1, "kesehatan", 1),
        usulan("A2", RT1, "ekonomi", 2),
        usulan("A3", RT1, "kesehatan", 3),
        usulan("A4", RT1, "biaya_umum", 4),
        usulan("A5", RT1, "pendidikan", 5),
        usulan("B1", RT2, "kepemudaan", None),
        usulan("B2", RT2, "infrastruktur", None, status=Status.OPEN),
        usulan("B3", RT2, "ekonomi", None, status=Status.EXCLUDED),
        usulan("W1", "Contoh/01", "ekonomi", 1),
    ]
    data = Dataset.build(Metadata("contoh"), places, proposals, results, letters=letters)
    return Scenario("uji", data, policy, **more)


def test_weights_by_order(tepat):
    """Borda of five items: 1, ¾, ½, ¼ (admin costs, no field), 0."""
    weights = field_weights(scenario(tepat))
    assert weights[RT1] == {"kesehatan": Fraction(2, 3), "ekonomi": Fraction(1, 3)}
    assert weights[RT2] == {}
    assert weights[RT3] == {}


def test_weights_by_support(tepat):
    """Counts and ballots of the unit speak before its order; excluded items do not count."""
    results = Results(
        counts=(Count("B1", RT2, 10), Count("B2", RT2, 30), Count("B3", RT2, 30)),
        ballots=(
            Ballot(RT1, BallotKind.APPROVAL, (("A5", 1), ("A4", 1)), 3),
            Ballot(RT1, BallotKind.APPROVAL, (("A5", 1), ("A1", 1)), 1),
            Ballot(RT3, BallotKind.APPROVAL, (("A2", 1),), 9),
        ),
    )
    weights = field_weights(scenario(tepat, results=results))
    assert weights[RT1] == {"kesehatan": Fraction(1, 5), "pendidikan": Fraction(4, 5)}
    assert weights[RT2] == {"infrastruktur": Fraction(3, 4), "kepemudaan": Fraction(1, 4)}
    assert list(weights[RT2]) == ["infrastruktur", "kepemudaan"]
    assert weights[RT3] == {}
    for mine in weights.values():
        assert sum(mine.values()) in {0, 1}


def test_envelopes_before_any_plan(tepat):
    """The pool share is fixed, exact 40 % is kept, the rest follows the weights."""
    one = scenario(tepat)
    problem = compile_scenario(one)
    found = allocate_fields(problem, field_weights(one), Fraction(0)).by_unit()
    assert found[RT1] == {
        "infrastruktur/bersama": 30_000_000,
        "infrastruktur/rt": 10_000_000,
        "kesehatan": 40_000_000,
        "sosial_budaya": 0,
        "ekonomi": 20_000_000,
        "pendidikan": 0,
        "kepemudaan": 0,
        "biaya_umum": 0,
    }
    # Nothing is known about RT 03: only what the exact share forces.
    assert sum(found[RT3].values()) == 40_000_000
    even = allocate_fields(problem, field_weights(one), Fraction(1)).by_unit()[RT1]
    assert (even["kesehatan"], even["ekonomi"]) == (40_000_000, 20_000_000)


def test_a_recorded_letter_lifts_the_minimum(tepat):
    one = scenario(tepat, letters=[(RT3, "E", "infrastruktur")], budget=99_999_999)
    problem = compile_scenario(one)
    found = allocate_fields(problem, field_weights(one), Fraction(1, 2)).by_unit()
    assert sum(found[RT3].values()) == found[RT3]["infrastruktur/bersama"] == 30_000_000
    for unit in (RT1, RT2, RT3):
        mine = field_weights(one)[unit]
        answer, question = reference(problem, unit, mine, Fraction(1, 2))
        nodes = {problem.tree.ids.index(n): x for n, x in found[unit].items()}
        assert question.objective(problem.tree, nodes) == answer.objective


def test_advice_contains_the_plan(tepat):
    one = scenario(tepat, stages=(Stage("welfare", Fraction(1)),), order_as_borda=True)
    problem = compile_scenario(one)
    plan = {RT1: {"pendidikan": 7_000_000, "ekonomi": 25_000_000, "infrastruktur/bersama": 1}}
    advice = advise_idle(one, problem, plan).by_unit()[RT1]
    assert advice["pendidikan"] == 7_000_000
    assert advice["ekonomi"] == 25_000_000
    assert advice["kesehatan"] == 28_000_000
    assert advice["infrastruktur/bersama"] == 30_000_000


def test_what_cannot_be_done_is_said(tepat):
    one = override(scenario(tepat), "joint_share", "0.45")
    problem = compile_scenario(one)
    found = allocate_fields(problem, field_weights(one), Fraction(1, 2))
    assert not found.feasible.any()
    assert not found.money.any()
    assert found.by_unit() == {}
    assert not allocate_fields(problem, {}, Fraction(1, 2), step=1_000).money.any()
    question = field_question(problem, RT1, {}, Fraction(1, 2))
    with pytest.raises(Infeasible, match=RT1):
        solve_fields(problem, question)
    with pytest.raises(Infeasible):
        marginal_money(problem, question)


def test_refusals(tepat):
    problem = compile_scenario(scenario(tepat))
    with pytest.raises(ScenarioError, match="Contoh/01/01"):
        field_question(problem, "Contoh/01/1", {}, Fraction(1, 2))
    for evenness, step in ((Fraction(3, 2), 1), (Fraction(-1), 1), (Fraction(1, 2), 0)):
        with pytest.raises(ScenarioError):
            allocate_fields(problem, {}, evenness, step=step)
    huge = compile_scenario(scenario(tepat, budget=10**19))
    with pytest.raises(ScenarioError, match="pagu"):
        allocate_fields(huge, {}, Fraction(0))


def test_the_program_states_what_it_solves(tepat):
    """The objective of the solver, in weighted millions, is the exact one."""
    one = scenario(tepat)
    problem = compile_scenario(one)
    question = field_question(problem, RT1, field_weights(one)[RT1], Fraction(1, 2))
    model = FieldModel(problem, question)
    outcome, value = run(model.program, Clock())
    assert outcome is Outcome.OPTIMAL
    exact = question.objective(problem.tree, model.envelopes())
    assert value / (PAGU / 10**6) == pytest.approx(float(exact), abs=1e-9)

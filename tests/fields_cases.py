"""Units, bounds and scenarios for the tests of the fields program."""

import random
from fractions import Fraction

from optimizer.errors import Infeasible
from optimizer.formulation.problem import Problem, Tree, UnitRoom
from optimizer.money import share_ceil, share_floor
from optimizer.record.dataset import Dataset, Metadata
from optimizer.record.proposals import Proposal, Status
from optimizer.record.scenario import Scenario
from optimizer.solving.field_money import field_question, solve_fields
from optimizer.territory import Territory, Unit

ALPHAS = (Fraction(0), Fraction(1, 10), Fraction(1, 2), Fraction(1))
PAGU = 100_000_000
RT1, RT2, RT3 = "Contoh/01/01", "Contoh/01/02", "Contoh/02/01"

# infra (pool, rt), welfare (two levels below), health, youth: bounds nest twice.
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


def by_name(programmed: dict[int, int]) -> dict[str, int]:
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

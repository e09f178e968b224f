"""The judge of ``order``: nothing lower stands in the place of something higher."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from instances import make_dataset, make_policy, make_proposal, make_unit, random_scenario
from oracle import _Table

from optimizer.errors import PlanRejected
from optimizer.files.scenarios import load_scenario
from optimizer.formulation.compile import compile_scenario
from optimizer.formulation.problem import Part, Problem
from optimizer.planning import listed_of, optimize
from optimizer.record.policy import Account, Bound, ItemRule, RuleKind
from optimizer.record.proposals import Proposal, Status
from optimizer.record.scenario import Pin, Scenario, Stage
from optimizer.rules import Listed, RuleStatus, Side, check_plan, completion
from optimizer.rules.ledger import Ledger
from optimizer.rules.order import order_checks
from optimizer.solving.outcome import Answer

BY_ORDER = (Stage("order"),)
RW, RT1, RT2 = "Uji/01", "Uji/01/01", "Uji/01/02"


def judged(scenario: Scenario, listed: Listed) -> dict[RuleStatus, set[str]]:
    """Proposals that the judge of ``order`` names, by what it says."""
    found: dict[RuleStatus, set[str]] = {}
    for check in order_checks(scenario, Ledger(scenario.dataset, scenario.policy, listed)):
        assert check.side is Side.ORDER
        found.setdefault(check.status, set()).update(check.about)
    return found


# --- small lists by hand ------------------------------------------------------------------


def account(name: str, *bounds: Bound, children: tuple[Account, ...] = (), at="rt") -> Account:
    return Account(name, {"id": name}, at, bounds=bounds, children=children)


def at_most(rupiah: int) -> Bound:
    return Bound("max", rupiah=rupiah)


def at_least(rupiah: int) -> Bound:
    return Bound("min", rupiah=rupiah, waivable=True, letter="E")


def wish(id: str, owner: str, activity: str, price: int, rank: int, **more: object) -> Proposal:
    return make_proposal(id, owner, activity, price, rank=rank, **more)


def by_metre(most: int, least: int = 1) -> dict[str, Fraction]:
    return {"volume": Fraction(most), "least": Fraction(least), "step": Fraction(1)}


@dataclass(frozen=True)
class Case:
    """A scenario by order, a plan (id → volume), and the items that it leaves displaced."""

    name: str
    accounts: tuple[Account, ...]
    proposals: tuple[Proposal, ...]
    plan: dict[str, int]
    displaced: frozenset[str] = frozenset()
    rules: tuple[ItemRule, ...] = ()
    pins: tuple[Pin, ...] = ()
    units: int = 1

    def scenario(self) -> Scenario:
        units = [make_unit(n, 100) for n in range(1, self.units + 1)]
        data = make_dataset(units, self.proposals)
        policy = make_policy(self.accounts, self.rules)
        return Scenario("uji", data, policy, BY_ORDER, pins=self.pins)

    def listed(self) -> Listed:
        """The plan with what follows from it: contributions and pool shares."""
        problem = compile_scenario(self.scenario())
        known = self.scenario().dataset.by_id
        levels = {}
        for index, item in enumerate(problem.items):
            volume, proposal = self.plan.get(item.id, 0), known[item.id]
            levels[index] = int((volume - proposal.least) / proposal.step) + 1 if volume else 0
        return listed_of(self.scenario(), problem, Answer(levels, (), ""))


SEHAT = (account("sehat", at_most(20)),)
TWO = (wish("U-1", RT1, "obat", 20, 1), wish("U-2", RT1, "obat", 15, 2))
NESTED = (
    account(
        "sosial", at_most(30), children=(account("sosial/a", at_most(25)), account("sosial/b"))
    ),
)
POOL = (
    account(
        "infra",
        children=(
            account("infra/bersama", Bound("min", rupiah=30), at="kelurahan"),
            account("infra/rt", at_most(10)),
        ),
    ),
)
JOINT = (
    wish("M-1", "Uji", "jalan", 40, 1, field="infra/bersama"),
    wish("M-2", "Uji", "jalan", 25, 2, field="infra/bersama"),
    wish("M-3", "Uji", "jalan", 20, 3, field="infra/bersama"),
)
SHARED = (
    wish("W-1", RW, "obat", 41, 1),
    wish("U-1", RT1, "obat", 15, 1),
    wish("U-2", RT2, "obat", 2, 1),
)
THREE_AT_MOST = ItemRule("batas", RuleKind.VOLUME, ("latihan",), maximum=Fraction(3), per="owner")
TWO_AT_LEAST = ItemRule("minimum", RuleKind.VOLUME, ("latihan",), minimum=Fraction(2), per="owner")
ONE_OF = ItemRule("pilih", RuleKind.ONE_OF, ("pkk", "seni"))
ONLY_WITH = ItemRule("syarat", RuleKind.ONLY_WITH, ("olahraga",), requires=("latihan",))
MANDATORY = ItemRule("wajib", RuleKind.MANDATORY, ("pmt",))
OPEN = (account("sehat"), account("ekonomi"), account("pemuda"), account("sosial"))

CASES = [
    Case("the first is in", SEHAT, TWO, {"U-1": 1}),
    Case("the second displaces the first", SEHAT, TWO, {"U-2": 1}, frozenset({"U-1"})),
    Case("nothing is in", SEHAT, TWO, {}, frozenset({"U-1", "U-2"})),
    Case(
        "a step less above than fits",
        SEHAT,
        (wish("U-1", RT1, "obat", 3, 1, **by_metre(9)), wish("U-2", RT1, "obat", 3, 2)),
        {"U-1": 5, "U-2": 1},
        frozenset({"U-1"}),
    ),
    Case(
        "as many steps as fit",
        SEHAT,
        (wish("U-1", RT1, "obat", 3, 1, **by_metre(9)), wish("U-2", RT1, "obat", 3, 2)),
        {"U-1": 6},
    ),
    Case(
        "the account above is full",
        NESTED,
        (
            wish("U-1", RT1, "pkk", 20, 1, field="sosial/a"),
            wish("U-2", RT1, "seni", 11, 2, field="sosial/b"),
            wish("U-3", RT1, "seni", 10, 3, field="sosial/b"),
        ),
        {"U-1": 1, "U-3": 1},
    ),
    Case(
        "a minimum keeps its money",
        (account("sehat", at_least(90)), account("ekonomi")),
        (wish("U-1", RT1, "latihan", 11, 1), wish("U-2", RT1, "latihan", 10, 2)),
        {"U-2": 1},
    ),
    Case(
        "what a minimum holds is for its own activities",
        (account("sehat", at_least(90)), account("ekonomi")),
        (wish("U-1", RT1, "obat", 95, 1), wish("U-2", RT1, "latihan", 10, 2)),
        {"U-2": 1},
        frozenset({"U-1"}),
    ),
    Case("the pool by its list", POOL, JOINT, {"M-2": 1}, units=1),
    Case("the pool out of order", POOL, JOINT, {"M-3": 1}, frozenset({"M-2"}), units=1),
    Case("two pay for it", SEHAT, SHARED, {"U-1": 1, "U-2": 1}, units=2),
    Case(
        "two could pay for it",
        SEHAT,
        (replace(SHARED[0], unit_price=40), *SHARED[1:]),
        {"U-1": 1, "U-2": 1},
        frozenset({"W-1"}),
        units=2,
    ),
    Case(
        "as many as a rule allows",
        OPEN,
        (
            wish("U-1", RT1, "latihan", 1, 1, **by_metre(2)),
            wish("U-2", RT1, "latihan", 1, 2, **by_metre(2)),
        ),
        {"U-1": 2, "U-2": 1},
        rules=(THREE_AT_MOST,),
    ),
    Case(
        "the lower takes what a rule allows",
        OPEN,
        (
            wish("U-1", RT1, "latihan", 1, 1, **by_metre(2)),
            wish("U-2", RT1, "latihan", 1, 2, **by_metre(2)),
        ),
        {"U-1": 1, "U-2": 2},
        frozenset({"U-1"}),
        rules=(THREE_AT_MOST,),
    ),
    Case(
        "a minimum that only the lower one helps to reach",
        OPEN,
        (wish("U-1", RT1, "latihan", 30, 1), wish("U-2", RT1, "latihan", 80, 2)),
        {},
        rules=(TWO_AT_LEAST,),
    ),
    Case(
        "a minimum that both reach together",
        OPEN,
        (wish("U-1", RT1, "latihan", 30, 1), wish("U-2", RT1, "latihan", 60, 2)),
        {},
        frozenset({"U-1"}),
        rules=(TWO_AT_LEAST,),
    ),
    Case(
        "a minimum that more of the same reaches",
        OPEN,
        (wish("U-1", RT1, "latihan", 30, 1, **by_metre(3)),),
        {},
        frozenset({"U-1"}),
        rules=(TWO_AT_LEAST,),
    ),
    Case(
        "the other of two",
        OPEN,
        (wish("U-1", RT1, "pkk", 10, 1), wish("U-2", RT1, "seni", 10, 2)),
        {"U-2": 1},
        frozenset({"U-1"}),
        rules=(ONE_OF,),
    ),
    Case(
        "one of two",
        OPEN,
        (wish("U-1", RT1, "pkk", 10, 1), wish("U-2", RT1, "seni", 10, 2)),
        {"U-1": 1},
        rules=(ONE_OF,),
    ),
    Case(
        "with what it requires it does not fit",
        OPEN,
        (wish("U-1", RT1, "olahraga", 60, 1), wish("U-2", RT1, "latihan", 50, 2)),
        {"U-2": 1},
        rules=(ONLY_WITH,),
    ),
    Case(
        "with what it requires it fits",
        OPEN,
        (
            wish("U-1", RT1, "olahraga", 60, 1),
            wish("U-2", RT1, "obat", 60, 2),
            wish("U-3", RT1, "latihan", 40, 3),
        ),
        {"U-2": 1, "U-3": 1},
        frozenset({"U-1"}),
        rules=(ONLY_WITH,),
    ),
    Case(
        "what something higher requires stays",
        OPEN,
        (
            wish("U-1", RT1, "olahraga", 20, 1),
            wish("U-2", RT1, "obat", 50, 2),
            wish("U-3", RT1, "latihan", 40, 3),
        ),
        {"U-1": 1, "U-3": 1},
        rules=(ONLY_WITH,),
    ),
    Case(
        "what is mandatory stays",
        OPEN,
        (wish("U-1", RT1, "obat", 60, 1), wish("U-2", RT1, "pmt", 50, 2)),
        {"U-2": 1},
        rules=(MANDATORY,),
    ),
    Case(
        "a cheaper one is as mandatory",
        OPEN,
        (
            wish("U-1", RT1, "obat", 60, 1),
            wish("U-2", RT1, "pmt", 61, 2),
            wish("U-3", RT1, "pmt", 40, 3),
        ),
        {"U-2": 1},
        frozenset({"U-1"}),
        rules=(MANDATORY,),
    ),
    Case(
        "the least of what is mandatory is enough",
        OPEN,
        (wish("U-1", RT1, "obat", 60, 1), wish("U-2", RT1, "pmt", 25, 2, **by_metre(4))),
        {"U-2": 4},
        frozenset({"U-1"}),
        rules=(MANDATORY,),
    ),
    Case(
        "a proposal recorded as mandatory stays",
        OPEN,
        (wish("U-1", RT1, "obat", 60, 1), wish("U-2", RT1, "seni", 50, 2, status=Status.MANDATORY)),
        {"U-2": 1},
    ),
    Case(
        "what is pinned in stays",
        OPEN,
        (wish("U-1", RT1, "obat", 60, 1), wish("U-2", RT1, "seni", 50, 2)),
        {"U-2": 1},
        pins=(Pin("U-2", True),),
    ),
    Case(
        "what is pinned out is not asked for",
        OPEN,
        (wish("U-1", RT1, "obat", 60, 1), wish("U-2", RT1, "seni", 50, 2)),
        {"U-2": 1},
        pins=(Pin("U-1", False),),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_a_plan_by_hand(case: Case) -> None:
    named = judged(case.scenario(), case.listed())
    assert named == ({RuleStatus.BREACH: case.displaced} if case.displaced else {})


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_the_solver_agrees_with_the_case(case: Case) -> None:
    chosen = {i: int(v) for i, v in optimize(case.scenario()).volumes.items()}
    assert (chosen == case.plan) == (not case.displaced)


def test_a_displaced_item_refuses_the_plan_that_claims_the_order() -> None:
    case = next(c for c in CASES if c.name == "the second displaces the first")
    with pytest.raises(PlanRejected) as refused:
        check_plan(case.scenario(), case.listed(), {}, {"order"})
    assert refused.value.data["rule"] == "order"
    assert "U-1" in refused.value.message()
    # A plan that ran out of time claims nothing.
    assert check_plan(case.scenario(), case.listed(), {})


def test_what_would_take_too_long_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "MOST", 0)
    case = next(c for c in CASES if c.name == "a cheaper one is as mandatory")
    assert judged(case.scenario(), case.listed()) == {RuleStatus.UNKNOWN: {"U-1"}}


@pytest.mark.parametrize(
    "change",
    [{"stages": (Stage("support"), Stage("order"))}, {"alone": True}],
    ids=["after another stage", "alone"],
)
def test_an_order_that_depends_on_optima_is_unknown(change: dict[str, object]) -> None:
    case = CASES[1]
    assert judged(replace(case.scenario(), **change), case.listed()).keys() == {RuleStatus.UNKNOWN}


def test_other_objectives_have_no_order() -> None:
    assert not judged(replace(CASES[1].scenario(), stages=(Stage("support"),)), CASES[1].listed())


# --- plans that are optimal ---------------------------------------------------------------

SHIPPED = [
    "kaliombo-2023",
    "kaliombo-2023-paling-banyak",
    "kaliombo-2023-pagu-75",
    "kaliombo-2023-pemuda-5",
    "kaliombo-2023-aturan-2022",
    "kaliombo-2023-aturan-2024",
]


@pytest.mark.parametrize(
    "name", [*SHIPPED, pytest.param("kota-contoh-2023", marks=pytest.mark.full)]
)
def test_plans_of_shipped_data_by_order_pass(name: str) -> None:
    plan = optimize(replace(load_scenario(name), stages=BY_ORDER))
    assert not [c for c in plan.checks if c.side is Side.ORDER]


# --- random plans against exhaustive reasoning --------------------------------------------


class Choices:
    """Every feasible choice of a part by order."""

    def __init__(self, problem: Problem, part: Part) -> None:
        table = _Table(problem, part)
        self.rows = np.flatnonzero(table.feasible())
        self.levels = {i: column[self.rows] for i, column in table.levels.items()}
        self.order = [i for i in problem.order if i in self.levels]
        self.met = table.value(problem.stages[0])[self.rows]

    def best(self, among: np.ndarray, depth: int) -> np.ndarray:
        """The rows that are best in so many first lines of the lists."""
        for i in self.order[:depth]:
            column = self.levels[i][among]
            among = among[column == column.max()]
        return among

    def improvable(self, row: int) -> bool:
        """Whether a choice with as many mandatory activities gives a higher line more."""
        same = self.met >= self.met[row]
        for i in self.order:
            if (same & (self.levels[i] > self.levels[i][row])).any():
                return True
            same &= self.levels[i] == self.levels[i][row]
        return False

    def at(self, row: int) -> dict[int, int]:
        return {i: int(column[row]) for i, column in self.levels.items()}


def plans(seed: int, shape: str, count: int) -> list[tuple[Scenario, Listed, bool]]:
    """The optimum and wrong plans of a scenario, each with whether a higher line could rise.

    All have the most mandatory activities, for that stage comes before the lists. The wrong ones
    are right in some first lines and anything below, or anything at all.
    """
    scenario = replace(random_scenario(seed, shape), stages=BY_ORDER)
    problem = compile_scenario(scenario)
    parts = [Choices(problem, part) for part in problem.parts]
    if not all(part.rows.size for part in parts):
        return []
    dice = Random(f"{shape}{seed}")
    found = []
    for number in range(count):
        levels: dict[int, int] = {}
        wrong = False
        for part in parts:
            among = np.flatnonzero(part.met == part.met.max())
            depth = dice.randint(0, len(part.order)) if number else len(part.order)
            row = dice.choice(part.best(among, depth).tolist())
            levels |= part.at(row)
            wrong |= part.improvable(row)
        assert number or not wrong
        found.append((scenario, listed_of(scenario, problem, Answer(levels, (), "")), wrong))
    return found


def assert_judged_right(seeds: range, shape: str, count: int) -> Counter[bool]:
    seen: Counter[bool] = Counter()
    for seed in seeds:
        for scenario, listed, wrong in plans(seed, shape, count):
            expected = {RuleStatus.BREACH} if wrong else set()
            assert judged(scenario, listed).keys() == expected, (shape, seed)
            seen[wrong] += 1
    return seen


# Optima of 520 instances in the default run.
SHAPES = {"any": 160, "shared": 120, "pool": 80, "order": 80, "wide": 80}


def test_enough_instances() -> None:
    assert sum(SHAPES.values()) >= 500


@pytest.mark.parametrize("shape", SHAPES)
def test_optimal_plans_pass_and_wrong_ones_are_refused(shape: str) -> None:
    seen = assert_judged_right(range(SHAPES[shape]), shape, 2)
    assert seen[False] > SHAPES[shape] * 0.8
    assert seen[True] > SHAPES[shape] * 0.2


@pytest.mark.full
@pytest.mark.parametrize("shape", SHAPES)
def test_many_more_plans_are_judged_right(shape: str) -> None:
    assert_judged_right(range(1000, 1000 + 2 * SHAPES[shape]), shape, 12)


def test_a_plan_with_fewer_mandatory_activities_is_never_refused_wrongly() -> None:
    """Exhaustive reasoning may know more there, but never less."""
    for seed in range(60):
        scenario = replace(random_scenario(seed, "any"), stages=BY_ORDER)
        problem = compile_scenario(scenario)
        parts = [Choices(problem, part) for part in problem.parts]
        if all(part.rows.size for part in parts):
            rows = [Random(seed).randrange(part.rows.size) for part in parts]
            levels = {
                k: v for p, row in zip(parts, rows, strict=True) for k, v in p.at(row).items()
            }
            named = judged(scenario, listed_of(scenario, problem, Answer(levels, (), "")))
            wrong = any(p.improvable(row) for p, row in zip(parts, rows, strict=True))
            assert wrong or not named, seed

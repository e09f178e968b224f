"""The judge of plans: one good plan, and every error planted in it is found."""

from dataclasses import dataclass, field, replace
from fractions import Fraction

import pytest
from rules_cases import RT1, RT2, dataset, territory, usulan

from optimizer.errors import PlanRejected
from optimizer.record.meetings import Count, Counting, Results
from optimizer.record.policy import Account, Bound, ItemRule, Policy, RuleKind
from optimizer.record.proposals import Activity, Menu, Status
from optimizer.record.scenario import Pin, Scenario, Stage
from optimizer.rules import Listed, RuleStatus, check_plan
from optimizer.words import Words

POOL = "infrastruktur/bersama"
LOCAL = "infrastruktur/rt"


def account(id: str, *bounds: Bound, children=(), at="rt") -> Account:
    return Account(id, {"id": id, "en": id}, at, True, bounds, tuple(children))


def share(side: str, percent: int, letter: str = "") -> Bound:
    return Bound(side, Fraction(percent, 100), waivable=bool(letter), letter=letter)


def policy() -> Policy:
    name = {"id": "contoh", "en": "example"}
    activities = [
        Activity(id, place, {"id": id, "en": id})
        for id, place in (
            ("taman", "infrastruktur"),
            ("paving", "infrastruktur"),
            ("jkn", "kesehatan"),
            ("posyandu", "kesehatan"),
        )
    ]
    return Policy(
        id="contoh",
        name=name,
        fiscal_year=2023,
        regulation="contoh",
        reading=name,
        unit_level="rt",
        pagu=1000,
        accounts=(
            account(
                "infrastruktur",
                share("exact", 40, "E"),
                children=[
                    account(POOL, share("min", 30), at="kelurahan"),
                    account(LOCAL, share("max", 10)),
                ],
            ),
            account("kesehatan", share("max", 40)),
            account("kepemudaan", share("min", 5, "E"), share("max", 10)),
        ),
        rules=(
            ItemRule("jkn", RuleKind.MANDATORY, ("jkn",), letter="D", text=name),
            ItemRule("paving", RuleKind.VOLUME, ("paving",), maximum=Fraction(10), text=name),
        ),
        menu=Menu("contoh", tuple(activities)),
    )


def scenario(*stages: Stage) -> Scenario:
    paving = replace(usulan("U-1", RT1, "paving", 10, 12), least=Fraction(2), step=Fraction(2))
    data = dataset(
        usulan("M-1", "Contoh", "taman", 500, rank=1),
        replace(paving, rank=1),
        usulan("U-2", RT1, "jkn", 100),
        usulan("W-1", "Contoh/01", "posyandu", 101),
        usulan("U-3", RT2, "jkn", 200, status=Status.MANDATORY),
        usulan("U-4", RT2, "posyandu", 10, status=Status.EXCLUDED),
        usulan("U-5", RT2, "paving", 11, 5),
        places=territory(1000, 1000),
    )
    votes = (("U-1", RT1, 6), ("U-2", RT1, 3), ("W-1", RT1, 5), ("U-3", RT2, 4), ("U-5", RT2, 2))
    results = Results(counts=tuple(Count(*vote) for vote in votes))
    return Scenario(
        "contoh",
        replace(data, results=results),
        policy(),
        stages=stages or (Stage("support"),),
        counting=Counting.VOTER,
        pins=(Pin("U-2", True), Pin("U-5", False)),
    )


GOOD = Listed(
    volumes={"M-1": 1, "U-1": 8, "U-2": 1, "W-1": 1, "U-3": 1},
    contributions={(RT1, "W-1"): 51, (RT2, "W-1"): 50},
    pool_shares={(RT1, POOL): 300, (RT2, POOL): 300},
    reserved={
        (RT1, LOCAL): 20,
        (RT2, LOCAL): 100,
        (RT1, "kepemudaan"): 50,
        (RT2, "kepemudaan"): 50,
    },
)
GOOD = replace(GOOD, volumes={k: Fraction(v) for k, v in GOOD.volumes.items()})
VALUES = {
    "mandatory": 3,
    "support": 16_000_000,
    "fill": 220,
    "order": 4,
    "residents": 300 + 150 + 150 + 300 + 150,
    "cost": 500 + 80 + 100 + 101 + 200,
}


def test_the_good_plan_passes_with_its_findings():
    checks = check_plan(scenario(), GOOD, VALUES)
    short = {(c.place, c.rule): c.amount for c in checks if c.status is RuleStatus.FINDING}
    # What is only held for a minimum never meets it.
    assert short[RT2, "infrastruktur.exact"] == 100
    assert short[RT1, "kepemudaan.min"] == 50


def test_welfare_without_evenness_is_support():
    plain = scenario(Stage("welfare", Fraction(0)))
    assert check_plan(plain, GOOD, {"welfare": 100 * 10**6 * 16_000_000})


def test_welfare_by_hand():
    marginal = [round(10**6 / (k - 0.5) ** 0.5) for k in range(1, 101)]
    # Two thirds of RT 01's paving are in: 66 whole percents and two thirds of the next.
    paving = sum(marginal[:66]) * 6_000_000 + marginal[66] * 4_000_000
    whole = sum(marginal) * (3_000_000 + 4_000_000 + 5_000_000)
    even = scenario(Stage("welfare", Fraction(1, 2)))
    assert check_plan(even, GOOD, {"welfare": paving + whole})
    with pytest.raises(PlanRejected):
        check_plan(even, GOOD, {"welfare": paving + whole + 1})


@dataclass(frozen=True)
class Planted:
    """One thing changed in the good plan, and the rule that must notice."""

    name: str
    rule: str
    volumes: dict = field(default_factory=dict)
    contributions: dict = field(default_factory=dict)
    pool_shares: dict = field(default_factory=dict)
    reserved: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)

    def listed(self) -> Listed:
        return replace(
            GOOD,
            **{
                book: {**getattr(GOOD, book), **getattr(self, book)}
                for book in ("volumes", "contributions", "pool_shares", "reserved")
            },
        )


ERRORS = [
    Planted("volume off the step", "volume", volumes={"U-1": Fraction(7)}),
    Planted("volume below the least", "volume", volumes={"U-1": Fraction(1)}),
    Planted("more than was asked", "volume", volumes={"U-1": Fraction(14)}),
    Planted(
        "item rule exceeded",
        "rule.paving",
        volumes={"U-1": Fraction(12)},
        reserved={(RT1, LOCAL): -20},
    ),
    Planted("unknown proposal", "proposal", volumes={"U-9": Fraction(1)}),
    Planted("excluded proposal in", "proposal", volumes={"U-4": Fraction(1)}),
    Planted("pinned in, but out", "pin", volumes={"U-2": Fraction(0)}),
    Planted("pinned out, but in", "pin", volumes={"U-5": Fraction(5)}),
    Planted("mandatory proposal dropped", "value.mandatory", volumes={"U-3": Fraction(0)}),
    Planted("pool given a rupiah less", "pool.share", pool_shares={(RT1, POOL): 299}),
    Planted("pool given a rupiah more", "pool.share", pool_shares={(RT2, POOL): 301}),
    Planted(
        "contribution shifted", "contributions", contributions={(RT1, "W-1"): 50, (RT2, "W-1"): 51}
    ),
    Planted("contribution to nothing", "contributions", contributions={(RT1, "U-9"): 1}),
    Planted("contribution by an outsider", "contributions", contributions={(RT1, "U-3"): 1}),
    Planted("cap exceeded by reserve", "infrastruktur.exact", reserved={(RT1, LOCAL): 21}),
    Planted("forced money missing", "infrastruktur.exact", reserved={(RT1, LOCAL): 19}),
    Planted(
        "forced money missing in a field", "kepemudaan.min", reserved={(RT2, "kepemudaan"): 49}
    ),
    Planted("money held for no minimum", "reserved", reserved={(RT2, "kesehatan"): 1}),
    Planted("more held than the minimum", "reserved", reserved={(RT2, "kepemudaan"): 51}),
    Planted("negative reserve", "reserved", reserved={(RT2, "kesehatan"): -1}),
    Planted("reserve in no account", "reserved", reserved={(RT2, "hiburan"): 1}),
    *(
        Planted(f"{name} one too many", f"value.{name}", values={name: value + 1})
        for name, value in VALUES.items()
    ),
    *(
        Planted(f"{name} one too few", f"value.{name}", values={name: value - 1})
        for name, value in VALUES.items()
    ),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: e.name)
def test_planted_errors_are_found(error):
    with pytest.raises(PlanRejected) as refused:
        check_plan(scenario(), error.listed(), {**VALUES, **error.values})
    assert refused.value.data["rule"] == error.rule
    assert error.rule in refused.value.message(Words("en"))


def with_price(id: str, price: int) -> Scenario:
    base = scenario()
    proposals = tuple(
        replace(p, unit_price=price) if p.id == id else p for p in base.dataset.proposals
    )
    return replace(base, dataset=replace(base.dataset, proposals=proposals))


@pytest.mark.parametrize(
    ("id", "price", "rule"),
    [
        ("M-1", 601, "pool"),
        ("U-2", 350, "kesehatan.max"),
        ("U-3", 351, "kesehatan.max"),
    ],
)
def test_a_single_rupiah_over(id, price, rule):
    assert check_plan(with_price(id, price - 1), GOOD, {})
    with pytest.raises(PlanRejected) as refused:
        check_plan(with_price(id, price), GOOD, {})
    assert refused.value.data["rule"] == rule


def test_joint_share_as_asked():
    asked = replace(scenario(), joint_share=Fraction(3, 10))
    assert check_plan(asked, GOOD, VALUES)
    assert check_plan(replace(asked, joint_share="best"), GOOD, VALUES)
    with pytest.raises(PlanRejected):
        check_plan(replace(asked, joint_share=Fraction(31, 100)), GOOD, VALUES)


def test_letters_lift_what_they_cover():
    base = scenario()
    letters = ((RT1, "D", "jkn"), (RT2, "E", "infrastruktur"), (RT2, "E", "kepemudaan"))
    lifted = replace(base, dataset=replace(base.dataset, letters=letters))
    free = {k: v for k, v in GOOD.reserved.items() if k[0] == RT1}
    values = {"mandatory": 2, "fill": 20 + 50}
    checks = check_plan(lifted, replace(GOOD, reserved=free), values)
    named = {(c.place, c.rule): c.letter for c in checks if c.status is RuleStatus.PASS}
    assert named[RT2, "infrastruktur.exact"] == "E"
    assert named[RT2, "kepemudaan.min"] == "E"

"""Small random scenarios that are complete: every kind of constraint, built in code.

Amounts are odd on purpose (pagu, shares and prices to the rupiah), so that rounding matters, and
the choices of all proposals together stay few enough for exhaustive search.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random

from optimizer.record.dataset import Dataset, Metadata
from optimizer.record.meetings import Ballot, BallotKind, Count, Counting, Meeting, Results
from optimizer.record.policy import Account, Bound, ItemRule, Policy, RuleKind
from optimizer.record.proposals import Activity, Menu, Proposal, Status
from optimizer.record.scenario import Pin, Scenario, Stage
from optimizer.territory import Territory, Unit

KELURAHAN = "Uji"
MOST_CHOICES = 20_000

ACTIVITIES = {
    "infra": ("jalan", "saluran"),
    "sehat": ("pmt", "obat"),
    "sosial": ("pkk", "seni"),
    "ekonomi": ("latihan", "koperasi"),
    "pemuda": ("olahraga",),
    "umum": ("rapat",),
}


# Ballots on proposals; votes on fields choose none.
PROPOSAL_BALLOTS = (BallotKind.APPROVAL, BallotKind.RANKING, BallotKind.POINTS)


@dataclass(frozen=True)
class Shape:
    """What an instance may hold; ``None`` leaves it to chance."""

    units: tuple[int, int] = (1, 3)
    pool: bool | None = None
    shared: bool | None = None
    rules: bool | None = None
    steps: bool | None = None
    minima: bool | None = None
    pins: bool | None = None
    order_only: bool | None = None
    stages: tuple[str, ...] = ()
    own_lists: tuple[int, int] = (2, 4)


SHAPES = {
    "any": Shape(),
    # Units that share nothing, as in most RT.
    "own": Shape(pool=False, shared=False),
    "pool": Shape(pool=True, shared=False),
    "shared": Shape(units=(2, 4), shared=True, own_lists=(1, 3)),
    "plain": Shape(pool=False, shared=False, rules=False, minima=False, pins=False),
    "order": Shape(stages=("order",)),
    "support": Shape(stages=("support",)),
    "welfare": Shape(stages=("welfare",)),
    "fill": Shape(stages=("support", "fill"), minima=True),
    "wide": Shape(units=(1, 1), shared=False, steps=True, own_lists=(5, 7)),
}

STAGES = (
    ("order",),
    ("support",),
    ("support", "fill"),
    ("welfare",),
    ("welfare", "fill"),
    ("order", "fill"),
    ("support", "order"),
    ("fill", "support"),
    ("welfare", "support", "order"),
)


def random_scenario(seed: int, shape: str = "any") -> Scenario:
    """A scenario that is the same for the same seed and shape."""
    return _Maker(Random(f"{shape}:{seed}"), SHAPES[shape]).scenario()


def share(dice: Random, low: int, high: int) -> Fraction:
    """A share of the pagu in whole or odd per mille."""
    return Fraction(dice.randint(low, high), 1000)


def make_menu() -> Menu:
    """Two activities for each field."""
    return Menu(
        "uji",
        tuple(
            Activity(id=name, account=account, name={"id": name})
            for account, names in ACTIVITIES.items()
            for name in names
        ),
    )


def make_policy(accounts: Sequence[Account], rules: Sequence[ItemRule] = ()) -> Policy:
    """A policy of the test menu."""
    return Policy(
        id="uji",
        name={"id": "Uji", "en": "Test"},
        fiscal_year=2023,
        regulation="uji",
        reading={"id": "uji", "en": "test"},
        unit_level="rt",
        pagu=100_000_000,
        accounts=tuple(accounts),
        rules=tuple(rules),
        menu=make_menu(),
    )


def make_unit(number: int, budget: int, rw: int = 1, **known: int) -> Unit:
    """An RT of the test kelurahan."""
    return Unit(KELURAHAN, f"{rw:02}", f"{number:02}", budget, **known)


def make_proposal(id: str, owner: str, activity: str, price: int, **more: object) -> Proposal:
    """A proposal of one piece that cannot be reduced, unless told otherwise."""
    field = next(a for a, names in ACTIVITIES.items() if activity in names)
    known: dict[str, object] = {
        "volume": Fraction(1),
        "least": Fraction(1),
        "step": Fraction(1),
        "field": field,
        "level": ("kelurahan", "rw", "rt")[owner.count("/")],
        **more,
    }
    return Proposal(id=id, owner=owner, activity=activity, unit_price=price, **known)  # type: ignore[arg-type]


def make_dataset(
    units: Sequence[Unit], proposals: Sequence[Proposal], results: Results | None = None
) -> Dataset:
    """A dataset in canonical order."""
    return Dataset.build(Metadata("uji"), Territory(units), proposals, results)


@dataclass
class _Maker:
    dice: Random
    shape: Shape

    def chance(self, wanted: bool | None, odds: float = 0.5) -> bool:
        rolled = self.dice.random() < odds
        return rolled if wanted is None else wanted

    def scenario(self) -> Scenario:
        dice = self.dice
        self.pooled = self.chance(self.shape.pool)
        names = self.shape.stages or dice.choice(STAGES)
        self.votes = not (
            self.chance(self.shape.order_only, 0.2) and set(names) <= {"order", "fill"}
        )
        self.borda = self.votes and dice.random() < 0.4
        self.units = self.make_units()
        self.territory = Territory(self.units)
        self.policy = self.make_policy()
        pairs = [(f, a) for f, names in ACTIVITIES.items() for a in names]
        # Few activities in an instance, so that they meet in the same rules and accounts.
        self.activities = dice.sample(pairs, dice.randint(2, 5))
        proposals = self.make_proposals()
        dataset = Dataset.build(
            Metadata("uji"),
            self.territory,
            proposals,
            self.make_results(proposals),
            letters=self.make_letters(),
        )
        evenness = dice.choice((Fraction(0), Fraction(1, 2), Fraction(1)))
        return Scenario(
            name="uji",
            dataset=dataset,
            policy=self.policy,
            stages=tuple(Stage(n, evenness) for n in names),
            joint_share=self.joint_share(),
            counting=dice.choice(tuple(Counting)),
            order_as_borda=self.borda,
            pins=self.make_pins(proposals),
        )

    # --- places and policy ----------------------------------------------------------------

    def make_units(self) -> tuple[Unit, ...]:
        dice = self.dice
        count = dice.randint(*self.shape.units)
        rws = 1 if count < 2 else dice.randint(1, 2)
        return tuple(
            make_unit(
                n,
                dice.choice((100_000_000, 99_999_997, 33_333_331, 50_000_001)),
                1 + n % rws,
                families=dice.randint(20, 60),
                residents=dice.choice((80, 150, 150, 200)),
            )
            for n in range(1, count + 1)
        )

    def make_policy(self) -> Policy:
        return make_policy(self.make_accounts(), self.make_rules())

    def make_accounts(self) -> list[Account]:
        dice = self.dice
        minima = self.chance(self.shape.minima)
        infra = self.infra(minima)
        social = Account(
            "sosial",
            {"id": "sosial"},
            bounds=self.bounds(minima, 150, 350),
            children=(
                (
                    Account("sosial/a", {"id": "a"}, bounds=self.bounds(False, 80, 200)),
                    Account("sosial/b", {"id": "b"}, bounds=self.bounds(minima, 80, 200)),
                )
                if dice.random() < 0.4
                else ()
            ),
        )
        others = [
            Account(name, {"id": name}, bounds=self.bounds(minima, 100, 400))
            for name in ("sehat", "ekonomi", "pemuda")
        ]
        admin = Account(
            "umum",
            {"id": "umum"},
            field=False,
            bounds=(Bound("max", rupiah=dice.choice((1_500_000, 1_499_999))),),
        )
        return [infra, *others, social, admin]

    def infra(self, minima: bool) -> Account:
        dice = self.dice
        small = share(dice, 60, 160)
        if not self.pooled:
            return Account("infra", {"id": "infra"}, bounds=(Bound("max", share=small),))
        joint = share(dice, 150, 301)
        exact = minima and dice.random() < 0.6
        total = joint + small - (share(dice, 0, 30) if not exact else 0)
        bound = Bound("exact" if exact else "max", share=total, waivable=exact, letter="E" * exact)
        return Account(
            "infra",
            {"id": "infra"},
            bounds=(bound,),
            children=(
                Account(
                    "infra/bersama",
                    {"id": "bersama"},
                    decided_at="kelurahan",
                    bounds=(Bound("min", share=joint),),
                ),
                Account("infra/rt", {"id": "rt"}, bounds=(Bound("max", share=small),)),
            ),
        )

    def bounds(self, minima: bool, low: int, high: int) -> tuple[Bound, ...]:
        """A maximum, now and then in rupiah, with or without a minimum below it; or exact."""
        dice = self.dice
        top = share(dice, low, high)
        if minima and dice.random() < 0.15:
            return (Bound("exact", share=top / 3, waivable=True, letter="E"),)
        found = [
            Bound("max", share=top)
            if dice.random() < 0.8
            else Bound("max", rupiah=dice.randint(5_000_001, 25_000_003))
        ]
        if minima and dice.random() < 0.5:
            waivable = dice.random() < 0.7
            found.append(
                Bound(
                    "min",
                    share=top * Fraction(dice.randint(1, 5), 11),
                    waivable=waivable,
                    letter="E" * waivable,
                )
                if dice.random() < 0.7
                else Bound("min", rupiah=dice.randint(500_001, 2_000_003))
            )
        return tuple(found)

    def make_rules(self) -> list[ItemRule]:
        if not self.chance(self.shape.rules, 0.7):
            return []
        dice = self.dice
        rules = [
            ItemRule("jkn", RuleKind.MANDATORY, ("obat",), waivable=True, letter="D"),
            ItemRule("pmt", RuleKind.MANDATORY, ("pmt", "pkk")),
            ItemRule(
                "pmt_nilai",
                RuleKind.RUPIAH,
                ("pmt", "obat"),
                minimum=Fraction(dice.randint(1_000_001, 5_000_001)),
                maximum=Fraction(dice.randint(6_000_001, 30_000_001)),
            ),
            ItemRule("saluran", RuleKind.RUPIAH, ("saluran",), maximum=Fraction(9_999_999)),
            ItemRule(
                "latihan",
                RuleKind.VOLUME,
                ("latihan",),
                minimum=Fraction(dice.choice((1, 2))),
                maximum=Fraction(dice.choice((2, 3)), dice.choice((1, 2))) + 1,
                per=dice.choice(("rt", "owner")),
            ),
            ItemRule("seni", RuleKind.UNIT_PRICE, ("seni",), maximum=Fraction(7_000_000)),
            ItemRule("koperasi", RuleKind.ONCE, ("koperasi",), per="owner"),
            ItemRule("pilih", RuleKind.ONE_OF, ("pkk", "seni", "rapat")),
            ItemRule("syarat", RuleKind.ONLY_WITH, ("olahraga",), requires=("latihan", "pmt")),
            ItemRule("bidang", RuleKind.EACH_FIELD, letter="E", waivable=True),
        ]
        return [r for r in rules if dice.random() < 0.6]

    def make_letters(self) -> list[tuple[str, str, str]]:
        dice = self.dice
        subjects = [("E", "ekonomi"), ("E", "infra"), ("E", "sosial"), ("D", "obat"), ("D", "pmt")]
        return [
            (unit.id, *subject)
            for unit in self.units
            for subject in subjects
            if dice.random() < 0.15
        ]

    def joint_share(self) -> Fraction | None:
        if not self.pooled or self.dice.random() < 0.6:
            return None
        least = self.policy.pools[0].bounds[0].share
        assert least is not None
        return least + share(self.dice, -1, 12)

    # --- proposals ------------------------------------------------------------------------

    def make_proposals(self) -> list[Proposal]:
        """Lists of every place, as long as the choices stay few."""
        dice = self.dice
        places = [(u.id, dice.randint(*self.shape.own_lists)) for u in self.units]
        if self.chance(self.shape.shared, 0.4):
            rws = dict.fromkeys(u.id.rpartition("/")[0] for u in self.units)
            places += [(rw, dice.randint(1, 2)) for rw in rws]
            places += [(KELURAHAN, 1)] * (dice.random() < 0.3)
        if self.pooled:
            places.append((KELURAHAN, dice.randint(2, 4)))
        found: list[Proposal] = []
        choices = 1
        # Places take turns, so that no list is cut because it came last.
        turns = [p for p, n in places for _ in range(n)]
        dice.shuffle(turns)
        pool_left = dict(places[-1:]).get(KELURAHAN, 0) if self.pooled else 0
        for place in turns:
            joint = place == KELURAHAN and pool_left > 0
            pool_left -= joint
            proposal = self.proposal(f"U-{len(found) + 1}", place, joint)
            size = len(proposal.volumes) + 1
            if choices * size > MOST_CHOICES:
                break
            choices *= size
            found.append(proposal)
        return self.with_ranks(found)

    def with_ranks(self, proposals: list[Proposal]) -> list[Proposal]:
        ranks: dict[str, int] = {}
        ranked = []
        for proposal in self.dice.sample(proposals, len(proposals)):
            ranks[proposal.owner] = ranks.get(proposal.owner, 0) + 1
            rank = ranks[proposal.owner] if self.dice.random() < 0.9 else None
            ranked.append(replace(proposal, rank=rank))
        return ranked

    def proposal(self, id: str, owner: str, joint: bool) -> Proposal:
        dice = self.dice
        field, activity = dice.choice(self.activities)
        if joint:
            field, activity = "infra", dice.choice(ACTIVITIES["infra"])
        below = self.territory.units_below(owner)
        scale = 5 if field == "umum" else 1
        volume, least, step = self.volumes()
        wanted = dice.randint(1_000_000, 14_000_000) * len(below) // scale
        # Least volume and steps cost whole rupiah: the reader refuses anything else.
        halves = step.denominator * least.denominator > 1
        price = 2 * int(wanted / volume / 2) + (not halves)
        participants, shares = self.participants(owner, below)
        return make_proposal(
            id,
            owner,
            activity,
            price,
            volume=volume,
            least=least,
            step=step,
            field=self.booked_as(field, joint),
            own_funds=dice.randint(0, int(price * least) // 3) if dice.random() < 0.2 else 0,
            participants=participants,
            shares=shares,
            beneficiaries=tuple(dice.sample(below, 1)) if dice.random() < 0.2 else (),
            status=self.status(),
        )

    def booked_as(self, field: str, joint: bool) -> str:
        known = self.policy.by_id
        if joint:
            return "infra/bersama"
        leaves = [a for a in known[field].walk() if a.is_leaf and not a.pooled]
        return self.dice.choice(leaves).id

    def status(self) -> Status:
        roll = self.dice.random()
        if roll < 0.05:
            return Status.MANDATORY
        return Status.EXCLUDED if roll < 0.1 else Status.OPEN

    def volumes(self) -> tuple[Fraction, Fraction, Fraction]:
        """Asked volume, least volume and step; half of them fixed."""
        dice = self.dice
        if not self.chance(self.shape.steps, 0.35):
            volume = Fraction(dice.choice((1, 1, 2, 3)))
            return volume, volume, volume
        step = Fraction(1, dice.choice((1, 1, 2)))
        least = step * dice.randint(1, 3)
        return least + step * dice.randint(1, 3), least, step

    def participants(
        self, owner: str, below: tuple[str, ...]
    ) -> tuple[tuple[str, ...], tuple[int, ...]]:
        dice = self.dice
        chosen: tuple[str, ...] = ()
        if len(below) > 1 and dice.random() < 0.4:
            chosen = tuple(u for u in below if dice.random() < 0.7) or below[:1]
        elif self.chance(self.shape.shared, 0.3) and dice.random() < 0.15:
            # Rare, but a proposal of an RT may be paid by others as well, or by others alone.
            chosen = tuple(u.id for u in self.units if dice.random() < 0.5)
        shares = tuple(dice.randint(1, 5) for _ in chosen) if dice.random() < 0.5 else ()
        return chosen, shares

    # --- results --------------------------------------------------------------------------

    def make_results(self, proposals: list[Proposal]) -> Results:
        if not self.votes:
            return Results()
        counts: list[Count] = []
        ballots: list[Ballot] = []
        meetings: list[Meeting] = []
        lists: dict[str, list[str]] = {}
        for p in proposals:
            lists.setdefault(p.owner, []).append(p.id)
        for place, ids in lists.items():
            kinds = ("count", "count", *PROPOSAL_BALLOTS, *(("list",) if self.borda else ()))
            kind = self.dice.choice(kinds)
            if kind == "count":
                counts += [Count(i, place, self.dice.randint(1, 12)) for i in ids]
                meetings.append(Meeting(place, "rt", present=self.dice.randint(12, 25)))
            elif isinstance(kind, BallotKind):
                ballots += self.ballots(place, kind, ids)
        return Results(tuple(meetings), tuple(counts), tuple(ballots), points_max=5)

    def ballots(self, place: str, kind: BallotKind, ids: list[str]) -> list[Ballot]:
        dice = self.dice
        found = [self.ballot(place, kind, ids) for _ in range(dice.randint(1, 4))]
        everything = tuple((i, 1) for i in ids)
        # Nothing on a list is without any support, or the scenario would not be accepted.
        return [*found, Ballot(place, BallotKind.APPROVAL, everything, 1)]

    def ballot(self, place: str, kind: BallotKind, ids: list[str]) -> Ballot:
        dice = self.dice
        chosen = dice.sample(ids, dice.randint(1, len(ids)))
        points = {
            BallotKind.APPROVAL: lambda: 1,
            BallotKind.RANKING: lambda: 0,
            BallotKind.POINTS: lambda: dice.randint(0, 5),
        }[kind]
        return Ballot(place, kind, tuple((i, points()) for i in chosen), dice.randint(1, 6))

    def make_pins(self, proposals: list[Proposal]) -> tuple[Pin, ...]:
        dice = self.dice
        if not self.chance(self.shape.pins, 0.3):
            return ()
        open_ = [p for p in proposals if p.status is not Status.EXCLUDED]
        chosen = dice.sample(open_, min(len(open_), dice.randint(1, 2)))
        return tuple(Pin(p.id, dice.random() < 0.5, "uji") for p in chosen)

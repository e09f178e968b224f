"""What one RT wants: a list drawn from the activities, within the stated ranges.

A list outside the ranges is rejected and drawn again, so every RT of the example data looks
like those that the sources describe: scarce infrastructure, idle money elsewhere, and in some
RT wishes that compete.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from optimizer.files.policies import load_policy
from tools.demo.activities import PRICE_STEP, Activity, activities

__all__ = [
    "CALM",
    "COMPETING",
    "HEAVY",
    "MANDATORY",
    "POLICY",
    "Profile",
    "Wish",
    "draw_list",
    "draw_wish",
    "joint_pool",
]

POLICY = "kediri-2023-tepat"
MILLION = 10**6
# Mandatory activities with the paragraph of Perwali 32/2021 that says so.
MANDATORY = {"jkn": "20(1)a", "pmt": "20(1)b", "pkk": "20(1)c", "pelatihan": "20(1)d"}
# Where a line tends to stand in a list: 0 first. Roads lead, youth comes last.
_PLACE = {"infrastruktur": 0.0, "kepemudaan": 2.0, "biaya_umum": 4.0}
_PLACE_OF = {"pmt": 0.7, "pkk": 0.8, "cctv": 0.2}


@dataclass(frozen=True, slots=True)
class Wish:
    """An activity with the price and volume that a meeting asks for."""

    activity: Activity
    price: int
    volume: int
    least: int
    own_funds: int = 0

    @property
    def cost(self) -> int:
        """Rupiah that the budget pays for the asked volume."""
        return self.price * self.volume - self.own_funds


@dataclass(frozen=True, slots=True)
class Profile:
    """What the lists of one kind of RT have in common (rupiah).

    Attributes
    ----------
    wants : tuple of int
        All wants, joint share included.
    infrastructure : tuple of int
        Wanted RT infrastructure.
    idle : tuple of int
        Pagu without an activity once RT infrastructure is full; below zero where more is
        wanted than the pagu carries.
    lines : tuple of int
        Least and most lines in the list.
    eagerness : float
        Share by which activities become likelier and ranges are cut from below.
    """

    wants: tuple[int, int]
    infrastructure: tuple[int, int]
    idle: tuple[int, int]
    lines: tuple[int, int]
    eagerness: float = 0.0


def _millions(least: int, most: int) -> tuple[int, int]:
    return least * MILLION, most * MILLION


CALM = Profile(_millions(82, 100), _millions(20, 50), _millions(12, 40), (9, 10))
HEAVY = Profile(_millions(101, 144), _millions(50, 75), _millions(12, 40), (9, 14))
COMPETING = Profile(_millions(101, 144), _millions(20, 50), _millions(-40, -1), (9, 14), 0.55)


@dataclass(frozen=True, slots=True)
class _Limits:
    """Rupiah per RT under the policy: pagu, joint share, most per account."""

    pagu: int
    joint: int
    most: dict[str, int]


@cache
def _limits() -> _Limits:
    policy = load_policy(POLICY)
    pool = policy.pools[0]
    return _Limits(
        policy.pagu,
        pool.lower(policy.pagu),
        {a.id: a.upper(policy.pagu) for a in policy.by_id.values()},
    )


def draw_wish(rng: Random, activity: Activity, eagerness: float = 0.0) -> Wish:
    """Price (whole thousands) and volume (whole steps) within the activity's ranges."""
    low, high = (p // PRICE_STEP for p in activity.price)
    price = rng.randint(low + int(eagerness * (high - low)), high) * PRICE_STEP
    low, high = -(-activity.volume[0] // activity.step), activity.volume[1] // activity.step
    steps = rng.randint(low + int(eagerness * (high - low)), high)
    volume = steps * activity.step
    least = volume
    if activity.reducible:
        floor = 2 if activity.key == "pelatihan" else 1
        least = max(floor, round(steps * rng.uniform(0.3, 0.6))) * activity.step
    own_funds = 0
    if activity.key == "ibadah" and rng.random() < 0.5:
        own_funds = price * rng.randint(20, 50) // 100 // 100_000 * 100_000
    return Wish(activity, price, volume, least, own_funds)


def draw_list(
    rng: Random, profile: Profile, fixed: Iterable[str] = (), shared: int = 0
) -> tuple[Wish, ...]:
    """One RT's list in order of priority.

    Parameters
    ----------
    fixed
        Keys of activities that this RT asks for in any case.
    shared
        Rupiah that it pays for shared RW proposals on top.
    """
    table = activities()
    sure = [table[k] for k in fixed]
    big = [a for a in sure if a.infrastructure]
    special = [a for a in sure if not a.infrastructure]
    free = [a for a in table.values() if a.chance and a not in sure]
    roads = [a for a in free if a.infrastructure]
    others = [a for a in free if not a.infrastructure]
    while True:
        wanted = [draw_wish(rng, a) for a in _choose(rng, roads, big)]
        if not _scarce(profile, wanted):
            continue
        for _ in range(60):
            chosen = _choose(rng, others, special, profile.eagerness)
            if not _within(len(wanted) + len(chosen), profile.lines):
                continue
            rest = [draw_wish(rng, a, profile.eagerness) for a in chosen]
            if _fits(profile, wanted, rest, shared):
                return _in_order(rng, [*wanted, *rest])


def _choose(
    rng: Random, pool: Sequence[Activity], sure: Sequence[Activity], eagerness: float = 0.0
) -> list[Activity]:
    likely = [a for a in pool if rng.random() < a.chance + eagerness * (1 - a.chance)]
    return [*sure, *likely]


def _within(value: int, pair: tuple[int, int]) -> bool:
    return pair[0] <= value <= pair[1]


def _scarce(profile: Profile, roads: Sequence[Wish]) -> bool:
    """Much more than the limit is wanted, but something of it would fit."""
    most = _limits().most["infrastruktur/rt"]
    fits = any(w.price * w.least - w.own_funds <= most for w in roads)
    return fits and _within(sum(w.cost for w in roads), profile.infrastructure)


def _fits(profile: Profile, roads: Sequence[Wish], rest: Sequence[Wish], shared: int) -> bool:
    limits = _limits()
    wants = limits.joint + sum(w.cost for w in (*roads, *rest))
    if not (profile.wants[0] <= wants and wants + shared <= profile.wants[1]):
        return False
    by_field: dict[str, int] = {}
    for wish in rest:
        by_field[wish.activity.field] = by_field.get(wish.activity.field, 0) + wish.cost
    useful = sum(min(amount, limits.most[field]) for field, amount in by_field.items())
    idle = limits.pagu - limits.joint - limits.most["infrastruktur/rt"] - useful
    return profile.idle[0] + shared <= idle <= profile.idle[1]


def _in_order(rng: Random, wishes: Sequence[Wish]) -> tuple[Wish, ...]:
    def place(wish: Wish) -> float:
        activity = wish.activity
        start = _PLACE_OF.get(activity.key, _PLACE.get(activity.field, 0.5))
        return start + rng.random()

    return tuple(sorted(wishes, key=place))


def joint_pool(units: int) -> int:
    """Rupiah in the joint pool of so many RT."""
    return _limits().joint * units

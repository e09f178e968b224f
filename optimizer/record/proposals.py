"""Proposals (usulan) as the meetings recorded them, and the menu of permitted activities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import gcd

from optimizer.remember import remembered

__all__ = ["Activity", "Match", "Menu", "Proposal", "Status", "normal_text"]


class Status(StrEnum):
    """What the meeting or the kelurahan decided about a proposal beforehand."""

    OPEN = "terbuka"
    MANDATORY = "wajib"
    EXCLUDED = "tidak diajukan"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal. Contributor, booking place and location are three separate facts.

    Attributes
    ----------
    owner : str
        Node id of the RT, RW or kelurahan whose list it stands in.
    rank : int or None
        Place in the owner's list, 1 first.
    field : str
        Account or field as recorded; the menu decides where it knows the activity.
    unit_price, own_funds : int
        Rupiah per unit of measure; rupiah of swadaya, which lower what the budget pays.
    volume, least, step : Fraction
        Asked volume, least useful volume and volume step; equal where it cannot be reduced.
    participants, shares
        Units that pay for a shared proposal (empty: all below the owner), and their parts
        (empty: equal).
    beneficiaries
        Units served (empty: all below the owner).
    """

    id: str
    level: str
    owner: str
    activity: str
    unit_price: int
    volume: Fraction
    least: Fraction
    step: Fraction
    rank: int | None = None
    field: str = ""
    description: str = ""
    measure: str = ""
    own_funds: int = 0
    location: str = ""
    beneficiaries: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    shares: tuple[int, ...] = ()
    booking: str = ""
    status: Status = Status.OPEN
    reason: str = ""
    note: str = ""

    @property
    def title(self) -> str:
        """What a person calls it: the description, else the activity."""
        return self.description or self.activity

    def cost(self, volume: Fraction) -> int:
        """Rupiah that the budget pays for ``volume`` (own funds taken off; half rupiah up)."""
        if not volume:
            return 0
        whole, parts = self.unit_price * volume.numerator, volume.denominator
        return (2 * whole + parts) // (2 * parts) - self.own_funds

    @property
    def full_cost(self) -> int:
        """Rupiah that the budget pays for the asked volume."""
        return self.cost(self.volume)

    @property
    def quantum(self) -> Fraction:
        """The largest volume of which least volume and step are whole multiples."""
        a, b = self.least, self.step
        together = gcd(a.numerator * b.denominator, b.numerator * a.denominator)
        return Fraction(together, a.denominator * b.denominator)

    @property
    def volumes(self) -> tuple[Fraction, ...]:
        """The volumes that may be chosen, least first (besides none at all)."""
        count = (self.volume - self.least) // self.step
        return tuple(self.least + self.step * k for k in range(count + 1))


@remembered
def normal_text(text: str) -> str:
    """Text for comparison: lower case, letters and digits, single spaces."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


@dataclass(frozen=True, slots=True)
class Activity:
    """A permitted activity: a row of a menu."""

    id: str
    account: str
    name: Mapping[str, str]
    levels: tuple[str, ...] = ()
    level_certainty: str = ""
    article: str = ""
    limit: Mapping[str, str] | None = None
    condition: Mapping[str, str] | None = None
    aliases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """An activity recognised in a text; ``exact`` for its id, name or alias, else by keyword."""

    activity: Activity
    exact: bool


class Menu:
    """The activities that a regulation permits, found by id, name, alias or keyword."""

    def __init__(self, id: str, activities: tuple[Activity, ...], source: str = "") -> None:
        self.id = id
        self.source = source
        self.activities = activities
        self.by_id: Mapping[str, Activity] = {a.id: a for a in activities}

    @cached_property
    def _names(self) -> Mapping[str, Activity]:
        names: dict[str, Activity] = {}
        for activity in self.activities:
            for text in (activity.id, *activity.name.values(), *activity.aliases):
                names.setdefault(normal_text(text), activity)
        return names

    @cached_property
    def _keywords(self) -> tuple[tuple[re.Pattern[str], str, Activity], ...]:
        words = [(normal_text(k), a) for a in self.activities for k in a.keywords]
        words.sort(key=lambda pair: (-len(pair[0]), pair[0], pair[1].id))
        return tuple((re.compile(rf"\b{re.escape(w)}\b"), w, a) for w, a in words)

    @cached_property
    def _found(self) -> dict[str, Match | None]:
        return {}

    def match(self, text: str) -> Match | None:
        """The activity that a text names: exactly, else by its longest keyword, else none."""
        wanted = normal_text(text)
        if wanted not in self._found:
            self._found[wanted] = self._search(wanted)
        return self._found[wanted]

    def _search(self, wanted: str) -> Match | None:
        if wanted in self._names:
            return Match(self._names[wanted], exact=True)
        for pattern, _, activity in self._keywords:
            if pattern.search(wanted):
                return Match(activity, exact=False)
        return None

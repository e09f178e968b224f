"""What the meetings decided: lists, counts and ballots, and the support they amount to.

Four levels, from poor to rich: a list only, a list in order, counts, ballots. Support is exact
(:class:`fractions.Fraction`); it becomes an integer only as an objective coefficient. Counts
only, never a named voter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from optimizer.territory import natural_key

__all__ = [
    "Ballot",
    "BallotKind",
    "Count",
    "Counting",
    "Meeting",
    "Results",
    "borda",
    "coefficient",
    "level_of",
    "unit_support",
]

SCALE = 10**6


class BallotKind(StrEnum):
    """Kinds of ballots, as the column ``jenis`` names them."""

    APPROVAL = "setuju"
    RANKING = "urutan"
    POINTS = "poin"
    FIELDS = "bidang"


class Counting(StrEnum):
    """How ballots of several units are added up."""

    VOTER = "voter"
    RT = "rt"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting's record; ``signed`` is ``None`` where nothing was said about the list."""

    place: str
    level: str
    date: str = ""
    invited: int | None = None
    present: int | None = None
    signed: bool | None = None
    minutes: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """Supporters of a proposal counted in one place (unit, RW or kelurahan)."""

    proposal: str
    place: str
    supporters: int


@dataclass(frozen=True, slots=True)
class Ballot:
    """``count`` identical ballots cast in one place.

    ``choices`` holds (proposal, points): for rankings in order with points 0, for approvals
    points 1. Ballots on fields hold (field, points): in order with points 0, or points.
    """

    place: str
    kind: BallotKind
    choices: tuple[tuple[str, int], ...]
    count: int = 1

    def values(self, points_max: int) -> dict[str, Fraction]:
        """The value in [0, 1] that this ballot gives each proposal it names."""
        if self.kind is BallotKind.APPROVAL:
            return {p: Fraction(1) for p, _ in self.choices}
        if self.kind is BallotKind.POINTS:
            return {p: Fraction(points, points_max) for p, points in self.choices}
        size = len(self.choices)
        return {p: borda(r, size) for r, (p, _) in enumerate(self.choices, start=1)}

    def shares(self) -> dict[str, Fraction]:
        """One vote on fields, divided over those it names: by points, else by rank.

        Of m ranked fields the first gets m parts, the second m − 1, the last one part.
        """
        size = len(self.choices)
        total = sum(points for _, points in self.choices)
        parts = [points if total else size - r for r, (_, points) in enumerate(self.choices)]
        return {f: Fraction(n, sum(parts)) for (f, _), n in zip(self.choices, parts, strict=True)}


def borda(rank: int, size: int) -> Fraction:
    """Value (m − r)/(m − 1) of rank r among m; a ranking of one item scores 1."""
    return Fraction(size - rank, size - 1) if size > 1 else Fraction(1)


def coefficient(support: Fraction, part: Fraction) -> int:
    """Objective coefficient of ``part`` of the asked volume: round(10⁶ · v · part)."""
    over = support.denominator * part.denominator
    return round(Fraction(SCALE * support.numerator * part.numerator, over))


@dataclass(frozen=True, slots=True)
class Results:
    """Everything recorded by the meetings of one dataset."""

    meetings: tuple[Meeting, ...] = ()
    counts: tuple[Count, ...] = ()
    ballots: tuple[Ballot, ...] = ()
    field_votes: tuple[Ballot, ...] = ()
    points_max: int = 0

    def attendance(self) -> dict[str, int]:
        """People present by place, where it was recorded."""
        return {m.place: m.present for m in self.meetings if m.present is not None}


def level_of(results: Results) -> dict[str, str]:
    """For each place with votes: ``ballots`` or ``counts`` (all other places have lists)."""
    levels = {c.place: "counts" for c in results.counts}
    levels.update({b.place: "ballots" for b in results.ballots})
    return levels


def ballots_cast(results: Results) -> dict[str, int]:
    """Ballots by place: the ballots themselves, else attendance, else the highest count."""
    cast: dict[str, int] = defaultdict(int)
    for ballot in results.ballots:
        cast[ballot.place] += ballot.count
    present = results.attendance()
    highest: dict[str, int] = defaultdict(int)
    for count in results.counts:
        highest[count.place] = max(highest[count.place], count.supporters)
    for place, most in highest.items():
        if place not in cast:
            cast[place] = max(present.get(place, 0), most)
    return dict(cast)


def unit_support(
    results: Results,
    lists: Mapping[str, Iterable[str]],
    counting: Counting,
    families: Mapping[str, int],
    *,
    order_as_borda: bool,
) -> dict[tuple[str, str], Fraction]:
    """Support of each proposal from each place.

    Parameters
    ----------
    lists
        Proposals of each place's list in order; used where a place has no votes on its own
        list and ``order_as_borda`` is set. One ordered list is one ballot.
    families
        Families (KK) by place, for counting per family.

    Returns
    -------
    dict
        ``(proposal, place)`` → support; ballots of a place weigh together what ``counting``
        says: their number, one, or the place's families.
    """
    raw: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    cast = ballots_cast(results)
    levels = level_of(results)
    for ballot in results.ballots:
        for proposal, value in ballot.values(results.points_max or 1).items():
            raw[proposal, ballot.place] += value * ballot.count
    for count in results.counts:
        if levels[count.place] == "counts":
            raw[count.proposal, count.place] += count.supporters
    support = {
        (proposal, place): value * _weight(counting, cast[place], families.get(place, 0))
        for (proposal, place), value in raw.items()
    }
    if order_as_borda:
        for place in sorted(lists, key=natural_key):
            ranked = list(lists[place])
            # Votes on something else, such as joint projects, do not replace a place's own list.
            if any((proposal, place) in raw for proposal in ranked):
                continue
            weight = _weight(counting, 1, families.get(place, 0))
            for rank, proposal in enumerate(ranked, start=1):
                support[proposal, place] = borda(rank, len(ranked)) * weight
    return support


def _weight(counting: Counting, cast: int, families: int) -> Fraction:
    if counting is Counting.VOTER or cast == 0:
        return Fraction(1)
    return Fraction(1 if counting is Counting.RT else families, cast)

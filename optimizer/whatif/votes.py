"""The same meeting with other people in it: ballots and counts drawn again, by seed.

Ballots are resampled with replacement, place by place (the bootstrap). Where only supporters
were counted, each count is drawn anew as if every person present supported the proposal with the
rate that was counted, independently of all other proposals (a binomial model); what people want
together cannot be known from counts.

A draw depends on the seed, its number and the place, and on nothing else: neither on the order of
places nor on the platform (:class:`random.Random` seeded with text).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from random import Random

from optimizer.record.meetings import Ballot, Count, Meeting, Results, ballots_cast, level_of

__all__ = ["resampled"]


def resampled(results: Results, seed: int, number: int, attendance: Fraction) -> Results:
    """Results with every place's votes drawn again.

    Parameters
    ----------
    number
        Which draw of the seed this is.
    attendance
        Share of the ballots that are drawn; 1 as many as were cast. At least one.
    """
    levels, cast = level_of(results), ballots_cast(results)
    drawn = {place: max(1, _rounded(attendance * n)) for place, n in cast.items()}
    ballots: dict[str, list[Ballot]] = defaultdict(list)
    for ballot in results.ballots:
        ballots[ballot.place].append(ballot)
    counts: list[Count] = []
    again: list[Ballot] = []
    by_place: dict[str, list[Count]] = defaultdict(list)
    for count in results.counts:
        by_place[count.place].append(count)
    for place, level in levels.items():
        dice = Random(f"{seed}:{number}:{place}")
        if level == "ballots":
            again += _drawn_ballots(ballots[place], drawn[place], dice)
        else:
            counts += _drawn_counts(by_place[place], cast[place], drawn[place], dice)
    present = {place for place, level in levels.items() if level == "counts"}
    meetings = [m for m in results.meetings if m.place not in present]
    return replace(
        results,
        meetings=(*meetings, *(Meeting(p, "", present=drawn[p]) for p in sorted(present))),
        counts=tuple(counts),
        ballots=tuple(again),
    )


def _rounded(number: Fraction) -> int:
    """The nearest whole number, halves up."""
    return int(number + Fraction(1, 2))


def _drawn_ballots(ballots: Sequence[Ballot], size: int, dice: Random) -> list[Ballot]:
    whole = sum(b.count for b in ballots)
    if not whole:
        return []
    ends = list(accumulate(b.count for b in ballots))
    picks = Counter(dice.choices(range(len(ballots)), cum_weights=ends, k=size))
    return [replace(ballots[k], count=picks[k]) for k in sorted(picks)]


def _drawn_counts(counts: Sequence[Count], present: int, size: int, dice: Random) -> list[Count]:
    return [
        replace(
            count, supporters=sum(dice.random() * present < count.supporters for _ in range(size))
        )
        for count in counts
    ]

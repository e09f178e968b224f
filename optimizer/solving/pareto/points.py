"""Points of a Pareto list as single integers, and the two operations on lists.

A point is ``money << bits | value``: adding two points adds money and value at once, and
sorting points sorts by money, then by value. A list is kept undominated: money and value both
strictly increase, so the best point within a budget is found by bisection.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

__all__ = [
    "MOST",
    "SumsExplode",
    "best_pair",
    "loosely_undominated",
    "merge",
    "sums_of",
    "undominated",
    "within",
]

# More sums than this are no longer a fast path; the reference takes over.
MOST = 2_000_000


class SumsExplode(Exception):
    """There are too many sums to look at; another solver has to answer."""


def undominated(points: Iterable[int], bits: int) -> list[int]:
    """Keep the points that no cheaper or equally dear point equals or beats."""
    mask = (1 << bits) - 1
    kept: list[int] = []
    best = -1
    for point in sorted(points):
        value = point & mask
        if value > best:
            best = value
            if kept and kept[-1] >> bits == point >> bits:
                kept[-1] = point
            else:
                kept.append(point)
    return kept


def within(points: Sequence[int], cap: int, bits: int) -> int:
    """How many points of a list cost no more than ``cap``."""
    return bisect_left(points, (cap + 1) << bits) if cap >= 0 else 0


def loosely_undominated(points: Iterable[int], bits: int, slack: int) -> list[int]:
    """Drop a point only for one that is as good and cheaper by at least ``slack``."""
    mask = (1 << bits) - 1
    kept: list[int] = []
    surely, behind = -1, 0
    for point in sorted(points):
        latest = ((point >> bits) - slack + 1) << bits
        while behind < len(kept) and kept[behind] < latest:
            surely = max(surely, kept[behind] & mask)
            behind += 1
        if point & mask > surely:
            kept.append(point)
    return kept


def sums_of(
    left: Sequence[int], right: Sequence[int], cap: int, bits: int, most: int = MOST
) -> list[int]:
    """All sums of two lists, of which ``right`` is sorted, that cost no more than ``cap``.

    Raises
    ------
    SumsExplode
        When there are more than ``most`` sums to look at.
    """
    if len(left) * len(right) > most:
        raise SumsExplode(len(left) * len(right))
    limit = (cap + 1) << bits
    sums: list[int] = []
    for one in left:
        count = bisect_left(right, limit - one)
        if not count:
            break
        sums += [one + other for other in right[:count]]
    return sums


def merge(
    left: Sequence[int], right: Sequence[int], cap: int, bits: int, most: int = MOST
) -> list[int]:
    """Undominated sums of two lists that cost no more than ``cap``.

    Raises
    ------
    SumsExplode
        When there are more than ``most`` sums to look at.
    """
    if len(left) > len(right):
        left, right = right, left
    if len(left) == 1 and not left[0]:
        return list(right[: within(right, cap, bits)])
    return undominated(sums_of(left, right, cap, bits, most), bits)


def best_pair(left: Sequence[int], right: Sequence[int], cap: int, bits: int) -> int | None:
    """The best sum of two lists within ``cap`` without making all sums."""
    mask = (1 << bits) - 1
    limit = (cap + 1) << bits
    best, most = None, -1
    if left and right and left[-1] + right[-1] < limit:
        return left[-1] + right[-1]
    count = len(right)
    for one in left:
        count = bisect_left(right, limit - one, 0, count)
        if not count:
            break
        both = one + right[count - 1]
        if both & mask > most:
            best, most = both, both & mask
    return best

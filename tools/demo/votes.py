"""What the meetings recorded besides the order: hand counts with ties, and paper ballots."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from random import Random

__all__ = ["POINTS_MAX", "ballots", "field_ballots", "hand_counts"]

POINTS_MAX = 10
# Fields as written in a vote on them, those that residents name most first (assumption).
FIELDS = ("kesehatan", "infrastruktur", "pendidikan", "sosial_budaya", "ekonomi", "kepemudaan")
_LEVELS = 4


def hand_counts(rng: Random, ids: Sequence[str], present: int) -> dict[str, int]:
    """Hands raised for each proposal; few different numbers, so ties are common.

    Parameters
    ----------
    ids
        Proposals in order of priority: higher ones mostly get more hands.
    present : int
        Families at the meeting; nobody gets more.
    """
    levels = sorted((rng.randint(2, present) for _ in range(_LEVELS)), reverse=True)
    return {
        proposal: levels[min(_LEVELS - 1, int(_LEVELS * place / len(ids) + rng.random()))]
        for place, proposal in enumerate(ids)
    }


def ballots(rng: Random, kind: str, ids: Sequence[str], present: int) -> list[tuple[str, int]]:
    """Groups of identical ballots: the choice as written in the column ``pilihan``, how many.

    Parameters
    ----------
    kind : str
        ``setuju`` (approval), ``urutan`` (ranking) or ``poin`` (points).
    """
    groups: dict[str, int] = {}
    for size in _group_sizes(rng, present):
        picked = _pick(rng, ids, rng.randint(2, min(5, len(ids))))
        choice = _written(rng, kind, picked, ids)
        groups[choice] = groups.get(choice, 0) + size
    return list(groups.items())


def field_ballots(rng: Random, present: int) -> list[tuple[str, int]]:
    """Groups of identical votes on fields: three fields in order, or points over some of them."""
    ranked = rng.random() < 0.6
    groups: dict[str, int] = {}
    for size in _group_sizes(rng, present):
        picked = _pick(rng, FIELDS, 3 if ranked else rng.randint(2, 4))
        choice = _written(rng, "urutan" if ranked else "poin", picked, FIELDS)
        groups[choice] = groups.get(choice, 0) + size
    return list(groups.items())


def _group_sizes(rng: Random, present: int) -> list[int]:
    sizes: list[int] = []
    while (left := present - sum(sizes)) > 0:
        sizes.append(min(left, rng.randint(1, 7)))
    return sizes


def _pick(rng: Random, ids: Sequence[str], size: int) -> list[str]:
    """Some proposals without repetition, higher ones likelier, most wanted first."""
    left, picked = list(ids), list[str]()
    while len(picked) < size:
        steps = list(accumulate(len(left) - place for place in range(len(left))))
        at = rng.randrange(steps[-1])
        picked.append(left.pop(next(i for i, top in enumerate(steps) if at < top)))
    return picked


def _written(rng: Random, kind: str, picked: Sequence[str], ids: Sequence[str]) -> str:
    if kind == "urutan":
        return ">".join(picked)
    if kind == "poin":
        points = _points(rng, len(picked))
        return ";".join(f"{p}:{n}" for p, n in zip(picked, points, strict=True))
    return ";".join(sorted(picked, key=list(ids).index))


def _points(rng: Random, size: int) -> list[int]:
    """``POINTS_MAX`` points over some proposals, at least one each, most first."""
    cuts = sorted(rng.sample(range(1, POINTS_MAX), size - 1))
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, POINTS_MAX], strict=True)]
    return sorted(parts, reverse=True)

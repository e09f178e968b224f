"""What one rupiah more, or less, in each bound is worth in the fields program, and how far.

The optimum of a unit is a concave function of each of its bounds, made of straight pieces. For
every bound this gives the slope of the piece on either side of where the bound stands, and the
rupiah over which that slope holds. Other bounds, and what φ is measured against, stay where they
are. All of it follows from the slopes beside the envelopes
(:class:`~optimizer.solving.field_duals.Margins`): what a field gains, another one, or money that
is left over, must give.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from optimizer.solving.field_duals import Margins
from optimizer.solving.field_rounding import Money
from optimizer.solving.fields import FieldProgram, Mask

__all__ = ["FAR", "Slope", "sensitivity"]

FAR = int(np.iinfo(np.int64).max)
"""A run without an end."""


@dataclass(frozen=True, slots=True)
class Slope:
    """One bound, moved in one direction, in all units; arrays of shape (units,).

    Attributes
    ----------
    node, side : int, str
        Which bound: ``max``, ``min``, ``exact`` (both together), ``pool`` (what the unit gives)
        or ``pagu``.
    up : bool
        Whether the bound goes up.
    here : array of bool
        Units that have this bound.
    price : array of int64
        Change of the value for one rupiah more in the bound, in the parts of ``values``.
    run : array of int64
        Rupiah over which the price holds; 0 where the bound cannot move that way.
    """

    node: int
    side: str
    up: bool
    here: Mask
    price: Money
    run: Money


@dataclass(frozen=True, slots=True)
class _Chain:
    """How the interval of a field answers when a bound inside it moves; arrays (units,).

    ``high_wait`` and ``low_wait`` are the rupiah that the bound goes towards the inside before
    the field's own end moves; ``high_reach`` and ``low_reach`` how far that end goes along when
    the bound goes outwards. ``least_up`` … are where nothing feasible would be left.
    """

    high_wait: Money
    high_reach: Money
    low_wait: Money
    low_reach: Money
    limits: dict[tuple[str, bool], Money]


def sensitivity(program: FieldProgram, at: Margins) -> Iterator[Slope]:
    """Both slopes of every bound, in the order of the regulation, the pagu last."""
    work = _Slopes(program, at)
    for field, top in enumerate(program.tree.children[-1]):
        for path in _paths(program, top):
            for side, here in work.sides(path[0]):
                if here.any():
                    chain = work.chain(path, pooled=side == "pool")
                    for up, moved in ((True, work.up), (False, work.down)):
                        price, run = moved(field, side, chain)
                        yield Slope(path[0], side, up, here, price, run)
    root, every = len(program.tree.ids) - 1, np.ones(len(program.units), np.bool_)
    over = work.idle > 0
    price, run = work.taker(None)
    yield Slope(root, "pagu", True, every, np.where(over, 0, price), np.where(over, FAR, run))
    yield Slope(root, "pagu", False, every, *work.giver(None))


def _paths(program: FieldProgram, node: int) -> Iterator[tuple[int, ...]]:
    """The nodes of a field, children first, each with those above it up to the field."""
    for child in program.tree.children[node]:
        for path in _paths(program, child):
            yield (*path, node)
    yield (node,)


class _Slopes:
    """Slopes of one program; what all bounds need is made once."""

    def __init__(self, program: FieldProgram, at: Margins) -> None:
        self.program, self.at = program, at
        self.low, self.high, _ = program.room
        self.idle = program.upper[-1] - at.money.sum(axis=0)

    def sides(self, node: int) -> Iterator[tuple[str, Mask]]:
        """The bounds of a node, and the units that have them."""
        program = self.program
        lower, upper = program.lower[node], program.upper[node]
        if node in program.tree.pooled:
            yield "pool", np.ones(len(program.units), np.bool_)
            return
        exact = (lower > 0) & (upper - lower <= 1)
        yield "exact", exact
        yield "max", ~exact & (upper < program.upper[-1])
        yield "min", ~exact & (lower > 0)

    # --- who gives, who takes ---------------------------------------------------------------

    def giver(self, but: int | None) -> tuple[Money, Money]:
        """What one rupiah from the fields other than ``but`` costs at least, and how far.

        Money that is left over costs nothing. Where nobody can give, the run is 0.
        """
        at, over = self.at, self.idle > 0
        able = self._others(but) & (at.money > at.low)
        who = np.where(able, at.left, FAR).argmin(axis=0)[None]
        price = _at(np.where(able, at.left, 0), who)
        run = _at(np.where(able, np.minimum(at.left_run, at.money - at.low), 0), who)
        return np.where(over, 0, price), np.where(over, self.idle, run)

    def taker(self, but: int | None) -> tuple[Money, Money]:
        """What one rupiah more is worth to the best of the fields other than ``but``.

        Nothing, over any distance, where no field with weight has room.
        """
        at = self.at
        able = self._others(but) & (at.money < at.high) & (at.right > 0)
        who = np.where(able, at.right, 0).argmax(axis=0)[None]
        run = np.where(able, np.minimum(at.right_run, at.high - at.money), FAR)
        return _at(np.where(able, at.right, 0), who), _at(run, who)

    def _others(self, but: int | None) -> Mask:
        fields = np.arange(len(self.at.money))
        others: Mask = (fields != (-1 if but is None else but))[:, None]
        return others

    # --- how a field's interval answers -------------------------------------------------------

    def chain(self, path: tuple[int, ...], *, pooled: bool) -> _Chain:
        """Follow a bound from its node up to the field."""
        program, low, high = self.program, self.low, self.high
        zero = np.zeros(len(program.units), np.int64)
        found = _Chain(zero, zero + FAR, zero, zero + FAR, {})
        limits: dict[tuple[str, bool], Money] = {}
        for step, node in enumerate(path):
            children = list(program.tree.children[node])
            if children:
                above = program.upper[node] - high[children].sum(axis=0)
                below = program.lower[node] - low[children].sum(axis=0)
                sign = 1 if step else -1  # the node's own bound moves, or what is inside it
                found = _Chain(
                    high_wait=found.high_wait + np.maximum(-sign * above, 0),
                    high_reach=np.minimum(found.high_reach, np.maximum(sign * above, 0)),
                    low_wait=found.low_wait + np.maximum(sign * below, 0),
                    low_reach=np.minimum(found.low_reach, np.maximum(-sign * below, 0)),
                    limits=limits,
                )
            room = high[node] - low[node]
            for key, limit in (
                (("max", False), room + found.high_wait),
                (("min", True), room + found.low_wait),
                (("exact", True), _sum(room, found.low_wait, found.high_reach)),
                (("exact", False), _sum(room, found.high_wait, found.low_reach)),
            ):
                limits[key] = np.minimum(limits.get(key, FAR), limit)
        # No bound goes below nothing.
        least = (program.given if pooled else program.lower)[path[0]]
        limits["exact", False] = np.minimum(limits["exact", False], least)
        limits["min", False] = least
        return _Chain(found.high_wait, found.high_reach, found.low_wait, found.low_reach, limits)

    # --- a bound moves ------------------------------------------------------------------------

    def up(self, field: int, side: str, chain: _Chain) -> tuple[Money, Money]:
        """The bound goes up: it forces money into the field, or lets it in."""
        at = self.at
        cost, given = self.giver(field)
        gain, run = at.right[field] - cost, np.minimum(at.right_run[field], given)
        lets = (
            (at.money[field] == at.high[field]) & (chain.high_reach > 0) & (gain > 0) & (given > 0)
        )
        if side == "max":
            return _chosen(lets, gain, np.minimum(run, chain.high_reach), np.full_like(run, FAR))
        wait = chain.low_wait + at.money[field] - at.low[field]
        limit = chain.limits["min" if side == "min" else "exact", True]
        forced = wait == 0
        if side == "min":
            return _chosen(forced, gain, np.minimum(run, limit), np.minimum(wait, limit))
        far = np.where(forced, limit, chain.high_reach)
        return _chosen(forced | lets, gain, np.minimum(run, far), np.minimum(wait, limit))

    def down(self, field: int, side: str, chain: _Chain) -> tuple[Money, Money]:
        """The bound goes down: it forces money out of the field, or lets it out."""
        at = self.at
        gain, taken = self.taker(field)
        some = at.money[field] > 0
        loss = np.where(some, at.left[field], 0) - gain
        run = np.where(some, np.minimum(at.left_run[field], taken), 0)
        lets = (at.money[field] == at.low[field]) & (chain.low_reach > 0) & (loss < 0) & some
        if side == "min":
            least = chain.limits["min", False]
            return _chosen(lets, loss, np.minimum(run, np.minimum(chain.low_reach, least)), least)
        wait = chain.high_wait + at.high[field] - at.money[field]
        limit = chain.limits["max" if side == "max" else "exact", False]
        forced = wait == 0
        if side == "max":
            return _chosen(forced, loss, np.minimum(run, limit), np.minimum(wait, limit))
        far = np.where(forced, limit, chain.low_reach)
        return _chosen(forced | lets, loss, np.minimum(run, far), np.minimum(wait, limit))


def _at(values: Money, who: Money) -> Money:
    found: Money = np.take_along_axis(values, who, axis=0)[0]
    return found


def _sum(*parts: Money) -> Money:
    """A sum in which :data:`FAR` stays what it is."""
    endless = np.any([part == FAR for part in parts], axis=0)
    total = np.sum([np.where(part == FAR, 0, part) for part in parts], axis=0)
    return np.where(endless, FAR, total)


def _chosen(moves: Mask, price: Money, run: Money, otherwise: Money) -> tuple[Money, Money]:
    """The price where something moves; else none, as long as nothing does."""
    active = np.where(moves, run, otherwise)
    return np.where(moves & (active > 0), price, 0), active

"""The best value of a piece under a changed item, comparable with one another.

By Pareto lists where they are exact for the piece (lists of what did not change are kept), else
by the reference solver. Two values of one piece compare as the objective's stages do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from math import gcd
from typing import TypeAlias

from optimizer.formulation.problem import Item, Linear, Part, Problem
from optimizer.solving.dispatch import solve_one
from optimizer.solving.nearby.surroundings import Surroundings
from optimizer.solving.outcome import Clock, InfeasiblePart
from optimizer.solving.pareto import covers
from optimizer.solving.pareto.layout import StageDigits
from optimizer.solving.pareto.shared import Shared
from optimizer.solving.pareto.solve import VECTORS, rooms_of
from optimizer.solving.pareto.trees import RoomLists

__all__ = ["Value", "Values"]

# All stages packed in one number by lists, or one entry for each stage by the reference.
Value: TypeAlias = tuple[int | tuple[int, ...], ...]


class Values:
    """Best values of one cut-out piece.

    Parameters
    ----------
    most : mapping
        By item the largest support that is ever asked about, so that all values are laid out
        alike.
    lists : bool
        False to use the reference throughout.
    """

    def __init__(self, piece: Problem, most: Mapping[int, Linear], *, lists: bool = True) -> None:
        self.piece = piece
        self.part: Part = piece.parts[0]
        self._most = most
        self.by_lists = lists and not covers(piece, self.part) and self.shared.count() <= VECTORS

    # --- by lists -------------------------------------------------------------------------

    @cached_property
    def stages(self) -> StageDigits:
        """Digits wide enough for every support that is asked about."""
        wide = tuple(
            replace(item, support=self._most.get(i, item.support))
            for i, item in enumerate(self.piece.items)
        )
        return StageDigits.of(replace(self.piece, items=wide), self.part, self.piece.stages)

    @cached_property
    def lists(self) -> list[RoomLists]:
        """Lists of every room, nothing changed."""
        rooms = rooms_of(self.piece, self.part)
        return [RoomLists(self.piece, room, self.stages, ties=False) for room in rooms]

    @cached_property
    def shared(self) -> Shared:
        """The shared items, nothing changed."""
        return Shared(self.piece, self.part, {})

    @cached_property
    def _around(self) -> Surroundings:
        return Surroundings(self.lists, self.shared, self.stages)

    def best(self, asked: Problem, index: int) -> Value | None:
        """The best value of the piece with one item changed; ``None`` where nothing is feasible.

        Parameters
        ----------
        asked
            The piece with item ``index``, and the limits that name it, changed.

        Raises
        ------
        SumsExplode
            If the lists grow too long.
        """
        if not self.by_lists:
            return self._solved(asked)
        packed = self._packed(asked, index)
        return None if packed is None else (packed,)

    def _packed(self, asked: Problem, index: int) -> int | None:
        if index not in self.shared.items:
            return self._around.with_own(asked, index)
        if asked.limits is self.piece.limits or not self._around.named(index):
            return self._around.with_shared(asked, index)
        rooms = rooms_of(asked, self.part)
        lists = [RoomLists(asked, room, self.stages, ties=False) for room in rooms]
        shared = Shared(asked, self.part, {})
        return Surroundings(lists, shared, self.stages).with_shared(asked, index)

    def of(self, levels: Mapping[int, int]) -> Value:
        """The value of a feasible choice of levels."""
        if not self.by_lists:
            return tuple(self._key(self.piece, k, levels) for k in range(len(self.piece.stages)))
        packed = 0
        for stage, shift in zip(self.piece.stages, self.stages.at, strict=True):
            if stage.name == "order":
                packed += sum(levels.get(i, 0) << at for i, at in self.stages.order.items())
                continue
            value = self.piece.value(self.part, stage, levels)
            # The digit counts what is filled, the stage what is not.
            lack = sum(one.lack for one in self.lists) if stage.name == "fill" else 0
            packed += (value + lack) << shift
        return (packed,)

    # --- by the reference -----------------------------------------------------------------

    def _solved(self, asked: Problem) -> Value | None:
        try:
            answer = solve_one(asked, self.part, "auto", Clock())
        except InfeasiblePart:
            return None
        return tuple(self._key(asked, k, answer.levels) for k in range(len(asked.stages)))

    def _key(self, asked: Problem, number: int, levels: Mapping[int, int]) -> int | tuple[int, ...]:
        stage = asked.stages[number]
        if stage.name == "order":
            return tuple(levels.get(i, 0) for i in asked.order)
        if stage.name == "equity":
            return tuple(sorted(asked.satisfied(self.part, stage.over, levels)))
        return asked.value(self.part, stage, levels)

    # --- comparing ------------------------------------------------------------------------

    @cached_property
    def _grain(self) -> int:
        """The largest number of rupiah of which all amounts of the piece are multiples."""
        piece = self.piece
        amounts = [money for room in piece.units for money in (*room.lower, *room.upper)]
        amounts += [money for room in piece.units for money in room.given]
        amounts += piece.pools.values()
        for item in piece.items:
            for amount in (item.cost, *(paid for _, paid in item.payers)):
                amounts += (amount.base, amount.step)
        for limit in piece.limits:
            amounts += (limit.lower or 0, limit.upper or 0)
        return gcd(*amounts) or 1

    def grain(self, item: Item) -> int:
        """Rupiah in which the cost of an item may be counted without missing a margin.

        What is left for it beside any choice of the others is a multiple of that. Equal parts
        of a shared item are not.
        """
        return 1 if len(item.payers) > 1 else self._grain

    # --- relaxing ------------------------------------------------------------------------

    def raised(self, value: Value, item: Item, more: int) -> Value:
        """A value that nothing passes when an item may fill minima by so much more rupiah."""
        names = [stage.name for stage in self.piece.stages]
        if not more or "fill" not in names:
            return value
        # Parts rounded down are less than what is really paid, by up to a rupiah each.
        most = more + len(item.payers)
        at = 0 if self.by_lists else names.index("fill")
        filled = value[at]
        assert isinstance(filled, int)
        if self.by_lists:
            node = self.piece.tree.leaves[item.leaf]
            return (filled + most * max((one.earns(node) for one in self.lists), default=0),)
        # Every node above the leaf may fall short by that much less.
        best = min(0, filled + most * len(self.piece.tree.ids))
        return (*value[:at], best, *value[at + 1 :])

    def before_support(self, value: Value) -> Value:
        """Only the stages before the first one that looks at support."""
        names = [stage.name for stage in self.piece.stages]
        count = next((k for k, n in enumerate(names) if n in {"support", "welfare"}), len(names))
        packed = value[0]
        if not self.by_lists or not isinstance(packed, int):
            return value[:count]
        return (packed >> (self.stages.at[count - 1] if count else self.stages.bits),)

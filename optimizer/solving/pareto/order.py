"""The stage ``order``: each list decides, from its first line down.

The first item gets the highest level with which the best number of mandatory activities can
still be reached, then the second, … Less money always fits where more does (bounds are on the
least money that holds it), so an item without neighbours in a rule is found by bisection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from optimizer.formulation.problem import Part, Problem, StageSpec
from optimizer.solving.pareto.layout import StageDigits
from optimizer.solving.pareto.rooms import Room
from optimizer.solving.pareto.shared import Shared
from optimizer.solving.pareto.trees import RoomLists

__all__ = ["ByOrder"]


class _Reach:
    """Whether the mandatory activities can still be reached with what is held."""

    def __init__(
        self,
        problem: Problem,
        part: Part,
        rooms: Sequence[Room],
        before: tuple[StageSpec, ...],
        only: Mapping[int, Sequence[int]],
    ) -> None:
        self.stages = StageDigits.of(problem, part, before)
        self.shared = Shared(problem, part, only)
        self.lists = [RoomLists(problem, r, self.stages, only, ties=False) for r in rooms]
        self.room_of = {i: k for k, r in enumerate(rooms) for i in r.items}
        self._concerns = [self.shared.concerns(r) for r in rooms]
        self._known: list[dict[tuple[int, ...], int | None]] = [{} for _ in rooms]
        limits = [problem.limits[k] for k in part.limits]
        # Under a minimum a lower level may break what a higher one keeps.
        self.tied = frozenset(
            i
            for limit in limits
            if len(limit.terms) > 1 or limit.lower is not None
            for i, _ in limit.terms
        )
        self._useful = frozenset(
            i for r in part.requirements for i in problem.requirements[r].items
        )
        self.target: int | None = None
        self.target = self._most()

    def _completions(self) -> dict[int, Sequence[int]]:
        """Levels worth trying for the shared items that come later in the order."""
        choices = {}
        for i in self.shared.items:
            allowed = self.shared.levels_of(i)
            if i not in self.tied:
                allowed = allowed[: 2 if i in self._useful else 1]
            choices[i] = allowed
        return choices

    def _most(self) -> int | None:
        """The best number of mandatory activities (enough, once a target is known)."""
        best = None
        for vector in self.shared.vectors(self._completions()):
            total: int | None = self.shared.worth(self.stages, vector)
            for k, lists in enumerate(self.lists):
                value = self._of_room(k, lists, vector)
                if value is None or total is None:
                    total = None
                    break
                total += value
            if total is not None and (best is None or total > best):
                best = total
                if best == self.target:
                    break
        return best

    def _of_room(self, k: int, lists: RoomLists, vector: Mapping[int, int]) -> int | None:
        unit = lists.room.unit
        key = tuple(vector[i] for i in self._concerns[k])
        known = self._known[k]
        if key not in known:
            known[key] = lists.best(self.shared.spent(unit, vector), vector)
        return known[key]

    def hold(self, index: int, levels: Sequence[int]) -> None:
        """Restrict an item to some levels."""
        if index in self.room_of:
            k = self.room_of[index]
            self.lists[k].hold(index, levels)
            self._known[k] = {}
        else:
            self.shared.hold(index, levels)

    def levels_of(self, index: int) -> Sequence[int]:
        """The levels that an item may take."""
        if index in self.room_of:
            return self.lists[self.room_of[index]].levels_of(index)
        return self.shared.levels_of(index)

    def holds(self, index: int, level: int) -> bool:
        """Try a level; it stays held."""
        self.hold(index, (level,))
        return self._most() == self.target


class ByOrder:
    """Decides the ranked items of a part from the first line down.

    Parameters
    ----------
    before
        The stages before ``order``: ``mandatory`` or nothing.
    """

    def __init__(
        self,
        problem: Problem,
        part: Part,
        rooms: Sequence[Room],
        before: tuple[StageSpec, ...],
        only: Mapping[int, Sequence[int]],
    ) -> None:
        self._reach = _Reach(problem, part, rooms, before, only)
        inside = set(part.items)
        self._waiting = [i for i in problem.order if i in inside]
        self.decided: dict[int, int] = {}

    @property
    def feasible(self) -> bool:
        """Whether there is any choice at all."""
        return self._reach.target is not None

    def shared(self) -> dict[int, int]:
        """Levels of the shared items that head the order."""
        while self._waiting and self._waiting[0] not in self._reach.room_of:
            self._next()
        return self.decided

    def everything(self) -> dict[int, int]:
        """Levels of all ranked items."""
        while self._waiting:
            self._next()
        return self.decided

    def _next(self) -> None:
        index = self._waiting.pop(0)
        self.decided[index] = _highest(self._reach, index)
        self._reach.hold(index, (self.decided[index],))


def _highest(reach: _Reach, index: int) -> int:
    """The highest level that leaves everything before it in place."""
    levels = reach.levels_of(index)
    if index in reach.tied:
        return next(level for level in reversed(levels) if reach.holds(index, level))
    if reach.holds(index, levels[-1]):
        return levels[-1]
    positive = [level for level in levels if level]
    low, high = 0, len(positive) - 1
    # Invariant: all of positive[:low] fit, positive[high] does not.
    while low < high:
        middle = (low + high) // 2
        if reach.holds(index, positive[middle]):
            low = middle + 1
        else:
            high = middle
    return positive[low - 1] if low else 0

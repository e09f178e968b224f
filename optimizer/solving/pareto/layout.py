"""Where each digit of a packed value stands.

A value is one integer of mixed-radix digits, the most important first: the stages, then
residents, saved cost, and the level of every item in canonical order. Values of disjoint pieces
add up digit by digit, comparing two integers compares lexicographically, and the chosen levels
are read back from the lowest digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from optimizer.formulation.problem import PERCENTS, Part, Problem, StageSpec, curve

__all__ = ["Phi", "StageDigits", "TieDigits", "split_at_order"]


class Phi:
    """φ of ``welfare`` with its sums made once; the same as :func:`.problem.curve`."""

    def __init__(self, marginals: tuple[int, ...]) -> None:
        self.marginals = (*marginals, 0)
        self.sums = (0, *accumulate(marginals))

    def at(self, satisfied: int, total: int) -> int:
        """Σ_k m_k · clamp(100·S − (k − 1)·V, 0, V)."""
        if not total:
            return 0
        whole, rest = divmod(PERCENTS * satisfied, total)
        return self.sums[whole] * total + self.marginals[whole] * rest


@dataclass(frozen=True, slots=True)
class StageDigits:
    """Digits of the stages of a part, the same for all of its units.

    Attributes
    ----------
    stages : tuple of StageSpec
        The stages that are carried.
    at : tuple of int
        Shift of each stage's digit.
    width : tuple of int
        Bits of each stage's digit.
    order : mapping
        Shift of each ranked item's digit where ``order`` is among the stages.
    bits : int
        Bits of all digits together.
    items : int
        Items of the part.
    """

    stages: tuple[StageSpec, ...]
    at: tuple[int, ...]
    width: tuple[int, ...]
    order: Mapping[int, int]
    bits: int
    items: int

    @classmethod
    def of(cls, problem: Problem, part: Part, stages: tuple[StageSpec, ...]) -> StageDigits:
        """Lay out the digits wide enough for every sum over the part."""
        at, width = [], []
        order: dict[int, int] = {}
        bits = 0
        for stage in reversed(stages):
            at.append(bits)
            if stage.name == "order":
                inside = set(part.items)
                for i in reversed([i for i in problem.order if i in inside]):
                    order[i] = bits
                    bits += problem.items[i].top.bit_length()
            else:
                bits += _most(problem, part, stage).bit_length() + 1
            width.append(bits - at[-1])
        shifts, widths = tuple(reversed(at)), tuple(reversed(width))
        return cls(stages, shifts, widths, order, bits, len(part.items))

    def vector(self, problem: Problem, value: int, lack: int) -> tuple[int, ...]:
        """Exact stage values of a packed value without tie-break.

        Parameters
        ----------
        lack
            Rupiah that all active minima lack while nothing is spent.
        """
        found = []
        for stage, shift, width in zip(self.stages, self.at, self.width, strict=True):
            digit = value >> shift & ((1 << width) - 1)
            if stage.name == "order":
                digit = sum(
                    value >> at & ((1 << problem.items[i].top.bit_length()) - 1)
                    == problem.items[i].top
                    for i, at in self.order.items()
                )
            # The digits count what is filled and what is unchanged; the stages, what is not.
            missing = {"fill": lack, "changes": self.items}.get(stage.name, 0)
            found.append(digit - missing)
        return tuple(found)

    def unit_of(self, name: str) -> int:
        """The integer that is worth one in a stage (0 when the stage is not carried)."""
        for stage, shift in zip(self.stages, self.at, strict=True):
            if stage.name == name:
                return 1 << shift
        return 0

    def welfare(self) -> tuple[tuple[int, int, Phi], ...]:
        """(shift, mask, φ) of every ``welfare`` stage."""
        return tuple(
            (shift, (1 << width) - 1, Phi(stage.marginals))
            for stage, shift, width in zip(self.stages, self.at, self.width, strict=True)
            if stage.name == "welfare"
        )

    @property
    def counts_changes(self) -> bool:
        """Whether a stage ``changes`` is carried."""
        return any(stage.base for stage in self.stages)

    def unchanged(self, index: int, level: int) -> int:
        """What an item adds to a stage ``changes`` when it stays at its base level."""
        return sum(
            1 << shift
            for stage, shift in zip(self.stages, self.at, strict=True)
            if stage.base and stage.base[index] == level
        )

    def item(self, problem: Problem, index: int, *, linear: bool) -> tuple[int, int]:
        """What an item adds to the stages at level 1, and for each level more.

        Parameters
        ----------
        linear
            Its welfare does not go through φ: it is linear at φ's average slope.
        """
        support = problem.items[index].support
        base = step = 1 << self.order[index] if index in self.order else 0
        for stage, shift in zip(self.stages, self.at, strict=True):
            if stage.name in {"support", "welfare"}:
                slope = sum(stage.marginals) if linear and stage.marginals else 1
                base += (support.base * slope) << shift
                step += (support.step * slope) << shift
        return base, step


def _most(problem: Problem, part: Part, stage: StageSpec) -> int:
    """A number that no sum of a stage's digit reaches."""
    items = [problem.items[i] for i in part.items]
    if stage.name == "mandatory":
        return len(part.requirements)
    if stage.name == "changes":
        return len(items)
    support = sum(i.support.at(i.top) for i in items)
    if stage.name == "support":
        return support
    if stage.name == "welfare":
        groups = [problem.wanted.get((u, a), 0) for u in part.units for a in _leaves(problem)]
        curved = sum(curve(stage.marginals, v, v) for v in groups)
        return curved + support * max(sum(stage.marginals), 1)
    nodes = len(problem.tree.ids)
    money = sum(i.cost.at(i.top) for i in items)
    money += sum(sum(a.at(i.top) for _, a in i.payers) for i in items)
    money += sum(sum(problem.units[u].given) for u in part.units)
    return nodes * money


def _leaves(problem: Problem) -> range:
    return range(len(problem.tree.leaves))


@dataclass(frozen=True, slots=True)
class TieDigits:
    """Digits of the tie-break over some items: residents, saved cost, levels."""

    items: tuple[int, ...]
    level: Mapping[int, tuple[int, int]]
    saved: int
    residents: int
    bits: int

    @classmethod
    def of(cls, problem: Problem, items: Iterable[int]) -> TieDigits:
        """Lay out the digits; the lowest id has the most important level."""
        chosen = tuple(sorted(items))
        level = {}
        bits = 0
        for i in reversed(chosen):
            width = problem.items[i].top.bit_length()
            level[i] = bits, (1 << width) - 1
            bits += width
        saved = bits
        bits += sum(_dearest(problem, i) for i in chosen).bit_length()
        residents = bits
        bits += sum(problem.items[i].residents for i in chosen).bit_length()
        return cls(chosen, level, saved, residents, bits)

    def item(self, problem: Problem, index: int) -> tuple[int, int, int]:
        """What an item adds at level 0, at level 1, and for each level more."""
        item = problem.items[index]
        dearest = _dearest(problem, index)
        level = 1 << self.level[index][0]
        base = (item.residents << self.residents) + ((dearest - item.cost.base) << self.saved)
        return dearest << self.saved, base + level, level - (item.cost.step << self.saved)

    def levels(self, value: int) -> dict[int, int]:
        """Read the levels back."""
        return {i: value >> shift & mask for i, (shift, mask) in self.level.items()}


def _dearest(problem: Problem, index: int) -> int:
    item = problem.items[index]
    return max(item.cost.at(item.top), item.cost.at(1))


def split_at_order(
    stages: tuple[StageSpec, ...],
) -> tuple[tuple[StageSpec, ...], tuple[StageSpec, ...] | None]:
    """Stages before and after an ``order`` that decides first; else all stages and ``None``."""
    for number, stage in enumerate(stages):
        if stage.name == "order":
            return stages[:number], stages[number + 1 :]
        if stage.name != "mandatory":
            break
    return stages, None

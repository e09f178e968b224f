"""Exact margins of a proposal: volume, own funds, supporters lacking and supporters to spare.

Every margin compares two proved optima of the smallest piece around the proposal: the best value
with it in, under the changed number, and the best without it. The margin of losing projects is
that of Boehmer et al., "Evaluation of Project Performance in Participatory Budgeting", IJCAI
2024, here under nested caps and lexicographic stages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from typing import TypeAlias, TypeVar

from optimizer.explain.votes import Electorate, Votes
from optimizer.formulation.equity import ALONE
from optimizer.formulation.problem import Linear, Problem
from optimizer.plan import Plan
from optimizer.record.meetings import coefficient
from optimizer.record.proposals import Proposal
from optimizer.solving.memory import cut_out
from optimizer.solving.nearby.asked import (
    Amount,
    at_level,
    inside,
    largest,
    out,
    supported,
    whole,
)
from optimizer.solving.nearby.pieces import independent, settled
from optimizer.solving.nearby.values import Value, Values
from optimizer.solving.pareto import SumsExplode

__all__ = ["InMargins", "Margins", "OutMargins"]

T = TypeVar("T")
# A part, and its owner where one unit of it is enough.
Spot: TypeAlias = tuple[int, str]


@dataclass(frozen=True, slots=True)
class OutMargins:
    """What would bring a proposal that is out into an optimal plan.

    Attributes
    ----------
    volume : Fraction or None
        The largest volume with which it is in an optimal plan.
    own_funds : int or None
        Least extra rupiah of swadaya with which it is, at the asked volume.
    lacks : int or None
        Least whole number of extra supporters; 0 where only the tie-break decided.
    lacks_why : str
        Why there is no number: ``order``, ``graded``, ``order_only``, ``no_votes`` (votes
        cannot be counted), ``people`` (not enough people present), ``earlier`` (an earlier
        stage would worsen), ``never`` (it does not fit at all), ``stage`` (not computed for
        this objective).
    """

    volume: Fraction | None = None
    own_funds: int | None = None
    lacks: int | None = None
    lacks_why: str = ""


@dataclass(frozen=True, slots=True)
class InMargins:
    """How safe a proposal is that is in.

    Attributes
    ----------
    safe : int or None
        Supporters that it can lose and still be in every optimal plan; -1 where another plan
        without it is as good already.
    safe_why : str
        Why there is no number; as for :class:`OutMargins`.
    forced : bool
        No plan under the rules is without it.
    alone : bool
        Nothing else could gain if it were out: the plan without it, all else unchanged, is
        then optimal.
    """

    safe: int | None = None
    safe_why: str = ""
    forced: bool = False
    alone: bool = False


@dataclass(frozen=True)
class _Place:
    """Where a proposal stands: its piece, its number there, and what the piece's items are."""

    values: Values
    index: int
    items: tuple[int, ...]
    proposal: Proposal

    @property
    def piece(self) -> Problem:
        return self.values.piece


class Margins:
    """Margins of the proposals of one plan; pieces and their lists are made once."""

    def __init__(self, plan: Plan, votes: Electorate) -> None:
        self.plan = plan
        self.votes = votes
        self.problem = independent(plan.problem)
        self._part_of = {i: k for k, part in enumerate(self.problem.parts) for i in part.items}
        self._pieces_at: dict[Spot, tuple[Problem, tuple[int, ...]]] = {}
        self._values: dict[Spot, Values] = {}

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Number of each proposal's item."""
        return {item.id: i for i, item in enumerate(self.problem.items)}

    def beside(self, index: int) -> tuple[int, ...]:
        """The items of the piece that an item belongs to."""
        return self.problem.parts[self._part_of[index]].items

    @cached_property
    def _stages(self) -> frozenset[str]:
        return frozenset(s.name for s in self.problem.stages)

    @cached_property
    def _fair(self) -> bool:
        return any(limit.rule == ALONE for limit in self.problem.limits)

    # --- out ------------------------------------------------------------------------------

    def out(
        self, proposal: Proposal, *, fits: Fraction | None, own_funds: int | None
    ) -> OutMargins:
        """What would bring it in.

        Parameters
        ----------
        fits, own_funds
            A volume and own funds that are known to be enough; they shorten the search.
        """
        if "equity" in self._stages:
            return OutMargins(lacks_why="stage")

        def ask(place: _Place) -> OutMargins:
            target = place.values.best(out(place.piece, place.index), place.index)
            if target is None:  # pragma: no cover - the plan itself is without it
                return OutMargins(lacks_why="never")
            lacks, why = self._lacks(proposal, place, target)
            return OutMargins(
                volume=None if self._fair else self._volume(proposal, place, target, fits),
                own_funds=self._own_funds(proposal, place, target, own_funds),
                lacks=lacks,
                lacks_why=why,
            )

        return self._ask(proposal, ask)

    def _volume(
        self, proposal: Proposal, place: _Place, target: Value, known: Fraction | None
    ) -> Fraction | None:
        if proposal.least < proposal.volume:
            return self._own_level(proposal, place, target)
        if proposal.volume.denominator > 1 or proposal.volume <= 1:
            return None
        return self._pieces(proposal, place, target, int(known or 1))

    def _own_level(self, proposal: Proposal, place: _Place, target: Value) -> Fraction | None:
        """For what can be reduced: a level of its own that is as good as leaving it out."""
        best = place.values.best(inside(place.piece, place.index), place.index)
        if best is None or best < target:
            return None

        @cache
        def fits(level: int) -> bool:
            value = place.values.best(at_level(place.piece, place.index, level), place.index)
            return value is not None and value >= target

        less_fits = self._less_fits(self.index[proposal.id])
        found = largest(
            1,
            place.piece.items[place.index].top,
            # Elsewhere a level may be worse than those on both sides of it.
            lambda low, high: fits(low) if low == high or less_fits else True,
        )
        return None if found is None else proposal.least + proposal.step * (found - 1)

    def _pieces(
        self, proposal: Proposal, place: _Place, target: Value, known: int
    ) -> Fraction | None:
        """For what cannot be reduced but is counted in whole units: fewer of them."""
        support = self.votes.support(proposal)

        def amount(count: int) -> Amount:
            volume = Fraction(count)
            cost = max(proposal.cost(volume), 0)
            return Amount(volume, cost, coefficient(support, volume / proposal.volume))

        def may(low: int, high: int) -> bool:
            return self._reaches(place, amount(low), amount(high), target)

        found = largest(known, int(proposal.volume) - 1, may)
        return None if found is None else Fraction(found)

    def _own_funds(
        self, proposal: Proposal, place: _Place, target: Value, known: int | None
    ) -> int | None:
        item = place.piece.items[place.index]
        support, full = item.support.at(item.top), proposal.full_cost
        grain = place.values.grain(item)

        @cache
        def between(low: int, high: int) -> bool:
            return self._reaches(
                place,
                Amount(proposal.volume, low * grain, support),
                Amount(proposal.volume, high * grain, support),
                target,
            )

        # Equal parts never rise when the whole falls.
        equal = len(set(proposal.shares)) < 2
        less_fits = equal and self._less_fits(self.index[proposal.id])

        def may(low: int, high: int) -> bool:
            return between(low, low if less_fits else high)

        least = 0 if known is None else (full - known) // grain
        found = largest(least, full // grain, may)
        return None if found is None else full - found * grain

    def _less_fits(self, index: int) -> bool:
        """Whether an item that is as good at some rupiah or level is so at any less.

        By order it must leave the lines above it as they are, whatever it is worth itself; and
        where no rule counts it, only the money decides.
        """
        stages = [stage.name for stage in self.problem.stages if stage.name != "mandatory"]
        if stages[:1] != ["order"] or index not in self.problem.order:
            return False
        return not any(i == index for limit in self.problem.limits for i, _ in limit.terms)

    def _reaches(self, place: _Place, low: Amount, high: Amount, target: Value) -> bool:
        asked = whole(place.piece, place.index, place.proposal, low, high)
        value = place.values.best(asked, place.index)
        if value is None:
            return False
        item = place.piece.items[place.index]
        more = high.cost - low.cost if low != high else 0
        return place.values.raised(value, item, more) >= target

    def _lacks(self, proposal: Proposal, place: _Place, target: Value) -> tuple[int | None, str]:
        votes = self._countable(proposal)
        if isinstance(votes, str):
            return None, votes
        best = place.values.best(inside(place.piece, place.index), place.index)
        if best is None:
            return None, "never"
        if place.values.before_support(best) < place.values.before_support(target):
            return None, "earlier"
        most = votes.people - votes.supporters
        found = self._first(most, lambda k: self._lead(proposal, place, votes, k) >= 0)
        return (found, "") if found is not None else (None, "people")

    def _countable(self, proposal: Proposal) -> Votes | str:
        return "stage" if self._fair else self.votes.votes(proposal)

    # --- in -------------------------------------------------------------------------------

    def inside(self, proposal: Proposal) -> InMargins:
        """How safe it is."""
        if "equity" in self._stages:
            return InMargins(safe_why="stage")

        def ask(place: _Place) -> InMargins:
            rest = place.values.best(out(place.piece, place.index), place.index)
            if rest is None:
                return InMargins(safe_why="forced", forced=True)
            alone = self._is_without(place, rest)
            votes = self._countable(proposal)
            if isinstance(votes, str):
                return InMargins(safe_why=votes, alone=alone)
            lost = self._first(
                votes.supporters, lambda k: self._lead(proposal, place, votes, -k) <= 0
            )
            return InMargins(votes.supporters if lost is None else lost - 1, alone=alone)

        return self._ask(proposal, ask)

    def _is_without(self, place: _Place, best: Value) -> bool:
        """Whether simply taking it out is as good as any plan without it."""
        levels = {
            k: min(self.plan.answer.levels.get(i, 0), place.piece.items[k].top)
            for k, i in enumerate(place.items)
        }
        levels[place.index] = 0
        if place.piece.broken(place.piece.parts[0], levels):
            return False
        return place.values.of(levels) >= best

    # --- common ---------------------------------------------------------------------------

    def _lead(self, proposal: Proposal, place: _Place, votes: Votes, more: int) -> int:
        """1, 0 or -1: with another number of supporters, is it better in, equal, or out?"""
        support = votes.by_level(proposal, more)
        asked = supported(place.piece, place.index, support)
        into = place.values.best(inside(asked, place.index), place.index)
        rest = place.values.best(out(asked, place.index), place.index)
        if rest is None or into is None:
            return (rest is None) - (into is None)
        return (into > rest) - (into < rest)

    def _first(self, most: int, holds: Callable[[int], bool]) -> int | None:
        """The least number from 0 to ``most`` for which something holds.

        By bisection where more supporters never make it worse: with ``support`` every plan that
        holds the proposal gains and no other changes. ``welfare`` moves the others as well.
        """
        if "welfare" in self._stages:
            return next((k for k in range(most + 1) if holds(k)), None)
        if not holds(most):
            return None
        low, high = 0, most
        while low < high:
            middle = (low + high) // 2
            if holds(middle):
                high = middle
            else:
                low = middle + 1
        return low

    def _ask(self, proposal: Proposal, ask: Callable[[_Place], T]) -> T:
        index = self.index[proposal.id]
        try:
            return ask(self._place(index))
        except SumsExplode:
            return ask(self._place(index, lists=False))

    def _place(self, index: int, *, lists: bool = True) -> _Place:
        spot = self._spot_of(index)
        if spot not in self._values or not lists:
            self._values[spot] = self._make(*self._pieces_at[spot], lists=lists)
        items = self._pieces_at[spot][1]
        proposal = self.plan.scenario.dataset.by_id[self.problem.items[index].id]
        return _Place(self._values[spot], items.index(index), items, proposal)

    def _spot_of(self, index: int) -> Spot:
        """Where the piece of an item is kept: its part, and where that is enough its owner."""
        number, item = self._part_of[index], self.problem.items[index]
        part, levels = self.problem.parts[number], self.plan.answer.levels
        found = settled(self.problem, part, index, levels)
        spot = number, item.owner if found else ""
        if spot not in self._pieces_at:
            self._pieces_at[spot] = found or (cut_out(self.problem, part), part.items)
        return spot

    def _proposals(self, items: tuple[int, ...]) -> dict[int, Proposal]:
        by_id = self.plan.scenario.dataset.by_id
        return {k: by_id[self.problem.items[i].id] for k, i in enumerate(items)}

    def _make(self, piece: Problem, items: tuple[int, ...], *, lists: bool) -> Values:
        most: dict[int, Linear] = {}
        for k, proposal in self._proposals(items).items():
            votes = self._countable(proposal)
            if isinstance(votes, Votes):
                most[k] = votes.by_level(proposal, votes.people - votes.supporters)
        return Values(piece, most, lists=lists)

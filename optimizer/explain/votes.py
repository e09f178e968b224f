"""Whole supporters of a proposal in its own meeting, where they can be counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from optimizer.formulation.problem import Linear
from optimizer.formulation.support import support_by_level
from optimizer.record.meetings import BallotKind, ballots_cast
from optimizer.record.proposals import Proposal
from optimizer.record.scenario import Scenario
from optimizer.record.weights import place_support

__all__ = ["Electorate", "Votes"]

SUPPORT_STAGES = frozenset({"support", "welfare"})


@dataclass(frozen=True, slots=True)
class Votes:
    """Supporters of one proposal in its own meeting.

    Attributes
    ----------
    supporters, people : int
        Those who support it, and those present (or the ballots cast, where nobody counted).
    weight : Fraction
        What one supporter counts for in the scenario.
    support : Fraction
        The proposal's support in the scenario, from all places.
    """

    supporters: int
    people: int
    weight: Fraction
    support: Fraction

    def by_level(self, proposal: Proposal, more: int) -> Linear:
        """Fixed-point support of the proposal with so many supporters more (or fewer)."""
        return support_by_level(proposal, self.support + more * self.weight)


@dataclass(frozen=True)
class Electorate:
    """The votes of a scenario by proposal."""

    scenario: Scenario

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, str], Fraction]:
        return place_support(self.scenario)

    @cached_property
    def _support(self) -> Mapping[str, Fraction]:
        total: dict[str, Fraction] = defaultdict(Fraction)
        for (proposal, _), value in self._by_place.items():
            total[proposal] += value
        return total

    @cached_property
    def _supporters(self) -> Mapping[tuple[str, str], int]:
        """Whole supporters by (proposal, place): counts, or approvals where all are approvals."""
        results = self.scenario.dataset.results
        found: dict[tuple[str, str], int] = defaultdict(int)
        with_ballots = {b.place for b in results.ballots}
        for count in results.counts:
            if count.place not in with_ballots:
                found[count.proposal, count.place] += count.supporters
        for ballot in results.ballots:
            if ballot.place not in self._graded:
                for proposal, _ in ballot.choices:
                    found[proposal, ballot.place] += ballot.count
        return found

    @cached_property
    def _graded(self) -> frozenset[str]:
        """Places with ballots that say more than yes or no."""
        ballots = self.scenario.dataset.results.ballots
        return frozenset(b.place for b in ballots if b.kind is not BallotKind.APPROVAL)

    @cached_property
    def _weights(self) -> Mapping[str, Fraction]:
        """What one supporter counts for, by place."""
        return {
            place: self._by_place[proposal, place] / count
            for (proposal, place), count in self._supporters.items()
            if count
        }

    @cached_property
    def people(self) -> Mapping[str, int]:
        """Who could support, by place: ballots cast, else those present."""
        return ballots_cast(self.scenario.dataset.results)

    def support(self, proposal: Proposal) -> Fraction:
        """Support from all places."""
        return self._support.get(proposal.id, Fraction(0))

    def counted(self, proposal: Proposal) -> tuple[int, int] | None:
        """Supporters and people of its own meeting, where they were recorded."""
        place = proposal.owner
        count = self._supporters.get((proposal.id, place))
        return None if count is None else (count, self.people[place])

    def votes(self, proposal: Proposal) -> Votes | str:
        """Its votes, or why supporters cannot be counted.

        Returns
        -------
        Votes or str
            ``order`` (the objective does not look at support), ``graded`` (rankings or
            points), ``order_only`` (a list without votes), ``no_votes``.
        """
        place = proposal.owner
        if not any(s.name in SUPPORT_STAGES for s in self.scenario.stages):
            return "order"
        if place in self._graded:
            return "graded"
        if place not in self._weights:
            return "order_only" if self.support(proposal) else "no_votes"
        supporters = self._supporters.get((proposal.id, place), 0)
        return Votes(supporters, self.people[place], self._weights[place], self.support(proposal))

"""Why a proposal is in a plan or not, in a sentence for tables; the card says more.

What stands in the way is found by the rules of the cards and said in their words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from optimizer.explain.binding import Binding, Rules
from optimizer.explain.rule_words import obstacle_words
from optimizer.plan import Plan
from optimizer.record.proposals import Proposal, Status
from optimizer.record.scenario import Pin
from optimizer.words import INDONESIAN, Words

__all__ = ["Reason", "Reasons", "reason"]

Fact = str | Fraction


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason.

    Attributes
    ----------
    kind : str
        ``in``, ``reduced``, ``pinned_in``; ``excluded``, ``pinned_out``, ``no_account``; the
        kind of the :class:`~optimizer.explain.binding.Binding` in the way; ``other`` where
        nothing is.
    facts
        Quantities and texts of the sentence ``reason.<kind>``, where the cards have none.
    never, binding : Binding or None
        What it breaks even alone; else the first rule that would break if it were added.
    """

    proposal: Proposal
    kind: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    never: Binding | None = None
    binding: Binding | None = None

    def text(self, words: Words = INDONESIAN) -> str:
        """The reason in a sentence or two."""
        if self.never or self.binding or self.kind == "other":
            beside = (self.binding,) if self.binding else ()
            return " ".join(obstacle_words(self.proposal, self.never, beside, words))
        return words.say(
            f"reason.{self.kind}", **{k: _say(v, words) for k, v in self.facts.items()}
        )


def _say(fact: Fact, words: Words) -> str:
    return words.number(fact) if isinstance(fact, Fraction) else fact


def reason(plan: Plan, proposal: Proposal) -> Reason:
    """Why a proposal is in or out of a plan."""
    return Reasons(plan).of(proposal)


@dataclass(frozen=True)
class Reasons:
    """Reasons for all proposals of one plan."""

    plan: Plan

    def of(self, proposal: Proposal) -> Reason:
        """Why a proposal is in or out."""
        pin = self._pins.get(proposal.id)
        by_hand = {"reason": pin.reason or "-"} if pin else {}
        volume = self.plan.volumes.get(proposal.id)
        if volume:
            if pin:
                return Reason(proposal, "pinned_in", by_hand)
            if volume == proposal.volume:
                return Reason(proposal, "in")
            facts: dict[str, Fact] = {
                "volume": volume,
                "asked": proposal.volume,
                "measure": proposal.measure,
            }
            return Reason(proposal, "reduced", facts)
        if proposal.status is Status.EXCLUDED:
            return Reason(proposal, "excluded", {"reason": proposal.reason or "-"})
        if pin:
            return Reason(proposal, "pinned_out", by_hand)
        if proposal.id not in self._known:
            return Reason(proposal, "no_account", {"field": proposal.field or "-"})
        return self._obstacle(proposal)

    def _obstacle(self, proposal: Proposal) -> Reason:
        never = self._rules.never(proposal)
        if never is not None:
            return Reason(proposal, never.kind, never=never)
        for binding in self._rules.binding(proposal):
            return Reason(proposal, binding.kind, binding=binding)
        return Reason(proposal, "other")

    @cached_property
    def _rules(self) -> Rules:
        return Rules(self.plan)

    @cached_property
    def _pins(self) -> Mapping[str, Pin]:
        return {pin.proposal: pin for pin in self.plan.scenario.pins}

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(item.id for item in self.plan.problem.items)

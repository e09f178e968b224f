"""Parts of sentences that several cards use."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from optimizer.record.policy import Account, Bound
from optimizer.record.proposals import Proposal
from optimizer.words import Words

__all__ = ["amount_words", "bound_kind", "held_words", "left_words", "thing_words"]


def amount_words(proposal: Proposal, volume: Fraction, words: Words) -> str:
    """``48 m²``; known measures in the language, anything else as it was written."""
    key = f"explain.measure.{'one' if volume == 1 else 'many'}.{proposal.measure}"
    return words.volume(volume, words.say(key) if words.has(key) else proposal.measure)


def thing_words(proposal: Proposal, volume: Fraction, words: Words) -> str:
    """``Perbaikan paving, Gang 2, 48 m²``."""
    return f"{proposal.title}, {amount_words(proposal, volume, words)}"


def bound_kind(bound: Bound | None) -> str:
    """How a bound from above is put: a share, exactly a share, or rupiah."""
    if bound is None or bound.share is None:
        return "rupiah"
    return "exact" if bound.side == "exact" else "max"


def held_words(held: int, accounts: Sequence[Account], words: Words) -> dict[str, object]:
    """Money held for minima: how much, and for what."""
    names = words.say("explain.also").join(words.pick(a.name) for a in accounts)
    return {"held": held, "fields": names or words.say("explain.other_fields")}


def left_words(left: int, words: Words) -> str:
    """What remains, as a sentence."""
    return words.say("explain.left_over" if left else "explain.left_over.none", left=left)

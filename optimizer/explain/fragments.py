"""Parts of sentences that several cards use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from optimizer import words as phrases
from optimizer.money import format_number, format_rupiah
from optimizer.record.policy import Account, Bound
from optimizer.record.proposals import Proposal

__all__ = ["amount_words", "bound_kind", "held_words", "left_words", "local", "tell", "thing_words"]


def tell(key: str, lang: str, **data: Any) -> str:
    """A phrase of the cards."""
    return phrases.say(f"explain.{key}", lang, **data)


def local(texts: Mapping[str, str], lang: str) -> str:
    """A text in the language, else in any."""
    return texts.get(lang) or next(iter(texts.values()))


def amount_words(proposal: Proposal, volume: Fraction, lang: str) -> str:
    """``48 m²``; known measures in the language, anything else as it was written."""
    key = f"measure.{'one' if volume == 1 else 'many'}.{proposal.measure}"
    known = phrases.has(f"explain.{key}")
    measure = tell(key, lang) if known else proposal.measure
    return f"{format_number(volume, lang)} {measure}".strip()


def thing_words(proposal: Proposal, volume: Fraction, lang: str) -> str:
    """``Perbaikan paving, Gang 2, 48 m²``."""
    return f"{proposal.title}, {amount_words(proposal, volume, lang)}"


def bound_kind(bound: Bound | None) -> str:
    """How a bound from above is put: a share, exactly a share, or rupiah."""
    if bound is None or bound.share is None:
        return "rupiah"
    return "exact" if bound.side == "exact" else "max"


def held_words(held: int, accounts: Sequence[Account], lang: str) -> dict[str, str]:
    """Money held for minima: how much, and for what."""
    names = tell("also", lang).join(local(a.name, lang) for a in accounts)
    return {"held": format_rupiah(held, lang), "fields": names or tell("other_fields", lang)}


def left_words(left: int, lang: str) -> str:
    """What remains, as a sentence."""
    return tell("left_over" if left else "left_over.none", lang, left=format_rupiah(left, lang))

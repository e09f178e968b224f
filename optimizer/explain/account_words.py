"""The pagu and its accounts in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from optimizer.explain.fragments import bound_kind, held_words, left_words, thing_words
from optimizer.words import Words

if TYPE_CHECKING:
    from optimizer.explain.card import AccountCard, PaguCard

__all__ = ["account_words", "pagu_words"]


def pagu_words(card: PaguCard, words: Words) -> Iterator[str]:
    """What is taken, held and left of a pagu."""
    facts = {
        "limit": card.limit,
        "filled": card.filled,
        "pooled": card.pooled,
        **held_words(card.held, card.held_for, words),
    }
    yield words.say(
        "explain.binding.pagu.pooled" if card.pooled else "explain.binding.pagu", **facts
    )
    if card.held:
        yield words.say("explain.held", **facts)
    yield left_words(card.left, words)
    if card.left:
        yield words.say("explain.pagu.together")


def account_words(card: AccountCard, words: Words) -> Iterator[str]:
    """How full an account is, and why nothing more fits."""
    share = card.bound.share if card.bound is not None else None
    facts = {
        "account": words.pick(card.name),
        "share": "" if share is None else share,
        "limit": card.limit,
        "filled": card.filled,
        "left": _left(card, words),
    }
    kind = bound_kind(card.bound)
    if card.pooled:
        yield words.say("explain.account.pooled", **facts)
        return
    if card.filled >= card.limit:
        yield words.say(f"explain.full.{kind}", **facts)
        return
    yield words.say(f"explain.account.{kind}", **facts)
    if not card.asked:
        yield words.say("explain.account.nothing_asked")
    elif card.full:
        yield words.say("explain.account.no_room")
    elif not card.waiting:
        yield words.say("explain.account.all_in", **facts)
    elif card.cheapest is not None:
        known = {
            **facts,
            "thing": thing_words(card.cheapest, card.adds, words),
            "needs": card.needs,
            "misses": card.misses,
        }
        how = "too_small" if card.misses else f"stopped.{card.stopped_by}"
        yield words.say(f"explain.account.{how}", **known)
    else:
        yield words.say("explain.account.held_back", **facts)


def _left(card: AccountCard, words: Words) -> str:
    """What can still be added; said to come from above where the account itself holds more."""
    squeezed = card.room < card.limit - card.filled
    return words.say("explain.left.above" if squeezed else "explain.left", room=card.room)

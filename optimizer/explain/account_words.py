"""The pagu and its accounts in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from optimizer.explain.fragments import bound_kind, held_words, left_words, local, tell, thing_words
from optimizer.money import format_rupiah, format_share

if TYPE_CHECKING:
    from optimizer.explain.card import AccountCard, PaguCard

__all__ = ["account_words", "pagu_words"]


def pagu_words(card: PaguCard, lang: str) -> Iterator[str]:
    """What is taken, held and left of a pagu."""
    facts = {
        "limit": format_rupiah(card.limit, lang),
        "filled": format_rupiah(card.filled, lang),
        "pooled": format_rupiah(card.pooled, lang),
        **held_words(card.held, card.held_for, lang),
    }
    yield tell("binding.pagu.pooled" if card.pooled else "binding.pagu", lang, **facts)
    if card.held:
        yield tell("held", lang, **facts)
    yield left_words(card.left, lang)
    if card.left:
        yield tell("pagu.together", lang)


def account_words(card: AccountCard, lang: str) -> Iterator[str]:
    """How full an account is, and why nothing more fits."""
    share = card.bound.share if card.bound is not None else None
    facts = {
        "account": local(card.name, lang),
        "share": format_share(share, lang) if share is not None else "",
        "limit": format_rupiah(card.limit, lang),
        "filled": format_rupiah(card.filled, lang),
        "left": _left(card, lang),
    }
    kind = bound_kind(card.bound)
    if card.pooled:
        yield tell("account.pooled", lang, **facts)
        return
    if card.filled >= card.limit:
        yield tell(f"full.{kind}", lang, **facts)
        return
    yield tell(f"account.{kind}", lang, **facts)
    if not card.asked:
        yield tell("account.nothing_asked", lang)
    elif card.full:
        yield tell("account.no_room", lang)
    elif not card.waiting:
        yield tell("account.all_in", lang, **facts)
    elif card.cheapest is not None:
        known = {
            **facts,
            "thing": thing_words(card.cheapest, card.adds, lang),
            "needs": format_rupiah(card.needs, lang),
            "misses": format_rupiah(card.misses, lang),
        }
        how = "too_small" if card.misses else f"stopped.{card.stopped_by}"
        yield tell(f"account.{how}", lang, **known)
    else:
        yield tell("account.held_back", lang, **facts)


def _left(card: AccountCard, lang: str) -> str:
    """What can still be added; said to come from above where the account itself holds more."""
    squeezed = card.room < card.limit - card.filled
    return tell("left.above" if squeezed else "left", lang, room=format_rupiah(card.room, lang))

"""The rules in the way of a proposal, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from optimizer.explain.binding import telling
from optimizer.explain.fragments import (
    amount_words,
    bound_kind,
    held_words,
    left_words,
    local,
    tell,
)
from optimizer.money import format_rupiah, format_share
from optimizer.record.proposals import Proposal
from optimizer.territory import place_words

if TYPE_CHECKING:
    from optimizer.explain.binding import Binding

__all__ = ["MONEY", "binding_words", "detail_words", "obstacle_words"]

MONEY = frozenset({"account", "pagu", "pool", "minima"})


def obstacle_words(
    proposal: Proposal, never: Binding | None, binding: Sequence[Binding], lang: str
) -> Iterator[str]:
    """Why a proposal is not in: what it breaks even alone, else what is full beside the others."""
    if never is not None:
        yield from _never(proposal, never, lang)
    elif binding:
        yield from (binding_words(b, lang) for b in telling(binding))
    else:
        yield tell("nothing_binds", lang)


def _bound_key(binding: Binding) -> str:
    if binding.kind == "account":
        return bound_kind(binding.bound)
    return binding.kind


def _facts(binding: Binding, lang: str) -> dict[str, str]:
    bound, account = binding.bound, binding.account
    share = bound.share if bound is not None else None
    rule = binding.rule
    return {
        "account": local(account.name, lang) if account else "",
        "share": format_share(share, lang) if share is not None else "",
        "limit": format_rupiah(binding.limit, lang),
        "filled": format_rupiah(binding.filled, lang),
        "pooled": format_rupiah(binding.pooled, lang),
        "asks": format_rupiah(binding.asks, lang),
        **held_words(binding.held, binding.held_for, lang),
        "rule": local(rule.text, lang) if rule and rule.text else tell("some_rule", lang),
    }


def binding_words(binding: Binding, lang: str) -> str:
    """One rule in the way, with rupiah."""
    if binding.payers == 1:
        return " ".join(_money_words(binding, lang))
    return " ".join(_shared_words(binding, lang))


def _shared_words(binding: Binding, lang: str) -> Iterator[str]:
    """A shared proposal in one breath: at whom it stops, that one's part, what is left there."""
    facts = _facts(binding, lang) | {"place": place_words(binding.place)}
    if binding.kind not in MONEY:
        yield tell(
            "at", lang, count=binding.payers, text=tell("binding.rule", lang, **facts), **facts
        )
    else:
        kind = binding.kind if binding.kind in {"account", "pool"} else "pagu"
        source = tell(f"source.{kind}", lang, **facts)
        key = "short" if binding.left else "short.none"
        left = format_rupiah(binding.left, lang)
        yield tell(key, lang, count=binding.payers, source=source, left=left, **facts)
    if binding.others:
        every = binding.others + 1 == binding.payers and binding.others > 1
        yield tell("others.all" if every else "others", lang, count=binding.others)


def detail_words(binding: Sequence[Binding], lang: str) -> Iterator[str]:
    """How what is left of each rule of a shared proposal came about, for who wants to add it up."""
    for one in telling(binding):
        if one.payers > 1 and one.kind in MONEY:
            text = " ".join(_money_words(one, lang))
            yield tell("detail", lang, place=place_words(one.place), text=text)


def _money_words(binding: Binding, lang: str) -> Iterator[str]:
    """The rule, what is taken and held of it, and what is left."""
    facts = _facts(binding, lang)
    if binding.kind not in MONEY:
        yield tell("binding.rule", lang, **facts)
        return
    key = "pagu" if binding.kind == "minima" else _bound_key(binding)
    if binding.filled >= binding.limit:
        yield tell(f"full.{key}", lang, **facts)
        return
    if key == "pagu" and binding.pooled:
        key = "pagu.pooled"
    yield tell(f"binding.{key}", lang, **facts)
    if binding.held:
        yield tell("held", lang, **facts)
    yield left_words(binding.left, lang)


def _never(proposal: Proposal, binding: Binding, lang: str) -> Iterator[str]:
    if binding.kind == "rule":
        yield tell("never.rule", lang, **_facts(binding, lang))
        return
    limit = tell(f"limit.{_bound_key(binding)}", lang, **_facts(binding, lang))
    fixed = proposal.least == proposal.volume
    shared = binding.asks != proposal.cost(proposal.least)
    key = "never.part" if shared else "never.whole" if fixed else "never.least"
    place = place_words(binding.place)
    least = amount_words(proposal, proposal.least, lang)
    asks = format_rupiah(binding.asks, lang)
    yield tell(key, lang, limit=limit, asks=asks, place=place, least=least)

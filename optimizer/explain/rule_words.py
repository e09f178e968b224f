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
)
from optimizer.record.proposals import Proposal
from optimizer.territory import place_words
from optimizer.words import Words

if TYPE_CHECKING:
    from optimizer.explain.binding import Binding

__all__ = ["MONEY", "binding_words", "detail_words", "obstacle_words"]

MONEY = frozenset({"account", "pagu", "pool", "minima"})


def obstacle_words(
    proposal: Proposal, never: Binding | None, binding: Sequence[Binding], words: Words
) -> Iterator[str]:
    """Why a proposal is not in: what it breaks even alone, else what is full beside the others."""
    if never is not None:
        yield from _never(proposal, never, words)
    elif binding:
        yield from (binding_words(b, words) for b in telling(binding))
    else:
        yield words.say("explain.nothing_binds")


def _bound_key(binding: Binding) -> str:
    if binding.kind == "account":
        return bound_kind(binding.bound)
    return binding.kind


def _facts(binding: Binding, words: Words) -> dict[str, object]:
    bound, account = binding.bound, binding.account
    share = bound.share if bound is not None else None
    rule = binding.rule
    return {
        "account": words.pick(account.name) if account else "",
        "share": "" if share is None else share,
        "limit": binding.limit,
        "filled": binding.filled,
        "pooled": binding.pooled,
        "asks": binding.asks,
        **held_words(binding.held, binding.held_for, words),
        "rule": words.pick(rule.text) if rule and rule.text else words.say("explain.some_rule"),
    }


def binding_words(binding: Binding, words: Words) -> str:
    """One rule in the way, with rupiah."""
    if binding.payers == 1:
        return " ".join(_money_words(binding, words))
    return " ".join(_shared_words(binding, words))


def _shared_words(binding: Binding, words: Words) -> Iterator[str]:
    """A shared proposal in one breath: at whom it stops, that one's part, what is left there."""
    facts = _facts(binding, words) | {"place": place_words(binding.place)}
    if binding.kind not in MONEY:
        yield words.say(
            "explain.at",
            count=binding.payers,
            text=words.say("explain.binding.rule", **facts),
            **facts,
        )
    else:
        kind = binding.kind if binding.kind in {"account", "pool"} else "pagu"
        source = words.say(f"explain.source.{kind}", **facts)
        key = "explain.short" if binding.left else "explain.short.none"
        yield words.say(key, count=binding.payers, source=source, left=binding.left, **facts)
    if binding.others:
        every = binding.others + 1 == binding.payers and binding.others > 1
        yield words.say("explain.others.all" if every else "explain.others", count=binding.others)


def detail_words(binding: Sequence[Binding], words: Words) -> Iterator[str]:
    """How what is left of each rule of a shared proposal came about, for who wants to add it up."""
    for one in telling(binding):
        if one.payers > 1 and one.kind in MONEY:
            text = " ".join(_money_words(one, words))
            yield words.say("explain.detail", place=place_words(one.place), text=text)


def _money_words(binding: Binding, words: Words) -> Iterator[str]:
    """The rule, what is taken and held of it, and what is left."""
    facts = _facts(binding, words)
    if binding.kind not in MONEY:
        yield words.say("explain.binding.rule", **facts)
        return
    key = "pagu" if binding.kind == "minima" else _bound_key(binding)
    if binding.filled >= binding.limit:
        yield words.say(f"explain.full.{key}", **facts)
        return
    if key == "pagu" and binding.pooled:
        key = "pagu.pooled"
    yield words.say(f"explain.binding.{key}", **facts)
    if binding.held:
        yield words.say("explain.held", **facts)
    yield left_words(binding.left, words)


def _never(proposal: Proposal, binding: Binding, words: Words) -> Iterator[str]:
    if binding.kind == "rule":
        yield words.say("explain.never.rule", **_facts(binding, words))
        return
    limit = words.say(f"explain.limit.{_bound_key(binding)}", **_facts(binding, words))
    fixed = proposal.least == proposal.volume
    shared = binding.asks != proposal.cost(proposal.least)
    key = "explain.never." + ("part" if shared else "whole" if fixed else "least")
    place = place_words(binding.place)
    least = amount_words(proposal, proposal.least, words)
    yield words.say(key, limit=limit, asks=binding.asks, place=place, least=least)

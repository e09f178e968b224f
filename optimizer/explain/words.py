"""Cards in plain words: short sentences, to be read aloud."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from optimizer import phrases
from optimizer.money import format_number, format_rupiah, format_share
from optimizer.policy import Bound
from optimizer.proposals import Proposal

if TYPE_CHECKING:
    from optimizer.explain.binding import Binding
    from optimizer.explain.card import AccountCard, Card
    from optimizer.explain.moves import Move

__all__ = ["account_words", "card_words", "way_words"]

# More than these are counted, not named.
FEW = 4
# Decimals of the percent of support lost.
PLACES = 2
MONEY = frozenset({"account", "pagu", "pool", "minima"})


def _say(key: str, lang: str, **data: Any) -> str:
    return phrases.say(f"explain.{key}", lang, **data)


def _local(texts: Mapping[str, str], lang: str) -> str:
    return texts.get(lang) or next(iter(texts.values()))


def _amount(proposal: Proposal, volume: Fraction, lang: str) -> str:
    """``48 m²``."""
    return f"{format_number(volume, lang)} {proposal.measure}".strip()


def _place(node: str) -> str:
    """``RT 05 / RW 03``; a kelurahan by its name."""
    kelurahan, *numbers = node.split("/")
    named = [f"{word} {part}" for word, part in zip(("RW", "RT"), numbers, strict=False)]
    return " / ".join(reversed(named)) or kelurahan


# --- cards --------------------------------------------------------------------------------


def card_words(card: Card, lang: str, *, public: bool) -> Iterator[str]:
    """The lines of a card."""
    yield " ".join(_head(card, lang))
    if card.state == "out":
        yield " ".join(way_words(card, lang))
        if not public:
            yield from _inside_story(card, lang)
    elif card.state == "in":
        if card.reduced:
            yield " ".join(_way_to_more(card, lang))
        if not public:
            yield from _safety(card, lang)


def _head(card: Card, lang: str) -> Iterator[str]:
    proposal = card.proposal
    state = "less" if card.reduced else card.state
    yield _say(
        f"head.{state}",
        lang,
        title=proposal.title,
        amount=_amount(proposal, card.volume or proposal.volume, lang),
        asked=_amount(proposal, proposal.volume, lang),
        cost=format_rupiah(card.cost or proposal.full_cost, lang),
        reason=card.reason or _say("no_reason", lang),
        field=proposal.field or "-",
    )
    if card.state not in {"in", "out"}:
        return
    if card.pinned:
        yield _say("pinned", lang, reason=card.reason or _say("no_reason", lang))
    elif card.mandatory:
        yield _say("mandatory", lang)
    if proposal.rank is not None:
        yield _say("rank.joint" if card.joint else "rank", lang, rank=proposal.rank)
    if card.supporters is not None:
        yield _say("supporters", lang, count=card.supporters, people=card.people)


def way_words(card: Card, lang: str) -> Iterator[str]:
    """What is in the way, and the ways there are; nothing about votes."""
    if card.state != "out":
        return
    if card.never is not None:
        yield from _never(card, lang)
    elif card.binding:
        yield from (_binding(b, card, lang) for b in _telling(card.binding))
    else:
        yield _say("nothing_binds", lang)
    yield from _ways(card, lang)


def _ways(card: Card, lang: str) -> Iterator[str]:
    full, own_funds = card.proposal.full_cost, card.fit.own_funds or 0
    offers = _offers(card, card.fit.volume, card.fit.own_funds, lang)
    if not card.fit.volume and full // 2 < own_funds < full:
        # Where most of it would be own funds, say why.
        left, amount = format_rupiah(full - own_funds, lang), format_rupiah(own_funds, lang)
        yield _say("only_left", lang, left=left, amount=amount)
    elif offers:
        yield _say("offer", lang, ways=_say("or", lang).join(offers))
    elif card.never is None:
        yield _say("no_offer", lang)
    if card.never is None:
        yield _reorder(card, lang, other=bool(offers))


def _way_to_more(card: Card, lang: str) -> Iterator[str]:
    rest = _amount(card.proposal, card.proposal.volume - card.volume, lang)
    if not card.binding:
        yield _say("rest.no_gain", lang, rest=rest)
        return
    yield _say("rest", lang, rest=rest)
    yield from (_binding(b, card, lang) for b in _telling(card.binding))
    offers = _offers(card, None, card.fit.own_funds, lang)
    if offers:
        yield _say("more_offer", lang, ways=offers[0])


def _reorder(card: Card, lang: str, *, other: bool) -> str:
    where = "joint" if card.joint else "rt"
    # Where votes decide, another order of the list would change nothing.
    how = "talk" if card.by_votes and not card.by_order else "order"
    return _say(f"reorder.{how}.{where}" if other else f"only.{how}.{where}", lang)


def _offers(card: Card, volume: Fraction | None, own_funds: int | None, lang: str) -> list[str]:
    found = []
    if volume:
        cost = format_rupiah(card.proposal.cost(volume), lang)
        amount = _amount(card.proposal, volume, lang)
        found.append(_say("offer.volume", lang, amount=amount, cost=cost))
    # Own funds that pay for all of it are no help from the budget.
    if own_funds and own_funds < card.proposal.full_cost:
        found.append(_say("offer.own_funds", lang, amount=format_rupiah(own_funds, lang)))
    return found


# --- rules --------------------------------------------------------------------------------


def _bound_key(binding: Binding) -> str:
    if binding.kind == "account":
        return _bound_kind(binding.bound)
    return binding.kind


def _bound_kind(bound: Bound | None) -> str:
    if bound is None or bound.share is None:
        return "rupiah"
    return "exact" if bound.side == "exact" else "max"


def _facts(binding: Binding, lang: str) -> dict[str, str]:
    bound, account = binding.bound, binding.account
    share = bound.share if bound is not None else None
    rule = binding.rule
    return {
        "account": _local(account.name, lang) if account else "",
        "share": format_share(share, lang) if share is not None else "",
        "limit": format_rupiah(binding.limit, lang),
        "filled": format_rupiah(binding.filled, lang),
        "asks": format_rupiah(binding.asks, lang),
        "rule": _local(rule.text, lang) if rule and rule.text else _say("some_rule", lang),
    }


def _telling(bindings: Sequence[Binding]) -> Iterator[Binding]:
    """Without an account that asks for no more than the narrower one already named."""
    worst = 0
    for binding in bindings:
        if binding.kind not in {"account", "pagu"} or binding.over > worst:
            yield binding
        worst = max(worst, binding.over)


def _binding(binding: Binding, card: Card, lang: str) -> str:
    full = binding.kind in {"account", "pool", "pagu"} and binding.filled >= binding.limit
    key = f"{'full' if full else 'binding'}.{_bound_key(binding)}"
    text = _say(key, lang, **_facts(binding, lang))
    if binding.kind not in MONEY or binding.kind == "pool" or binding.place == card.proposal.owner:
        return text
    # A shared proposal: say at whom, and what that one would pay.
    facts = {"place": _place(binding.place), "text": text, **_facts(binding, lang)}
    more = _say("others", lang, count=binding.others) if binding.others else ""
    return " ".join(filter(None, (_say("at", lang, **facts), more)))


def _never(card: Card, lang: str) -> Iterator[str]:
    binding, proposal = card.never, card.proposal
    assert binding is not None
    if binding.kind == "rule":
        yield _say("never.rule", lang, **_facts(binding, lang))
        return
    limit = _say(f"limit.{_bound_key(binding)}", lang, **_facts(binding, lang))
    fixed = proposal.least == proposal.volume
    shared = binding.asks != proposal.cost(proposal.least)
    key = "never.part" if shared else "never.whole" if fixed else "never.least"
    place = _place(binding.place)
    yield _say(key, lang, limit=limit, asks=format_rupiah(binding.asks, lang), place=place)


# --- only where it is marked as a simulation -------------------------------------------------


def _named(moves: Sequence[Move], card: Card, lang: str, *, taken: bool = False) -> str:
    """A few moves by name, the others by number."""
    texts = [_move(m, card, lang, taken=taken) for m in moves[:FEW]]
    if len(moves) > FEW:
        texts.append(_say("and_more", lang, count=len(moves) - FEW))
    return "; ".join(texts)


def _move(move: Move, card: Card, lang: str, *, taken: bool) -> str:
    proposal = move.proposal
    known = _say("nth", lang, rank=proposal.rank) if proposal.rank is not None else ""
    if move.supporters is not None and not card.by_order:
        known = _say("backed", lang, count=move.supporters)
    what = "taken" if taken else _what(move)
    return _say(
        f"move.{what}",
        lang,
        title=proposal.title,
        known=f", {known}," if known else "",
        also=f", {known}" if known else "",
        cost=format_rupiah(proposal.cost(move.after), lang),
        before=_amount(proposal, move.before, lang),
        after=_amount(proposal, move.after, lang),
    )


def _what(move: Move) -> str:
    if not move.after:
        return "leaves"
    if not move.before:
        return "comes"
    return "more" if move.after > move.before else "less"


def _inside_story(card: Card, lang: str) -> Iterator[str]:
    if card.taken_by:
        yield _say("taken", lang, items=_named(card.taken_by, card, lang, taken=True))
    wider = _wider(card, lang)
    if wider:
        yield _say("wider", lang, ways=_say("or", lang).join(wider))
    if card.forced_volume:
        yield _forced(card, lang)
    if card.lost_share > 0:
        share = format_share(card.lost_share, lang, PLACES)
        little = card.lost_share * 10 ** (PLACES + 2) < 1
        what = "welfare" if any(name == "welfare" for name, _ in card.welfare_lost) else "support"
        yield _say("lost.little" if little else f"lost.{what}", lang, share=share)
    yield from _lacking(card, lang)


def _forced(card: Card, lang: str) -> str:
    """Who gives way when it is pinned in, and with how much it then is in."""
    less = card.forced_volume < card.proposal.volume
    amount = _amount(card.proposal, card.forced_volume, lang)
    how = _say("forced.less" if less else "forced", lang, amount=amount)
    if not card.displaces:
        return _say("displaces.none", lang, how=how)
    return _say("displaces", lang, how=how, items=_named(card.displaces, card, lang))


def _wider(card: Card, lang: str) -> list[str]:
    """Ways that open when others may be moved, where they are better than those beside them."""
    volume, own_funds = card.largest_volume, card.least_own_funds
    return _offers(
        card,
        volume if volume and volume > (card.fit.volume or 0) else None,
        own_funds if card.fit.own_funds is None or (own_funds or 0) < card.fit.own_funds else None,
        lang,
    )


def _lacking(card: Card, lang: str) -> Iterator[str]:
    if card.lacks is None:
        if card.lacks_why != "never" and not (card.lacks_why == "order" and card.by_order):
            yield _say(f"lacks.{card.lacks_why}", lang)
    elif card.lacks == 0:
        yield _say("tied.out", lang)
    else:
        total = (card.supporters or 0) + card.lacks
        yield _say("lacks", lang, count=card.lacks, total=total, people=card.people)


def _safety(card: Card, lang: str) -> Iterator[str]:
    safe = card.safe
    if card.pinned or card.mandatory or card.safe_why == "forced":
        pass
    elif safe is None:
        if card.by_order:
            yield _say("safe.no_rival" if not card.enters else "safe.order", lang)
        else:
            yield _say(f"safe.{card.safe_why}", lang)
    elif safe < 0:
        yield _say("tied.in", lang)
    elif safe >= (card.supporters or 0) - 1:
        yield _say("safe.any" if safe == card.supporters else "safe.some", lang)
    else:
        yield _say("safe" if safe else "safe.none", lang, count=safe)
    if card.enters:
        yield _say("enters", lang, items=_named(card.enters, card, lang))
    elif not card.by_order:
        yield _say("enters.none", lang)


# --- accounts -----------------------------------------------------------------------------


def account_words(card: AccountCard, lang: str) -> Iterator[str]:
    """How full an account is, and why nothing more fits."""
    share = card.bound.share if card.bound is not None else None
    facts = {
        "account": _local(card.name, lang),
        "share": format_share(share, lang) if share is not None else "",
        "limit": format_rupiah(card.limit, lang),
        "filled": format_rupiah(card.filled, lang),
        "room": format_rupiah(card.room, lang),
        "left": _left(card, lang),
    }
    kind = _bound_kind(card.bound)
    if card.pooled:
        yield _say("account.pooled", lang, **facts)
        return
    if card.filled >= card.limit:
        yield _say(f"full.{kind}", lang, **facts)
        return
    yield _say(f"account.{kind}", lang, **facts)
    if not card.asked:
        yield _say("account.nothing_asked", lang, **facts)
    elif card.full:
        yield _say("account.no_room", lang, **facts)
    elif not card.waiting:
        yield _say("account.all_in", lang, **facts)
    elif card.cheapest is not None:
        known = {
            **facts,
            "title": card.cheapest.title,
            "needs": format_rupiah(card.needs, lang),
            "misses": format_rupiah(card.misses, lang),
        }
        yield _say("account.too_small" if card.misses else "account.other_rule", lang, **known)
    else:
        yield _say("account.held_back", lang, **facts)


def _left(card: AccountCard, lang: str) -> str:
    """What can still be added; said to come from above where the account itself holds more."""
    squeezed = card.room < card.limit - card.filled
    return _say("left.above" if squeezed else "left", lang, room=format_rupiah(card.room, lang))

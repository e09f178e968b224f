"""Cards in plain words: short sentences, to be read aloud."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from optimizer.explain.binding import telling
from optimizer.explain.fragments import (
    amount_words,
    tell,
)
from optimizer.explain.rule_words import MONEY, binding_words, detail_words, obstacle_words
from optimizer.money import format_number, format_rupiah, format_share
from optimizer.record.proposals import Proposal
from optimizer.territory import place_words

if TYPE_CHECKING:
    from optimizer.explain.card import Card
    from optimizer.explain.moves import Move

__all__ = ["card_words", "way_words"]

# More than these are counted, not named.
FEW = 4
# Of what took the money at one of many RT, fewer: the list is long for all of them.
FEW_SHARED = 2
# Own funds of this share of the cost are nearly all of it.
NEARLY = Fraction(9, 10)
# Decimals of the percent of support lost.
PLACES = 2
# Decimals of supporters counted by the part that fits.
PARTS = 2


# --- cards --------------------------------------------------------------------------------


def card_words(card: Card, lang: str, *, public: bool) -> Iterator[str]:
    """The lines of a card."""
    yield " ".join(_head(card, lang))
    if card.state == "out":
        yield " ".join(way_words(card, lang))
        if not public:
            yield from _inside_story(card, lang)
        if card.never is None:
            yield from detail_words(card.binding, lang)
    elif card.state == "in":
        if card.reduced:
            yield " ".join(_way_to_more(card, lang))
            yield from detail_words(card.binding, lang)
        if not public:
            yield from _safety(card, lang)


def _head(card: Card, lang: str) -> Iterator[str]:
    proposal = card.proposal
    state = "less" if card.reduced else card.state
    yield tell(
        f"head.{state}",
        lang,
        title=proposal.title,
        amount=amount_words(proposal, card.volume or proposal.volume, lang),
        asked=amount_words(proposal, proposal.volume, lang),
        cost=format_rupiah(card.cost or proposal.full_cost, lang),
        reason=card.reason or tell("no_reason", lang),
        field=proposal.field or "-",
    )
    if card.state not in {"in", "out"}:
        return
    if card.pinned:
        yield tell("pinned", lang, reason=card.reason or tell("no_reason", lang))
    elif card.mandatory:
        yield tell("mandatory", lang)
    if proposal.rank is not None:
        yield tell(f"rank.{_list_of(proposal, joint=card.joint)}", lang, rank=proposal.rank)
    if card.supporters is not None:
        yield tell("supporters", lang, count=card.supporters, people=card.people)


def _list_of(proposal: Proposal, *, joint: bool) -> str:
    """Whose list it stands in: ``rt``, ``rw`` or ``joint``."""
    return "joint" if joint else "rw" if proposal.level == "rw" else "rt"


def way_words(card: Card, lang: str) -> Iterator[str]:
    """What is in the way, and the ways there are; nothing about votes."""
    if card.state != "out":
        return
    yield from obstacle_words(card.proposal, card.never, card.binding, lang)
    yield from _ways(card, lang)


def _ways(card: Card, lang: str) -> Iterator[str]:
    offers = _offers(card, card.fit.volume, card.fit.own_funds, lang)
    if card.never is not None and offers and not _shared(card):
        left = card.proposal.full_cost - (card.fit.own_funds or 0)
        yield tell("now_left", lang, left=format_rupiah(left, lang))
    if offers:
        yield tell("offer", lang, ways=tell("or", lang).join(offers))
    elif card.never is None:
        yield tell("no_offer", lang)
    if card.never is None:
        yield _reorder(card, lang, other=bool(offers))


def _way_to_more(card: Card, lang: str) -> Iterator[str]:
    facts = {
        "rest": amount_words(card.proposal, card.proposal.volume - card.volume, lang),
        "cost": format_rupiah(card.proposal.full_cost - card.cost, lang),
    }
    if not card.binding:
        yield tell("rest.no_gain", lang, **facts)
        return
    yield tell("rest", lang, **facts)
    yield from (binding_words(b, lang) for b in telling(card.binding))
    own_funds = card.fit.own_funds or 0
    if 0 < own_funds < card.proposal.full_cost:
        yield tell("more_offer", lang, amount=format_rupiah(own_funds, lang))


def _shared(card: Card) -> bool:
    """Whether several units would pay for it."""
    return any(b.payers > 1 for b in card.binding)


def _reorder(card: Card, lang: str, *, other: bool) -> str:
    where = _list_of(card.proposal, joint=card.joint)
    how = "talk" if card.votes_decide else "order"
    return tell(f"reorder.{how}.{where}" if other else f"only.{how}.{where}", lang)


def _offers(card: Card, volume: Fraction | None, own_funds: int | None, lang: str) -> list[str]:
    found = []
    if volume:
        cost = format_rupiah(card.proposal.cost(volume), lang)
        amount = amount_words(card.proposal, volume, lang)
        found.append(tell("offer.volume", lang, amount=amount, cost=cost))
    # Own funds that pay for all of it are no help from the budget.
    if own_funds and own_funds < card.proposal.full_cost:
        part = card.proposal.least < card.proposal.volume
        how = "shared" if _shared(card) else "all" if part else ""
        key = f"offer.own_funds.{how}".rstrip(".")
        asked = amount_words(card.proposal, card.proposal.volume, lang)
        # True, but no help: said, so that nobody takes it for one.
        nearly = Fraction(own_funds, card.proposal.full_cost) >= NEARLY
        amount = format_rupiah(own_funds, lang) + (tell("offer.nearly", lang) if nearly else "")
        found.append(tell(key, lang, amount=amount, asked=asked))
    return found


# --- only where it is marked as a simulation -------------------------------------------------


def _named(moves: Sequence[Move], card: Card, lang: str, *, taken: bool = False) -> str:
    """A few moves by name, the others by number."""
    few = FEW_SHARED if taken and _shared(card) else FEW
    texts = [_move(m, card, lang, taken=taken) for m in moves[:few]]
    if len(moves) > few:
        texts.append(tell("and_more", lang, count=len(moves) - few))
    return "; ".join(texts)


def _move(move: Move, card: Card, lang: str, *, taken: bool) -> str:
    proposal = move.proposal
    paid = proposal.cost(move.after) if move.paid is None else move.paid
    what = _what(move) if not taken else "taken" if move.paid is None else "taken.part"
    return tell(
        f"move.{what}",
        lang,
        title=proposal.title,
        known=_known(move, card, lang, commas=not taken and proposal.title.endswith(")")),
        cost=format_rupiah(paid, lang),
        before=amount_words(proposal, move.before, lang),
        after=amount_words(proposal, move.after, lang),
    )


def _known(move: Move, card: Card, lang: str, *, commas: bool) -> str:
    """What a meeting knows it by, in brackets (between commas where brackets go before)."""
    proposal, text = move.proposal, ""
    if move.must:
        text = tell("must", lang)
    elif move.supporters is not None and not card.by_order:
        text = tell("backed", lang, count=move.supporters)
    elif proposal.rank is not None:
        # Another list than its own counts from 1 too.
        same = proposal.owner == card.proposal.owner
        whose = "" if same else "." + _list_of(proposal, joint=proposal.level == "kelurahan")
        text = tell(f"nth{whose}", lang, rank=proposal.rank, place=place_words(proposal.owner))
    if not text:
        return ""
    return f", {text}," if commas else f" ({text})"


def _what(move: Move) -> str:
    if not move.after:
        return "leaves"
    if not move.before:
        return "comes"
    return "more" if move.after > move.before else "less"


def _inside_story(card: Card, lang: str) -> Iterator[str]:
    if card.taken_by:
        items = _named(card.taken_by, card, lang, taken=True)
        place = next(b.place for b in card.binding if b.kind in MONEY)
        parts = any(m.paid is not None for m in card.taken_by)
        yield tell("taken.at" if parts else "taken", lang, items=items, place=place_words(place))
    # Of a shared one, who would be moved differs from RT to RT: said below, where it is pinned.
    wider = [] if _shared(card) else _wider(card, lang)
    if wider:
        yield tell("wider", lang, ways=tell("or", lang).join(wider))
    if card.forced_volume:
        yield _forced(card, lang)
    if card.lost_share > 0:
        share = format_share(card.lost_share, lang, PLACES)
        little = card.lost_share * 10 ** (PLACES + 2) < 1
        what = "welfare" if any(name == "welfare" for name, _ in card.welfare_lost) else "support"
        yield tell("lost.little" if little else f"lost.{what}", lang, share=share)
    if card.behind:
        yield tell(f"behind.{card.behind}", lang)
    if card.weighed is not None:
        yield from _weighed(card, card.weighed, lang)
    yield from _lacking(card, lang)


def _forced(card: Card, lang: str) -> str:
    """Who gives way when it is pinned in, and with how much it then is in."""
    less = card.forced_volume < card.proposal.volume
    amount = amount_words(card.proposal, card.forced_volume, lang)
    how = tell("forced.less" if less else "forced", lang, amount=amount)
    if not card.displaces:
        return tell("displaces.none", lang, how=how)
    return tell("displaces", lang, how=how, items=_named(card.displaces, card, lang))


def _weighed(card: Card, parts: tuple[Fraction, Fraction], lang: str) -> Iterator[str]:
    """Why fewer supporters may outweigh more: each counts for the part that fits."""
    fits, gives = (format_number(p, lang, PARTS) for p in parts)
    if fits == gives:
        return
    yield tell(
        "weighed",
        lang,
        count=card.supporters,
        part=amount_words(card.proposal, card.forced_volume, lang),
        asked=amount_words(card.proposal, card.proposal.volume, lang),
        fits=fits,
        gives=gives,
    )


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
            yield tell(f"lacks.{card.lacks_why}", lang)
    elif card.lacks == 0:
        yield tell("tied.out", lang)
    else:
        total = (card.supporters or 0) + card.lacks
        yield tell("lacks", lang, count=card.lacks, total=total, people=card.people)


def _safety(card: Card, lang: str) -> Iterator[str]:
    safe = card.safe
    if card.reduced and not card.binding and card.unsupported:
        yield tell("rest.no_votes", lang)
    if card.pinned or card.mandatory or card.safe_why == "forced":
        pass
    elif safe is None:
        if card.by_order:
            yield tell("safe.no_rival" if not card.enters else "safe.order", lang)
        else:
            yield tell(f"safe.{card.safe_why}", lang)
    elif safe < 0:
        yield tell("tied.unsupported" if card.unsupported else "tied.in", lang)
    elif safe >= (card.supporters or 0) - 1:
        yield tell("safe.any" if safe == card.supporters else "safe.some", lang)
    else:
        yield tell("safe" if safe else "safe.none", lang, count=safe)
    if card.mandatory:
        return
    if card.enters:
        yield tell("enters", lang, items=_named(card.enters, card, lang))
    elif not card.by_order:
        yield tell("enters.none", lang)

"""Cards in plain words: short sentences, to be read aloud."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from optimizer.explain.binding import telling
from optimizer.explain.fragments import (
    amount_words,
)
from optimizer.explain.rule_words import MONEY, binding_words, detail_words, obstacle_words
from optimizer.record.proposals import Proposal
from optimizer.territory import place_words
from optimizer.words import Words

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


def card_words(card: Card, words: Words, *, public: bool) -> Iterator[str]:
    """The lines of a card."""
    yield " ".join(_head(card, words))
    if card.state == "out":
        yield " ".join(way_words(card, words))
        if not public:
            yield from _inside_story(card, words)
        if card.never is None:
            yield from detail_words(card.binding, words)
    elif card.state == "in":
        if card.reduced:
            yield " ".join(_way_to_more(card, words))
            yield from detail_words(card.binding, words)
        if not public:
            yield from _safety(card, words)


def _head(card: Card, words: Words) -> Iterator[str]:
    proposal = card.proposal
    state = "less" if card.reduced else card.state
    yield words.say(
        f"explain.head.{state}",
        title=proposal.title,
        amount=amount_words(proposal, card.volume or proposal.volume, words),
        asked=amount_words(proposal, proposal.volume, words),
        cost=card.cost or proposal.full_cost,
        reason=card.reason or words.say("explain.no_reason"),
        field=proposal.field or "-",
    )
    if card.state not in {"in", "out"}:
        return
    if card.pinned:
        yield words.say("explain.pinned", reason=card.reason or words.say("explain.no_reason"))
    elif card.mandatory:
        yield words.say("explain.mandatory")
    if proposal.rank is not None:
        yield words.say(f"explain.rank.{_list_of(proposal, joint=card.joint)}", rank=proposal.rank)
    if card.supporters is not None:
        yield words.say("explain.supporters", count=card.supporters, people=card.people)


def _list_of(proposal: Proposal, *, joint: bool) -> str:
    """Whose list it stands in: ``rt``, ``rw`` or ``joint``."""
    return "joint" if joint else "rw" if proposal.level == "rw" else "rt"


def way_words(card: Card, words: Words) -> Iterator[str]:
    """What is in the way, and the ways there are; nothing about votes."""
    if card.state != "out":
        return
    yield from obstacle_words(card.proposal, card.never, card.binding, words)
    yield from _ways(card, words)


def _ways(card: Card, words: Words) -> Iterator[str]:
    offers = _offers(card, card.fit.volume, card.fit.own_funds, words)
    if card.never is not None and offers and not _shared(card):
        left = card.proposal.full_cost - (card.fit.own_funds or 0)
        yield words.say("explain.now_left", left=left)
    if offers:
        yield words.say("explain.offer", ways=words.say("explain.or").join(offers))
    elif card.never is None:
        yield words.say("explain.no_offer")
    if card.never is None:
        yield _reorder(card, words, other=bool(offers))


def _way_to_more(card: Card, words: Words) -> Iterator[str]:
    facts = {
        "rest": amount_words(card.proposal, card.proposal.volume - card.volume, words),
        "cost": card.proposal.full_cost - card.cost,
    }
    if not card.binding:
        yield words.say("explain.rest.no_gain", **facts)
        return
    yield words.say("explain.rest", **facts)
    yield from (binding_words(b, words) for b in telling(card.binding))
    own_funds = card.fit.own_funds or 0
    if 0 < own_funds < card.proposal.full_cost:
        yield words.say("explain.more_offer", amount=own_funds)


def _shared(card: Card) -> bool:
    """Whether several units would pay for it."""
    return any(b.payers > 1 for b in card.binding)


def _reorder(card: Card, words: Words, *, other: bool) -> str:
    where = _list_of(card.proposal, joint=card.joint)
    how = "talk" if card.votes_decide else "order"
    return words.say(f"explain.reorder.{how}.{where}" if other else f"explain.only.{how}.{where}")


def _offers(card: Card, volume: Fraction | None, own_funds: int | None, words: Words) -> list[str]:
    found = []
    if volume:
        amount, cost = amount_words(card.proposal, volume, words), card.proposal.cost(volume)
        found.append(words.say("explain.offer.volume", amount=amount, cost=cost))
    # Own funds that pay for all of it are no help from the budget.
    if own_funds and own_funds < card.proposal.full_cost:
        part = card.proposal.least < card.proposal.volume
        how = "shared" if _shared(card) else "all" if part else ""
        key = f"explain.offer.own_funds.{how}".rstrip(".")
        asked = amount_words(card.proposal, card.proposal.volume, words)
        # True, but no help: said, so that nobody takes it for one.
        nearly = Fraction(own_funds, card.proposal.full_cost) >= NEARLY
        amount = words.rupiah(own_funds) + (words.say("explain.offer.nearly") if nearly else "")
        found.append(words.say(key, amount=amount, asked=asked))
    return found


# --- only where it is marked as a simulation -------------------------------------------------


def _named(moves: Sequence[Move], card: Card, words: Words, *, taken: bool = False) -> str:
    """A few moves by name, the others by number."""
    few = FEW_SHARED if taken and _shared(card) else FEW
    texts = [_move(m, card, words, taken=taken) for m in moves[:few]]
    if len(moves) > few:
        texts.append(words.say("explain.and_more", count=len(moves) - few))
    return "; ".join(texts)


def _move(move: Move, card: Card, words: Words, *, taken: bool) -> str:
    proposal = move.proposal
    paid = proposal.cost(move.after) if move.paid is None else move.paid
    what = _what(move) if not taken else "taken" if move.paid is None else "taken.part"
    return words.say(
        f"explain.move.{what}",
        title=proposal.title,
        known=_known(move, card, words, commas=not taken and proposal.title.endswith(")")),
        cost=paid,
        before=amount_words(proposal, move.before, words),
        after=amount_words(proposal, move.after, words),
    )


def _known(move: Move, card: Card, words: Words, *, commas: bool) -> str:
    """What a meeting knows it by, in brackets (between commas where brackets go before)."""
    proposal, text = move.proposal, ""
    if move.must:
        text = words.say("explain.must")
    elif move.supporters is not None and not card.by_order:
        text = words.say("explain.backed", count=move.supporters)
    elif proposal.rank is not None:
        # Another list than its own counts from 1 too.
        same = proposal.owner == card.proposal.owner
        whose = "" if same else "." + _list_of(proposal, joint=proposal.level == "kelurahan")
        text = words.say(
            f"explain.nth{whose}", rank=proposal.rank, place=place_words(proposal.owner)
        )
    if not text:
        return ""
    return f", {text}," if commas else f" ({text})"


def _what(move: Move) -> str:
    if not move.after:
        return "leaves"
    if not move.before:
        return "comes"
    return "more" if move.after > move.before else "less"


def _inside_story(card: Card, words: Words) -> Iterator[str]:
    if card.taken_by:
        items = _named(card.taken_by, card, words, taken=True)
        place = next(b.place for b in card.binding if b.kind in MONEY)
        parts = any(m.paid is not None for m in card.taken_by)
        yield words.say(
            "explain.taken.at" if parts else "explain.taken", items=items, place=place_words(place)
        )
    # Of a shared one, who would be moved differs from RT to RT: said below, where it is pinned.
    wider = [] if _shared(card) else _wider(card, words)
    if wider:
        yield words.say("explain.wider", ways=words.say("explain.or").join(wider))
    if card.forced_volume:
        yield _forced(card, words)
    if card.lost_share > 0:
        share = words.share(card.lost_share, PLACES)
        little = card.lost_share * 10 ** (PLACES + 2) < 1
        what = "welfare" if any(name == "welfare" for name, _ in card.welfare_lost) else "support"
        yield words.say("explain.lost.little" if little else f"explain.lost.{what}", share=share)
    if card.behind:
        yield words.say(f"explain.behind.{card.behind}")
    if card.weighed is not None:
        yield from _weighed(card, card.weighed, words)
    yield from _lacking(card, words)


def _forced(card: Card, words: Words) -> str:
    """Who gives way when it is pinned in, and with how much it then is in."""
    less = card.forced_volume < card.proposal.volume
    amount = amount_words(card.proposal, card.forced_volume, words)
    how = words.say("explain.forced.less" if less else "explain.forced", amount=amount)
    if not card.displaces:
        return words.say("explain.displaces.none", how=how)
    return words.say("explain.displaces", how=how, items=_named(card.displaces, card, words))


def _weighed(card: Card, parts: tuple[Fraction, Fraction], words: Words) -> Iterator[str]:
    """Why fewer supporters may outweigh more: each counts for the part that fits."""
    fits, gives = (words.number(p, PARTS) for p in parts)
    if fits == gives:
        return
    yield words.say(
        "explain.weighed",
        count=card.supporters,
        part=amount_words(card.proposal, card.forced_volume, words),
        asked=amount_words(card.proposal, card.proposal.volume, words),
        fits=fits,
        gives=gives,
    )


def _wider(card: Card, words: Words) -> list[str]:
    """Ways that open when others may be moved, where they are better than those beside them."""
    volume, own_funds = card.largest_volume, card.least_own_funds
    return _offers(
        card,
        volume if volume and volume > (card.fit.volume or 0) else None,
        own_funds if card.fit.own_funds is None or (own_funds or 0) < card.fit.own_funds else None,
        words,
    )


def _lacking(card: Card, words: Words) -> Iterator[str]:
    if card.lacks is None:
        if card.lacks_why != "never" and not (card.lacks_why == "order" and card.by_order):
            yield words.say(f"explain.lacks.{card.lacks_why}")
    elif card.lacks == 0:
        yield words.say("explain.tied.out")
    else:
        total = (card.supporters or 0) + card.lacks
        yield words.say("explain.lacks", count=card.lacks, total=total, people=card.people)


def _safety(card: Card, words: Words) -> Iterator[str]:
    safe = card.safe
    if card.reduced and not card.binding and card.unsupported:
        yield words.say("explain.rest.no_votes")
    if card.pinned or card.mandatory or card.safe_why == "forced":
        pass
    elif safe is None:
        if card.by_order:
            yield words.say("explain.safe.no_rival" if not card.enters else "explain.safe.order")
        else:
            yield words.say(f"explain.safe.{card.safe_why}")
    elif safe < 0:
        yield words.say("explain.tied.unsupported" if card.unsupported else "explain.tied.in")
    elif safe >= (card.supporters or 0) - 1:
        yield words.say("explain.safe.any" if safe == card.supporters else "explain.safe.some")
    else:
        yield words.say("explain.safe" if safe else "explain.safe.none", count=safe)
    if card.mandatory:
        return
    if card.enters:
        yield words.say("explain.enters", items=_named(card.enters, card, words))
    elif not card.by_order:
        yield words.say("explain.enters.none")

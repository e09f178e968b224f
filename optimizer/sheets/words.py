"""How checks, places and sources are said, the same on the screen and on paper."""

from __future__ import annotations

from fractions import Fraction

from optimizer.record.kinds import Quantity, kinds_limited_in
from optimizer.record.policy import Account, Bound, Certainty, Policy, Source
from optimizer.rules import Check, RuleStatus, Side, Standing
from optimizer.sheets.layout import Status
from optimizer.territory import place_words as numbered
from optimizer.words import INDONESIAN, Words

__all__ = [
    "MADE_UP",
    "basis",
    "bound_amount",
    "bound_words",
    "certainty",
    "headline",
    "place_words",
    "policy_words",
    "standing_cell",
    "status_words",
]

MADE_UP = "plan.made_up"

_BOUND_SIDES = ("max", "min", "exact")
_RUPIAH_CODES = kinds_limited_in(Quantity.RUPIAH, Quantity.UNIT_PRICE) | {
    "bound",
    "pagu",
    "pool",
    "pool_share",
}


def place_words(node: str, words: Words = INDONESIAN) -> str:
    """A place as the forms write it: ``RT 05 / RW 03``, ``RW 03``, ``Kelurahan Kaliombo``.

    Examples
    --------
    >>> place_words("Kaliombo/03/05"), place_words("Kaliombo/03"), place_words("Kaliombo")
    ('RT 05 / RW 03', 'RW 03', 'Kelurahan Kaliombo')
    """
    kelurahan, slash, _ = node.partition("/")
    if not slash:
        plain = kelurahan.casefold().startswith(("kelurahan", "desa"))
        return kelurahan if plain else words.say("sheet.kelurahan", name=kelurahan)
    return numbered(node)


def policy_words(policy: Policy, words: Words = INDONESIAN) -> str:
    """``TA 2023 (Perwali 7/2022) · tafsir "tepat 40%"``."""
    reading = words.pick(policy.reading)
    return words.say(
        "sheet.policy", year=policy.fiscal_year, law=policy.regulation, reading=reading
    )


def headline(name: str, policy: Policy, words: Words = INDONESIAN) -> str:
    """The place and the rules under which a sheet stands."""
    return f"{name} · {policy_words(policy, words)}" if name else policy_words(policy, words)


def status_words(check: Check, words: Words = INDONESIAN) -> str:
    """The status of a check in plain words; never by colour alone."""
    if check.bounds:
        return words.say(f"standing.{check.state}")
    return words.say(f"sheet.status.{_status_key(check)}")


def standing_cell(standing: Standing, words: Words = INDONESIAN) -> Status | str:
    """How an account stands, in a cell; empty where no bound is known."""
    if not standing.checks:
        return ""
    return Status(words.say(f"standing.{standing.state}"), standing.status.value)


def _status_key(check: Check) -> str:
    if check.status is RuleStatus.UNKNOWN:
        return "unknown"
    if check.status is RuleStatus.BREACH:
        return "over" if check.limit and check.side is not Side.CONTRIBUTION else "wrong"
    if check.status is RuleStatus.FINDING:
        return check.kind if Words.has(f"sheet.status.{check.kind}") else "short"
    return "letter" if check.letter else "fine"


def bound_words(account: Account, words: Words = INDONESIAN) -> str:
    """The bounds of an account: ``paling banyak 40%``, ``30% sampai 40%``."""
    texts = [_bound(b, words) for side in _BOUND_SIDES if (b := account.bound(side)) is not None]
    return ", ".join(texts) or "–"


def bound_amount(bound: Bound, words: Words = INDONESIAN) -> str:
    """``40%`` or ``Rp1.500.000``; empty where nobody knows the bound."""
    if bound.share is not None:
        return words.share(bound.share)
    return "" if bound.rupiah is None else words.rupiah(bound.rupiah)


def _bound(bound: Bound, words: Words) -> str:
    amount = bound_amount(bound, words)
    if not amount:
        return words.say("sheet.bound.unknown")
    return words.say(f"sheet.bound.{bound.side}", amount=amount)


def certainty(origin: Source, words: Words = INDONESIAN) -> str:
    """How a rule is known: read in the text, quoted, reported, inferred, not known."""
    return words.say(f"sheet.certainty.{origin.certainty}")


def basis(origin: Source, words: Words = INDONESIAN) -> str:
    """Where a rule comes from and how certain that is: ``Perwali 32/2021 ps. 16c (naskah)``."""
    if not origin.source:
        return ""
    article = origin.article.strip("- ")
    where = (
        f"{origin.source} {words.say('sheet.article', article=article)}"
        if article
        else (origin.source)
    )
    known = origin.certainty is not Certainty.UNKNOWN
    return f"{where} ({certainty(origin, words)})" if known else where


def share_words(amount: int, budget: int, words: Words = INDONESIAN) -> str:
    """An amount as a share of a pagu: ``30,5%``."""
    return words.share(Fraction(amount, budget)) if budget else "–"


def difference_words(check: Check, words: Words = INDONESIAN) -> str:
    """``+Rp2.000.000`` over a maximum, ``-Rp400.000`` below a minimum, empty where neither."""
    if check.kind not in _RUPIAH_CODES or not check.amount or check.status is RuleStatus.UNKNOWN:
        return ""
    if check.status is RuleStatus.BREACH:
        return f"+{words.rupiah(check.amount)}"
    return "" if check.side is Side.POOL else f"-{words.rupiah(check.amount)}"

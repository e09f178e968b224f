"""How checks, places and sources are said, the same on the screen and on paper."""

from __future__ import annotations

from fractions import Fraction

from optimizer.money import format_rupiah, format_share
from optimizer.record.kinds import Quantity, kinds_limited_in
from optimizer.record.policy import Account, Bound, Certainty, Policy, Source
from optimizer.rules import Check, RuleStatus, Side, Standing
from optimizer.sheets.layout import Status
from optimizer.territory import place_words as numbered
from optimizer.words import has, say

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


def place_words(node: str, lang: str = "id") -> str:
    """A place as the forms write it: ``RT 05 / RW 03``, ``RW 03``, ``Kelurahan Kaliombo``.

    Examples
    --------
    >>> place_words("Kaliombo/03/05"), place_words("Kaliombo/03"), place_words("Kaliombo")
    ('RT 05 / RW 03', 'RW 03', 'Kelurahan Kaliombo')
    """
    kelurahan, slash, _ = node.partition("/")
    if not slash:
        plain = kelurahan.casefold().startswith(("kelurahan", "desa"))
        return kelurahan if plain else say("sheet.kelurahan", lang, name=kelurahan)
    return numbered(node)


def policy_words(policy: Policy, lang: str = "id") -> str:
    """``TA 2023 (Perwali 7/2022) · tafsir "tepat 40%"``."""
    reading = policy.reading.get(lang) or policy.reading["id"]
    return say(
        "sheet.policy", lang, year=policy.fiscal_year, law=policy.regulation, reading=reading
    )


def headline(name: str, policy: Policy, lang: str = "id") -> str:
    """The place and the rules under which a sheet stands."""
    return f"{name} · {policy_words(policy, lang)}" if name else policy_words(policy, lang)


def status_words(check: Check, lang: str = "id") -> str:
    """The status of a check in plain words; never by colour alone."""
    if check.bounds:
        return say(f"standing.{check.state}", lang)
    return say(f"sheet.status.{_status_key(check)}", lang)


def standing_cell(standing: Standing, lang: str = "id") -> Status | str:
    """How an account stands, in a cell; empty where no bound is known."""
    if not standing.checks:
        return ""
    return Status(say(f"standing.{standing.state}", lang), standing.status.value)


def _status_key(check: Check) -> str:
    if check.status is RuleStatus.UNKNOWN:
        return "unknown"
    if check.status is RuleStatus.BREACH:
        return "over" if check.limit and check.side is not Side.CONTRIBUTION else "wrong"
    if check.status is RuleStatus.FINDING:
        return check.kind if has(f"sheet.status.{check.kind}") else "short"
    return "letter" if check.letter else "fine"


def bound_words(account: Account, lang: str = "id") -> str:
    """The bounds of an account: ``paling banyak 40%``, ``30% sampai 40%``."""
    texts = [_bound(b, lang) for side in _BOUND_SIDES if (b := account.bound(side)) is not None]
    return ", ".join(texts) or "–"


def bound_amount(bound: Bound, lang: str = "id") -> str:
    """``40%`` or ``Rp1.500.000``; empty where nobody knows the bound."""
    if bound.share is not None:
        return format_share(bound.share, lang)
    return "" if bound.rupiah is None else format_rupiah(bound.rupiah, lang)


def _bound(bound: Bound, lang: str) -> str:
    amount = bound_amount(bound, lang)
    if not amount:
        return say("sheet.bound.unknown", lang)
    return say(f"sheet.bound.{bound.side}", lang, amount=amount)


def certainty(origin: Source, lang: str = "id") -> str:
    """How a rule is known: read in the text, quoted, reported, inferred, not known."""
    return say(f"sheet.certainty.{origin.certainty}", lang)


def basis(origin: Source, lang: str = "id") -> str:
    """Where a rule comes from and how certain that is: ``Perwali 32/2021 ps. 16c (naskah)``."""
    if not origin.source:
        return ""
    article = origin.article.strip("- ")
    where = (
        f"{origin.source} {say('sheet.article', lang, article=article)}"
        if article
        else (origin.source)
    )
    known = origin.certainty is not Certainty.UNKNOWN
    return f"{where} ({certainty(origin, lang)})" if known else where


def share_words(amount: int, budget: int, lang: str = "id") -> str:
    """An amount as a share of a pagu: ``30,5%``."""
    return format_share(Fraction(amount, budget), lang) if budget else "–"


def difference_words(check: Check, lang: str = "id") -> str:
    """``+Rp2.000.000`` over a maximum, ``-Rp400.000`` below a minimum, empty where neither."""
    if check.kind not in _RUPIAH_CODES or not check.amount or check.status is RuleStatus.UNKNOWN:
        return ""
    if check.status is RuleStatus.BREACH:
        return f"+{format_rupiah(check.amount, lang)}"
    return "" if check.side is Side.POOL else f"-{format_rupiah(check.amount, lang)}"

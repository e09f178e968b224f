"""Whole rupiah: read, write, split.

Money is ``int`` rupiah everywhere outside the solver. Text is read as offices in Indonesia
write it (dot for thousands, comma for decimals) and refused where it could mean two things.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from optimizer.errors import RembugError

__all__ = [
    "parse_number",
    "parse_rupiah",
    "parse_share",
    "share_ceil",
    "share_floor",
    "split",
]

_SCALES = {
    "rb": 10**3,
    "ribu": 10**3,
    "jt": 10**6,
    "juta": 10**6,
    "m": 10**9,
    "miliar": 10**9,
    "milyar": 10**9,
    "miliard": 10**9,
    "mil": 10**9,
}
_AMOUNT = re.compile(
    r"^\(?\s*(?:rp|idr)?\s*\.?\s*(?P<number>-?[\d.,\s]*\d)\s*(?:,-|,--|\.-)?\s*"
    r"(?P<scale>rb|ribu|jt|juta|m|miliar|milyar|miliard|mil)?\.?\s*(?:rupiah)?\s*(?:,-)?\s*\)?$"
)
_THOUSANDS_DOT = re.compile(r"^-?\d{1,3}(\.\d{3})+$")
_THOUSANDS_COMMA = re.compile(r"^-?\d{1,3}(,\d{3})+$")


def _decimal(text: str) -> tuple[Decimal, bool]:
    """Read digits with separators; the flag says that another reading exists."""
    number = re.sub(r"\s", "", text)
    dots, commas = number.count("."), number.count(",")
    if dots and commas:
        if number.rfind(",") > number.rfind("."):  # 1.500.000,00
            whole, _, rest = number.rpartition(",")
            valid = commas == 1 and (_THOUSANDS_DOT.match(whole) is not None)
            return Decimal(whole.replace(".", "") + "." + rest) if valid else Decimal("NaN"), False
        whole, _, rest = number.rpartition(".")  # 1,500,000.00 as some programs export
        valid = dots == 1 and _THOUSANDS_COMMA.match(whole) is not None and len(rest) != 3
        return Decimal(whole.replace(",", "") + "." + rest) if valid else Decimal("NaN"), False
    if dots:
        if _THOUSANDS_DOT.match(number):
            # "0.500" is no way to write five hundred.
            return Decimal(number.replace(".", "")), number.lstrip("-").startswith("0")
        # "1.5": no thousands end so, only a decimal point does.
        return (Decimal(number) if dots == 1 else Decimal("NaN")), False
    if commas:
        if commas > 1:
            valid = _THOUSANDS_COMMA.match(number) is not None
            return Decimal(number.replace(",", "")) if valid else Decimal("NaN"), False
        # "1,500" could be one and a half or fifteen hundred.
        return Decimal(number.replace(",", ".")), _THOUSANDS_COMMA.match(number) is not None
    return Decimal(number), False


def _exact(value: float) -> Fraction:
    """A spreadsheet's float as the decimal that a person sees."""
    return Fraction(Decimal(repr(value)))


def parse_rupiah(value: object) -> int:
    """Read an amount as whole rupiah.

    Accepts numbers and ``Rp. 100.000.000,-``, ``100.000.000,00``, ``100000000``,
    ``100 juta``, ``1,5 jt``.

    Raises
    ------
    RembugError
        ``money_unreadable``, ``money_ambiguous`` or ``money_not_whole``.

    Examples
    --------
    >>> parse_rupiah("Rp. 100.000.000,-"), parse_rupiah("1,5 jt"), parse_rupiah("1.500")
    (100000000, 1500000, 1500)
    """
    text = str(value).strip()
    if isinstance(value, bool) or value is None:
        raise RembugError("money_unreadable", text=text)
    if isinstance(value, int | float):
        try:
            number = _exact(value) if isinstance(value, float) else Fraction(value)
        except (ValueError, OverflowError) as error:
            raise RembugError("money_unreadable", text=text) from error
        if number.denominator != 1:
            nearest = round(number)
            # Spreadsheets leave 0.30000000004-style dust; half a rupiah is not dust.
            if abs(number - nearest) > Fraction(1, 10**6):
                raise RembugError("money_not_whole", text=text)
            return nearest
        return int(number)
    lowered = text.lower().replace("\u00a0", " ")
    match = _AMOUNT.match(lowered)
    if match is None:
        raise RembugError("money_unreadable", text=text)
    scale = _SCALES.get(match["scale"] or "", 1)
    try:
        number_, ambiguous = _decimal(match["number"])
    except InvalidOperation as error:
        raise RembugError("money_unreadable", text=text) from error
    if number_.is_nan():
        raise RembugError("money_unreadable", text=text)
    if ambiguous:
        raise RembugError("money_ambiguous", text=text)
    amount = Fraction(number_) * scale
    if lowered.startswith("(") and lowered.endswith(")"):
        amount = -amount
    if amount.denominator != 1:
        raise RembugError("money_not_whole", text=text)
    return int(amount)


def parse_number(value: object) -> Fraction:
    """Read a quantity: ``1.500`` is 1500, ``1,5`` is 1.5, ``1,500`` is refused.

    Examples
    --------
    >>> parse_number("12,5"), parse_number(12.5), parse_number("1.500")
    (Fraction(25, 2), Fraction(25, 2), Fraction(1500, 1))
    """
    text = str(value).strip()
    if isinstance(value, bool) or value is None:
        raise RembugError("number_unreadable", text=text)
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, Fraction):
        return value
    try:
        if isinstance(value, float):
            return _exact(value)
        if not re.fullmatch(r"-?[\d.,]*\d", text.replace(" ", "")):
            raise RembugError("number_unreadable", text=text)
        number, ambiguous = _decimal(text)
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise RembugError("number_unreadable", text=text) from error
    if number.is_nan():
        raise RembugError("number_unreadable", text=text)
    if ambiguous:
        raise RembugError("number_ambiguous", text=text)
    return Fraction(number)


def parse_share(value: object) -> Fraction:
    """Read a number such as a share of the pagu, exactly as written (``0.4`` is 2/5, no float).

    Raises
    ------
    ArithmeticError
        If it is no finite number of a sensible size.
    """
    number = Decimal(str(value))
    # A huge exponent would be written out digit by digit.
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise InvalidOperation
    return Fraction(number)


def share_floor(share: Fraction, budget: int) -> int:
    """The most whole rupiah that a maximum of ``share`` allows."""
    return (share.numerator * budget) // share.denominator


def share_ceil(share: Fraction, budget: int) -> int:
    """The least whole rupiah that satisfies a minimum of ``share``."""
    return -((-share.numerator * budget) // share.denominator)


def split(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split whole rupiah in proportion to ``weights`` by largest remainder.

    Ties go to the earlier place, so equal parts differ by at most Rp1, first ones larger.

    Examples
    --------
    >>> split(10, [1, 1, 1])
    (4, 3, 3)
    """
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("weights must have a positive sum")
    parts = [total * w // whole for w in weights]
    remainders = [total * w % whole for w in weights]
    left = total - sum(parts)
    for i in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:left]:
        parts[i] += 1
    return tuple(parts)

"""Cells of a ``.pb`` file: exact numbers, lists of categories, caps per category."""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from optimizer.files.pabulib.election import Number

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(?:[.,][0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?")
_COMMA_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3},[0-9]{3}")
_LONGEST_LITERAL = 100_000
_DIGITS = 30
_LARGEST = 10**_DIGITS


def whole(value: Fraction) -> Number:
    """The same value, as ``int`` where it is whole."""
    return int(value) if value.denominator == 1 else value


def exact(text: str) -> Number | None:
    """Read a number exactly; None where it is not one or could be read in two ways.

    A dot is the decimal point of the format. A comma is read as one only where it cannot
    separate thousands.

    Examples
    --------
    >>> exact("1000.0"), exact("0.5"), exact("12,5"), exact("1,500"), exact("many")
    (1000, Fraction(1, 2), Fraction(25, 2), None, None)
    """
    if text.isascii() and text.isdigit() and len(text) <= _DIGITS:
        return int(text)  # almost every number of almost every file
    compact = re.sub(r"\s", "", text)
    if not _NUMBER.fullmatch(compact) or _COMMA_THOUSANDS.fullmatch(compact):
        return None
    value = Fraction(Decimal(compact.replace(",", ".")))
    # Beyond 30 digits on either side it is no amount; nor could it be written back.
    written_out = (value * _LARGEST).denominator == 1 and abs(value) < _LARGEST
    return whole(value) if written_out else None


def number_text(value: Number) -> str:
    """Write a decimal of at most 30 places exactly, without an exponent.

    Examples
    --------
    >>> number_text(1000), number_text(Fraction(-1, 8))
    ('1000', '-0.125')
    """
    fraction = Fraction(value)
    if fraction.denominator == 1:
        return str(int(fraction))
    places = next(n for n in range(1, 31) if 10**n % fraction.denominator == 0)
    digits = str(abs(fraction.numerator) * 10**places // fraction.denominator).zfill(places + 1)
    return f"{'-' if fraction < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def _literal(text: str) -> object:
    """A JSON or Python list or mapping; None for anything else. Nothing is executed."""
    if not text.startswith(("[", "(", "{")) or len(text) > _LONGEST_LITERAL:
        return None
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _parts(text: str) -> list[str]:
    """Comma-separated parts; a part with a comma inside may stand in double quotes."""
    try:
        row = next(csv.reader([text.replace("\n", " ")], skipinitialspace=True), [])
    except csv.Error:
        row = text.split(",")
    return [part.strip() for part in row if part.strip()]


def names(text: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """Read a list of categories, each once.

    Parameters
    ----------
    text : str
        Comma-separated, JSON or a Python list.
    known : collection of str
        Names that may hold commas themselves; the longest match wins.

    Examples
    --------
    >>> names("culture, sport"), names('["a, b", "c"]'), names("a, b,c", {"a, b"})
    (('culture', 'sport'), ('a, b', 'c'), ('a, b', 'c'))
    """
    literal = _literal(text.strip())
    if isinstance(literal, list | tuple):
        return tuple(dict.fromkeys(str(part).strip() for part in literal if str(part).strip()))
    if text.strip() in known:
        return (text.strip(),)
    pieces = text.split(",")
    if not any("," in name for name in known):
        return tuple(dict.fromkeys(_parts(text)))
    longest = 1 + max(name.count(",") for name in known)
    found: list[str] = []
    start = 0
    while start < len(pieces):
        stop = next(
            (
                end
                for end in range(min(start + longest, len(pieces)), start, -1)
                if ",".join(pieces[start:end]).strip() in known
            ),
            start + 1,
        )
        found.append(",".join(pieces[start:stop]).strip())
        start = stop
    return tuple(dict.fromkeys(name for name in found if name))


def unsplit(text: str) -> tuple[str, ...]:
    """A cell of categories before commas split it: the names of a written list, else itself."""
    if text.startswith("["):
        return names(text)
    return (text,) if text else ()


def caps(text: str, categories: Sequence[str]) -> dict[str, Number] | None:
    """Read ``budget_per_category``; None where it cannot be understood.

    Parameters
    ----------
    text : str
        Amounts in the order of ``categories`` (comma-separated, JSON or a Python list), or a
        mapping from category to amount (JSON, Python, or ``name: amount`` pairs).
    categories : sequence of str
        META ``categories``.

    Examples
    --------
    >>> caps("100, 200.5", ("a", "b"))
    {'a': 100, 'b': Fraction(401, 2)}
    >>> caps("{'a': 100}", ()), caps("a: 100, b: 200", ()), caps("100", ("a", "b"))
    ({'a': 100}, {'a': 100, 'b': 200}, None)
    """
    literal = _literal(text.strip())
    pairs: list[tuple[str, str]]
    if isinstance(literal, dict):
        pairs = [(str(name).strip(), str(amount)) for name, amount in literal.items()]
    else:
        is_list = isinstance(literal, list | tuple)
        parts = [str(part) for part in literal] if isinstance(literal, list | tuple) else []
        parts = parts if is_list else _parts(text)
        if parts and all(":" in part for part in parts):
            split = [part.rpartition(":") for part in parts]
            pairs = [(name.strip(), amount) for name, _, amount in split]
        elif len(parts) == len(categories):
            pairs = list(zip(categories, parts, strict=True))
        else:
            return None
    amounts = {name: exact(amount) for name, amount in pairs}
    if not amounts or len(amounts) != len(pairs):
        return None
    known = {name: amount for name, amount in amounts.items() if amount is not None and amount >= 0}
    return known if len(known) == len(amounts) else None


def limits(
    meta: Mapping[str, str], used: Collection[str]
) -> tuple[tuple[str, ...], dict[str, Number] | None]:
    """META ``categories``, and ``budget_per_category`` read beside them.

    Names may hold commas. Where the plain reading does not give one name for each amount, the
    cells that projects use tell where a name ends, those with the fewest commas first; a cell
    of which a part stands alone elsewhere is a list of names, not a name.

    Parameters
    ----------
    meta : mapping
        META as text.
    used : collection of str
        What stands in the column ``category``, before commas split it.

    Returns
    -------
    tuple of names, and caps
        Caps are None where they cannot be understood, empty where there are none.
    """
    text, amounts = meta.get("categories", ""), meta.get("budget_per_category", "")
    plain = names(text)
    if not amounts:
        return plain, {}
    alone = {cell for cell in used if "," not in cell}
    single = {c for c in used if not alone & {part.strip() for part in c.split(",")}}
    for commas in sorted({0, *(cell.count(",") for cell in single)}):
        listed = names(text, {cell for cell in single if cell.count(",") <= commas})
        found = caps(amounts, listed)
        if found is not None:
            return (tuple(found), found)
    return plain, None

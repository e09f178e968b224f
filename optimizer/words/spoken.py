"""``Words``: sentences, numbers, money, shares and dates in one language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache, cached_property, partial
from typing import Any, TypeVar

from optimizer.words.catalogue import FIRST, Text, messages

Terms = Mapping[str, Mapping[str, str]]
"""What a policy calls things: term → language → word, such as ``unit`` → RT."""

_T = TypeVar("_T")
_MILLION, _BILLION = 10**6, 10**9
_TERM = "term."


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence that is still data: said by the :class:`Words` of whoever reads it."""

    key: str
    data: Mapping[str, Any] = field(default_factory=dict)


Sayable = Message | Mapping[str, str]
"""What :meth:`Words.tell` says: a message, or a text by language such as an account's name."""


class Words:
    """Everything that is said to one reader: one language, and the policy's terms.

    Pass it down instead of a language code, and make text as late as you can::

        words = Words("en", policy.terms)
        words.say("check.pagu.breach", amount=1_500_000, place=place)
        words.rupiah(1_500_000), words.share(Fraction(3, 10)), words.pick(account.name)

    Data go in typed; the catalogue says how they are written:

    ======================  ===============================================================
    ``{year}``              text, or a number's plain digits
    ``{rows:number}``       as the language writes it; ``number.6``: up to six decimals
    ``{amount:rupiah}``     money; ``short`` where space is small; ``share``: percent
    ``{rows:counted.row}``  a number with its noun, the message ``counted.row``
    ``{rules:; }``          several, joined by what the placeholder names
    ``{unit}``, ``{Unit}``  a term of the policy, which nobody passes
    ======================  ===============================================================

    Texts by language (an account's name) and a :class:`Message` are said by themselves. A
    message with plurals (``one:``, ``other:`` … as CLDR names them) is chosen by ``count``.

    Parameters
    ----------
    lang : str
        One of :func:`~optimizer.words.languages`.
    terms : Terms
        The policy's; what it does not name is called as in a dataset.
    """

    def __init__(self, lang: str = FIRST, terms: Terms | None = None) -> None:
        self.lang = str(lang)
        self.terms: Terms = terms or {}

    @cached_property
    def _texts(self) -> Mapping[str, Text]:
        return messages(self.lang)

    # --- sentences ----------------------------------------------------------------------

    def say(self, key: str, /, **data: Any) -> str:
        """The message ``key`` with ``data`` filled in.

        Raises
        ------
        KeyError
            If the message or a placeholder is missing: a defect, caught by the tests.
        """
        text = self._text(key)
        if not isinstance(text, str):
            text = text[_plural_rule(self._plain("language.locale"))(float(data["count"]))]
        return text.format(**{**self._terms, **{k: _Datum(v, self) for k, v in data.items()}})

    def tell(self, said: Sayable) -> str:
        """A message that was kept as data, or a text by language."""
        return self.say(said.key, **said.data) if isinstance(said, Message) else self.pick(said)

    @staticmethod
    def has(key: str) -> bool:
        """Whether a message with this id exists."""
        return key in messages(FIRST)

    def __str__(self) -> str:
        return self.lang

    def pick(self, texts: Mapping[str, _T] | None) -> _T | str:
        """The text for the reader among texts by language, else Indonesian, else any."""
        if not texts:
            return ""
        return texts.get(self.lang) or texts.get(FIRST) or next(iter(texts.values()))

    def _text(self, key: str) -> Text:
        """A language that lacks a message borrows it from Indonesian."""
        return self._texts[key] if key in self._texts else messages(FIRST)[key]

    def _plain(self, key: str) -> str:
        return str(self._text(key))

    @cached_property
    def _terms(self) -> Mapping[str, str]:
        names = [key.removeprefix(_TERM) for key in messages(FIRST) if key.startswith(_TERM)]
        called = {n: self.pick(self.terms.get(n)) or self._plain(_TERM + n) for n in names}
        return {**{n.capitalize(): t[:1].upper() + t[1:] for n, t in called.items()}, **called}

    # --- numbers ------------------------------------------------------------------------

    def number(self, value: float | Fraction, places: int = 3) -> str:
        """``1.234,5`` in Indonesian, ``1,234.5`` in English; no trailing zeros.

        Examples
        --------
        >>> Words().number(Fraction(2469, 2)), Words("en").number(Fraction(2469, 2))
        ('1.234,5', '1,234.5')
        """
        exact = Fraction(value)
        scaled = round(abs(exact) * 10**places)
        whole, rest = divmod(scaled, 10**places)
        text = self._grouped(str(whole))
        if decimals := str(rest).zfill(places).rstrip("0") if places else "":
            text += self._plain("language.decimal") + decimals
        return f"-{text}" if exact < 0 and scaled else text

    def rupiah(self, amount: int, *, short: bool = False) -> str:
        """``Rp100.000.000``, or ``Rp30 jt`` where space is small.

        Examples
        --------
        >>> Words().rupiah(9_600_000), Words().rupiah(9_600_000, short=True)
        ('Rp9.600.000', 'Rp9,6 jt')
        """
        sign, size = "-" if amount < 0 else "", abs(amount)
        if not short or size < _MILLION:
            return f"{sign}{self._terms['currency']}{self._grouped(str(size))}"
        name, unit, places = (
            ("billion", _BILLION, 2) if size >= _BILLION else ("million", _MILLION, 1)
        )
        return sign + self._scaled(round(Fraction(size, unit), places), f"language.{name}")

    def spoken(self, amount: int) -> str:
        """An amount as one says it: ``Rp9,6 juta``, exact or in full.

        Examples
        --------
        >>> Words().spoken(9_600_000), Words().spoken(1_410_000_000), Words().spoken(1_234_567)
        ('Rp9,6 juta', 'Rp1,41 miliar', 'Rp1.234.567')
        """
        for name, unit in (("billion", _BILLION), ("million", _MILLION)):
            number = Fraction(amount, unit)
            if amount >= unit and (number * 1000).denominator == 1:
                return self._scaled(number, f"language.{name}.spoken")
        return self.rupiah(amount)

    def share(self, share: float | Fraction, places: int = 1) -> str:
        """A share as percent: ``30,5%``."""
        return self.number(Fraction(share) * 100, places) + "%"

    def volume(self, value: float | Fraction, measure: str) -> str:
        """``48 m²``: a number and what it counts, as it was written."""
        return f"{self.number(value)} {measure}".strip()

    def date(self, text: str) -> str:
        """A recorded date in words where it is one: ``23 Februari 2022``."""
        from babel.dates import format_date  # noqa: PLC0415 - slow, and few commands need it

        try:
            day = date.fromisoformat(text)
        except ValueError:
            return text
        form, locale = self._plain("language.date"), self._plain("language.locale")
        return str(format_date(day, form, locale=locale))

    def _grouped(self, digits: str) -> str:
        return re.sub(r"(?<=\d)(?=(\d{3})+$)", self._plain("language.group"), digits)

    def _scaled(self, number: Fraction, unit: str) -> str:
        return f"{self._terms['currency']}{self.number(number)} {self._plain(unit)}"


class _Datum:
    """One of the data of a message; the placeholder's format says how it is written."""

    __slots__ = ("value", "words")

    def __init__(self, value: Any, words: Words) -> None:
        self.value, self.words = value, words

    def __format__(self, form: str) -> str:
        value, words = self.value, self.words
        if isinstance(value, Message | Mapping):
            return words.tell(value)
        if isinstance(value, tuple):
            return form.join(words.tell(part) for part in value)
        kind, _, rest = form.partition(".")
        if kind == "counted":
            return words.say(form, count=value)
        if isinstance(value, str) or not kind:
            return format(value)
        return str(_WRITERS[kind](words, value, *([int(rest)] if rest else ())))


# How a placeholder asks for a number to be written.
_WRITERS: Mapping[str, Callable[..., str]] = {
    "number": Words.number,
    "rupiah": Words.rupiah,
    "short": partial(Words.rupiah, short=True),
    "share": Words.share,
}


@cache
def _plural_rule(locale: str) -> Callable[[float], str]:
    """What tells the plural category of a number: ``one``, ``other`` …"""
    from babel.core import Locale  # noqa: PLC0415 - slow, and Indonesian has no plurals

    rule: Callable[[float], str] = Locale.parse(locale).plural_form
    return rule


INDONESIAN = Words()
"""For whoever names no language, where no policy is at hand."""

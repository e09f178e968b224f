"""Kinds of item rules: what each is written with, and what others must know of it.

The first of three tables with the same keys. The others are
:data:`optimizer.formulation.item_rules.ROWS` (what a plan must keep) and
:data:`optimizer.rules.items.JUDGES` (how a list is judged), which never see each other. Reading,
advice, prices and sheets ask :data:`KINDS` and have no code of their own for any kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

__all__ = [
    "KINDS",
    "Certainty",
    "ItemRule",
    "Quantity",
    "RuleKind",
    "Shape",
    "Source",
    "kinds_limited_in",
]


class Certainty(StrEnum):
    """How a bound or rule is known."""

    TEXT = "text"
    QUOTATION = "quotation"
    NEWS = "news"
    INFERENCE = "inference"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a bound or rule comes from."""

    source: str = ""
    article: str = ""
    certainty: Certainty = Certainty.UNKNOWN

    @property
    def known_article(self) -> str:
        """The article; empty where the policy has only a dash there."""
        return self.article.strip("- ")


class RuleKind(StrEnum):
    """Kinds of item rules; README says how to add one."""

    MANDATORY = "mandatory"
    VOLUME = "volume"
    RUPIAH = "rupiah"
    UNIT_PRICE = "unit_price"
    ONCE = "once"
    ONE_OF = "one_of"
    ONLY_WITH = "only_with"
    EACH_FIELD = "each_field"


class Quantity(StrEnum):
    """What the limits of a rule are counted in."""

    NONE = ""
    VOLUME = "volume"
    RUPIAH = "rupiah"
    UNIT_PRICE = "unit_price"
    ITEMS = "items"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind of rule is written with, and what it does.

    Attributes
    ----------
    needs : str
        Keys without which such a rule says nothing; of ``min|max`` one is enough.
    takes : str
        Keys that may stand beside them; any other key is refused, as nobody would read it.
    limits : Quantity
        What its limits are counted in.
    mandatory : bool
        Its activities must be in: they come before all stages, and no advice touches them.
    """

    needs: str = ""
    takes: str = ""
    limits: Quantity = Quantity.NONE
    mandatory: bool = False


KINDS: Mapping[RuleKind, Shape] = {
    # One of the activities is in, in each unit.
    RuleKind.MANDATORY: Shape("activities", "waivable letter", mandatory=True),
    # So much of the activities in a list, in volume, in rupiah, or for one piece.
    RuleKind.VOLUME: Shape("activities min|max", "per", Quantity.VOLUME),
    RuleKind.RUPIAH: Shape("activities min|max", "per", Quantity.RUPIAH),
    RuleKind.UNIT_PRICE: Shape("activities min|max", "per", Quantity.UNIT_PRICE),
    # One proposal of the activities in a list, in all years or in this one.
    RuleKind.ONCE: Shape("activities", "per", Quantity.ITEMS),
    RuleKind.ONE_OF: Shape("activities", "per", Quantity.ITEMS),
    # The activities only beside one of those that they require.
    RuleKind.ONLY_WITH: Shape("activities requires", "per"),
    # Something in each field of each unit.
    RuleKind.EACH_FIELD: Shape("", "waivable letter"),
}


def kinds_limited_in(*quantities: Quantity) -> frozenset[str]:
    """The kinds whose limits are counted in one of these."""
    return frozenset(kind.value for kind, shape in KINDS.items() if shape.limits in quantities)


@dataclass(frozen=True, slots=True)
class ItemRule:
    """A rule about activities rather than accounts.

    Attributes
    ----------
    activities : tuple of str
        Menu ids that the rule is about.
    requires : tuple of str
        For ``only_with``: at least one of these must be in.
    minimum, maximum
        Volume or rupiah, as the kind says.
    per : str
        ``rt`` (times the units that a shared proposal serves) or ``owner`` (the list's owner).
    """

    id: str
    kind: RuleKind
    activities: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    per: str = "rt"
    waivable: bool = False
    letter: str = ""
    text: Mapping[str, str] | None = None
    origin: Source = Source()

    @property
    def shape(self) -> Shape:
        """What rules of its kind are and do."""
        return KINDS[self.kind]

    @property
    def capped(self) -> bool:
        """Whether more of its activities may break it."""
        return self.maximum is not None or self.shape.limits is Quantity.ITEMS

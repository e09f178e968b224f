"""What policy and menu files may say (YAML), checked key by key at the edge."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from optimizer.record.kinds import KINDS, Certainty, ItemRule, RuleKind, Source
from optimizer.record.policy import Account, Bound, Policy
from optimizer.record.proposals import Activity, Menu
from optimizer.words import FIRST

__all__ = ["AccountFile", "MenuFile", "PolicyFile"]


def _by_language(value: Any) -> Any:
    """Words in one language stand for the others too: a town writes its policy in its own."""
    words = {FIRST: value} if isinstance(value, str) else value
    if not isinstance(words, dict) or not words:
        return value
    return {FIRST: next(iter(words.values())), **words}


Texts = Annotated[dict[str, str], BeforeValidator(_by_language)]
Share = Annotated[Decimal, Field(ge=0, le=1, max_digits=30, decimal_places=25)]
Number = Annotated[Decimal, Field(ge=0, max_digits=30, decimal_places=10)]
Rupiah = Annotated[int, Field(ge=0, le=10**15, strict=True)]
Year = Annotated[int, Field(ge=1900, le=2200, strict=True)]


def wrong(code: str, key: str = "", **data: object) -> PydanticCustomError:
    """Something that no single key shows; it is said as the finding ``code``."""
    return PydanticCustomError(code, "", {"key": key, **data})


class Strict(BaseModel):
    """No key that nobody reads, and none without content."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    may_be_empty: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _nothing_empty(cls, content: Any) -> Any:
        for key, value in content.items() if isinstance(content, dict) else ():
            if value is None and key not in cls.may_be_empty:
                raise wrong("yaml_key_empty", str(key))
        return content


class Sourced(Strict):
    """What names its source."""

    source: str = ""
    article: str = ""
    certainty: Certainty = Certainty.UNKNOWN

    def origin(self) -> Source:
        """Where it comes from."""
        return Source(self.source, self.article, self.certainty)


class BoundFile(Sourced):
    """A bound of one side of an account."""

    share: Share | None = None
    rupiah: Rupiah | None = None
    waivable: bool = False
    letter: str = ""

    @model_validator(mode="after")
    def _one_number(self) -> BoundFile:
        if self.share is not None and self.rupiah is not None:
            raise wrong("policy_bound_two", "rupiah")
        said = "certainty" in self.model_fields_set and self.certainty is Certainty.UNKNOWN
        if self.share is None and self.rupiah is None and not said:
            raise wrong("policy_bound_none")
        return self

    def build(self, side: str) -> Bound:
        """The same as a value of the engine."""
        return Bound(
            side=side,
            share=None if self.share is None else Fraction(self.share),
            rupiah=self.rupiah,
            waivable=self.waivable,
            letter=self.letter,
            origin=self.origin(),
        )


class AccountFile(Strict):
    """An account with those below it."""

    name: Texts
    field: bool = True
    decided_at: Literal["rt", "kelurahan"] = "rt"
    min: BoundFile | None = None
    max: BoundFile | None = None
    exact: BoundFile | None = None
    accounts: Annotated[dict[str, AccountFile], Field(min_length=1)] = {}

    @model_validator(mode="after")
    def _a_maximum_is_a_limit(self) -> AccountFile:
        if self.max is not None and self.max.waivable:
            raise wrong("policy_max_waivable", "max")
        return self

    def build(self, path: str) -> Account:
        """The same as a value of the engine."""
        sides = (("exact", self.exact), ("min", self.min), ("max", self.max))
        return Account(
            id=path,
            name=self.name,
            decided_at=self.decided_at,
            field=self.field,
            bounds=tuple(b.build(side) for side, b in sides if b is not None),
            children=tuple(a.build(f"{path}/{key}") for key, a in self.accounts.items()),
        )


class RuleFile(Sourced):
    """A rule on activities: which keys it needs and takes, its kind says."""

    id: str
    kind: RuleKind
    activities: list[str] = []
    requires: list[str] = []
    min: Number | None = None
    max: Number | None = None
    per: Literal["rt", "owner"] = "rt"
    waivable: bool = False
    letter: str = ""
    text: Texts | None = None

    @model_validator(mode="after")
    def _as_its_kind_says(self) -> RuleFile:
        shape, given = KINDS[self.kind], {k for k in self.model_fields_set if getattr(self, k)}
        given |= {key for key in ("min", "max") if getattr(self, key) is not None}
        for key in shape.needs.split():
            if given.isdisjoint(key.split("|")):
                raise wrong("policy_rule_needs", kind=self.kind.value, needs=key.replace("|", "/"))
        read = {*RuleFile._common, *shape.needs.replace("|", " ").split(), *shape.takes.split()}
        for key in sorted(given - read):
            raise wrong("policy_rule_unread", key, kind=self.kind.value, unread=key)
        if self.min is not None and self.max is not None and self.min > self.max:
            raise wrong("policy_min_above_max", "min")
        return self

    _common: ClassVar[frozenset[str]] = frozenset({"id", "kind", "text", *Sourced.model_fields})

    def build(self) -> ItemRule:
        """The same as a value of the engine."""
        return ItemRule(
            id=self.id,
            kind=self.kind,
            activities=tuple(self.activities),
            requires=tuple(self.requires),
            minimum=None if self.min is None else Fraction(self.min),
            maximum=None if self.max is None else Fraction(self.max),
            per=self.per,
            waivable=self.waivable,
            letter=self.letter,
            text=self.text,
            origin=self.origin(),
        )


class Inherit(Strict):
    """Rules taken over from another policy, and how sure that is."""

    source: str = Field(alias="from")
    certainty: Certainty


class PolicyFile(Strict):
    """A rule set of one fiscal year."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"menu"})
    id: str
    aliases: list[str] = []
    name: Texts
    fiscal_year: Year
    fiscal_years: list[Year] = []
    regulation: str
    reading: Texts
    unit_level: Literal["rt", "rw", "kelurahan", "desa"]
    pagu: Rupiah
    note: Texts | None = None
    menu: str | None = None
    accounts: Annotated[dict[str, AccountFile], Field(min_length=1)]
    inherit_rules: Inherit | None = None
    rules: list[RuleFile] = []

    def build(self, rules: tuple[ItemRule, ...], menu: Menu | None) -> Policy:
        """The same as a value of the engine, with all its rules."""
        return Policy(
            id=self.id,
            name=self.name,
            fiscal_year=self.fiscal_year,
            regulation=self.regulation,
            reading=self.reading,
            unit_level=self.unit_level,
            pagu=self.pagu,
            accounts=tuple(a.build(key) for key, a in self.accounts.items()),
            rules=rules,
            menu=menu,
            note=self.note,
            fiscal_years=tuple(self.fiscal_years) or (self.fiscal_year,),
            aliases=tuple(self.aliases),
        )


class ActivityFile(Strict):
    """A permitted activity."""

    id: str
    account: str
    name: Texts
    levels: list[str] = []
    level_certainty: str = ""
    article: str = ""
    limit: Texts | None = None
    condition: Texts | None = None
    aliases: list[str] = []
    keywords: list[str] = []
    flags: list[str] = []

    def build(self) -> Activity:
        """The same as a value of the engine."""
        return Activity(
            id=self.id,
            account=self.account,
            name=self.name,
            levels=tuple(self.levels),
            level_certainty=self.level_certainty,
            article=self.article,
            limit=self.limit,
            condition=self.condition,
            aliases=tuple(self.aliases),
            keywords=tuple(self.keywords),
            flags=tuple(self.flags),
        )


class MenuFile(Strict):
    """The activities that a regulation permits."""

    id: str
    name: Texts | None = None
    source: str = ""
    activities: Annotated[list[ActivityFile], Field(min_length=1)]

    def build(self) -> Menu:
        """The same as a value of the engine."""
        return Menu(self.id, tuple(a.build() for a in self.activities), self.source)

"""Policy and menu files (YAML) in, :class:`~optimizer.record.policy.Policy` out."""

from __future__ import annotations

import difflib
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from optimizer.errors import PolicyError
from optimizer.files.yamls import read_yaml
from optimizer.money import format_rupiah
from optimizer.record.policy import (
    Account,
    Bound,
    Certainty,
    ItemRule,
    Policy,
    RuleKind,
    Source,
)
from optimizer.record.proposals import Activity, Menu
from optimizer.shipped import DATA
from optimizer.words import LANGUAGES

__all__ = ["list_policies", "load_policy"]

_M = TypeVar("_M", bound=BaseModel)


def _in_each_language(value: Any) -> Any:
    """Words in one language stand for the others too: a town writes its policy in its own."""
    words = {LANGUAGES[0]: value} if isinstance(value, str) else value
    if not isinstance(words, dict) or not words:
        return value
    first = next((words[lang] for lang in LANGUAGES if lang in words), None)
    return {**{lang: first for lang in LANGUAGES if first is not None}, **words}


Words = Annotated[dict[str, str], BeforeValidator(_in_each_language)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Sourced(_Strict):
    source: str = ""
    article: str = ""
    certainty: Certainty = Certainty.UNKNOWN

    def origin(self) -> Source:
        return Source(self.source, self.article, self.certainty)


class _BoundFile(_Sourced):
    share: Decimal | None = Field(None, ge=0, le=1)
    rupiah: int | None = Field(None, ge=0)
    waivable: bool = False
    letter: str = ""

    def build(self, side: str) -> Bound:
        return Bound(
            side=side,
            share=None if self.share is None else Fraction(self.share),
            rupiah=self.rupiah,
            waivable=self.waivable and side != "max",
            letter=self.letter,
            origin=self.origin(),
        )


class _AccountFile(_Strict):
    name: Words
    field: bool = True
    decided_at: Literal["rt", "kelurahan"] = "rt"
    min: _BoundFile | None = None
    max: _BoundFile | None = None
    exact: _BoundFile | None = None
    accounts: dict[str, _AccountFile] = {}

    def build(self, path: str) -> Account:
        sides = (("exact", self.exact), ("min", self.min), ("max", self.max))
        return Account(
            id=path,
            name=self.name,
            decided_at=self.decided_at,
            field=self.field,
            bounds=tuple(b.build(side) for side, b in sides if b is not None),
            children=tuple(a.build(f"{path}/{key}") for key, a in self.accounts.items()),
        )


class _RuleFile(_Sourced):
    id: str
    kind: RuleKind
    activities: list[str] = []
    requires: list[str] = []
    min: Decimal | None = None
    max: Decimal | None = None
    per: Literal["rt", "owner"] = "rt"
    waivable: bool = False
    letter: str = ""
    text: Words | None = None

    def build(self, certainty: Certainty | None = None) -> ItemRule:
        origin = self.origin()
        if certainty is not None:
            origin = Source(origin.source, origin.article, certainty)
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
            origin=origin,
        )


class _Inherit(_Strict):
    source: str = Field(alias="from")
    certainty: Certainty


class _PolicyFile(_Strict):
    id: str
    aliases: list[str] = []
    name: Words
    fiscal_year: int
    fiscal_years: list[int] = []
    regulation: str
    reading: Words
    unit_level: Literal["rt", "rw", "kelurahan", "desa"]
    pagu: int = Field(ge=0)
    note: Words | None = None
    menu: str | None = None
    accounts: dict[str, _AccountFile]
    inherit_rules: _Inherit | None = None
    rules: list[_RuleFile] = []


class _ActivityFile(_Strict):
    id: str
    account: str
    name: Words
    levels: list[str] = []
    level_certainty: str = ""
    article: str = ""
    limit: Words | None = None
    condition: Words | None = None
    aliases: list[str] = []
    keywords: list[str] = []
    flags: list[str] = []

    def build(self) -> Activity:
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


class _MenuFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")
    id: str
    source: str = ""
    activities: list[_ActivityFile]


def _validated(model: type[_M], content: Any, path: Path) -> _M:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(str(x) for x in e['loc'])}: {e['msg']}" for e in error.errors()[:10]
        )
        raise PolicyError("policy_invalid", path=path.name, problems=problems) from error


@cache
def _index(folder: Path) -> dict[str, Path]:
    """Policy ids and aliases to files."""
    index: dict[str, Path] = {}
    for path in sorted(folder.glob("*.yaml")):
        content = read_yaml(path)
        if isinstance(content, dict):
            for name in (content.get("id"), *(content.get("aliases") or [])):
                index[str(name)] = path
    return index


def list_policies() -> tuple[Policy, ...]:
    """All shipped policies, by id."""
    paths = sorted(set(_index(DATA / "policies").values()))
    return tuple(load_policy(path) for path in paths)


def load_policy(which: str | Path) -> Policy:
    """A policy by id, alias, or path to a YAML file.

    Raises
    ------
    PolicyError
        ``policy_unknown`` with the nearest id, ``policy_invalid``, ``policy_contradiction``.
    """
    if isinstance(which, Path) or which.endswith((".yaml", ".yml")):
        return _read(Path(which))
    index = _index(DATA / "policies")
    if which not in index:
        near = difflib.get_close_matches(which, index, n=1, cutoff=0.0) or sorted(index)
        raise PolicyError("policy_unknown", name=which, near=near[0], known=", ".join(index))
    return _read(index[which])


@cache
def _read(path: Path) -> Policy:
    file = _validated(_PolicyFile, read_yaml(path), path)
    rules = tuple(r.build() for r in file.rules)
    if file.inherit_rules is not None:
        parent = load_policy(file.inherit_rules.source)
        certainty = file.inherit_rules.certainty
        inherited = tuple(
            ItemRule(**{**_as_dict(r), "origin": _with_certainty(r.origin, certainty)})
            for r in parent.rules
            if r.id not in {own.id for own in rules}
        )
        rules = (*inherited, *rules)
    policy = Policy(
        id=file.id,
        name=file.name,
        fiscal_year=file.fiscal_year,
        regulation=file.regulation,
        reading=file.reading,
        unit_level=file.unit_level,
        pagu=file.pagu,
        accounts=tuple(a.build(key) for key, a in file.accounts.items()),
        rules=rules,
        menu=_menu(_menu_file(file.menu, path)) if file.menu else None,
        note=file.note,
        fiscal_years=tuple(file.fiscal_years) or (file.fiscal_year,),
        aliases=tuple(file.aliases),
    )
    refuse_contradictions(policy)
    return policy


def _as_dict(rule: ItemRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in ItemRule.__slots__}


def _with_certainty(origin: Source, certainty: Certainty) -> Source:
    return Source(origin.source, origin.article, certainty)


def _menu_file(name: str, policy: Path) -> Path:
    """A menu beside the policy that names it, else a shipped one."""
    places = [policy.parent / f"{name}.yaml", DATA / "menus" / f"{name}.yaml"]
    found = next((p for p in places if p.is_file() and p != policy), None)
    if found is None:
        known = sorted(p.stem for p in (DATA / "menus").glob("*.yaml"))
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
        raise PolicyError(
            "menu_unknown", path=policy.name, name=name, near=near[0], known=", ".join(known)
        )
    return found


@cache
def _menu(path: Path) -> Menu:
    file = _validated(_MenuFile, read_yaml(path), path)
    return Menu(file.id, tuple(a.build() for a in file.activities), file.source)


def refuse_contradictions(policy: Policy) -> None:
    """Refuse a policy whose bounds no budget can meet at once.

    Raises
    ------
    PolicyError
        ``policy_contradiction``, naming the account and both sums.
    """

    def lower(account: Account) -> int:
        below = sum(lower(c) for c in account.children)
        least, most = max(account.lower(policy.pagu), below), upper(account)
        if least > most:
            raise PolicyError(
                "policy_contradiction",
                policy=policy.id,
                account=account.name["id"],
                least=format_rupiah(least),
                most=format_rupiah(most),
            )
        return least

    def upper(account: Account) -> int:
        own = account.upper(policy.pagu)
        return min(own, sum(upper(c) for c in account.children)) if account.children else own

    total = sum(lower(a) for a in policy.accounts)
    if total > policy.pagu:
        raise PolicyError(
            "policy_contradiction",
            policy=policy.id,
            account="pagu",
            least=format_rupiah(total),
            most=format_rupiah(policy.pagu),
        )

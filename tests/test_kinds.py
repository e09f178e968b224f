"""Every kind of rule has all its parts: record, rows, judge and sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from random import Random

import pytest
from instances import random_scenario

import optimizer.words
from optimizer.formulation.item_rules import ROWS
from optimizer.record.kinds import KINDS, RuleKind
from optimizer.rules import Check, RuleStatus, as_recorded
from optimizer.rules.items import JUDGES
from optimizer.rules.ledger import Ledger
from optimizer.words import languages, messages

TABLES = {"KINDS": KINDS, "ROWS": ROWS, "JUDGES": JUDGES}
PARAMETERS = frozenset({"activities", "requires", "min", "max", "per", "waivable", "letter"})


def sentences(kind: RuleKind) -> Iterator[str]:
    """Ids of what the judge of a kind may say."""
    for stem in JUDGES[kind].says or (kind.value,):
        for status in JUDGES[kind].statuses:
            yield f"check.{stem}.{status}"


def lacking() -> list[str]:
    """What kinds of rules lack, one line for each part."""
    found = [f"{name}: {kind}" for name, table in TABLES.items() for kind in {*RuleKind} - {*table}]
    for kind in RuleKind:
        written = {p for key in KINDS[kind].needs.split() for p in key.split("|")}
        written |= {*KINDS[kind].takes.split()}
        found += [f"unknown key of {kind}: {key}" for key in written - PARAMETERS]
    for kind in {*RuleKind} & {*JUDGES}:
        for lang in languages():
            missing = {*sentences(kind)} - {*messages(lang)}
            found += [f"{lang}: {sentence}" for sentence in missing]
    return found


def test_no_kind_lacks_a_part() -> None:
    assert lacking() == []


@pytest.mark.parametrize("name", ["ROWS", "JUDGES"])
@pytest.mark.parametrize("kind", [RuleKind.RUPIAH, RuleKind.EACH_FIELD])
def test_a_missing_part_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, kind: RuleKind
) -> None:
    monkeypatch.delitem(TABLES[name], kind)  # type: ignore[arg-type]
    assert lacking() == [f"{name}: {kind}"]


@pytest.mark.parametrize("lang", languages())
def test_a_missing_sentence_is_named(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    monkeypatch.delitem(messages(lang), "check.one_of.breach")  # type: ignore[arg-type]
    assert lacking() == [f"{lang}: check.one_of.breach"]


def random_checks(kind: RuleKind) -> Iterator[Check]:
    """What the judge of a kind finds in random lists, each rule with and without its letters."""
    for seed in range(60):
        scenario = random_scenario(seed)
        recorded = as_recorded(scenario.dataset, scenario.policy)
        dice = Random(seed)
        for _ in range(6):
            volumes = {
                p.id: dice.choice((Fraction(0), p.least, p.volume))
                for p in scenario.dataset.proposals
            }
            listed = type(recorded)(volumes, pool_shares=recorded.pool_shares)
            ledger = Ledger(scenario.dataset, scenario.policy, listed)
            for rule in scenario.policy.rules:
                if rule.kind is kind:
                    yield from JUDGES[kind].checks(ledger, rule)


# What only a recap with unread cells brings about.
UNREAD = {RuleKind.VOLUME, RuleKind.RUPIAH, RuleKind.UNIT_PRICE}


@pytest.mark.parametrize("kind", RuleKind)
def test_a_judge_says_what_it_is_declared_to_say(kind: RuleKind) -> None:
    said: dict[str, set[RuleStatus]] = defaultdict(set)
    for check in random_checks(kind):
        said[check.kind].add(check.status)
        for lang in optimizer.words.languages():
            assert check.message(optimizer.words.Words(lang))
    declared = {*JUDGES[kind].statuses} - ({RuleStatus.UNKNOWN} if kind in UNREAD else set())
    if kind is RuleKind.UNIT_PRICE:
        declared -= {RuleStatus.FINDING}  # no random rule has a least price
    assert dict(said) == dict.fromkeys(JUDGES[kind].says or (kind.value,), declared)

"""Findings are typed: every check says in fields what it is about, and nobody parses its words."""

import ast
from pathlib import Path

import pytest
from rules_cases import RT1, dataset, usulan

import optimizer
from optimizer.checking import check
from optimizer.files.policies import load_policy
from optimizer.files.scenarios import load_scenario
from optimizer.planning import optimize
from optimizer.record.policy import Policy
from optimizer.rules import Check, RuleStatus, Side, as_recorded, check_rules
from optimizer.words import Words, languages

RECAP = "data/contoh-rekap-kaliombo.xlsx"
PARSING = {"split", "rsplit", "partition", "rpartition", "startswith", "endswith", "removeprefix",
           "removesuffix", "replace", "strip"}  # fmt: skip
WORDS = {"rule", "message", "remedy_text"}


@pytest.fixture(scope="module")
def judged() -> list[tuple[Policy, Check]]:
    """What the judge says of a recap with mistakes, of minutes and of a plan."""
    recap = check(RECAP)
    plan = optimize(load_scenario("kaliombo-2023"))
    minutes = check("data/kaliombo-2023", policy="kediri-2022")
    return [
        *((recap.opened.policy, c) for c in recap.checks),
        *((plan.scenario.policy, c) for c in plan.checks),
        *((minutes.opened.policy, c) for c in minutes.checks),
    ]


def test_every_check_says_in_fields_what_it_is_about(judged):
    assert {c.status for _, c in judged} == set(RuleStatus)
    for policy, found in judged:
        rules = {r.id for r in policy.rules}
        assert isinstance(found.side, Side)
        assert found.account in {"", *policy.by_id}
        assert found.item in {"", *rules}
        assert bool(found.item) == (found.side in {Side.ITEM, Side.FIELD})
        if found.bounds:
            assert policy.by_id[found.account].bound(found.side) is not None
        for lang in languages():
            assert found.message(Words(lang))


def test_the_ids_in_files_are_those_of_before(judged):
    ids = {c.rule for _, c in judged}
    assert {
        "pagu", "kesehatan.max", "infrastruktur.bersama.min", "infrastruktur.exact", "pool",
        "rule.jkn", "field.kepemudaan", "duplicate", "price", "menu",
    } <= ids  # fmt: skip


def test_a_record_names_side_and_account_beside_the_id():
    listed = dataset(usulan("U-1", RT1, "posyandu_alat", 40_000_001, field="kesehatan"))
    policy = load_policy("kediri-2023-tepat")
    checks = check_rules(listed, policy, as_recorded(listed, policy))
    (over,) = [c.record() for c in checks if c.status is RuleStatus.BREACH]
    assert over == {
        "rule": "kesehatan.max", "side": "max", "kind": "bound", "account": "kesehatan",
        "item": "", "place": RT1, "status": "breach", "letter": "", "amount": 1,
    }  # fmt: skip


def test_nobody_parses_the_words_or_the_id_of_a_check():
    found = []
    for path in sorted(Path(optimizer.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            of = node.func.value.func if isinstance(node.func.value, ast.Call) else node.func.value
            if node.func.attr in PARSING and isinstance(of, ast.Attribute) and of.attr in WORDS:
                found.append(f"{path.name}:{node.lineno}")
    assert found == []

"""Policies that cannot mean what they say are refused when they are read, by line."""

from __future__ import annotations

from pathlib import Path

import pytest

import optimizer as ob
from optimizer.errors import Finding, InputRefused, PolicyError
from optimizer.files.policies import list_policies, load_policy
from optimizer.files.policy_file import RuleFile
from optimizer.record.kinds import KINDS, RuleKind
from optimizer.words import Words, languages

POLICY = """\
id: kota-x
name: {id: Hibah RT, en: Grant per RT}
fiscal_year: 2026
regulation: contoh
reading: contoh
unit_level: rt
pagu: 50000000
menu: menu-x
accounts:
  aman: {name: Keamanan, max: {share: 0.4, source: x}}
  sehat:
    name: Kesehatan
    min: {share: 0.2, waivable: true, letter: E}
    max: {share: 0.5}
    accounts:
      balita: {name: Balita}
      lansia: {name: Lansia, max: {rupiah: 9000000}}
rules:
  - id: ronda_paling_banyak
    kind: volume
    activities: [pos_ronda]
    max: 3
  - id: susu_wajib
    kind: mandatory
    activities: [susu, senam]
    letter: D
    waivable: true
  - {id: alat_bersama, kind: only_with, activities: [alat], requires: [senam]}
"""
MENU = """\
id: menu-x
activities:
  - {id: pos_ronda, account: aman, name: Pos ronda}
  - {id: susu, account: sehat/balita, name: Susu balita}
  - {id: senam, account: sehat/lansia, name: Senam lansia}
  - {id: alat, account: sehat/lansia, name: Alat senam, aliases: [Pelantang]}
"""


def written(folder: Path, policy: str = POLICY, menu: str = MENU) -> Path:
    (folder / "menu-x.yaml").write_text(menu)
    (folder / "kota-x.yaml").write_text(policy)
    return folder / "kota-x.yaml"


def refused(path: Path) -> tuple[Finding, ...]:
    with pytest.raises(InputRefused) as caught:
        load_policy(path)
    for lang in languages():
        for finding in caught.value.findings:
            assert finding.text(Words(lang)).startswith(f"{finding.place.file}, ")
            assert str(finding.place.row) in finding.text(Words(lang))
    return caught.value.findings


def told(found: Finding) -> tuple[object, ...]:
    """Code and line, and where there are such, the value and what was meant."""
    more = (found.place.value, found.data.get("near"))
    return (found.code, found.place.row, *(part for part in more if part))


def test_the_policy_of_these_tests_is_sound(tmp_path: Path) -> None:
    assert len(load_policy(written(tmp_path)).rules) == 3


WRONG = [
    # What nobody knows, with what was meant.
    ("kind: volume", "kind: volumes", ("yaml_choice_near", 20, "volumes", "volume")),
    ("kind: volume", "kind: zzz", ("yaml_choice", 20, "zzz")),
    ("[pos_ronda]", "[pos_rondaa]", ("policy_activity_near", 21, "pos_rondaa", "pos_ronda")),
    ("[pos_ronda]", "[Pos Ronda]", ("policy_activity_near", 21, "Pos Ronda", "pos_ronda")),
    ("[alat]", "[pelantang]", ("policy_activity_near", 28, "pelantang", "alat")),
    ("[pos_ronda]", "[kolam]", ("policy_activity", 21, "kolam")),
    ("requires: [senam]", "requires: [senma]", ("policy_activity_near", 28, "senma", "senam")),
    ("unit_level: rt", "unit_level: RT ", ("yaml_choice_near", 6, "RT", "rt")),
    ("regulation:", "regulasi:", ("yaml_key_near", 4, "regulasi", "regulation")),
    ("{name: Balita}", "{name: Balita, maks: 3}", ("yaml_key_near", 16, "maks", "max")),
    ("    max: 3\n", "    maximum: 3\n", ("yaml_key_near", 22, "maximum", "max")),
    ("source: x", "sumber: x", ("yaml_key", 10, "sumber")),
    ("{share: 0.5}", "{share: 0.5, certainty: pasti}", ("yaml_choice", 14, "pasti")),
    # What says nothing.
    ("    max: 3\n", "", ("policy_rule_needs", 19)),
    ("    max: 3\n", "    max:\n", ("yaml_key_empty", 22)),
    ("requires: [senam]", "requires: []", ("policy_rule_needs", 28)),
    ("activities: [pos_ronda]", "activities: []", ("policy_rule_needs", 19)),
    ("{share: 0.5}", "", ("yaml_key_empty", 14)),
    ("{share: 0.5}", "{}", ("policy_bound_none", 14)),
    ("{share: 0.5}", "{source: Perwali, certainty: text}", ("policy_bound_none", 14)),
    ("regulation: contoh", "regulation:", ("yaml_key_empty", 4)),
    ("pagu: 50000000\n", "", ("yaml_key_missing", 1)),
    # What says two things.
    ("{rupiah: 9000000}", "{rupiah: 9000000, share: 0.1}", ("policy_bound_two", 17)),
    ("susu_wajib", "ronda_paling_banyak", ("policy_id_twice", 23, "ronda_paling_banyak")),
    ("    kind: mandatory\n", "    kind: mandatory\n    max: 2\n", ("policy_rule_unread", 25)),
    ("    max: 3\n", "    max: 3\n    letter: D\n", ("policy_rule_unread", 23)),
    # What cannot be met.
    ("    max: 3\n", "    max: 3\n    min: 4\n", ("policy_min_above_max", 23)),
    ("min: {share: 0.2,", "min: {share: 0.6,", ("policy_contradiction", 11)),
    ("{name: Balita}", "{name: Balita, min: {share: 0.55}}", ("policy_contradiction", 11)),
    ("max: {share: 0.4,", "min: {share: 0.81,", ("policy_contradiction", 7)),
    ("{share: 0.5}", "{share: 0.5, waivable: true}", ("policy_max_waivable", 14)),
    # What is no value of its kind.
    ("pagu: 50000000", "pagu: 50.000.000", ("yaml_value", 7, "50.000.000")),
    ("pagu: 50000000", "pagu: true", ("yaml_value", 7, "True")),
    ("share: 0.4", "share: 40%", ("yaml_value", 10, "40%")),
    ("share: 0.4", "share: 40", ("yaml_value", 10, "40")),
    ("share: 0.4", "share: -0.4", ("yaml_value", 10, "-0.4")),
    ("share: 0.4", "share: 1e-99999999", ("yaml_value", 10, "1e-99999999")),
    ("max: 3\n", "max: tiga\n", ("yaml_value", 22, "tiga")),
    ("fiscal_year: 2026", "fiscal_year: 26", ("yaml_value", 3, "26")),
    ("[pos_ronda]", "pos_ronda", ("yaml_value", 21, "pos_ronda")),
    ("{name: Balita}", "Balita", ("yaml_value", 16, "Balita")),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), WRONG)
def test_one_mistake_is_one_sentence(
    tmp_path: Path, old: str, new: str, expected: tuple[object, ...]
) -> None:
    assert old in POLICY
    (found,) = refused(written(tmp_path, POLICY.replace(old, new, 1)))
    assert told(found) == expected
    assert found.place.file == "kota-x.yaml"


@pytest.mark.parametrize(
    ("accounts", "code"), [("accounts: {}", "yaml_value"), ("accounts:", "yaml_key_empty")]
)
def test_a_policy_without_accounts_is_refused(tmp_path: Path, accounts: str, code: str) -> None:
    head, tail = POLICY.index("accounts:"), POLICY.index("rules:")
    text = f"{POLICY[:head]}{accounts}\n{POLICY[tail:]}"
    (found,) = refused(written(tmp_path, text))
    assert (found.code, found.place.row) == (code, 9)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = POLICY.replace("share: 0.4", "share: 4").replace("max: 3", "max: banyak")
    text = text.replace("kind: mandatory", "kind: wajib")
    assert [f.place.row for f in refused(written(tmp_path, text))] == [10, 22, 24]


def test_an_unknown_bound_may_be_said(tmp_path: Path) -> None:
    text = POLICY.replace("{share: 0.5}", "{certainty: unknown}")
    policy = load_policy(written(tmp_path, text))
    bound = policy.by_id["sehat"].bound("max")
    assert bound is not None
    assert not bound.known


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("account: aman", "account: amann", ("policy_account_near", 3, "amann", "aman")),
        ("account: aman", "account: pipa", ("policy_account", 3, "pipa")),
        ("id: senam", "id: susu", ("policy_id_twice", 5, "susu")),
        ("name: Susu balita", "nama: Susu balita", ("yaml_key_near", 4, "nama", "name")),
        ("account: aman,", "account: ,", ("yaml_key_empty", 3)),
    ],
)
def test_a_menu_is_read_as_strictly(
    tmp_path: Path, old: str, new: str, expected: tuple[object, ...]
) -> None:
    found, *_ = refused(written(tmp_path, menu=MENU.replace(old, new, 1)))
    assert told(found) == expected
    assert found.place.file == "menu-x.yaml"


SHARED = """\
id: kota-y
name: Kota Y
fiscal_year: 2026
regulation: contoh
reading: contoh
unit_level: rt
pagu: 100000000
menu: perwali-32-2021
accounts:
  infrastruktur: {name: Infrastruktur}
  kesehatan: {name: Kesehatan}
  sosial_budaya: {name: Sosial budaya}
  ekonomi: {name: Ekonomi}
  pendidikan: {name: Pendidikan}
  kepemudaan: {name: Kepemudaan}
rules:
  - {id: cctv, kind: volume, activities: [cctv], max: 3}
"""


class TestASharedMenu:
    def test_may_hold_more_accounts_than_the_policy(self, tmp_path: Path) -> None:
        policy = load_policy(written(tmp_path, SHARED))
        assert "biaya_umum" not in policy.by_id

    def test_shows_a_slip_in_an_account(self, tmp_path: Path) -> None:
        (found,) = refused(written(tmp_path, SHARED.replace("kesehatan:", "kesehtan:")))
        assert (found.code, found.place.row) == ("policy_account_near", 8)
        assert (found.place.value, found.data["near"]) == ("kesehatan", "kesehtan")

    def test_a_rule_on_what_has_no_account_is_refused(self, tmp_path: Path) -> None:
        rule = "  - {id: umum, kind: once, activities: [biaya_umum]}\n"
        (found,) = refused(written(tmp_path, SHARED + rule))
        assert (found.code, found.place.row) == ("policy_account", 18)

    def test_what_has_no_account_is_booked_as_recorded(self, tmp_path: Path) -> None:
        (tmp_path / "dataset.yaml").write_text("name: uji\n")
        (tmp_path / "wilayah.csv").write_text("kelurahan;rw;rt\nA;1;1\n")
        (tmp_path / "usulan.csv").write_text(
            "id;tingkat;kelurahan;rw;rt;urutan;kegiatan;bidang;harga_satuan;volume\n"
            "U-1;RT;A;1;1;1;biaya_umum;Ekonomi;1000000;1\n"
        )
        written(tmp_path, SHARED)
        (tmp_path / "skenario.yaml").write_text("dataset: .\npolicy: kota-x.yaml\n")
        plan = ob.optimize(ob.load_scenario(tmp_path / "skenario.yaml"))
        assert plan.allocations.query("account == 'ekonomi'")["programmed"].sum() == 1_000_000


class TestInheritedRules:
    def test_name_activities_of_this_menu(self, tmp_path: Path) -> None:
        text = POLICY + "inherit_rules: {from: kediri-2022, certainty: inference}\n"
        found = refused(written(tmp_path, text))
        assert {f.place.row for f in found} == {29}
        assert {f.code.removesuffix("_near") for f in found} == {"policy_activity"}

    def test_come_from_a_file_beside_it(self, tmp_path: Path) -> None:
        (tmp_path / "tua.yaml").write_text(POLICY.replace("id: kota-x", "id: tua"))
        text = POLICY[: POLICY.index("rules:")]
        text += "inherit_rules: {from: tua.yaml, certainty: news}\n"
        policy = load_policy(written(tmp_path, text))
        assert [rule.origin.certainty.value for rule in policy.rules] == ["news"] * 3

    def test_never_run_in_a_circle(self, tmp_path: Path) -> None:
        other = POLICY + "inherit_rules: {from: kota-x.yaml, certainty: news}\n"
        (tmp_path / "lain.yaml").write_text(other)
        text = POLICY + "inherit_rules: {from: lain.yaml, certainty: news}\n"
        with pytest.raises(PolicyError) as caught:
            load_policy(written(tmp_path, text))
        assert caught.value.code == "policy_circular"


def test_rules_bind_also_without_a_menu(tmp_path: Path) -> None:
    """What a rule names is then known by its id, however it is spelled."""
    text = POLICY.replace("menu: menu-x\n", "")
    (tmp_path / "dataset.yaml").write_text("name: uji\n")
    (tmp_path / "wilayah.csv").write_text("kelurahan;rw;rt\nA;1;1\n")
    (tmp_path / "usulan.csv").write_text(
        "id;tingkat;kelurahan;rw;rt;urutan;kegiatan;bidang;harga_satuan;volume\n"
        "U-1;RT;A;1;1;1;Pos Ronda;aman;1000000;4\n"
        "U-2;RT;A;1;1;2;Lampu;aman;1000000;4\n"
    )
    written(tmp_path, text)
    (tmp_path / "skenario.yaml").write_text("dataset: .\npolicy: kota-x.yaml\n")
    plan = ob.optimize(ob.load_scenario(tmp_path / "skenario.yaml"))
    assert [p.id for p in plan.chosen] == ["U-2"]


@pytest.mark.parametrize("kind", RuleKind)
def test_every_kind_is_read_with_what_it_needs_and_refused_without(kind: RuleKind) -> None:
    values = {"activities": ["a"], "requires": ["b"], "min": 1, "max": 1, "per": "owner"}
    values |= {"waivable": True, "letter": "D"}
    needs = [alternatives.split("|") for alternatives in KINDS[kind].needs.split()]
    whole = {"id": "x", "kind": kind.value} | {keys[0]: values[keys[0]] for keys in needs}
    assert RuleFile.model_validate(whole).build().kind is kind
    for keys in needs:
        with pytest.raises(ValueError, match="policy_rule_needs"):
            RuleFile.model_validate({k: v for k, v in whole.items() if k != keys[0]})
    read = {*KINDS[kind].takes.split(), *(key for keys in needs for key in keys)}
    for key in values.keys() - read:
        with pytest.raises(ValueError, match="policy_rule_unread"):
            RuleFile.model_validate({**whole, key: values[key]})


def test_shipped_policies_name_nothing_unknown() -> None:
    for policy in list_policies():
        for activity in policy.menu.activities if policy.menu else ():
            assert activity.account in policy.by_id, (policy.id, activity.id)

"""A policy of another town, whose accounts no shipped policy has, needs no code."""

from pathlib import Path

import pytest

import optimizer as ob
from optimizer.errors import PolicyError
from optimizer.files.policies import load_policy
from optimizer.record.scenario import Scenario
from optimizer.words import Words

POLICY = """
id: kota-x
name: {id: Hibah RW, en: Grant per RW}
fiscal_year: 2026
regulation: contoh
reading: {id: contoh, en: example}
unit_level: rw
pagu: 100000000
accounts:
  keamanan:
    name: {id: Keamanan Lingkungan, en: Safety}
    max: {share: 0.4, source: x, article: "-", certainty: news}
  umkm:
    name: {id: UMKM, en: Small business}
    accounts:
      modal:
        name: {id: Modal usaha, en: Capital}
      latihan:
        name: {id: Pelatihan usaha, en: Training}
rules: []
"""


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    """Six proposals of one RW; the last names a field that does not exist."""
    fields = ("Keamanan", "keamanan  lingkungan", "umkm/modal", "Pelatihan usaha", "Safety")
    rows = "".join(f"U-{n};RW;A;1;k{n};{f};1 juta;1\n" for n, f in enumerate(fields, 1))
    (tmp_path / "kota-x.yaml").write_text(POLICY)
    (tmp_path / "dataset.yaml").write_text("name: uji\n")
    (tmp_path / "wilayah.csv").write_text("kelurahan;rw;rt\nA;1;\n")
    (tmp_path / "usulan.csv").write_text(
        "id;tingkat;kelurahan;rw;kegiatan;bidang;harga_satuan;volume\n"
        + rows
        + "U-6;RW;A;1;k6;kemanan;1 juta;1\n"
    )
    (tmp_path / "skenario.yaml").write_text("dataset: .\npolicy: kota-x.yaml\n")
    return ob.load_scenario(tmp_path / "skenario.yaml")


def test_fields_go_by_the_names_of_the_policy(scenario: Scenario) -> None:
    booked = {p.id: scenario.policy.book(p).account for p in scenario.dataset.proposals}
    assert {name: account and account.id for name, account in booked.items()} == {
        "U-1": "keamanan",
        "U-2": "keamanan",
        "U-3": "umkm/modal",
        "U-4": "umkm/latihan",
        "U-5": "keamanan",
        "U-6": None,
    }
    assert [p.id for p in ob.optimize(scenario).left_out] == ["U-6"]


def test_only_a_field_that_the_policy_lacks_is_named(scenario: Scenario) -> None:
    (found,) = [f for f in scenario.dataset.findings if "field" in f.code]
    assert (found.code, found.place.row) == ("dataset_field_not_here_near", 7)
    assert "Keamanan Lingkungan" in found.message()


@pytest.mark.parametrize("field", ["keamanan", "Keamanan Lingkungan", "UMKM", "Modal usaha"])
def test_a_letter_lifts_a_minimum_of_the_field_that_it_names(tmp_path: Path, field: str) -> None:
    """For solver and judge alike; a letter about a field also covers the accounts inside it."""
    least = '{share: 0.3, waivable: true, letter: E, source: x, article: "-", certainty: news}'
    policy = POLICY.replace("max: {share: 0.4", f"min: {least}\n    max: {{share: 0.4")
    policy = policy.replace("en: Capital}", f"en: Capital}}\n        min: {least}")
    (tmp_path / "kota-x.yaml").write_text(policy)
    (tmp_path / "dataset.yaml").write_text("name: uji\n")
    (tmp_path / "wilayah.csv").write_text("kelurahan;rw;rt\nA;1;\nA;2;\n")
    (tmp_path / "usulan.csv").write_text(
        "id;tingkat;kelurahan;rw;kegiatan;bidang;harga_satuan;volume;status;alasan\n"
        f"L-1;RW;A;1;tidak ada;{field};;;tidak diajukan;Lampiran E\n"
    )
    (tmp_path / "skenario.yaml").write_text("dataset: .\npolicy: kota-x.yaml\n")
    plan = ob.optimize(ob.load_scenario(tmp_path / "skenario.yaml"))
    named = "keamanan" if "eamanan" in field else "umkm/modal"
    for id_ in ("keamanan", "umkm/modal"):
        lifted, not_lifted = (accounts[id_] for accounts in plan.standings.values())
        assert (not_lifted.state, not_lifted.reserved) == ("below", 30_000_000)
        expected = ("letter", 0) if id_ == named else ("below", 30_000_000)
        assert (lifted.state, lifted.reserved) == expected


def test_words_in_one_language_are_enough(tmp_path: Path) -> None:
    text = POLICY.replace("{id: Keamanan Lingkungan, en: Safety}", "Keamanan Lingkungan")
    (tmp_path / "kota-x.yaml").write_text(
        text.replace("{id: UMKM, en: Small business}", "{id: UMKM}")
    )
    policy = load_policy(tmp_path / "kota-x.yaml")
    assert Words("en").pick(policy.by_id["keamanan"].name) == "Keamanan Lingkungan"
    assert Words("en").pick(policy.by_id["umkm"].name) == "UMKM"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("menu: kota-y", "menu_unknown"),
        ("inherit_rules: {from: kediri, certainty: news}", "policy_unknown"),
    ],
)
def test_what_a_policy_names_must_exist(tmp_path: Path, line: str, code: str) -> None:
    (tmp_path / "kota-x.yaml").write_text(POLICY + line + "\n")
    with pytest.raises(PolicyError) as caught:
        load_policy(tmp_path / "kota-x.yaml")
    assert caught.value.code == code


def test_a_menu_may_stand_beside_its_policy(tmp_path: Path) -> None:
    (tmp_path / "kota-x.yaml").write_text(POLICY + "menu: kota-y\n")
    activity = "{id: ronda, account: keamanan, name: Ronda malam}"
    (tmp_path / "kota-y.yaml").write_text(f"id: kota-y\nactivities: [{activity}]\n")
    menu = load_policy(tmp_path / "kota-x.yaml").menu
    assert menu is not None
    assert list(menu.by_id) == ["ronda"]

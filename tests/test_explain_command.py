"""``rembug explain``: cards on the screen and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from optimizer.cli import explain
from optimizer.cli.program import Program
from optimizer.words import Words

SCENARIO = str(Path(__file__).parents[1] / "scenarios" / "kaliombo-2023-dukungan.yaml")


def run(*args: str, lang: str = "id"):
    program = Program(Words(lang))
    explain.register(program)
    return CliRunner().invoke(program, ["explain", SCENARIO, *args, "--lang", lang])


def test_a_card_on_the_screen() -> None:
    found = run("U-0467")
    assert found.exit_code == 0
    text = " ".join(found.stdout.split())
    assert "SIMULASI" in text
    assert "belum masuk rancangan" in text
    assert "warga lagi mendukung" in text
    assert "bukan keputusan" in text


def test_a_card_for_the_notice_board() -> None:
    found = run("U-0467", "--public")
    text = " ".join(found.stdout.split())
    assert "warga lagi" not in text
    assert "dipastikan masuk" not in text


@pytest.mark.parametrize("public", [False, True])
def test_cards_as_json(public: bool) -> None:
    found = json.loads(run("U-0467", "U-0019", "--json", *["--public"] * public).stdout)
    assert found["title"] == "SIMULASI"
    assert [card["id"] for card in found["proposals"]] == ["U-0467", "U-0019"]
    for card in found["proposals"]:
        assert ("lacks" in card) is not public
        assert ("safe" in card) is not public
    assert found["proposals"][0]["binding"][0]["limit"] == 20_000_000


def test_all_cards_and_accounts() -> None:
    found = run("--all", lang="en")
    assert found.exit_code == 0
    assert found.stdout.count("in the plan.") > 400
    assert "Joint infrastructure: Rp30,000,000 goes to the kelurahan's joint fund." in found.stdout


def test_what_cannot_be_explained() -> None:
    nothing, unknown = run(), run("U-9999")
    assert nothing.exit_code == 2
    assert unknown.exit_code == 1

"""Broken policies, menus and scenarios: always a sentence in each language, never a traceback."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest
from test_policy_files import MENU, POLICY

import optimizer as ob
from optimizer.errors import RembugError
from optimizer.words import Words, languages

BASE = "name: dasar\ndataset: .\npolicy: kota-x.yaml\nobjective: [order]\n"
SCENARIO = """\
name: coba
extends: dasar.yaml
dataset: .
policy: kota-x.yaml
objective: [{welfare: {evenness: 0.5}}, fill]
order_as: borda
joint_share: 0.30
count: rt
pins: [{id: U-1, pin: out, reason: coba}]
overrides: {policy.aman.max: 0.35, pagu: 60000000, proposals.U-1.unit_price: 900000}
weights: {aman: 2}
time_limit: 60
alone: false
"""
SOUND = {
    "kota-x.yaml": POLICY,
    "menu-x.yaml": MENU,
    "dasar.yaml": BASE,
    "skenario.yaml": SCENARIO,
}
STRANGE = [
    "", "null", "[]", "{}", "[[]]", "{a: {b: 1}}", "-1", "0", "1e400", "1.5e99", ".inf", "true",
    "2024-01-01", "9" * 30, "9" * 5000, "*a", "&a x", "!!int x", "<<", "[null]", "{1: 2}", "- a",
    "\u202e", "'\ud83d'", "? b", "|", "rt", "mandatory", "[aman]", "../..", "a\\0b", "40%",
]  # fmt: skip


def broken(text: str, dice: Random) -> str:
    """A text with one to three things wrong: a line lost, twice, cut, moved, a strange value."""
    lines = text.splitlines()
    for _ in range(dice.choice((1, 1, 2, 3))):
        n = dice.randrange(len(lines))
        line = lines[n]
        lines[n : n + 1] = dice.choice(
            (
                [],
                [line, line],
                [line[: dice.randrange(len(line) + 1)]],
                [" " * dice.randrange(8) + line.lstrip()],
                *[[strange(line, dice)]] * 6,
            )
        ) or ["x"]
    return "\n".join(lines) + "\n"


def strange(line: str, dice: Random) -> str:
    """A line in which one value is another."""
    values = list(re.finditer(r"(?<=: )[^,}\]]+|(?<=\[)[^,}\]]+", line))
    if not values:
        return line
    found = dice.choice(values)
    return line[: found.start()] + dice.choice(STRANGE) + line[found.end() :]


@pytest.mark.parametrize("name", SOUND)
@pytest.mark.parametrize(
    "seeds", [range(60), pytest.param(range(60, 1500), marks=pytest.mark.full)]
)
def test_no_broken_file_ends_in_a_traceback(tmp_path: Path, name: str, seeds: range) -> None:
    (tmp_path / "dataset.yaml").write_text("name: uji\n")
    (tmp_path / "wilayah.csv").write_text("kelurahan;rw;rt\nA;1;1\n")
    (tmp_path / "usulan.csv").write_text(
        "id;tingkat;kelurahan;rw;rt;urutan;kegiatan;bidang;harga_satuan;volume\n"
        "U-1;RT;A;1;1;1;Pos Ronda;aman;1000000;2\n"
    )
    refused = 0
    for seed in seeds:
        folder = tmp_path / str(seed)  # files are remembered by their path
        folder.mkdir()
        for file in ("dataset.yaml", "wilayah.csv", "usulan.csv"):
            (folder / file).symlink_to(tmp_path / file)
        for file, text in SOUND.items():
            worse = broken(text, Random(f"{name}:{seed}")) if file == name else text
            (folder / file).write_text(worse, "utf-8", errors="surrogatepass")
        try:
            ob.load_scenario(folder / "skenario.yaml")
        except RembugError as error:
            refused += 1
            for lang in languages():
                assert len(error.message(Words(lang))) > 20
    assert refused > len(seeds) / 4

"""README's recipe for a new kind of rule, followed in a copy: nothing else needs a change."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# File → what stands before a marker, the marker, what stands after it.
RECIPE = {
    "record/kinds.py": [
        ("", "class RuleKind(StrEnum):", '\n    TOGETHER = "together"'),
        ("", "] = {", '\n    RuleKind.TOGETHER: Shape("activities"),'),
    ],
    "formulation/item_rules.py": [
        (
            """def _together(rules: ItemRules, rule: ItemRule) -> Iterator[Row]:
    for owner, group in rules.lists(rule):
        for index in group:
            for other in {*rule.activities} - {rules.activities[index]}:
                others = [(i, Linear(-1)) for i in group if rules.activities[i] == other]
                yield Limit(_name(rule), owner, ((index, Linear(1)), *others), upper=0)


""",
            "ROWS: Mapping[RuleKind, Callable[[ItemRules, ItemRule], Iterator[Row]]] = {",
            "\n    RuleKind.TOGETHER: _together,",
        )
    ],
    "rules/items.py": [
        (
            """def _together(ledger: Ledger, rule: ItemRule) -> Iterator[Check]:
    for owner, proposals in _by_owner(ledger, rule).items():
        lacks = len({*rule.activities} - {ledger.activity(p) for p in proposals})
        status = RuleStatus.BREACH if lacks else RuleStatus.PASS
        about = tuple(p.id for p in proposals)
        remedy = Remedy("agree") if lacks else None
        yield item_check(rule, owner, status, amount=lacks, about=about, remedy=remedy)


""",
            "JUDGES: Mapping[RuleKind, Judge] = {",
            "\n    RuleKind.TOGETHER: Judge(_together, (RuleStatus.PASS, RuleStatus.BREACH)),",
        )
    ],
    "words/id/rules.yaml": [
        ("", "", 'check.together.pass: "{label}"\n'),
        ("", "", 'check.together.breach: "{label} Masih kurang {amount:number} kegiatan."\n'),
    ],
    "words/en/rules.yaml": [
        ("", "", 'check.together.pass: "{label}"\n'),
        ("", "", 'check.together.breach: "{label} {amount:number} activities are missing."\n'),
    ],
}

POLICY = """
id: kota-x
name: Hibah RT
fiscal_year: 2026
regulation: contoh
reading: contoh
unit_level: rt
pagu: 5000000
menu: kota-x-menu
accounts:
  warga: {name: Kegiatan warga}
rules:
  - {id: paket, kind: together, activities: [meja, kursi], text: "Meja hanya bersama kursi."}
"""
MENU = """
id: kota-x-menu
activities:
  - {id: meja, account: warga, name: Meja rapat}
  - {id: kursi, account: warga, name: Kursi lipat}
  - {id: lampu, account: warga, name: Lampu gang}
"""
HEAD = "id;tingkat;kelurahan;rw;rt;urutan;kegiatan;harga_satuan;volume\n"
TABLE = "U-1;RT;A;1;1;1;Meja rapat;3000000;1\n"
OTHERS = "U-2;RT;A;1;1;2;Kursi lipat;3000000;1\nU-3;RT;A;1;1;3;Lampu gang;2000000;1\n"
ASK = """
import json, sys
from cli_runs import rembug
from test_kinds import lacking
runs = [rembug(*args) for args in json.loads(sys.argv[1])]
print(json.dumps([lacking(), [[r.exit_code, r.output] for r in runs]]))
"""


def follow(copy: Path, recipe: dict[str, list[tuple[str, str, str]]]) -> None:
    for name, steps in recipe.items():
        file = copy / "optimizer" / name
        text = file.read_text("utf-8")
        for before, marker, after in steps:
            assert marker in text
            text = text.replace(marker, before + marker + after, 1)
        file.write_text(text, "utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package in which the recipe was followed, and a town that uses the kind."""
    folder = tmp_path_factory.mktemp("salinan")
    shutil.copytree(ROOT / "optimizer", folder / "optimizer")
    (folder / "data").symlink_to(ROOT / "data")
    (folder / "scenarios").symlink_to(ROOT / "scenarios")
    follow(folder, RECIPE)
    (folder / "kota-x.yaml").write_text(POLICY)
    (folder / "kota-x-menu.yaml").write_text(MENU)
    (folder / "skenario.yaml").write_text("dataset: usul\npolicy: kota-x.yaml\n")
    for name, rows in (("usul", TABLE + OTHERS), ("satu", TABLE)):
        (folder / name).mkdir()
        (folder / name / "dataset.yaml").write_text(f"name: {name}\n")
        (folder / name / "wilayah.csv").write_text("kelurahan;rw;rt\nA;1;1\n")
        (folder / name / "usulan.csv").write_text(HEAD + rows)
    return folder


def test_a_kind_by_the_recipe_is_planned_judged_explained_and_priced(copy: Path) -> None:
    commands = [
        ["plan", "skenario.yaml", "--json"],
        ["plan", "skenario.yaml", "--json", "--set", "pagu=6000000"],
        ["explain", "skenario.yaml", "U-1"],
        ["check", "satu", "--policy", "kota-x.yaml"],
        ["prices", "skenario.yaml", "--json"],
    ]
    path = os.pathsep.join([str(copy), str(ROOT / "tests")])
    run = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps(commands)],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not run.stderr
    lacks, (plan, richer, card, (code, checked), prices) = json.loads(run.stdout)
    assert lacks == []
    # The table and the chairs together cost more than there is; the lamp below them fits.
    assert [p["id"] for p in json.loads(plan[1])["funded"]] == ["U-3"]
    assert [p["id"] for p in json.loads(richer[1])["funded"]] == ["U-1", "U-2"]
    assert "Aturan: Meja hanya bersama kursi." in card[1]
    assert "Meja hanya bersama kursi. Masih kurang 1 kegiatan." in checked
    assert code == 1
    (priced,) = json.loads(prices[1])["rules"]
    assert (priced["kind"], priced["spent"]) == ("together", 3_000_000)

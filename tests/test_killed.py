"""Runs that are killed while they write, and disks that are full: nothing good is lost.

A set whose writing was cut short never reads as whole, no older file is lost before a newer one
stands in its place, and the next run leaves nothing of the killed one behind.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from killing import Victim, kills

from optimizer.errors import InputRefused
from optimizer.files.computed import MANIFEST, torn
from optimizer.files.datasets import load_dataset
from optimizer.words import Words

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

POINTS = 4
SHEETS = {
    "dataset.yaml": "name: Contoh\nfiscal_year: 2023\n",
    "wilayah.csv": "kelurahan;rw;rt;kk;jiwa\nContoh;01;01;60;180\nContoh;01;02;50;160\n",
    "usulan.csv": "id;tingkat;kelurahan;rw;rt;urutan;kegiatan;bidang;satuan;harga_satuan;volume\n"
    "U-1;RT;Contoh;01;01;1;CCTV;sosial_budaya;unit;1000000;1\n"
    "U-2;RT;Contoh;01;02;1;Pelatihan;ekonomi;paket;9000000;1\n"
    "U-3;Kelurahan;Contoh;;;1;Drainase;infrastruktur_bersama;m;1500000;30\n",
}
RECAP = (
    "REKAPITULASI USULAN KELURAHAN CONTOH TAHUN ANGGARAN 2023;;;;;;\n"
    "No;RT/RW;Bidang;Uraian Kegiatan;Volume;Rencana Biaya (Rp);Keterangan\n"
    "1;01/01;Sosial Budaya;CCTV;1 unit;1000000;\n"
    "2;02/01;Ekonomi;Pelatihan;1 paket;9000000;\n"
)


@dataclass(frozen=True)
class Case:
    """A command that writes, and what it wrote earlier.

    ``{in}`` is the folder of inputs, ``{out}`` what the command is told to write. What is
    ``edited`` is a dataset that people go on writing in; what is written ``once`` is refused
    where something lies already.
    """

    name: str
    args: str
    before: str = ""
    out: str = "hasil"
    edited: bool = False
    once: bool = False
    there: tuple[str, ...] = ()

    def words(self, line: str, folder: Path) -> list[str]:
        places = {"{in}": str(folder / "in"), "{out}": str(folder / "root" / self.out)}
        return [
            places["{in}"] + w.removeprefix("{in}") if w.startswith("{in}") else places.get(w, w)
            for w in line.split()
        ]


PLAN = "plan {in}/s.yaml --out {out}"
WHATIF = "whatif {in}/s.yaml --jobs 1 --out {out} --vary"
LISTS = "sheets {in}/data --out {out}"
IMPORT = "import {in}/rekap.csv --out {out}"
INIT = "init {out} --kelurahan Contoh --rw 2 --rt 5"
CASES = [
    Case("plan", PLAN),
    Case("plan-again", f"{PLAN} --set pagu=90000000", PLAN),
    Case("plan-beside-sheets", PLAN, LISTS),
    Case("sheets", LISTS),
    Case("sheets-again", f"{LISTS} --lang en --cut 25%", LISTS),
    Case("whatif", f"{WHATIF} pagu=80000000,90000000"),
    Case("whatif-again", f"{WHATIF} pagu=80000000,90000000", f"{WHATIF} pagu=70000000,60000000"),
    Case("whatif-file", f"{WHATIF} pagu=80000000", f"{WHATIF} pagu=70000000", out="satu.csv"),
    Case("import", IMPORT, edited=True, once=True),
    Case(
        "import-beside",
        IMPORT,
        edited=True,
        once=True,
        there=("hasil/rekap.xlsx", "hasil/impor/x.txt"),
    ),
    Case("template", "template --out {out}", out="templat.xlsx", once=True),
    Case("init", INIT, edited=True, once=True),
    Case("init-deep", INIT, out="a/b/hasil", edited=True, once=True, there=("catatan.txt",)),
]
SOME = {"plan-again", "sheets-again", "whatif-file", "import", "import-beside", "template", "init"}


def prepared(case: Case, folder: Path) -> Victim:
    data = folder / "in" / "data"
    data.mkdir(parents=True)
    for name, text in SHEETS.items():
        (data / name).write_text(text, "utf-8")
    (folder / "in" / "s.yaml").write_text("dataset: data\npolicy: kediri-2023\n", "utf-8")
    (folder / "in" / "rekap.csv").write_text(RECAP, "utf-8")
    (folder / "root").mkdir()
    for name in case.there:
        (folder / "root" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "root" / name).write_text("lama", "utf-8")
    before = case.words(case.before, folder) if case.before else None
    return Victim(folder, case.words(case.args, folder), before)


def content(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but those under a temporary name."""
    files = (p for p in folder.rglob("*") if p.is_file())
    names = {p.relative_to(folder).as_posix(): p for p in files}
    return {n: p.read_bytes() for n, p in names.items() if ".sementara" not in n}


@dataclass(frozen=True)
class States:
    """What lay on the disk before, after a whole run, and after one that was cut short."""

    case: Case
    older: dict[str, bytes]
    whole: dict[str, bytes]
    state: Path
    code: int

    def nothing_is_lost(self) -> None:
        found = content(self.state)
        assert set(found) >= set(self.older) - {f"{self.case.out}/{MANIFEST}"}
        for name, data in found.items():
            if "manifest" not in name:
                assert data in {self.older.get(name), self.whole.get(name)}, name

    def is_one_run(self, kind: str) -> bool:
        """Whether the files of a set are all of the older run or all of the newer one."""
        found = content(self.state)
        for run in (self.older, self.whole):
            names = self._sets(run).get(kind)
            if names and all(found.get(n) == run[n] for n in names):
                return True
        return False

    def _sets(self, run: dict[str, bytes]) -> dict[str, list[str]]:
        manifest = run.get(f"{self.case.out}/{MANIFEST}")
        sets = json.loads(manifest)["sets"] if manifest else {}
        return {kind: [f"{self.case.out}/{n}" for n in files] for kind, files in sets.items()}

    def reads_as_whole(self) -> None:
        """What a reader takes for whole, and what a stranger would by the manifest, is one run."""
        for kind, names in self._sets(self.whole).items():
            for name in names:
                path = self.state / name
                if path.exists() and not torn(path):
                    assert self.is_one_run(kind), name
        out = self.state / self.case.out
        if (out / MANIFEST).exists():
            for kind, files in json.loads((out / MANIFEST).read_text())["sets"].items():
                assert all(sha256(out / name) == sha for name, sha in files.items())
                assert self.is_one_run(kind)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def cut_short(folder: Path, points: int | None, *, full: bool = False) -> Iterator[States]:
    """States after each step at which a command was killed or found the disk full.

    With a number of points, only of some cases.
    """
    cases = [case for case in CASES if points is None or case.name in SOME]
    victims = [prepared(case, folder / case.name) for case in cases]
    for case, ends in zip(cases, kills(victims, points, full=full), strict=True):
        place = folder / case.name
        older, whole = content(place / "older"), content(place / "whole")
        assert older != whole
        for at, code in ends.items():
            yield States(case, older, whole, place / str(at), code)


def judge(states: States) -> None:
    states.nothing_is_lost()
    if states.case.edited:
        reads_as_all_or_nothing(states)
    else:
        states.reads_as_whole()


def reads_as_all_or_nothing(states: States) -> None:
    """A dataset that people edit has no manifest: it is there whole, or no dataset."""
    found = content(states.state)
    try:
        load_dataset(states.state / states.case.out)
    except InputRefused:
        assert found != states.whole
    else:
        assert found == states.whole


def killed(folder: Path, points: int | None) -> Counter[str]:
    count: Counter[str] = Counter()
    for states in cut_short(folder, points):
        count[states.case.name] += 1
        assert states.code == -signal.SIGKILL
        judge(states)
        again = states.state.with_name(f"{states.state.name}-again")
        starts_anew = not states.case.once or content(states.state) == states.older
        if again.exists() and starts_anew:
            assert content(again) == states.whole
            assert not list(again.rglob("*.sementara"))
    return count


def test_a_killed_run_leaves_all_or_nothing(tmp_path):
    count = killed(tmp_path, POINTS)
    assert set(count) == SOME
    assert min(count.values()) >= POINTS


@pytest.mark.full
def test_three_hundred_kills(tmp_path):
    assert killed(tmp_path, None).total() >= 300


@pytest.mark.parametrize("points", [POINTS, pytest.param(None, marks=pytest.mark.full)])
def test_a_full_disk_is_said_in_one_sentence(tmp_path, points):
    for states in cut_short(tmp_path, points, full=True):
        judge(states)
        if states.code == 0:  # it was clearing away when there was no space
            assert content(states.state) == states.whole
            continue
        said = states.state.with_name(f"{states.state.name}.txt").read_text("utf-8")
        target = tmp_path / states.case.name / "root" / states.case.out
        lang = "en" if "--lang en" in states.case.args else "id"
        assert (states.code, said) == (
            1,
            Words(lang).say("error.output_full", folder=target) + "\n",
        )
        assert not list(states.state.rglob("*.sementara"))

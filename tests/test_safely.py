"""Files that are written safely, and what is said where they cannot be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_runs import rembug, rembug_json

from optimizer.errors import RembugError
from optimizer.files.computed import MANIFEST, PENDING, refuse_torn, torn, write_set
from optimizer.files.datasets import load_dataset
from optimizer.files.datasets_template import init
from optimizer.files.safely import write_file, write_folder
from optimizer.words import Words

SET = {"a.json": b"{}", "b/c.csv": b"x;y\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_set(tmp_path / "hasil", "plan", SET.items())
    return tmp_path / "hasil"


# --- single files and new folders -------------------------------------------------------


def test_a_file_replaces_an_older_one_and_leaves_nothing_beside_it(tmp_path):
    for content in (b"satu", b"dua"):
        write_file(tmp_path / "x" / "a.csv", content)
        assert [p.name for p in (tmp_path / "x").iterdir()] == ["a.csv"]
        assert (tmp_path / "x" / "a.csv").read_bytes() == content


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / "there" / "a.csv")
    write_file(tmp_path / "link.csv", b"x")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "there" / "a.csv").read_bytes() == b"x"


def test_what_a_killed_run_left_goes_and_what_looks_like_it_stays(tmp_path):
    (tmp_path / ".a.csv.0123abcd.sementara").mkdir()
    others = [".b.csv.0123abcd.sementara", ".a.csv.catatan.sementara", "a.csv.0123abcd.sementara"]
    for name in others:
        (tmp_path / name).mkdir()
    write_file(tmp_path / "a.csv", b"x")
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*others, "a.csv"])


def test_leftovers_are_never_read_and_stop_nobody_from_beginning(tmp_path):
    left = tmp_path / ".0123abcd.sementara"
    left.mkdir()
    (left / "usulan.csv").write_text("rusak", "utf-8")
    dataset = load_dataset(init(tmp_path, "X", rw=1, rt=2, pagu=1))
    assert len(dataset.territory.units) == 2
    assert not left.exists()


def test_a_folder_of_files_to_edit_replaces_none(tmp_path):
    (tmp_path / "usulan.csv").write_text("milik saya", "utf-8")
    with pytest.raises(RembugError, match="tidak ditimpa"):
        write_folder(tmp_path, {"wilayah.csv": b"", "usulan.csv": b""})
    assert [p.name for p in tmp_path.iterdir()] == ["usulan.csv"]
    assert (tmp_path / "usulan.csv").read_text("utf-8") == "milik saya"


# --- what stands in the way -------------------------------------------------------------


def code_of(error: pytest.ExceptionInfo[RembugError]) -> str:
    return error.value.code


def test_what_stands_in_the_way_is_named(tmp_path):
    (tmp_path / "berkas").write_text("lama")
    (tmp_path / "folder.csv").mkdir()
    for path in (tmp_path / "berkas" / "a.csv", tmp_path / "berkas" / "lagi" / "a.csv"):
        with pytest.raises(RembugError) as error:
            write_file(path, b"x")
        assert code_of(error) == "output_no_folder"
    for target in (tmp_path / "berkas", tmp_path / "berkas" / "hasil"):
        with pytest.raises(RembugError) as error:
            write_set(target, "plan", SET.items())
        assert code_of(error) == "output_no_folder"
    with pytest.raises(RembugError) as error:
        write_file(tmp_path / "folder.csv", b"x")
    assert code_of(error) == "output_no_file"
    assert (tmp_path / "berkas").read_text() == "lama"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_that_may_not_be_written_is_named(folder):
    folder.chmod(0o555)
    try:
        with pytest.raises(RembugError) as error:
            write_set(folder, "plan", {"a.json": b"baru"}.items())
    finally:
        folder.chmod(0o755)
    assert code_of(error) == "output_denied"
    assert not torn(folder / "a.json")


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from optimizer.cli import main
main(sys.argv[2:])
"""


@pytest.mark.skipif(os.name == "nt", reason="no such limit there")
@pytest.mark.parametrize("room", [0, 400, 7000])
def test_no_room_for_a_file_costs_no_older_one(tmp_path, room):
    for sheet, text in {
        "dataset.yaml": "name: Contoh\n",
        "wilayah.csv": "kelurahan;rw;rt\nContoh;01;01\n",
        "usulan.csv": "id;tingkat;kelurahan;rw;rt;urutan;kegiatan;harga_satuan;volume\n"
        "U-1;RT;Contoh;01;01;1;CCTV;1000000;1\n",
    }.items():
        (tmp_path / sheet).write_text(text, "utf-8")
    (tmp_path / "s.yaml").write_text("dataset: .\npolicy: kediri-2023\n", "utf-8")
    out = tmp_path / "hasil"
    args = ["plan", tmp_path / "s.yaml", "--out", out]
    assert rembug(*args).exit_code == 0
    older = {p.name: p.read_bytes() for p in out.iterdir()}
    assert max(map(len, older.values())) > room
    command = [sys.executable, "-c", LIMITED, room, *args, "--set", "pagu=90000000", "--lang", "en"]
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.stderr == Words("en").say("error.output_full", folder=out) + "\n"
    assert done.returncode == 1
    assert {p.name: p.read_bytes() for p in out.iterdir()} == older


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
@pytest.mark.parametrize("args", [["policy", "list", "--json"], ["--help"]])
def test_a_full_disk_behind_stdout_is_one_sentence(args):
    command = [sys.executable, "-c", "from optimizer.cli import main; main()", *args]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        1,
        Words().say("error.output_full", folder="stdout") + "\n",
    )


# --- computed sets ----------------------------------------------------------------------


def test_a_set_is_whole_until_one_of_its_files_is_another(folder):
    assert not torn(folder / "a.json")
    assert not torn(folder / "b" / "c.csv")
    (folder / "b" / "c.csv").write_bytes(b"lain")
    assert torn(folder / "a.json") == ("b/c.csv",)
    (folder / "a.json").unlink()
    assert torn(folder / "b" / "c.csv") == ("a.json", "b/c.csv")
    with pytest.raises(RembugError, match="utuh"):
        refuse_torn(folder / "b" / "c.csv")


def test_a_file_that_no_manifest_names_stands_alone(folder, tmp_path):
    (tmp_path / "plan.json").write_bytes(b"lain")
    (folder / "plan.json").write_bytes(b"lain")
    assert not torn(tmp_path / "plan.json")
    assert not torn(folder / "plan.json")


def test_a_set_that_was_not_finished_is_not_whole(folder):
    (folder / MANIFEST).rename(folder / PENDING)
    assert not torn(folder / "a.json")  # nothing was left to do but to say so
    (folder / "b" / "c.csv").unlink()
    assert torn(folder / "a.json") == ("b/c.csv",)


def test_forms_may_be_written_in_but_not_be_half_there(tmp_path):
    write_set(tmp_path, "sheets", SET.items())
    (tmp_path / "a.json").write_bytes(b"diisi tangan")
    assert not torn(tmp_path / "a.json")
    (tmp_path / MANIFEST).rename(tmp_path / PENDING)
    assert torn(tmp_path / "a.json") == ("a.json",)


def test_each_kind_of_set_keeps_its_own_names(folder):
    write_set(folder, "sheets", [("d.txt", b"d")])
    write_set(folder, "plan", [("a.json", b"baru")])
    sets = json.loads((folder / MANIFEST).read_text())["sets"]
    assert {kind: list(files) for kind, files in sets.items()} == {
        "plan": ["a.json"],
        "sheets": ["d.txt"],
    }
    assert (folder / "b" / "c.csv").exists()  # of no set any more


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"schema": "rembug-manifest/1"}', '{"name": "app"}', "[" * 100_000, "\x80"],
)
def test_a_manifest_of_another_program_is_neither_read_nor_replaced(tmp_path, text):
    (tmp_path / MANIFEST).write_text(text, "latin-1")
    (tmp_path / "a.json").write_bytes(b"x")
    assert not torn(tmp_path / "a.json")
    with pytest.raises(RembugError, match="program lain"):
        write_set(tmp_path, "plan", SET.items())
    assert (tmp_path / MANIFEST).read_text("latin-1") == text
    assert (tmp_path / "a.json").read_bytes() == b"x"


def test_check_and_diff_say_that_a_plan_is_not_whole(tmp_path):
    out = tmp_path / "hasil"
    rembug("plan", "kaliombo-2023", "--out", out)
    (out / "alokasi.csv").unlink()
    said = Words().say("error.set_torn", path="plan.json", files="alokasi.csv")
    checked = rembug("check", out / "plan.json", "--scenario", "kaliombo-2023")
    assert checked.exit_code == 1
    assert said in " ".join(checked.stdout.split())
    record = rembug_json("check", out / "plan.json", "--scenario", "kaliombo-2023")
    assert (record["verified"], record["torn"]) == (True, ["alokasi.csv"])
    for name in ("plan.json", "rancangan.csv"):
        compared = rembug("diff", out / name, "data/kaliombo-2023")
        assert compared.exit_code == 1
        assert compared.stderr.startswith(f'"{name}"')
        assert "alokasi.csv" in compared.stderr
    alone = tmp_path / "surel" / "plan.json"
    alone.parent.mkdir()
    (out / "plan.json").rename(alone)
    assert rembug_json("check", alone, "--scenario", "kaliombo-2023")["torn"] == []
    assert rembug("diff", alone, "data/kaliombo-2023").exit_code == 0

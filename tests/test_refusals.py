"""Refused files: one mistake never hides another, and a message stays readable."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.errors import SHOWN, InputRefused
from optimizer.files.datasets import load_dataset

HEAD = "id;tingkat;kelurahan;rw;rt;kegiatan;bidang;harga_satuan;volume;volume_minimum;penerima\n"


def refusal(folder: Path, *rows: str) -> InputRefused:
    (folder / "dataset.yaml").write_text("name: uji\n")
    (folder / "wilayah.csv").write_text("kelurahan;rw;rt\nA;1;1\nA;1;2\n")
    (folder / "usulan.csv").write_text(HEAD + "".join(f"{row}\n" for row in rows))
    with pytest.raises(InputRefused) as caught:
        load_dataset(folder)
    return caught.value


def test_all_mistakes_of_a_row_are_told(tmp_path: Path) -> None:
    error = refusal(
        tmp_path,
        "U-1;RT;A;1;1;Lampu;Ekonomi;1,500;2;;",
        "U-1;RT;A;1;2;Lampu;Ekonomi;0;2;3;RT 09/RW 01",
        "U-1;RT;A;1;9;Lampu;Ekonomi;sejuta;0;;",
    )
    told = {(f.place.row, f.place.column) for f in error.findings}
    assert told == {
        (2, "harga_satuan"),
        (3, "id"),
        (3, "harga_satuan"),
        (3, "volume_minimum"),
        (3, "penerima"),
        (4, "id"),
        (4, "rt"),
        (4, "harga_satuan"),
        (4, "volume"),
    }


def test_warnings_are_told_beside_the_errors(tmp_path: Path) -> None:
    message = refusal(tmp_path, "U-1;RT;A;1;1;Lampu;Ekonmi;0;2;;").message()
    assert "1 kesalahan" in message
    assert 'Mungkin maksudnya "Ekonomi"?' in message


def test_a_message_is_cut_where_nobody_reads_on(tmp_path: Path) -> None:
    rows = [f"U-{n};RT;A;1;1;Lampu;Ekonomi;x;2;;" for n in range(SHOWN + 50)]
    error = refusal(tmp_path, *rows)
    lines = error.message().splitlines()
    assert (lines[-1], len(lines)) == ("… dan 50 lagi", SHOWN + 2)
    assert len(error.findings) == SHOWN + 50

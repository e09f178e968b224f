"""Whatever stands in the cells: a dataset with every row in it, or findings; never a traceback."""

from __future__ import annotations

import random

import pytest

from optimizer.errors import InputRefused
from optimizer.files.datasets import read_sheets
from optimizer.files.schema import SHEETS
from optimizer.record.dataset import Dataset, Metadata
from optimizer.record.scenario import _plain
from optimizer.words import Words

META = Metadata(name="uji")
NASTY = [
    None,
    "",
    " ",
    "0",
    "-1",
    "1",
    "01",
    "02",
    "1,5",
    "1,500",
    "1.500",
    "1e9",
    "nan",
    "Infinity",
    float("nan"),
    float("inf"),
    1e300,
    2.5,
    3,
    -4,
    True,
    "RT",
    "RW",
    "Kelurahan",
    "kota",
    "K",
    "k",
    "K/01",
    "CONTOH",
    "01/01",
    "RT 01/RW 02; semua",
    ";;;",
    ">",
    ":",
    "U-1",
    "U-1;U-2",
    "U-1>U-2>U-1",
    "U-1:3;U-2:x",
    "setuju",
    "urutan",
    "poin",
    "wajib",
    "tidak diajukan",
    "Lampiran E",
    "=1+1",
    "{value}",
    "{0!r}",
    "٣",
    "²",
    "\x00\u202e",
    "x" * 11_000,
    "9" * 400,
]


def sheets(rng: random.Random, share: float) -> dict[str, list[dict[str, object]]]:
    """Plausible rows in which a share of the cells is replaced."""
    place = {"kelurahan": "K", "rw": "01", "rt": "01"}
    good = {
        "wilayah": [{**place, "rt": f"0{n}"} for n in (1, 2)],
        "usulan": [
            {"id": f"U-{n}", "tingkat": "RT", **place, "kegiatan": "x", "volume": "4"}
            | {"harga_satuan": "1000", "volume_minimum": "2", "penerima": "01/01"}
            for n in (1, 2, 3)
        ],
        "rembug": [{"tingkat": "RT", **place, "hadir": "9", "daftar_hadir": "ya"}],
        "dukungan": [{"id_usulan": "U-1", **place, "jumlah": "3"}],
        "suara": [{**place, "jenis": "setuju", "pilihan": "U-1"}],
        "gabungan": [{"id_usulan": "U-2", "rw": "01", "rt": "02", "bagian": "1"}],
    }
    return {
        spec.name: [
            {c: rng.choice(NASTY) if rng.random() < share else row.get(c) for c in spec.headings}
            for row in good[spec.name]
        ]
        for spec in SHEETS
    }


def outcome(data) -> Dataset | InputRefused:
    try:
        return read_sheets(data, META)
    except InputRefused as refused:
        return refused


@pytest.mark.parametrize("seed", range(300))
def test_any_cells(seed):
    rng = random.Random(seed)
    data = sheets(rng, rng.choice([0.01, 0.03, 0.1, 0.6]))
    result = outcome(data)
    for finding in result.findings:
        assert finding.text()
        assert finding.text(Words("en"))
        assert finding.place.sheet
    for rows in data.values():
        rng.shuffle(rows)
    again = outcome(data)
    assert type(again) is type(result)
    if isinstance(result, Dataset):
        assert _plain(again) == _plain(result)
        assert _every_row_is_used(data, result)


def _every_row_is_used(data, dataset: Dataset) -> bool:
    """Rows of each sheet: used or told to be an example."""
    examples = [f.place.sheet for f in dataset.findings if f.code == "dataset_example"]
    results = dataset.results
    used = {
        "wilayah": len(dataset.territory.units),
        "usulan": len(dataset.proposals),
        "rembug": len(results.meetings),
        "dukungan": len(results.counts),
        "suara": len(results.ballots),
        "gabungan": sum(
            len(p.participants) for p in dataset.proposals if p.shares or p.id == "U-2"
        ),
    }
    return all(used[name] + examples.count(name) >= len(rows) for name, rows in data.items())

"""Writing datasets, the fillable workbook, the starter folder, and the documentation."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest

from optimizer.errors import InputRefused, RembugError
from optimizer.files.datasets import load_dataset, load_workbook, read_sheets
from optimizer.files.datasets_out import write_dataset, write_workbook
from optimizer.files.datasets_template import init, template
from optimizer.files.schema import SHEETS, markdown
from optimizer.record.dataset import Dataset, Metadata
from optimizer.record.meetings import Ballot, BallotKind, Count, Meeting, Results
from optimizer.record.proposals import Proposal, Status
from optimizer.record.scenario import _plain
from optimizer.territory import Territory, Unit
from optimizer.words import Words
from tools import demo

META = Metadata(
    name="Uji: dua kelurahan",
    fiscal_year=2023,
    kota="Kota Contoh",
    kecamatan={"Contoh 01": "Barat"},
    real={"id": ("jumlah RT",), "en": ("number of RT",)},
    made_up={"id": ("semua usulan", "semua suara")},
    made_up_notice=True,
    sources=("berita acara; lampiran",),
)


def random_dataset(seed: int) -> Dataset:
    """Everything that the format can carry, drawn."""
    rng = random.Random(seed)
    units = [
        Unit(k, f"0{w}", f"0{t}", rng.randint(0, 10**8), rng.randint(0, 90), 200)
        for k in ("Contoh 01", "Contoh 02")
        for w in (1, 2)
        for t in (1, 2, 3)
    ]
    territory = Territory(units)
    proposals = [_proposal(rng, n, territory) for n in range(40)]
    ids = [p.id for p in proposals]
    place = units[0].id
    ballots = [
        Ballot(place, BallotKind.APPROVAL, ((ids[1], 1), (ids[2], 1)), rng.randint(1, 9)),
        Ballot(place, BallotKind.RANKING, tuple((i, 0) for i in rng.sample(ids, 3)), 2),
        Ballot(place, BallotKind.POINTS, ((ids[3], rng.randint(0, 10)),), 1),
        Ballot("Contoh 02", BallotKind.APPROVAL, (), 3),
    ]
    meetings = [
        Meeting(u.id, "rt", "2023-02-01", 30, rng.choice([None, 25]), rng.choice([None, True]), "1")
        for u in units
    ]
    counts = [Count(i, units[1].id, rng.randint(0, 25)) for i in rng.sample(ids, 5)]
    results = Results(tuple(meetings), tuple(counts), tuple(ballots), points_max=10)
    letters = [(p.owner, "E", p.field) for p in proposals if p.status is Status.EXCLUDED]
    return Dataset.build(META, territory, proposals, results, letters=letters)


def _proposal(rng: random.Random, number: int, territory: Territory) -> Proposal:
    unit = rng.choice(territory.units)
    level, owner = rng.choice(
        [("rt", unit.id), ("rw", unit.id[:-3]), ("kelurahan", unit.kelurahan)]
    )
    step = Fraction(rng.choice([1, 2, 5]), rng.choice([1, 2, 5, 8]))
    least = step * rng.randint(1, 4)
    volume = least + step * rng.randint(0, 5)
    fixed = volume == least
    neighbours = territory.units_below(unit.kelurahan)
    payers = tuple(u for u in neighbours if rng.random() < 0.5)
    proposal = Proposal(
        id=f"U-{number}",
        level=level,
        owner=owner,
        activity=rng.choice(["Paving", "=SUM(A1)", "- cat; tembok", 'Papan "RT"', "Gapura, baru"]),
        unit_price=rng.randint(1, 500) * 40_000,
        volume=volume,
        least=volume if fixed else least,
        step=volume if fixed else step,
        rank=rng.choice([None, number + 1]),
        field=rng.choice(["infrastruktur/rt", "kepemudaan", "bidang lain"]),
        description=rng.choice(["", "Gang 2", "+62"]),
        measure="m2",
        own_funds=rng.choice([0, 40_000 * int(least)]),
        location="Gang 2",
        beneficiaries=tuple(u for u in neighbours if rng.random() < 0.3),
        participants=payers,
        shares=tuple(rng.randint(1, 9) for _ in payers) if rng.random() < 0.5 else (),
        booking="RT",
        status=rng.choice([Status.OPEN, Status.MANDATORY]),
        reason="kesepakatan rembug",
    )
    if level == "rt" and number % 5 == 0:
        return replace(
            proposal, status=Status.EXCLUDED, field="kepemudaan", reason="Lampiran E, disepakati"
        )
    return proposal


@pytest.mark.parametrize("seed", range(12))
def test_what_is_written_reads_back_the_same(tmp_path, seed):
    dataset = random_dataset(seed)
    write_dataset(dataset, tmp_path)
    assert _plain(load_dataset(tmp_path)) == _plain(dataset)
    assert _plain(load_workbook(write_workbook(dataset), "uji.xlsx")) == _plain(dataset)


def test_written_bytes_are_the_same_every_time(tmp_path):
    dataset = random_dataset(1)
    for name in ("satu", "dua"):
        write_dataset(dataset, tmp_path / name)
    for file in (tmp_path / "satu").iterdir():
        assert file.read_bytes() == (tmp_path / "dua" / file.name).read_bytes()
    assert write_workbook(dataset) == write_workbook(dataset)


def test_csv_opens_in_a_spreadsheet(tmp_path):
    write_dataset(random_dataset(2), tmp_path)
    data = (tmp_path / "usulan.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid;tingkat;kelurahan;")
    assert b";=SUM" not in data
    # "05/03" alone would become a date when the file is opened.
    assert b"RT 01/RW 02" in data


def test_units_of_other_levels_read_back(tmp_path):
    units = [
        Unit("Desa A", "", "", 800_000_000),
        Unit("Kel B", "01", "", 5),
        Unit("Kel B", "02", "", 5),
    ]
    one = Fraction(1)
    shared = Proposal(
        "U-1",
        "kelurahan",
        "Kel B",
        "Jalan",
        10,
        one,
        one,
        one,
        participants=("Kel B/01", "Kel B/02"),
    )
    alone = Proposal("U-2", "kelurahan", "Desa A", "Balai", 10, one, one, one)
    dataset = Dataset.build(META, Territory(units), [shared, alone])
    write_dataset(dataset, tmp_path)
    assert _plain(load_dataset(tmp_path)) == _plain(dataset)


def test_kaliombo_as_one_workbook():
    dataset = read_sheets(demo.build("kaliombo-2023"), META, points_max=10)
    assert _plain(load_workbook(write_workbook(dataset), "k.xlsx")) == _plain(dataset)


# --- the workbook to fill in ------------------------------------------------------------


def _filled_template(tmp_path: Path, lang: str) -> Path:
    path = tmp_path / f"templat-{lang}.xlsx"
    path.write_bytes(template(Words(lang)))
    book = openpyxl.load_workbook(path)
    book["wilayah"].append(["Kaliombo", "03", "05", 59, 174, None])
    row = dict.fromkeys(c.name for c in SHEETS[1].columns)
    row |= {"tingkat": "RT", "kelurahan": "Kaliombo", "rw": "03", "rt": "05", "kegiatan": "Paving"}
    row |= {"bidang": "Infrastruktur RT", "harga_satuan": 200_000, "volume": 12.5}
    book["usulan"].append(list(row.values()))
    book.save(path)
    return path


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_filled_template_is_a_dataset(tmp_path, lang):
    dataset = load_dataset(_filled_template(tmp_path, lang))
    assert [u.id for u in dataset.territory.units] == ["Kaliombo/03/05"]
    assert dataset.proposals[0].volume == Fraction(25, 2)
    examples = [f for f in dataset.findings if f.code == "dataset_example"]
    assert len(examples) == len(SHEETS)


def test_an_empty_template_says_what_is_missing():
    with pytest.raises(InputRefused) as caught:
        load_workbook(template(), "templat.xlsx")
    assert "dataset_no_units" in {f.code for f in caught.value.findings}


def test_template_has_drop_downs_notes_and_the_same_bytes(tmp_path):
    assert template() == template()
    path = tmp_path / "t.xlsx"
    path.write_bytes(template(Words("en")))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["instructions", "dataset", *(s.name for s in SHEETS)]
    lists = {v.formula1 for v in book["usulan"].data_validations.dataValidation if v.type == "list"}
    assert '"terbuka,wajib,tidak diajukan"' in lists
    for spec in SHEETS:
        notes = [cell.comment.text for cell in book[spec.name][1]]
        assert notes == [spec.describe(c, Words("en")) for c in spec.columns]


# --- the starter folder -----------------------------------------------------------------


def test_init_makes_a_dataset_to_fill_in(tmp_path):
    folder = init(tmp_path / "blabak", "Blabak", rw=4, rt=31, pagu=100_000_000, fiscal_year=2023)
    dataset = load_dataset(folder)
    assert len(dataset.territory.units) == 31
    assert {u.rw for u in dataset.territory.units} == {"01", "02", "03", "04"}
    assert dataset.meta.fiscal_year == 2023
    assert dataset.proposals == ()
    assert dataset.findings == ()
    text = (folder / "dataset.yaml").read_text("utf-8")
    assert "# Yang dibuat-buat" in text


def test_init_with_the_rt_of_each_rw(tmp_path):
    dataset = load_dataset(init(tmp_path / "x", "X", rw=2, rt=[1, 3], pagu=1, words=Words("en")))
    assert [u.id for u in dataset.territory.units] == ["X/01/01", "X/02/01", "X/02/02", "X/02/03"]


@pytest.mark.parametrize(
    ("name", "rw", "rt", "code"),
    [
        ("A/B", 1, 1, "init_name"),
        (" ", 1, 1, "init_name"),
        ("X", 3, 2, "init_counts"),
        ("X", 0, 0, "init_counts"),
        ("X", 2, [1], "init_counts"),
        ("X", 2, [1, 0], "init_counts"),
    ],
)
def test_init_refuses_what_makes_no_sense(tmp_path, name, rw, rt, code):
    with pytest.raises(RembugError) as caught:
        init(tmp_path / "x", name, rw=rw, rt=rt, pagu=1)
    assert caught.value.code == code
    assert not (tmp_path / "x").exists()


def test_init_never_overwrites(tmp_path):
    (tmp_path / "catatan.txt").write_text("penting", "utf-8")
    with pytest.raises(RembugError, match="sudah ada isinya"):
        init(tmp_path, "X", rw=1, rt=1, pagu=1)


# --- the documentation ------------------------------------------------------------------


def test_the_documentation_follows_the_schema():
    text = (Path(__file__).parents[1] / "docs" / "dataset.md").read_text("utf-8")
    for lang in ("id", "en"):
        assert markdown(Words(lang)).strip() in text

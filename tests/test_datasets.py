"""Reading datasets: meaning of rows, independence of their order, volume."""

from __future__ import annotations

import random
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from optimizer.files.datasets import load_dataset, read_sheets
from optimizer.files.schema import FIELDS, SHEETS
from optimizer.record.dataset import Dataset, Metadata
from optimizer.record.meetings import Ballot, BallotKind, Count
from optimizer.record.proposals import Status
from optimizer.record.scenario import _plain
from optimizer.words import Words, languages
from tools import demo

META = Metadata(name="uji")
WILAYAH = [
    {"kelurahan": "Kaliombo", "rw": rw, "rt": rt, "kk": "10", "jiwa": "30", "pagu": ""}
    for rw in ("01", "02")
    for rt in ("01", "02", "03")
]


def usulan(**cells):
    return {
        "id": "U-1",
        "tingkat": "RT",
        "kelurahan": "Kaliombo",
        "rw": "01",
        "rt": "01",
        "kegiatan": "Paving",
        "harga_satuan": "200000",
        "volume": "10",
        **cells,
    }


def read(*proposals, **sheets) -> Dataset:
    return read_sheets({"wilayah": WILAYAH, "usulan": list(proposals), **sheets}, META)


def one(**cells):
    return read(usulan(**cells)).proposals[0]


def codes(dataset: Dataset) -> list[str]:
    return [f.code for f in dataset.findings]


def test_same_rt_number_in_two_rw_is_legal():
    dataset = read()
    ids = [u.id for u in dataset.territory.units]
    assert ids[0] == "Kaliombo/01/01"
    assert "Kaliombo/02/01" in ids
    assert len(ids) == 6


def test_budget_default_and_given():
    rows = [{**WILAYAH[0], "pagu": "Rp75.000.000"}, WILAYAH[1]]
    dataset = read_sheets({"wilayah": rows, "usulan": []}, META, default_pagu=50_000_000)
    assert [u.budget for u in dataset.territory.units] == [75_000_000, 50_000_000]


@pytest.mark.parametrize("rt", ["1", "01", "RT 01", "rt.1", 1, 1.0])
def test_rt_numbers_in_every_notation(rt):
    assert one(rt=rt).owner == "Kaliombo/01/01"


def test_levels_and_owners():
    rows = [
        usulan(id="A", tingkat="rw", rt=""),
        usulan(id="B", tingkat="KELURAHAN", rw="", rt="", kelurahan="kaliombo"),
    ]
    owners = {p.id: (p.level, p.owner) for p in read(*rows).proposals}
    assert owners == {"A": ("rw", "Kaliombo/01"), "B": ("kelurahan", "Kaliombo")}


def test_units_that_are_rw_or_desa():
    rows = [
        {"kelurahan": "Desa Satu", "rw": "", "rt": ""},
        {"kelurahan": "Dua", "rw": "1", "rt": ""},
    ]
    proposals = [usulan(tingkat="RW", kelurahan="Dua", rw="01", rt="", peserta_iuran="RW 01")]
    dataset = read_sheets({"wilayah": rows, "usulan": proposals}, META)
    assert [u.id for u in dataset.territory.units] == ["Desa Satu", "Dua/01"]
    assert dataset.proposals[0].participants == ("Dua/01",)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Sosial Budaya", "sosial_budaya"),
        ("Infrastruktur bersama", "infrastruktur/bersama"),
        ("infrastruktur/rt", "infrastruktur/rt"),
        ("Bidang Kesehatan", "kesehatan"),
        ("BIAYA UMUM", "biaya_umum"),
        ("", ""),
    ],
)
def test_fields_by_any_usual_name(text, field):
    assert one(bidang=text).field == field


def test_unknown_field_stays_and_is_told():
    dataset = read(usulan(bidang="Kesehatn"))
    assert dataset.proposals[0].field == "Kesehatn"
    assert codes(dataset) == ["dataset_field_near"]
    assert "Kesehatan" in dataset.findings[0].text()


def test_volumes():
    fixed = one()
    assert (fixed.volume, fixed.least, fixed.step) == (10, 10, 10)
    by_one = one(volume_minimum="4")
    assert (by_one.least, by_one.step) == (4, 1)
    by_half = one(volume="2,5", volume_minimum="1", langkah_volume="0,5")
    assert by_half.volumes == tuple(Fraction(n, 2) for n in (2, 3, 4, 5))
    same = one(volume_minimum="10", langkah_volume="3")
    assert (same.least, same.step) == (10, 10)


def test_step_alone_is_not_reducible_and_told():
    dataset = read(usulan(langkah_volume="2"))
    assert dataset.proposals[0].least == 10
    assert codes(dataset) == ["dataset_step_alone"]


def test_spreadsheet_dust_in_volumes():
    assert one(volume=0.1 + 0.2).volume == Fraction(3, 10)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("02/01; 3/1", ("Kaliombo/01/02", "Kaliombo/01/03")),
        ("RT 02 RW 01, RT 03 RW 01", ("Kaliombo/01/02", "Kaliombo/01/03")),
        ("RT 03/RW 02", ("Kaliombo/02/03",)),
        ("RW 02 RT 03", ("Kaliombo/02/03",)),
        ("RW 02", ("Kaliombo/02/01", "Kaliombo/02/02", "Kaliombo/02/03")),
        ("02; 03", ("Kaliombo/01/02", "Kaliombo/01/03")),
        ("semua", ()),
        ("", ()),
    ],
)
def test_lists_of_units_are_rt_first(text, units):
    proposal = one(penerima=text, peserta_iuran=text)
    assert proposal.beneficiaries == units
    assert proposal.participants == units


def test_shares_of_gabungan_override_the_column():
    dataset = read(
        usulan(tingkat="RW", rt="", peserta_iuran="01/01"),
        gabungan=[
            {"id_usulan": "U-1", "rw": "01", "rt": "03", "bagian": "2"},
            {"id_usulan": "U-1", "rw": "01", "rt": "02", "bagian": "1"},
        ],
    )
    proposal = dataset.proposals[0]
    assert proposal.participants == ("Kaliombo/01/02", "Kaliombo/01/03")
    assert proposal.shares == (1, 2)
    assert codes(dataset) == ["dataset_participants_replaced"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", Status.OPEN),
        ("open", Status.OPEN),
        ("Wajib", Status.MANDATORY),
        ("mandatory", Status.MANDATORY),
        ("excluded", Status.EXCLUDED),
    ],
)
def test_status_in_both_languages(text, status):
    assert one(status=text, alasan="kesepakatan").status is status


def test_status_without_reason_is_told():
    assert codes(read(usulan(status="wajib"))) == ["dataset_reason_missing"]


def test_letters_are_recorded_and_need_no_price():
    empty = {"harga_satuan": "", "volume": "", "status": "tidak diajukan"}
    dataset = read(
        usulan(id="A", kegiatan="Iuran JKN", alasan="Surat Pernyataan Lampiran D", **empty),
        usulan(id="B", kegiatan="-", bidang="Kepemudaan", alasan="lampiran E", **empty),
        usulan(id="C", alasan="warga belum sepakat", **empty),
    )
    owner = "Kaliombo/01/01"
    assert dataset.letters == ((owner, "D", "Iuran JKN"), (owner, "E", "kepemudaan"))
    assert len(dataset.proposals) == 3


def test_letter_of_a_whole_rw_is_not_taken_for_its_rt():
    row = usulan(tingkat="RW", rt="", status="tidak diajukan", alasan="Lampiran E")
    dataset = read(row)
    assert dataset.letters == ()
    assert codes(dataset) == ["dataset_letter_not_unit"]


def test_votes():
    place = {"kelurahan": "Kaliombo", "rw": "01", "rt": "01"}
    dataset = read(
        usulan(),
        usulan(id="U-2"),
        rembug=[{"tingkat": "RT", **place, "diundang": "30", "hadir": "20", "daftar_hadir": "ya"}],
        dukungan=[{"id_usulan": "U-1", **place, "jumlah": "20"}],
        suara=[
            {**place, "jenis": "setuju", "pilihan": "U-2; U-1", "banyak": "3"},
            {**place, "jenis": "setuju", "pilihan": "U-1;U-2", "banyak": "2"},
            {**place, "kelurahan": "", "jenis": "urutan", "pilihan": "U-2>U-1"},
            {**place, "jenis": "poin", "pilihan": "U-1:5;U-2:3"},
        ],
    )
    at = "Kaliombo/01/01"
    assert dataset.results.counts == (Count("U-1", at, 20),)
    assert set(dataset.results.ballots) == {
        Ballot(at, BallotKind.APPROVAL, (("U-1", 1), ("U-2", 1)), 5),
        Ballot(at, BallotKind.RANKING, (("U-2", 0), ("U-1", 0)), 1),
        Ballot(at, BallotKind.POINTS, (("U-1", 5), ("U-2", 3)), 1),
    }
    assert dataset.results.points_max == 5
    assert dataset.results.meetings[0].signed is True
    assert dataset.findings == ()


def test_generated_ids_follow_content_not_rows():
    rows = [usulan(id="", kegiatan=name, urutan=str(n)) for n, name in enumerate("CAB", 1)]
    rows.append(usulan(id="U-0002", rt="02"))
    forward, backward = read(*rows), read(*reversed(rows))
    assert forward.proposals == backward.proposals
    assert [p.id for p in forward.proposals] == ["U-0001", "U-0002", "U-0003", "U-0004"]
    assert codes(forward) == ["dataset_id_generated"] * 3
    assert [p.activity for p in forward.proposals if p.owner.endswith("/01")] == ["C", "A", "B"]


@pytest.mark.parametrize("seed", range(5))
def test_row_order_never_changes_the_dataset(seed):
    sheets = {name: list(rows) for name, rows in demo.build("kaliombo-2023").items()}
    for row in sheets["usulan"][::7]:
        assert row["id"]
    expected = _plain(read_sheets(sheets, META))
    rng = random.Random(seed)
    for rows in sheets.values():
        rng.shuffle(rows)
    assert _plain(read_sheets(sheets, META)) == expected


def test_example_row_is_told_and_not_read():
    dataset = read(usulan(id="CONTOH", kelurahan="tidak ada"), usulan())
    assert [p.id for p in dataset.proposals] == ["U-1"]
    assert codes(dataset) == ["dataset_example"]


def test_kaliombo_has_nothing_to_mend():
    dataset = read_sheets(demo.build("kaliombo-2023"), META)
    assert len(dataset.territory.units) == 47
    assert set(codes(dataset)) == {"dataset_not_signed"}
    assert len(dataset.findings) == 3


def test_many_rows(tmp_path):
    """200 000 ballots are read, grouped and counted; none is lost."""
    (tmp_path / "dataset.yaml").write_text("name: besar\n", "utf-8")
    (tmp_path / "wilayah.csv").write_text("kelurahan;rw;rt\nK;1;1\n", "utf-8")
    usulan_csv = "id;tingkat;kelurahan;rw;rt;kegiatan;harga_satuan;volume\n"
    usulan_csv += "U-1;RT;K;1;1;Paving;1000;1\nU-2;RT;K;1;1;Lampu;1000;1\n"
    (tmp_path / "usulan.csv").write_text(usulan_csv, "utf-8")
    rows = "K;1;1;setuju;U-1;1\nK;1;1;urutan;U-1>U-2;1\n" * 100_000
    (tmp_path / "suara.csv").write_text("kelurahan;rw;rt;jenis;pilihan;banyak\n" + rows, "utf-8")
    dataset = load_dataset(tmp_path)
    assert sorted(b.count for b in dataset.results.ballots) == [100_000, 100_000]


def test_every_sheet_and_column_is_described_in_both_languages():
    for sheet in SHEETS:
        for column in sheet.columns:
            for lang in languages():
                assert sheet.describe(column, Words(lang))


def test_known_fields_are_those_of_the_shipped_policies():
    def walk(accounts, above=""):
        for name, account in (accounts or {}).items():
            yield above + name
            yield from walk(account.get("accounts"), f"{above}{name}/")

    shipped: set[str] = set()
    for file in (Path(__file__).parents[1] / "data" / "policies").glob("*.yaml"):
        shipped |= set(walk(yaml.safe_load(file.read_text("utf-8"))["accounts"]))
    assert shipped == set(FIELDS)

"""The example data keeps to what its sources and the design say, figure by figure."""

from __future__ import annotations

from collections import Counter, defaultdict
from random import Random
from statistics import median

import pytest
import yaml

from optimizer.files.datasets import load_dataset
from optimizer.files.policies import load_policy
from optimizer.files.schema import SHEETS_BY_NAME
from optimizer.files.tables import read_tables
from optimizer.shipped import DATA
from tools.demo import NAMES, build
from tools.demo.__main__ import files
from tools.demo.activities import activities
from tools.demo.votes import POINTS_MAX, ballots, hand_counts

FOLDER = DATA / "kaliombo-2023"
MILLION = 10**6
TENDA = "Tenda, kursi, meja, sound system, alat masak"
Row = dict[str, str]


def _read(sheet: str) -> list[Row]:
    heading, *rows = read_tables(FOLDER / f"{sheet}.csv").sheets[0].rows
    names = [str(h) for h in heading]
    return [{n: str(v or "") for n, v in zip(names, row, strict=True)} for row in rows]


@pytest.fixture(scope="module")
def sheets() -> dict[str, list[Row]]:
    return {name: _read(name) for name in ("wilayah", "usulan", "rembug", "dukungan", "suara")}


@pytest.fixture(scope="module")
def active(sheets) -> list[Row]:
    return [r for r in sheets["usulan"] if r["status"] != "tidak diajukan"]


@pytest.fixture(scope="module")
def lists(active) -> dict[tuple[str, str], list[Row]]:
    by_rt = defaultdict(list)
    for row in active:
        if row["tingkat"] == "RT":
            by_rt[row["rw"], row["rt"]].append(row)
    return dict(by_rt)


@pytest.fixture(scope="module")
def city() -> dict[str, list[Row]]:
    return build("kota-contoh")


def _cost(row: Row) -> int:
    return int(row["harga_satuan"]) * int(row["volume"]) - int(row["swadaya"] or 0)


def _roads(rows: list[Row]) -> int:
    return sum(_cost(r) for r in rows if r["bidang"] == "infrastruktur/rt")


def _useful(rows: list[Row]) -> int:
    """Rupiah outside infrastructure that the caps let an RT use."""
    policy = load_policy("kediri-2023")
    wanted: Counter[str] = Counter()
    for row in rows:
        if row["bidang"] != "infrastruktur/rt":
            wanted[row["bidang"]] += _cost(row)
    return sum(min(amount, policy.by_id[f].upper(policy.pagu)) for f, amount in wanted.items())


# --- files ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_generating_again_gives_the_same_bytes(name) -> None:
    assert {f.name: f.read_bytes() for f in (DATA / name).glob("*.csv")} == files(name)


def test_files_are_utf8_with_bom_semicolons_and_the_headings_of_the_format() -> None:
    for path in FOLDER.glob("*.csv"):
        text = path.read_bytes().decode("utf-8")
        assert text.startswith("\ufeff")
        assert tuple(text[1:].splitlines()[0].split(";")) == SHEETS_BY_NAME[path.stem].headings


def test_metadata_says_what_is_real_and_what_is_made_up() -> None:
    for folder in (FOLDER, DATA / "kota-contoh"):
        meta = yaml.safe_load((folder / "dataset.yaml").read_text("utf-8"))
        assert meta["made_up_notice"] is True
        assert meta["points_max"] == POINTS_MAX
        for key in ("real", "made_up"):
            assert len(meta[key]["id"]) == len(meta[key]["en"]) > 0


def test_dataset_is_clean_but_for_the_missing_lists() -> None:
    dataset = load_dataset(FOLDER)
    assert Counter(f.code for f in dataset.findings) == {"dataset_not_signed": 3}
    assert Counter(letter for _, letter, _ in dataset.letters)["D"] == 38
    assert {dataset.territory.level(p.owner) for p in dataset.proposals} == {
        "rt",
        "rw",
        "kelurahan",
    }


# --- territory and meetings ---------------------------------------------------------------


def test_totals_of_the_thesis(sheets) -> None:
    units = sheets["wilayah"]
    assert len(units) == len({(u["rw"], u["rt"]) for u in units}) == 47
    assert {u["rw"] for u in units} == {f"{n:02d}" for n in range(1, 10)}
    assert sum(int(u["kk"]) for u in units) == 2762
    assert sum(int(u["jiwa"]) for u in units) == 8164
    assert {u["pagu"] for u in units} == {"100000000"}
    assert {("04", "03"), ("09", "03")} <= {(u["rw"], u["rt"]) for u in units}


def test_attendance(sheets) -> None:
    meetings = [m for m in sheets["rembug"] if m["tingkat"] == "RT"]
    present = [int(m["hadir"]) for m in meetings]
    assert len(meetings) == 47
    assert median(present) == 22
    assert 8 <= min(present) <= max(present) <= 40
    assert median(int(m["diundang"]) for m in meetings) == 59
    assert Counter(m["daftar_hadir"] for m in meetings) == {"ada": 44, "tidak ada": 3}
    assert [m["tingkat"] for m in sheets["rembug"] if m["tingkat"] != "RT"] == ["Kelurahan"]


def test_most_rt_have_an_order_only(sheets) -> None:
    counted = {(r["rw"], r["rt"]) for r in sheets["dukungan"]}
    paper = {(r["rw"], r["rt"]): r["jenis"] for r in sheets["suara"] if r["jenis"] != "bidang"}
    assert len(counted) == 12
    assert Counter(paper.values()) == {"setuju": 5, "urutan": 1, "poin": 1}
    assert not counted & set(paper)


def test_votes_are_for_own_open_proposals_and_within_attendance(sheets, active) -> None:
    rows = {r["id"]: r for r in active}
    present = {(m["rw"], m["rt"]): int(m["hadir"]) for m in sheets["rembug"]}
    cast: Counter[tuple[str, str]] = Counter()
    for vote in sheets["dukungan"]:
        place = vote["rw"], vote["rt"]
        assert (rows[vote["id_usulan"]]["rw"], rows[vote["id_usulan"]]["rt"]) == place
        assert rows[vote["id_usulan"]]["status"] == "terbuka"
        assert 0 < int(vote["jumlah"]) <= present[place]
    for vote in sheets["suara"]:
        if vote["jenis"] == "bidang":
            continue
        cast[vote["rw"], vote["rt"]] += int(vote["banyak"])
        for choice in vote["pilihan"].replace(">", ";").split(";"):
            row = rows[choice.split(":")[0]]
            assert (row["rw"], row["rt"], row["status"]) == (vote["rw"], vote["rt"], "terbuka")
    assert cast and all(cast[place] <= present[place] for place in cast)


def test_some_rt_voted_on_fields_too(sheets) -> None:
    present = {(m["rw"], m["rt"]): int(m["hadir"]) for m in sheets["rembug"]}
    cast: Counter[tuple[str, str]] = Counter()
    for vote in sheets["suara"]:
        if vote["jenis"] == "bidang":
            cast[vote["rw"], vote["rt"]] += int(vote["banyak"])
    assert 8 <= len(cast) <= 24
    assert all(number == present[place] for place, number in cast.items())


def test_hand_counts_have_ties(sheets) -> None:
    counts = defaultdict(list)
    for row in sheets["dukungan"]:
        counts[row["rw"], row["rt"]].append(row["jumlah"])
    tied = [place for place, numbers in counts.items() if len(set(numbers)) < len(numbers)]
    assert len(tied) >= 10


# --- proposals --------------------------------------------------------------------------


def test_number_of_proposals(active, lists) -> None:
    assert 490 <= len(active) <= 530
    assert len(lists) == 47
    assert all(9 <= len(rows) <= 14 for rows in lists.values())


def test_prices_and_volumes_are_within_the_ranges(sheets) -> None:
    table = {a.name: a for a in activities().values()}
    for row in sheets["usulan"]:
        if row["alasan"].startswith("Surat Pernyataan"):
            assert not row["harga_satuan"] + row["volume"]  # a letter asks for nothing
            continue
        activity = table[row["kegiatan"]]
        price, volume = int(row["harga_satuan"]), int(row["volume"])
        assert activity.price[0] <= price <= activity.price[1]
        assert activity.volume[0] <= volume <= activity.volume[1]
        assert price % 1000 == 0
        assert row["bidang"] == activity.account
        if row["volume_minimum"]:
            least, step = int(row["volume_minimum"]), int(row["langkah_volume"])
            assert activity.reducible
            assert 0 < least < volume
            assert least % step == (volume - least) % step == 0


def test_each_list_is_ranked_from_one(active) -> None:
    ranks = defaultdict(list)
    for row in active:
        ranks[row["tingkat"], row["rw"], row["rt"]].append(int(row["urutan"]))
    assert all(r == list(range(1, len(r) + 1)) for r in ranks.values())


def test_wants_and_idle_money(active, lists) -> None:
    shared: Counter[tuple[str, str]] = Counter()
    for row in active:
        payers = [
            p.removeprefix("RT ").split("/RW ") for p in row["peserta_iuran"].split("; ") if p
        ]
        for rt, rw in payers:
            shared[rw, rt] += _cost(row) // len(payers)
    competing, above = 0, 0
    for place, rows in lists.items():
        wants = 30 * MILLION + sum(map(_cost, rows))
        assert wants >= 82 * MILLION
        assert wants + shared[place] <= 144 * MILLION
        assert 20 * MILLION <= _roads(rows) <= 75 * MILLION
        idle = 60 * MILLION - _useful(rows)
        above += wants > 100 * MILLION
        if idle < 0:
            competing += 1
        else:
            assert 12 * MILLION <= idle - shared[place] <= idle <= 40 * MILLION
    assert 10 <= competing <= above <= 15


def test_some_road_fits_in_every_rt(lists) -> None:
    for rows in lists.values():
        least = min(
            int(r["harga_satuan"]) * int(r["volume_minimum"] or r["volume"])
            - int(r["swadaya"] or 0)
            for r in rows
            if r["bidang"] == "infrastruktur/rt"
        )
        assert least <= 10 * MILLION


def test_joint_projects(active) -> None:
    joint = [r for r in active if r["tingkat"] == "Kelurahan"]
    assert [r["urutan"] for r in joint] == [str(n) for n in range(1, 9)]
    assert {r["bidang"] for r in joint} == {"infrastruktur/bersama"}
    assert 2500 * MILLION <= sum(map(_cost, joint)) <= 3500 * MILLION
    assert Counter(r["kegiatan"] for r in joint) == {
        "RTH/taman kelurahan": 1,
        "Drainase lintas RT/RW": 4,
        "Trotoar": 1,
        "Paving jalan penghubung RW": 2,
    }
    assert all(r["penerima"] for r in joint if r["kegiatan"] != "RTH/taman kelurahan")
    assert all(r["penempatan"].startswith("RT ") for r in joint)
    assert sum("Bumi Asri" in r["lokasi"] for r in joint) == 1


def test_who_asks_for_what(sheets, active, lists) -> None:
    def places(name: str) -> set[tuple[str, str]]:
        return {(r["rw"], r["rt"]) for r in active if r["kegiatan"] == name}

    assert places("Modal Koperasi RW") == {("03", ""), ("08", "")}
    assert len(places("Antropometri kit posyandu")) == 4
    assert len(places("Gedung TPQ")) == 1
    assert places("Peralatan English Massive") == {("04", "03"), ("09", "03")}
    assert len(places(TENDA)) == 3
    assert len(places("Iuran JKN")) == 9
    for name in ("PMT dan vitamin posyandu", "Sarpras dan pembinaan PKK/Dasawisma"):
        assert places(name) == set(lists)
    youth = [r for r in active if r["bidang"] == "kepemudaan"]
    assert len(youth) == 7
    assert all(int(r["urutan"]) >= len(lists[r["rw"], r["rt"]]) - 3 for r in youth)
    (keren,) = [r for r in sheets["usulan"] if r["kegiatan"] == "Kampung Keren"]
    assert (keren["status"], keren["tingkat"]) == ("tidak diajukan", "Kelurahan")
    assert keren["alasan"]


def test_mandatory_items_have_no_votes(sheets, active) -> None:
    mandatory = {r["id"] for r in active if r["status"] == "wajib"}
    joint = {r["id"] for r in active if r["tingkat"] != "RT"}
    assert not {r["id_usulan"] for r in sheets["dukungan"]} & (mandatory | joint)


def test_letters_stand_where_nothing_was_proposed(sheets, lists) -> None:
    letters = [r for r in sheets["usulan"] if r["alasan"].startswith("Surat Pernyataan")]
    by_letter = Counter(r["alasan"][-1] for r in letters)
    assert by_letter["D"] == 38
    assert 10 <= by_letter["E"] <= 30
    for row in letters:
        fields = {r["bidang"] for r in lists[row["rw"], row["rt"]]}
        names = {r["kegiatan"] for r in lists[row["rw"], row["rt"]]}
        assert row["kegiatan"] not in names
        assert row["alasan"][-1] == "D" or row["bidang"] not in fields


def test_only_the_tents_are_off_the_menu(sheets) -> None:
    menu = load_policy("kediri-2023").menu
    assert menu is not None
    off = set()
    for row in sheets["usulan"]:
        match = menu.match(row["kegiatan"])
        if match is None:
            off.add(row["kegiatan"])
        else:
            assert match.exact
            assert row["bidang"].split("/")[0] == match.activity.account
    assert off == {TENDA}


# --- the made-up city ---------------------------------------------------------------------


def test_size_of_the_city(city) -> None:
    units = city["wilayah"]
    assert len({u["kelurahan"] for u in units}) == 46
    assert len(units) == len({(u["kelurahan"], u["rw"], u["rt"]) for u in units}) == 1478
    assert len({(u["kelurahan"], u["rw"]) for u in units}) == 330


def test_city_bears_no_real_name(city) -> None:
    names = {f"Kelurahan Contoh {n:02d}" for n in range(1, 47)}
    assert all(r["kelurahan"] in names for rows in city.values() for r in rows)
    text = " ".join(v for rows in city.values() for r in rows for v in r.values())
    assert "Kaliombo" not in text
    assert "Bumi Asri" not in text
    meta = yaml.safe_load((DATA / "kota-contoh" / "dataset.yaml").read_text("utf-8"))
    assert set(meta["kecamatan"]) == names


def test_city_has_unique_ids_and_every_kind_of_meeting(city) -> None:
    ids = [r["id"] for r in city["usulan"]]
    assert len(set(ids)) == len(ids)
    assert {r["jenis"] for r in city["suara"]} == {"setuju", "urutan", "poin"}
    assert set(city) == {"wilayah", "usulan", "rembug", "dukungan", "suara"}


def test_unknown_example_is_refused() -> None:
    with pytest.raises(KeyError):
        build("kota-lain")


# --- votes ------------------------------------------------------------------------------


def test_points_are_spent_in_full_and_hands_never_exceed_those_present() -> None:
    ids = [f"U-{n}" for n in range(1, 8)]
    for seed in range(50):
        rng = Random(seed)
        assert max(hand_counts(rng, ids, 9).values()) <= 9
        groups = ballots(rng, "poin", ids, 20)
        assert sum(size for _, size in groups) == 20
        for choice, _ in groups:
            assert sum(int(c.split(":")[1]) for c in choice.split(";")) == POINTS_MAX

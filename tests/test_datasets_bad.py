"""Bad datasets: every problem names its place and a remedy, and all are told at once."""

from __future__ import annotations

import pytest

from optimizer.errors import InputRefused, Severity
from optimizer.files.datasets import load_dataset
from optimizer.words import Words

GOOD = {
    "dataset.yaml": "name: uji\n",
    "wilayah.csv": "kelurahan;rw;rt;kk;jiwa;pagu\nKaliombo;01;01;10;30;\nKaliombo;01;02;10;30;\n"
    "Kaliombo;02;01;10;30;\n",
    "usulan.csv": "id;tingkat;kelurahan;rw;rt;urutan;kegiatan;bidang;harga_satuan;volume;"
    "volume_minimum;langkah_volume;swadaya;penerima;status\n"
    "U-1;RT;Kaliombo;01;01;1;Paving;Kesehatan;200000;10;;;;;\n",
    "rembug.csv": "tingkat;kelurahan;rw;rt;diundang;hadir;daftar_hadir\n"
    "RT;Kaliombo;01;01;30;20;ya\n",
    "dukungan.csv": "id_usulan;kelurahan;rw;rt;jumlah\nU-1;Kaliombo;01;01;20\n",
    "suara.csv": "kelurahan;rw;rt;jenis;pilihan;banyak\nKaliombo;02;01;setuju;U-1;2\n",
    "gabungan.csv": "id_usulan;rw;rt;bagian\nU-1;01;01;1\n",
}
USULAN = "U-2;RT;Kaliombo;01;01;2;Lampu;Kesehatan;200000;10;;;;;"


def write(folder, **changed):
    """A good dataset, with some files replaced (or left out where ``None``)."""
    for name, text in {**GOOD, **{k.replace("_", "."): v for k, v in changed.items()}}.items():
        if text is not None:
            data = text if isinstance(text, bytes) else text.encode("utf-8")
            (folder / name).write_bytes(data)
    return folder


def added(sheet, *rows):
    """The good file of a sheet with more rows below."""
    return GOOD[f"{sheet}.csv"] + "".join(f"{row}\n" for row in rows)


def refused(folder, **changed):
    with pytest.raises(InputRefused) as caught:
        load_dataset(write(folder, **changed))
    return caught.value


def proposal(**cells):
    """A second proposal as a CSV row with some cells changed."""
    names = GOOD["usulan.csv"].splitlines()[0].split(";")
    row = dict(zip(names, USULAN.split(";"), strict=True)) | cells
    return ";".join(row.values())


def test_the_good_dataset_is_good(tmp_path):
    assert load_dataset(write(tmp_path)).findings == ()


@pytest.mark.parametrize(
    ("cells", "code", "column", "remedy"),
    [
        ({"kelurahan": "Kaliomb"}, "kelurahan_unknown_near", "kelurahan", "Kaliombo"),
        ({"rt": "03"}, "unit_unknown_near", "rt", "Yang ada di RW 01 Kaliombo: RT 01, RT 02"),
        ({"rw": "01", "rt": "2/1"}, "place_form", "rt", "05"),
        ({"rt": "02", "rw": "03"}, "unit_unknown_near", "rt", "Kaliombo: RW 01, RW 02"),
        ({"rt": ""}, "place_incomplete", "rt", "RT"),
        ({"tingkat": "RW"}, "place_too_deep", "rt", "lokasi"),
        ({"tingkat": "Kelurahn"}, "choice_near", "tingkat", "Kelurahan"),
        ({"tingkat": ""}, "cell_missing", "tingkat", "wajib"),
        ({"kegiatan": ""}, "cell_missing", "kegiatan", "wajib"),
        ({"harga_satuan": ""}, "cell_missing", "harga_satuan", "wajib"),
        ({"harga_satuan": "1,500"}, "money_ambiguous", "harga_satuan", "1500000"),
        ({"harga_satuan": "murah"}, "money_unreadable", "harga_satuan", "1,5 jt"),
        ({"harga_satuan": "1500,5"}, "money_not_whole", "harga_satuan", "Bulatkan"),
        ({"harga_satuan": "0"}, "not_positive", "harga_satuan", "lebih besar dari nol"),
        ({"harga_satuan": "-5000"}, "not_positive", "harga_satuan", "lebih besar dari nol"),
        ({"harga_satuan": "99999 miliar"}, "amount_huge", "harga_satuan", "nol"),
        ({"volume": "0"}, "not_positive", "volume", "lebih besar dari nol"),
        ({"volume": "1,500"}, "number_ambiguous", "volume", "12,5"),
        ({"volume": "banyak"}, "number_unreadable", "volume", "12,5"),
        ({"volume": "1,23456789"}, "volume_decimals", "volume", "Bulatkan"),
        ({"volume_minimum": "11"}, "least_above", "volume_minimum", "Kecilkan"),
        ({"volume_minimum": "-1"}, "not_positive", "volume_minimum", "nol"),
        (
            {"volume_minimum": "4", "langkah_volume": "4"},
            "step_uneven",
            "langkah_volume",
            "8 atau 12",
        ),
        ({"volume": "2,5", "volume_minimum": "1"}, "step_missing", "langkah_volume", "0,5"),
        (
            {"volume_minimum": "1", "langkah_volume": "0,0001"},
            "step_small",
            "langkah_volume",
            "lebih besar",
        ),
        (
            {"harga_satuan": "3", "volume_minimum": "1", "langkah_volume": "0,5"},
            "step_cost",
            "langkah_volume",
            "Ubah langkah",
        ),
        (
            {"volume_minimum": "2", "swadaya": "400001"},
            "own_funds_above",
            "swadaya",
            "Rp400.000",
        ),
        ({"swadaya": "-1"}, "negative", "swadaya", "0 atau lebih"),
        ({"urutan": "0"}, "rank_zero", "urutan", "mulai dari 1"),
        ({"urutan": "1,5"}, "count_form", "urutan", "bilangan bulat"),
        ({"id": "U 2"}, "id_form", "id", "U-0412"),
        ({"id": "U-1"}, "id_twice", "id", "baris 2"),
        ({"penerima": "05/09"}, "unit_unknown_near", "penerima", "wilayah"),
        ({"penerima": "02/02, 01/02"}, "unit_unknown_near", "penerima", "RW 02 Kaliombo: RT 01"),
        ({"penerima": "2023-03-05"}, "units_form", "penerima", "Teks"),
        ({"penerima": "RT 01, RW 02"}, "units_ambiguous", "penerima", "titik koma"),
        ({"status": "ditolak"}, "choice", "status", "tidak diajukan"),
    ],
)
def test_bad_proposals(tmp_path, cells, code, column, remedy):
    error = refused(tmp_path, usulan_csv=added("usulan", proposal(**cells)))
    (finding,) = [f for f in error.findings if f.severity is Severity.ERROR]
    assert finding.code == f"dataset_{code}"
    assert (finding.place.file, finding.place.row, finding.place.column) == (
        "usulan.csv",
        3,
        column,
    )
    assert remedy in finding.text()
    assert finding.text(Words("en")) != finding.text()
    assert finding.text() in str(error)


@pytest.mark.parametrize(
    ("sheet", "row", "expected"),
    [
        ("wilayah", "Kaliombo;1;1;;;", ("unit_twice", "rt", "baris 2")),
        ("wilayah", "Kaliombo;;1;;;", ("rt_without_rw", "rw", "isi RW")),
        ("wilayah", "Kaliombo;02;;;;", ("unit_not_leaf", "rt", "RT 01/RW 02")),
        ("wilayah", "KALIOMBO;03;01;;;", ("kelurahan_spelling", "kelurahan", "satu cara")),
        ("wilayah", "Kaliombo;03;01;;;-5", ("negative", "pagu", "0 atau lebih")),
        ("wilayah", "A/B;03;01;;;", ("kelurahan_form", "kelurahan", "garis miring")),
        ("rembug", "RT;Kaliombo;01;01;30;20;ya", ("meeting_twice", "rt", "baris 2")),
        ("dukungan", "U-1;Kaliombo;01;01;3", ("count_twice", "id_usulan", "baris 2")),
        ("dukungan", "U-1;Kaliombo;01;09;3", ("unit_unknown_near", "rt", "RT 01, RT 02")),
        ("dukungan", "U-9;Kaliombo;01;02;3", ("id_unknown_near", "id_usulan", "U-1")),
        ("dukungan", "U-1;Kaliombo;01;02;", ("cell_missing", "jumlah", "wajib")),
        ("suara", "Kaliombo;02;01;setuju;U-1;0", ("not_positive", "banyak", "nol")),
        ("suara", "Kaliombo;02;01;seuju;U-1;1", ("choice_near", "jenis", "setuju")),
        ("suara", "Kaliombo;02;01;urutan;U-1>U-11;1", ("id_unknown_near", "pilihan", "U-1")),
        ("suara", "Kaliombo;02;01;urutan;U-1>U-1;1", ("ballot_twice", "pilihan", "Sisakan")),
        ("suara", "Kaliombo;02;01;poin;U-1:banyak;1", ("points_form", "pilihan", "U-1:5")),
        ("suara", "Kaliombo;02;01;poin;U-1:-2;1", ("points_form", "pilihan", "U-1:5")),
        ("gabungan", "U-1;01;01;2", ("share_twice", "rt", "Gabungkan")),
        ("gabungan", "U-1;01;02;", ("share_missing", "bagian", "Isi semua")),
        ("gabungan", "U-1;01;02;0", ("not_positive", "bagian", "nol")),
        ("gabungan", "U-1;01;;1", ("not_a_unit", "rw", "satu baris")),
        ("gabungan", "U-7;01;02;1", ("id_unknown_near", "id_usulan", "U-1")),
    ],
)
def test_bad_rows_elsewhere(tmp_path, sheet, row, expected):
    code, column, remedy = expected
    text = added(sheet, row)
    error = refused(tmp_path, **{f"{sheet}_csv": text})
    (finding,) = [f for f in error.findings if f.severity is Severity.ERROR]
    assert finding.code == f"dataset_{code}"
    assert finding.place.file == f"{sheet}.csv"
    assert finding.place.column == column
    assert finding.place.row in {len(text.splitlines()), 4}
    assert remedy in finding.text()


def test_support_above_attendance(tmp_path):
    text = GOOD["dukungan.csv"].replace(";20", ";21")
    error = refused(tmp_path, dukungan_csv=text)
    (finding,) = error.findings
    assert finding.code == "dataset_count_above"
    assert (finding.place.file, finding.place.row) == ("dukungan.csv", 2)
    assert "20" in finding.text()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"rembug_csv": GOOD["rembug.csv"].replace(";ya", ";")}, "not_signed"),
        ({"rembug_csv": GOOD["rembug.csv"].replace(";ya", ";tidak")}, "not_signed"),
        ({"rembug_csv": GOOD["rembug.csv"].replace(";30;", ";10;")}, "present_above"),
        ({"suara_csv": added("suara", "Kaliombo;01;01;setuju;U-1;21")}, "ballots_above"),
        ({"suara_csv": added("suara", "Kaliombo;02;01;setuju;;1")}, "ballot_blank"),
        ({"usulan_csv": added("usulan", proposal(urutan="1"))}, "rank_twice"),
        ({"usulan_csv": added("usulan", proposal(penerima="01/01, 1/1"))}, "unit_listed_twice"),
        ({"wilayah_csv": GOOD["wilayah.csv"].replace(";10;30;", ";30;10;")}, "families_above"),
        ({"dataset_yaml": None}, "meta_missing"),
        ({"usuln_csv": "a;b\n1;2\n"}, "file_unused_near"),
        ({"wilayah_csv": "Data RT;;\n" + GOOD["wilayah.csv"]}, "row_above"),
    ],
)
def test_what_is_only_told(tmp_path, changed, code):
    findings = load_dataset(write(tmp_path, **changed)).findings
    assert findings
    assert {f.code.startswith(f"dataset_{code}") for f in findings} == {True}
    assert all(f.text() and f.text(Words("en")) for f in findings)


def test_all_problems_of_all_files_at_once(tmp_path):
    error = refused(
        tmp_path,
        usulan_csv=added(
            "usulan", proposal(harga_satuan="?", volume="?"), proposal(id="U-3", rt="99")
        ),
        suara_csv=added("suara", "Kaliombo;02;01;setuju;X;1"),
        dataset_yaml="nama: uji\n",
    )
    places = {(f.place.file, f.place.row, f.place.column) for f in error.findings}
    assert places == {
        ("usulan.csv", 3, "harga_satuan"),
        ("usulan.csv", 3, "volume"),
        ("usulan.csv", 4, "rt"),
        ("suara.csv", 3, "pilihan"),
        ("dataset.yaml", None, "nama"),
        ("dataset.yaml", None, "name"),
    }


# --- columns and files ------------------------------------------------------------------


def test_misspelt_and_missing_columns(tmp_path):
    text = GOOD["usulan.csv"].replace("harga_satuan", "harga_satun")
    findings = refused(tmp_path, usulan_csv=text).findings
    assert {f.code for f in findings} == {"dataset_column_unknown_near", "dataset_column_missing"}
    assert any("harga_satuan" in f.text() for f in findings)


def test_foreign_column_is_told_and_not_used(tmp_path):
    text = GOOD["wilayah.csv"].replace(";pagu\n", ";pagu;ketua\n")
    (finding,) = load_dataset(write(tmp_path, wilayah_csv=text)).findings
    assert (finding.code, finding.place.column) == ("dataset_column_unknown", "ketua")


def test_repeated_column_and_cells_without_heading(tmp_path):
    text = GOOD["wilayah.csv"].replace("kk;jiwa", "kk;kk").replace("10;30;\n", "10;30;;x\n", 1)
    findings = refused(tmp_path, wilayah_csv=text).findings
    assert findings[0].code == "dataset_column_twice"
    shifted = [f for f in findings if f.code == "dataset_cell_without_heading"]
    assert ("G", 2) in {(f.place.column, f.place.row) for f in shifted}


def test_headings_in_any_case_and_order(tmp_path):
    text = "RT*;RW*;Kelurahan*\n01;01;Kaliombo\n02;01;Kaliombo\n01;02;Kaliombo\n"
    dataset = load_dataset(write(tmp_path, wilayah_csv=text))
    assert len(dataset.territory.units) == 3


def test_no_headings(tmp_path):
    error = refused(tmp_path, wilayah_csv="1;2;3\n4;5;6\n")
    assert error.findings[0].code == "dataset_no_headings"
    assert "kelurahan, rw, rt" in error.findings[0].text()


@pytest.mark.parametrize("name", ["wilayah", "usulan"])
def test_missing_and_empty_files(tmp_path, name):
    error = refused(tmp_path, **{f"{name}_csv": ""})
    assert error.findings[0].place.file == f"{name}.csv"
    assert error.findings[0].code == "table_empty"
    (tmp_path / f"{name}.csv").unlink()
    with pytest.raises(InputRefused) as caught:
        load_dataset(tmp_path)
    assert caught.value.findings[0].code == "dataset_sheet_missing"
    assert name in caught.value.findings[0].text()
    assert "rembug template" in caught.value.findings[0].text()


def test_no_such_dataset(tmp_path):
    with pytest.raises(InputRefused) as caught:
        load_dataset(tmp_path / "tidak-ada")
    assert "tidak-ada" in caught.value.findings[0].text()


def test_identity_numbers_refuse_the_file(tmp_path):
    text = added("usulan", proposal(kegiatan="bantuan 3571021503900001"))
    error = refused(tmp_path, usulan_csv=text)
    assert "table_identity" in {f.code for f in error.findings}
    assert "3571021503900001" not in "".join(f.text() + f.place.value for f in error.findings)


@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_and_separators(tmp_path, separator, encoding):
    files = {
        k.replace(".", "_"): v.replace("Paving", "Balai «Jati»")
        .replace(";", separator)
        .encode(encoding)
        for k, v in GOOD.items()
        if k.endswith(".csv")
    }
    dataset = load_dataset(write(tmp_path, **files))
    assert dataset.proposals[0].activity == "Balai «Jati»"


def test_cells_that_begin_like_formulas_stay_text(tmp_path):
    text = added("usulan", proposal(kegiatan="=1+1"))
    dataset = load_dataset(write(tmp_path, usulan_csv=text))
    assert dataset.proposals[1].activity == "=1+1"


# --- dataset.yaml -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "row", "column"),
    [
        ("name: [1, 2\nx", "yaml_broken", 2, ""),
        ("name: uji\nkota: A\nname: lain\n", "yaml_twice", 3, ""),
        ("name: !!python/object/apply:os.system [ls]\n", "yaml_broken", 1, ""),
        ("- satu\n", "yaml_no_mapping", None, ""),
        ("name: uji\nfiscal_year: lama\n", "meta_value", None, "fiscal_year"),
        ("name: uji\nsorces: []\n", "meta_key_near", None, "sorces"),
        ("name: uji\nreal: {fr: [x]}\n", "meta_key", None, "real.fr"),
        ("kota: Kediri\n", "meta_key_missing", None, "name"),
        ("a: &a [x]\nname: [*a, *a]\n", "meta_key", None, "a"),
    ],
)
def test_bad_metadata(tmp_path, text, code, row, column):
    error = refused(tmp_path, dataset_yaml=text)
    finding = next(f for f in error.findings if f.code.removeprefix("dataset_").startswith(code))
    assert (finding.place.file, finding.place.row, finding.place.column) == (
        "dataset.yaml",
        row,
        column,
    )


def test_one_csv_is_not_a_dataset(tmp_path):
    with pytest.raises(InputRefused) as caught:
        load_dataset(write(tmp_path) / "usulan.csv")
    (finding,) = caught.value.findings
    assert finding.code == "dataset_lone_csv"
    assert "folder" in finding.text()


def test_the_same_file_twice(tmp_path):
    error = refused(tmp_path, **{"USULAN_CSV": GOOD["usulan.csv"]})
    assert error.findings[0].code == "dataset_sheet_twice"

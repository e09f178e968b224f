"""Reading a recap: what its cells mean, office files made by hand, and hostile ones."""

from __future__ import annotations

import random
import re
from fractions import Fraction
from pathlib import Path

import pytest
from recap_offices import CSV, Grid, Style, layout, lines, to_csv, to_file, to_xlsx

from optimizer.errors import InputRefused, RembugError
from optimizer.files import recap as recap_module
from optimizer.files.recap import Joint, Reason, read_recap, recap_rows
from optimizer.files.recap_cells import (
    Where,
    field_of,
    known_measure,
    parse_where,
    split_volume,
    suggest_field,
)
from optimizer.words import Words

FILES = Path(__file__).parent / "recap_files"

# file → rows, rupiah, joint rows, (severity, code) found
BY_HAND = {
    "01_rekap_resmi.xlsx": (19, 124_882_000, 2, []),
    "02_ekspor_excel.csv": (7, 83_500_000, 1, []),
    "03_berita_acara_per_rt.xlsx": (12, 45_250_000, 0, []),
    "04_rembug_rt_05_rw_03.xlsx": (8, 36_650_000, 0, []),
    "06_muskel_dan_gabungan.xlsx": (7, 177_500_000, 2, [("note", "recap_sheet_unused")]),
    "07_per_bidang.xlsx": (8, 93_900_000, 1, []),
    "08_rusak_di_beberapa_sel.xlsx": (
        4,
        11_500_000,
        0,
        [
            ("error", "recap_money_ambiguous"),
            ("error", "recap_place_date"),
            ("error", "table_formula_error"),
            ("warning", "recap_field_misspelt"),
            ("warning", "recap_volume_unreadable"),
            ("warning", "table_formula_error"),
            ("warning", "table_hidden_columns"),
        ],
    ),
    "09_kecamatan.xlsx": (4, 102_400_000, 0, [("note", "recap_several_kelurahan")]),
    "10_ribuan_rupiah.csv": (
        4,
        15_700_000,
        0,
        [
            ("note", "recap_measure_unknown"),
            ("note", "recap_measure_unknown"),
            ("warning", "recap_scaled"),
            ("warning", "recap_total_differs"),
        ],
    ),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_office_files_made_by_hand(name):
    rows, rupiah, joint, found = BY_HAND[name]
    recap = read_recap(FILES / name)
    assert (len(recap.rows), recap.total, recap.year) == (rows, rupiah, 2023)
    assert sum(bool(r.joint) for r in recap.rows) == joint
    assert sorted((f.severity.value, f.code) for f in recap.findings) == found
    assert all(r.joint or r.rw for r in recap.rows)
    assert recap.kelurahan.startswith("Contoh ") or name == "09_kecamatan.xlsx"


def test_every_finding_has_its_words_in_both_languages():
    package = Path(recap_module.__file__).parent
    sources = [*package.glob("recap*.py"), package / "tables.py", package / "xlsx_in.py"]
    text = "".join(path.read_text("utf-8") for path in sources)
    codes = set(re.findall(r"\"((?:recap|table)_[a-z_]+[a-z])\"", text)) - {
        "recap_rows",
        "recap_of",
    }
    assert len(codes) > 50
    assert [
        c for c in codes if not any(Words.has(f"{kind}.{c}") for kind in ("finding", "error"))
    ] == []


def test_ten_files_were_made_by_hand():
    assert {f.name for f in FILES.iterdir()} == {*BY_HAND, "05_dua_lembar.xlsx"}


def test_two_possible_sheets_are_asked_about_and_can_be_named():
    with pytest.raises(InputRefused) as caught:
        read_recap(FILES / "05_dua_lembar.xlsx")
    assert '--sheet "Rekap final"' in caught.value.message()
    recap = read_recap(FILES / "05_dua_lembar.xlsx", sheet="rekap final (2)")
    assert recap.total == 19_300_000
    assert "table_hidden_sheet" in {f.code for f in recap.findings}


def test_muskel_rows_are_joint_and_the_sheet_gabungan_names_who_takes_part():
    recap = read_recap(FILES / "06_muskel_dan_gabungan.xlsx")
    joint = [r for r in recap.rows if r.joint]
    assert [(r.number, r.joint, r.rank, r.owner) for r in joint] == [
        ("M-1", Joint.MUSKEL, 1, "Contoh 06"),
        ("M-2", Joint.MUSKEL, 2, "Contoh 06"),
    ]
    assert [(p.proposal, p.rw, p.rt, p.part) for p in recap.participants] == [
        ("M-1", "01", "01", 30_000_000),
        ("M-1", "01", "02", 30_000_000),
        ("Paving jalan penghubung RW", "01", "01", None),
    ]
    assert [r.owner for r in recap.rows if r.description == "Modal Koperasi RW"] == ["Contoh 06/02"]


def test_signatures_titles_and_totals_are_set_aside_with_their_reason():
    recap = read_recap(FILES / "01_rekap_resmi.xlsx")
    reasons = {a.row: a.reason for a in recap.set_aside}
    assert reasons[1] is Reason.TITLE and reasons[6] is Reason.HEADER
    assert reasons[7] is Reason.NUMBERING and reasons[17] is Reason.TOTAL
    assert reasons[29] is Reason.SECTION and reasons[36] is Reason.FOOTER
    assert reasons[18] is Reason.BLANK


def test_a_total_that_differs_says_by_how_much_and_over_how_many_rows():
    recap = read_recap(FILES / "10_ribuan_rupiah.csv")
    text = next(f for f in recap.findings if f.code == "recap_total_differs").text()
    assert "baris 10" in text and "4 baris" in text and "Rp1.300.000" in text


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("RT 05 RW 03", Where("05", "03")),
        ("05/03", Where("05", "03")),
        ("RT.5/RW.3", Where("05", "03")),
        ("RT 5 / RW III", Where("05", "03")),
        ("rt 05, rw 03", Where("05", "03")),
        ("RW 03 RT 05", Where("05", "03")),
        ("RT/RW 005/003", Where("05", "03")),
        ("RT05RW03", Where("05", "03")),
        ("RW 03", Where("", "03")),
        ("RW IX", Where("", "09")),
        ("", Where()),
        (" - ", Where()),
        ("Kelurahan", Where(joint=True)),
        ("KELURAHAN CONTOH 01", Where(joint=True)),
        ("Bersama", Where(joint=True)),
        ("Seluruh RT", Where(joint=True)),
        ("2023-03-05", Where(problem="date")),
        ("5-Mar", Where(problem="date")),
        ("05/03/2023", Where(problem="date")),
        ("RT 01, 02 RW 03", Where(problem="several")),
        ("RT 1 s/d 4 RW 02", Where(problem="several")),
        ("RT 01 RW 02 dan RT 03 RW 02", Where(problem="several")),
        ("0/3", Where(problem="unreadable")),
        ("lihat lampiran", Where(problem="unreadable")),
    ],
)
def test_places_as_offices_write_them(text, where):
    assert parse_where(text) == where


@pytest.mark.parametrize(
    ("text", "volume"),
    [
        ("12 m2", (Fraction(12), "m2")),
        ("1 paket", (Fraction(1), "paket")),
        ("12,5m", (Fraction(25, 2), "m")),
        ("1.500 m²", (Fraction(1500), "m²")),
        ("3", (Fraction(3), "")),
        ("10 org/thn", (Fraction(10), "org/thn")),
    ],
)
def test_volumes(text, volume):
    assert split_volume(text) == volume


@pytest.mark.parametrize(
    "text", ["2x3 m", "2 x 3", "3 m x 2 m", "2 orang x 3 hari", "paket", "1,500"]
)
def test_volumes_that_could_mean_two_things_are_refused(text):
    with pytest.raises(RembugError):
        split_volume(text)


def test_fields_and_measures():
    assert field_of("Sosbud") == field_of("3. Bidang Sosial & Budaya") == "sosial_budaya"
    assert field_of("Infra") == field_of("Infrastruktur Bersama") == "infrastruktur"
    assert field_of("Wisata") == "" == suggest_field("Wisata")
    assert suggest_field("Infrastrukur") == "infrastruktur"
    assert known_measure("M²") == known_measure("meter persegi") == ("m2", True)
    assert known_measure("rit") == ("rit", False)


def test_ranks_follow_the_rows_of_each_list():
    found = lines(3)
    mixed = [x for pair in zip(found[:9], found[9:18], strict=True) for x in pair]
    recap = read_recap(*to_file(layout(mixed, Style()), Style()))
    for owner in {r.owner for r in recap.rows}:
        assert [r.rank for r in recap.rows if r.owner == owner] == list(range(1, 10))


def test_rows_of_merged_activities_keep_their_booking_place():
    grid = layout(lines(4), Style())
    grid.rows[grid.line(0) - 1][3] = "Drainase (infrastruktur bersama)"
    row = read_recap(*to_file(grid, Style())).rows[0]
    assert (row.joint, row.rt, row.rw, row.owner) == (
        Joint.DESCRIPTION,
        "01",
        "01",
        "Contoh 01",
    )


def test_a_recap_refused_for_identity_numbers_says_so_beside_other_sheets():
    grid = layout(lines(6), Style())
    grid.rows[grid.line(0) - 1][6] = "3571021505900001"
    data = to_xlsx(("Rekap", grid), ("Catatan", Grid([["diperiksa"]])))
    for sheet in (None, "Rekap"):
        with pytest.raises(InputRefused) as caught:
            read_recap(data, "rekap.xlsx", sheet)
        assert caught.value.findings[0].code == "table_identity"
        assert "lembar Rekap" in caught.value.message()
        assert "3571021505900001" not in caught.value.message()


def test_a_numbered_proposal_that_begins_with_total_is_no_total():
    grid = layout(lines(7), Style())
    grid.rows[grid.line(3) - 1][3] = "Total bersih lingkungan RT"
    recap = read_recap(*to_file(grid, Style()))
    assert "Total bersih lingkungan RT" in {r.description for r in recap.rows}
    assert recap.findings == ()


def test_cells_that_look_like_formulas_stay_text():
    grid = layout(lines(5), CSV)
    grid.rows[grid.line(0) - 1][3] = '=HYPERLINK("x")'
    recap = read_recap(to_csv(grid, CSV), "rekap.csv")
    assert recap.rows[0].description == '=HYPERLINK("x")' == recap_rows(recap)[0][3]


_NASTY = (
    None, "", " ", "-", "=1+1", "RT 05 RW 03", "05/03", "Kelurahan", "Bidang", "No", "RT", "RW",
    "Uraian Kegiatan", "Volume", "Rencana Biaya (Rp)", "Jumlah", "TOTAL", "Sub Total", "1", "2",
    "1e999", "9" * 40, "-5", "1.000.000", "1,500", "12 m2", "2x3", "Kesehatan", "<script>", "{x}",
    "{0}", "%s", "KELURAHAN CONTOH 01", "Tahun 2023", "\u202eabc", "😀", "A" * 5000, "gabungan",
    "RT " + "I" * 50, "RW XXXXXX", "٣", "²", "1²", "NaN", "inf", "0", "00/00", "INFRASTRUKTUR",
)  # fmt: skip
_NUMBERS = (0, -1, 1e300, -0.0, 12.5, 10**14, 0.1 + 0.2, 5)


@pytest.mark.parametrize("seed", range(60))
def test_any_grid_is_read_or_refused_in_words(seed):
    rng = random.Random(seed)
    head = ["No", "RT/RW", "Bidang", "Uraian Kegiatan", "Volume", "Rencana Biaya (Rp)", "Ket"]
    rows = [[rng.choice(_NASTY) or "" for _ in range(7)] for _ in range(rng.randrange(6))]
    rows += [head] if rng.random() < 0.8 else []
    rows += [
        [rng.choice(_NASTY + _NUMBERS) if rng.random() < 0.8 else "" for _ in range(8)]
        for _ in range(rng.randrange(40))
    ]
    rows = [["" if v is None else v for v in row] for row in rows]
    for data, name in (
        (to_csv(Grid(rows), CSV), "rekap.csv"),
        (to_xlsx(("Rekap", Grid(rows)), ("gabungan", Grid(rows))), "rekap.xlsx"),
    ):
        try:
            recap = read_recap(data, name)
        except InputRefused as error:
            assert error.message() and error.message(Words("en"))
        else:
            assert all(f.text() and f.text(Words("en")) for f in recap.findings)
            recap_rows(recap)

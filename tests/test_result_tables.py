"""A result is a table: no renderer loses a row's name, a cell or a figure."""

from __future__ import annotations

import csv
import io
import random
from fractions import Fraction

import openpyxl
import pandas as pd
import pytest
from table_cases import WIDTHS, never_lost, same_everywhere

from optimizer.tables import (
    UNKNOWN,
    Between,
    Column,
    Joined,
    Kind,
    Pair,
    Table,
    Under,
    Value,
    Volume,
    columns,
)
from optimizer.tables.edge import headings, texts
from optimizer.tables.to_csv import to_csv
from optimizer.tables.to_data import to_frame, to_parquet, to_rows
from optimizer.tables.to_html import to_html
from optimizer.tables.to_xlsx import to_xlsx
from optimizer.words import Message, Words, languages

PLAIN = Table(
    "contoh",
    (
        Column("name", "Nama"),
        Column("money", "Uang", Kind.RUPIAH),
        Column("part", "Bagian", Kind.SHARE),
        Column("change", "Beda", Kind.NUMBER, signed=True),
        Column("volume", "Volume", Kind.VOLUME),
        Column("planned", "Masuk?", Kind.STATUS, ("plan.out", "plan.in")),
        Column("why", "Sebab", Kind.MESSAGE),
    ),
    (
        ("Talut & <b>", 1_500_000, Fraction(2, 5), 3, Volume(Fraction(25, 2), "m"), True, None),
        (Under("Paving", 1), 0, None, -3, None, False, Message("plan.in")),
        ("=1+1", UNKNOWN, Fraction(1, 3), Fraction(1, 2), Volume(Fraction(1200)), True, "ya"),
    ),
    (Message("plan.made_up"),),
)


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("width", WIDTHS)
def test_a_terminal_loses_nothing(lang, width):
    never_lost(PLAIN, lang, width)


@pytest.mark.parametrize("seed", range(40))
def test_tables_of_any_shape_keep_the_names_of_their_rows(seed):
    chance = random.Random(seed)
    wide, high = chance.randint(1, 30), chance.randint(0, 6)
    keys = chance.randint(1, min(2, wide))
    kinds = [Kind.TEXT] * keys
    kinds += [chance.choice([Kind.TEXT, Kind.RUPIAH, Kind.NUMBER]) for _ in range(wide - keys)]

    def words(most: int) -> str:
        return " ".join("x" * chance.randint(1, 12) for _ in range(chance.randint(1, most)))

    def cell(kind: Kind) -> object:
        if chance.random() < 0.1:
            return None
        return words(20) if kind is Kind.TEXT else chance.randint(-(10**9), 10**9)

    names = tuple(Column(f"c{i}", words(4), kind) for i, kind in enumerate(kinds))
    rows = tuple(tuple(cell(kind) for kind in kinds) for _ in range(high))
    table = Table("acak", names, rows, keys=keys)
    for width in WIDTHS:
        never_lost(table, "id", width)


def test_a_word_that_is_longer_than_the_terminal_is_folded():
    table = Table("t", (Column("a", "A"), Column("b", "B")), (("x" * 100, "y" * 100),))
    never_lost(table, "id", 40)


# --- cells in words ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "column", "said"),
    [
        (None, Column("c"), "–"),
        (UNKNOWN, Column("c", kind=Kind.RUPIAH), "tidak dapat dihitung"),
        (0, Column("c", kind=Kind.RUPIAH), "Rp0"),
        (2023, Column("c"), "2023"),
        (2023, Column("c", kind=Kind.NUMBER), "2.023"),
        (Fraction(1, 3), Column("c", kind=Kind.NUMBER), "0,333"),
        (Fraction(1, 3), Column("c", kind=Kind.NUMBER, places=1), "0,3"),
        (0.305, Column("c", kind=Kind.SHARE), "30,5%"),
        (5, Column("c", kind=Kind.NUMBER, signed=True), "+5"),
        (0, Column("c", kind=Kind.NUMBER, signed=True), "0"),
        (Fraction(1, 9999), Column("c", kind=Kind.NUMBER, signed=True, places=2), "0"),
        (Pair(3, 5, Between.OF), Column("c", kind=Kind.NUMBER), "3 / 5"),
        (Pair(None, 5, Between.TO), Column("c", kind=Kind.NUMBER), "– → 5"),
        (Volume(Fraction(1234, 10), "m²"), Column("c", kind=Kind.VOLUME), "123,4 m²"),
        (Under("anak", 2), Column("c"), "    anak"),
        ({"id": "Kesehatan", "en": "Health"}, Column("c"), "Kesehatan"),
        ("enter", Column("c", phrase="compare.change"), "masuk"),
        (True, Column("c", phrase=("plan.out", "plan.in")), "ya"),
        (
            Joined(
                tuple(
                    Message(f"cli.bound.{side}", {"amount": Value(share, Kind.SHARE)})
                    for side, share in (("min", Fraction(1, 5)), ("max", Fraction(2, 5)))
                )
            ),
            Column("c"),
            "paling sedikit 20%, paling banyak 40%",
        ),
        (lambda words: words.lang, Column("c"), "id"),
    ],
)
def test_a_cell_is_said(cell, column, said):
    table = Table("t", (column,), ((cell,),))
    assert texts(table, Words("id")) == [[said]]


def test_headings_are_phrases():
    table = Table("t", columns("cli.pools", kelurahan=Kind.TEXT, unspent=Kind.RUPIAH), ())
    assert headings(table, Words("id")) != headings(table, Words("en"))


def test_a_row_is_as_wide_as_its_table():
    with pytest.raises(ValueError, match="wide"):
        Table("t", (Column("a"),), (("x", "y"),))


# --- the other renderers -----------------------------------------------------------------


@pytest.mark.parametrize("lang", languages())
def test_numbers_are_the_same_in_all_renderers(lang):
    same_everywhere(PLAIN, lang)


def test_html_shows_what_people_typed():
    html = to_html(PLAIN, Words("id"))
    assert '<th scope="row">Talut &amp; &lt;b&gt;</th>' in html
    assert '<td class="r">Rp1.500.000</td>' in html
    assert html.count("<tr>") == 1 + len(PLAIN)


def test_csv_holds_numbers_and_harmless_text():
    lines = list(csv.reader(io.StringIO(to_csv(PLAIN, Words("en")).decode("utf-8-sig")),
                            delimiter=";"))  # fmt: skip
    assert {len(line) for line in lines} == {7}
    assert lines[1] == ["Nama", "Uang", "Bagian", "Beda", "Volume", "Masuk?", "Sebab"]
    assert lines[2] == ["Talut & <b>", "1500000", "0,4", "3", "12,5 m", "yes", ""]
    assert lines[3] == ["Paving", "0", "", "-3", "", "no", "yes"]
    assert lines[4] == ["'=1+1", "", "0,333333", "0,5", "1.200", "yes", "ya"]


def test_csv_for_programs_has_keys_and_ids():
    lines = to_csv(PLAIN, Words("id"), ",", by_key=True).decode("utf-8-sig").splitlines()
    assert lines[0] == "name,money,part,change,volume,planned,why"
    assert lines[2] == "Paving,0,,-3,,False,ya"


def test_a_workbook_holds_numbers_as_numbers():
    data = to_xlsx([PLAIN], Words("id"))
    assert data == to_xlsx([PLAIN], Words("id"))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["contoh"]
    rows = list(sheet.iter_rows(min_row=3, values_only=True))
    assert rows[0] == ("Talut & <b>", 1_500_000, 0.4, 3, "12,5 m", "ya", None)
    assert rows[2][0] == "'=1+1"
    assert sheet["C3"].number_format == "0.0%"


def test_data_keep_what_is_missing_apart_from_zero():
    rows = to_rows(PLAIN, Words("id"))
    assert rows[1] == {"name": "Paving", "money": 0, "part": None, "change": -3, "volume": None,
                       "planned": False, "why": "ya"}  # fmt: skip
    frame = to_frame(PLAIN)
    assert list(frame["money"]) == [1_500_000, 0, pd.NA]
    assert frame["money"].dtype == "Int64"
    assert pd.read_parquet(io.BytesIO(to_parquet(PLAIN))).equals(frame)


def test_columns_and_rows_are_picked():
    some = PLAIN.where(lambda row: row["change"] == 3).pick("change", "name")
    assert some.records() == [{"change": 3, "name": "Talut & <b>"}]
    assert len(PLAIN.first(2)) == 2

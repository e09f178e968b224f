"""What every renderer of a table must keep."""

from __future__ import annotations

import csv
import io
from collections import Counter
from fractions import Fraction
from html.parser import HTMLParser

import openpyxl
from rich.console import Console

from optimizer.tables import Table
from optimizer.tables.edge import filed, headings, is_number, texts
from optimizer.tables.to_csv import to_csv
from optimizer.tables.to_data import to_rows
from optimizer.tables.to_html import to_html
from optimizer.tables.to_terminal import to_terminal
from optimizer.tables.to_xlsx import to_xlsx
from optimizer.words import Words

WIDTHS = (40, 80, 110, 120)
"""Of a phone, of a terminal, of a pipe, of a wide terminal."""


PB = """META
key;value
description;planted
budget;10
vote_type;approval
rule;greedy
budget_per_category;{"a": 6, "b": 10}
PROJECTS
project_id;cost;votes;name;category;selected
1;6;5;one;a;1
2;5;4;two;a;0
3;4;3;three;b;1
VOTES
voter_id;vote
1;1,2
"""


def blocks(table: Table, lang: str, width: int) -> list[list[str]]:
    """The lines of each block as a terminal shows them."""
    found = []
    for grid in to_terminal(table, Words(lang), width):
        console = Console(width=width, file=io.StringIO(), markup=False, highlight=False)
        console.print(grid)
        found.append(console.file.getvalue().splitlines())
    return found


def letters(lines: list[str]) -> Counter[str]:
    return Counter("".join("".join(lines).replace("─", "").split()))


def never_lost(table: Table, lang: str, width: int) -> None:
    """Each block begins with the names of the rows, and all blocks together hold every cell."""
    words = Words(lang)
    names, cells = headings(table, words), texts(table, words)
    shown = blocks(table, lang, width)
    assert all(len(line.rstrip()) <= width for lines in shown for line in lines)
    keys = letters(names[: table.keys] + [c for row in cells for c in row[: table.keys]])
    rest = letters(names[table.keys :] + [c for row in cells for c in row[table.keys :]])
    whole: Counter[str] = Counter()
    for lines in shown:
        assert keys <= letters(lines)
        whole += letters(lines) - keys
    assert whole == rest
    for row, said in zip(table.rows, cells, strict=True):
        for cell, text in zip(row, said, strict=True):
            if is_number(cell):
                assert any(text in line for lines in shown for line in lines), text


# --- the other renderers -----------------------------------------------------------------


class _Rows(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        self.rows[-1][-1] += data


def same_everywhere(table: Table, lang: str) -> None:
    """HTML says what a terminal says; files and data hold the very numbers."""
    words = Words(lang)
    page = _Rows()
    page.feed(str(to_html(table, words)))
    assert page.rows == [headings(table, words), *texts(table, words)]
    held = [
        [filed(cell, words, column) for cell, column in zip(row, table.columns, strict=True)]
        for row in table.rows
    ]
    text = to_csv(table, words).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[len(table.title) :]
    assert [_numbers(line, row) for line, row in zip(lines[1:], held, strict=True)] == [
        [round(Fraction(v), 6) for v in row if not isinstance(v, str | None)] for row in held
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx([table], words))).worksheets[0]
    cells = list(sheet.iter_rows(min_row=len(table.title) + 2, values_only=True))
    assert len(cells) == len(held)
    for row, values in zip(cells, held, strict=True):
        for cell, value in zip(row, values, strict=True):
            if not isinstance(value, str | None):
                assert abs(cell - value) <= abs(value) * 1e-15
    assert [list(row) for row in to_rows(table, words)] == [[c.key for c in table.columns]] * len(
        table
    )


def _numbers(line: list[str], row: list[object]) -> list[Fraction]:
    pairs = zip(line, row, strict=True)
    return [
        Fraction(c.replace(",", ".")) for c, value in pairs if not isinstance(value, str | None)
    ]

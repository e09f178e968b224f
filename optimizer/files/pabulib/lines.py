"""From bytes to the rows of the three sections, and the findings met on the way."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from optimizer.errors import Place
from optimizer.files.collect import Collector

SECTIONS = ("META", "PROJECTS", "VOTES")
_MOST_OF_A_KIND = 20
_LONGEST_VALUE = 80
_LONGEST_RECORD = 200  # lines that one quoted cell may span
_BLANK = " ;\t\u00a0"


def collector(file: str) -> Collector:
    """A collector for one file: of each kind the first 20, then their number."""
    return Collector(file, most=_MOST_OF_A_KIND, longest=_LONGEST_VALUE)


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one section and the row number of the first of them."""

    name: str
    first_row: int
    lines: Sequence[str]


def decode(raw: bytes, findings: Collector) -> str:
    """Text of the file: UTF-8 with or without BOM, UTF-16 with BOM, else Windows-1252."""
    try:
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return raw.decode("utf-16")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        findings.warning("pb_encoding")
        return raw.decode("cp1252", errors="replace")


def sections(text: str, findings: Collector) -> Mapping[str, Section]:
    """Cut the file at its title lines; a section that comes twice is an error."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    titles = [
        (i, title)
        for i, line in enumerate(lines)
        if not line[:1].isdigit()  # almost all lines are ballots, with a number first
        and len(line) < _LONGEST_VALUE
        and (title := line.strip(_BLANK).upper()) in SECTIONS
    ]
    before = lines[: titles[0][0]] if titles else lines
    stray = next((i for i, line in enumerate(before) if line.strip(_BLANK)), None)
    if stray is not None and titles:
        findings.warning("pb_before_meta", Place(row=stray + 1, value=before[stray]))
    found: dict[str, Section] = {}
    stops = [*(i for i, _ in titles), len(lines)][1:]
    for (start, title), stop in zip(titles, stops, strict=True):
        if title in found:
            findings.error("pb_section_twice", Place(sheet=title, row=start + 1))
            continue
        found[title] = Section(title, start + 2, lines[start + 1 : stop])
    for title in SECTIONS:
        if title not in found:
            findings.error("pb_section_missing", Place(sheet=title), section=title)
    return found


def records(section: Section, findings: Collector) -> Iterator[tuple[int, list[str]]]:
    """Rows of a section as stripped cells, with row numbers; blank lines are left out.

    A quoted cell may span lines. A quotation mark that is never closed is taken as a plain
    character (and reported), or it would swallow the rows below it.
    """
    lines = section.lines
    width: int | None = None
    reach = _LONGEST_RECORD
    at = 0
    while at < len(lines):
        line, row = lines[at], section.first_row + at
        at += 1
        if not line.strip(_BLANK):
            continue
        if '"' in line:
            cells, used = _quoted(lines, at - 1, width, reach)
            if not used:
                reach = max(reach // 2, 1)  # or a file full of them would take for ever
                findings.warning("pb_quote", Place(sheet=section.name, row=row))
            at += max(used, 1) - 1
        else:
            cells = line.split(";")
        width = width or len(cells)
        yield row, list(map(str.strip, cells))


def _quoted(
    lines: Sequence[str], start: int, width: int | None, reach: int
) -> tuple[list[str], int]:
    """One record that holds quotation marks, and the lines it used (0: read literally)."""
    stop = min(start + reach, len(lines))
    # The empty line behind the last one is only read where a quotation mark is still open.
    following = (lines[i] + "\n" if i < stop else "\n" for i in range(start, stop + 1))
    reader = csv.reader(following, delimiter=";", skipinitialspace=True)
    try:
        cells = next(reader)
    except csv.Error:
        return lines[start].split(";"), 0
    used = reader.line_num
    if used > stop - start or (used > 1 and len(cells) != width):
        return lines[start].split(";"), 0
    return cells, used

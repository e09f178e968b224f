"""Where things stand in an office's recap: titles, header row, columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from optimizer.files.grid import Sheet, Value
from optimizer.files.recap_cells import Where, cell_text, find_where, says_joint
from optimizer.record.proposals import normal_text

__all__ = ["Layout", "find_layout", "kelurahan_in", "role_of", "row_texts"]

HEADER_WITHIN = 40
_YEAR = re.compile(r"\b(20[0-4]\d)\b")
_BUDGET_YEAR = re.compile(
    r"(?:TAHUN\s+ANGGARAN|\bT\.?\s?A\.?|\bANGGARAN|\bTAHUN)\s*[:.]?\s*(20[0-4]\d)\b"
)
_KELURAHAN = re.compile(
    r"\bKEL(?:URAHAN)?\b[\s.:]*(?P<name>.*?)(?=\s*(?:[,;()]|$|[-–]\s|\bKEC|\bKOTA\b|\bTAHUN\b"
    r"|\bT\.?\s?A\b|\bANGGARAN\b|\bRT\b|\bRW\b|\bHASIL\b|\bDAN\b|\bPER\b))"
)
_SCALE = re.compile(r"\b(ribuan?|jutaan?)\b|\b(000)\b")

_EXACT = {
    "number": {"no", "nomor", "no urut", "nomer", "no usulan"},
    "place": {"rt rw", "rt dan rw", "rt rw pengusul", "alamat rt rw", "lokasi rt rw", "wilayah",
              "pengusul", "rt rw kelurahan"},
    "rt": {"rt", "no rt", "nomor rt"},
    "rw": {"rw", "no rw", "nomor rw"},
    "kelurahan": {"kelurahan", "kel", "nama kelurahan"},
    "measure": {"satuan", "sat", "satuan volume"},
    "description": {"kegiatan", "nama kegiatan", "usulan", "usulan kegiatan", "jenis kegiatan",
                    "program kegiatan", "nama usulan", "kegiatan yang diusulkan"},
    "cost": {"total", "rp", "total rp", "jumlah rp", "jumlah biaya", "jumlah harga",
             "jumlah biaya rp", "jumlah harga rp", "biaya", "anggaran"},
}  # fmt: skip
_WORDS = (
    ("unit_price", ("harga satuan", "harga sat", "hrg satuan", "satuan harga")),
    ("description", ("uraian",)),
    ("field", ("bidang",)),
    ("cost", ("rencana biaya", "rencana anggaran", "biaya", "anggaran", "nilai usulan")),
    ("volume", ("volume", "vol", "banyaknya")),
    ("remark", ("keterangan", "ket", "penempatan", "catatan")),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """The shape of one sheet.

    Attributes
    ----------
    header, height
        First header row and how many rows it takes.
    columns
        Role → its columns; several where one heading is merged over them.
    twice
        Roles that two separate headings claim, with the later heading.
    unused
        Column → heading that no role takes.
    scales
        Role → 1 000 or 1 000 000 where a heading or title says that amounts are in thousands
        or millions.
    """

    header: int
    height: int
    columns: Mapping[str, tuple[int, ...]]
    twice: tuple[tuple[str, int, str], ...]
    unused: Mapping[int, str]
    titles: tuple[tuple[int, str], ...]
    scales: Mapping[str, int]

    @property
    def first(self) -> int:
        """The first row below the header."""
        return self.header + self.height

    @property
    def title(self) -> str:
        """All title rows as one text."""
        return " ".join(text for _, text in self.titles)

    @property
    def years(self) -> tuple[int, ...]:
        """Fiscal years that the titles name; those beside "anggaran" or "tahun" first."""
        upper = self.title.upper()
        found = _BUDGET_YEAR.findall(upper) or _YEAR.findall(upper)
        return tuple(sorted({int(y) for y in found}))

    @property
    def kelurahan(self) -> str:
        """The kelurahan that the titles name."""
        return next((k for _, text in self.titles if (k := kelurahan_in(text))), "")

    @property
    def where(self) -> Where:
        """RT and RW that the titles name, as minutes of one RT do."""
        return find_where(self.title)

    @property
    def joint(self) -> bool:
        """Whether the titles say that this is the kelurahan meeting's list."""
        plain = normal_text(self.title)
        return (
            says_joint(plain)
            or "muskel" in plain
            or ("musyawarah kelurahan" in plain and "place" not in self.columns)
        )


def kelurahan_in(text: str) -> str:
    """The kelurahan named in a title; empty where the word stands without a name.

    Examples
    --------
    >>> kelurahan_in("KELURAHAN CONTOH 01 KECAMATAN CONTOH"), kelurahan_in("MUSYAWARAH KELURAHAN")
    ('Contoh 01', '')
    """
    for match in _KELURAHAN.finditer(text.upper()):
        before = text.upper()[: match.start()].rstrip()
        if not before.endswith(("MUSYAWARAH", "LURAH", "TINGKAT")) and match["name"].strip():
            return match["name"].strip(" .:").title()
    return ""


def row_texts(sheet: Sheet, row: int) -> list[str]:
    """The texts of a row, each merged range once, empty cells left out."""
    if not sheet.merged:
        return [text for value in sheet.rows[row - 1] if (text := cell_text(value))]
    seen: set[tuple[int, int]] = set()
    texts = []
    for column, value in enumerate(sheet.rows[row - 1], 1):
        anchor = sheet.merged.get((row, column), (row, column))
        text = cell_text(value)
        if text and anchor not in seen:
            seen.add(anchor)
            texts.append(text)
    return texts


def role_of(heading: str) -> str:
    """What a column heading stands for; empty where it is none of ours."""
    plain = normal_text(heading.replace("_", " "))
    for role, names in _EXACT.items():
        if plain in names:
            return role
    padded = f" {plain} "
    if plain.startswith("jumlah ") and plain.endswith((" rp", " rupiah")):
        return "cost"
    for role, words in _WORDS:
        if any(f" {word} " in padded for word in words):
            return role
    return ""


def find_layout(sheet: Sheet) -> Layout | None:
    """The header of a recap in this sheet; None where there is none.

    A header names at least the description and the cost, in one row or in two.
    """
    best: Layout | None = None
    for row in range(1, min(HEADER_WITHIN, len(sheet.rows)) + 1):
        for height in (1, 2):
            layout = _layout_at(sheet, row, height)
            if layout and (best is None or len(layout.columns) > len(best.columns)):
                best = layout
        if best is not None and row > best.header:
            break
    return best


def _headings(sheet: Sheet, row: int, height: int) -> dict[int, str]:
    width = max((len(r) for r in sheet.rows[row - 1 : row - 1 + height]), default=0)
    headings = {}
    for column in range(1, width + 1):
        parts: list[str] = []
        for line in range(row, row + height):
            text = cell_text(sheet.value(line, column))
            if text and text not in parts:
                parts.append(text)
        if parts:
            headings[column] = " ".join(parts)
    return headings


def _is_heading_line(sheet: Sheet, row: int) -> bool:
    """Whether a second header row is one: short words only, at least one of them a role."""
    if row > len(sheet.rows):
        return False
    values: list[Value] = [v for v in sheet.rows[row - 1] if cell_text(v)]
    if any(not isinstance(v, str) or re.search(r"\d{2}", v) for v in values):
        return False
    texts = [cell_text(v) for v in values]
    return any(role_of(t) or normal_text(t) in {"rp", "rupiah"} for t in texts)


def _names_roles(sheet: Sheet, row: int) -> bool:
    """Whether a first header row is one itself, and not the last title."""
    return sum(1 for text in row_texts(sheet, row) if role_of(text)) >= 2


def _layout_at(sheet: Sheet, row: int, height: int) -> Layout | None:
    if height == 2 and not (_names_roles(sheet, row) and _is_heading_line(sheet, row + 1)):
        return None
    headings = _headings(sheet, row, height)
    last = row + height - 1
    columns: dict[str, tuple[int, ...]] = {}
    twice: list[tuple[str, int, str]] = []
    unused: dict[int, str] = {}
    for column, heading in headings.items():
        # In a two-row header the lower word decides ("Lokasi" over "RT" and "RW").
        role = role_of(cell_text(sheet.value(last, column))) or role_of(heading)
        if role == "cost" and role_of(cell_text(sheet.value(row, column))) == "unit_price":
            role = "unit_price"
        if not role:
            unused[column] = heading
        elif role not in columns:
            columns[role] = (column,)
        elif _same_heading(sheet, last, columns[role][-1], column):
            columns[role] = (*columns[role], column)
        else:
            twice.append((role, column, heading))
    if "description" not in columns or len(columns) < 3:
        return None
    _jumlah(headings, columns, unused)
    if "cost" not in columns:
        return None
    titles = tuple((r, " ".join(texts)) for r in range(1, row) if (texts := row_texts(sheet, r)))
    of_titles = max(
        (_scale(f"{text} ") for _, text in titles if "rupiah" in text.lower()), default=1
    )
    scales: dict[str, int] = {
        role: max(of_titles, _scale(headings[columns[role][0]]))
        for role in ("cost", "unit_price")
        if role in columns
    }
    return Layout(row, height, columns, tuple(twice), unused, titles, scales)


def _same_heading(sheet: Sheet, row: int, one: int, other: int) -> bool:
    anchor = sheet.merged.get((row, one))
    return anchor is not None and anchor == sheet.merged.get((row, other))


def _jumlah(
    headings: Mapping[int, str], columns: dict[str, tuple[int, ...]], unused: dict[int, str]
) -> None:
    """ "Jumlah" alone is the cost where nothing else is, else the volume where that is missing."""
    for column, heading in headings.items():
        if normal_text(heading) == "jumlah" and column in unused:
            role = "cost" if "cost" not in columns else "volume"
            if role not in columns:
                columns[role] = (column,)
                del unused[column]


def _scale(heading: str) -> int:
    match = _SCALE.search(heading.lower())
    if match is None:
        return 1
    return 10**6 if (match[1] or "").startswith("juta") else 1000

"""The dataset format as data: one table of sheets and columns.

Validation, the fillable workbook, the documentation and the editor's columns all follow from
:data:`SHEETS`. What a column means is said by the phrase ``dataset.<sheet>.<column>``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from optimizer.record.proposals import normal_text
from optimizer.words import INDONESIAN, Words

__all__ = [
    "EXAMPLE",
    "FIELDS",
    "SHEETS",
    "SHEETS_BY_NAME",
    "Column",
    "Kind",
    "Need",
    "SheetSpec",
    "field_id",
    "field_names",
    "heading",
    "markdown",
]

EXAMPLE = "CONTOH"
"""In the first column this marks an example row, which is never read."""


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    ID = "id"
    PLACE = "place"
    RUPIAH = "rupiah"
    VOLUME = "volume"
    COUNT = "count"
    CHOICE = "choice"
    FIELD = "field"
    UNITS = "units"
    BALLOT = "ballot"


class Need(StrEnum):
    """Whether a column must be there, and whether each of its cells must be filled."""

    FILLED = "filled"
    COLUMN = "column"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    unit : str
        ``rupiah``, ``orang`` … where the number has a unit.
    default : str
        What an empty cell means, as it would be written.
    allowed : tuple of tuple of str
        For choices: each value as it is written, followed by what is understood as the same.
    """

    name: str
    kind: Kind = Kind.TEXT
    need: Need = Need.OPTIONAL
    unit: str = ""
    default: str = ""
    allowed: tuple[tuple[str, ...], ...] = ()

    @property
    def choices(self) -> tuple[str, ...]:
        """The allowed values as they are written."""
        return tuple(names[0] for names in self.allowed)


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """One sheet, or one CSV file of a dataset folder."""

    name: str
    columns: tuple[Column, ...]
    required: bool = False

    @property
    def headings(self) -> tuple[str, ...]:
        """The column names in order."""
        return tuple(c.name for c in self.columns)

    def column(self, name: str) -> Column:
        """The column of this name."""
        return next(c for c in self.columns if c.name == name)

    def describe(self, column: Column, words: Words = INDONESIAN) -> str:
        """What a column means, in words."""
        return words.say(f"dataset.{self.name}.{column.name}")


_LEVELS = (("RT",), ("RW",), ("Kelurahan", "desa", "bersama"))
_YES_NO = (("ya", "y", "yes", "ada", "true", "1"), ("tidak", "t", "no", "tidak ada", "false", "0"))
_STATUS = (
    ("terbuka", "open"),
    ("wajib", "mandatory"),
    ("tidak diajukan", "tidak_diajukan", "excluded"),
)
_KINDS = (("setuju", "approval"), ("urutan", "ranking"), ("poin", "points"), ("bidang", "fields"))


def _place(kelurahan: Need, rw: Need = Need.OPTIONAL, rt: Need = Need.OPTIONAL) -> list[Column]:
    return [
        Column("kelurahan", Kind.TEXT, kelurahan),
        Column("rw", Kind.PLACE, rw),
        Column("rt", Kind.PLACE, rt),
    ]


SHEETS: tuple[SheetSpec, ...] = (
    SheetSpec(
        "wilayah",
        (
            *_place(Need.FILLED, Need.COLUMN, Need.COLUMN),
            Column("kk", Kind.COUNT, unit="KK"),
            Column("jiwa", Kind.COUNT, unit="jiwa"),
            Column("pagu", Kind.RUPIAH, unit="rupiah"),
        ),
        required=True,
    ),
    SheetSpec(
        "usulan",
        (
            Column("id", Kind.ID),
            Column("tingkat", Kind.CHOICE, Need.FILLED, allowed=_LEVELS),
            *_place(Need.FILLED),
            Column("urutan", Kind.COUNT),
            Column("kegiatan", Kind.TEXT, Need.FILLED),
            Column("bidang", Kind.FIELD),
            Column("uraian"),
            Column("satuan"),
            Column("harga_satuan", Kind.RUPIAH, Need.COLUMN, "rupiah"),
            Column("volume", Kind.VOLUME, Need.COLUMN),
            Column("volume_minimum", Kind.VOLUME),
            Column("langkah_volume", Kind.VOLUME),
            Column("swadaya", Kind.RUPIAH, unit="rupiah", default="0"),
            Column("lokasi"),
            Column("penerima", Kind.UNITS),
            Column("peserta_iuran", Kind.UNITS),
            Column("penempatan"),
            Column("status", Kind.CHOICE, default="terbuka", allowed=_STATUS),
            Column("alasan"),
            Column("catatan"),
        ),
        required=True,
    ),
    SheetSpec(
        "rembug",
        (
            Column("tingkat", Kind.CHOICE, Need.FILLED, allowed=_LEVELS),
            *_place(Need.FILLED),
            Column("tanggal"),
            Column("diundang", Kind.COUNT, unit="orang"),
            Column("hadir", Kind.COUNT, unit="orang"),
            Column("daftar_hadir", Kind.CHOICE, allowed=_YES_NO),
            Column("no_berita_acara"),
        ),
    ),
    SheetSpec(
        "dukungan",
        (
            Column("id_usulan", Kind.ID, Need.FILLED),
            *_place(Need.FILLED),
            Column("jumlah", Kind.COUNT, Need.FILLED, "orang"),
        ),
    ),
    SheetSpec(
        "suara",
        (
            *_place(Need.OPTIONAL),
            Column("jenis", Kind.CHOICE, Need.FILLED, allowed=_KINDS),
            Column("pilihan", Kind.BALLOT, Need.COLUMN),
            Column("banyak", Kind.COUNT, unit="orang", default="1"),
        ),
    ),
    SheetSpec(
        "gabungan",
        (
            Column("id_usulan", Kind.ID, Need.FILLED),
            Column("rw", Kind.PLACE, Need.COLUMN),
            Column("rt", Kind.PLACE, Need.COLUMN),
            Column("bagian", Kind.RUPIAH),
        ),
    ),
)

SHEETS_BY_NAME: Mapping[str, SheetSpec] = {s.name: s for s in SHEETS}

FIELDS: Mapping[str, tuple[str, ...]] = {
    "infrastruktur": ("Infrastruktur", "Infrastructure"),
    "infrastruktur/bersama": ("Infrastruktur bersama", "Joint infrastructure"),
    "infrastruktur/rt": ("Infrastruktur RT", "RT infrastructure"),
    "kesehatan": ("Kesehatan", "Health"),
    "sosial_budaya": ("Sosial budaya", "Social and cultural", "Sosial dan budaya", "Sosbud"),
    "ekonomi": ("Ekonomi", "Economy"),
    "pendidikan": ("Pendidikan", "Education"),
    "kepemudaan": ("Kepemudaan", "Youth", "Pemuda"),
    "biaya_umum": ("Biaya umum", "Admin costs"),
    "blt": ("BLT Desa", "Cash assistance (BLT Desa)"),
    "ketahanan_pangan": ("Ketahanan pangan dan hewani", "Food and livestock security"),
    "covid": ("Penanganan Covid-19", "Covid-19 response"),
    "prioritas_lain": ("Program prioritas lainnya", "Other priority programmes"),
    "kemasyarakatan": ("Sosial, budaya, pemberdayaan",),
    "lingkungan": ("Kebersihan dan pemeliharaan lingkungan",),
    "administrasi": ("Administrasi RT",),
}
"""Accounts of the shipped policies with the names that people write, first the usual one."""


@cache
def _fields_by_text() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for field, names in FIELDS.items():
        for name in (field, *names):
            found.setdefault(normal_text(name), field)
    return found


def field_id(text: str) -> str | None:
    """The account that a text names: its path, its id, or a usual name of it.

    Examples
    --------
    >>> field_id("Sosial Budaya"), field_id("Infrastruktur bersama"), field_id("seni")
    ('sosial_budaya', 'infrastruktur/bersama', None)
    """
    wanted = normal_text(text).removeprefix("bidang ")
    return _fields_by_text().get(wanted)


def field_names() -> tuple[str, ...]:
    """The usual names of all known accounts, for "did you mean" and drop-downs."""
    return tuple(names[0] for names in FIELDS.values())


@lru_cache(4096)
def heading(text: str) -> str:
    """A heading in the form of the table: ``Harga Satuan*`` is ``harga_satuan``.

    Examples
    --------
    >>> heading(" Harga Satuan* "), heading("No. Berita-Acara")
    ('harga_satuan', 'no_berita_acara')
    """
    return "_".join(re.findall(r"[a-z0-9]+", text.lower()))


def markdown(words: Words = INDONESIAN) -> str:
    """The table as Markdown, for the documentation."""
    return "\n".join(_lines(words))


def _lines(words: Words) -> Iterator[str]:
    for sheet in SHEETS:
        yield f"### `{sheet.name}`"
        yield ""
        yield words.say(f"dataset.{sheet.name}")
        yield ""
        yield words.say("dataset.table_head")
        yield "| --- | --- | --- |"
        for column in sheet.columns:
            star = "" if column.need is Need.OPTIONAL else "*"
            kind = words.say(f"dataset.kind.{column.kind}")
            if column.choices:
                kind = ", ".join(column.choices)
            yield f"| `{column.name}`{star} | {kind} | {sheet.describe(column, words)} |"
        yield ""

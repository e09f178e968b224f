"""The fillable workbook (``rembug template``) and a starter folder (``rembug init``)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from optimizer.errors import RembugError
from optimizer.files.datasets_meta import DATASET_YAML, META_SHEET, DatasetFile, meta_yaml
from optimizer.files.datasets_out import dataset_files, width
from optimizer.files.safely import in_use, write_folder
from optimizer.files.schema import EXAMPLE, SHEETS, Column, Kind, Need, SheetSpec, field_names
from optimizer.money import split
from optimizer.record.dataset import Dataset, Metadata
from optimizer.tables.to_xlsx import new_workbook
from optimizer.territory import ROOT, Territory, Unit
from optimizer.words import INDONESIAN, Words

__all__ = ["init", "template"]

_ROWS = 2000
_INSTRUCTIONS = {"id": "petunjuk", "en": "instructions"}
_STEPS = 7
_EXAMPLES: Mapping[str, Mapping[str, str | int]] = {
    "wilayah": {"rw": "03", "rt": "05", "kk": 59, "jiwa": 174, "pagu": 100_000_000},
    "usulan": {
        "tingkat": "RT",
        "kelurahan": "Kaliombo",
        "rw": "03",
        "rt": "05",
        "urutan": 1,
        "kegiatan": "Paving jalan/gang baru",
        "bidang": "Infrastruktur RT",
        "uraian": "Paving Gang 2",
        "satuan": "m2",
        "harga_satuan": 200_000,
        "volume": 60,
        "volume_minimum": 30,
        "langkah_volume": 2,
        "lokasi": "Gang 2",
        "penerima": "RT 05/RW 03; RT 06/RW 03",
        "status": "terbuka",
    },
    "rembug": {
        "kelurahan": "Kaliombo",
        "rw": "03",
        "rt": "05",
        "tanggal": "2023-02-14",
        "diundang": 59,
        "hadir": 22,
        "daftar_hadir": "ya",
        "no_berita_acara": "BA/05/03/2023",
    },
    "dukungan": {"kelurahan": "Kaliombo", "rw": "03", "rt": "05", "jumlah": 17},
    "suara": {"rw": "03", "rt": "05", "jenis": "setuju", "pilihan": "U-1;U-2", "banyak": 9},
    "gabungan": {"rw": "03", "rt": "05"},
}


# --- the workbook -----------------------------------------------------------------------


def template(words: Words = INDONESIAN) -> bytes:
    """A workbook to fill in: headings with notes, drop-downs, one example row per sheet.

    Parameters
    ----------
    lang
        Language of the notes and of the instructions; the headings are always Indonesian.
    """
    out = io.BytesIO()
    with new_workbook(out) as book:
        _instructions(book, words)
        _meta_sheet(book, words)
        for spec in SHEETS:
            _sheet(book, spec, words)
    return out.getvalue()


def _instructions(book: Workbook, words: Words) -> None:
    page = book.add_worksheet(words.pick(_INSTRUCTIONS))
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    page.set_column(0, 1, 18)
    page.set_column(2, 2, 90)
    page.write_string(0, 0, words.say("dataset.template.title"), bold)
    row = 2
    for step in range(1, _STEPS + 1):
        page.merge_range(
            row, 0, row, 2, f"{step}. {words.say(f'dataset.template.step{step}')}", wrap
        )
        page.set_row(row, 32)
        row += 1
    for spec in SHEETS:
        row += 1
        page.write_string(row, 0, spec.name, bold)
        page.write_string(row, 2, words.say(f"dataset.{spec.name}"), bold)
        row += 1
        for column in spec.columns:
            star = "" if column.need is Need.OPTIONAL else "*"
            page.write_string(row, 1, column.name + star)
            page.write_string(row, 2, spec.describe(column, words), wrap)
            row += 1


def _meta_sheet(book: Workbook, words: Words) -> None:
    page = book.add_worksheet(META_SHEET)
    bold = book.add_format({"bold": True})
    page.set_column(0, 0, 18)
    page.set_column(1, 2, 60)
    page.write_string(0, 0, "kunci", bold)
    page.write_string(0, 1, "nilai", bold)
    for row, key in enumerate(
        ("name", "fiscal_year", "kota", "real.id", "made_up.id", "sources"), start=1
    ):
        page.write_string(row, 0, key)
        page.write_comment(row, 0, words.say(f"dataset.meta.{key.removesuffix('.id')}"))


def _sheet(book: Workbook, spec: SheetSpec, words: Words) -> None:
    page = book.add_worksheet(spec.name)
    page.freeze_panes(1, 0)
    needed = book.add_format({"bold": True, "bg_color": "#FFE9B3", "border": 1})
    free = book.add_format({"bold": True, "bg_color": "#EDEDED", "border": 1})
    text = book.add_format({"num_format": "@"})
    example = book.add_format({"italic": True, "font_color": "#7A7A7A", "num_format": "@"})
    for index, column in enumerate(spec.columns):
        star = "" if column.need is Need.OPTIONAL else "*"
        page.write_string(0, index, column.name + star, needed if star else free)
        page.write_comment(0, index, spec.describe(column, words))
        numeric = column.kind in {Kind.RUPIAH, Kind.VOLUME, Kind.COUNT}
        page.set_column(index, index, width(column), None if numeric else text)
        value = EXAMPLE if index == 0 else _EXAMPLES[spec.name].get(column.name)
        if isinstance(value, int):
            page.write_number(1, index, value, example)
        elif value is not None:
            page.write_string(1, index, value, example)
        page.data_validation(2, index, _ROWS, index, _validation(spec, column, words))


def _validation(spec: SheetSpec, column: Column, words: Words) -> dict[str, Any]:
    """Drop-downs and ranges; what is typed differently is still read with care."""
    options: dict[str, Any] = {
        "validate": "any",
        "input_title": column.name,
        "input_message": spec.describe(column, words)[:255],
    }
    if column.choices:
        options |= {"validate": "list", "source": list(column.choices)}
    elif column.kind is Kind.FIELD:
        kediri = field_names()[:9]
        options |= {"validate": "list", "source": list(kediri), "error_type": "information"}
    elif column.kind is Kind.COUNT:
        options |= {"validate": "integer", "criteria": ">=", "value": 0}
    return options


# --- a starter folder -------------------------------------------------------------------


def init(
    folder: Path | str,
    kelurahan: str,
    *,
    rw: int,
    rt: int | Sequence[int],
    pagu: int,
    fiscal_year: int = 0,
    words: Words = INDONESIAN,
) -> Path:
    """Write a dataset folder for another kelurahan: its RT, and empty sheets to fill in.

    Parameters
    ----------
    rw, rt
        Number of RW; number of RT in all (spread evenly), or in each RW.
    pagu : int
        Rupiah for each RT, normally the policy's.

    Raises
    ------
    RembugError
        ``init_not_empty``, ``init_counts`` or ``init_name``.
    """
    folder, name = Path(folder), " ".join(kelurahan.split())
    if in_use(folder):
        raise RembugError("init_not_empty", folder=folder.name)
    if not name or "/" in name or name == ROOT:
        raise RembugError("init_name", name=kelurahan)
    sizes = _sizes(rw, rt)
    units = [
        Unit(name, f"{r:02d}", f"{t:02d}", pagu)
        for r, size in enumerate(sizes, start=1)
        for t in range(1, size + 1)
    ]
    meta = Metadata(name=f"{name} {fiscal_year or ''}".strip(), fiscal_year=fiscal_year)
    dataset = Dataset.build(meta, Territory(units), ())
    files = dataset_files(dataset) | {DATASET_YAML: _explained(meta, words).encode()}
    write_folder(folder, files)
    return folder


def _sizes(rw: int, rt: int | Sequence[int]) -> tuple[int, ...]:
    """RT in each RW."""
    if isinstance(rt, int):
        sizes = split(rt, [1] * rw) if 1 <= rw <= rt <= 10_000 else ()
    else:
        sizes = tuple(rt)
    if len(sizes) != rw or not sizes or min(sizes) < 1:
        raise RembugError("init_counts", rw=rw, rt=rt)
    return sizes


def _explained(meta: Metadata, words: Words) -> str:
    """``dataset.yaml`` with a line above each key that says what belongs there."""
    lines: list[str] = [f"# {words.say('dataset.meta.head')}"]
    for line in meta_yaml(replace(meta, kecamatan={}), 0).splitlines():
        key = line.split(":")[0]
        if key in DatasetFile.model_fields:  # and not the second line of a long text
            lines.append(f"# {words.say(f'dataset.meta.{key}')}")
        lines.append(line)
    return "\n".join(lines) + "\n"

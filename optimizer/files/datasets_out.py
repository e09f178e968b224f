"""Write a dataset: a folder of CSV files or one workbook, which read back as the same dataset."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

from xlsxwriter import Workbook

from optimizer.files.datasets_meta import DATASET_YAML, META_SHEET, meta_rows, meta_yaml
from optimizer.files.datasets_places import units_text
from optimizer.files.datasets_votes import choices_text
from optimizer.files.safely import write_folder
from optimizer.files.schema import SHEETS, Column, Kind, SheetSpec
from optimizer.record.dataset import Dataset
from optimizer.record.proposals import Proposal
from optimizer.tables.to_csv import write_csv
from optimizer.tables.to_xlsx import new_workbook

__all__ = ["dataset_files", "dataset_rows", "write_dataset", "write_workbook"]

Cell = str | int | Fraction | None

_LEVELS = {"rt": "RT", "rw": "RW", "kelurahan": "Kelurahan"}
_NUMBERS = frozenset({Kind.RUPIAH, Kind.VOLUME, Kind.COUNT})


def dataset_rows(dataset: Dataset) -> dict[str, list[tuple[Cell, ...]]]:
    """Rows of every sheet, in the order of the schema's columns."""
    results = dataset.results
    return {
        "wilayah": [
            (u.kelurahan, u.rw, u.rt, u.families, u.residents, u.budget)
            for u in dataset.territory.units
        ],
        "usulan": [_proposal(p) for p in dataset.proposals],
        "rembug": [
            (
                _LEVELS[m.level],
                *_place(m.place),
                m.date,
                m.invited,
                m.present,
                None if m.signed is None else ("ya" if m.signed else "tidak"),
                m.minutes,
            )
            for m in results.meetings
        ],
        "dukungan": [(c.proposal, *_place(c.place), c.supporters) for c in results.counts],
        "suara": [
            (*_place(b.place), b.kind.value, choices_text(b), b.count)
            for b in (*results.ballots, *results.field_votes)
        ],
        "gabungan": [
            (p.id, *_place(unit)[1:], share)
            for p in dataset.proposals
            if p.shares
            for unit, share in zip(p.participants, p.shares, strict=True)
        ],
    }


def _place(node: str) -> tuple[str, str, str]:
    kelurahan, rw, rt = (*node.split("/"), "", "")[:3]
    return kelurahan, rw, rt


def _proposal(p: Proposal) -> tuple[Cell, ...]:
    reducible = p.least != p.volume
    return (
        p.id,
        _LEVELS[p.level],
        *_place(p.owner),
        p.rank,
        p.activity,
        p.field,
        p.description,
        p.measure,
        p.unit_price,
        p.volume,
        p.least if reducible else None,
        p.step if reducible else None,
        p.own_funds or None,
        p.location,
        units_text(p.beneficiaries),
        "" if p.shares else units_text(p.participants),
        p.booking,
        p.status.value,
        p.reason,
        p.note,
    )


def dataset_files(dataset: Dataset) -> dict[str, bytes]:
    """``dataset.yaml`` and one CSV per sheet; last the sheets without which nothing is read."""
    rows = dataset_rows(dataset)
    return {
        DATASET_YAML: meta_yaml(dataset.meta, dataset.results.points_max).encode(),
        **{
            f"{sheet.name}.csv": write_csv(rows[sheet.name], sheet.headings)
            for sheet in sorted(SHEETS, key=lambda s: s.required)
        },
    }


def write_dataset(dataset: Dataset, folder: Path | str) -> None:
    """Write a dataset into a folder where none is yet.

    Raises
    ------
    RembugError
        See :func:`optimizer.files.safely.write_folder`.
    """
    write_folder(Path(folder), dataset_files(dataset))


def write_workbook(dataset: Dataset) -> bytes:
    """One XLSX with the same sheets and the sheet ``dataset``; the same bytes every time."""
    out = io.BytesIO()
    rows = dataset_rows(dataset)
    with new_workbook(out) as book:
        meta = book.add_worksheet(META_SHEET)
        meta.set_column(0, 1, 30)
        for number, pair in enumerate(
            [("kunci", "nilai"), *meta_rows(dataset.meta, dataset.results.points_max)]
        ):
            for column, text in enumerate(pair):
                meta.write_string(number, column, text)
        for sheet in SHEETS:
            _sheet(book, sheet, rows[sheet.name])
    return out.getvalue()


def _sheet(book: Workbook, spec: SheetSpec, rows: Iterable[Sequence[Cell]]) -> None:
    page = book.add_worksheet(spec.name)
    page.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    text = book.add_format({"num_format": "@"})
    for index, column in enumerate(spec.columns):
        page.write_string(0, index, column.name, bold)
        page.set_column(index, index, width(column), None if column.kind in _NUMBERS else text)
    for number, row in enumerate(rows, start=1):
        for index, value in enumerate(row):
            if isinstance(value, str):
                if value:
                    page.write_string(number, index, value, text)
            elif value is not None:
                page.write_number(number, index, value if isinstance(value, int) else float(value))


def width(column: Column) -> int:
    """Width of a column in characters."""
    wide = {"kegiatan": 32, "uraian": 36, "alasan": 30, "pilihan": 36, "lokasi": 24}
    return wide.get(column.name, max(10, len(column.name) + 2))

"""A dataset as rows that may still be wrong: what an editor shows, changes and hands back.

Any mix of files is opened into the same rows; :func:`~optimizer.files.datasets.read_sheets`
judges them, and the places in its findings are the editor's own rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import PurePath

from optimizer.errors import Finding, InputRefused, Place, RembugError
from optimizer.files.collect import Collector
from optimizer.files.datasets import workbook_rows
from optimizer.files.datasets_cells import Raw, collector
from optimizer.files.datasets_meta import (
    DATASET_YAML,
    META_SHEET,
    DatasetFile,
    meta_rows,
    meta_yaml,
    parse_meta,
    read_meta_sheet,
)
from optimizer.files.datasets_out import dataset_rows
from optimizer.files.grid import Sheet, Tables, Value, holds_identity_number
from optimizer.files.recap_layout import find_layout
from optimizer.files.schema import EXAMPLE, SHEETS, SHEETS_BY_NAME
from optimizer.files.tables import read_tables
from optimizer.record.dataset import Dataset, Metadata
from optimizer.tables import Table, plain
from optimizer.tables.to_csv import write_csv
from optimizer.tables.to_xlsx import to_xlsx
from optimizer.words import Words

__all__ = [
    "FIRST_ROW",
    "Row",
    "Rows",
    "dataset_files",
    "dataset_open",
    "draft_workbook",
    "empty_rows",
    "open_files",
    "with_edits",
]

FIRST_ROW = 2
"""The number of an editor's first row: a heading stands above it."""

Row = Mapping[str, Value]
_YAML = {".yaml", ".yml"}


@dataclass(frozen=True)
class Rows:
    """Rows by sheet, as they were found.

    Attributes
    ----------
    findings
        What the files themselves had wrong, apart from their rows: sheets that were not read,
        formulas without a result, hidden rows.
    """

    sheets: Mapping[str, tuple[Row, ...]]
    meta: Metadata
    points_max: int = 0
    findings: tuple[Finding, ...] = ()


def empty_rows(name: str) -> Rows:
    """Empty sheets to fill in."""
    return Rows({s.name: () for s in SHEETS}, Metadata(name=name))


def dataset_open(dataset: Dataset) -> Rows:
    """The rows of a dataset that reads well."""
    rows = dataset_rows(dataset)
    sheets = {
        spec.name: tuple(
            {heading: _plain(value) for heading, value in zip(spec.headings, row, strict=True)}
            for row in rows[spec.name]
        )
        for spec in SHEETS
    }
    return Rows(sheets, dataset.meta, dataset.results.points_max)


def _plain(value: str | int | Fraction | None) -> Value:
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(value)
    return value


def open_files(files: Sequence[tuple[str, bytes]]) -> Rows:
    """Open one workbook, or CSV files (with ``dataset.yaml``, if there is one).

    Raises
    ------
    InputRefused
        A file is no table, is damaged or dangerous.
    RembugError
        ``data_is_recap`` for a recap, ``data_mixed`` for files that do not belong together.
    """
    report = collector()
    books = [(n, b) for n, b in files if b.startswith(b"PK")]
    if books and len(files) > 1:
        raise RembugError("data_mixed", names=", ".join(n for n, _ in files))
    if books:
        tables = read_tables(books[0][1], books[0][0])
        meta = read_meta_sheet(
            tables.sheet(META_SHEET), PurePath(tables.name).stem, tables.name, report
        )
    else:
        tables, meta = _csv_files(files, report)
    known = {s.name.strip().casefold() for s in tables.sheets} & set(SHEETS_BY_NAME)
    if not known and any(find_layout(s) is not None for s in tables.sheets):
        raise RembugError("data_is_recap", name=tables.name)
    raws = workbook_rows(tables, report)
    if not raws:
        report.error("no_sheets", Place(file=tables.name))
        raise InputRefused(report.findings, tables.name)
    sheets = {spec.name: _rows(raws.get(spec.name)) for spec in SHEETS}
    return Rows(sheets, meta.metadata(), meta.points_max, tuple(report.findings))


def _csv_files(files: Sequence[tuple[str, bytes]], report: Collector) -> tuple[Tables, DatasetFile]:
    """CSV files as the sheets of one workbook, named after the files."""
    sheets: list[Sheet] = []
    findings: list[Finding] = []
    meta: DatasetFile | None = None
    for name, data in files:
        if PurePath(name).suffix.lower() in _YAML:
            meta = parse_meta(data, "dataset", report)
            continue
        tables = read_tables(data, name)
        findings += tables.findings
        sheets.append(replace(tables.sheets[0], name=PurePath(name).stem))
    first = files[0][0] if files else DATASET_YAML
    named = first if len(files) == 1 else ", ".join(name for name, _ in files[:6])
    return (
        Tables(named, tuple(sheets), tuple(findings)),
        meta or DatasetFile(name=PurePath(first).stem if len(files) == 1 else "dataset"),
    )


def _rows(raw: Raw | None) -> tuple[Row, ...]:
    """The rows of a sheet without the template's example row."""
    if raw is None:
        return ()
    return tuple(dict(cells) for _, cells in raw.rows if not _is_example(cells))


def _is_example(cells: Row) -> bool:
    first = next(iter(cells.values()), None)
    return isinstance(first, str) and first.strip().upper() == EXAMPLE


def with_edits(
    rows: Sequence[Row],
    changed: Mapping[int, Row],
    removed: Iterable[int] = (),
    added: Iterable[Row] = (),
) -> tuple[Row, ...]:
    """Rows after an editor: cells changed by position, rows taken out, rows added below.

    Raises
    ------
    RembugError
        ``edit_identity`` where a new value may be a NIK or family card number.
    """
    new = [cells for cells in added if any(v not in (None, "") for v in cells.values())]
    for cells in (*changed.values(), *new):
        if any(holds_identity_number(value) for value in cells.values()):
            raise RembugError("edit_identity")
    gone = set(removed)
    kept = [
        {**row, **changed.get(position, {})}
        for position, row in enumerate(rows)
        if position not in gone
    ]
    return (*kept, *(dict(cells) for cells in new))


# --- out again --------------------------------------------------------------------------


def dataset_files(dataset: Dataset) -> dict[str, bytes]:
    """The files of a dataset folder by name, which read back as the same dataset."""
    rows = dataset_rows(dataset)
    files = {f"{s.name}.csv": write_csv(rows[s.name], s.headings) for s in SHEETS}
    files[DATASET_YAML] = meta_yaml(dataset.meta, dataset.results.points_max).encode()
    return files


def draft_workbook(rows: Rows) -> bytes:
    """Rows as they stand, also where they cannot be read yet: nothing typed is lost."""
    about = tuple(meta_rows(rows.meta, rows.points_max))
    tables = [Table(META_SHEET, plain(("kunci", "nilai")), about)]
    for spec in SHEETS:
        found = rows.sheets.get(spec.name, ())
        headings = tuple(dict.fromkeys([*spec.headings, *(key for row in found for key in row)]))
        cells = tuple(tuple(_cell(row.get(h)) for h in headings) for row in found)
        tables.append(Table(spec.name, plain(headings), cells))
    return to_xlsx(tables, Words())


def _cell(value: Value) -> str | int | None:
    if isinstance(value, float):
        return str(value).replace(".", ",") if not value.is_integer() else int(value)
    return value

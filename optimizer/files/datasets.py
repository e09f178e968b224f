"""Read a dataset: a folder of CSV files, one workbook, or rows that are already apart.

Everything goes one way: raw tables, typed lines (:mod:`datasets_cells`), places, proposals and
votes, one :class:`~optimizer.record.dataset.Dataset`. Whatever is wrong becomes a finding; all
errors are told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from optimizer.errors import Finding, InputRefused, Place, Severity
from optimizer.files.collect import Collector
from optimizer.files.datasets_cells import (
    Line,
    Raw,
    collector,
    raw_from_grid,
    raw_from_rows,
    read_lines,
)
from optimizer.files.datasets_meta import (
    DATASET_YAML,
    META_SHEET,
    read_meta,
    read_meta_sheet,
)
from optimizer.files.datasets_places import Places, read_units
from optimizer.files.datasets_proposals import read_proposals
from optimizer.files.datasets_votes import VoteLines, read_results
from optimizer.files.grid import Sheet, Value
from optimizer.files.schema import SHEETS, SHEETS_BY_NAME, SheetSpec
from optimizer.files.tables import Tables, read_tables
from optimizer.files.yamls import is_there
from optimizer.record.dataset import Dataset, Metadata
from optimizer.territory import Territory

__all__ = ["DEFAULT_PAGU", "load_dataset", "load_workbook", "read_sheets", "workbook_rows"]

DEFAULT_PAGU = 100_000_000
INSTRUCTION_SHEETS = frozenset({"petunjuk", "instructions"})
_LOST_VALUES = frozenset({"table_formula_error", "table_formula_uncached"})


def load_dataset(path: Path | str, *, default_pagu: int = DEFAULT_PAGU) -> Dataset:
    """Read a dataset folder or workbook.

    Parameters
    ----------
    path
        A folder with ``dataset.yaml`` and one CSV per sheet, or an XLSX with the same sheets.
    default_pagu : int
        Rupiah of a unit whose ``pagu`` is empty; normally the policy's.

    Raises
    ------
    InputRefused
        With all findings; warnings and notes of a good dataset are in ``findings``.
    """
    path = Path(path)
    report = collector()
    if not is_there(path):
        report.error("path_missing", Place(file=path.name))
        raise InputRefused(report.findings, path.name)
    if path.is_dir():
        meta = read_meta(path / DATASET_YAML, report)
        raws = _folder(path, report)
        return _assemble(raws, meta.metadata(), default_pagu, meta.points_max, report)
    return _from_tables(read_tables(path), path.stem, default_pagu, report)


def load_workbook(data: bytes, name: str, *, default_pagu: int = DEFAULT_PAGU) -> Dataset:
    """Read an uploaded workbook; as :func:`load_dataset`."""
    return _from_tables(read_tables(data, name), Path(name).stem, default_pagu, collector())


def _from_tables(tables: Tables, name: str, default_pagu: int, report: Collector) -> Dataset:
    if [sheet.name for sheet in tables.sheets] == [""]:
        report.error("lone_csv", Place(file=tables.name))
        raise InputRefused(report.findings, tables.name)
    meta = read_meta_sheet(tables.sheet(META_SHEET), name, tables.name, report)
    raws = workbook_rows(tables, report)
    return _assemble(raws, meta.metadata(), default_pagu, meta.points_max, report)


def read_sheets(
    sheets: Mapping[str, Iterable[Mapping[str, Value]]],
    meta: Metadata,
    *,
    default_pagu: int = DEFAULT_PAGU,
    points_max: int = 0,
) -> Dataset:
    """Make a dataset of rows that are already apart, such as the editor's.

    Parameters
    ----------
    sheets
        Rows by sheet, each a mapping from heading to cell; a row without content is left out.
    points_max : int
        Largest points a ballot may give; 0 for the largest that occurs.

    Raises
    ------
    InputRefused
        With all findings. Rows are counted as if a heading stood above them.
    """
    report = collector()
    for name in sheets:
        if name not in SHEETS_BY_NAME:
            report.unknown("sheet_unknown", Place(sheet=name, value=name), list(SHEETS_BY_NAME))
    raws = {
        spec.name: raw_from_rows(spec, sheets[spec.name], Place(sheet=spec.name))
        for spec in SHEETS
        if spec.name in sheets
    }
    return _assemble(raws, meta, default_pagu, points_max, report)


# --- raw tables -------------------------------------------------------------------------


def _folder(folder: Path, report: Collector) -> dict[str, Raw]:
    raws: dict[str, Raw] = {}
    for file in sorted(p for p in folder.iterdir() if p.suffix.lower() == ".csv"):
        spec = SHEETS_BY_NAME.get(file.stem.lower())
        place = Place(file=file.name, value=file.stem)
        if spec is None:
            report.unknown("file_unused", place, list(SHEETS_BY_NAME), Severity.WARNING)
        elif spec.name in raws:
            report.error("sheet_twice", place)
        else:
            # Where a file cannot be read, its own finding says enough.
            empty = Raw(Place(file=file.name), spec.headings, ())
            raws[spec.name] = _csv(file, spec, report) or empty
    return raws


def _csv(file: Path, spec: SheetSpec, report: Collector) -> Raw | None:
    try:
        tables = read_tables(file)
    except InputRefused as refused:
        report.findings += refused.findings
        return None
    report.findings += tables.findings
    sheet = tables.sheets[0]
    report.findings += [_hardened(f) for f in sheet.findings]
    return raw_from_grid(spec, sheet, Place(file=file.name), report)


def workbook_rows(tables: Tables, report: Collector) -> dict[str, Raw]:
    """The sheets of a dataset in a workbook; what is odd about the others is reported."""
    refused = {name.strip().casefold() for name in tables.refused}
    for finding in tables.findings:
        needed = finding.place.sheet.strip().casefold() in SHEETS_BY_NAME
        report.findings.append(replace(finding, severity=Severity.ERROR) if needed else finding)
    raws: dict[str, Raw] = {
        name: Raw(Place(tables.name, name), SHEETS_BY_NAME[name].headings, ())
        for name in refused & set(SHEETS_BY_NAME)
    }
    for sheet in tables.sheets:
        name = sheet.name.strip().casefold()
        place = Place(tables.name, sheet.name, value=sheet.name)
        if name in raws:
            report.error("sheet_twice", place)
        elif name in SHEETS_BY_NAME:
            raws[name] = _sheet(SHEETS_BY_NAME[name], sheet, replace(place, value=""), report)
        elif name not in INSTRUCTION_SHEETS | {META_SHEET}:
            report.unknown("sheet_unused", place, list(SHEETS_BY_NAME), Severity.WARNING)
    return raws


def _sheet(spec: SheetSpec, sheet: Sheet, place: Place, report: Collector) -> Raw:
    report.findings += [_hardened(f) for f in sheet.findings]
    return raw_from_grid(spec, sheet, place, report)


def _hardened(finding: Finding) -> Finding:
    """A cell whose value is lost refuses the input: it must not count as empty."""
    lost = finding.code in _LOST_VALUES
    return replace(finding, severity=Severity.ERROR) if lost else finding


# --- one dataset ------------------------------------------------------------------------


def _assemble(
    raws: Mapping[str, Raw], meta: Metadata, default_pagu: int, points_max: int, report: Collector
) -> Dataset:
    lines: dict[str, list[Line]] = {}
    for spec in SHEETS:
        raw = raws.get(spec.name)
        if raw is not None:
            lines[spec.name] = read_lines(spec, raw, report)
        elif spec.required:
            report.error("sheet_missing", Place(sheet=spec.name))
    units = read_units(lines.get("wilayah", []), default_pagu, report)
    if not units and not report.refused:
        report.error("no_units", Place(sheet="wilayah"))
    territory = Territory(units)
    places = Places(territory, report)
    if not lines.get("usulan") and report.refused:
        # Without the proposals every vote would seem to name an unknown one.
        raise InputRefused(report.findings, meta.name)
    listed = read_proposals(lines.get("usulan", []), lines.get("gabungan", []), places, report)
    votes = VoteLines(*(lines.get(name, []) for name in ("rembug", "dukungan", "suara")))
    results = read_results(votes, listed.ids, points_max, places, report)
    if report.refused:
        raise InputRefused(report.findings, meta.name)
    return Dataset.build(
        meta,
        territory,
        listed.proposals,
        results,
        letters=listed.letters,
        findings=report.findings,
    )

"""The section PROJECTS."""

from __future__ import annotations

from collections.abc import Mapping

from optimizer.errors import Place
from optimizer.files.collect import Collector
from optimizer.files.pabulib import cells
from optimizer.files.pabulib.election import Number, Project
from optimizer.files.pabulib.lines import Section, records

_LONGEST_ID = 200
_OWN_COLUMNS = ("project_id", "cost", "votes", "score", "name", "category", "selected")


def header(
    section: Section, parts: list[str], required: tuple[str, ...], findings: Collector
) -> list[str] | None:
    """Column names in lower case; None (with an error noted) where rows cannot be read."""
    columns = [part.lower() for part in parts]
    while columns and not columns[-1]:
        columns.pop()
    named = [column for column in columns if column]
    if len(set(named)) < len(named):
        twice = next(column for column in named if named.count(column) > 1)
        findings.error("pb_column_twice", Place(sheet=section.name, value=twice))
        return None
    missing = [column for column in required if column not in columns]
    for column in missing:
        findings.error(
            "pb_column_missing", Place(sheet=section.name, column=column, value=";".join(parts))
        )
    return None if missing else columns


def read_projects(
    section: Section, meta: Mapping[str, str], findings: Collector
) -> tuple[tuple[Project, ...], tuple[str, ...]]:
    """Projects in file order, and what stands in the column ``category``."""
    rows = records(section, findings)
    first = next(rows, None)
    if first is None:
        findings.error("pb_section_empty", Place(sheet=section.name))
        return (), ()
    columns = header(section, first[1], ("project_id", "cost"), findings)
    if columns is None:
        return (), ()
    table = [
        (row, record)
        for row, parts in rows
        if (record := _record(row, parts, columns, findings)) is not None
    ]
    if not table and not findings.refused:
        findings.error("pb_no_projects", Place(sheet=section.name))
    raw_categories = tuple(
        dict.fromkeys(
            name for _, record in table for name in cells.unsplit(record.get("category", ""))
        )
    )
    known = frozenset(cells.limits(meta, raw_categories)[0])
    filled = {c for c in columns if any(record.get(c) for _, record in table)}
    projects: dict[str, Project] = {}
    for row, record in table:
        project = _project(row, record, known, filled, findings)
        if project.id in projects:
            findings.error(
                "pb_project_twice",
                Place(sheet=section.name, row=row, column="project_id", value=project.id),
            )
        projects.setdefault(project.id, project)
    return tuple(projects.values()), raw_categories


def _record(
    row: int, parts: list[str], columns: list[str], findings: Collector
) -> dict[str, str] | None:
    """Cells by column; None (with an error noted) where they have shifted."""
    place = Place(sheet="PROJECTS", row=row, value=";".join(parts))
    sizes = {"expected": len(columns), "found": len(parts)}
    if any(parts[len(columns) :]):
        findings.error("pb_row_long", place, **sizes)
        return None
    if len(parts) < len(columns):
        findings.warning("pb_row_short", place, **sizes)
    padded = parts + [""] * (len(columns) - len(parts))
    return {column: part for column, part in zip(columns, padded, strict=False) if column}


def _project(
    row: int,
    record: Mapping[str, str],
    known: frozenset[str],
    filled: set[str],
    findings: Collector,
) -> Project:
    project_id = record["project_id"]
    if not project_id or "," in project_id or len(project_id) > _LONGEST_ID:
        findings.error(
            "pb_project_id", Place(sheet="PROJECTS", row=row, column="project_id", value=project_id)
        )
    cost = cells.exact(record["cost"])
    if cost is None or cost < 0:
        findings.error(
            "pb_amount", Place(sheet="PROJECTS", row=row, column="cost", value=record["cost"])
        )
    elif cost == 0:
        findings.note(
            "pb_free", Place(sheet="PROJECTS", row=row, column="cost"), project=project_id
        )
    selected = _count(row, record, "selected", filled, findings, empty=None)
    return Project(
        id=project_id,
        cost=cost or 0,
        votes=_count(row, record, "votes", filled, findings, empty=0),
        score=_count(row, record, "score", filled, findings, empty=0),
        name=record.get("name", ""),
        categories=cells.names(record.get("category", ""), known),
        selected=None if selected is None else int(selected),
        extra={column: part for column, part in record.items() if column not in _OWN_COLUMNS},
    )


def _count(
    row: int,
    record: Mapping[str, str],
    column: str,
    filled: set[str],
    findings: Collector,
    *,
    empty: int | None,
) -> Number | None:
    """A number of an optional column; None where the file leaves the whole column empty."""
    if column not in filled:
        return None
    text = record[column]
    if not text:
        if empty is not None:
            findings.warning("pb_cell_empty", Place(sheet="PROJECTS", row=row, column=column))
        return empty
    value = cells.exact(text)
    if value is None:
        findings.error("pb_number", Place(sheet="PROJECTS", row=row, column=column, value=text))
    return value

"""The official recap of a kelurahan, as offices make it, read without losing a row.

Columns (Lampiran L of Perwali 32/2021): No, RT/RW, Bidang, Uraian Kegiatan, Volume, Rencana
Biaya (Rp), Keterangan. Minutes of one RT and the kelurahan meeting's list are read too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath

from optimizer.errors import Finding, InputRefused, Place, Severity
from optimizer.files.grid import Sheet, Tables, column_letter, refuse
from optimizer.files.recap_cells import find_where
from optimizer.files.recap_layout import Layout, find_layout
from optimizer.files.recap_model import Joint, Participant, Reason, Recap, RecapRow, SetAside
from optimizer.files.recap_participants import read_participants
from optimizer.files.recap_totals import check_totals
from optimizer.files.recap_walk import Walk
from optimizer.files.tables import read_tables
from optimizer.record.proposals import normal_text
from optimizer.territory import node_id, place_words
from optimizer.words import INDONESIAN

__all__ = [
    "RECAP_HEADINGS",
    "Joint",
    "Participant",
    "Reason",
    "Recap",
    "RecapRow",
    "SetAside",
    "read_recap",
    "recap_rows",
]

RECAP_HEADINGS = (
    "No", "RT/RW", "Bidang", "Uraian Kegiatan", "Volume", "Rencana Biaya (Rp)", "Keterangan",
)  # fmt: skip
_FIELD_NAMES = {
    "infrastruktur": "Infrastruktur", "kesehatan": "Kesehatan", "sosial_budaya": "Sosial Budaya",
    "ekonomi": "Ekonomi", "pendidikan": "Pendidikan", "kepemudaan": "Kepemudaan",
    "biaya_umum": "Biaya Umum",
}  # fmt: skip


def read_recap(source: Path | bytes | Tables, name: str = "", sheet: str | None = None) -> Recap:
    """Read a recap, minutes of one RT, or the kelurahan meeting's list.

    Parameters
    ----------
    source
        A path, the bytes of an upload (XLSX or CSV), or tables that are read already.
    name
        What messages call the file; default the path's last part.
    sheet
        The sheet to read where more than one could be the recap.

    Returns
    -------
    Recap
        All rows; what is wrong with single rows is among its findings.

    Raises
    ------
    InputRefused
        The file is no table, no sheet is a recap, or several could be.
    """
    tables = source if isinstance(source, Tables) else read_tables(source, name)
    chosen, unused = _choose(tables, sheet)
    fallback = find_where(PurePath(tables.name).stem.replace("_", " ").replace("-", " "))
    walks = []
    for table, layout, muskel in chosen:
        walk = Walk(tables.name, table, layout, muskel=muskel)
        walk.run(fallback)
        walks.append(walk)
    kelurahan = _kelurahan(walks)
    rows = _ranked((row for walk in walks for row in walk.rows), kelurahan)
    participants, participant_findings = _participants(tables, rows)
    findings = [*tables.findings, *unused]
    for walk in walks:
        findings += [*_layout_findings(tables.name, walk), *_cell_findings(walk)]
        findings += [*walk.cells.said.findings, *check_totals(walk), *_joint_findings(walk)]
    findings += participant_findings
    years = {year for walk in walks for year in walk.layout.years}
    if len(years) > 1:
        text = ", ".join(str(y) for y in sorted(years))
        findings.append(
            Finding("recap_year_unclear", Severity.WARNING, Place(tables.name), {"years": text})
        )
    if not rows:
        findings.append(Finding("recap_no_rows", Severity.ERROR, Place(tables.name)))
    return Recap(
        name=tables.name,
        title=next((w.layout.title for w in walks if w.layout.titles), ""),
        year=years.pop() if len(years) == 1 else None,
        kelurahan=kelurahan,
        rows=rows,
        set_aside=tuple(aside for walk in walks for aside in walk.set_aside),
        participants=participants,
        findings=tuple(findings),
    )


_Chosen = tuple[Sheet, Layout, bool]


def _choose(tables: Tables, wanted: str | None) -> tuple[list[_Chosen], list[Finding]]:
    """The sheets to read: the recap, muskel sheets beside it, or minutes of one RT each."""
    if wanted is not None and tables.sheet(wanted) is None:
        known = ", ".join(s.name for s in tables.sheets)
        raise _refused(tables, "recap_sheet_unknown", sheet=wanted, known=known)
    found = [
        (sheet, layout, _is_muskel(sheet, layout))
        for sheet in tables.sheets
        if not _is_participants(sheet) and (layout := find_layout(sheet)) is not None
    ]
    named = tables.sheet(wanted) if wanted is not None else None
    main = [c for c in found if not c[2] and (named is None or c[0] is named)]
    if named is not None and not any(c[0] is named for c in found):
        raise refuse("recap_no_header", tables.name, Place(tables.name, named.name))
    if not found:
        raise _refused(tables, "recap_no_header")
    minutes = all(not c[1].where.empty or not find_where(c[0].name).empty for c in main)
    if len(main) > 1 and not minutes:
        sheets = ", ".join(c[0].name for c in main)
        raise refuse("recap_two_sheets", tables.name, sheets=sheets, first=main[0][0].name)
    chosen = main + [c for c in found if c[2] and (named is None or not main or c[0] is named)]
    if named is not None:
        chosen = [c for c in found if c[0] is named or (c[2] and main)]
    read = {id(c[0]) for c in chosen}
    unused = [
        Finding("recap_sheet_unused", Severity.NOTE, Place(tables.name, s.name))
        for s in tables.sheets
        if id(s) not in read and not _is_participants(s)
    ]
    return chosen, unused


def _refused(tables: Tables, code: str, **data: object) -> InputRefused:
    """No recap; a sheet that was left out for its identity numbers may be why."""
    left_out = [replace(f, severity=Severity.ERROR) for f in tables.findings]
    here = Place(tables.name)
    return InputRefused([*left_out, Finding(code, Severity.ERROR, here, data)], tables.name)


def _is_participants(sheet: Sheet) -> bool:
    return normal_text(sheet.name) in {"gabungan", "peserta gabungan"}


def _is_muskel(sheet: Sheet, layout: Layout) -> bool:
    plain = normal_text(sheet.name)
    return "muskel" in plain or "musyawarah kelurahan" in plain or layout.joint


def _ranked(rows: Iterable[RecapRow], kelurahan: str) -> tuple[RecapRow, ...]:
    """Ranks within each list, by the order of the rows; a kelurahan for those that name none."""
    counts: Counter[tuple[bool, str]] = Counter()
    ranked = []
    for row in rows:
        place = row.kelurahan or kelurahan
        key = (bool(row.joint), place) if row.joint else (False, node_id(place, row.rw, row.rt))
        counts[key] += 1
        ranked.append(replace(row, kelurahan=place, rank=counts[key]))
    return tuple(ranked)


def _participants(
    tables: Tables, rows: Sequence[RecapRow]
) -> tuple[tuple[Participant, ...], list[Finding]]:
    participants: list[Participant] = []
    findings: list[Finding] = []
    for sheet in tables.sheets:
        if _is_participants(sheet):
            read, found = read_participants(tables.name, sheet, rows)
            participants += read
            findings += found
    return tuple(participants), findings


def _layout_findings(file: str, walk: Walk) -> Iterator[Finding]:
    """What the header says or lacks."""
    layout, here = walk.layout, Place(file, walk.sheet.name, walk.layout.header)
    for role, column, heading in layout.twice:
        severity = Severity.ERROR if role == "cost" else Severity.WARNING
        yield Finding(
            "recap_column_twice",
            severity,
            replace(here, column=column_letter(column), value=heading),
            {"first": column_letter(layout.columns[role][0])},
        )
    if layout.unused:
        names = ", ".join(layout.unused.values())
        yield Finding("recap_column_unused", Severity.NOTE, here, {"names": names})
    if (scale := layout.scales["cost"]) != 1:
        yield Finding("recap_scaled", Severity.WARNING, here, {"scale": scale})
    if "volume" not in layout.columns:
        yield Finding("recap_no_volume_column", Severity.WARNING, here)
    if "field" not in layout.columns and not any(r.field for r in walk.rows):
        yield Finding("recap_no_field_column", Severity.WARNING, here)
    if len({r.kelurahan for r in walk.rows if r.kelurahan}) > 1:
        names = ", ".join(sorted({r.kelurahan for r in walk.rows if r.kelurahan}))
        yield Finding("recap_several_kelurahan", Severity.NOTE, here, {"names": names})


def _cell_findings(walk: Walk) -> Iterator[Finding]:
    """Formula problems in columns that matter; in a proposal's cost they are errors."""
    used = {c: role for role, columns in walk.layout.columns.items() for c in columns}
    proposals = {row.row for row in walk.rows}
    where = {place: used.get(place[1], "") for place in walk.sheet.problems}
    letters = {(r, column_letter(c)): role for (r, c), role in where.items()}
    for finding in walk.sheet.findings:
        role = letters.get((finding.place.row or 0, finding.place.column), "")
        if role == "cost" and finding.place.row in proposals:
            yield replace(finding, severity=Severity.ERROR)
        elif role or finding.place.row is None:
            yield finding


def _joint_findings(walk: Walk) -> Iterator[Finding]:
    """Rows without RT/RW that are no infrastructure: perhaps an RT was left out."""
    odd = [r for r in walk.rows if r.joint is Joint.EMPTY and r.field not in {"infrastruktur", ""}]
    if odd:
        lines = ", ".join(str(r.row) for r in odd)
        yield Finding(
            "recap_joint_other_field",
            Severity.WARNING,
            Place(walk.cells.file, walk.sheet.name, odd[0].row),
            {"rows": lines, "count": len(odd)},
        )


def _kelurahan(walks: Sequence[Walk]) -> str:
    """The kelurahan of the whole file; empty where there are several or none is named."""
    names = {row.kelurahan for walk in walks for row in walk.rows} - {""}
    names = names or {walk.kelurahan for walk in walks}
    return names.pop() if len(names) == 1 else ""


def recap_rows(recap: Recap) -> tuple[tuple[str | int | None, ...], ...]:
    """The rows in the official columns (:data:`RECAP_HEADINGS`), for a recap out again."""
    return tuple(
        (
            number,
            _place_text(row),
            _FIELD_NAMES.get(row.field, row.field_text),
            row.description,
            _volume_text(row),
            row.cost,
            row.remark or None,
        )
        for number, row in enumerate(recap.rows, 1)
    )


def _place_text(row: RecapRow) -> str:
    if row.rt or row.rw:
        return place_words(f"/{row.rw}/{row.rt}", "/")
    return "Kelurahan" if row.joint else ""


def _volume_text(row: RecapRow) -> str | None:
    """Number and unit; four decimals where three could be read as thousands."""
    if row.volume is None:
        return row.measure or None
    number = INDONESIAN.number(row.volume, 6)
    whole, comma, decimals = number.partition(",")
    if len(decimals) == 3:
        decimals += "0"
    return f"{whole.replace('.', '')}{comma}{decimals} {row.measure}".strip()

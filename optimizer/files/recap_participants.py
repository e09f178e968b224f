"""The optional sheet ``gabungan``: which RT take part in a joint row, and with how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from optimizer.errors import Finding, Place, RembugError
from optimizer.files.collect import Collector
from optimizer.files.grid import Sheet, column_letter
from optimizer.files.recap_cells import Where, cell_text, parse_single, parse_where
from optimizer.files.recap_model import Participant, RecapRow
from optimizer.money import parse_rupiah
from optimizer.record.proposals import normal_text

__all__ = ["read_participants"]

_ROLES = {
    "id usulan": "proposal", "no": "proposal", "no usulan": "proposal", "kegiatan": "proposal",
    "uraian kegiatan": "proposal", "uraian": "proposal", "rt": "rt", "rw": "rw", "rt rw": "place",
    "rt ikut": "place", "kelurahan": "kelurahan", "bagian": "part", "bagian rp": "part",
}  # fmt: skip


def read_participants(
    file: str, sheet: Sheet, rows: Sequence[RecapRow]
) -> tuple[list[Participant], list[Finding]]:
    """Read the sheet; each line names a row of the recap by number or description."""
    said = Collector()
    header, columns = _header(sheet)
    if not columns:
        said.warning("recap_participants_header", Place(file, sheet.name))
        return [], said.findings
    known = {normal_text(text) for row in rows for text in (row.number, row.description) if text}
    participants: list[Participant] = []
    for row in range(header + 1, len(sheet.rows) + 1):
        texts = {role: cell_text(sheet.value(row, c)) for role, c in columns.items()}
        if not any(texts.values()):
            continue
        place = Place(file, sheet.name, row)
        where = _where(texts)
        if normal_text(texts["proposal"]) not in known:
            value = texts["proposal"]
            letter = column_letter(columns["proposal"])
            said.warning("recap_participant_unknown", replace(place, column=letter, value=value))
        elif not (where.rt and where.rw):
            said.warning("recap_participant_place", place)
        else:
            part = _part(texts.get("part", ""), place, said)
            kelurahan = texts.get("kelurahan", "")
            participants.append(
                Participant(row, texts["proposal"], kelurahan, where.rw, where.rt, part)
            )
    return participants, said.findings


def _header(sheet: Sheet) -> tuple[int, dict[str, int]]:
    for row in range(1, min(20, len(sheet.rows)) + 1):
        columns: dict[str, int] = {}
        for column, value in enumerate(sheet.rows[row - 1], 1):
            role = _ROLES.get(normal_text(cell_text(value).replace("_", " ")))
            if role:
                columns.setdefault(role, column)
        if "proposal" in columns and ("place" in columns or {"rt", "rw"} <= set(columns)):
            return row, columns
    return 0, {}


def _where(texts: dict[str, str]) -> Where:
    if "place" in texts:
        return parse_where(texts["place"])
    return Where(parse_single(texts["rt"]), parse_single(texts["rw"]))


def _part(text: str, place: Place, said: Collector) -> int | None:
    if text in {"", "-"}:
        return None
    try:
        return parse_rupiah(text)
    except RembugError:
        said.warning("recap_participant_part", place, part=text)
        return None

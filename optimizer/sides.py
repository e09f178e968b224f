"""The two lists of a comparison, opened by what they are: recorded lists and plans."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from optimizer.checking import Opened, open_source
from optimizer.diffs import Entry, Note, Side
from optimizer.errors import RembugError
from optimizer.explain.reasons import Reasons
from optimizer.files.computed import refuse_torn
from optimizer.files.grid import Sheet, Tables
from optimizer.files.recap_cells import cell_text, split_volume
from optimizer.files.recap_dataset import unpack
from optimizer.files.tables import MAX_BYTES, read_tables
from optimizer.money import parse_rupiah
from optimizer.plan import Plan
from optimizer.record.dataset import Dataset
from optimizer.record.proposals import Proposal, Status
from optimizer.territory import node_id
from optimizer.versions import PLAN_SCHEMA
from optimizer.words import INDONESIAN, Words

__all__ = ["open_sides", "plan_side", "recorded_side"]

_DRAFT_COLUMNS = ("RT/RW", "Uraian Kegiatan", "Volume", "Rencana Biaya (Rp)", "Kelurahan",
                  "ID Usulan", "Prioritas", "Masuk?", "Alasan")  # fmt: skip


def open_sides(
    first: Path, second: Path, policy: str | None = None, words: Words = INDONESIAN
) -> tuple[Side, Side]:
    """Open both lists.

    A ``plan.json`` names proposals by id only; their words come from the other side's dataset.

    Raises
    ------
    RembugError
        What the readers raise; ``plan_alone`` where both sides are ``plan.json``.
    """
    records = [_record(path) for path in (first, second)]
    if all(r is not None for r in records):
        raise RembugError("plan_alone", path=first.name)
    sides: list[Side | None] = []
    dataset: Dataset | None = None
    for path, record in zip((first, second), records, strict=True):
        draft = None if record is not None else _draft(path)
        if record is None and draft is None:
            opened = open_source(path, policy, solve=True)
            dataset = opened.dataset
            sides.append(_side(opened, words))
        else:
            sides.append(_draft_side(path.name, draft) if draft is not None else None)
    filled = [
        _json_side(path.name, record, dataset, words)
        if side is None and record is not None
        else side
        for path, record, side in zip((first, second), records, sides, strict=True)
    ]
    one, other = filled
    if one is None or other is None:
        raise RembugError("plan_alone", path=first.name)
    return one, other


def _side(opened: Opened, words: Words) -> Side:
    if opened.plan is not None:
        return plan_side(opened.plan, words)
    return recorded_side(opened.dataset, opened.name)


# --- recorded ---------------------------------------------------------------------------


def recorded_side(dataset: Dataset, name: str) -> Side:
    """Everything that was proposed, and why something was not."""
    entries = [
        _entry(dataset, p, p.volume, p.full_cost) for items in dataset.lists.values() for p in items
    ]
    return Side(
        name,
        tuple(entries),
        made_up=dataset.meta.made_up_notice,
        notes={p.id: _excluded(dataset, p) for p in dataset.proposals if p.reason},
    )


def _entry(dataset: Dataset, proposal: Proposal, volume: Fraction, amount: int) -> Entry:
    number, measure = unpack(proposal) if volume == proposal.volume else (volume, proposal.measure)
    minutes = {m.place: m.minutes for m in dataset.results.meetings}
    return Entry(
        id=proposal.id,
        place=proposal.owner,
        rank=proposal.rank,
        title=proposal.title,
        volume=number,
        measure=measure,
        amount=amount,
        minutes=minutes.get(proposal.owner, ""),
    )


def _excluded(dataset: Dataset, proposal: Proposal) -> Note:
    """The reason recorded with a status, and the meeting at which the list was made."""
    if proposal.status is not Status.EXCLUDED:
        return Note(proposal.reason)
    meeting = next((m for m in dataset.results.meetings if m.place == proposal.owner), None)
    level = {"kelurahan": "muskel"}.get(proposal.level, "rembug")
    return Note(proposal.reason, level, meeting.date if meeting else "")


# --- computed ---------------------------------------------------------------------------


def plan_side(plan: Plan, words: Words = INDONESIAN) -> Side:
    """What a plan pays for, and its reasons for everything."""
    dataset, reasons = plan.scenario.dataset, Reasons(plan)
    who = words.say("diff.by_plan", scenario=plan.scenario.name)
    pinned = {p.proposal for p in plan.scenario.pins}
    by_hand = words.say("diff.by_pin", scenario=plan.scenario.name)
    notes = {
        p.id: Note(reasons.of(p).text(words), by_hand if p.id in pinned else who)
        for p in dataset.proposals
        if p.id in pinned or plan.volumes.get(p.id) != p.volume
    }
    entries = [_entry(dataset, p, plan.volumes[p.id], plan.cost(p)) for p in plan.chosen]
    name = plan.scenario.name
    return Side(name, tuple(entries), True, dataset.meta.made_up_notice, notes)


def _record(path: Path) -> dict[str, Any] | None:
    """The content of a ``plan.json``; ``None`` for anything else."""
    if path.suffix.lower() != ".json" or not path.is_file():
        return None
    if path.stat().st_size > MAX_BYTES:
        raise RembugError("file_too_large", path=path.name, limit=MAX_BYTES // 2**20)
    refuse_torn(path)
    try:
        content = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise RembugError("plan_unreadable", path=path.name) from error
    if not isinstance(content, dict) or content.get("schema") != PLAN_SCHEMA:
        raise RembugError("plan_unreadable", path=path.name)
    return content


def _json_side(
    name: str, record: Mapping[str, Any], dataset: Dataset | None, words: Words
) -> Side | None:
    if dataset is None:
        return None
    entries = []
    scenario = str(record.get("scenario", name))
    try:
        for row in record["funded"]:
            volume, cost = Fraction(str(row["volume"])), int(row["cost"])
            entries.append(_json_entry(dataset, str(row["id"]), volume, cost))
        notes = {
            str(pin["id"]): Note(
                words.say(f"diff.pin.{pin['pin']}", reason=pin.get("reason") or "–"),
                words.say("diff.by_pin", scenario=scenario),
            )
            for pin in record.get("pins", ())
        }
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise RembugError("plan_unreadable", path=name) from error
    return Side(scenario, tuple(entries), True, bool(record.get("made_up")), notes)


def _json_entry(dataset: Dataset, proposal_id: str, volume: Fraction, cost: int) -> Entry:
    proposal = dataset.by_id.get(proposal_id)
    if proposal is None:
        return Entry(proposal_id, "", None, proposal_id, volume, "", cost)
    return _entry(dataset, proposal, volume, cost)


def _draft(path: Path) -> tuple[Tables, Sheet, int] | None:
    """The table of a ``rancangan`` file and its header row; ``None`` for anything else."""
    if path.suffix.lower() not in {".csv", ".xlsx"} or not path.is_file():
        return None
    tables = read_tables(path)
    for sheet in tables.sheets:
        for number, row in enumerate(sheet.rows[:10]):
            texts = {cell_text(v) for v in row}
            if {"ID Usulan", "Masuk?"} <= texts:
                return tables, sheet, number
    return None


def _draft_side(name: str, draft: tuple[Tables, Sheet, int]) -> Side:
    _, sheet, header = draft
    columns = {cell_text(v): i for i, v in enumerate(sheet.rows[header])}
    missing = [c for c in _DRAFT_COLUMNS if c not in columns]
    if missing:
        raise RembugError("draft_columns", path=name, columns=", ".join(missing))
    entries, notes = [], {}
    title = " ".join(cell_text(v) for row in sheet.rows[:header] for v in row)
    for row in sheet.rows[header + 1 :]:
        cells = {c: cell_text(row[i]) if i < len(row) else "" for c, i in columns.items()}
        if not cells["ID Usulan"]:
            continue
        amount = parse_rupiah(cells["Rencana Biaya (Rp)"])
        if cells["Alasan"]:
            notes[cells["ID Usulan"]] = Note(cells["Alasan"], name)
        if amount:
            entries.append(_draft_entry(cells, amount))
    return Side(name, tuple(entries), True, "DATA CONTOH" in title, notes)


def _draft_entry(cells: Mapping[str, str], amount: int) -> Entry:
    volume, measure = split_volume(cells["Volume"])
    numbers = cells["RT/RW"].split("/") if "/" in cells["RT/RW"] else []
    rw = cells["RT/RW"].removeprefix("RW ") if cells["RT/RW"].startswith("RW ") else ""
    place = (
        node_id(cells["Kelurahan"], numbers[1], numbers[0])
        if len(numbers) == 2
        else node_id(cells["Kelurahan"], rw)
    )
    rank = int(cells["Prioritas"]) if cells["Prioritas"].isdecimal() else None
    title = cells["Uraian Kegiatan"]
    return Entry(cells["ID Usulan"], place, rank, title, volume, measure, amount)

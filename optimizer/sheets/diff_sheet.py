"""The sheet "Beda dengan berita acara": every row of both lists and what became of it."""

from __future__ import annotations

from typing import Any

from optimizer.diffs import Change, Diff, Entry, Kind
from optimizer.sheets.layout import Cell, Column, Document, Mark, Page, Table
from optimizer.sheets.layout import Kind as Cells
from optimizer.sheets.words import place_words
from optimizer.words import INDONESIAN, Words

__all__ = ["DIFF_SCHEMA", "change_words", "diff_dict", "diff_sheet", "summary_words"]

DIFF_SCHEMA = "rembug-diff/1"

COLUMNS = (
    Column("RT/RW", Cells.TEXT, 18),
    Column("No BA", Cells.TEXT, 18),
    Column("Urutan", Cells.NUMBER, 12),
    Column("Uraian", Cells.LONG, 38),
    Column("Rp BA", Cells.RUPIAH, 17),
    Column("Rp rancangan", Cells.RUPIAH, 17),
    Column("Masuk?", Cells.LONG, 20),
    Column("Alasan", Cells.LONG, 46),
    Column("Oleh", Cells.LONG, 22),
    Column("Tanggal", Cells.TEXT, 13),
)


def diff_sheet(diff: Diff, words: Words = INDONESIAN) -> Document:
    """All rows, unchanged ones too: nothing disappears."""
    rows = tuple(_row(change, words) for change in diff.changes)
    total: tuple[Cell, ...] = (
        words.say("sheet.total"), "", None, "", diff.first.total, diff.second.total, "", "", "", "",
    )  # fmt: skip
    title = words.say("diff.title")
    page = Page(
        title,
        title.upper(),
        (Table(COLUMNS, rows, total=total, empty=words.say("diff.empty")),),
        lines=(
            words.say("diff.sides", first=diff.first.name, second=diff.second.name),
            summary_words(diff, words),
        ),
    )
    marks = []
    if diff.first.computed or diff.second.computed:
        marks.append(Mark.SIMULATION)
    if diff.first.made_up or diff.second.made_up:
        marks.append(Mark.EXAMPLE)
    foot = (words.say("diff.unrecorded_note"), words.say("plan.decides"))
    return Document("beda-dengan-berita-acara", title, (page,), tuple(marks), foot, wide=True)


def _row(change: Change, words: Words) -> tuple[Cell, ...]:
    entry, note = change.entry, change.note
    changed = change.kind is not Kind.SAME
    missing = words.say("diff.unrecorded") if changed else ""
    return (
        place_words(entry.place, words) if entry.place else "–",
        change.before.minutes if change.before else "",
        entry.rank,
        entry.title,
        change.before.amount if change.before else None,
        change.after.amount if change.after else None,
        change_words(change, words),
        note.reason if changed and note.reason else missing,
        note.who if changed and note.who else missing,
        note.date if changed else "",
    )


def change_words(change: Change, words: Words = INDONESIAN) -> str:
    """What became of a row: ``ya``, ``ya, 12 m2 menjadi 7 m2``, ``tidak, dilewati``, ``baru``."""
    if change.kind is not Kind.CHANGED or change.before is None or change.after is None:
        return words.say(f"diff.kind.{change.kind}")
    before, after = _volume(change.before, words), _volume(change.after, words)
    if before != after:
        return words.say("diff.kind.volume", before=before, after=after)
    return words.say("diff.kind.changed")


def _volume(entry: Entry, words: Words) -> str:
    number = "" if entry.volume is None else words.number(entry.volume)
    return f"{number} {entry.measure}".strip()


def summary_words(diff: Diff, words: Words = INDONESIAN) -> str:
    """How many rows are the same, changed, lost, skipped and new, and by how much."""
    counts = {kind.value: len(diff.of(kind)) for kind in Kind}
    change = diff.second.total - diff.first.total
    sign = "+" if change > 0 else ""
    return words.say("diff.summary", **counts, difference=f"{sign}{words.rupiah(change)}")


def diff_dict(diff: Diff, words: Words = INDONESIAN) -> dict[str, Any]:
    """The comparison in the fields of its schema."""
    return {
        "schema": DIFF_SCHEMA,
        "first": {"name": diff.first.name, "computed": diff.first.computed},
        "second": {"name": diff.second.name, "computed": diff.second.computed},
        "made_up": diff.first.made_up or diff.second.made_up,
        "summary": {
            **{kind.value: len(diff.of(kind)) for kind in Kind},
            "first_total": diff.first.total,
            "second_total": diff.second.total,
        },
        "changes": [
            {
                "kind": c.kind.value,
                "place": c.entry.place,
                "rank": c.entry.rank,
                "title": c.entry.title,
                "before": _side(c.before),
                "after": _side(c.after),
                "text": change_words(c, words),
                "reason": c.note.reason,
                "by": c.note.who,
                "date": c.note.date,
            }
            for c in diff.changes
        ],
    }


def _side(entry: Entry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    volume = None if entry.volume is None else float(entry.volume)
    return {"id": entry.id, "volume": volume, "measure": entry.measure, "amount": entry.amount}

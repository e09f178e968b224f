"""Gabungan (merged activities and who pays), and which documents are ready."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.money import split
from optimizer.record.proposals import Proposal
from optimizer.rules.ledger import contributions_due
from optimizer.sheets.context import Context, Nature
from optimizer.sheets.layout import Cell, Column, Document, Kind, Page, Status, Table
from optimizer.sheets.words import place_words

__all__ = ["document_matrix", "shared_sheet"]

_SHARED = (
    Column("Kegiatan", Kind.LONG, 34),
    Column("Biaya", Kind.RUPIAH, 19),
    Column("Penempatan", Kind.TEXT, 18),
    Column("Lokasi", Kind.LONG, 26),
    Column("RT ikut", Kind.LONG, 20),
    Column("Bagian (Rp)", Kind.RUPIAH, 19),
)


def shared_sheet(context: Context) -> Document:
    """Activities that several RT pay for: the pool's, then those shared outside it."""
    ledger = context.recorded
    shared = [
        p
        for p in ledger.chosen
        if context.inside(p.owner) and (ledger.pooled(p) or ledger.shared(p))
    ]
    tables = []
    for pooled in (True, False):
        items = [p for p in shared if ledger.pooled(p) == pooled]
        rows = tuple(row for p in items for row in _rows(context, p, pooled=pooled))
        total: tuple[Cell, ...] = (
            context.say("sheet.total"), sum(p.full_cost for p in items), "", "", "", None,
        )  # fmt: skip
        name = "pool" if pooled else "rt"
        tables.append(
            Table(
                _SHARED,
                rows,
                caption=context.say(f"sheet.shared.{name}"),
                total=total if items else None,
                empty=context.say("sheet.shared.none"),
            )
        )
    title = context.say("sheet.shared")
    page = Page(
        title,
        title.upper(),
        tuple(tables),
        lines=(context.where, context.say("sheet.shared.note")),
    )
    return context.document("gabungan", title, [page], Nature.RECORDED)


def _rows(context: Context, proposal: Proposal, *, pooled: bool) -> Iterator[tuple[Cell, ...]]:
    """The activity once, then one line for each RT that pays."""
    head: tuple[Cell, ...] = (
        proposal.title,
        proposal.full_cost,
        proposal.booking or "–",
        proposal.location or "–",
    )
    payers = _payers(context, proposal, pooled=pooled)
    if not payers:
        yield (*head, context.say("sheet.shared.unknown"), None)
        return
    if pooled and not proposal.participants:
        # Everyone gives the same share of the pagu: 47 lines would say one thing.
        count = len(payers)
        yield (*head, context.say("sheet.shared.all", count=count), payers[0][1])
        return
    for number, (unit, amount) in enumerate(payers):
        first = head if number == 0 else ("", None, "", "")
        yield (*first, place_words(unit, context.words), amount)


def _payers(context: Context, proposal: Proposal, *, pooled: bool) -> list[tuple[str, int]]:
    dataset = context.opened.dataset
    source = context.opened.source
    if source is not None and not pooled and proposal.id not in source.participants:
        return []
    if pooled:
        units = dataset.payers(proposal)
        weights = proposal.shares or (1,) * len(units)
        return list(zip(units, split(proposal.full_cost, weights), strict=True))
    return list(contributions_due(dataset, proposal, proposal.volume).items())


# --- documents --------------------------------------------------------------------------


def document_matrix(context: Context) -> Document:
    """Which documents of each RT are there, missing, needed or not recorded."""
    names = ("minutes", "attendance", "photos", "five_year", "letter_d", "letter_e", "land", "rab")
    columns = (
        Column("RT/RW", Kind.TEXT, 13),
        *(Column(context.say(f"sheet.documents.{name}"), Kind.LONG, 15) for name in names),
    )
    rows = tuple(_document_row(context, unit.id) for unit in context.units)
    title = context.say("sheet.documents")
    page = Page(
        title,
        title.upper(),
        (Table(columns, rows),),
        lines=(context.where, context.say("sheet.documents.note")),
    )
    return context.document("matriks-dokumen", title, [page], Nature.RECORDED, wide=True)


def _document_row(context: Context, unit: str) -> tuple[Cell, ...]:
    meeting = context.meetings.get(unit)
    signed = meeting.signed if meeting else None
    land = [p for p in context.own(unit) if _needs_land(context, p)]
    return (
        place_words(unit, context.words),
        _ready(context, meeting.minutes if meeting and meeting.minutes else None),
        _state(context, {True: "yes", False: "no", None: "unrecorded"}[signed]),
        _state(context, "unrecorded"),
        _state(context, "unrecorded"),
        _letter(context, unit, "D"),
        _letter(context, unit, "E"),
        Status(context.say("sheet.documents.land_for", count=len(land)), "finding")
        if land
        else _state(context, "not_needed"),
        _state(context, "unrecorded"),
    )


def _ready(context: Context, text: str | None) -> Status:
    return Status(text, "pass") if text else _state(context, "unrecorded")


def _state(context: Context, state: str) -> Status:
    kind = {"yes": "pass", "no": "finding", "needed": "finding", "not_needed": "pass"}
    return Status(context.say(f"sheet.documents.{state}"), kind.get(state, "unknown"))


def _letter(context: Context, unit: str, letter: str) -> Status:
    """Recorded, needed by a rule that is not met, or not needed."""
    if any(u == unit and given == letter for u, given, _ in context.opened.dataset.letters):
        return _state(context, "yes")
    checks = context.report.by_place.get(unit, ())
    needed = any(c.letter == letter and c.status.value == "finding" for c in checks)
    return _state(context, "needed" if needed else "not_needed")


def _needs_land(context: Context, proposal: Proposal) -> bool:
    activity = context.opened.policy.book(proposal).activity
    return activity is not None and "land" in activity.flags

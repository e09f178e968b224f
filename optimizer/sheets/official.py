"""The official forms: minutes of rembug and muskel, recaps of kelurahan (L) and kecamatan (M).

They hold only what was recorded; nothing that was computed ever enters them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from optimizer.files.recap import RECAP_HEADINGS, RecapRow
from optimizer.files.recap_dataset import UNNAMED, dataset_recap, recap_of, unpack
from optimizer.files.schema import FIELDS
from optimizer.record.meetings import Meeting
from optimizer.record.proposals import Proposal, Status
from optimizer.sheets.context import Context, Nature
from optimizer.sheets.layout import Cell, Column, Document, Kind, Page, Signature, Table
from optimizer.sheets.words import place_words
from optimizer.territory import natural_key
from optimizer.territory import place_words as numbered
from optimizer.words import INDONESIAN, Words

__all__ = ["district_recap", "joint_minutes", "kelurahan_recap", "minutes"]

_NO = Column("No", Kind.NUMBER, 6)
_FIELD = Column("Bidang", Kind.TEXT, 17)
_MONEY = Column("Rencana Biaya (Rp)", Kind.RUPIAH, 17)
_MINUTES = (
    _NO,
    _FIELD,
    Column("Uraian Kegiatan", Kind.LONG, 44),
    Column("Volume dan Satuan", Kind.TEXT, 18),
    _MONEY,
)
_JOINT_MINUTES = (*_MINUTES, Column("Keterangan", Kind.LONG, 22))
_RECAP_KINDS = (
    (Kind.NUMBER, 6),
    (Kind.TEXT, 14),
    (Kind.TEXT, 17),
    (Kind.LONG, 42),
    (Kind.TEXT, 16),
    (Kind.RUPIAH, 17),
    (Kind.LONG, 24),
)
_RECAP = tuple(Column(h, *kind) for h, kind in zip(RECAP_HEADINGS, _RECAP_KINDS, strict=True))
_DISTRICT = (
    _NO,
    Column("Kelurahan", Kind.TEXT, 18),
    _FIELD,
    Column("Uraian", Kind.LONG, 40),
    Column("Satuan", Kind.TEXT, 12),
    Column("Vol", Kind.NUMBER, 9),
    Column("Rencana Biaya", Kind.RUPIAH, 17),
    Column("Keterangan", Kind.LONG, 22),
)
_DOTS = "……………………"


def minutes(context: Context) -> Document:
    """Minutes of the rembug of each RT, a page each."""
    pages = [_minutes(context, unit.id) for unit in context.units]
    return context.document(
        "berita-acara-rembug", context.say("sheet.minutes"), pages, Nature.RECORDED
    )


def _minutes(context: Context, unit: str) -> Page:
    items = context.own(unit)
    place = place_words(unit, context.words)
    return Page(
        name=place.replace(" / ", "-"),
        title=context.say("sheet.minutes.title", place=place),
        lines=(
            context.say("sheet.minutes.where", where=context.where, year=context.year),
            *_meeting_lines(context, context.meetings.get(unit)),
        ),
        tables=(_list_table(context, items, _MINUTES),),
        notes=(context.say("sheet.minutes.order"), *_not_proposed(context, unit)),
        signatures=(
            Signature(context.say("sheet.sign.head", place=place.split(" / ", maxsplit=1)[0])),
            Signature(context.say("sheet.sign.clerk")),
            Signature(context.say("sheet.sign.residents")),
        ),
    )


def _bare(kelurahan: str) -> str:
    """The kelurahan's name without the word."""
    return kelurahan.removeprefix("Kelurahan ") if kelurahan != UNNAMED else _DOTS


def _not_proposed(context: Context, place: str) -> Iterable[str]:
    """What the meeting decided not to propose, with its recorded reason."""
    for proposal in context.opened.dataset.proposals:
        if proposal.owner == place and proposal.status is Status.EXCLUDED:
            yield context.say(
                "sheet.not_proposed", title=proposal.title, reason=proposal.reason or "–"
            )


def _meeting_lines(context: Context, meeting: Meeting | None) -> Iterable[str]:
    """What was recorded of a meeting; dots for the pen where nothing was."""
    number = meeting.minutes if meeting and meeting.minutes else _DOTS
    when = context.words.date(meeting.date) if meeting and meeting.date else _DOTS
    yield context.say("sheet.meeting", number=number, date=when)

    def count(value: int | None) -> str:
        return _DOTS if value is None else context.words.number(value)

    invited, present = (meeting.invited, meeting.present) if meeting else (None, None)
    signed = meeting.signed if meeting else None
    yield context.say(
        "sheet.attendance",
        present=count(present),
        invited=count(invited),
        signed=context.say(f"sheet.signed.{'unknown' if signed is None else str(signed).lower()}"),
    )


def _list_table(
    context: Context,
    items: Sequence[Proposal],
    columns: tuple[Column, ...],
    remarks: Sequence[str] = (),
) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for number, proposal in enumerate(items, start=1):
        row: tuple[Cell, ...] = (
            number,
            _field_name(proposal),
            proposal.title,
            volume_text(proposal),
            proposal.full_cost,
        )
        rows.append((*row, remarks[number - 1]) if remarks else row)
    total: tuple[Cell, ...] = (
        None, "", context.say("sheet.total"), "", sum(p.full_cost for p in items)
    )  # fmt: skip
    if len(columns) > len(total):
        total = (*total, "")
    return Table(columns, tuple(rows), total=total, empty=context.say("sheet.no_items"))


def _field_name(proposal: Proposal) -> str:
    field = proposal.field.split("/")[0]
    return FIELDS[field][0] if field in FIELDS else proposal.field


def volume_text(proposal: Proposal, words: Words = INDONESIAN) -> str:
    """Volume and measure as recorded: ``12,5 m2``."""
    number, measure = unpack(proposal)
    return f"{words.number(number or 0)} {measure}".strip()


def joint_minutes(context: Context) -> Document:
    """Minutes of the kelurahan meeting: the joint projects in its order."""
    items = context.own(context.kelurahan)
    remarks = [p.booking or p.note for p in items]
    page = Page(
        name="Muskel",
        title=context.say("sheet.joint_minutes.title", where=context.where),
        lines=(
            context.say("sheet.joint_minutes.year", year=context.year),
            *_meeting_lines(context, context.meetings.get(context.kelurahan)),
        ),
        tables=(_list_table(context, items, _JOINT_MINUTES, remarks),),
        notes=(
            context.say("sheet.joint_minutes.order"),
            *_not_proposed(context, context.kelurahan),
        ),
        signatures=(
            Signature(context.say("sheet.sign.lurah", name=_bare(context.kelurahan))),
            Signature(context.say("sheet.sign.clerk")),
            Signature(context.say("sheet.sign.participants")),
        ),
    )
    return context.document(
        "berita-acara-muskel", context.say("sheet.joint_minutes"), [page], Nature.RECORDED
    )


def kelurahan_recap(context: Context) -> Document:
    """The recap of the kelurahan (Lampiran L), every recorded row."""
    rows = dataset_recap(context.opened.dataset, kelurahan=context.kelurahan)
    total = sum(int(row[5] or 0) for row in rows)
    page = Page(
        name="Rekap",
        title=context.say("sheet.recap.title"),
        lines=(
            context.where.upper(),
            context.say("sheet.recap.year", year=context.year),
        ),
        tables=(
            Table(
                _RECAP,
                rows,
                total=(None, "", "", context.say("sheet.total"), "", total, ""),
                empty=context.say("sheet.no_items"),
            ),
        ),
        signatures=(Signature(context.say("sheet.sign.lurah", name=_bare(context.kelurahan))),),
    )
    return context.document("rekap", context.say("sheet.recap"), [page], Nature.RECORDED, wide=True)


def district_recap(contexts: Sequence[Context]) -> Document:
    """The recap of a kecamatan (Lampiran M): every recorded row of its kelurahan."""
    first = contexts[0]
    rows = [row for context in contexts for row in _district_rows(context)]
    numbered = tuple((number, *row) for number, row in enumerate(rows, start=1))
    total = sum(int(row[5] or 0) for row in rows if isinstance(row[5], int))
    name = first.kecamatan or _DOTS
    page = Page(
        name="Rekap kecamatan",
        title=first.say("sheet.district.title", name=name.upper()),
        lines=(first.say("sheet.recap.year", year=first.year),),
        tables=(
            Table(
                _DISTRICT,
                numbered,
                total=(None, "", "", first.say("sheet.total"), "", None, total, ""),
                empty=first.say("sheet.no_items"),
            ),
        ),
        signatures=(Signature(first.say("sheet.sign.camat", name=name)),),
    )
    return first.document(
        "rekap-kecamatan",
        first.say("sheet.district"),
        [page],
        Nature.RECORDED,
        where=name,
        wide=True,
    )


def _district_rows(context: Context) -> Iterable[tuple[Cell, ...]]:
    recap = recap_of(context.opened.dataset, kelurahan=context.kelurahan)
    order = {field: number for number, field in enumerate(FIELDS)}

    def key(row: RecapRow) -> tuple[object, ...]:
        return order.get(row.field, len(order)), natural_key(row.owner), row.rank

    for row in sorted(recap.rows, key=key):
        where = "" if row.joint else numbered(row.owner, "/")
        remark = "; ".join(t for t in (where, row.remark) if t)
        yield (
            context.kelurahan,
            row.field_text,
            row.description,
            row.measure,
            row.volume,
            row.cost,
            remark,
        )

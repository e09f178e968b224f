"""Sheets that advise: idle money, what overlaps in an RW, what goes when the pagu falls."""

from __future__ import annotations

from fractions import Fraction

from optimizer.advice import CutList, cut_list, growths, new_budgets, overlaps
from optimizer.sheets.check_sheet import growth_words
from optimizer.sheets.context import Context, Nature
from optimizer.sheets.layout import Cell, Column, Document, Kind, Page, Table
from optimizer.sheets.official import volume_text
from optimizer.sheets.words import place_words

__all__ = ["cut_sheet", "idle_sheet", "overlap_sheet"]


def idle_sheet(context: Context) -> Document:
    """What each RT has left by field and in all, largest first, and what could use it."""
    ledger = context.opened.ledger
    idle = {unit.id: ledger.idle(unit.id) for unit in context.units}
    accounts = [a for a in context.opened.policy.leaves if not a.pooled]
    columns = (
        Column("RT/RW", Kind.TEXT, 16),
        Column(context.say("sheet.idle.all"), Kind.RUPIAH, 15),
        *(Column(context.words.pick(a.name), Kind.RUPIAH, 15) for a in accounts),
        Column(context.say("sheet.idle.growth"), Kind.LONG, 48),
    )
    rows: list[tuple[Cell, ...]] = []
    for unit in sorted(idle, key=lambda u: -idle[u]):
        standing = context.report.standings[unit]
        rows.append(
            (
                place_words(unit, context.words),
                idle[unit],
                *(standing[a.id].room for a in accounts),
                "; ".join(growth_words(g, context.words) for g in growths(ledger, unit)),
            )
        )
    total: tuple[Cell, ...] = (
        context.say("sheet.total"), sum(idle.values()), *(None for _ in accounts), "",
    )  # fmt: skip
    title = context.say("sheet.idle.title")
    page = Page(
        title,
        title,
        (Table(columns, tuple(rows), total=total),),
        lines=(context.where, context.say("sheet.idle.note")),
    )
    return context.document("dana-belum-terpakai", title, [page], Nature.ADVICE, wide=True)


def overlap_sheet(context: Context) -> Document:
    """Overlapping proposals of the RT of each RW side by side, and who would pay what."""
    columns = (
        Column("RW", Kind.TEXT, 8),
        Column(context.say("sheet.overlap.activity"), Kind.LONG, 30),
        Column("RT/RW", Kind.TEXT, 13),
        Column("Uraian Kegiatan", Kind.LONG, 40),
        Column("Volume", Kind.TEXT, 14),
        Column("Rencana Biaya (Rp)", Kind.RUPIAH, 16),
        Column(context.say("sheet.overlap.part"), Kind.RUPIAH, 16),
        Column("Keterangan", Kind.LONG, 26),
    )
    rows: list[tuple[Cell, ...]] = []
    for overlap in overlaps(context.recorded):
        if not context.inside(overlap.rw):
            continue
        parts, told = dict(overlap.parts), set()
        remark = context.say(f"sheet.overlap.{'merge' if overlap.merge else 'beside'}")
        for proposal in overlap.proposals:
            first = proposal.owner not in told
            told.add(proposal.owner)
            rows.append(
                (
                    place_words(overlap.rw, context.words),
                    overlap.activity.split(",")[0],
                    place_words(proposal.owner, context.words),
                    proposal.title,
                    volume_text(proposal),
                    proposal.full_cost,
                    parts[proposal.owner] if overlap.merge and first else None,
                    remark,
                )
            )
    title = context.say("sheet.overlap.title")
    page = Page(
        title,
        title,
        (Table(columns, tuple(rows), empty=context.say("sheet.overlap.none")),),
        lines=(context.where, context.say("sheet.overlap.note")),
    )
    return context.document("sinkronisasi-rw", title, [page], Nature.ADVICE, wide=True)


def cut_sheet(context: Context, cut: Fraction | int) -> Document:
    """What goes when the pagu falls, from the end of each list."""
    ledger = context.opened.ledger
    found = cut_list(ledger, new_budgets(context.opened.dataset, cut))
    columns = (
        Column("RT/RW", Kind.TEXT, 20),
        Column(context.say("sheet.cut.rank"), Kind.NUMBER, 12),
        Column("Uraian Kegiatan", Kind.LONG, 44),
        Column(context.say("sheet.cut.kept"), Kind.TEXT, 24),
        Column(context.say("sheet.cut.saved"), Kind.RUPIAH, 18),
        Column(context.say("sheet.cut.because"), Kind.LONG, 26),
    )
    rows = tuple(
        (
            place_words(c.place, context.words),
            c.proposal.rank,
            c.proposal.title,
            f"{context.words.number(c.kept)} {c.proposal.measure}".strip()
            if c.kept
            else context.say("sheet.cut.gone"),
            c.saved,
            _because(context, c.because),
        )
        for c in found.cuts
        if context.inside(c.place)
    )
    saved = sum(_saved(row) for row in rows)
    total: tuple[Cell, ...] = ("", None, context.say("sheet.total"), "", saved, "")
    amount = context.words.share(cut) if isinstance(cut, Fraction) else context.words.rupiah(cut)
    title = context.say("sheet.cut.title", amount=amount)
    page = Page(
        context.say("sheet.cut.name"),
        title,
        (Table(columns, rows, total=total, empty=context.say("sheet.cut.none")),),
        lines=(context.where, context.say("sheet.cut.note")),
        notes=tuple(_still_over(context, found)),
    )
    return context.document("daftar-pengurangan", title, [page], Nature.SIMULATED)


def _saved(row: tuple[Cell, ...]) -> int:
    return row[4] if isinstance(row[4], int) else 0


def _because(context: Context, because: str) -> str:
    account = context.opened.policy.by_id.get(because)
    if account is not None:
        return context.say("sheet.cut.by_account", account=context.words.pick(account.name))
    return context.say(f"sheet.cut.by_{because}")


def _still_over(context: Context, found: CutList) -> list[str]:
    return [
        context.say(
            "sheet.cut.still_over",
            place=place_words(unit, context.words),
            amount=amount,
        )
        for unit, amount in found.still_over.items()
        if context.inside(unit)
    ]

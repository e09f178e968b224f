"""The notice-board sheet of each RT: one page of A4.

What is in stands first and large, for who passes by; why the rest is not in and the money by
field are for who comes closer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from optimizer.advice import own_decision
from optimizer.explain.reasons import Reasons
from optimizer.palette import colour_of
from optimizer.record.policy import Account
from optimizer.record.proposals import Proposal
from optimizer.sheets.context import Context, Nature
from optimizer.sheets.layout import Bar, Cell, Column, Document, Kind, Page, Table
from optimizer.sheets.official import volume_text
from optimizer.sheets.words import bound_words, place_words, policy_words, standing_cell
from optimizer.words import Words

__all__ = ["boards"]


def boards(context: Context) -> Document:
    """A page for each RT: its money by field, its list, what has no activity yet."""
    pages = [_page(context, unit.id) for unit in context.units]
    return context.document("papan-pengumuman", context.say("sheet.board"), pages, Nature.BOARD)


def _page(context: Context, unit: str) -> Page:
    ledger = context.opened.ledger
    own = own_decision(ledger, unit)
    place = place_words(unit, context.words)
    budget = ledger.dataset.territory.by_id[unit].budget
    pools = sum(ledger.programmed(unit, a) for a in context.opened.policy.pools)
    idle = ledger.idle(unit)
    return Page(
        name=place.replace(" / ", "-"),
        title=f"{place} · {context.where}",
        lines=(
            policy_words(context.opened.policy, context.words),
            context.say(
                "sheet.board.own",
                own=own,
                pagu=_millions(budget, context.words),
                pool=_millions(pools, context.words),
                fixed=_millions(budget - pools - own, context.words),
            ),
            context.say("sheet.board.idle", amount=idle),
        ),
        tables=(*_lists(context, unit), _fields(context, unit, budget)),
        notes=(context.say("sheet.board.limit"),),
    )


def _millions(amount: int, words: Words) -> str:
    return words.number(Fraction(amount, 10**6), places=3)


def _fields(context: Context, unit: str, budget: int) -> Table:
    columns = (
        Column("Bidang", Kind.TEXT, 27),
        Column(context.say("sheet.board.amount"), Kind.LONG, 36),
        Column("Batas", Kind.LONG, 38),
        Column("Status", Kind.LONG, 22),
    )
    rows = tuple(
        _field_row(context, unit, budget, account)
        for account in context.opened.policy.leaves
        if account.bounds or context.opened.ledger.programmed(unit, account)
    )
    return Table(columns, rows, caption=context.say("sheet.board.fields"))


def _field_row(context: Context, unit: str, budget: int, account: Account) -> tuple[Cell, ...]:
    standing = context.report.standings[unit][account.id]
    amount = standing.programmed
    limit = _limit(context, account, budget)
    return (
        context.words.pick(account.name),
        Bar(
            context.words.rupiah(amount),
            Fraction(amount, limit) if limit else Fraction(0),
            colour_of(account.id),
            hatched=account.pooled,
        ),
        _bounds(account, budget, context.words),
        standing_cell(standing, context.words),
    )


def _limit(context: Context, account: Account, budget: int) -> int:
    """Most that an account can hold: its own maximum or that of an account above it."""
    return min(a.upper(budget) for a in context.opened.policy.and_above(account))


def _bounds(account: Account, budget: int, words: Words) -> str:
    """The bounds in words, and in rupiah where they are shares."""
    text = bound_words(account, words)
    upper = account.upper(budget)
    amount = words.rupiah(upper if upper < budget else account.lower(budget))
    return text if amount in text or not account.bounds else f"{text} ({amount})"


def _lists(context: Context, unit: str) -> list[Table]:
    """Recorded: the list in order. Of a plan: what is in, and what is not and why."""
    items = context.own(unit)
    plan = context.opened.plan
    columns = (
        Column(context.say("sheet.board.rank"), Kind.NUMBER, 7),
        Column("Uraian Kegiatan", Kind.LONG, 44),
        Column("Volume", Kind.TEXT, 16),
        Column("Biaya (Rp)", Kind.RUPIAH, 19),
    )
    support = _support_column(context, unit)
    if plan is None:
        rows = [_item(p, p.volume, context.words) for p in items]
        total: tuple[Cell, ...] = (
            None, context.say("sheet.total"), "", sum(p.full_cost for p in items),
        )  # fmt: skip
        caption = context.say("sheet.board.recorded", count=len(items))
        table = Table(columns, tuple(rows), caption=caption, total=total, far=True)
        return [_with_support(context, table, items, support)]
    inside = [p for p in items if plan.volumes.get(p.id)]
    outside = [p for p in items if not plan.volumes.get(p.id)]
    reasons = Reasons(plan)
    close = (replace(columns[0], width=9), *columns[1:3], replace(columns[3], width=21))
    chosen = Table(
        columns,
        tuple(_item(p, plan.volumes[p.id], context.words) for p in inside),
        caption=context.say("sheet.board.in", count=len(inside)),
        empty=context.say("sheet.shared.none"),
        far=True,
    )
    left = Table(
        (*close, Column(context.say("sheet.board.why"), Kind.LONG, 76)),
        tuple(
            (*_item(p, p.volume, context.words), reasons.of(p).text(context.words)) for p in outside
        ),
        caption=context.say("sheet.board.out", count=len(outside)),
        empty=context.say("sheet.shared.none"),
    )
    return [_with_support(context, chosen, inside, support), left]


def _item(proposal: Proposal, volume: Fraction, words: Words) -> tuple[Cell, ...]:
    whole = volume == proposal.volume
    text = (
        volume_text(proposal, words)
        if whole
        else f"{words.number(volume)} {proposal.measure}".strip()
    )
    return proposal.rank, proposal.title, text, proposal.cost(volume)


def _support_column(context: Context, unit: str) -> Column | None:
    """Counted hands, where an RT counted any; else its order says it."""
    if not any(p.id in context.supporters for p in context.own(unit)):
        return None
    meeting = context.meetings.get(unit)
    if meeting is None or meeting.present is None:
        return Column(context.say("sheet.board.support"), Kind.NUMBER, 18)
    present = context.words.number(meeting.present)
    return Column(context.say("sheet.board.support_of", present=present), Kind.NUMBER, 18)


def _with_support(
    context: Context, table: Table, items: Sequence[Proposal], column: Column | None
) -> Table:
    if column is None or not items:
        return table
    rows = tuple(
        (*row, context.supporters.get(p.id)) for row, p in zip(table.rows, items, strict=True)
    )
    total = (*table.total, None) if table.total else None
    return replace(table, columns=(*table.columns, column), rows=rows, total=total)

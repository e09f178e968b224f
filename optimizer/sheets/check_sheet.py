"""Lembar periksa: per RT, account and rule what is there, what is allowed, what would mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from optimizer.advice import Growth, growths
from optimizer.files.recap_import import asides
from optimizer.record.kinds import Quantity, kinds_limited_in
from optimizer.record.policy import Account
from optimizer.rules import WORST_FIRST, Check, RuleStatus, Side, Standing
from optimizer.sheets.context import Context, Nature
from optimizer.sheets.layout import Cell, Column, Document, Kind, Page, Status, Table
from optimizer.sheets.words import (
    basis,
    bound_words,
    difference_words,
    place_words,
    policy_words,
    standing_cell,
    status_words,
)
from optimizer.territory import Unit
from optimizer.words import Words

__all__ = ["check_sheet", "growth_words"]

COLUMNS = (
    Column("RT/RW", Kind.TEXT, 20),
    Column("Bidang", Kind.TEXT, 18),
    Column("Jumlah", Kind.RUPIAH, 16),
    Column("% pagu", Kind.SHARE, 8),
    Column("Batas", Kind.LONG, 32),
    Column("Selisih", Kind.TEXT, 20),
    Column("Status", Kind.LONG, 21),
    Column("Tindakan", Kind.LONG, 40),
    Column("Dasar", Kind.LONG, 46),
)
_MONEY_CODES = kinds_limited_in(Quantity.RUPIAH, Quantity.UNIT_PRICE) | {
    "pagu",
    "pool",
    "pool_share",
    "price",
}


def check_sheet(context: Context) -> Document:
    """A summary, then a page for each RT; in Excel one list that can be filtered."""
    joint = _page(context, context.kelurahan, context.where, list(_place_rows(context)))
    pages = [_summary(context), *([joint] if joint.tables[0].rows else [])]
    book_rows = list(_place_rows(context))
    for unit in context.units:
        book_rows += _unit_rows(context, unit, everything=True)
        rows = list(_unit_rows(context, unit, everything=False))
        pages.append(_page(context, unit.id, place_words(unit.id, context.words), rows))
    title = context.say("sheet.check")
    whole = Page(title, title, (Table(COLUMNS, tuple(book_rows)),), lines=_lines(context))
    book = [whole, _summary(context), *_reading_pages(context)]
    return context.document(
        "lembar-periksa",
        title,
        [*pages, *_reading_pages(context)],
        Nature.ADVICE,
        wide=True,
        book=book,
    )


def _lines(context: Context) -> tuple[str, ...]:
    return (f"{context.where} · {policy_words(context.opened.policy, context.words)}",)


def _summary(context: Context) -> Page:
    """How each RT stands, at a glance."""
    rows: list[tuple[Cell, ...]] = []
    for unit in context.units:
        status = context.report.status(unit.id)
        checks = context.report.by_place.get(unit.id, ())
        counts = [sum(c.status is s for c in checks) for s in WORST_FIRST[:3]]
        rows.append(
            (
                place_words(unit.id, context.words),
                Status(context.say(f"rule_status.{status}"), status.value),
                *counts,
                context.opened.ledger.programmed(unit.id),
                context.report.idle[unit.id],
            )
        )
    columns = (
        Column("RT/RW", Kind.TEXT, 14),
        Column("Status", Kind.TEXT, 22),
        Column(context.say("sheet.summary.breach"), Kind.NUMBER, 14),
        Column(context.say("sheet.summary.finding"), Kind.NUMBER, 16),
        Column(context.say("sheet.summary.unknown"), Kind.NUMBER, 16),
        Column(context.say("sheet.summary.programmed"), Kind.RUPIAH, 20),
        Column(context.say("sheet.summary.idle"), Kind.RUPIAH, 20),
    )
    total: tuple[Cell, ...] = (
        context.say("sheet.total"), "", *(sum(_int(r[i]) for r in rows) for i in range(2, 7)),
    )  # fmt: skip
    title = context.say("sheet.summary")
    return Page(title, title, (Table(columns, tuple(rows), total=total),), lines=_lines(context))


def _int(value: Cell) -> int:
    return value if isinstance(value, int) else 0


def _page(context: Context, place: str, name: str, rows: Sequence[tuple[Cell, ...]]) -> Page:
    budget = context.opened.dataset.territory.by_id.get(place)
    notes = list(_advice_notes(context, place)) if budget is not None else []
    return Page(
        name=name.replace(" / ", "-"),
        title=f"{context.say('sheet.check').upper()} · {name}",
        lines=_lines(context),
        tables=(Table(COLUMNS, tuple(rows)),),
        notes=tuple(notes),
    )


def _advice_notes(context: Context, unit: str) -> Iterator[str]:
    ledger = context.opened.ledger
    if idle := ledger.idle(unit):
        yield context.say("sheet.idle", amount=idle)
    for growth in growths(ledger, unit):
        yield growth_words(growth, context.words)


def growth_words(growth: Growth, words: Words) -> str:
    """One thing that the room would allow, in words."""
    volume = f"{words.number(growth.volume)} {growth.proposal.measure}".strip()
    return words.say(
        f"sheet.growth.{growth.kind}",
        title=growth.proposal.title,
        volume=volume,
        amount=growth.amount,
    )


# --- rows -------------------------------------------------------------------------------


def _unit_rows(context: Context, unit: Unit, *, everything: bool) -> Iterator[tuple[Cell, ...]]:
    """Pagu and accounts first, then rules on activities: those to look at, or all of them."""
    checks = context.report.by_place.get(unit.id, ())
    name = place_words(unit.id, context.words)
    for check in checks:
        if check.side is Side.PAGU:
            yield _other_row(context, name, check, unit)
    for standing in context.report.standings[unit.id].values():
        yield _account_row(context, name, standing)
    for check in checks:
        if check.side is not Side.PAGU and not check.bounds and (everything or _open(check)):
            yield _other_row(context, name, check, unit)


def _open(check: Check) -> bool:
    return check.status is not RuleStatus.PASS


def _account_row(context: Context, name: str, standing: Standing) -> tuple[Cell, ...]:
    account, amount, worst = standing.account, standing.programmed, standing.worst
    depth = "–\u00a0" if "/" in account.id else ""
    return (
        name,
        depth + context.words.pick(account.name),
        amount,
        Fraction(amount, standing.budget) if standing.budget else None,
        bound_words(account, context.words),
        difference_words(worst, context.words) if worst else "",
        standing_cell(standing, context.words),
        worst.remedy_text(context.words) if worst else "",
        _basis(account, worst, context.words),
    )


def _basis(account: Account, check: Check | None, words: Words) -> str:
    if check is not None:
        return basis(check.origin, words)
    return basis(account.bounds[0].origin, words) if account.bounds else ""


def _place_rows(context: Context) -> Iterator[tuple[Cell, ...]]:
    """Rows of the kelurahan and its RW: the pool, shared items, doubles."""
    units = {u.id for u in context.units}
    for place, checks in context.report.by_place.items():
        if context.inside(place) and place not in units:
            for check in checks:
                if _open(check) or check.side is Side.POOL:
                    yield _other_row(context, place_words(place, context.words), check, None)


def _other_row(context: Context, name: str, check: Check, unit: Unit | None) -> tuple[Cell, ...]:
    money = check.kind in _MONEY_CODES and check.status is not RuleStatus.UNKNOWN
    share = None
    if check.side is Side.PAGU and unit is not None and unit.budget:
        share = Fraction(check.total, unit.budget)
    return (
        name,
        _field_of(context, check),
        check.total if money else None,
        share,
        check.message(context.words),
        difference_words(check, context.words),
        Status(status_words(check, context.words), check.status.value),
        check.remedy_text(context.words),
        basis(check.origin, context.words),
    )


def _field_of(context: Context, check: Check) -> str:
    """The field that a rule is about: of its proposals, else of its activities."""
    policy = context.opened.policy
    if check.side is Side.PAGU:
        return context.say("sheet.pagu")
    if check.side in {Side.FIELD, Side.POOL, Side.POOL_SHARE}:
        return context.words.pick(check.label)
    if check.about:
        proposal = context.opened.dataset.by_id.get(check.about[0])
        account = policy.book(proposal).account if proposal else None
        return context.words.pick(policy.top[account.id].name) if account else ""
    rule = next((r for r in policy.rules if r.id == check.item), None)
    menu = policy.menu
    if rule is None or menu is None:
        return ""
    fields = {menu.by_id[a].account.split("/")[0] for a in rule.activities if a in menu.by_id}
    names = [context.words.pick(policy.by_id[f].name) for f in sorted(fields) if f in policy.by_id]
    return ", ".join(names)


# --- what the file said -----------------------------------------------------------------


def _reading_pages(context: Context) -> Iterator[Page]:
    """Findings of the reader and rows set aside: nothing disappears in silence."""
    findings = context.report.findings
    if findings:
        columns: tuple[Column, ...] = (
            Column(context.say("sheet.findings.place"), Kind.LONG, 44),
            Column(context.say("sheet.findings.text"), Kind.LONG, 90),
        )
        rows = tuple(
            (
                f.place.text(context.words),
                " ".join(t for t in (f.message(context.words), f.hint(context.words)) if t),
            )
            for f in findings
        )
        title = context.say("sheet.findings")
        yield Page(title, title, (Table(columns, rows),), lines=_lines(context))
    source = context.opened.source
    if source is not None:
        columns = (
            Column(context.say("sheet.asides.sheet"), Kind.TEXT, 20),
            Column(context.say("sheet.asides.row"), Kind.NUMBER, 8),
            Column(context.say("sheet.asides.text"), Kind.LONG, 70),
            Column(context.say("sheet.asides.reason"), Kind.LONG, 34),
        )
        aside = tuple((a.sheet, a.row, a.text, a.reason) for a in asides(source, context.words))
        title = context.say("sheet.asides")
        yield Page(title, title, (Table(columns, aside),), lines=_lines(context))

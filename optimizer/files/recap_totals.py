"""Do the totals that a recap states add up? Each is compared with the rows it stands for."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.errors import Finding, Place, Severity
from optimizer.files.grid import column_letter
from optimizer.files.recap_cells import field_of, find_where
from optimizer.files.recap_layout import kelurahan_in
from optimizer.files.recap_model import RecapRow
from optimizer.files.recap_walk import Total, Walk
from optimizer.money import format_rupiah

__all__ = ["check_totals"]


def check_totals(walk: Walk) -> Iterator[Finding]:
    """One finding for each total that does not add up, or that cannot be compared."""
    for index, total in enumerate(walk.totals):
        options = [rows for rows in _options(walk, index) if rows]
        if not options:
            continue
        if any(sum(r.cost or 0 for r in rows) == total.amount for rows in options):
            continue
        rows = options[0]
        code = "recap_total_differs"
        severity = Severity.WARNING
        if any(r.cost is None for r in rows):
            # The amount that could not be read is already a finding of its own.
            code, severity = "recap_total_unchecked", Severity.NOTE
        yield _finding(walk, total, rows, code, severity)


def _finding(
    walk: Walk, total: Total, rows: list[RecapRow], code: str, severity: Severity
) -> Finding:
    computed = sum(r.cost or 0 for r in rows)
    column = column_letter(walk.layout.columns["cost"][0])
    data = {
        "title": total.text,
        "stated": format_rupiah(total.amount),
        "computed": format_rupiah(computed),
        "difference": format_rupiah(abs(total.amount - computed)),
        "rows": len(rows),
    }
    place = Place(walk.cells.file, walk.sheet.name, total.row, column, str(total.amount))
    return Finding(code, severity, place, data)


def _options(walk: Walk, index: int) -> Iterator[list[RecapRow]]:
    """The sets of rows that a total may stand for, likeliest first."""
    total = walk.totals[index]
    if total.section:  # an amount in a heading stands for the rows below it
        for end in [s for s in walk.starts if s > total.above] + [len(walk.rows)]:
            yield walk.rows[total.above : end]
        return
    above = walk.rows[: total.above]
    earlier = [t.above for t in walk.totals[:index] if not t.section]
    last = index == len(walk.totals) - 1
    ends_all = total.grand or (last and (not earlier or earlier[-1] == total.above))
    if ends_all:
        yield above
        yield [r for r in above if above and r.kelurahan == above[-1].kelurahan]
        return
    starts = sorted({s for s in (*earlier, *walk.starts) if s < total.above} | {0}, reverse=True)
    named = _named(total, above)
    if named:
        yield named
    for start in starts:
        yield above[start:]
    if above:
        yield [r for r in above if r.owner == above[-1].owner]
        yield [r for r in above if r.kelurahan == above[-1].kelurahan]


def _named(total: Total, above: list[RecapRow]) -> list[RecapRow]:
    """The rows of the RT, RW, kelurahan or bidang that the total's text names."""
    where, kelurahan = find_where(total.text), kelurahan_in(total.text)
    field = next((f for w in _tails(total.text) if (f := field_of(w))), "")
    if not (where.rt or where.rw or kelurahan or field):
        return []
    return [
        r
        for r in above
        if (not where.rt or r.rt == where.rt)
        and (not where.rw or r.rw == where.rw)
        and (not kelurahan or r.kelurahan.casefold() == kelurahan.casefold())
        and (not field or r.field == field)
    ]


def _tails(text: str) -> list[str]:
    """The text without its first words: "Jumlah bidang kesehatan" → "kesehatan"."""
    words = text.split()
    return [" ".join(words[i:]) for i in range(1, len(words))]

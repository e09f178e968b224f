"""Do the totals that a recap states add up? Each is compared with the rows it stands for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, islice

from optimizer.errors import Finding, Place, Severity
from optimizer.files.grid import column_letter
from optimizer.files.recap_cells import field_of, find_where
from optimizer.files.recap_layout import kelurahan_in
from optimizer.files.recap_model import RecapRow
from optimizer.files.recap_walk import Total, Walk

__all__ = ["check_totals"]


def check_totals(walk: Walk) -> Iterator[Finding]:
    """One finding for each total that does not add up, or that cannot be compared."""
    books = _Books(walk)
    for index, total in enumerate(walk.totals):
        likeliest: Sequence[int] = ()
        for places in books.options(index):
            if places and books.sum(places) == total.amount:
                break
            likeliest = likeliest or places
        else:
            if likeliest:
                yield _finding(walk, total, [walk.rows[i] for i in likeliest])


def _finding(walk: Walk, total: Total, rows: list[RecapRow]) -> Finding:
    code, severity = "recap_total_differs", Severity.WARNING
    if any(r.cost is None for r in rows):
        # The amount that could not be read is already a finding of its own.
        code, severity = "recap_total_unchecked", Severity.NOTE
    computed = sum(r.cost or 0 for r in rows)
    column = column_letter(walk.layout.columns["cost"][0])
    data = {
        "title": total.text,
        "stated": total.amount,
        "computed": computed,
        "difference": abs(total.amount - computed),
        "rows": len(rows),
    }
    place = Place(walk.cells.file, walk.sheet.name, total.row, column, str(total.amount))
    return Finding(code, severity, place, data)


class _Books:
    """The rows' sums, so that a sheet with a thousand subtotals is not added up for each.

    A set of rows is a sequence of their places in ``walk.rows``; a range is added at once.
    """

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._sums = [0, *accumulate(r.cost or 0 for r in walk.rows)]
        ends = (t.above for t in walk.totals if not t.section)
        self._marks = sorted({0, *walk.starts, *ends})
        self._groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for place, row in enumerate(walk.rows):
            for key in (*_keys(row), ("owner", row.owner), ("kelurahan", row.kelurahan)):
                self._groups[key].append(place)

    def sum(self, places: Sequence[int]) -> int:
        """Rupiah of some rows."""
        if isinstance(places, range):
            return self._sums[places.stop] - self._sums[places.start]
        return sum(self._walk.rows[i].cost or 0 for i in places)

    def options(self, index: int) -> Iterator[Sequence[int]]:
        """The sets of rows that a total may stand for, likeliest first."""
        walk, total = self._walk, self._walk.totals[index]
        if total.section:  # an amount in a heading stands for the rows below it
            first = bisect_right(walk.starts, total.above)
            for end in chain(islice(walk.starts, first, None), [len(walk.rows)]):
                yield range(total.above, end)
            return
        last = walk.rows[total.above - 1] if total.above else None
        if self._ends_all(index):
            yield range(total.above)
            if last:
                yield self._group("kelurahan", last.kelurahan, above=total.above)
            return
        yield self._named(total)
        for mark in range(bisect_left(self._marks, total.above) - 1, -1, -1):
            yield range(self._marks[mark], total.above)
        if last:
            yield self._group("owner", last.owner, above=total.above)
            yield self._group("kelurahan", last.kelurahan, above=total.above)

    def _ends_all(self, index: int) -> bool:
        """Whether a total stands for everything: it says so, or it is the last of several."""
        totals = self._walk.totals
        if totals[index].grand:
            return True
        earlier = next((t.above for t in reversed(totals[:index]) if not t.section), None)
        return index == len(totals) - 1 and earlier in {None, totals[index].above}

    def _group(self, *key: str, above: int) -> list[int]:
        places = self._groups.get(key, [])
        return places[: bisect_left(places, above)]

    def _named(self, total: Total) -> list[int]:
        """The rows of the RT, RW, kelurahan or bidang that the total's text names."""
        where, kelurahan = find_where(total.text), kelurahan_in(total.text).casefold()
        field = next((f for w in _tails(total.text) if (f := field_of(w))), "")
        if not (where.rt or where.rw or kelurahan or field):
            return []
        place = ("place", where.rt, where.rw)
        return [
            i
            for i in (
                self._group(*place, above=total.above)
                if where.rt or where.rw
                else range(total.above)
            )
            if (row := self._walk.rows[i])
            and (not kelurahan or row.kelurahan.casefold() == kelurahan)
            and (not field or row.field == field)
        ]


def _keys(row: RecapRow) -> set[tuple[str, ...]]:
    """What a total may call a row's place by: its RT, its RW or both."""
    return {("place", row.rt, row.rw), ("place", row.rt, ""), ("place", "", row.rw)}


def _tails(text: str) -> list[str]:
    """The text without its first words: "Jumlah bidang kesehatan" → "kesehatan"."""
    words = text.split()
    return [" ".join(words[i:]) for i in range(1, len(words))]

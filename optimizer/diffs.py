"""What changed between two lists: minutes and plan, plan and plan, last year and this year.

Rows are matched by id where both lists use the same ids, else by place and words. Why and by
whom is said only where it was recorded; nothing is guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from enum import StrEnum
from fractions import Fraction

from optimizer.record.proposals import normal_text
from optimizer.territory import natural_key

__all__ = ["Change", "Diff", "Entry", "Kind", "Note", "Side", "compare_sides"]

LIKENESS = 0.8


class Kind(StrEnum):
    """What became of a row."""

    SAME = "same"
    CHANGED = "changed"
    LOST = "lost"
    SKIPPED = "skipped"
    """Lost, although a row of lower priority in the same list is there."""
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Note:
    """Why a proposal is in or out, by whom and when; empty where it was not recorded."""

    reason: str = ""
    who: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a list.

    Attributes
    ----------
    place : str
        Node id of whose list it stands in.
    minutes : str
        Number of the minutes, where recorded.
    amount : int
        Rupiah.
    """

    id: str
    place: str
    rank: int | None
    title: str
    volume: Fraction | None
    measure: str
    amount: int
    minutes: str = ""
    note: Note = Note()


@dataclass(frozen=True)
class Side:
    """One of the two lists.

    Attributes
    ----------
    computed : bool
        A plan (SIMULASI); else what was recorded.
    notes
        What the side records about proposals by id, also those that are not in it.
    """

    name: str
    entries: tuple[Entry, ...]
    computed: bool = False
    made_up: bool = False
    notes: Mapping[str, Note] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Rupiah of all rows."""
        return sum(e.amount for e in self.entries)


@dataclass(frozen=True, slots=True)
class Change:
    """One row before and after; one of the two is missing where it was lost or added."""

    kind: Kind
    before: Entry | None
    after: Entry | None
    note: Note = Note()

    @property
    def entry(self) -> Entry:
        """The row as it was, else as it is."""
        entry = self.before or self.after
        if entry is None:
            raise ValueError("a change without rows")
        return entry

    @property
    def difference(self) -> int:
        """Rupiah after less rupiah before."""
        return (self.after.amount if self.after else 0) - (self.before.amount if self.before else 0)


@dataclass(frozen=True)
class Diff:
    """All rows of both lists, changed or not, in the order of the first."""

    first: Side
    second: Side
    changes: tuple[Change, ...]

    def of(self, *kinds: Kind) -> tuple[Change, ...]:
        """The changes of some kinds."""
        return tuple(c for c in self.changes if c.kind in kinds)

    @property
    def differs(self) -> bool:
        """Whether anything changed."""
        return any(c.kind is not Kind.SAME for c in self.changes)


def compare_sides(first: Side, second: Side) -> Diff:
    """Match the rows of two lists and say what became of each."""
    pairs = list(_pairs(first, second))
    changes = _skipped([_change(before, after, second) for before, after in pairs])
    return Diff(first, second, tuple(sorted(changes, key=_order)))


def _order(change: Change) -> tuple[object, ...]:
    entry = change.entry
    return (
        natural_key(_place(entry)),
        change.before is None,
        entry.rank is None,
        entry.rank or 0,
        natural_key(entry.id),
    )


def _place(entry: Entry) -> str:
    """RW and RT alone: a kelurahan may be spelt in two ways, or not at all."""
    return entry.place.partition("/")[2]


# --- matching ---------------------------------------------------------------------------

_Pair = tuple[Entry | None, Entry | None]


def _pairs(first: Side, second: Side) -> Iterator[_Pair]:
    left, right = list(first.entries), list(second.entries)
    if _same_ids(left, right):
        yield from _by_id(left, right)
        return
    several = len({e.place.partition("/")[0].casefold() for e in (*left, *right)}) > 2
    groups: dict[str, tuple[list[Entry], list[Entry]]] = defaultdict(lambda: ([], []))
    for number, side in enumerate((left, right)):
        for entry in side:
            place = entry.place.casefold() if several else _place(entry)
            groups[place][number].append(entry)
    for one, other in groups.values():
        yield from _by_words(one, other)


def _same_ids(left: list[Entry], right: list[Entry]) -> bool:
    """Whether both use the same ids: most of the shorter list's stand in the other, alike."""
    titles = {e.id: normal_text(e.title) for e in left}
    shared = [e for e in right if titles.get(e.id) == normal_text(e.title)]
    return 2 * len(shared) > min(len(left), len(right))


def _by_id(left: list[Entry], right: list[Entry]) -> Iterator[_Pair]:
    after = {e.id: e for e in right}
    for entry in left:
        yield entry, after.pop(entry.id, None)
    for entry in after.values():
        yield None, entry


def _by_words(left: list[Entry], right: list[Entry]) -> Iterator[_Pair]:
    """Exactly worded rows first, then the most alike ones."""
    open_left, open_right = list(left), list(right)
    for entry in left:
        same = [e for e in open_right if normal_text(e.title) == normal_text(entry.title)]
        if same:
            best = min(same, key=lambda e: abs(e.amount - entry.amount))
            open_right.remove(best)
            open_left.remove(entry)
            yield entry, best
    likeness = sorted(
        ((_alike(a, b), a, b) for a in open_left for b in open_right if _alike(a, b) >= LIKENESS),
        key=lambda found: -found[0],
    )
    for _, a, b in likeness:
        if a in open_left and b in open_right:
            open_left.remove(a)
            open_right.remove(b)
            yield a, b
    for a in open_left:
        yield a, None
    for b in open_right:
        yield None, b


def _alike(one: Entry, other: Entry) -> float:
    a, b = normal_text(one.title), normal_text(other.title)
    # Numbers tell things apart that are otherwise worded alike ("gang 3", "gang 4").
    if [w for w in a.split() if w.isdigit()] != [w for w in b.split() if w.isdigit()]:
        return 0.0
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


# --- what became of them ----------------------------------------------------------------


def _change(before: Entry | None, after: Entry | None, second: Side) -> Change:
    recorded = before or after
    known = second.notes.get(recorded.id, Note()) if recorded else Note()
    if before is None or after is None:
        own = after.note if after is not None and after.note.reason else known
        return Change(Kind.ADDED if before is None else Kind.LOST, before, after, own)
    same = (before.volume, before.measure, before.amount) == (
        after.volume, after.measure, after.amount,
    )  # fmt: skip
    note = known if known.reason or not after.note.reason else after.note
    return Change(Kind.SAME if same else Kind.CHANGED, before, after, note)


def _skipped(changes: list[Change]) -> list[Change]:
    """A lost row is skipped where one of lower priority in its list was kept."""
    last: dict[str, int] = {}
    for change in changes:
        before = change.before
        if before is not None and before.rank is not None and change.after is not None:
            last[before.place] = max(last.get(before.place, 0), before.rank)
    return [
        replace(c, kind=Kind.SKIPPED)
        if c.kind is Kind.LOST
        and c.before is not None
        and c.before.rank is not None
        and c.before.rank < last.get(c.before.place, 0)
        else c
        for c in changes
    ]

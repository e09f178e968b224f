"""Tables in a terminal or a pipe: cut into blocks of columns, each with the names of its rows.

Long text wraps, numbers never do, and the columns that name the rows stand in every block.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich import box
from rich.cells import cell_len
from rich.table import Table as Grid

from optimizer.tables.edge import headings, is_number, texts
from optimizer.tables.model import Kind, Table
from optimizer.words import Words

__all__ = ["to_terminal"]

_GAP = 3
_EDGES = 2
_LONGEST_WORD = 30
_TIGHT, _EASY = 11, 18
_LEFT = frozenset({Kind.TEXT, Kind.MESSAGE, Kind.STATUS, Kind.DATE})


@dataclass(frozen=True, slots=True)
class _Width:
    """The characters that a column needs, and those that it can use."""

    least: int
    most: int


def to_terminal(table: Table, words: Words, room: int) -> Iterator[Grid]:
    """A table as blocks that are at most ``room`` characters wide."""
    names, cells = headings(table, words), texts(table, words)
    for block in _blocks(_widths(table, cells, names, room), table.keys, room):
        grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, header_style="")
        for i, width in block:
            left = table.columns[i].kind in _LEFT
            grid.add_column(names[i], justify="left" if left else "right", width=width,
                            overflow="fold")  # fmt: skip
        for row in cells:
            grid.add_row(*(row[i] for i, _ in block))
        yield grid


def _widths(
    table: Table, cells: Sequence[Sequence[str]], names: Sequence[str], room: int
) -> list[_Width]:
    """Text is set tight where that saves the table from being cut, else with ease."""
    for ease in (_TIGHT, _EASY):
        widths = [_width(table, cells, name, i, ease) for i, name in enumerate(names)]
        if _total([width.least for width in widths]) <= room:
            break
    return widths


def _width(
    table: Table, cells: Sequence[Sequence[str]], heading: str, index: int, ease: int
) -> _Width:
    """A number is never broken, text only between words and not in every line."""
    least, most = _longest_word(heading), cell_len(heading)
    for row, values in zip(cells, table.rows, strict=True):
        whole = cell_len(row[index])
        easy = max(_longest_word(row[index]), min(whole, ease))
        least = max(least, whole if is_number(values[index]) else easy)
        most = max(most, whole)
    return _Width(least, max(least, most))


def _longest_word(text: str) -> int:
    return min(_LONGEST_WORD, max(map(cell_len, text.split()), default=1))


def _blocks(widths: Sequence[_Width], keys: int, room: int) -> Iterator[list[tuple[int, int]]]:
    """Columns with their widths, block by block; the keys come first in each."""
    named, others = _keys(widths, keys, room), range(keys, len(widths))
    block: list[int] = []
    for i in others:
        together = [*named, *(widths[j].least for j in (*block, i))]
        if block and _total(together) > room:
            yield _stretched(widths, named, block, room)
            block = []
        block.append(i)
    yield _stretched(widths, named, block, room)


def _keys(widths: Sequence[_Width], keys: int, room: int) -> list[int]:
    """Columns that name the rows take a third of the room, but leave enough for the widest."""
    named = [min(w.most, max(w.least, room // (3 * keys))) for w in widths[:keys]]
    widest = max((w.least for w in widths[keys:]), default=0)
    while _total([*named, widest]) > room and max(named) > 1:
        named[named.index(max(named))] -= 1
    return named


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + _GAP * (len(widths) - 1) + _EDGES


def _stretched(
    widths: Sequence[_Width], named: Sequence[int], block: Sequence[int], room: int
) -> list[tuple[int, int]]:
    """What is left of the room goes, a character at a time, to the narrowest that lacks any."""
    chosen = [*range(len(named)), *block]
    given = [*named, *(widths[i].least for i in block)]
    for _ in range(room - _total(given)):
        lacking = [k for k, i in enumerate(chosen) if given[k] < widths[i].most]
        if not lacking:
            break
        given[min(lacking, key=given.__getitem__)] += 1
    return list(zip(chosen, given, strict=True))

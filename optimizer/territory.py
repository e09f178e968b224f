"""The territory tree kota → kelurahan → RW → RT, and roll-ups over it.

A budget unit is a leaf. Its level is data: RT in Kediri, but other schemes give money per RW,
kelurahan or desa; such a unit simply has no deeper part in its key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import networkx as nx

from optimizer.remember import remembered

ROOT = "kota"

_T = TypeVar("_T")
_DIGITS = re.compile(r"(\d+)")


@remembered
def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key in natural order: ``U-2`` before ``U-10``, whatever the row order.

    Examples
    --------
    >>> sorted(["U-10", "U-2", "U-1"], key=natural_key)
    ['U-1', 'U-2', 'U-10']
    """
    parts = _DIGITS.split(text)
    return tuple((1, int(p), p) if i % 2 else (0, 0, p) for i, p in enumerate(parts))


def naturally(items: Iterable[_T], text: Callable[[_T], str]) -> list[_T]:
    """Items in natural order of a text; those that share it keep their order."""
    items = list(items)
    texts = sorted({text(item) for item in items}, key=natural_key)
    order = {known: place for place, known in enumerate(texts)}
    return sorted(items, key=lambda item: order[text(item)])


def normal_number(text: str) -> str:
    """An RT or RW number as text of at least two digits: ``3`` and ``03`` are the same RT.

    Examples
    --------
    >>> normal_number(" 3"), normal_number("012"), normal_number("3A")
    ('03', '12', '3A')
    """
    stripped = text.strip()
    return str(int(stripped)).zfill(2) if stripped.isdecimal() else stripped


def node_id(kelurahan: str, rw: str = "", rt: str = "") -> str:
    """The id of a node: ``Kaliombo/03/05`` is RT 05 in RW 03 of Kaliombo."""
    return "/".join(part for part in (kelurahan, rw, rt) if part)


def place_words(node: str, slash: str = " / ") -> str:
    """A place in the official order, RT before RW; a kelurahan by its name.

    ``slash`` is ``"/"`` where the words fill a cell of a file.

    Examples
    --------
    >>> place_words("Kaliombo/03/05"), place_words("Kaliombo/03"), place_words("Kaliombo")
    ('RT 05 / RW 03', 'RW 03', 'Kaliombo')
    >>> place_words("Kaliombo/03/05", "/"), place_words("/03/05", "/")
    ('RT 05/RW 03', 'RT 05/RW 03')
    """
    kelurahan, *numbers = node.split("/")
    named = [f"{word} {part}" for word, part in zip(("RW", "RT"), numbers, strict=False) if part]
    return slash.join(reversed(named)) or kelurahan


def full_place(node: str) -> str:
    """A place with its kelurahan, as a message about one of many names it.

    Examples
    --------
    >>> full_place("Kaliombo/03/05"), full_place("Kaliombo/03"), full_place("Kaliombo")
    ('RT 05/RW 03 Kaliombo', 'RW 03 Kaliombo', 'Kaliombo')
    """
    kelurahan = node.partition("/")[0]
    words = place_words(node, "/")
    return words if words == kelurahan else f"{words} {kelurahan}".strip()


@dataclass(frozen=True, slots=True)
class Unit:
    """A budget unit: who receives a pagu.

    Attributes
    ----------
    budget : int
        Pagu in rupiah, a ceiling.
    families, residents : int
        KK and jiwa; 0 where unknown.
    by_policy : bool
        Whether the pagu is the policy's, as the data record none; with another policy it changes.
    """

    kelurahan: str
    rw: str
    rt: str
    budget: int
    families: int = 0
    residents: int = 0
    by_policy: bool = field(default=False, compare=False)

    @property
    def id(self) -> str:
        """Node id, see :func:`node_id`."""
        return node_id(self.kelurahan, self.rw, self.rt)


class Territory:
    """The tree of places as a :class:`networkx.DiGraph`, edges from parent to child."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units: tuple[Unit, ...] = tuple(sorted(units, key=lambda u: natural_key(u.id)))
        self.by_id: Mapping[str, Unit] = {u.id: u for u in self.units}
        self.graph: nx.DiGraph[str] = nx.DiGraph()
        self.graph.add_node(ROOT, level=ROOT)
        for unit in self.units:
            path = [ROOT, unit.kelurahan]
            if unit.rw:
                path.append(node_id(unit.kelurahan, unit.rw))
            if unit.rt:
                path.append(unit.id)
            levels = (ROOT, "kelurahan", "rw", "rt")
            for level, node in zip(levels, path, strict=False):
                self.graph.add_node(node, level=level)
            nx.add_path(self.graph, path)

    def __contains__(self, node: object) -> bool:
        return node in self.graph

    def level(self, node: str) -> str:
        """``kota``, ``kelurahan``, ``rw`` or ``rt``."""
        return str(self.graph.nodes[node]["level"])

    def parent(self, node: str) -> str | None:
        """The node above, or ``None`` at the root."""
        return self._parents[node]

    @cached_property
    def _parents(self) -> Mapping[str, str | None]:
        return {n: next(iter(self.graph.predecessors(n)), None) for n in self.graph}

    @cached_property
    def kelurahan(self) -> tuple[str, ...]:
        """All kelurahan in natural order."""
        return tuple(dict.fromkeys(u.kelurahan for u in self.units))

    @cached_property
    def _below(self) -> Mapping[str, tuple[str, ...]]:
        below: dict[str, list[str]] = {}
        for unit in self.units:
            node: str | None = unit.id
            while node is not None:
                below.setdefault(node, []).append(unit.id)
                node = self.parent(node)
        return {node: tuple(units) for node, units in below.items()}

    def units_below(self, node: str) -> tuple[str, ...]:
        """Ids of the budget units at or below a node, in natural order."""
        return self._below[node]

    def path(self, node: str) -> Iterator[str]:
        """The node and everything above it, root last."""
        current: str | None = node
        while current is not None:
            yield current
            current = self.parent(current)

    def rollup(self, amounts: Mapping[str, int]) -> dict[str, int]:
        """Add amounts up the tree; the root's sum equals the sum of what was given.

        Parameters
        ----------
        amounts
            Rupiah (or any count) by node. Each amount enters once, where it stands: a shared
            proposal given at its RW is not counted again at the RT that pay for it.
        """
        totals: dict[str, int] = dict.fromkeys(self.graph.nodes, 0)
        for node, amount in amounts.items():
            for above in self.path(node):
                totals[above] += amount
        return totals

    def residents(self, units: Iterable[str]) -> int:
        """Residents of the given units together."""
        return sum(self.by_id[u].residents for u in units)


def rt_rw(node: str) -> str:
    """A place in the column RT/RW, in the official order: ``05/03`` is RT 05 in RW 03.

    Examples
    --------
    >>> rt_rw("Kaliombo/03/05"), rt_rw("Kaliombo/03"), rt_rw("Kaliombo")
    ('05/03', 'RW 03', 'Kelurahan')
    """
    _, *numbers = node.split("/")
    if not numbers:
        return "Kelurahan"
    return "/".join(reversed(numbers)) if len(numbers) > 1 else f"RW {numbers[0]}"

"""The sheet ``wilayah``, and places named in the other sheets."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from optimizer.errors import Place
from optimizer.files.collect import Collector
from optimizer.files.datasets_cells import Line
from optimizer.territory import (
    ROOT,
    Territory,
    Unit,
    full_place,
    natural_key,
    node_id,
    normal_number,
    place_words,
)  # fmt: skip

__all__ = ["Places", "read_units", "units_text"]

_RT_RW = re.compile(r"(?:rt[ .]*)?(\w+) ?(?:/| rw|/ ?rw)[ .]*(\w+)", re.IGNORECASE)
_RW_RT = re.compile(r"rw[ .]*(\w+) ?/? ?rt[ .]*(\w+)", re.IGNORECASE)
_RW = re.compile(r"rw[ .]*(\w+)", re.IGNORECASE)
_RT = re.compile(r"(?:rt[ .]*)?(\w+)", re.IGNORECASE)
_ALL = {"semua", "all"}
_SHOWN = 20


def _number(node: str) -> str:
    """The last part of a place: ``RT 05``; nothing for a kelurahan."""
    return place_words(node, "/").partition("/")[0] if "/" in node else ""


def units_text(units: Iterable[str]) -> str:
    """Units as a list in one cell; ``05/03`` alone would become a date in Excel."""
    return "; ".join(place_words(unit, "/") for unit in sorted(units, key=natural_key))


def read_units(lines: Sequence[Line], default_pagu: int, report: Collector) -> list[Unit]:
    """Budget units of the sheet ``wilayah``."""
    units: dict[str, tuple[Unit, Line]] = {}
    spelling: dict[str, str] = {}
    for line in lines:
        unit = _unit(line, default_pagu, report)
        if unit is None:
            continue
        usual = spelling.setdefault(unit.kelurahan.casefold(), unit.kelurahan)
        if usual != unit.kelurahan:
            report.error("kelurahan_spelling", line.at("kelurahan"), other=usual)
            unit = replace(unit, kelurahan=usual)
        if unit.id in units:
            first = units[unit.id][1].place.row
            report.error("unit_twice", line.at("rt"), place=full_place(unit.id), first=first)
        else:
            units[unit.id] = (unit, line)
    _leaves_only(units, report)
    return [unit for unit, _ in units.values()]


def _unit(line: Line, default_pagu: int, report: Collector) -> Unit | None:
    kelurahan, rw, rt = line["kelurahan"], line["rw"] or "", line["rt"] or ""
    if kelurahan is None or (line.cells.get("rt") and not rt) or (line.cells.get("rw") and not rw):
        return None
    if "/" in kelurahan or kelurahan == ROOT:
        report.error("kelurahan_form", line.at("kelurahan"))
        return None
    if rt and not rw:
        report.error("rt_without_rw", line.at("rw"))
        return None
    pagu = line["pagu"]
    if pagu is not None and pagu < 0:
        report.error("negative", line.at("pagu"))
    families, residents = line["kk"] or 0, line["jiwa"] or 0
    if residents and families > residents:
        report.warning("families_above_residents", line.at("kk"), residents=residents)
    budget = default_pagu if pagu is None else pagu
    return Unit(kelurahan, rw, rt, budget, families, residents, by_policy=pagu is None)


def _leaves_only(units: dict[str, tuple[Unit, Line]], report: Collector) -> None:
    """A unit must not have another unit below it: money would be counted twice."""
    for unit_id in units:
        parts = unit_id.split("/")
        for depth in range(1, len(parts)):
            above = "/".join(parts[:depth])
            if above in units:
                place = units[above][1].at("rt")
                report.error(
                    "unit_not_leaf", place, place=full_place(above), below=full_place(unit_id)
                )


class Places:
    """Finds the places that rows name."""

    def __init__(self, territory: Territory, report: Collector) -> None:
        self.territory = territory
        self.report = report
        self._found: dict[tuple[str, ...], str] = {}
        self._children: dict[str, str] = {}
        self._kelurahan = {k.casefold(): k for k in territory.kelurahan}

    @property
    def known(self) -> bool:
        """Whether there are any places; without them nothing can be looked up."""
        return bool(self.territory.units)

    @cached_property
    def _labels(self) -> dict[tuple[str, int], list[str]]:
        """Labels of the nodes of each kelurahan and depth, for suggestions."""
        labels: dict[tuple[str, int], list[str]] = {}
        for node in sorted((n for n in self.territory.graph if n != ROOT), key=natural_key):
            key = (node.split("/")[0], node.count("/"))
            labels.setdefault(key, []).append(full_place(node))
        return labels

    def kelurahan(self, line: Line) -> str | None:
        """The kelurahan of a row; it may be left out where there is only one."""
        name = line["kelurahan"]
        if name is None:
            if len(self._kelurahan) == 1:
                return next(iter(self._kelurahan.values()))
            self.report.error("cell_missing", line.at("kelurahan"))
            return None
        found = self._kelurahan.get(name.casefold())
        if found is None and self.known:
            known = list(self._kelurahan.values())
            self.report.unknown("kelurahan_unknown", line.at("kelurahan"), known)
        return found

    def node(self, line: Line, level: str = "") -> str | None:
        """The node that the columns kelurahan, rw and rt name, checked against a level."""
        key = (level, line["kelurahan"] or "", line["rw"] or "", line["rt"] or "")
        if line.ok and key in self._found:
            return self._found[key]
        found = self._node(line, level)
        if found is not None:
            self._found[key] = found
        return found

    def _node(self, line: Line, level: str) -> str | None:
        if any(line.cells.get(c) and line[c] is None for c in ("kelurahan", "rw", "rt")):
            return None
        kelurahan = self.kelurahan(line)
        if kelurahan is None:
            return None
        rw, rt = line["rw"] or "", line["rt"] or ""
        needed = {"rt": ("rw", "rt"), "rw": ("rw",)}.get(level, ("rw",) if rt else ())
        for column in ("rw", "rt"):
            if column in needed and not line[column]:
                self.report.error("place_incomplete", line.at(column), column=column.upper())
                return None
            if level and column not in needed and line[column]:
                self.report.error("place_too_deep", line.at(column), column=column.upper())
                return None
        return self._existing(node_id(kelurahan, rw, rt), line.at("rt" if rt else "rw"))

    def unit(self, line: Line, kelurahan: str) -> str | None:
        """The budget unit that the columns rw and rt name in a given kelurahan."""
        rw, rt = line["rw"] or "", line["rt"] or ""
        place = line.at("rt" if rt else "rw")
        found = self._existing(node_id(kelurahan, rw, rt), place)
        if found is not None and found not in self.territory.by_id:
            self.report.error("not_a_unit", place, place=full_place(found))
            return None
        return found

    def _existing(self, node: str, place: Place) -> str | None:
        if node in self.territory:
            return node
        if self.known:
            kelurahan, *numbers = node.split("/")
            above = node_id(kelurahan, *numbers[:-1])
            above = above if above in self.territory else kelurahan
            data: dict[str, Any] = {"above": full_place(above), "below": self._below(above)}
            where = replace(place, value=full_place(node))
            swapped = node_id(kelurahan, *reversed(numbers))
            if len(numbers) == 2 and swapped in self.territory:
                self.report.error("unit_unknown_near", where, near=full_place(swapped), **data)
            else:
                known = self._labels.get((kelurahan, len(numbers)), [])
                self.report.unknown("unit_unknown", where, known, **data)
        return None

    def _below(self, node: str) -> str:
        """What exists right below a node, for a message."""
        if node not in self._children:
            children = sorted(self.territory.graph.successors(node), key=natural_key)
            shown = ", ".join(_number(child) for child in children[:_SHOWN])
            self._children[node] = (shown or "-") + (", …" if len(children) > _SHOWN else "")
        return self._children[node]

    def units(self, line: Line, column: str, owner: str) -> tuple[str, ...] | None:
        """Units listed in one cell, in natural order; nothing for "semua" or an empty cell."""
        text = line[column]
        if not text or text.casefold() in _ALL:
            return ()
        place = line.at(column)
        separator = ";" if ";" in text else ","
        items = [item.strip() for item in text.split(separator) if item.strip()]
        if separator == "," and any(
            re.fullmatch(r"rt[ .]*\w+", a, re.I) and _RW.fullmatch(b)
            for a, b in itertools.pairwise(items)
        ):
            self.report.error("units_ambiguous", place)
            return None
        found: list[str] = []
        for item in items:
            units = self._item(item, owner, place)
            if units is None:
                return None
            found += units
        if len(set(found)) < len(found):
            self.report.warning("unit_listed_twice", place)
        return tuple(sorted(set(found), key=natural_key))

    def _item(self, item: str, owner: str, place: Place) -> tuple[str, ...] | None:
        kelurahan = owner.split("/", maxsplit=1)[0]
        if item.casefold() == kelurahan.casefold():
            return self.territory.units_below(kelurahan)
        numbers = _numbers(item, owner, self.territory)
        if numbers is None:
            self.report.error("units_form", replace(place, value=item))
            return None
        node = self._existing(node_id(kelurahan, *numbers), replace(place, value=item))
        return None if node is None else self.territory.units_below(node)


def _numbers(item: str, owner: str, territory: Territory) -> tuple[str, ...] | None:
    """(rw, rt) or (rw,) of one item of a list of units; ``None`` where it is unclear."""
    if match := _RW_RT.fullmatch(item):
        return normal_number(match[1]), normal_number(match[2])
    if match := _RT_RW.fullmatch(item):
        return normal_number(match[2]), normal_number(match[1])
    if match := _RW.fullmatch(item):
        return (normal_number(match[1]),)
    if match := _RT.fullmatch(item):
        _, *numbers = owner.split("/")
        if numbers:  # a bare number is an RT of the owner's RW
            return numbers[0], normal_number(match[1])
        below = territory.by_id.get(territory.units_below(owner)[0])
        if below is not None and not below.rt:
            return (normal_number(match[1]),)
    return None

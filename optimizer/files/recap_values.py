"""Field, volume and amounts of one recap row, with what is wrong about them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from optimizer.errors import Place, RembugError, Severity
from optimizer.files.collect import Collector
from optimizer.files.grid import Sheet, column_letter
from optimizer.files.recap_cells import (
    cell_text,
    field_of,
    known_measure,
    split_volume,
    suggest_field,
)
from optimizer.files.recap_layout import Layout
from optimizer.money import parse_number, parse_rupiah
from optimizer.remember import remembered

__all__ = ["Amounts", "Cells"]

_rupiah = remembered(parse_rupiah)
_NOTHING = {"", "-", "–", "—", "rp", "rp.", "rp -", "rp-", "rp. -"}


@dataclass(frozen=True, slots=True)
class Amounts:
    """Volume, unit of measure, unit price and cost of a row."""

    volume: Fraction | None
    measure: str
    unit_price: int | None
    cost: int | None


class Cells:
    """Reads the cells of one sheet by role and collects findings."""

    def __init__(self, file: str, sheet: Sheet, layout: Layout) -> None:
        self.file = file
        self.sheet = sheet
        self.layout = layout
        self.said = Collector()
        # The usual case, one column and nothing merged, is read a million times in a long list.
        self._plain = {
            role: columns[0]
            for role, columns in layout.columns.items()
            if len(columns) == 1 and not sheet.merged
        }

    def has(self, role: str) -> bool:
        """Whether the sheet has a column for this role."""
        return role in self.layout.columns

    def text(self, row: int, role: str) -> str:
        """The text of a role's cells; a merged range counts once."""
        if role in self._plain:
            return cell_text(self.sheet.value(row, self._plain[role]))
        if role not in self.layout.columns:
            return ""
        seen: set[tuple[int, int]] = set()
        texts = []
        for column in self.layout.columns.get(role, ()):
            anchor = self.sheet.merged.get((row, column), (row, column))
            text = cell_text(self.sheet.value(row, column))
            if text and anchor not in seen:
                seen.add(anchor)
                texts.append(text)
        return " ".join(texts)

    def own(self, row: int, role: str) -> str:
        """A role's text where it was written here: not by a range merged from beside or above."""
        columns = self.layout.columns.get(role, ())
        if not columns or role in self._plain:
            return self.text(row, role)
        anchors = [self.sheet.merged.get((row, c), (row, c)) for c in columns]
        here = any(r == row and c in columns for r, c in anchors)
        return self.text(row, role) if here else ""

    def find(self, code: str, severity: Severity, row: int, role: str = "", **data: object) -> None:
        """Record a finding at a role's cell."""
        role = "rt" if role == "place" and not self.has("place") else role
        columns = self.layout.columns.get(role, ())
        column = column_letter(columns[0]) if columns else ""
        value = self.text(row, role) if role else ""
        place = Place(self.file, self.sheet.name, row, column, value)
        self.said.add(code, severity, place, **data)

    def problem(self, row: int, role: str) -> bool:
        """Whether a formula of this cell has no usable result (already found)."""
        return bool(self.sheet.problems) and any(
            (row, c) in self.sheet.problems for c in self.layout.columns.get(role, ())
        )

    def reads_as_money(self, row: int, role: str) -> bool:
        """Whether the role's cells hold an amount; says nothing if not."""
        try:
            return self._rupiah(row, role) is not None
        except RembugError:
            return False

    def money(self, row: int, role: str) -> int | None:
        """An amount in whole rupiah; None where empty or unreadable (found and said)."""
        try:
            return self._rupiah(row, role)
        except RembugError as error:
            kind = error.code.rpartition("_")[2]
            code = {"ambiguous": "recap_money_ambiguous", "whole": "recap_money_not_whole"}
            self.find(code.get(kind, "recap_money_unreadable"), Severity.ERROR, row, role)
            return None

    def _rupiah(self, row: int, role: str) -> int | None:
        values = [self.sheet.value(row, c) for c in self.layout.columns.get(role, ())]
        values = [v for v in values if cell_text(v).lower() not in _NOTHING]
        if not values:
            return None
        value, scale = values[-1], self.layout.scales.get(role, 1)
        if scale == 1 or re.search(r"[a-z]", cell_text(value).lower()):
            return _rupiah(value)
        number = parse_number(value) * scale
        return parse_rupiah(float(number) if number.denominator != 1 else int(number))

    def amounts(self, row: int) -> Amounts:
        """Volume, measure, unit price and cost of a row."""
        volume, measure = self._volume(row)
        price = self.money(row, "unit_price")
        before = len(self.said.findings)
        cost = self.money(row, "cost")
        said = len(self.said.findings) > before
        if cost is None and not said and not self.problem(row, "cost"):
            if price is not None and volume is not None:
                cost = round(price * volume)
                self.find("recap_cost_computed", Severity.WARNING, row, "cost", cost=cost)
            else:
                self.find("recap_cost_missing", Severity.ERROR, row, "cost")
        if cost is not None and cost <= 0:
            self.find("recap_cost_not_positive", Severity.ERROR, row, "cost")
        if cost is not None and price is not None and volume is not None:
            self._compare(row, cost, price, volume)
        return Amounts(volume, measure, price, cost)

    def _compare(self, row: int, cost: int, price: int, volume: Fraction) -> None:
        if abs(price * volume - cost) > 1:
            stated, computed = cost, round(price * volume)
            self.find(
                "recap_cost_differs", Severity.WARNING, row, "cost",
                stated=stated, computed=computed,
            )  # fmt: skip

    def _volume(self, row: int) -> tuple[Fraction | None, str]:
        text, own = self.text(row, "volume"), self.text(row, "measure")
        if text.lower() in _NOTHING:
            if not self.problem(row, "volume"):
                self.find("recap_volume_missing", Severity.WARNING, row, "volume")
            return None, known_measure(own)[0]
        raw = self.sheet.value(row, self.layout.columns["volume"][0])
        try:
            # A number is a number; only text has to be taken apart.
            volume, measure = (
                split_volume(text) if isinstance(raw, str) else (parse_number(raw), "")
            )
        except RembugError as error:
            kind = error.code.rpartition("_")[2]
            self.find(f"recap_volume_{kind}", Severity.WARNING, row, "volume")
            return None, known_measure(own)[0]
        if volume <= 0:
            self.find("recap_volume_not_positive", Severity.ERROR, row, "volume")
            return None, known_measure(own or measure)[0]
        usual, known = known_measure(own or measure)
        if not usual:
            self.find("recap_measure_missing", Severity.NOTE, row, "measure")
        elif not known:
            self.find(
                "recap_measure_unknown", Severity.NOTE, row, "measure" if own else "volume",
                measure=usual,
            )  # fmt: skip
        return volume, usual

    def field(self, row: int, text: str) -> str:
        """The field's id for a bidang cell; a finding where it is empty or unknown."""
        field = field_of(text)
        if field:
            return field
        if not text:
            self.find("recap_field_empty", Severity.WARNING, row, "field")
        elif suggestion := suggest_field(text):
            self.find("recap_field_misspelt", Severity.WARNING, row, "field", suggestion=suggestion)
        else:
            self.find("recap_field_unknown", Severity.WARNING, row, "field")
        return ""

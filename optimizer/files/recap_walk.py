"""Walk down one sheet of a recap: what is a proposal, a section, a total, a signature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from optimizer.errors import Severity
from optimizer.files.grid import Sheet
from optimizer.files.recap_cells import (
    Where,
    cell_text,
    field_of,
    find_where,
    parse_single,
    parse_where,
    says_joint,
)
from optimizer.files.recap_layout import Layout, kelurahan_in, role_of, row_texts
from optimizer.files.recap_model import Joint, Reason, RecapRow, SetAside
from optimizer.files.recap_values import Cells
from optimizer.record.proposals import normal_text

__all__ = ["Total", "Walk"]

_TOTAL = re.compile(r"(?:[ivx]+\s|[a-z]\s)?(?:grand\s)?(?:sub\s?)?(?:total|jumlah|jml)\b")
_GRAND = re.compile(r"\b(?:grand|keseluruhan|seluruh(?:nya)?|semua)\b")
_JOINT_SECTION = re.compile(r"\b(?:bersama|muskel|musyawarah kelurahan)\b")
_SECTION = re.compile(
    r"(?:[A-Z]|[IVX]+|\d+)\s*[.)]\s*\S.*|(?:USULAN|DAFTAR|KEGIATAN|BIDANG|LINGKUNGAN)\b.*"
)


@dataclass(frozen=True, slots=True)
class Total:
    """A subtotal or grand total: its row, text, amount, and how many proposals stood above."""

    row: int
    text: str
    amount: int
    above: int
    grand: bool
    section: bool = False


@dataclass(slots=True)
class _Context:
    """What section rows say about the rows below them."""

    kelurahan: str = ""
    where: Where = field(default_factory=Where)
    field: str = ""
    joint: bool = False


class Walk:
    """The rows of one sheet, in order.

    Attributes
    ----------
    rows, set_aside, totals
        What was found; ``starts`` are the counts of proposals at which a section began.
    """

    def __init__(self, file: str, sheet: Sheet, layout: Layout, *, muskel: bool = False) -> None:
        self.cells = Cells(file, sheet, layout)
        self.sheet = sheet
        self.layout = layout
        self.muskel = muskel
        self.rows: list[RecapRow] = []
        self.set_aside: list[SetAside] = []
        self.totals: list[Total] = []
        self.starts: list[int] = []
        self.kelurahan = layout.kelurahan or kelurahan_in(sheet.name)
        self._context = _Context(self.kelurahan)
        self._default = layout.where if not layout.where.empty else find_where(sheet.name)
        self._last = Where()
        self._grouped = False
        self._total_at: dict[int, str] = {}
        self._data_at: set[int] = set()
        self._carried = False
        self._nowhere = False

    def run(self, fallback: Where) -> None:
        """Read all rows; ``fallback`` is where the list belongs if nothing inside says so."""
        if self._default.empty:
            self._default = fallback
        for row, text in self.layout.titles:
            self._aside(row, text, Reason.TITLE)
        for row in range(self.layout.header, self.layout.first):
            self._aside(row, " | ".join(row_texts(self.sheet, row)), Reason.HEADER)
        self._total_at = {r: t for r in self._below() if (t := self._total_text(r))}
        self._data_at = {r for r in self._below() if r not in self._total_at and self._is_data(r)}
        self._grouped = any(self._bare(r) for r in self._data_at)
        last = max([*self._total_at, *self._data_at], default=0)
        for row in self._below():
            self._row(row, footer=row > last)

    def _below(self) -> Iterator[int]:
        return iter(range(self.layout.first, len(self.sheet.rows) + 1))

    def _aside(self, row: int, text: str, reason: Reason) -> None:
        self.set_aside.append(SetAside(self.sheet.name, row, text, reason))

    def _row(self, row: int, *, footer: bool) -> None:
        texts = row_texts(self.sheet, row)
        joined = " | ".join(texts)
        if not texts and not any(r == row for r, _ in self.sheet.problems):
            self._aside(row, "", Reason.BLANK)
        elif footer:
            self._aside(row, joined, Reason.FOOTER)
        elif self._is_numbering(row, texts):
            self._aside(row, joined, Reason.NUMBERING)
        elif row in self._total_at:
            self._total(row, self._total_at[row])
            self._aside(row, joined, Reason.TOTAL)
        elif row in self._data_at:
            self._data(row, joined)
        elif self._is_header_again(row):
            self._aside(row, joined, Reason.HEADER)
        else:
            self._heading(row, texts, joined)

    def _is_numbering(self, row: int, texts: list[str]) -> bool:
        """A row that only numbers the columns: 1 2 3 … or (1) (2) (3) …"""
        numbers = [t.strip("()") for t in texts]
        return len(texts) >= 3 and numbers == [str(i + 1) for i in range(len(numbers))]

    def _is_header_again(self, row: int) -> bool:
        if role_of(self.cells.text(row, "description")) != "description":
            return False
        same = [
            role
            for role, columns in self.layout.columns.items()
            if role_of(cell_text(self.sheet.value(row, columns[0]))) == role
        ]
        return len(same) >= 3

    def _total_text(self, row: int) -> str:
        """The text of a subtotal or total row; empty for any other row."""
        counted = self.cells.own(row, "unit_price") or self.cells.own(row, "measure")
        numbered = self.cells.own(row, "number").strip(".").isdecimal()
        if counted or numbered or re.search(r"\d\s*[a-z]", self._volume(row)):
            return ""
        description = self.cells.own(row, "description")
        if self.cells.own(row, "cost") and self._amount(row) and self._only_cost(row):
            return self.cells.text(row, "cost")
        words = [text for text in self._own_texts(row) if re.search(r"[A-Za-z]{3}", text)]
        text = next((t for t in words if _TOTAL.match(normal_text(t))), "")
        return text if description in {"", text} else ""

    def _only_cost(self, row: int) -> bool:
        """An amount and nothing else: a sum that nobody gave a name."""
        return len(self._own_texts(row)) == 1

    def _own_texts(self, row: int) -> list[str]:
        """The texts written in this row, not the ones that a range from above repeats."""
        if not self.sheet.merged:
            return row_texts(self.sheet, row)
        return [
            text
            for column, value in enumerate(self.sheet.rows[row - 1], 1)
            if self.sheet.merged.get((row, column), (row, column)) == (row, column)
            and (text := cell_text(value))
        ]

    def _volume(self, row: int) -> str:
        return self.cells.own(row, "volume").lower()

    def _is_data(self, row: int) -> bool:
        """A proposal: a description with something of its own beside it."""
        if self._names_section(row):
            return False
        quantity, label = self._quantity(row), self._label(row)
        if self.cells.own(row, "description"):
            return quantity or label
        return quantity and label

    def _quantity(self, row: int) -> bool:
        """Whether something here reads as an amount or a volume: a signature's date does not."""
        if any(self.cells.problem(row, role) for role in ("volume", "unit_price", "cost")):
            return True
        return bool(re.match(r"\d", self._volume(row))) or self._amount(row)

    def _amount(self, row: int) -> bool:
        return any(
            self.cells.own(row, role) and self.cells.reads_as_money(row, role)
            for role in ("unit_price", "cost")
        )

    def _label(self, row: int) -> bool:
        """Whether the row has a running number, an RT/RW or a bidang of its own."""
        number = self.cells.own(row, "number").strip(".")
        place = self.cells.own(row, "place")
        return (
            number.isdecimal()
            or bool(place and parse_where(place).problem != "unreadable")
            or any(parse_single(self.cells.own(row, role)) for role in ("rt", "rw"))
            or bool(field_of(self.cells.own(row, "field")))
        )

    def _names_section(self, row: int) -> bool:
        """Whether the row's only words name a bidang, an RT or RW, or a kelurahan."""
        if self._volume(row) or self.cells.own(row, "unit_price"):
            return False
        words = [text for text in self._own_texts(row) if re.search(r"[A-Za-z]{3}|R[TW]", text)]
        if len(words) != 1:
            return False
        (text,) = words
        if self.cells.own(row, "number").strip(".").isdecimal():
            return normal_text(text).startswith(("bidang ", "rt ", "rw "))
        return bool(field_of(text)) or self._only_place(text)

    def _only_place(self, text: str) -> bool:
        where = parse_where(text)
        if where.joint or text.upper().startswith(("RT", "RW", "KELURAHAN ", "LINGKUNGAN ")):
            return True
        return normal_text(text) in {"infrastruktur bersama", "usulan bersama"}

    def _total(self, row: int, text: str) -> None:
        amount = self.cells.money(row, "cost")
        if amount is not None:
            grand = bool(_GRAND.search(normal_text(text)))
            self.totals.append(Total(row, text, amount, len(self.rows), grand))

    def _heading(self, row: int, texts: list[str], joined: str) -> None:
        """A row that names RT, bidang or kelurahan for the rows below; else plain text."""
        where, kelurahan = find_where(joined), kelurahan_in(joined)
        named = next((f for t in [joined, *texts, *re.split(r"[-–,:|]", joined)]
                      if (f := field_of(t))), "")  # fmt: skip
        joint = bool(_JOINT_SECTION.search(normal_text(joined)))
        if kelurahan and not named:
            self._context = _Context(kelurahan)
        if not where.empty and not where.problem:
            rw = where.rw or self._context.where.rw
            self._context = _Context(self._context.kelurahan, replace(where, rw=rw))
        if joint:
            self._context = _Context(self._context.kelurahan, joint=True)
        if named:
            self._context.field = joined if field_of(joined) else named
        if named or joint or kelurahan or not where.empty:
            amount = self.cells.money(row, "cost") if self._amount(row) else None
            if amount is not None:
                self.totals.append(Total(row, joined, amount, len(self.rows), False, True))
            self.starts.append(len(self.rows))
            self._aside(row, joined, Reason.SECTION)
            return
        if _SECTION.fullmatch(joined.upper()):
            self._context = _Context(self._context.kelurahan)
            self._aside(row, joined, Reason.SECTION)
            return
        self._aside(row, joined, Reason.TEXT)
        self.cells.find("recap_text_row", Severity.NOTE, row, "description", text=joined)

    def _data(self, row: int, joined: str) -> None:
        description = self.cells.text(row, "description")
        where, joint = self._where(row, description)
        if where.problem:
            self._aside(row, joined, Reason.UNREADABLE)
            return
        if not description:
            self.cells.find("recap_description_missing", Severity.ERROR, row, "description")
        own_field = self.cells.text(row, "field")
        field_text = own_field or self._context.field
        if not self.cells.has("field") and not field_text:
            field_id = ""  # no such column anywhere: said once for the sheet
        else:
            field_id = self.cells.field(row, field_text)
        amounts = self.cells.amounts(row)
        kelurahan = self.cells.text(row, "kelurahan")
        self.rows.append(
            RecapRow(
                sheet=self.sheet.name,
                row=row,
                number=self.cells.text(row, "number"),
                kelurahan=_name(kelurahan) or self._context.kelurahan,
                rw=where.rw,
                rt=where.rt,
                joint=joint,
                field_text=field_text,
                field=field_id,
                description=description,
                volume=amounts.volume,
                measure=amounts.measure,
                unit_price=amounts.unit_price,
                cost=amounts.cost,
                remark=self.cells.text(row, "remark"),
                rank=0,
            )
        )

    def _where(self, row: int, description: str) -> tuple[Where, Joint]:
        where = self._own_where(row)
        if where.problem:
            self.cells.find(f"recap_place_{where.problem}", Severity.ERROR, row, "place")
            return where, Joint.NO
        if self.muskel or self.layout.joint:
            return where, Joint.MUSKEL
        field_text = self.cells.text(row, "field")
        if says_joint(description) or says_joint(field_text):
            return where, Joint.DESCRIPTION
        if where.joint or self._context.joint:
            return Where(), Joint.SAID
        if where.empty:
            where = self._context.where if not self._context.where.empty else self._default
        if where.empty and self._continues(row):
            where = self._last
        if not where.empty:
            self._last = self._whole(row, where)
            return self._last, Joint.NO
        self._last = where
        if any(self.cells.has(role) for role in ("place", "rt", "rw")):
            return where, Joint.EMPTY
        if not self._nowhere:
            self._nowhere = True
            self.cells.find("recap_no_place", Severity.ERROR, row, "description")
        return Where(problem="missing"), Joint.NO

    def _bare(self, row: int) -> bool:
        """Neither number nor RT/RW, and a bidang that the joint fund does not have."""
        said = any(self.cells.text(row, role) for role in ("number", "place", "rt", "rw"))
        field_id = field_of(self.cells.text(row, "field"))
        return not said and self.cells.has("number") and field_id not in {"", "infrastruktur"}

    def _continues(self, row: int) -> bool:
        """No number and no RT/RW below a numbered RT: the group of that RT goes on.

        A joint row has a number of its own; an office that writes number and RT only in the
        first row of each group leaves both empty below it.
        """
        if not self._grouped or self._last.empty or self.cells.text(row, "number"):
            return False
        if not self._carried:
            self._carried = True
            self.cells.find("recap_place_carried", Severity.WARNING, row, "place")
        return True

    def _own_where(self, row: int) -> Where:
        """What the row's own cells say."""
        if self.cells.has("rt") and (self.cells.has("rw") or not self.cells.has("place")):
            texts = [self.cells.text(row, role) for role in ("rt", "rw")]
            if any(parse_where(t).joint for t in texts):
                return Where(joint=True)
            numbers = [parse_single(t) for t in texts]
            known = [bool(n) or t in {"", "-"} for n, t in zip(numbers, texts, strict=True)]
            return (
                Where(rt=numbers[0], rw=numbers[1]) if all(known) else Where(problem="unreadable")
            )
        text = self.cells.text(row, "place")
        where = parse_where(text)
        if where.problem == "unreadable" and parse_single(text) and self._context.where.rw:
            return Where(rt=parse_single(text))
        return where

    def _whole(self, row: int, where: Where) -> Where:
        """An RT needs its RW: from the section or the title, else it cannot be told apart."""
        if where.rt and not where.rw:
            rw = self._context.where.rw or self._default.rw
            if not rw:
                self.cells.find("recap_rw_missing", Severity.ERROR, row, "place", rt=where.rt)
                return Where(problem="missing")
            return replace(where, rw=rw)
        return where


def _name(text: str) -> str:
    """A kelurahan's name as one writes it: without the word, capitals as usual."""
    plain = re.sub(r"^(?:kelurahan|kel\.?)\s+", "", text, flags=re.IGNORECASE).strip()
    return plain.title() if plain.isupper() else plain

"""What a recap holds once it is read: rows, what was set aside, participants, findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from optimizer.errors import Finding
from optimizer.territory import node_id

__all__ = ["Joint", "Participant", "Reason", "Recap", "RecapRow", "SetAside"]


class Joint(StrEnum):
    """Why a row counts as joint (contract "Recap input")."""

    NO = ""
    EMPTY = "empty"
    SAID = "said"
    DESCRIPTION = "description"
    MUSKEL = "muskel"


class Reason(StrEnum):
    """Why a row of the sheet is not a proposal."""

    TITLE = "title"
    HEADER = "header"
    NUMBERING = "numbering"
    SECTION = "section"
    TOTAL = "total"
    BLANK = "blank"
    TEXT = "text"
    FOOTER = "footer"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class RecapRow:
    """One proposal as recorded.

    Attributes
    ----------
    row : int
        Row in the sheet, as the spreadsheet shows it.
    rw, rt : str
        Whose list it stands in; for a joint row the booking place, if one is written.
    field_text, field : str
        Bidang as recorded, and the field's id (empty where the spelling is unknown).
    volume, unit_price, cost
        None where the cell is empty or unreadable (a finding says so); rupiah are whole.
    rank : int
        Place in its RT's (or the joint) list, 1 first: the order of the rows.
    """

    sheet: str
    row: int
    number: str
    kelurahan: str
    rw: str
    rt: str
    joint: Joint
    field_text: str
    field: str
    description: str
    volume: Fraction | None
    measure: str
    unit_price: int | None
    cost: int | None
    remark: str
    rank: int

    @property
    def owner(self) -> str:
        """Node id of whose list the row stands in; empty parts where nothing is known."""
        if self.joint:
            return node_id(self.kelurahan)
        return node_id(self.kelurahan, self.rw, self.rt)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that is no proposal, what it holds and why it was set aside."""

    sheet: str
    row: int
    text: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Participant:
    """An RT that takes part in a joint row; ``part`` is its contribution in rupiah, if written.

    ``proposal`` is what the sheet names: the row's number, id or description.
    """

    row: int
    proposal: str
    kelurahan: str
    rw: str
    rt: str
    part: int | None


@dataclass(frozen=True, slots=True)
class Recap:
    """A whole recap; every row of its sheets is in ``rows`` or in ``set_aside``."""

    name: str
    title: str
    year: int | None
    kelurahan: str
    rows: tuple[RecapRow, ...]
    set_aside: tuple[SetAside, ...]
    participants: tuple[Participant, ...]
    findings: tuple[Finding, ...]

    @property
    def total(self) -> int:
        """Rupiah of all rows whose cost could be read."""
        return sum(row.cost or 0 for row in self.rows)

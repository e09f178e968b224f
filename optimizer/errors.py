"""Findings about input, and the small tree of errors.

A :class:`Finding` names a place, says what is wrong and how to mend it; it carries a message
id and data, so the same finding reads well in both languages. An error that a user can cause
is always a :class:`RembugError`; anything else is a defect of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from optimizer.words import INDONESIAN, Message, Words

SHOWN = 200
"""Findings that the message of a refused file spells out."""


class Severity(StrEnum):
    """How much a finding matters: an error refuses the input, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found. Rows are counted as a spreadsheet shows them (from 1)."""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""

    def text(self, words: Words = INDONESIAN) -> str:
        """``usulan.csv, baris 12, kolom harga_satuan`` (only the parts that are known)."""
        parts = [self.file]
        if self.sheet:
            parts.append(words.say("place.sheet", sheet=self.sheet))
        if self.row is not None:
            parts.append(words.say("place.row", row=self.row))
        if self.column:
            parts.append(words.say("place.column", column=self.column))
        return ", ".join(p for p in parts if p)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in the input; its text is ``finding.<code>`` in the phrases.

    An optional ``finding.<code>.hint`` says what would mend it.
    """

    code: str
    severity: Severity
    place: Place = Place()
    data: Mapping[str, Any] = field(default_factory=dict)

    def message(self, words: Words = INDONESIAN) -> str:
        """What is wrong, without the place."""
        return words.say(f"finding.{self.code}", value=self.place.value, **self.data)

    def hint(self, words: Words = INDONESIAN) -> str:
        """What would mend it; empty where the message already says so."""
        key = f"finding.{self.code}.hint"
        return words.say(key, value=self.place.value, **self.data) if Words.has(key) else ""

    def text(self, words: Words = INDONESIAN) -> str:
        """Place, message and hint in one line."""
        where = self.place.text(words)
        body = " ".join(t for t in (self.message(words), self.hint(words)) if t)
        return f"{where}: {body}" if where else body


class RembugError(Exception):
    """Base of all errors that a user can cause and mend.

    Parameters
    ----------
    code : str
        Message id below ``error.``.
    data
        What fills the placeholders of the message.
    """

    def __init__(self, code: str, **data: Any) -> None:
        self.code = code
        self.data = data
        super().__init__(self.message())

    def __reduce__(self) -> tuple[Any, ...]:
        # What an exception does by itself calls the class with the message alone.
        return _restored, (type(self), self.args, self.__dict__)

    @property
    def said(self) -> Message:
        """The message as data."""
        return Message(f"error.{self.code}", self.data)

    def message(self, words: Words = INDONESIAN) -> str:
        """The whole message in one language."""
        return words.tell(self.said)


def _restored(kind: type[RembugError], args: tuple[Any, ...], state: dict[str, Any]) -> RembugError:
    """An error that came from another process."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class InputRefused(RembugError):
    """A file or dataset cannot be used; carries all its findings at once."""

    def __init__(self, findings: Iterable[Finding], name: str = "") -> None:
        self.findings = tuple(findings)
        errors = [f for f in self.findings if f.severity is Severity.ERROR]
        self.name = name
        super().__init__("input_refused", name=name, count=len(errors))

    def message(self, words: Words = INDONESIAN) -> str:
        """Headline, then one line for each error and warning, errors first.

        A hostile file has hundreds of thousands; nobody reads more than :data:`SHOWN`, and
        ``findings`` holds them all.
        """
        told = [
            finding
            for severity in (Severity.ERROR, Severity.WARNING)
            for finding in self.findings
            if finding.severity is severity
        ]
        lines = [super().message(words), *(f"- {f.text(words)}" for f in told[:SHOWN])]
        if len(told) > SHOWN:
            lines.append(words.say("error.input_refused.more", count=len(told) - SHOWN))
        return "\n".join(lines)


class PolicyError(RembugError):
    """A policy file is wrong or contradicts itself."""


class ScenarioError(RembugError):
    """A scenario names something that does not exist or is out of range."""


class Infeasible(RembugError):
    """No allocation satisfies what was asked; carries the conflicting rules in words."""


class SolverFailed(RembugError):
    """The solver gave no usable answer within its limits."""


class PlanRejected(RembugError):
    """The independent checker refused a computed plan: our defect, never shown as a plan."""

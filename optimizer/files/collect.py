"""What a reader finds while it reads: one collector for every kind of file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from optimizer.errors import Finding, Place, Severity
from optimizer.nearest import nearest

__all__ = ["Collector"]

_COMPARISONS = 300_000
_NO_PLACE = Place()


class Collector:
    """Collects the findings of one file; suggests the nearest known name for an unknown one.

    Parameters
    ----------
    file : str
        The file of places that name none.
    prefix : str
        What every code begins with.
    most : int or None
        Of each kind so many are kept, and :meth:`all` says how many more there are.
    longest : int or None
        Characters of a value that are shown.
    """

    def __init__(
        self,
        file: str = "",
        *,
        prefix: str = "",
        most: int | None = None,
        longest: int | None = None,
    ) -> None:
        self.findings: list[Finding] = []
        self._file, self._prefix, self._most, self._longest = file, prefix, most, longest
        self._seen: Counter[str] = Counter()
        self._last: dict[str, Finding] = {}
        self._near: dict[tuple[str, str], str] = {}
        self._comparisons = _COMPARISONS

    @property
    def refused(self) -> bool:
        """Whether there is an error among the findings."""
        return any(f.severity is Severity.ERROR for f in self.findings)

    def add(self, code: str, severity: Severity, place: Place = _NO_PLACE, /, **data: Any) -> None:
        """Record one thing that was found."""
        if self._file and not place.file:
            place = replace(place, file=self._file)
        if self._longest and len(place.value) > self._longest:
            place = replace(place, value=place.value[: self._longest] + "…")
        finding = Finding(self._prefix + code, severity, place, data)
        if self._most is not None:
            self._seen[code] += 1
            self._last[code] = finding
        if self._most is None or self._seen[code] <= self._most:
            self.findings.append(finding)

    def error(self, code: str, place: Place = _NO_PLACE, /, **data: Any) -> None:
        """Record an error."""
        self.add(code, Severity.ERROR, place, **data)

    def warning(self, code: str, place: Place = _NO_PLACE, /, **data: Any) -> None:
        """Record a warning."""
        self.add(code, Severity.WARNING, place, **data)

    def note(self, code: str, place: Place = _NO_PLACE, /, **data: Any) -> None:
        """Record a note."""
        self.add(code, Severity.NOTE, place, **data)

    def unknown(
        self,
        code: str,
        place: Place,
        known: Collection[str],
        severity: Severity = Severity.ERROR,
        **data: Any,
    ) -> None:
        """Record an unknown name; ``<code>_near`` is said where a known one comes near."""
        near = self.near(code, place.value, known)
        if near:
            code, data = f"{code}_near", {**data, "near": near}
        self.add(code, severity, place, **data)

    def near(self, topic: str, text: str, known: Collection[str]) -> str:
        """The nearest known name, or nothing. Bounded: a hostile file asks 200 000 times."""
        if (topic, text) not in self._near:
            if self._comparisons < len(known):
                return ""
            self._comparisons -= len(known)
            self._near[topic, text] = nearest(text, known, 0.6)
        return self._near[topic, text]

    def all(self, closing: str) -> tuple[Finding, ...]:
        """Everything found, with a closing line of this code for each kind that was cut short."""
        more = [
            Finding(closing, last.severity, last.place, {"count": count, "example": code})
            for code, last in self._last.items()
            if (count := self._seen[code] - (self._most or 0)) > 0
        ]
        return (*self.findings, *more)

"""Two trees of plain data compared field by field, so that no field can be forgotten.

What is expected decides what is looked at: every key, every row, every kind of value. Rows are
matched by what names them, so that one row too many is one difference and not a thousand.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from optimizer.words import Message

__all__ = ["Difference", "differences"]

# What names a row of a list; rows of other lists are matched by their place.
ROWS: Mapping[str, tuple[str, ...]] = {
    "funded": ("id",),
    "allocations": ("unit", "account"),
    "envelopes": ("unit", "account"),
    "pools": ("kelurahan", "account"),
    "checks": ("rule", "place"),
    "pins": ("id",),
    "duals": ("unit", "account", "side"),
}
LONG = 60

_Name: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in a file that is not as it should be.

    Attributes
    ----------
    place : str
        Path in the file: ``funded[3].cost``.
    kind : str
        Its sentence is ``recheck.<kind>``.
    row : str
        What names the row it stands in, such as the proposal's id.
    recorded, expected : str
        As JSON writes them.
    """

    place: str
    kind: str
    row: str = ""
    recorded: str = ""
    expected: str = ""

    def record(self) -> dict[str, str]:
        """The difference for programs."""
        return asdict(self)

    @property
    def message(self) -> Message:
        """The difference in one sentence."""
        where = f"{self.place} ({self.row})" if self.row else self.place
        return Message(
            f"recheck.{self.kind}",
            {"where": where, "recorded": self.recorded, "expected": self.expected},
        )


def differences(
    recorded: Any, expected: Any, place: str = "", row: str = ""
) -> Iterator[Difference]:
    """Everything in which a recorded tree is not the expected one."""
    if isinstance(expected, Mapping) and isinstance(recorded, Mapping):
        yield from _of_objects(recorded, expected, place, row)
    elif isinstance(expected, list) and isinstance(recorded, list):
        yield from _of_lists(recorded, expected, place)
    elif kind := _wrong(recorded, expected):
        yield Difference(place, kind, row, text(recorded), text(expected))


def _wrong(recorded: Any, expected: Any) -> str:
    if isinstance(recorded, float) and not math.isfinite(recorded):
        return "not_a_number"
    if not _alike(recorded, expected):
        return "type"
    return "" if recorded == expected else "differs"


def _alike(recorded: Any, expected: Any) -> bool:
    """Whether a value is of the kind expected; a fraction may be written as a whole number."""
    kinds = (float, int) if type(expected) is float else (type(expected),)
    return type(recorded) in kinds


def text(value: Any) -> str:
    """A value as JSON writes it, the inside of objects and lists left away."""
    if isinstance(value, Mapping):
        return "{…}"
    if isinstance(value, list):
        return "[…]"
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= LONG else f"{written[:LONG]}…"


def _of_objects(
    recorded: Mapping[str, Any], expected: Mapping[str, Any], place: str, row: str
) -> Iterator[Difference]:
    def path(key: str) -> str:
        return f"{place}.{key}" if place else key

    for key in getattr(recorded, "twice", ()):
        yield Difference(path(key), "key_twice", row)
    for key, value in expected.items():
        if key in recorded:
            yield from differences(recorded[key], value, path(key), row)
        else:
            yield Difference(path(key), "missing", row, expected=text(value))
    for key in recorded:
        if key not in expected:
            yield Difference(path(key), "extra", row, text(recorded[key]))


# --- lists ----------------------------------------------------------------------------------


def _of_lists(recorded: list[Any], expected: list[Any], place: str) -> Iterator[Difference]:
    keys = ROWS.get(place, ())
    wanted = {name: k for k, name in enumerate(_names(expected, keys))}
    found = list(_names(recorded, keys))
    pairs = _pairs(found, wanted)
    order = [pairs[k] for k in range(len(recorded)) if k in pairs]
    for k, value in enumerate(recorded):
        here, row = f"{place}[{k}]", ", ".join(found[k][:-1])
        if k in pairs:
            yield from differences(value, expected[pairs[k]], here, row)
        else:
            twice = bool(keys) and found[k][-1] != "0"
            yield Difference(here, "row_twice" if twice else "extra", row, text(value))
    there = set(order)
    for name, k in wanted.items():
        if k not in there:
            yield Difference(place, "missing", ", ".join(name[:-1]), expected=text(expected[k]))
    if order != sorted(order):
        yield Difference(place, "row_order")


def _names(rows: Sequence[Any], keys: Sequence[str]) -> Iterator[_Name]:
    """What names each row, and the how-manieth of that name it is."""
    seen: Counter[_Name] = Counter()
    for row in rows:
        values = [row.get(key) for key in keys] if isinstance(row, Mapping) else []
        name = tuple(v if isinstance(v, str) else text(v) for v in values)
        yield (*name, str(seen[name]))
        seen[name] += 1


def _pairs(found: Sequence[_Name], wanted: Mapping[_Name, int]) -> dict[int, int]:
    """Recorded row → expected row: of the same name, else where neither is named elsewhere."""
    pairs = {k: wanted[name] for k, name in enumerate(found) if name in wanted}
    taken = set(pairs.values())
    for k in range(min(len(found), len(wanted))):
        if k not in pairs and k not in taken:
            pairs[k] = k
    return pairs

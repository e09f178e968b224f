"""Every way to change one thing in a tree of plain data, by kind of value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from optimizer.files.plans_in import Written

Path = tuple[str | int, ...]
NAN = float("nan")


@dataclass(frozen=True)
class Tampering:
    """One change.

    Attributes
    ----------
    path
        Where, by keys and numbers of rows.
    what : str
        What was done there.
    tree
        The tree with the change.
    """

    path: Path
    what: str
    tree: Any

    @property
    def kind(self) -> str:
        """The field and what was done, whatever the row or the unit."""
        field = re.sub(r"\[\d+\]", "[]", place(self.path))
        return re.sub(r"\.\w+/[\w/]+", ".*", field) + f" {self.what}"


def place(path: Path) -> str:
    """A path as messages write it."""
    words = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(words).removeprefix(".")


def tamperings(tree: Any) -> Iterator[Tampering]:
    """All changes of all values in a tree."""
    for path, value in _walk(tree, ()):
        for what, other in _others(value) if path else ():
            yield Tampering(path, what, _with(tree, path, other))
        if isinstance(value, dict):
            yield Tampering((*path, "baru"), "unknown", _with(tree, (*path, "baru"), 1))
        if path and isinstance(path[-1], str):
            yield Tampering(path, "left out", _with(tree, path, None, drop=True))
            yield Tampering(path, "written twice", _twice(tree, path))


def _walk(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    yield path, value
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _walk(inner, (*path, step))


def _others(value: Any) -> Iterator[tuple[str, Any]]:
    """Other values in the place of one."""
    yield "null", None
    if isinstance(value, int | float):
        yield "one more", value + 1
        yield "one less", value - 1
        yield "in quotes", json.dumps(value)
        yield "true", True
        yield "NaN", NAN
        yield "a half more", value + 0.5
    elif isinstance(value, str):
        yield "other text", f"{value}x"
        yield "a number", 1
    elif isinstance(value, list):
        yield "an object", {}
        yield "one more row", [*value, deepcopy(value[0]) if value else 1]
        if value:
            yield "one row less", value[1:]
        if value != value[::-1]:
            yield "turned round", value[::-1]
    else:
        yield "a list", []


def _with(tree: Any, path: Path, value: Any, *, drop: bool = False) -> Any:
    tree = deepcopy(tree)
    inner = tree
    for step in path[:-1]:
        inner = inner[step]
    if drop:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return tree


def _twice(tree: Any, path: Path) -> Any:
    """The object that holds a field says it two times."""
    holder = tree
    for step in path[:-1]:
        holder = holder[step]
    written = Written([*holder.items(), (str(path[-1]), holder[path[-1]])])
    return _with(tree, path[:-1], written) if path[:-1] else written

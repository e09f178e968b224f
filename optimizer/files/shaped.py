"""A YAML file held against its model: what does not fit is said by line."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from optimizer.errors import Finding, InputRefused, Place, Severity
from optimizer.files.yamls import Yaml
from optimizer.nearest import nearest

__all__ = ["shaped", "unknown"]

_M = TypeVar("_M", bound=BaseModel)
# What was expected, in signs that read alike in every language, by pydantic's kind of error.
_EXPECTED = {
    "bool_parsing": "true, false",
    "bool_type": "true, false",
    "decimal_max_digits": "3, 0.35",
    "decimal_max_places": "3, 0.35",
    "decimal_parsing": "3, 0.35",
    "decimal_type": "3, 0.35",
    "dict_type": "{…: …}",
    "greater_than_equal": "≥ %(ge)s",
    "int_type": "100000000",
    "less_than_equal": "≤ %(le)s",
    "list_type": "[…, …]",
    "model_type": "{…: …}",
    "string_type": '"…"',
    "too_short": "{…: …}",
}
_SHOWN = 80


def shaped(model: type[_M], file: Yaml, name: str) -> _M:
    """What a file holds, as its model.

    Raises
    ------
    InputRefused
        With all that does not fit.
    """
    try:
        return model.model_validate(file.data)
    except ValidationError as error:
        findings = [_finding(dict(e), model, file, name) for e in error.errors()]
        # A misspelt key is not missing, too.
        meant = {f.data.get("near") for f in findings if f.code == "yaml_key_near"}
        told = [f for f in findings if f.code != "yaml_key_missing" or f.data["key"] not in meant]
        raise InputRefused(told, name) from error


def _finding(error: Mapping[str, Any], model: type[BaseModel], file: Yaml, name: str) -> Finding:
    path, kind, context = tuple(error["loc"]), error["type"], error.get("ctx") or {}
    if kind == "extra_forbidden":
        return unknown("yaml_key", _place(file, name, path, path[-1]), _keys(model, path[:-1]))
    if kind == "missing":
        place = _place(file, name, path)
        return Finding("yaml_key_missing", Severity.ERROR, place, {"key": path[-1]})
    if kind in {"enum", "literal_error"}:
        known = re.findall(r"'([^']*)'", str(context["expected"]))
        return unknown("yaml_choice", _place(file, name, path, error["input"]), known)
    if "key" in context:
        place = _place(file, name, (*path, *([context["key"]] if context["key"] else [])))
        return Finding(kind, Severity.ERROR, place, context)
    expected = _EXPECTED.get(kind, "…") % context
    place = _place(file, name, path, error["input"])
    key = next((p for p in reversed(path) if isinstance(p, str)), name)
    return Finding("yaml_value", Severity.ERROR, place, {"key": key, "expected": expected})


def _place(file: Yaml, name: str, path: Sequence[str | int], value: object = "") -> Place:
    # Only a plain value is shown: a list can be a million aliases long.
    plain = isinstance(value, str | int | float)
    return Place(name, row=file.line(path), value=str(value)[:_SHOWN] if plain else "")


def unknown(code: str, place: Place, known: Collection[str], **data: object) -> Finding:
    """A name that nobody knows: ``<code>_near`` where a known one comes near, and all of them."""
    near = nearest(place.value, known, 0.55)
    meant = {"near": near} if near else {}
    told = {"known": ", ".join(known), **meant, **data}
    return Finding(f"{code}_near" if "near" in told else code, Severity.ERROR, place, told)


def _keys(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    """The keys that a model takes at a path."""
    for step in path:
        inner = _models(model.model_fields[step].annotation) if step in model.model_fields else []
        model = inner[0] if inner else model
    return [field.alias or key for key, field in model.model_fields.items()]


def _models(annotation: Any) -> list[type[BaseModel]]:
    """The models that an annotation holds, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for inner in getattr(annotation, "__args__", ()) for m in _models(inner)]

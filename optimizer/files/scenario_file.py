"""The keys of a scenario file (YAML), checked at the edge; see the README."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Literal

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from optimizer.errors import ScenarioError
from optimizer.nearest import nearest
from optimizer.record.meetings import Counting
from optimizer.record.scenario import STAGES, Stage

__all__ = ["ScenarioFile", "read_keys", "read_stage"]

_COUNT_WORDS = {"orang": "voter", "keluarga": "family", "kk": "family"}
_OPTIONS = frozenset({"evenness", "alpha", "over"})
_MOST_PROBLEMS = 10


class _PinFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    pin: Literal["in", "out"] = Field(
        validation_alias=AliasChoices("pin", "decision", "state", "status", "value")
    )
    reason: str = Field("", validation_alias=AliasChoices("reason", "alasan"))

    @model_validator(mode="before")
    @classmethod
    def _in_order(cls, value: Any) -> Any:
        """``[U-0412, out, "why"]`` says the same as the three keys."""
        listed = isinstance(value, list) and len(value) in {2, 3}
        return dict(zip(("id", "pin", "reason"), value, strict=False)) if listed else value


class ScenarioFile(BaseModel):
    """Keys of a scenario file, those that it extends already merged in."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = ""
    extends: str | None = None
    dataset: str
    policy: str
    objective: list[str | dict[str, Any]] = Field(["order"], min_length=1)
    joint_share: Decimal | Literal["best"] | None = None
    count: Counting = Counting.RT
    order_as: Literal["borda"] | None = None
    pins: list[_PinFile] = []
    overrides: dict[str, Any] = {}
    solver: Literal["auto", "reference", "fast"] = "auto"
    time_limit: float | None = Field(None, gt=0)
    alone: bool = False
    weights: dict[str, Decimal | dict[str, Decimal]] = {}

    @field_validator("objective", mode="before")
    @classmethod
    def _as_list(cls, value: Any) -> Any:
        """One stage alone, or a mapping from stage to options, in its order."""
        if isinstance(value, str):
            return [value]
        if isinstance(value, dict):
            named = "stage" in value or "name" in value
            return [value] if named else [{name: options} for name, options in value.items()]
        return value

    @field_validator("joint_share", mode="before")
    @classmethod
    def _percent(cls, value: Any) -> Any:
        """``30%`` as everywhere else."""
        text = str(value).strip()
        try:
            return Decimal(text[:-1].replace(",", ".")) / 100 if text.endswith("%") else value
        except InvalidOperation:
            return value

    @field_validator("count", mode="before")
    @classmethod
    def _count_word(cls, value: Any) -> Any:
        return _COUNT_WORDS.get(str(value).lower(), value)


def read_keys(keys: Mapping[str, Any], name: str) -> ScenarioFile:
    """The keys of a scenario, all problems told at once.

    Parameters
    ----------
    name
        Of the file, for the message.

    Raises
    ------
    ScenarioError
        ``scenario_invalid``; ``pins_twice`` where a proposal is pinned more than once.
    """
    try:
        spec = ScenarioFile.model_validate(keys)
    except ValidationError as error:
        problems = "; ".join(_problem(dict(e)) for e in error.errors()[:_MOST_PROBLEMS])
        raise ScenarioError("scenario_invalid", path=name, problems=problems) from error
    pinned = [pin.id for pin in spec.pins]
    twice = sorted({id for id in pinned if pinned.count(id) > 1})
    if twice:
        raise ScenarioError("pins_twice", path=name, ids=", ".join(twice))
    return spec


def read_stage(spec: str | dict[str, Any], file: str) -> Stage:
    """``support``, ``{welfare: {evenness: 0.5}}`` or ``{stage: welfare, evenness: 0.5}``.

    Raises
    ------
    ScenarioError
        ``unknown_stage``, ``scenario_invalid`` or ``value_out_of_range``.
    """
    name, options = _named(spec, file)
    if name not in STAGES:
        near = nearest(name, STAGES)
        raise ScenarioError("unknown_stage", name=name, near=near, known=", ".join(STAGES))
    for option in options:
        if option not in _OPTIONS:
            raise ScenarioError(
                "scenario_invalid", path=file, problems=f"objective.{name}.{option}"
            )
    evenness = options.get("evenness", options.get("alpha", "0.5"))
    try:
        value = Fraction(Decimal(str(evenness)))
    except (InvalidOperation, ValueError, OverflowError):
        value = Fraction(-1)
    if not 0 <= value <= 1:
        raise ScenarioError(
            "value_out_of_range", path="objective.evenness", value=evenness, expected="0–1"
        )
    return Stage(name, value, str(options.get("over", "rw")))


def _named(spec: str | dict[str, Any], file: str) -> tuple[str, dict[str, Any]]:
    """A stage's name and options."""
    if isinstance(spec, str):
        return spec, {}
    if "stage" in spec or "name" in spec:
        options = dict(spec)
        return str(options.pop("stage", None) or options.pop("name")), options
    if len(spec) != 1:
        raise ScenarioError("scenario_invalid", path=file, problems=f"objective: {spec}")
    ((name, given),) = spec.items()
    if given is None:
        return str(name), {}
    return str(name), given if isinstance(given, dict) else {"evenness": given}


# What was expected, in signs that read alike in every language, by pydantic's kind of error.
_EXPECTED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "literal_error": lambda c: str(c["expected"]).replace("'", "").replace(" or ", ", "),
    "enum": lambda c: str(c["expected"]).replace("'", "").replace(" or ", ", "),
    "list_type": lambda _: "[…, …]",
    "dict_type": lambda _: "{…: …}",
    "model_type": lambda _: "{id: U-1, pin: in}",
    "string_type": lambda _: '"…"',
    "bool_parsing": lambda _: "true, false",
    "decimal_parsing": lambda _: "0.3",
    "float_parsing": lambda _: "60",
    "greater_than": lambda c: f"> {c['gt']:g}",
    "too_short": lambda _: ", ".join(STAGES),
}


def _problem(error: dict[str, Any]) -> str:
    where = ".".join(str(part) for part in error["loc"])
    kind = error["type"]
    if kind == "extra_forbidden":
        near = nearest(where, ScenarioFile.model_fields, 0.5)
        return f'"{where}"?' + (f" → {near}" if near else "")
    if kind == "missing":
        return f"{where}: …?"
    if kind not in _EXPECTED:
        return f"{where}: {error['msg']}"
    return f"{where}: {error['input']} → {_EXPECTED[kind](error.get('ctx') or {})}"

"""``dataset.yaml``, and the sheet ``dataset`` that says the same in a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from optimizer.errors import InputRefused, Place
from optimizer.files.collect import Collector
from optimizer.files.grid import Sheet
from optimizer.files.yamls import parse_yaml
from optimizer.record.dataset import Metadata

__all__ = [
    "DATASET_YAML",
    "META_SHEET",
    "DatasetFile",
    "meta_rows",
    "meta_yaml",
    "parse_meta",
    "read_meta",
    "read_meta_sheet",
]

DATASET_YAML = "dataset.yaml"
META_SHEET = "dataset"
MAX_YAML = 200_000
_HEADINGS = frozenset({"kunci", "key"})

_Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]


class _ByLanguage(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    id: tuple[_Text, ...] = ()
    en: tuple[_Text, ...] = ()


class DatasetFile(BaseModel):
    """What ``dataset.yaml`` may say; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: Annotated[_Text, Field(min_length=1)]
    fiscal_year: Annotated[int, Field(ge=0, le=2200)] = 0
    kota: _Text = ""
    kecamatan: Mapping[str, _Text] = {}
    real: _ByLanguage = _ByLanguage()
    made_up: _ByLanguage = _ByLanguage()
    made_up_notice: bool = False
    sources: tuple[_Text, ...] = ()
    points_max: Annotated[int, Field(ge=0, le=10**6)] = 0

    def metadata(self) -> Metadata:
        """The same as a value of the engine."""
        return Metadata(
            name=self.name,
            fiscal_year=self.fiscal_year,
            kota=self.kota,
            kecamatan=dict(self.kecamatan),
            real=_languages(self.real),
            made_up=_languages(self.made_up),
            made_up_notice=self.made_up_notice,
            sources=self.sources,
        )


def _languages(texts: _ByLanguage) -> dict[str, tuple[str, ...]]:
    return {lang: t for lang, t in (("id", texts.id), ("en", texts.en)) if t}


def read_meta(path: Path, report: Collector) -> DatasetFile:
    """Read ``dataset.yaml``; a folder without one is named after itself, with a warning."""
    name = path.resolve().parent.name or "dataset"
    if not path.is_file():
        report.warning("meta_missing", Place(file=DATASET_YAML))
        return DatasetFile(name=name)
    try:
        return parse_meta(path.read_bytes(), name, report)
    except OSError:
        report.error("meta_unreadable", Place(file=DATASET_YAML))
        return DatasetFile(name=name)


def parse_meta(data: bytes, name: str, report: Collector) -> DatasetFile:
    """The content of a ``dataset.yaml``; ``name`` stands where it cannot be read."""
    place = Place(file=DATASET_YAML)
    default = DatasetFile(name=name)
    if len(data) > MAX_YAML:
        report.error("meta_big", place, limit=MAX_YAML // 1000)
        return default
    try:
        content = parse_yaml(data, DATASET_YAML).data
    except InputRefused as refused:
        report.findings += refused.findings
        return default
    if not isinstance(content, dict):
        report.error("yaml_no_mapping", place)
        return default
    return _validated(content, place, report) or default


def _validated(content: Mapping[Any, Any], place: Place, report: Collector) -> DatasetFile | None:
    try:
        return DatasetFile.model_validate(dict(content))
    except ValidationError as error:
        known = [*DatasetFile.model_fields, "id", "en"]
        for problem in error.errors(include_url=False, include_context=False):
            _problem(problem, place, known, report)
        return None


def _problem(problem: Any, place: Place, known: list[str], report: Collector) -> None:
    key = ".".join(str(part) for part in problem["loc"])[:80]
    given = problem["input"]
    # Only a plain value is shown: a list can be a million aliases deep.
    value = str(given)[:80] if isinstance(given, str | int | float | bool) else ""
    where = Place(place.file, place.sheet, column=key, value=value)
    if problem["type"] == "extra_forbidden":
        named = Place(place.file, place.sheet, column=key, value=str(problem["loc"][-1])[:80])
        report.unknown("meta_key", named, known)
    elif problem["type"] == "missing":
        report.error("meta_key_missing", where)
    else:
        report.error("meta_value", where, expected=_EXPECTED.get(key.split(".")[0], "text"))


_EXPECTED = {
    "fiscal_year": "2023",
    "points_max": "10",
    "made_up_notice": "true / false",
    "real": "{id: [...], en: [...]}",
    "made_up": "{id: [...], en: [...]}",
    "sources": "[..., ...]",
    "kecamatan": "{kelurahan: kecamatan}",
}


# --- the sheet of a workbook ------------------------------------------------------------


def read_meta_sheet(sheet: Sheet | None, name: str, file: str, report: Collector) -> DatasetFile:
    """Read the sheet ``dataset`` (kunci, nilai); a workbook without it is named after itself."""
    default = DatasetFile(name=name)
    place = Place(file, META_SHEET)
    if sheet is None:
        report.note("meta_sheet_missing", place)
        return default
    content: dict[str, Any] = {}
    for number, row in enumerate(sheet.rows, start=1):
        key, value, *more = (str(v).strip() if v is not None else "" for v in (*row, None, None))
        if number == 1 and key.casefold() in _HEADINGS:
            continue
        unused = more if not value or _put(content, key, value) else [value, *more]
        for text in filter(None, unused):
            where = Place(file, META_SHEET, number, value=text[:80])
            report.warning("meta_cell_unused", where)
    content.setdefault("name", name)
    return _validated(content, place, report) or default


def _put(content: dict[str, Any], key: str, value: str) -> bool:
    """Add one row; false where it says nothing, or says again what may be said once."""
    head, _, rest = key.partition(".")
    if head in {"real", "made_up"}:
        content.setdefault(head, {}).setdefault(rest, []).append(value)
    elif head == "sources":
        content.setdefault(head, []).append(value)
    elif head == "kecamatan":
        content.setdefault(head, {})[rest] = value
    elif not key or key in content:
        return False
    else:
        content[key] = {"ya": "true", "tidak": "false"}.get(value.casefold(), value)
    return True


def meta_rows(meta: Metadata, points_max: int) -> Iterator[tuple[str, str]]:
    """Rows of the sheet ``dataset``."""
    yield "name", meta.name
    yield "fiscal_year", str(meta.fiscal_year)
    yield "kota", meta.kota
    for kelurahan, kecamatan in sorted(meta.kecamatan.items()):
        yield f"kecamatan.{kelurahan}", kecamatan
    for key, texts in (("real", meta.real), ("made_up", meta.made_up)):
        for lang in sorted(texts, reverse=True):
            for text in texts[lang]:
                yield f"{key}.{lang}", text
    yield "made_up_notice", "true" if meta.made_up_notice else "false"
    for source in meta.sources:
        yield "sources", source
    if points_max:
        yield "points_max", str(points_max)


def meta_yaml(meta: Metadata, points_max: int) -> str:
    """The text of ``dataset.yaml``."""
    content: dict[str, Any] = {
        "name": meta.name,
        "fiscal_year": meta.fiscal_year,
        "kota": meta.kota,
        "kecamatan": dict(sorted(meta.kecamatan.items())),
        "real": {lang: list(t) for lang, t in sorted(meta.real.items(), reverse=True)},
        "made_up": {lang: list(t) for lang, t in sorted(meta.made_up.items(), reverse=True)},
        "made_up_notice": meta.made_up_notice,
        "sources": list(meta.sources),
    }
    if points_max:
        content["points_max"] = points_max
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)

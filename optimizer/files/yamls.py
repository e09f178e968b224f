"""Reading YAML that may be hostile: safe loader, size limit, clear messages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from optimizer.errors import RembugError

MAX_BYTES = 2_000_000


def read_yaml(path: Path) -> Any:
    """The content of a YAML file as plain data.

    Raises
    ------
    RembugError
        ``file_missing``, ``file_too_large``, ``yaml_unreadable`` (tags, bad syntax, not text).
    """
    if not path.is_file():
        raise RembugError("file_missing", path=path)
    if path.stat().st_size > MAX_BYTES:
        raise RembugError("file_too_large", path=path.name, limit=MAX_BYTES // 10**6)
    try:
        return parse_yaml(path.read_text("utf-8-sig"), path.name)
    except UnicodeDecodeError as error:
        raise RembugError("yaml_unreadable", path=path.name, line=1, problem="UTF-8?") from error


def parse_yaml(text: str, name: str = "") -> Any:
    """Plain data from YAML text; tags such as ``!!python`` are refused."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or type(error).__name__
        line = mark.line + 1 if mark else 1
        raise RembugError("yaml_unreadable", path=name, line=line, problem=problem) from error

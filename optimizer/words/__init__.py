"""Every sentence a person can read, in Bahasa Indonesia and English.

The YAML files beside this module are the only source of wording: each top-level key is a
message id, each message has an ``id`` and an ``en`` text with ``{named}`` placeholders.
The engine hands out message ids and data; only the edges (CLI, sheets, screens) call
:func:`say`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

LANGUAGES = ("id", "en")
# As safe, and eight times faster where PyYAML was built with libyaml.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """All messages by id; a message id defined twice is an error."""
    messages: dict[str, Mapping[str, str]] = {}
    for file in sorted(resources.files(__name__).iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".yaml"):
            continue
        for key, texts in (yaml.load(file.read_text("utf-8"), _LOADER) or {}).items():
            if key in messages:
                raise ValueError(f"message {key!r} is defined twice ({file.name})")
            messages[key] = texts
    return messages


def has(key: str) -> bool:
    """Whether a message with this id exists."""
    return key in catalogue()


def say(key: str, lang: str = "id", /, **data: Any) -> str:
    """Return the message ``key`` in ``lang`` with ``data`` filled in.

    Raises
    ------
    KeyError
        If the message or a placeholder is missing: a defect, caught by the tests.
    """
    return catalogue()[key][lang].format(**data)

"""The languages there are, and their messages."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import yaml

FIRST = "id"
"""The language of whoever asks for none; every message exists in it."""

ELSEWHERE = "REMBUG_LANGUAGES"
"""Environment variable: a folder with folders of further languages, such as ``jv/``."""

Text = str | Mapping[str, str]
"""A text, or one for each plural category (CLDR: ``one``, ``other`` …) of its ``count``."""

# As safe, and eight times faster where PyYAML was built with libyaml.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def _folders() -> Mapping[str, Traversable]:
    """The folder of each language; a further folder never replaces a shipped one."""
    own = resources.files(__package__)
    roots: list[Traversable] = [Path(os.environ[ELSEWHERE])] if os.environ.get(ELSEWHERE) else []
    return {
        folder.name: folder
        for root in (*roots, own)
        for folder in root.iterdir()
        if folder.is_dir() and any(f.name.endswith(".yaml") for f in folder.iterdir())
    }


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages there are, Indonesian first."""
    return (FIRST, *sorted(_folders().keys() - {FIRST}))


@cache
def messages(lang: str) -> Mapping[str, Text]:
    """The messages of one language by id; only its own files are read.

    Raises
    ------
    ValueError
        If two files define the same message.
    """
    found: dict[str, Text] = {}
    for file in sorted(_folders()[lang].iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".yaml"):
            continue
        texts = yaml.load(file.read_text("utf-8"), _LOADER) or {}
        if twice := found.keys() & texts.keys():
            raise ValueError(f"{lang}/{file.name}: defined twice: {', '.join(sorted(twice))}")
        found.update(texts)
    return found

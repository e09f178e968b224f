"""Every sentence a person can read; the only room that knows a language.

One folder per language (``id/``, ``en/``, …) holds YAML files of ``message id: text``; texts
have ``{named}`` placeholders. Files group messages by subject, ids are unique in the folder.
The engine hands out message ids and typed data; the edges (CLI, sheets, screens) hold one
:class:`Words` and let it say them.
"""

from collections.abc import Mapping
from typing import Any

from optimizer.words.catalogue import ELSEWHERE, FIRST, languages, messages
from optimizer.words.spoken import Message, Terms, Words, in_language

__all__ = [
    "ELSEWHERE",
    "FIRST",
    "LANGUAGES",
    "Message",
    "Terms",
    "Words",
    "catalogue",
    "has",
    "in_language",
    "languages",
    "messages",
    "say",
]

# What follows goes as soon as every room holds a `Words`.
LANGUAGES = languages()
has = Words.has


def catalogue() -> Mapping[str, Mapping[str, Any]]:
    """All messages by id and language."""
    return {key: {lang: messages(lang)[key] for lang in LANGUAGES} for key in messages(FIRST)}


def say(key: str, lang: str = FIRST, /, **data: Any) -> str:
    """A message where only the code of a language is at hand."""
    return in_language(lang).say(key, **data)

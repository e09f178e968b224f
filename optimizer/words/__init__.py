"""Every sentence a person can read; the only room that knows a language.

One folder per language (``id/``, ``en/``, …) holds YAML files of ``message id: text``; texts
have ``{named}`` placeholders. Files group messages by subject, ids are unique in the folder.
The engine hands out message ids and typed data; the edges (CLI, sheets, screens) hold one
:class:`Words` and let it say them.
"""

from optimizer.words.catalogue import ELSEWHERE, FIRST, languages, messages
from optimizer.words.spoken import INDONESIAN, Message, Sayable, Terms, Words

__all__ = [
    "ELSEWHERE",
    "FIRST",
    "INDONESIAN",
    "Message",
    "Sayable",
    "Terms",
    "Words",
    "languages",
    "messages",
]

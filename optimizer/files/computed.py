"""Computed sets: files that were written together, and a manifest that holds them to it.

``manifest.json`` names the files of each set of a folder with their sha256. While a set is being
replaced it stands aside under another name, and comes back last: a set whose writing was cut
short is never taken for whole. A file that no manifest names stands alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from optimizer.errors import RembugError
from optimizer.files.safely import move, put, refusals, settle, staging

__all__ = ["MANIFEST", "PENDING", "refuse_torn", "torn", "write_set"]

MANIFEST = "manifest.json"
PENDING = "manifest.belum-selesai.json"
SCHEMA = "rembug-manifest/1"
FORMS = frozenset({"check", "sheets"})
"""Sets of forms, which people go on writing in: only their writing can be cut short."""

Sets = Mapping[str, Mapping[str, str]]


def write_set(
    folder: Path | str, kind: str, files: Iterable[tuple[str, bytes]]
) -> tuple[Path, ...]:
    """Write files that belong together into a folder (made if needed).

    All are staged first, so that the older set stays as it is until nothing but renaming is
    left to do. Files of an earlier run that this one does not write stay, as files of no set.

    Parameters
    ----------
    kind : str
        What the set is, such as ``plan``; a folder may hold one of each.
    files
        Name below the folder and content; taken one by one.

    Raises
    ------
    RembugError
        ``manifest_foreign`` where another program's manifest lies there, and those of
        :func:`optimizer.files.safely.refusals`.
    """
    folder = Path(folder)
    with refusals(folder):
        folder.mkdir(parents=True, exist_ok=True)
        before = _own(folder)
        with staging(folder) as stage:
            names = {name: _staged(stage / name, content) for name, content in files}
            record = {"schema": SCHEMA, "sets": {**before, kind: names}}
            put(stage / PENDING, (json.dumps(record, indent=1, sort_keys=True) + "\n").encode())
            _replace(stage, folder, list(names))
    return tuple(folder / name for name in names)


def _staged(path: Path, content: bytes) -> str:
    put(path, content)
    return hashlib.sha256(content).hexdigest()


def _replace(stage: Path, folder: Path, names: list[str]) -> None:
    move(stage, folder, PENDING)
    (folder / MANIFEST).unlink(missing_ok=True)
    settle(folder)
    for name in names:
        move(stage, folder, name)
    settle(folder, *names)
    (folder / PENDING).replace(folder / MANIFEST)
    settle(folder)


def _own(folder: Path) -> Sets:
    """The sets of a folder that is about to be written to."""
    sets, _ = _sets(folder)
    if not sets and (folder / MANIFEST).exists():
        raise RembugError("manifest_foreign", folder=folder)
    return sets


# --- reading ----------------------------------------------------------------------------


def refuse_torn(path: Path) -> None:
    """Refuse a file of a set that is not whole.

    Raises
    ------
    RembugError
        ``set_torn`` with the files that are missing or are not those that were written.
    """
    wrong = torn(path)
    if wrong:
        raise RembugError("set_torn", path=path.name, files=", ".join(wrong))


def torn(path: Path) -> tuple[str, ...]:
    """Files missing or changed in the sets that a file belongs to; none where it stands alone."""
    return tuple(dict.fromkeys(_wrong(path)))


def _wrong(path: Path) -> Iterator[str]:
    place = path.absolute()
    for folder in (place.parent, place.parent.parent):
        sets, finished = _sets(folder)
        name = place.relative_to(folder).as_posix()
        for kind, files in sets.items():
            if name in files and not (finished and kind in FORMS):
                yield from (n for n, sha in files.items() if _sha256(folder / n) != sha)


def _sets(folder: Path) -> tuple[Sets, bool]:
    """The sets that a folder's manifest names, and whether their writing was finished."""
    finished = (folder / MANIFEST).exists()
    try:
        record = json.loads((folder / (MANIFEST if finished else PENDING)).read_bytes())
        return (_typed(record), finished) if record["schema"] == SCHEMA else ({}, finished)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}, finished  # none, or another program's


def _typed(record: Any) -> Sets:
    return {
        str(kind): {str(name): str(sha) for name, sha in files.items()}
        for kind, files in record["sets"].items()
    }


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""  # not there, or nothing that can be read

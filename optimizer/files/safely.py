"""Files written so that neither a killed run nor a full disk costs an older good one.

A file is written under a temporary name beside its place, brought to the disk and then renamed,
which a system does wholly or not at all. What a killed run left behind under a temporary name
is never read, and the next run that writes there takes it away.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from optimizer.errors import RembugError

__all__ = [
    "in_use",
    "move",
    "put",
    "refusal",
    "refusals",
    "settle",
    "staging",
    "sweep",
    "write_file",
    "write_folder",
]

_TEMPORARY = ".sementara"
_WHY = {
    "ENOSPC": "output_full",
    "EDQUOT": "output_full",
    "EFBIG": "output_full",
    "EACCES": "output_denied",
    "EPERM": "output_denied",
    "EROFS": "output_denied",
    "ENOTDIR": "output_no_folder",
    "EEXIST": "output_no_folder",
    "EISDIR": "output_no_file",
}


@contextmanager
def refusals(target: Path) -> Iterator[None]:
    """Say in one sentence why something could not be written.

    Raises
    ------
    RembugError
        ``output_full``, ``output_denied``, ``output_no_folder``, ``output_no_file``, or
        ``output_folder`` with what the system said.
    """
    try:
        yield
    except OSError as error:
        raise refusal(error, target) from error


def refusal(error: OSError, target: object) -> RembugError:
    """The sentence for what the system said about something that was to be written."""
    code = _WHY.get(errno.errorcode.get(error.errno or 0, ""), "output_folder")
    return RembugError(code, folder=target, problem=error.strerror or error)


def write_file(path: Path, content: bytes) -> None:
    """Write one file into its folder (made if needed); an older one stays until this is whole.

    Raises
    ------
    RembugError
        See :func:`refusals`.
    """
    with refusals(path):
        place = Path(os.path.realpath(path))  # a link stays a link
        place.parent.mkdir(parents=True, exist_ok=True)
        with staging(place.parent, place.name) as stage:
            put(stage / place.name, content)
            move(stage, place.parent, place.name)
        settle(place.parent)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files that people go on writing in; nothing there is replaced.

    A new folder is made beside its place and renamed. In one that exists the files appear in
    the order given, so the last must be one that no reader can do without.

    Raises
    ------
    RembugError
        ``folder_not_empty`` where one of the files is there already; see :func:`refusals`.
    """
    with refusals(folder):
        if os.path.lexists(folder):
            _into(folder, files)
            return
        folder.parent.mkdir(parents=True, exist_ok=True)
        with staging(folder.parent, folder.name) as stage:
            _fill(stage, files)
            stage.rename(folder)
        settle(folder.parent)


def in_use(folder: Path) -> bool:
    """Whether anything stands where a new folder should, but for what a killed run left in it."""
    if not folder.is_dir():
        return os.path.lexists(folder)
    with refusals(folder):
        sweep(folder)
        return any(folder.iterdir())


def _into(folder: Path, files: Mapping[str, bytes]) -> None:
    with staging(folder) as stage:
        if any((folder / name).exists() for name in files):
            raise RembugError("folder_not_empty", folder=folder.name)
        _fill(stage, files)
        for name in files:
            move(stage, folder, name)
    settle(folder, *files)


def _fill(stage: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        put(stage / name, content)
    settle(stage, *files)


# --- the steps --------------------------------------------------------------------------


@contextmanager
def staging(folder: Path, name: str = "") -> Iterator[Path]:
    """A temporary folder inside another, for what is about to be ``name`` there."""
    sweep(folder, name)
    stage = folder / f"{_before(name)}{secrets.token_hex(4)}{_TEMPORARY}"
    stage.mkdir()
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def sweep(folder: Path, name: str = "") -> None:
    """Take away what killed runs left in a folder while they wrote ``name``."""
    left = re.compile(rf"{re.escape(_before(name))}[0-9a-f]{{8}}{re.escape(_TEMPORARY)}")
    for entry in list(folder.iterdir()):
        if left.fullmatch(entry.name):
            shutil.rmtree(entry, ignore_errors=True)


def _before(name: str) -> str:
    return f".{name}." if name else "."


def put(path: Path, content: bytes) -> None:
    """Write a file of a staging folder and bring it to the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def move(stage: Path, folder: Path, name: str) -> None:
    """Put a staged file in its place, instead of an older one."""
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    (stage / name).replace(place)


def settle(folder: Path, *names: str) -> None:
    """Bring to the disk which files a folder holds, and the folders of those named."""
    if os.name == "nt":
        return  # Windows opens no folder, and keeps their entries by itself
    for place in {folder, *((folder / name).parent for name in names)}:
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

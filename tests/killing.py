"""A command line, killed (or without space on the disk) at every step of its writing.

This file, run as a program, takes commands up to where they first look at ``root`` and forks
them there once for each step of writing. What lies in ``root`` after each fork is copied beside it;
after every third the command runs again over what the killed one left.
"""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Ends = dict[int, int]

_OPEN = io.open
_LOOKS = ("stat", "lstat", "listdir")
_CHANGES = ("mkdir", "rename", "replace", "unlink", "rmdir", "fsync")


@dataclass(frozen=True)
class Victim:
    """A command that writes in ``folder/root``, and one that has written there earlier."""

    folder: Path
    args: list[str]
    before: list[str] | None = None


def kills(
    victims: list[Victim], points: int | None = None, *, full: bool = False
) -> Iterator[Ends]:
    """Kill each command at its steps; states are ``folder/<step>``, ``whole`` and ``older``.

    Parameters
    ----------
    points
        How many steps of each, evenly spread; all by default.
    full
        Let the steps fail with ENOSPC instead.

    Yields
    ------
    dict
        Exit code by step, -9 where it was killed.
    """
    how = {"points": points, "full": full}
    cases = [{"folder": str(v.folder), "args": v.args, "before": v.before, **how} for v in victims]
    done = subprocess.run(
        [sys.executable, __file__],
        input=json.dumps(cases),
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for codes in done.stdout.splitlines():
        yield {int(step): code for step, code in json.loads(codes).items()}


class Killer:
    """Counts the steps of writing, and forks at the first of them."""

    def __init__(self, folder: Path, points: int | None, *, full: bool) -> None:
        self.folder, self.points, self.full = folder, points, full
        self.root = folder / "root"
        self.first, self.count, self.at = True, 0, 0

    def arm(self) -> None:
        """Have every change of a file pass by :meth:`step`."""
        for name in _LOOKS:
            setattr(os, name, self._passing(getattr(os, name), self.begin))
        for name in _CHANGES:
            setattr(os, name, self._passing(getattr(os, name), self.step))
        io.open = self._open  # what pathlib calls

    def _passing(self, call: Callable[..., Any], first: Callable[[], None]) -> Callable[..., Any]:
        def passing(target: Any, *args: Any, **kwargs: Any) -> Any:
            if self._ours(target):
                first()
            return call(target, *args, **kwargs)

        return passing

    def _ours(self, path: Any) -> bool:
        if isinstance(path, int):  # an open file or folder, of which only ours are brought to disk
            return not self.first
        return Path.cwd().joinpath(path).is_relative_to(self.root)

    def _open(self, file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if "r" in mode or not self._ours(file):
            return _OPEN(file, mode, *args, **kwargs)
        self.step()
        return _Halves(_OPEN(file, mode, *args, **kwargs), self.step)

    def begin(self) -> None:
        """Where the command first looks at what lies in the folder, it is forked."""
        if self.first:
            self.first = False
            self._explore()
            self.count = 0

    def step(self) -> None:
        """One more step; the one that was chosen is the last."""
        self.begin()
        self.count += 1
        if self.count == self.at and self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def _explore(self) -> None:
        """Fork for every step; returns in the forks only."""
        self._keep("older")
        codes: dict[str, int] = {}
        if self._fork("whole", 0, codes):
            return
        steps = int((self.folder / "steps").read_text())
        apart = max(1, steps // (self.points or steps))
        for number, at in enumerate(range(1, steps + 1, apart)):
            shutil.rmtree(self.root)
            shutil.copytree(self.folder / "older", self.root)
            if self._fork(str(at), at, codes):
                return
            if number % 3 == 1 and not self.full and self._fork(f"{at}-again", 0, {}):
                return
        del codes["whole"]
        os.write(1, json.dumps(codes).encode() + b"\n")
        os._exit(0)

    def _fork(self, name: str, at: int, codes: dict[str, int]) -> bool:
        child = os.fork()
        if not child:
            self.at = at
            said = os.open(self.folder / f"{name}.txt", os.O_CREAT | os.O_WRONLY)
            os.dup2(said, 1)
            os.dup2(said, 2)
            return True
        codes[name] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        self._keep(name)
        return False

    def _keep(self, name: str) -> None:
        shutil.copytree(self.root, self.folder / name)


class _Halves:
    """A file that is written in two halves, with a step between."""

    def __init__(self, file: Any, step: Callable[[], None]) -> None:
        self._file, self._step = file, step

    def write(self, content: Any) -> int:
        half = len(content) // 2
        self._file.write(content[:half])
        self._file.flush()
        self._step()
        self._file.write(content[half:])
        return len(content)

    def __enter__(self) -> _Halves:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _run(args: list[str]) -> int:
    try:
        main(args)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


def _earlier(args: list[str]) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os._exit(_run(args))


def _victim(folder: str, args: list[str], *, points: int | None, full: bool) -> None:
    killer = Killer(Path(folder), points, full=full)
    killer.arm()
    code = _run(args)
    assert not killer.first, "nothing was written"
    if killer.at == 0:
        (Path(folder) / "steps").write_text(str(killer.count))
    sys.stdout.flush()
    os._exit(code)


def _apart(work: Callable[..., None], *args: Any, **kwargs: Any) -> None:
    """Do it in a child of its own, which must end well."""
    child = os.fork()
    if not child:
        work(*args, **kwargs)
    assert os.waitpid(child, 0)[1] == 0, args


if __name__ == "__main__":
    from optimizer.cli import main

    for case in json.load(sys.stdin):
        earlier = case.pop("before")
        if earlier:
            _apart(_earlier, earlier)
        _apart(_victim, **case)

"""``rembug app``: open the screens in a browser."""

import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from optimizer.checking import Origin, open_source
from optimizer.cli.program import Program, UsageProblem
from optimizer.files.scenarios import merged_keys
from optimizer.shipped import APP
from optimizer.words import Words

__all__ = ["register"]

HOST = "127.0.0.1"


def register(app: Program) -> None:
    """Add the command."""

    @app.command("app", help=app.told("cli.app.help"))
    def run(
        dataset: Annotated[Path | None, app.argument("dataset")] = None,
        *,
        policy: Annotated[str | None, app.option("--policy")] = None,
        port: Annotated[int, app.option("--port")] = 8501,
        words: Annotated[Words, app.language] = app.words,
    ) -> None:
        del words
        if find_spec("streamlit") is None:
            raise UsageProblem("app_missing")
        # Everything that a person can mend is said here, before a browser waits for it.
        opened = [] if dataset is None else _opened(dataset, policy)
        if _taken(port):
            raise UsageProblem("port_taken", port=port, other=port + 1)
        command = [sys.executable, "-m", "streamlit", "run", str(APP)]
        options = [
            f"--server.address={HOST}",
            f"--server.port={port}",
            "--browser.gatherUsageStats=false",
            "--runner.postScriptGC=false",
        ]
        raise typer.Exit(subprocess.call([*command, *options, *opened], cwd=APP.parent))


def _opened(path: Path, policy: str | None) -> list[str]:
    """What the screens are told to open, once it is known to open.

    Raises
    ------
    RembugError
        What :func:`~optimizer.checking.open_source` raises; ``app_recap`` for a recap, which a
        page of its own takes.
    """
    if not path.exists() and len(path.parts) > 1:  # no name of a scenario, a wrong path
        raise UsageProblem("source_missing", path=path)
    opened = open_source(path, policy)
    if opened.origin is Origin.RECAP:
        raise UsageProblem("app_recap", path=path.name)
    if not path.exists():  # a scenario that ships with the program, by its name
        path = merged_keys(path)[1]
    return ["--", str(path.resolve()), *([policy] if policy else [])]


def _taken(port: int) -> bool:
    """Whether something else listens there already."""
    with socket.socket() as probe:
        # As servers do, so that a port that was closed a moment ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError):
            return True
    return False

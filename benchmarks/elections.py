"""The 88 real elections, reading included, beside the published pabutools.

pabutools is under the GPL and is never imported here: it runs as a program of its own, in an
environment of its own (``benchmarks/pabutools/``), and answers in JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.setting import Setting
from benchmarks.timing import Peer, Row, Timing, timed
from optimizer.elections import Optimum, optimum
from optimizer.files.pabulib import Election, measure, read_pb

__all__ = ["elections"]

FOLDER = "REMBUG_PABULIB"
PEER = Path(__file__).parent / "pabutools"
PATIENCE = 3600
QUICK = 3


def elections(setting: Setting) -> Row | None:
    """All files without caps that both can read; ``None`` where there are no elections."""
    folder = os.environ.get(FOLDER, "")
    files = sorted(Path(folder).glob("pb/*.pb")) if folder else []
    if not files:
        return None
    # pabutools knows no caps: files with some are another question, and left out on both sides.
    files = [file for file in files if not read_pb(file).caps]
    files = files[:QUICK] if setting.quick else files
    found, time = timed(lambda: [_solved(file) for file in files], setting.few)
    by_name = {file.name: pair for file, pair in zip(files, found, strict=True)}
    peer, figures = _pabutools(files, by_name)
    return Row(
        "elections",
        time,
        (peer,),
        {"files": len(files)},
        {} if setting.quick else {"factor:pabutools": 10},
        figures,
    )


def _solved(file: Path) -> tuple[Election, Optimum]:
    election = read_pb(file)
    return election, optimum(election)


def _python() -> Path:
    return PEER / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _pabutools(
    files: list[Path], found: dict[str, tuple[Election, Optimum]]
) -> tuple[Peer, dict[str, Any]]:
    if not _python().exists():
        return Peer("pabutools", note="python benchmarks/pabutools/setup.py"), {}
    run = subprocess.run(
        [_python(), PEER / "peer.py", *files],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    answer = json.loads(run.stdout)
    same: list[str] = []
    other: list[str] = []
    unread: list[str] = []
    seconds = 0.0
    for record in answer["files"]:
        election, best = found[record["file"]]
        if "selected" not in record:
            unread.append(record["file"])
        else:
            values = measure(election).values
            value = sum(Fraction(values[project]) for project in record["selected"])
            (same if value == best.value else other).append(record["file"])
        seconds += record["seconds"]
    cpu = sum(record["cpu_seconds"] for record in answer["files"])
    figures = {
        "same_optimum": len(same),
        "other_optimum": other,
        "unread": unread,
        "pabutools": answer["versions"],
    }
    return Peer("pabutools", Timing(seconds, cpu, 1), not other), figures

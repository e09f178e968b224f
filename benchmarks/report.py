"""The run as a table on the screen and as a JSON document."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.rows import NAMES, run
from benchmarks.timing import FAILED, Peer, Row, machine
from optimizer.cli.program import UsageProblem
from optimizer.cli.screen import Screen, Waiting
from optimizer.files.safely import write_file
from optimizer.words import Words

__all__ = ["report"]

SCHEMA = "rembug-bench/1"


def report(only: Sequence[str], *, quick: bool, json_file: Path | None, words: Words) -> None:
    """Measure the rows that are named, all where none is, and show what was found.

    Raises
    ------
    UsageProblem
        ``bench_unknown`` for a row that there is not.
    """
    unknown = [name for name in only if name not in NAMES]
    if unknown:
        raise UsageProblem("bench_unknown", name=unknown[0], known=", ".join(NAMES))
    screen = Screen(words)
    with Waiting(screen.say("cli.bench.measuring")) as waiting:
        rows = run(only or NAMES, quick=quick, progress=waiting.report)
    if json_file is not None:
        content = json.dumps(document(rows, quick=quick), ensure_ascii=False, indent=2)
        write_file(json_file, (content + "\n").encode())
    _print(screen, rows, quick=quick)


def document(rows: list[Row], *, quick: bool) -> dict[str, Any]:
    """The run as plain data."""
    return {
        "schema": SCHEMA,
        "quick": quick,
        "machine": machine(),
        "rows": [row.to_dict() for row in rows],
    }


def _print(screen: Screen, rows: list[Row], *, quick: bool) -> None:
    if quick:
        screen.line("cli.bench.quick_note")
    screen.text(", ".join(f"{k} {v}" for k, v in machine().items()))
    table = []
    for row in rows:
        what = screen.say(f"cli.bench.row.{row.name}")
        table.append((what, _seconds(screen, row.time.cpu), "", "", _target(screen, row)))
        table += [("", *_peer(screen, row, peer), "") for peer in row.peers]
    headings = [screen.say(f"cli.bench.column.{c}") for c in _COLUMNS]
    screen.table(headings, table, right=(1, 3))
    for row in rows:
        for key, value in row.figures.items():
            if isinstance(value, int | float):
                screen.text(f"{row.name}: {key} {value:.3g}")
    screen.line("cli.bench.foot")


_COLUMNS = ("what", "seconds", "peer", "factor", "target")


def _seconds(screen: Screen, seconds: float) -> str:
    text = f"{seconds:.3g} s" if seconds < 100 else f"{seconds:.0f} s"
    return text.replace(".", screen.say("language.decimal"))


def _target(screen: Screen, row: Row) -> str:
    if not row.target:
        return ""
    missed = row.missed()
    if not missed:
        return screen.say("cli.bench.reached")
    return screen.say("cli.bench.missed", names=", ".join(missed))


def _peer(screen: Screen, row: Row, peer: Peer) -> tuple[str, str, str]:
    """Time, name with what is to be said of it, and factor of a peer."""
    name = screen.say(f"cli.bench.peer.{peer.name}")
    remarks = [peer.note] if peer.note else []
    if peer.note == FAILED:
        remarks = [screen.say("cli.bench.failed")]
    if peer.limit is not None:
        remarks.append(screen.say("cli.bench.stopped", seconds=f"{peer.limit:.0f}"))
    if peer.same is not None:
        remarks.append(screen.say("cli.bench.same" if peer.same else "cli.bench.different"))
    text = f"{name} ({'; '.join(remarks)})" if remarks else name
    factor = row.factor(peer)
    if peer.time is None or factor is None:
        return "–", text, "–"
    return _seconds(screen, peer.time.cpu), text, f"{'> ' if peer.limit else ''}{factor:.1f}×"

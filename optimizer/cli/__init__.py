"""The command line ``rembug``.

Each command is a module of this package with a function ``register(app)``; :data:`COMMANDS`
lists them in the order in which the help shows them.
"""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Sequence

from optimizer.cli import (
    app,
    bench,
    check,
    compare,
    datasets,
    diff,
    explain,
    importing,
    pabulib,
    plan,
    policy,
    prices,
    sheets,
    whatif,
)
from optimizer.cli.program import Program, stopped_by_disk, words_of
from optimizer.words import INDONESIAN, Words

__all__ = ["COMMANDS", "build", "main"]

COMMANDS = (
    plan, check, importing, sheets, diff, explain, whatif, prices, compare, policy, pabulib,
    datasets, bench, app,
)  # fmt: skip


def build(words: Words = INDONESIAN) -> Program:
    """The program with all commands; its help is in those words."""
    program = Program(words)
    for module in COMMANDS:
        module.register(program)
    return program


def main(args: Sequence[str] | None = None) -> None:
    """Run ``rembug``; exit codes: 0 done, 1 refused or findings, 2 usage, 130 stopped."""
    args = list(sys.argv[1:] if args is None else args)
    # A city is a million small objects that stay: looking for cycles among them takes a tenth
    # of the time and finds none.
    gc.set_threshold(200_000, 50, 100)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # older Windows consoles are not UTF-8
            stream.reconfigure(encoding="utf-8")
    words = words_of(args)
    try:
        build(words)(args, prog_name="rembug")
    except OSError as error:
        stopped_by_disk(error, words)

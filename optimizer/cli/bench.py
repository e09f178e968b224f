"""``rembug bench``: how long everything takes, beside what one would use instead.

The benchmarks stand beside the package in the source tree and are no part of what is installed.
"""

import importlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from optimizer.cli.program import Program, UsageProblem
from optimizer.shipped import HOME
from optimizer.words import Words

__all__ = ["register"]


def register(app: Program) -> None:
    """Add the command."""

    def option(name: str) -> Any:
        return typer.Option(name, help=app.told(f"cli.bench.{name.lstrip('-')}"))

    @app.command("bench", help=app.told("cli.bench.help"))
    def bench(
        *,
        quick: Annotated[bool, option("--quick")] = False,
        json_file: Annotated[Path | None, option("--json")] = None,
        only: Annotated[list[str] | None, option("--only")] = None,
        words: Annotated[Words, app.language] = app.words,
    ) -> None:
        if not (HOME / "benchmarks").is_dir():
            raise UsageProblem("bench_missing")
        sys.path.append(str(HOME))
        measure = importlib.import_module("benchmarks.report").report
        measure(only or (), quick=quick, json_file=json_file, words=words)

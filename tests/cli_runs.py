"""Running ``rembug`` in tests."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import CliRunner, Result

from optimizer.cli import build, words_of


def rembug(*args: object) -> Result:
    """Run a command line inside this process."""
    words = [str(arg) for arg in args]
    return CliRunner().invoke(build(words_of(words)), words)


def rembug_json(*args: object) -> Any:
    """Run with ``--json``; stdout must be one JSON document and nothing else."""
    return json.loads(rembug(*args, "--json").stdout)

"""``rembug app``: open the screens in a browser."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.program import Program, UsageProblem
from optimizer.files.policies import DATA

__all__ = ["register"]

APP = DATA.parent / "app.py"


def register(app: Program) -> None:
    """Add the command."""

    @app.command("app", help=app.words("cli.app.help"))
    def run(
        scenario: Annotated[Path | None, app.argument("scenario")] = None,
        *,
        port: Annotated[int, app.option("--port")] = 8501,
    ) -> None:
        if not APP.is_file():
            raise UsageProblem("app_missing")
        command = [sys.executable, "-m", "streamlit", "run", str(APP)]
        options = [f"--server.port={port}", "--browser.gatherUsageStats=false"]
        opened = ["--", str(scenario.resolve())] if scenario else []
        raise typer.Exit(subprocess.call([*command, *options, *opened], cwd=APP.parent))

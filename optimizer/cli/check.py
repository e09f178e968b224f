"""``rembug check``: what is wrong with a list that people made, and what would mend it."""

from pathlib import Path
from typing import Annotated

import typer

from optimizer.checking import check_opened, open_source
from optimizer.cli.check_plan import judge_plan
from optimizer.cli.check_report import print_report
from optimizer.cli.program import Program, print_json
from optimizer.cli.screen import Screen
from optimizer.files.computed import write_set
from optimizer.sheets.bundle import Options, check_files
from optimizer.sheets.record import report_dict
from optimizer.words import Words

__all__ = ["register"]


def register(app: Program) -> None:
    """Add the command."""

    @app.command("check", help=app.told("check_cli.help"))
    def check(
        file: Annotated[Path, typer.Argument(metavar="FILE", help=app.told("door.argument.file"))],
        *,
        policy: Annotated[str | None, app.door("policy")] = None,
        sheet: Annotated[str | None, app.door("sheet")] = None,
        out: Annotated[Path | None, app.door("out")] = None,
        everything: Annotated[bool, app.door("all")] = False,
        as_json: Annotated[bool, app.as_json] = False,
        words: Annotated[Words, app.language] = app.words,
        scenario: Annotated[str | None, app.option("--scenario")] = None,
    ) -> None:
        if file.suffix.lower() == ".json":
            if not judge_plan(file, scenario, words, as_json=as_json):
                raise typer.Exit(1)
            return
        opened = open_source(file, policy, sheet, solve=True)
        report = check_opened(opened)
        files = write_set(out, "check", check_files(report, Options(words))) if out else ()
        if as_json:
            print_json(report_dict(report, words))
        else:
            print_report(Screen(words), report, everything=everything, files=files)
        if not report.clean:
            raise typer.Exit(1)

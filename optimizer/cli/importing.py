"""``rembug import``: from an office's recap to a dataset folder."""

from pathlib import Path
from typing import Annotated

import typer

from optimizer.checking import open_source
from optimizer.cli.program import Program, UsageProblem
from optimizer.cli.screen import Screen
from optimizer.errors import Severity
from optimizer.files.recap_import import NOTES, import_recap
from optimizer.words import Words

__all__ = ["register"]

_TITLES = frozenset({"title", "header", "numbering", "blank", "section", "total", "footer"})


def register(app: Program) -> None:
    """Add the command."""

    @app.command("import", help=app.told("import_cli.help"))
    def import_(
        recap: Annotated[
            Path, typer.Argument(metavar="RECAP", help=app.told("door.argument.recap"))
        ],
        *,
        out: Annotated[Path, typer.Option("--out", help=app.told("door.option.folder"))],
        policy: Annotated[str | None, app.door("policy")] = None,
        sheet: Annotated[str | None, app.door("sheet")] = None,
        words: Annotated[Words, app.language] = app.words,
    ) -> None:
        opened = open_source(recap, policy, sheet).refuse_simulation()
        if opened.source is None:
            raise UsageProblem("import_no_recap", path=recap.name)
        imported = import_recap(opened.source, out, words)
        screen = Screen(words)
        proposals = imported.dataset.proposals
        screen.line(
            "import_cli.done",
            folder=out,
            rows=len(proposals),
            total=sum(p.full_cost for p in proposals),
            units=len(imported.dataset.territory.units),
        )
        kinds = {(a.sheet, a.row): a.reason.value for a in opened.source.recap.set_aside}
        lost = [a for a in imported.asides if kinds.get((a.sheet, a.row)) not in _TITLES]
        screen.line(
            "import_cli.asides",
            count=len(imported.asides),
            lost=len(lost),
            file=out / NOTES / "baris-disisihkan.csv",
        )
        for aside in lost:
            screen.text(f"- {aside.sheet} {aside.row}: {aside.text} ({aside.reason})")
        for finding in opened.dataset.findings:
            if finding.severity is not Severity.NOTE:
                screen.text(f"- {finding.text(words)}")
        screen.line("import_cli.next", folder=out)

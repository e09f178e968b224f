"""``rembug sheets``: every sheet that a kelurahan needs, from what it has."""

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from optimizer.checking import check_opened, open_source
from optimizer.cli.program import Program, UsageProblem
from optimizer.cli.screen import Screen
from optimizer.errors import RembugError
from optimizer.files.computed import write_set
from optimizer.money import parse_rupiah, parse_share
from optimizer.sheets.bundle import Options, sheet_files
from optimizer.words import Words

__all__ = ["parse_cut", "register"]


def parse_cut(text: str) -> Fraction | int:
    """``25%`` as a share, anything else as rupiah per RT.

    Raises
    ------
    UsageProblem
        ``cut_form`` where it is neither, or more than all of it.
    """
    try:
        if text.strip().endswith("%"):
            share = parse_share(text.strip()[:-1].replace(",", ".")) / 100
            if 0 < share <= 1:
                return share
        elif (amount := parse_rupiah(text)) > 0:
            return amount
    except (ArithmeticError, RembugError) as error:
        raise UsageProblem("cut_form", text=text) from error
    raise UsageProblem("cut_form", text=text)


def register(app: Program) -> None:
    """Add the command."""

    @app.command("sheets", help=app.told("sheets_cli.help"))
    def sheets(
        source: Annotated[
            Path, typer.Argument(metavar="FILE", help=app.told("door.argument.file"))
        ],
        *,
        out: Annotated[Path, typer.Option("--out", help=app.told("door.option.folder"))],
        policy: Annotated[str | None, app.door("policy")] = None,
        sheet: Annotated[str | None, app.door("sheet")] = None,
        final: Annotated[bool, app.door("final")] = False,
        cut: Annotated[str | None, app.door("cut")] = None,
        words: Annotated[Words, app.language] = app.words,
    ) -> None:
        fall = None if cut is None else parse_cut(cut)
        opened = open_source(source, policy, sheet, solve=True).refuse_simulation()
        report = check_opened(opened)
        options = Options(words, final, fall)
        written = write_set(out, "sheets", sheet_files(report, options))
        screen = Screen(words)
        texts = [p for p in written if p.suffix == ".txt"]
        screen.line("sheets_cli.done", folder=out, files=len(written) - len(texts),
                    texts=len(texts))  # fmt: skip
        for path in written:
            if path.suffix == ".html":
                screen.text(f"  {path}")
        if not final:
            screen.line("sheets_cli.draft")

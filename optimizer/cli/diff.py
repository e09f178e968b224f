"""``rembug diff``: what changed between minutes and plan, two plans, or two years."""

from pathlib import Path
from typing import Annotated

import typer

from optimizer.cli.program import Program, print_json
from optimizer.cli.screen import Screen
from optimizer.diffs import Diff, Kind, compare_sides
from optimizer.files.computed import write_set
from optimizer.sheets.diff_sheet import change_words, diff_dict, diff_sheet, summary_words
from optimizer.sheets.html import render_html
from optimizer.sheets.words import place_words
from optimizer.sheets.xlsx import render_xlsx
from optimizer.sides import open_sides
from optimizer.words import Words

__all__ = ["register"]


def register(app: Program) -> None:
    """Add the command."""

    def argument(name: str) -> object:
        return typer.Argument(metavar=name.upper(), help=app.told(f"diff_cli.argument.{name}"))

    @app.command("diff", help=app.told("diff_cli.help"))
    def diff(
        first: Annotated[Path, argument("a")],
        second: Annotated[Path, argument("b")],
        *,
        policy: Annotated[str | None, app.door("policy")] = None,
        out: Annotated[Path | None, typer.Option(help=app.told("diff_cli.out"))] = None,
        everything: Annotated[bool, app.door("all")] = False,
        as_json: Annotated[bool, app.as_json] = False,
        words: Annotated[Words, app.language] = app.words,
    ) -> None:
        found = compare_sides(*open_sides(first, second, policy, words))
        written: tuple[Path, ...] = ()
        if out is not None:
            document = diff_sheet(found, words)
            files = [
                (f"{document.file}.html", render_html(document, words).encode()),
                (f"{document.file}.xlsx", render_xlsx(document, words)),
            ]
            written = write_set(out, "diff", files)
        if as_json:
            print_json(diff_dict(found, words))
            return
        _print(Screen(words), found, everything=everything)
        for path in written:
            Screen(words).text(f"  {path}")


def _print(screen: Screen, found: Diff, *, everything: bool) -> None:
    screen.line("diff.sides", first=found.first.name, second=found.second.name)
    if found.first.computed or found.second.computed:
        screen.line("sheet.mark.simulation")
    if found.first.made_up or found.second.made_up:
        screen.line("plan.made_up")
    screen.text(summary_words(found, screen.words))
    place = None
    for change in found.changes:
        if change.kind is Kind.SAME and not everything:
            continue
        if change.entry.place != place:
            place = change.entry.place
            screen.text()
            screen.text(place_words(place, screen.words) if place else "–", style="bold")
        amounts = " → ".join(
            screen.rupiah(e.amount) if e else "–" for e in (change.before, change.after)
        )
        rank = f"{change.entry.rank}. " if change.entry.rank else "- "
        screen.text(
            f"  {rank}{change.entry.title}: {amounts} [{change_words(change, screen.words)}]"
        )
        why = "; ".join(t for t in (change.note.reason, change.note.who, change.note.date) if t)
        if change.kind is not Kind.SAME:
            screen.text(f"     {why or screen.say('diff.unrecorded')}")
    screen.text()
    screen.text(screen.say("plan.decides"))

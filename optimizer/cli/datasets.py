"""``rembug template`` and ``rembug init``: begin with data of one's own."""

from pathlib import Path
from typing import Annotated

from optimizer.cli.program import Program, UsageProblem
from optimizer.cli.screen import Screen
from optimizer.files.datasets_template import init, template
from optimizer.files.policies import load_policy
from optimizer.files.safely import write_file
from optimizer.words import Words

__all__ = ["register"]

_TEMPLATE = Path("templat-rembug.xlsx")


def register(app: Program) -> None:
    """Add the commands."""

    @app.command("template", help=app.told("cli.template.help"))
    def template_(
        *,
        out: Annotated[Path, app.option("--out")] = _TEMPLATE,
        words: Annotated[Words, app.language] = app.words,
    ) -> None:
        if out.exists():
            raise UsageProblem("file_exists", path=out)
        write_file(out, template(words))
        Screen(words).line("cli.written", path=out)

    @app.command("init", help=app.told("cli.init.help"))
    def init_(
        folder: Annotated[Path, app.argument("folder")],
        *,
        kelurahan: Annotated[str, app.option("--kelurahan")],
        rw: Annotated[int, app.option("--rw")],
        rt: Annotated[str, app.option("--rt")],
        policy: Annotated[str, app.option("--policy")] = "kediri-2023",
        pagu: Annotated[int | None, app.option("--pagu")] = None,
        year: Annotated[int | None, app.option("--year")] = None,
        words: Annotated[Words, app.language] = app.words,
    ) -> None:
        chosen = load_policy(policy)
        written = init(
            folder,
            kelurahan,
            rw=rw,
            rt=_counts(rt),
            pagu=chosen.pagu if pagu is None else pagu,
            fiscal_year=chosen.fiscal_year if year is None else year,
            words=words,
        )
        Screen(words).line("cli.init.done", path=written)


def _counts(text: str) -> int | list[int]:
    """``47`` RT in all, or ``5,5,6`` in each RW."""
    parts = text.split(",")
    if not all(part.strip().isdecimal() for part in parts):
        raise UsageProblem("rt_form", text=text)
    numbers = [int(part) for part in parts]
    return numbers[0] if len(numbers) == 1 else numbers

"""What all commands share: the program itself, its language, errors and exit codes."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from optimizer.errors import Infeasible, InputRefused, RembugError
from optimizer.files.safely import refusal
from optimizer.versions import __version__
from optimizer.words import INDONESIAN, Words, languages

__all__ = ["Program", "UsageProblem", "print_json", "stopped_by_disk", "words_of"]

REFUSED, USAGE = 1, 2
_USAGE_CODES = frozenset({"scenario_missing", "file_missing", "policy_unknown"})
# What click raises for any call it cannot read; typer names only this one of its kinds.
_ClickUsage: Any = typer.BadParameter.__mro__[1]


class UsageProblem(RembugError):
    """The command was called in a way that cannot be followed (exit code 2)."""


def words_of(args: Sequence[str]) -> Words:
    """The words asked for by ``--lang`` anywhere in the arguments, else Indonesian."""
    parts = [part for arg in args for part in arg.split("=", 1)]
    asked = [part for before, part in pairwise(parts) if before == "--lang"]
    return Words(asked[-1]) if asked and asked[-1] in languages() else INDONESIAN


def _known(asked: str | Words) -> Words:
    """The words of a language that there is."""
    if isinstance(asked, str) and asked not in languages():
        raise typer.BadParameter(" | ".join(languages()))
    return Words(asked) if isinstance(asked, str) else asked


def print_json(content: Any) -> None:
    """Write one JSON document to stdout."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    sys.stdout.flush()


class _Group(TyperGroup):
    """Turns every error that a user can mend into one message and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; see :func:`_report` for what comes of errors."""
        args = list(ctx.args)
        words = words_of(["--lang", str(ctx.params["words"]), *args])
        try:
            return super().invoke(ctx)
        except RembugError as error:
            _report(error, words, as_json="--json" in args)
            usage = isinstance(error, UsageProblem) or error.code in _USAGE_CODES
            raise typer.Exit(USAGE if usage else REFUSED) from error
        except _ClickUsage as error:
            command = error.ctx.command_path if error.ctx else "rembug"
            problem = error.format_message().rstrip(" .")
            _stderr().print(words.say("cli.usage", problem=problem, command=command))
            raise typer.Exit(USAGE) from error


def stopped_by_disk(error: OSError, words: Words) -> None:
    """Say that stdout takes no more; any other error of the system is a defect of ours.

    Raises
    ------
    OSError
        The one given, where the disk is not full.
    """
    refused = refusal(error, "stdout")
    if refused.code != "output_full":
        raise error
    _report(refused, words, as_json=False)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is left of it
    sys.exit(REFUSED)


def _stderr() -> Console:
    return Console(stderr=True, markup=False, highlight=False, emoji=False, soft_wrap=True)


def _report(error: RembugError, words: Words, *, as_json: bool) -> None:
    """The message on stderr; with ``--json`` also a document on stdout."""
    _stderr().print(error.message(words))
    if as_json:
        findings = error.findings if isinstance(error, InputRefused) else ()
        print_json(
            {
                "schema": "rembug-error/1",
                "outcome": "infeasible" if isinstance(error, Infeasible) else "refused",
                "code": error.code,
                "error": error.message(words),
                "findings": [
                    {"code": f.code, "severity": f.severity.value, "text": f.text(words)}
                    for f in findings
                ],
            }
        )


class Program(typer.Typer):
    """The program; its help, and by default its answers, are in one language."""

    def __init__(self, words: Words = INDONESIAN) -> None:
        super().__init__(
            name="rembug",
            cls=_Group,
            help=words.say("cli.help"),
            no_args_is_help=True,
            add_completion=False,
            pretty_exceptions_enable=False,
            context_settings={"help_option_names": ["-h", "--help"]},
        )
        self.words = words
        self.callback()(self.options())

    def told(self, key: str) -> str:
        """A text of the help in the program's language; ``rembug[app]`` in it is no markup."""
        return escape(self.words.say(key))

    def option(self, *names: str) -> Any:
        """An option; its help is the phrase ``cli.option.<name>``."""
        return typer.Option(*names, help=self.told(f"cli.option.{names[0].lstrip('-')}"))

    def door(self, name: str) -> Any:
        """An option of the commands that open a recap; its help is ``door.option.<name>``."""
        return typer.Option(f"--{name}", help=self.told(f"door.option.{name}"))

    def argument(self, name: str) -> Any:
        """An argument; its help is the phrase ``cli.argument.<name>``."""
        return typer.Argument(metavar=name.upper(), help=self.told(f"cli.argument.{name}"))

    @property
    def language(self) -> Any:
        """The option ``--lang`` of a command, which decides over the program's."""
        return typer.Option(
            "--lang",
            parser=_known,
            metavar=f"[{'|'.join(languages())}]",
            help=self.told("cli.option.lang"),
        )

    @property
    def as_json(self) -> Any:
        """The option ``--json`` of a command."""
        return self.option("--json")

    @property
    def jobs(self) -> Any:
        """The option ``--jobs`` of a command: processes of this machine."""
        return typer.Option("--jobs", min=1, help=self.told("cli.option.jobs"))

    def options(self) -> Callable[..., None]:
        """Options before a command; :func:`words_of` has read ``--lang`` already."""
        text = self.told("cli.option.version")
        version = typer.Option("--version", is_eager=True, callback=_print_version, help=text)

        def options(
            *,
            words: Annotated[Words, self.language] = self.words,
            version: Annotated[bool, version] = False,
        ) -> None:
            del words, version

        return options


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"rembug {__version__}")
        raise typer.Exit

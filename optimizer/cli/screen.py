"""The screen: plain tables on stdout, a progress bar on stderr, words by id."""

import threading
from collections.abc import Sequence
from typing import Any, Self

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as Grid

from optimizer.tables import Table
from optimizer.tables.to_terminal import to_terminal
from optimizer.words import Words

__all__ = ["Screen", "Waiting"]

_PATIENCE = 1.0
_WIDTH = 110


class Screen:
    """What a command writes for people, in one language."""

    def __init__(self, words: Words) -> None:
        self.words = words
        plain = Console(markup=False, highlight=False, emoji=False)
        # A pipe or a file has no width of its own; eighty columns would cut the tables.
        self.console = (
            plain
            if plain.is_terminal
            else Console(markup=False, highlight=False, emoji=False, width=_WIDTH)
        )

    def say(self, key: str, **data: Any) -> str:
        """A phrase in the language of the screen."""
        return self.words.say(key, **data)

    def rupiah(self, amount: int, *, short: bool = False) -> str:
        """An amount as the language writes it."""
        return self.words.rupiah(amount, short=short)

    def number(self, value: int) -> str:
        """A count as the language writes it."""
        return self.words.number(value)

    def line(self, key: str, **data: Any) -> None:
        """Print a phrase."""
        self.console.print(self.say(key, **data))

    def text(self, text: str = "", *, style: str = "") -> None:
        """Print text as it is; longer lines are wrapped, never cut."""
        self.console.print(text, style=style)

    def more(self, left: int) -> None:
        """Say how many were not shown, if any."""
        if left > 0:
            self.line("cli.more", count=self.number(left))

    def head(self, key: str, **data: Any) -> None:
        """A heading with a blank line above it."""
        self.console.print()
        self.console.print(self.say(key, **data), style="bold")

    def table(
        self,
        headings: Table | Sequence[str],
        rows: Sequence[Sequence[str]] = (),
        *,
        right: Sequence[int] = (),
    ) -> None:
        """Print a table; one that is wider than the screen in several blocks."""
        if isinstance(headings, Table):
            for block in to_terminal(headings, self.words, self.console.width):
                self.console.print(block)
            return
        table = Grid(box=box.SIMPLE_HEAD, pad_edge=False, header_style="")
        for number, heading in enumerate(headings):
            numeric = number in right
            table.add_column(
                heading, justify="right" if numeric else "left", no_wrap=numeric, overflow="fold"
            )
        for row in rows:
            table.add_row(*row)
        self.console.print(table)


class Waiting:
    """A progress bar on stderr that appears only when the work takes more than a second."""

    def __init__(self, text: str) -> None:
        self._bar = Progress(
            TextColumn(text, markup=False),
            BarColumn(),
            TextColumn("{task.completed:.0f}/{task.total:.0f}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("", total=1)
        self._timer = threading.Timer(_PATIENCE, self._bar.start)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        if self._bar.console.is_terminal:
            self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        if self._bar.live.is_started:
            self._bar.stop()

    def report(self, done: int, total: int) -> None:
        """Parts done, and parts in all."""
        self._bar.update(self._task, completed=done, total=total)

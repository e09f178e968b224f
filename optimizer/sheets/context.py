"""What every sheet of one kelurahan is made from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from optimizer.checking import Opened, Report
from optimizer.record.meetings import Meeting
from optimizer.record.proposals import Proposal
from optimizer.rules.ledger import Ledger
from optimizer.sheets.layout import Document, Mark, Page
from optimizer.sheets.words import headline, place_words
from optimizer.territory import Unit
from optimizer.words import INDONESIAN, Words

__all__ = ["Context", "Nature", "file_part"]


class Nature(StrEnum):
    """Where the words and numbers of a sheet come from, which decides its marks and foot."""

    RECORDED = "recorded"
    """Only what was recorded, never a plan."""
    BOARD = "board"
    """What was recorded, or a plan where there is one."""
    ADVICE = "advice"
    """What the checker says about it."""
    SIMULATED = "simulated"
    """Always computed."""


def file_part(text: str) -> str:
    """A part of a file name made of a place's name: letters, digits and hyphens only.

    Examples
    --------
    >>> file_part("Kaliombo/03/05"), file_part("../Contoh 01")
    ('kaliombo-03-05', 'contoh-01')
    """
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))[:60] or "tanpa-nama"


@dataclass(frozen=True)
class Context:
    """A report, one of its kelurahan, and how the sheets are to be marked.

    Attributes
    ----------
    final : bool
        Whether the user said that what was recorded is final; else it is a draft (KONSEP).
    """

    report: Report
    kelurahan: str
    words: Words = INDONESIAN
    final: bool = False

    @property
    def opened(self) -> Opened:
        """What was opened."""
        return self.report.opened

    @property
    def recorded(self) -> Ledger:
        """The books of what the meetings recorded, never of a plan."""
        return self.opened.recorded_ledger

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """The RT of the kelurahan."""
        territory = self.opened.dataset.territory
        return tuple(territory.by_id[u] for u in territory.units_below(self.kelurahan))

    @cached_property
    def meetings(self) -> dict[str, Meeting]:
        """The recorded meetings by place."""
        return {m.place: m for m in self.opened.dataset.results.meetings}

    @cached_property
    def supporters(self) -> dict[str, int]:
        """Counted supporters by proposal."""
        counted: Counter[str] = Counter()
        for count in self.opened.dataset.results.counts:
            counted[count.proposal] += count.supporters
        return dict(counted)

    def own(self, place: str) -> tuple[Proposal, ...]:
        """A place's list in order of priority."""
        return tuple(self.opened.dataset.lists.get(place, ()))

    def inside(self, place: str) -> bool:
        """Whether a place belongs to the kelurahan."""
        return place.split("/", 1)[0] == self.kelurahan

    def say(self, key: str, **data: object) -> str:
        """A phrase in the language of the sheets."""
        return self.words.say(key, **data)

    @property
    def where(self) -> str:
        """The kelurahan in words."""
        return place_words(self.kelurahan, self.words)

    @property
    def year(self) -> int:
        """The fiscal year."""
        return self.opened.dataset.meta.fiscal_year or self.opened.policy.fiscal_year

    @property
    def kecamatan(self) -> str:
        """The kecamatan, where the dataset names it."""
        return self.opened.dataset.meta.kecamatan.get(self.kelurahan, "")

    def marks(self, nature: Nature) -> tuple[Mark, ...]:
        """What the sheet must not be mistaken for."""
        marks = []
        planned = self.opened.plan is not None and nature is not Nature.RECORDED
        if planned or nature is Nature.SIMULATED:
            marks.append(Mark.SIMULATION)
        elif nature is not Nature.ADVICE and not self.final:
            marks.append(Mark.DRAFT)
        if self.opened.dataset.meta.made_up_notice:
            marks.append(Mark.EXAMPLE)
        return tuple(marks)

    def foot(self, nature: Nature) -> tuple[str, ...]:
        """Foot of every page: rules, what is made up, who decides, proof and inputs."""
        policy = self.opened.policy
        lines = [
            headline(self.words.pick(policy.name), policy, self.words),
            self.words.pick(policy.note or {}),
        ]
        if self.opened.dataset.meta.made_up_notice:
            lines.append(self.say("plan.made_up"))
        if nature is Nature.RECORDED:
            lines.append(self.say("sheet.recorded_only"))
            return tuple(line for line in lines if line)
        lines.append(self.say("plan.decides"))
        plan = self.opened.plan
        if plan is not None:
            lines.append(
                self.say(
                    "sheet.proof",
                    scenario=plan.scenario.name,
                    outcome=self.say(f"sheet.outcome.{plan.outcome.value}"),
                    gap=plan.gap,
                    sha=plan.inputs_sha256[:12],
                )
            )
        return tuple(line for line in lines if line)

    def document(
        self,
        file: str,
        title: str,
        pages: Sequence[Page],
        nature: Nature,
        *,
        where: str = "",
        wide: bool = False,
        book: Sequence[Page] = (),
    ) -> Document:
        """A document of this kelurahan with its marks and foot."""
        return Document(
            file=file,
            title=f"{title} · {where or self.where} · TA {self.year}",
            pages=tuple(pages),
            marks=self.marks(nature),
            foot=self.foot(nature),
            wide=wide,
            book=tuple(book),
        )

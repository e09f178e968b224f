"""What a ``.pb`` file says, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from optimizer.errors import Finding

#: An exact amount or count: ``int`` wherever it is whole, else a fraction (never a float).
Number = int | Fraction


class VoteType(StrEnum):
    """How ballots were cast."""

    APPROVAL = "approval"
    CHOOSE_ONE = "choose-1"
    ORDINAL = "ordinal"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"

    @property
    def has_points(self) -> bool:
        """Whether each ballot gives points to the projects it lists."""
        return self in (VoteType.CUMULATIVE, VoteType.SCORING)


@dataclass(frozen=True, slots=True)
class Project:
    """One row of PROJECTS.

    Attributes
    ----------
    cost : int or Fraction
        In the currency of the file.
    votes, score : int, Fraction or None
        The columns of the same name; None where the file has no such column.
    categories : tuple of str
        Any number, none included.
    selected : int or None
        1 winner, 0 loser, 2 or 3 funded outside the rule; None where the file does not say.
    extra : mapping
        All other columns as text.
    """

    id: str
    cost: Number
    votes: Number | None = None
    score: Number | None = None
    name: str = ""
    categories: tuple[str, ...] = ()
    selected: int | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ballot:
    """Identical ballots and how many there are; who cast them is not kept.

    Attributes
    ----------
    vote : tuple of str
        Project ids: by preference where the ballots are ordinal, else sorted.
    points : tuple of Number
        Beside ``vote`` where the ballots give points, else empty.
    """

    vote: tuple[str, ...]
    points: tuple[Number, ...] = ()
    count: int = 1


@dataclass(frozen=True, slots=True)
class Election:
    """A whole ``.pb`` file.

    Attributes
    ----------
    meta : mapping
        META as text, in file order; budget, type, caps and threshold are read from it.
    projects : tuple of Project
        In file order, which decides ties in the rules as practised.
    ballots : tuple of Ballot
        In an order that does not depend on the order of rows.
    caps : mapping
        Most that projects of a category may cost together; empty where the file has no
        ``budget_per_category``. A project in several categories counts in each.
    threshold : Number or None
        Least score (else votes) of a project that may win.
    findings : tuple of Finding
        Warnings and notes of reading; no part of equality, nor is ``name``.
    """

    meta: Mapping[str, str]
    projects: tuple[Project, ...]
    ballots: tuple[Ballot, ...]
    vote_type: VoteType
    budget: Number
    caps: Mapping[str, Number] = field(default_factory=dict)
    threshold: Number | None = None
    findings: tuple[Finding, ...] = field(default=(), compare=False)
    name: str = field(default="", compare=False)

    @property
    def n_ballots(self) -> int:
        """Ballots cast, blank ones included."""
        return sum(ballot.count for ballot in self.ballots)

    def project(self, project_id: str) -> Project:
        """The project with this id (KeyError if there is none)."""
        for project in self.projects:
            if project.id == project_id:
                return project
        raise KeyError(project_id)

"""Counting ballots, and the measure that an election is decided by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from optimizer.files.pabulib.cells import exact, whole
from optimizer.files.pabulib.election import Election, Number, VoteType


@dataclass(frozen=True, slots=True)
class Measure:
    """Support per project.

    Attributes
    ----------
    name : str
        ``score`` or ``votes`` (the columns of the file, which win over its ballots), or
        ``counted`` where the file has neither.
    values : mapping
        Project id → support, in file order.
    """

    name: str
    values: Mapping[str, Number]


def mentions(election: Election) -> Mapping[str, int]:
    """On how many ballots each project stands: what the column ``votes`` should say."""
    totals = dict.fromkeys((project.id for project in election.projects), 0)
    for ballot in election.ballots:
        for project_id in ballot.vote:
            totals[project_id] += ballot.count
    return totals


def counted(election: Election) -> Mapping[str, Number]:
    """Support counted from the ballots: what ``score`` (approval: ``votes``) should say.

    Approval: ballots that name the project. Points: their sum; ``scoring`` ballots give
    ``default_score`` to what they do not list. Ordinal: a list of m projects gives m points
    to the first, m - 1 to the second, … 1 to the last, as the score columns of real files do.
    """
    if election.vote_type is VoteType.ORDINAL:
        return _borda(election)
    if not election.vote_type.has_points:
        return mentions(election)
    default = Fraction(0)
    if election.vote_type is VoteType.SCORING:
        default = Fraction(exact(election.meta.get("default_score", "")) or 0)
    totals = dict.fromkeys((p.id for p in election.projects), default * election.n_ballots)
    for ballot in election.ballots:
        for project_id, points in zip(ballot.vote, ballot.points, strict=True):
            totals[project_id] += (points - default) * ballot.count
    return {project_id: whole(total) for project_id, total in totals.items()}


def _borda(election: Election) -> Mapping[str, int]:
    totals = dict.fromkeys((project.id for project in election.projects), 0)
    for ballot in election.ballots:
        for place, project_id in enumerate(ballot.vote):
            totals[project_id] += (len(ballot.vote) - place) * ballot.count
    return totals


def measure(election: Election) -> Measure:
    """The support that decides: column ``score``, else column ``votes``, else the ballots."""
    scores = {p.id: p.score for p in election.projects if p.score is not None}
    if scores and len(scores) == len(election.projects):
        return Measure("score", scores)
    votes = {p.id: p.votes for p in election.projects if p.votes is not None}
    if votes and len(votes) == len(election.projects):
        return Measure("votes", votes)
    return Measure("counted", counted(election))

"""Write an election as ``.pb`` text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

from optimizer.files.pabulib.cells import number_text
from optimizer.files.pabulib.election import Election, Number, Project


def write_pb(election: Election) -> str:
    """The election in Pabulib's format; ``read_pb`` of it gives an equal election.

    META is written as it is: budget, type, caps and threshold stand there. Voters are numbered
    from 1, since who they were is not kept. Columns that no project fills are left out.
    """
    out = io.StringIO()
    sheet = csv.writer(out, delimiter=";", lineterminator="\n")
    sheet.writerows([["META"], ["key", "value"], *election.meta.items()])
    sheet.writerow(["PROJECTS"])
    sheet.writerows(_projects(election.projects))
    sheet.writerow(["VOTES"])
    sheet.writerows(_votes(election))
    return out.getvalue()


def _projects(projects: tuple[Project, ...]) -> Iterable[list[str]]:
    extra = list(dict.fromkeys(column for p in projects for column in p.extra))
    columns: dict[str, list[str]] = {
        "project_id": [p.id for p in projects],
        "cost": [number_text(p.cost) for p in projects],
        "votes": [_optional(p.votes) for p in projects],
        "score": [_optional(p.score) for p in projects],
        "name": [p.name for p in projects],
        "category": [_categories(p.categories) for p in projects],
        "selected": [_optional(p.selected) for p in projects],
    }
    kept = {
        name: cells
        for name, cells in columns.items()
        if name in ("project_id", "cost") or any(cells)
    }
    kept |= {column: [p.extra.get(column, "") for p in projects] for column in extra}
    yield list(kept)
    yield from (list(row) for row in zip(*kept.values(), strict=True))


def _optional(value: Number | None) -> str:
    return "" if value is None else number_text(value)


def _categories(names: tuple[str, ...]) -> str:
    if any("," in name for name in names):
        return json.dumps(names, ensure_ascii=False)
    return ",".join(names)


def _votes(election: Election) -> Iterable[list[str]]:
    points = election.vote_type.has_points
    yield ["voter_id", "vote", "points"] if points else ["voter_id", "vote"]
    voter = 0
    for ballot in election.ballots:
        cells = [",".join(ballot.vote)]
        if points:
            cells.append(",".join(number_text(value) for value in ballot.points))
        for _ in range(ballot.count):
            voter += 1
            yield [str(voter), *cells]

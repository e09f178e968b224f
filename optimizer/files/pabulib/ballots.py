"""The section VOTES: identical ballots are grouped, voters are not kept."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from optimizer.errors import Place
from optimizer.files.collect import Collector
from optimizer.files.pabulib import cells
from optimizer.files.pabulib.election import Ballot, Number, VoteType
from optimizer.files.pabulib.lines import Section, records
from optimizer.files.pabulib.projects import header


def read_ballots(
    section: Section, vote_type: VoteType, projects: Collection[str], findings: Collector
) -> tuple[Ballot, ...]:
    """Ballots in an order that does not depend on the order of rows."""
    rows = records(section, findings)
    first = next(rows, None)
    if first is None:
        findings.error("pb_section_empty", Place(sheet=section.name))
        return ()
    required = ("vote", "points") if vote_type.has_points else ("vote",)
    columns = header(section, first[1], required, findings)
    if columns is None:
        return ()
    unused = [column for column in columns if column not in ("voter_id", *required)]
    if unused:
        findings.note("pb_not_kept", Place(sheet=section.name), columns=", ".join(unused))
    written: dict[tuple[str, ...], int] = {}
    where: dict[tuple[str, ...], int] = {}
    places = [columns.index(column) for column in required]
    voter = columns.index("voter_id") if "voter_id" in columns else None
    voters: dict[str, int] = {}
    width = len(columns)
    for row, parts in rows:
        if len(parts) != width and (len(parts) < width or any(parts[width:])):
            _width(row, len(parts), width, counted=max(places) < len(parts), into=findings)
            if max(places) >= len(parts):
                continue
        key = tuple([parts[place] for place in places])
        if key in where:
            written[key] += 1
        else:
            where[key], written[key] = row, 1
        if voter is not None and (before := voters.setdefault(parts[voter], row)) != row:
            findings.warning(
                "pb_voter_twice",
                Place(sheet=section.name, row=row, column="voter_id"),
                before=before,
            )
    return _group(written, where, vote_type, projects, findings)


def _width(row: int, found: int, expected: int, *, counted: bool, into: Collector) -> None:
    code = "pb_row_wide" if found > expected else "pb_row_short"
    code = code if counted else "pb_ballot_cut"
    into.warning(code, Place(sheet="VOTES", row=row), expected=expected, found=found)


def _group(
    written: Mapping[tuple[str, ...], int],
    where: Mapping[tuple[str, ...], int],
    vote_type: VoteType,
    projects: Collection[str],
    findings: Collector,
) -> tuple[Ballot, ...]:
    """Read each different text once, and group what means the same."""
    groups: Counter[tuple[tuple[str, ...], tuple[Number, ...]]] = Counter()
    strangers: defaultdict[str, list[int]] = defaultdict(list)
    for key, count in written.items():
        row = where[key]
        vote = [part for part in map(str.strip, key[0].split(",")) if part]
        points: list[Number] | None = []
        if vote_type.has_points:
            points = _points(key[1], len(vote))
            if points is None:
                findings.warning(
                    "pb_points",
                    Place(sheet="VOTES", row=row, column="points", value=key[1]),
                    ballots=count,
                )
                continue
        named = set(vote)
        if len(named) < len(vote):
            findings.warning(
                "pb_vote_twice", Place(sheet="VOTES", row=row, column="vote", value=key[0])
            )
        for stranger in sorted(named.difference(projects)):
            strangers[stranger] += [row, count]
        groups[_ballot(vote, points or [], vote_type, projects)] += count
    for stranger, places in strangers.items():
        findings.warning(
            "pb_unknown_project",
            Place(sheet="VOTES", row=min(places[::2]), column="vote", value=stranger),
            ballots=sum(places[1::2]),
        )
    return tuple(
        Ballot(vote, points, count)
        for (vote, points), count in sorted(groups.items(), key=lambda item: item[0])
    )


def _points(text: str, expected: int) -> list[Number] | None:
    """Points of one ballot; None where they do not stand beside its projects one to one."""
    values = [cells.exact(part) for part in text.split(",") if part.strip()]
    known = [value for value in values if value is not None]
    return known if len(known) == len(values) == expected else None


def _ballot(
    vote: list[str], points: list[Number], vote_type: VoteType, projects: Collection[str]
) -> tuple[tuple[str, ...], tuple[Number, ...]]:
    """The ballot without repeated and unknown projects; sorted where order says nothing."""
    given = dict(zip(reversed(vote), reversed(points), strict=True)) if points else {}
    kept = [project_id for project_id in dict.fromkeys(vote) if project_id in projects]
    if vote_type is not VoteType.ORDINAL:
        kept.sort()
    return tuple(kept), tuple(given[project_id] for project_id in kept) if points else ()

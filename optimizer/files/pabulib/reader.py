"""Read ``.pb`` files; whatever is damaged is refused or reported, never dropped in silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from optimizer.errors import InputRefused, Place, RembugError, Severity
from optimizer.files.collect import Collector
from optimizer.files.pabulib import cells
from optimizer.files.pabulib.ballots import read_ballots
from optimizer.files.pabulib.counting import counted, measure, mentions
from optimizer.files.pabulib.election import Ballot, Election, Number, Project, VoteType
from optimizer.files.pabulib.lines import Section, collector, decode, records, sections
from optimizer.files.pabulib.projects import read_projects

#: META keys that decide the result: two different values for one of them are an error.
_DECISIVE = frozenset(
    {"budget", "vote_type", "rule", "min_project_score_threshold", "budget_per_category"}
)
_IGNORED_LIMITS = ("budget_per_neighborhood", "budget_per_neighbourhood")


def read_pb(source: Path | str | bytes, name: str = "") -> Election:
    """Read an election in Pabulib's format.

    Parameters
    ----------
    source : Path, str or bytes
        A path, or the content of a file.
    name : str
        What findings call the file; by default the file's name.

    Returns
    -------
    Election
        With warnings and notes in ``findings``.

    Raises
    ------
    InputRefused
        With all findings, where the file is damaged in a way that could change the result.
    RembugError
        ``pb_unreadable``: there is no such file, or it cannot be opened.
    """
    if isinstance(source, bytes):
        raw = source
    else:
        name = name or Path(source).name
        try:
            raw = Path(source).read_bytes()
        except (OSError, ValueError) as error:
            raise RembugError("pb_unreadable", name=name) from error
    findings = collector(name)
    text = decode(raw, findings)
    found = sections(text, findings)
    meta = _meta(found["META"], findings) if "META" in found else {}
    projects, raw_categories = (
        read_projects(found["PROJECTS"], meta, findings) if "PROJECTS" in found else ((), ())
    )
    vote_type = _vote_type(meta, found, findings)
    ids = frozenset(project.id for project in projects)
    ballots = read_ballots(found["VOTES"], vote_type, ids, findings) if "VOTES" in found else ()
    election = Election(
        meta=meta,
        projects=projects,
        ballots=ballots,
        vote_type=vote_type,
        budget=_amount(meta, "budget", findings) or 0,
        caps=_caps(meta, raw_categories, findings),
        threshold=_threshold(meta, findings),
        name=name,
    )
    if len(found) == 3:
        _compare(election, findings)
        _sizes(election, findings, cut=not text.endswith(("\n", "\r")))
    if findings.refused:
        raise InputRefused(findings.all("pb_more"), name)
    return replace(election, findings=findings.all("pb_more"))


def _meta(section: Section, findings: Collector) -> dict[str, str]:
    meta: dict[str, str] = {}
    for row, parts in records(section, findings):
        key, rest = parts[0].lower(), parts[1:]
        if key == "key" and not meta:
            continue
        if not rest and ":" in key:
            key, _, value = (piece.strip() for piece in parts[0].partition(":"))
            key, rest = key.lower(), [value]
        # A spreadsheet pads rows with empty cells; a comment may hold a bare semicolon.
        value = ";".join(rest).rstrip("; ")
        if not key or not rest:
            findings.warning("pb_meta_row", Place(sheet="META", row=row, value=";".join(parts)))
        elif key not in meta:
            meta[key] = value
        elif meta[key] != value:
            severity = Severity.ERROR if key in _DECISIVE else Severity.WARNING
            findings.add(
                "pb_meta_twice", severity, Place(sheet="META", row=row, column=key, value=value)
            )
    if "rule" not in meta:
        findings.note("pb_rule_missing", Place(sheet="META"))
    for key in _IGNORED_LIMITS:
        if key in meta:
            findings.warning("pb_not_applied", Place(sheet="META", column=key, value=meta[key]))
    return meta


def _amount(meta: Mapping[str, str], key: str, findings: Collector) -> Number | None:
    """A required amount of META; None (with an error noted) where it is unusable."""
    value = cells.exact(meta.get(key, ""))
    if not meta:
        return None
    if value is None or value < 0:
        findings.error("pb_amount", Place(sheet="META", column=key, value=meta.get(key, "")))
        return None
    return value


def _threshold(meta: Mapping[str, str], findings: Collector) -> Number | None:
    if not meta.get("min_project_score_threshold"):
        return None
    return _amount(meta, "min_project_score_threshold", findings)


def _vote_type(
    meta: Mapping[str, str], found: Mapping[str, Section], findings: Collector
) -> VoteType:
    written = meta.get("vote_type", "").lower()
    if written in list(VoteType):
        return VoteType(written)
    votes = found.get("VOTES")
    header = next((line for line in votes.lines if line.strip()), "") if votes else ""
    columns = [cell.strip().lower() for cell in header.split(";")]
    taken = VoteType.CUMULATIVE if "points" in columns else VoteType.APPROVAL
    if meta:
        findings.warning(
            "pb_vote_type",
            Place(sheet="META", column="vote_type", value=written),
            taken=taken.value,
            known=", ".join(VoteType),
        )
    return taken


def _caps(
    meta: Mapping[str, str], raw_categories: tuple[str, ...], findings: Collector
) -> dict[str, Number]:
    listed, caps = cells.limits(meta, raw_categories)
    if caps is None:
        findings.error(
            "pb_caps",
            Place(sheet="META", column="budget_per_category", value=meta["budget_per_category"]),
            categories=len(listed),
        )
    return caps or {}


def _compare(election: Election, findings: Collector) -> None:
    """Report where the columns of PROJECTS and the ballots disagree; the columns are used."""
    if not election.ballots:
        code, severity = "pb_no_ballots", Severity.NOTE
        if measure(election).name == "counted":
            severity = Severity.WARNING
        findings.add(code, severity, Place(sheet="VOTES"))
        return
    columns: list[tuple[str, Callable[[Project], Number | None], Mapping[str, Number]]] = [
        ("votes", lambda p: p.votes, mentions(election)),
        ("score", lambda p: p.score, counted(election)),
    ]
    for column, written, ballots in columns:
        for project in election.projects:
            value = written(project)
            if value is not None and value != ballots[project.id]:
                findings.warning(
                    "pb_column_differs",
                    Place(sheet="PROJECTS", column=column, value=cells.number_text(value)),
                    project=project.id,
                    counted=cells.number_text(ballots[project.id]),
                )


def _sizes(election: Election, findings: Collector, *, cut: bool) -> None:
    """Compare the sizes that META states with the rows that are there.

    Parameters
    ----------
    cut : bool
        The last line has no end. With ballots missing as well, and nothing else to count
        from or a column that says otherwise, the file ends in the middle: that is an error.
    """
    differs = any(item.code == "pb_column_differs" for item in findings.findings)
    unsupported = measure(election).name == "counted"
    rows = {"num_projects": len(election.projects), "num_votes": _rows_read(election.ballots)}
    for key, present in rows.items():
        stated = cells.exact(election.meta.get(key, ""))
        if stated is None or stated == present:
            continue
        broken = present < stated and key == "num_votes" and cut and (differs or unsupported)
        findings.add(
            "pb_ends_early" if broken else "pb_size",
            Severity.ERROR if broken else Severity.WARNING,
            Place(
                sheet="VOTES" if key == "num_votes" else "PROJECTS",
                column=key,
                value=election.meta[key],
            ),
            rows=present,
        )


def _rows_read(ballots: tuple[Ballot, ...]) -> int:
    return sum(ballot.count for ballot in ballots)

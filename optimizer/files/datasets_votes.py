"""The sheets ``rembug``, ``dukungan`` and ``suara``: what the meetings recorded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from optimizer.files.collect import Collector
from optimizer.files.datasets_cells import Line
from optimizer.files.datasets_field_votes import field_choices, whole_points
from optimizer.files.datasets_places import Places
from optimizer.record.meetings import Ballot, BallotKind, Count, Meeting, Results
from optimizer.territory import full_place, natural_key

__all__ = ["VoteLines", "choices_text", "read_results"]

_Choices = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class VoteLines:
    """Lines of the three sheets."""

    meetings: Sequence[Line]
    counts: Sequence[Line]
    ballots: Sequence[Line]


def read_results(
    lines: VoteLines, ids: frozenset[str], points_max: int, places: Places, report: Collector
) -> Results:
    """Interpret the sheets; attendance limits what can have been counted."""
    meetings = _meetings(lines.meetings, places, report)
    present = {m.place: m.present for m in meetings if m.present is not None}
    counts = _counts(lines.counts, ids, present, places, report)
    ballots, votes = _ballots(lines.ballots, ids, points_max, places, report)
    for cast in (ballots, votes):
        _ballots_fit(cast, present, report)
    points = [p for _, b in ballots if b.kind is BallotKind.POINTS for _, p in b.choices]
    return Results(
        meetings=tuple(meetings),
        counts=tuple(counts),
        ballots=_grouped([b for _, b in ballots]),
        field_votes=_grouped([b for _, b in votes]),
        points_max=points_max or max(points, default=0),
    )


def _meetings(lines: Sequence[Line], places: Places, report: Collector) -> list[Meeting]:
    found: dict[str, int | None] = {}
    meetings: list[Meeting] = []
    for line in lines:
        level = (line["tingkat"] or "").lower()
        place = places.node(line, level) if level else None
        if place is None:
            continue
        if place in found:
            where = line.at("rt" if level == "rt" else "tingkat")
            report.error("meeting_twice", where, place=full_place(place), first=found[place])
            continue
        found[place] = line.place.row
        invited, present = line["diundang"], line["hadir"]
        if invited is not None and present is not None and present > invited:
            report.warning("present_above", line.at("hadir"), invited=invited)
        signed = {"ya": True, "tidak": False}.get(line["daftar_hadir"])
        if not signed:
            report.warning("not_signed", line.at("daftar_hadir"), place=full_place(place))
        meetings.append(
            Meeting(
                place=place,
                level=level,
                date=line["tanggal"] or "",
                invited=invited,
                present=present,
                signed=signed,
                minutes=line["no_berita_acara"] or "",
            )
        )
    return meetings


def _counts(
    lines: Sequence[Line],
    ids: frozenset[str],
    present: Mapping[str, int],
    places: Places,
    report: Collector,
) -> list[Count]:
    seen: dict[tuple[str, str], int | None] = {}
    counts: list[Count] = []
    for line in lines:
        name, number, place = line["id_usulan"], line["jumlah"], places.node(line)
        if name is not None and name not in ids:
            report.unknown("id_unknown", line.at("id_usulan"), ids)
            continue
        if name is None or number is None or place is None:
            continue
        if (name, place) in seen:
            first = seen[name, place]
            report.error("count_twice", line.at("id_usulan"), place=full_place(place), first=first)
            continue
        seen[name, place] = line.place.row
        if number > present.get(place, number):
            data = {"place": full_place(place), "present": present[place]}
            report.error("count_above", line.at("jumlah"), **data)
        counts.append(Count(name, place, number))
    return counts


# --- ballots ----------------------------------------------------------------------------


def _ballots(
    lines: Sequence[Line], ids: frozenset[str], points_max: int, places: Places, report: Collector
) -> tuple[list[tuple[Line, Ballot]], list[tuple[Line, Ballot]]]:
    """Ballots on proposals, and votes on fields."""
    found: list[tuple[Line, Ballot]] = []
    votes: list[tuple[Line, Ballot]] = []
    for line in lines:
        place = places.node(line)
        kind = line["jenis"] and BallotKind(line["jenis"])
        count = 1 if line["banyak"] is None else line["banyak"]
        if count == 0:
            report.error("not_positive", line.at("banyak"))
        if not kind or not line.ok:
            continue
        if kind is BallotKind.FIELDS:
            chosen, into = field_choices(line, report), votes
        else:
            chosen, into = _choices(line, kind, ids, points_max, report), found
        if place is None or chosen is None:
            continue
        if kind is BallotKind.FIELDS and place not in places.territory.by_id:
            report.error("field_vote_place", line.at("rt"), place=full_place(place))
        else:
            into.append((line, Ballot(place, kind, chosen, count)))
    return found, votes


def _ballots_fit(
    ballots: Sequence[tuple[Line, Ballot]], present: Mapping[str, int], report: Collector
) -> None:
    """More ballots than people is said once for each place, at its first row."""
    cast: dict[str, int] = defaultdict(int)
    first: dict[str, Line] = {}
    for line, ballot in ballots:
        cast[ballot.place] += ballot.count
        first.setdefault(ballot.place, line)
    for place, count in cast.items():
        if count > present.get(place, count):
            data = {"place": full_place(place), "cast": count, "present": present[place]}
            report.warning("ballots_above", first[place].at("banyak"), **data)


def _choices(
    line: Line, kind: BallotKind, ids: frozenset[str], points_max: int, report: Collector
) -> _Choices | None:
    """What one ballot names; ``None`` after recording what is wrong."""
    text = line["pilihan"] or ""
    if not text:
        report.note("ballot_blank", line.at("pilihan"))
    separator = ">" if kind is BallotKind.RANKING else ";"
    if separator not in text and kind is not BallotKind.RANKING and "," in text:
        separator = ","
    choices: list[tuple[str, int]] = []
    for item in (part.strip() for part in text.split(separator)):
        if item:
            choice = _choice(item, line, kind, points_max, report)
            if choice is None:
                return None
            choices.append(choice)
    names = [name for name, _ in choices]
    if not _known(names, line, ids, report):
        return None
    if kind is not BallotKind.RANKING:
        choices.sort(key=lambda c: natural_key(c[0]))
    return tuple(choices)


def _choice(
    item: str, line: Line, kind: BallotKind, points_max: int, report: Collector
) -> tuple[str, int] | None:
    if kind is not BallotKind.POINTS:
        return item, 1 if kind is BallotKind.APPROVAL else 0
    place = replace(line.at("pilihan"), value=item)
    name, _, text = item.partition(":")
    points = whole_points(text)
    if points is None:
        report.error("points_form", place)
        return None
    if points_max and points > points_max:
        report.error("points_above", place, limit=points_max)
        return None
    return name.strip(), points


def _known(names: Sequence[str], line: Line, ids: frozenset[str], report: Collector) -> bool:
    good = True
    for name in dict.fromkeys(names):
        if name not in ids:
            report.unknown("id_unknown", replace(line.at("pilihan"), value=name), ids)
            good = False
    if len(set(names)) == len(names):
        return good
    for name in sorted({n for n, count in Counter(names).items() if count > 1}):
        report.error("ballot_twice", replace(line.at("pilihan"), value=name))
        good = False
    return good


def _grouped(ballots: Sequence[Ballot]) -> tuple[Ballot, ...]:
    """Equal ballots of a place as one, so that it does not matter how they were typed."""
    counts: dict[tuple[str, BallotKind, _Choices], int] = defaultdict(int)
    for ballot in ballots:
        counts[ballot.place, ballot.kind, ballot.choices] += ballot.count
    return tuple(Ballot(*key, count=count) for key, count in counts.items())


def choices_text(ballot: Ballot) -> str:
    """The cell ``pilihan`` of a ballot."""
    ranked = {BallotKind.RANKING: True, BallotKind.FIELDS: not any(n for _, n in ballot.choices)}
    if ranked.get(ballot.kind):
        return ">".join(name for name, _ in ballot.choices)
    if ballot.kind is BallotKind.APPROVAL:
        return ";".join(name for name, _ in ballot.choices)
    return ";".join(f"{name}:{points}" for name, points in ballot.choices)

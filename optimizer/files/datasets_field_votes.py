"""Votes on fields in the sheet ``suara``: rankings and points of fields."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from optimizer.errors import RembugError
from optimizer.files.collect import Collector
from optimizer.files.datasets_cells import Line
from optimizer.files.schema import field_id, field_names
from optimizer.money import parse_number

__all__ = ["field_choices", "whole_points"]


def whole_points(text: str) -> int | None:
    """Points of a ballot; ``None`` for what is not a whole number of them."""
    try:
        points = parse_number(text)
    except RembugError:
        return None
    return int(points) if points.denominator == 1 and points >= 0 else None


def field_choices(line: Line, report: Collector) -> tuple[tuple[str, int], ...] | None:
    """``kesehatan>pendidikan`` in order, or ``kesehatan:3;pendidikan:1`` in points.

    ``None`` after recording what is wrong, and for a blank vote. What got no point is not named.
    """
    text, where = line["pilihan"] or "", line.at("pilihan")
    items = [part.strip() for part in re.split("[>;,]", text) if part.strip()]
    if not items:
        report.note("ballot_blank", where)
        return None
    ranked, before = ":" not in text, len(report.findings)
    found: list[tuple[str, int]] = []
    for item in items:
        name, _, number = item.partition(":")
        field, points = field_id(name), 0 if ranked else whole_points(number)
        if field is None:
            report.unknown("field_vote_unknown", replace(where, value=name.strip()), field_names())
        elif points is None:
            report.error("points_form", replace(where, value=item))
        else:
            found.append((field, points))
    for field, times in Counter(field for field, _ in found).items():
        if times > 1:
            report.error("field_vote_twice", replace(where, value=field))
    if not ranked and not any(points for _, points in found) and len(report.findings) == before:
        report.error("field_vote_no_points", where)
    if len(report.findings) > before:
        return None
    return tuple(found if ranked else sorted(c for c in found if c[1]))

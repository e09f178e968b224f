"""Real elections: read, written, replayed and planned against the manifest that comes with them."""

from __future__ import annotations

import csv
import os
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from optimizer import elections
from optimizer.files import pabulib
from optimizer.solving.outcome import Outcome

FOLDER = os.environ.get("REMBUG_PABULIB", "")
REASON = "REMBUG_PABULIB is not set: the real elections are not tested"


def rows() -> list[dict[str, str]]:
    if not FOLDER:
        return []
    with (Path(FOLDER) / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def election(file: str) -> pabulib.Election:
    return pabulib.read_pb(Path(FOLDER) / file)


def over(chosen: list[dict[str, str]]):
    """Run a test once for each row of the manifest; without the folder it is skipped."""
    return pytest.mark.parametrize(
        "row",
        chosen or [pytest.param({}, marks=pytest.mark.skip(reason=REASON))],
        ids=[Path(row["file"]).stem for row in chosen] or ["none"],
    )


FIGURES = ("votes_milp_optimum", "votes_milp_optimum_with_category_caps")
ROWS = rows()
each_file = over(ROWS)
each_figure = over([row for row in ROWS if any(row[column] for column in FIGURES)])


@each_file
def test_sizes_and_no_warnings(row):
    read = election(row["file"])
    assert len(read.projects) == int(row["n_projects"])
    assert read.n_ballots == int(row["n_votes"])
    assert str(read.vote_type) == row["vote_type"]
    assert bool(read.caps) == bool(row["budget_per_category"])
    # Columns and ballots of these files agree, so that counting is tested as well.
    assert {finding.code for finding in read.findings} <= {"pb_not_kept"}


@each_file
def test_round_trip(row):
    read = election(row["file"])
    assert pabulib.read_pb(pabulib.write_pb(read).encode()) == read


@each_file
def test_declared_rule_gives_the_real_winners_where_the_manifest_says_so(row):
    replay = elections.declared_rule(election(row["file"]))
    expected = {"yes": True, "no": False}.get(row["winners_reproduced_by_declared_rule"])
    assert replay.equals_real is expected


@each_file
def test_support_of_the_real_winners(row):
    read = election(row["file"])
    if row["votes_real_winners"]:
        support = pabulib.measure(read).values
        winners = elections.real_winners(read) or ()
        assert sum(support[winner] for winner in winners) == float(row["votes_real_winners"])


@each_figure
def test_optimum_equals_the_proven_figure(row):
    plain, capped = (row[column] for column in FIGURES)
    read = election(row["file"])
    found = elections.optimum(read)
    assert found.value == Fraction(capped or plain)
    assert found.outcome is Outcome.OPTIMAL
    assert bool(read.caps) == bool(capped)
    assert elections.breaches(read, found.selected) == []
    if real := row["votes_real_winners"]:
        assert found.value >= Fraction(real)

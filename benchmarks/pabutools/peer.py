"""Read elections and maximise their support with pabutools; one JSON document on stdout.

Run by ``rembug bench`` with the Python of this folder's environment. The measure is the one
that the file decides by: points where ballots give points, else the number of approvals, for
rankings m points for the first of m, … 1 for the last. Projects below
``min_project_score_threshold`` are left out, as in the elections themselves.
"""

import json
import os
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pabutools.election import (
    AbstractApprovalProfile,
    AbstractCardinalProfile,
    Additive_Cardinal_Sat,
    Cardinality_Sat,
    PositionalSatisfaction,
    parse_pabulib,
)
from pabutools.rules import max_additive_utilitarian_welfare


class Places(PositionalSatisfaction):
    """A list of m projects gives m points to the first, … 1 to the last, as the files do."""

    def __init__(self, instance: Any, profile: Any, ballot: Any) -> None:
        super().__init__(instance, profile, ballot, points, sum)


def points(ballot: Any, project: Any) -> int:
    """The points of a project on one list."""
    return len(ballot) - ballot.position(project) if project in ballot else 0


def clock() -> tuple[float, float]:
    """Wall and processor seconds, of solvers that were started as well."""
    times = os.times()
    return time.perf_counter(), time.process_time() + times.children_user + times.children_system


def solve(file: Path) -> list[str]:
    """Ids of the projects that pabutools selects."""
    instance, profile = parse_pabulib(str(file))
    if isinstance(profile, AbstractApprovalProfile):
        measure = Cardinality_Sat
    elif isinstance(profile, AbstractCardinalProfile):
        measure = Additive_Cardinal_Sat
    else:
        measure = Places
    satisfaction = profile.as_sat_profile(measure)
    threshold = float(instance.meta.get("min_project_score_threshold") or 0)
    if threshold:
        for project in list(instance):
            if satisfaction.total_satisfaction_project(project) < threshold:
                instance.remove(project)
    chosen = max_additive_utilitarian_welfare(instance, profile, sat_profile=satisfaction)
    return sorted(project.name for project in chosen)


def main() -> None:
    """One record for each file that is named."""
    records = []
    for name in sys.argv[1:]:
        record = {"file": Path(name).name}
        wall, cpu = clock()
        try:
            record["selected"] = solve(Path(name))
        except (ValueError, KeyError, NotImplementedError, TypeError, AttributeError) as error:
            record["error"] = f"{type(error).__name__}: {error}"
        now = clock()
        record["seconds"], record["cpu_seconds"] = now[0] - wall, now[1] - cpu
        records.append(record)
    names = ("pabutools", "pulp", "gurobipy")
    json.dump({"versions": {n: version(n) for n in names}, "files": records}, sys.stdout)


if __name__ == "__main__":
    main()

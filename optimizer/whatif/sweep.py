"""Sweeps along one number and grids over two; every point is a proved optimum or says why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, product
from typing import Any

import pandas as pd

from optimizer.errors import ScenarioError
from optimizer.record.proposals import Proposal
from optimizer.record.scenario import Scenario
from optimizer.solving.dispatch import Progress
from optimizer.solving.memory import PartMemory
from optimizer.territory import natural_key
from optimizer.whatif.points import MEASURES, Changes, Evaluate, Point
from optimizer.whatif.run import Executor, map_points
from optimizer.whatif.vary import check_values
from optimizer.words import FIRST, Words

__all__ = ["Sweep", "grid", "sweep"]


@dataclass(frozen=True)
class Sweep:
    """The points of a sweep or grid, in the order in which they were asked for.

    Attributes
    ----------
    paths : tuple of str
        What was varied: one path, or two for a grid.
    base : Point
        The scenario as it is.
    points : tuple of Point
        The points that were reached.
    asked : int
        How many points were asked for.
    """

    scenario: Scenario
    paths: tuple[str, ...]
    base: Point
    points: tuple[Point, ...]
    asked: int
    _by_id: dict[str, Proposal] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", dict(self.scenario.dataset.by_id))

    @property
    def complete(self) -> bool:
        """Whether every point was reached."""
        return len(self.points) == self.asked

    @cached_property
    def table(self) -> pd.DataFrame:
        """:meth:`frame` in Indonesian."""
        return self.frame()

    def frame(self, lang: str = FIRST) -> pd.DataFrame:
        """One row for each point.

        Columns: the varied paths; ``outcome``, ``reason`` (in words, where there is no plan),
        ``gap``; ``stage_<name>`` for each stage; the measures of
        :func:`~optimizer.whatif.points.measures` (money in rupiah); ``entered`` and ``left``
        (numbers of proposals against the base), ``entered_ids`` and ``left_ids``.
        """
        words = Words(lang)
        stages = list(dict.fromkeys(s for p in (self.base, *self.points) for s in p.stages))
        rows = []
        for point in self.points:
            entered, left = self.differences(self.base, point)
            rows.append(
                {
                    **dict(point.changes),
                    "outcome": point.outcome,
                    "reason": words.tell(point.reason) if point.reason else "",
                    "gap": point.gap if point.solved else None,
                    **{f"stage_{s}": point.stages.get(s) for s in stages},
                    **{m: point.measures.get(m) for m in MEASURES},
                    "entered": len(entered) if point.solved else None,
                    "left": len(left) if point.solved else None,
                    "entered_ids": ", ".join(entered),
                    "left_ids": ", ".join(left),
                }
            )
        columns = [
            *self.paths, "outcome", "reason", "gap", *(f"stage_{s}" for s in stages), *MEASURES,
            "entered", "left", "entered_ids", "left_ids",
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=columns)
        whole = [*(f"stage_{s}" for s in stages), *(m for m in MEASURES if m != "support")]
        kinds: dict[str, Any] = dict.fromkeys([*whole, "entered", "left"], "Int64")
        return frame.astype({**kinds, "support": "Float64", "gap": "Float64"})

    @cached_property
    def steps(self) -> pd.DataFrame:
        """Where a proposal enters or leaves: one row for each, between neighbouring points.

        Points without a plan are passed over. Only for one-way sweeps; a grid has no order.
        """
        rows = []
        solved = [p for p in self.points if p.solved] if len(self.paths) == 1 else []
        for before, after in pairwise(solved):
            for change, ids in zip(
                ("enters", "leaves"), self.differences(before, after), strict=True
            ):
                rows += [
                    {
                        "before": before.changes[0][1],
                        "after": after.changes[0][1],
                        "change": change,
                        "id": id_,
                        "owner": self._by_id[id_].owner,
                        "title": self._by_id[id_].title,
                    }
                    for id_ in ids
                ]
        columns = ["before", "after", "change", "id", "owner", "title"]
        return pd.DataFrame(rows, columns=columns)

    @staticmethod
    def differences(before: Point, after: Point) -> tuple[list[str], list[str]]:
        """Ids that entered and that left, in natural order; nothing where there is no plan."""
        if before.volumes is None or after.volumes is None:
            return [], []
        here, there = set(before.volumes), set(after.volumes)
        return sorted(there - here, key=natural_key), sorted(here - there, key=natural_key)


def sweep(
    scenario: Scenario,
    path: str,
    values: Iterable[object],
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    executor: Executor = map_points,
) -> Sweep:
    """Solve a scenario anew for each value of one of its numbers.

    Parameters
    ----------
    path
        As in :func:`optimizer.record.scenario.override`; ``policy`` takes policy ids (another
        year or reading).
    progress, stop
        Called with (points done, points in all); asked before each point whether to stop. What
        is done is kept, also after Ctrl-C.

    Raises
    ------
    ScenarioError
        ``unknown_path`` with the nearest known path. A value that makes the scenario
        impossible is no error: its point says why, and the sweep goes on.
    """
    listed = tuple(str(v) for v in values)
    check_values(scenario, path, listed)
    points = [((path, value),) for value in listed]
    return _run(scenario, (path,), points, progress=progress, stop=stop, executor=executor)


def grid(
    scenario: Scenario,
    path_a: str,
    values_a: Iterable[object],
    path_b: str,
    values_b: Iterable[object],
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    executor: Executor = map_points,
) -> Sweep:
    """Solve a scenario anew for each pair of values of two of its numbers; see :func:`sweep`.

    Raises
    ------
    ScenarioError
        ``vary_twice`` where both are the same number; else as :func:`sweep` raises.
    """
    listed_a, listed_b = tuple(str(v) for v in values_a), tuple(str(v) for v in values_b)
    if path_a == path_b:
        together = ",".join(dict.fromkeys(listed_a + listed_b))
        raise ScenarioError("vary_twice", path=path_a, values=together)
    check_values(scenario, path_a, listed_a)
    check_values(scenario, path_b, listed_b)
    points = [((path_a, a), (path_b, b)) for a, b in product(listed_a, listed_b)]
    paths = (path_a, path_b)
    return _run(scenario, paths, points, progress=progress, stop=stop, executor=executor)


def _run(
    scenario: Scenario,
    paths: tuple[str, ...],
    points: Sequence[Changes],
    *,
    progress: Progress | None,
    stop: Callable[[], bool] | None,
    executor: Executor,
) -> Sweep:
    evaluate = Evaluate(scenario, PartMemory())
    base = evaluate(())
    found = executor(evaluate, points, progress, stop)
    return Sweep(scenario, paths, base, tuple(found[k] for k in sorted(found)), len(points))

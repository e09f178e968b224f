"""Many points, one after the other: progress, a way to stop, and what was done is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from optimizer.solving.dispatch import Progress

__all__ = ["Executor", "map_points"]

P = TypeVar("P")
R = TypeVar("R")


class Executor(Protocol):
    """Whatever evaluates a function at many points; other processes may do the work.

    The function and the points must be picklable, and a result may depend on its point only.
    """

    def __call__(
        self,
        function: Callable[[P], R],
        points: Sequence[P],
        progress: Progress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> dict[int, R]:
        """Results by the number of their point; see :func:`map_points`."""


def map_points(
    function: Callable[[P], R],
    points: Sequence[P],
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[int, R]:
    """Evaluate a function at every point in this process.

    Parameters
    ----------
    progress
        Called with (points done, points in all).
    stop
        Asked before each point; True ends the run. Ctrl-C ends it too.

    Returns
    -------
    dict
        Number of the point → result; points that were not reached are absent.
    """
    done: dict[int, R] = {}
    try:
        for number, point in enumerate(points):
            if stop is not None and stop():
                break
            done[number] = function(point)
            if progress is not None:
                progress(len(done), len(points))
    except KeyboardInterrupt:
        pass  # what is done is kept; the caller sees which points are missing
    return done

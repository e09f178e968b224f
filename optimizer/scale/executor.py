"""The interface of all executors, and what they have in common."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Protocol, Self, TypeVar

from optimizer.errors import RembugError
from optimizer.solving.dispatch import Progress
from optimizer.whatif.run import map_points

__all__ = ["Executor", "Serial", "WorkersLost", "chunks", "pack", "work"]

P = TypeVar("P")
R = TypeVar("R")

# Chunks for each worker: few enough to be cheap, many enough that all end at the same time.
CHUNKS = 8
# How often work is given out again after its worker died, without anything done in between.
RETRIES = 3


class WorkersLost(RembugError):
    """Workers die again and again, on this machine or in the cluster."""


class Executor(Protocol):
    """Evaluates a function at many points; closed at the end of a ``with`` block.

    ``executor.map`` is what the functions of :mod:`optimizer.whatif` take as ``executor``.
    """

    def map(
        self,
        function: Callable[[P], R],
        points: Sequence[P],
        progress: Progress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> dict[int, R]:
        """Results by the number of their point, in that order.

        Parameters
        ----------
        function
            Picklable, as are points and results; a result depends on its point only.
        progress
            Called with (points done, points in all).
        stop
            Asked from time to time; True ends the run, as Ctrl-C does. What was not reached is
            absent.

        Raises
        ------
        WorkersLost
            If workers die again and again.
        """

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Serial:
    """In this process, one task after the other."""

    def map(
        self,
        function: Callable[[P], R],
        points: Sequence[P],
        progress: Progress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> dict[int, R]:
        """See :meth:`Executor.map`."""
        return map_points(function, points, progress, stop)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to close."""


def chunks(numbers: Sequence[int], workers: int) -> list[tuple[int, ...]]:
    """Task numbers in neighbouring groups.

    Examples
    --------
    >>> chunks(range(5), 1)
    [(0,), (1,), (2,), (3,), (4,)]
    >>> len(chunks(range(1000), 2))
    16
    """
    size = max(1, -(-len(numbers) // (workers * CHUNKS)))
    return [tuple(numbers[k : k + size]) for k in range(0, len(numbers), size)]


def pack(function: Callable[[P], R]) -> bytes:
    """A function as bytes: pickled once here, unpacked once by each worker."""
    return zlib.compress(pickle.dumps(function, pickle.HIGHEST_PROTOCOL), 1)


@lru_cache(maxsize=2)
def _unpack(packed: bytes) -> Callable[[Any], Any]:
    """The function of a run; kept, so that what it remembers serves the next chunk too."""
    function: Callable[[Any], Any] = pickle.loads(zlib.decompress(packed))
    return function


def work(packed: bytes, tasks: Sequence[P]) -> list[Any]:
    """What a worker does: one chunk."""
    function = _unpack(packed)
    return [function(task) for task in tasks]

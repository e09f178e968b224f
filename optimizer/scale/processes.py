"""Processes of this machine: warm workers, and nothing lost when one of them dies."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Self, TypeVar

from optimizer.scale.executor import RETRIES, WorkersLost, chunks, pack, work
from optimizer.solving.dispatch import Progress

__all__ = ["Processes"]

P = TypeVar("P")
R = TypeVar("R")

# Workers take a second or two to start; what is done sooner is done here.
PATIENCE = 2.0
# How often a run asks whether to stop, in seconds.
PULSE = 0.2


class Processes:
    """Tasks over processes of this machine.

    Parameters
    ----------
    jobs
        Processes; with 1 everything stays in this one.
    patience
        Seconds of work in this process before others are started.
    retries
        How often lost tasks are given out again without anything done in between.
    """

    def __init__(self, jobs: int, *, patience: float = PATIENCE, retries: int = RETRIES) -> None:
        self._jobs = jobs
        self._patience = patience
        self._retries = retries
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def map(
        self,
        function: Callable[[P], R],
        points: Sequence[P],
        progress: Progress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> dict[int, R]:
        """See :meth:`.executor.Executor.map`."""
        run = _Run(points, progress, stop)
        try:
            run.begin(function, 0.0 if self._pool else self._patience, alone=self._jobs == 1)
            if not run.over:
                self._spread(pack(function), run)
        except KeyboardInterrupt:
            self._close()  # what is done is kept; the caller sees what is missing
        return run.results()

    def _spread(self, packed: bytes, run: _Run) -> None:
        fruitless = 0
        while not run.over:
            before = len(run.done)
            try:
                self._round(packed, run)
            except BrokenProcessPool as error:
                self._close()
                fruitless = fruitless + 1 if len(run.done) == before else 0
                if fruitless > self._retries:
                    raise WorkersLost("workers_lost", times=fruitless) from error

    def _round(self, packed: bytes, run: _Run) -> None:
        """Give out all that is left once, and collect it as it comes."""
        pool = self._open()
        waiting: dict[Future[list[Any]], tuple[int, ...]] = {
            pool.submit(work, packed, [run.points[k] for k in numbers]): numbers
            for numbers in chunks(run.left, self._jobs)
        }
        broken: BrokenProcessPool | None = None
        while waiting and not run.over:
            finished, _ = wait(waiting, PULSE, FIRST_COMPLETED)
            for future in finished:
                numbers = waiting.pop(future)
                try:
                    run.keep(numbers, future.result())
                except BrokenProcessPool as error:
                    broken = error
        for future in waiting:
            future.cancel()
        if broken is not None:
            raise broken

    def _open(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # A fork would copy the threads of whoever calls; a fresh process has none.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._jobs, context, initializer=_leave_ctrl_c)
        return self._pool

    def _close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def _leave_ctrl_c() -> None:
    """Ctrl-C reaches all processes of a terminal; only the first one answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class _Run:
    """What is done and what is left."""

    def __init__(
        self,
        points: Sequence[Any],
        progress: Progress | None,
        stop: Callable[[], bool] | None,
    ) -> None:
        self.points = points
        self.done: dict[int, Any] = {}
        self._progress = progress
        self._stop = stop

    @property
    def left(self) -> list[int]:
        return [k for k in range(len(self.points)) if k not in self.done]

    @property
    def over(self) -> bool:
        """Everything done, or asked to stop."""
        return len(self.done) == len(self.points) or (self._stop is not None and self._stop())

    def begin(self, function: Callable[[Any], Any], seconds: float, *, alone: bool) -> None:
        """Work here for some time; everything where nobody else works."""
        end = time.monotonic() + seconds
        for number, point in enumerate(self.points):
            if self.over or (not alone and time.monotonic() >= end):
                return
            self.keep((number,), [function(point)])

    def keep(self, numbers: Sequence[int], results: Sequence[Any]) -> None:
        self.done.update(zip(numbers, results, strict=True))
        if self._progress is not None:
            self._progress(len(self.done), len(self.points))

    def results(self) -> dict[int, Any]:
        """By number, in the order of the points."""
        return dict(sorted(self.done.items()))

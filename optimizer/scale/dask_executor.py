"""A Dask cluster: the same tasks, on as many machines as it has.

Needs the extra ``dask``. All machines need this version of Rembug; see the README.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Self, TypeVar

from optimizer.errors import RembugError
from optimizer.scale.executor import RETRIES, WorkersLost, chunks, pack, work
from optimizer.solving.dispatch import Progress

__all__ = ["Dask"]

P = TypeVar("P")
R = TypeVar("R")

CONNECT_SECONDS = 10


def _distributed() -> Any:
    """The library, imported when it is used: an extra, and slow to import."""
    return import_module("distributed")


def _same(packed: bytes) -> bytes:
    """The function as a task of its own: lost with a worker, it is made again elsewhere."""
    return packed


class Dask:
    """Tasks over the workers of a Dask scheduler.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.5:8786``.
    retries
        How often lost tasks are given out again without anything done in between, beyond what
        the scheduler itself does.

    Raises
    ------
    RembugError
        ``dask_missing`` without the extra, ``dask_unreachable`` where nobody answers.
    """

    def __init__(self, address: str, *, retries: int = RETRIES) -> None:
        if find_spec("distributed") is None:
            raise RembugError("dask_missing")
        try:
            self._client = _distributed().Client(
                address, timeout=CONNECT_SECONDS, set_as_default=False
            )
        except (OSError, ValueError) as error:
            raise RembugError("dask_unreachable", address=address) from error
        self._retries = retries

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def map(
        self,
        function: Callable[[P], R],
        points: Sequence[P],
        progress: Progress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> dict[int, R]:
        """See :meth:`.executor.Executor.map`."""
        done: dict[int, R] = {}
        packed = pack(function)
        fruitless = 0
        try:
            while len(done) < len(points) and not (stop is not None and stop()):
                before = len(done)
                self._round(packed, points, done, progress, stop)
                fruitless = 0 if len(done) > before else fruitless + 1
                if fruitless > self._retries:
                    raise WorkersLost("workers_lost", times=fruitless)
        except KeyboardInterrupt:
            pass  # what is done is kept; the caller sees what is missing
        return dict(sorted(done.items()))

    def _round(
        self,
        packed: bytes,
        points: Sequence[P],
        done: dict[int, R],
        progress: Progress | None,
        stop: Callable[[], bool] | None,
    ) -> None:
        """Give out all that is left once, and collect it as it comes."""
        distributed = _distributed()
        lost = (distributed.scheduler.KilledWorker, distributed.CancelledError)
        left = [k for k in range(len(points)) if k not in done]
        workers = max(1, sum(self._client.nthreads().values()))
        shared = self._client.submit(_same, packed, pure=False)
        waiting = {
            self._client.submit(work, shared, [points[k] for k in numbers], pure=False): numbers
            for numbers in chunks(left, workers)
        }
        for future in distributed.as_completed(waiting, loop=self._client.loop):
            try:
                found = future.result()
            except lost:
                continue  # lost more often than the scheduler allows: left for the next round
            done.update(zip(waiting[future], found, strict=True))
            if progress is not None:
                progress(len(done), len(points))
            if stop is not None and stop():
                self._client.cancel(list(waiting))
                return

"""Which executor a command line asks for."""

from __future__ import annotations

import os

from optimizer.scale.dask_executor import Dask
from optimizer.scale.executor import Executor, Serial
from optimizer.scale.processes import Processes

__all__ = ["executor_for"]


def executor_for(jobs: int | None = None, dask: str | None = None) -> Executor:
    """A Dask cluster where an address is given, else processes of this machine.

    Parameters
    ----------
    jobs
        Processes; by default as many as there are processors for this process. 1 stays here.

    Raises
    ------
    RembugError
        Where the cluster cannot be used.
    """
    if dask is not None:
        return Dask(dask)
    jobs = jobs or _processors()
    return Serial() if jobs == 1 else Processes(jobs)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

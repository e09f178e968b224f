"""Timing, what a row of the table holds, and the machine it was measured on."""

from __future__ import annotations

import gc
import os
import platform
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from optimizer.versions import solver_versions

__all__ = ["FAILED", "Peer", "Row", "Timing", "machine", "peak_mb", "timed"]

R = TypeVar("R")

# What a note says of a peer that ended without an answer that stands.
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Timing:
    """Median wall and processor seconds over some runs."""

    seconds: float
    cpu: float
    runs: int

    def times(self, factor: float) -> Timing:
        """What was measured on a sample, for all."""
        return Timing(self.seconds * factor, self.cpu * factor, self.runs)


@dataclass(frozen=True, slots=True)
class Peer:
    """What another way took for the same question.

    Attributes
    ----------
    time : Timing or None
        ``None`` where it could not be measured; ``note`` says why.
    same : bool or None
        Whether its answer equals ours; ``None`` where it has none or was not proved.
    limit : float or None
        Seconds after which it was stopped, where it was.
    note : str
        What part was measured, or why nothing was.
    """

    name: str
    time: Timing | None = None
    same: bool | None = None
    limit: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the benchmark.

    Attributes
    ----------
    size : mapping
        Counts that say how large it was.
    target : mapping
        Limits that are promised: ``seconds``, ``mb``, ``exponent``, or ``factor:<peer>``.
    figures : mapping
        Other figures, such as memory or an exponent.
    """

    name: str
    time: Timing
    peers: tuple[Peer, ...] = ()
    size: dict[str, int] = field(default_factory=dict)
    target: dict[str, float] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)

    def factor(self, peer: Peer) -> float | None:
        """How many times longer a peer took; at least so many where it was stopped."""
        return None if peer.time is None else peer.time.cpu / max(self.time.cpu, 1e-9)

    def missed(self) -> list[str]:
        """Names of the targets that were not reached."""
        reached: dict[str, float] = {"seconds": self.time.cpu, **self.figures}
        factors = {f"factor:{p.name}": self.factor(p) for p in self.peers}
        found = []
        for name, wanted in self.target.items():
            if name.startswith("factor:"):
                factor = factors.get(name)
                if factor is not None and factor < wanted:
                    found.append(name)
            elif reached.get(name, 0.0) > wanted:
                found.append(name)
        return found

    def to_dict(self) -> dict[str, Any]:
        """The row as plain data, in the documented fields."""
        return {
            "name": self.name,
            "size": self.size,
            "seconds": self.time.seconds,
            "cpu_seconds": self.time.cpu,
            "runs": self.time.runs,
            "figures": self.figures,
            "target": self.target,
            "missed": self.missed(),
            "peers": [
                {
                    "name": peer.name,
                    "seconds": peer.time.seconds if peer.time else None,
                    "cpu_seconds": peer.time.cpu if peer.time else None,
                    "factor": self.factor(peer),
                    "same_answer": peer.same,
                    "stopped_after": peer.limit,
                    "note": peer.note,
                }
                for peer in self.peers
            ],
        }


def timed(function: Callable[[], R], runs: int = 1, *, warm: bool = True) -> tuple[R, Timing]:
    """The last result of a function, and its median time; the first run may be left out.

    Others may be using the machine: processor time is what the factors and targets go by.
    """
    if warm:
        function()
    walls, cpus = [], []
    for _ in range(runs):
        gc.collect()
        wall, cpu = time.perf_counter(), _processor_time()
        result = function()
        walls.append(time.perf_counter() - wall)
        cpus.append(_processor_time() - cpu)
    return result, Timing(median(walls), median(cpus), runs)


def _processor_time() -> float:
    """Processor seconds of this process, and of those that it started and that have ended."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def peak_mb(function: Callable[[], object]) -> float:
    """The most memory that a call needs beyond what was there before, in megabytes."""
    gc.collect()
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def machine() -> dict[str, Any]:
    """Processor, system and versions."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **solver_versions(),
        **{name: version(name) for name in ("numpy", "networkx")},
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()

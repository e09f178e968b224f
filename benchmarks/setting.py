"""What all rows draw on: the examples, compiled once, and how much time there is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

from optimizer.files.scenarios import load_scenario
from optimizer.formulation.problem import Problem, StageSpec
from optimizer.planning import prepare
from optimizer.record.scenario import Scenario
from optimizer.shipped import SCENARIOS

__all__ = ["Setting", "city_file", "kaliombo", "kaliombo_by_order"]

CITY = "kota-contoh-2023"


@cache
def _scenario(name: str) -> Scenario:
    return load_scenario(str(_file(name)))


def _file(name: str) -> Path:
    return SCENARIOS / f"{name}.yaml"


def city_file() -> Path:
    """The scenario of the made-up city."""
    return _file(CITY)


def kaliombo() -> Scenario:
    """Kaliombo by support, then ``fill``; 47 RT, 8 joint projects, 6 shared ones."""
    return _scenario("kaliombo-2023-dukungan")


def kaliombo_by_order() -> Scenario:
    """Kaliombo as its meetings ordered it."""
    return _scenario("kaliombo-2023")


@dataclass(frozen=True)
class Setting:
    """How thoroughly to measure.

    Attributes
    ----------
    quick : bool
        Small sizes and one run: to see that everything works, not for figures.
    """

    quick: bool = False

    @property
    def runs(self) -> int:
        """Runs of which the median counts."""
        return 1 if self.quick else 7

    @property
    def few(self) -> int:
        """Runs of what takes seconds."""
        return 1 if self.quick else 3

    @property
    def limit(self) -> float:
        """Seconds after which a peer is stopped."""
        return 1.0 if self.quick else 60.0

    @cached_property
    def kelurahan(self) -> Problem:
        """Kaliombo compiled."""
        return prepare(kaliombo())[0]

    @cached_property
    def city(self) -> Problem:
        """46 kelurahan, 1 478 RT."""
        return prepare(_scenario(CITY))[0]

    def only(self, problem: Problem, *stages: str) -> Problem:
        """A problem with some of its stages."""
        kept: tuple[StageSpec, ...] = tuple(s for s in problem.stages if s.name in stages)
        return replace(problem, stages=kept)

"""One point of a what-if: some numbers of a scenario changed, solved anew, measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from optimizer.errors import Infeasible, PlanRejected, RembugError, ScenarioError, SolverFailed
from optimizer.files.datasets_cells import MAX_AMOUNT
from optimizer.files.datasets_proposals import MAX_STEPS
from optimizer.files.scenarios import vary
from optimizer.measures import Measured, Quick
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.record.meetings import SCALE
from optimizer.record.scenario import Scenario
from optimizer.solving.memory import PartMemory
from optimizer.words import Message

__all__ = [
    "MEASURES",
    "Changes",
    "Evaluate",
    "Point",
    "changed",
    "measures",
]

# (path, value) pairs, as :func:`optimizer.files.scenarios.vary` takes them.
Changes: TypeAlias = tuple[tuple[str, str], ...]

MEASURES = Quick._fields


@dataclass(frozen=True, slots=True)
class Point:
    """What came of one point.

    Attributes
    ----------
    changes
        The (path, value) pairs of the point.
    outcome : str
        An outcome of :class:`~optimizer.solving.outcome.Outcome`, or ``refused`` where the
        scenario cannot take the values.
    reason
        Why there is no plan, where there is none.
    stages
        Value of each stage; a point is proved when ``outcome`` is ``optimal``.
    gap : float
        The largest relative gap of a stage; 0 is proved.
    measures
        See :func:`measures`.
    volumes
        Chosen volume of each proposal that is in; ``None`` without a plan.
    """

    changes: Changes
    outcome: str
    reason: Message | None = None
    stages: Mapping[str, int] = field(default_factory=dict)
    gap: float = 0.0
    measures: Mapping[str, float | None] = field(default_factory=dict)
    volumes: Mapping[str, Fraction] | None = None

    @property
    def solved(self) -> bool:
        """Whether there is a plan."""
        return self.volumes is not None


def changed(scenario: Scenario, changes: Changes) -> Scenario:
    """The scenario with some of its numbers changed; another policy comes first."""
    for path, value in sorted(changes, key=lambda change: change[0] != "policy"):
        scenario = vary(scenario, path, value)
        _within_reason(scenario, path, value)
    return scenario


def _within_reason(scenario: Scenario, path: str, value: str) -> None:
    """Refuse what no dataset may hold either: absurd amounts, and steps without end."""
    data = scenario.dataset
    amounts = [u.budget for u in data.territory.units]
    amounts += [int(p.unit_price * p.volume) for p in data.proposals]
    steps = ((p.volume - p.least) / p.step for p in data.proposals)
    for found, most in ((max(amounts, default=0), MAX_AMOUNT), (max(steps, default=0), MAX_STEPS)):
        if found > most:
            raise ScenarioError("value_out_of_range", path=path, value=value, expected=f"≤ {most}")


@dataclass(frozen=True)
class Evaluate:
    """Changes → point; picklable, and every answer depends on the changes only."""

    scenario: Scenario
    memory: PartMemory = field(default_factory=PartMemory, compare=False)

    def __call__(self, changes: Changes) -> Point:
        """Solve one point; what makes it impossible is written down, not raised."""
        try:
            plan = self.plan(changes)
        except PlanRejected:
            raise  # a defect of ours, not a property of the point
        except RembugError as error:
            return Point(changes, _outcome(error), error.said)
        return Point(
            changes=changes,
            outcome=plan.outcome.value,
            stages=plan.values,
            gap=plan.gap,
            measures=measures(plan),
            volumes=dict(plan.volumes),
        )

    def plan(self, changes: Changes = ()) -> Plan:
        """The verified plan of a point."""
        return optimize(changed(self.scenario, changes), solver=self.memory.of_problem)


def _outcome(error: RembugError) -> str:
    if isinstance(error, Infeasible):
        return "infeasible"
    return "no_solution" if isinstance(error, SolverFailed) else "refused"


def measures(plan: Plan) -> dict[str, float | None]:
    """The figures of :mod:`optimizer.measures` that need no further solving, as numbers."""
    found = Measured(plan, plan.scenario).quick()
    support = None if found.support is None else round(found.support * SCALE) / SCALE
    return {**found._asdict(), "support": support}

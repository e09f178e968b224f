"""An election as a problem for the solvers, and its best set of projects."""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm

from optimizer.elections.declared import breaches, eligible
from optimizer.errors import PlanRejected
from optimizer.files.pabulib.counting import measure
from optimizer.files.pabulib.election import Election, Number
from optimizer.formulation.problem import (
    Item,
    Kind,
    Limit,
    Linear,
    Part,
    Problem,
    StageSpec,
    Tree,
    UnitRoom,
)
from optimizer.record.meetings import SCALE
from optimizer.solving.dispatch import solve
from optimizer.solving.outcome import Clock, Outcome
from optimizer.territory import natural_key


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best set of projects under the budget and the caps.

    Attributes
    ----------
    measure : str
        What was maximised: ``score``, ``votes`` or ``counted``.
    value : Number
        Its sum over ``selected``, exact.
    selected : tuple of str
        Project ids in natural order.
    cost : Number
        What they cost together.
    outcome : Outcome
        ``optimal`` where proved.
    """

    measure: str
    value: Number
    selected: tuple[str, ...]
    cost: Number
    outcome: Outcome


def to_problem(election: Election) -> Problem:
    """State the election in whole numbers: one unit, one account, one item per project.

    The sum of the measure is maximised. Projects below the threshold, and those that cannot be
    afforded at all, are held out. A category with a cap is a limit on the cost of its projects;
    a project in several categories counts in full in each. Money is in the smallest decimal
    part that the file uses.
    """
    support = measure(election).values
    cents = lcm(
        election.budget.denominator,
        *(p.cost.denominator for p in election.projects),
        *(cap.denominator for cap in election.caps.values()),
    )
    fine = lcm(SCALE, *(value.denominator for value in support.values()))
    may_win = {
        project.id
        for project in eligible(election)
        if project.cost <= election.budget
        and all(project.cost <= election.caps.get(c, project.cost) for c in project.categories)
    }
    projects = sorted(election.projects, key=lambda p: natural_key(p.id))
    items = tuple(
        Item(
            id=project.id,
            kind=Kind.OWN,
            owner=election.name,
            leaf=0,
            extra=0,
            cost=(cost := Linear(int(project.cost * cents))),
            payers=((0, cost),),
            support=Linear(int(support[project.id] * fine)),
            residents=0,
            fixed=None if project.id in may_win else 0,
        )
        for project in projects
    )
    limits = tuple(
        Limit(
            "budget_per_category",
            name,
            tuple((i, items[i].cost) for i, p in enumerate(projects) if name in p.categories),
            upper=int(cap * cents),
        )
        for name, cap in election.caps.items()
    )
    budget = int(election.budget * cents)
    everything = tuple(range(len(items)))
    return Problem(
        tree=Tree(("projects", "budget"), (1, -1), (0,), frozenset()),
        units=(UnitRoom(election.name, election.name, (0, 0), (budget, budget), (0, 0)),),
        items=items,
        limits=limits,
        requirements=(),
        pools={},
        stages=(StageSpec("support"),),
        order=everything,
        parts=(Part(election.name, (0,), everything, tuple(range(len(limits))), ()),),
    )


def optimum(election: Election, time_limit: float | None = None) -> Optimum:
    """Find the best set: most of the measure, then least cost, then the lowest ids.

    Parameters
    ----------
    election : Election
        Thresholds and caps are honoured.
    time_limit : float, optional
        Seconds; without proof in time the best set so far is given, labelled by ``outcome``.

    Raises
    ------
    SolverFailed
        If the time did not suffice for any set.
    PlanRejected
        If the answer breaks a limit in exact arithmetic: a defect of ours.
    """
    problem = to_problem(election)
    answer = solve(problem, clock=Clock(time_limit))
    selected = tuple(item.id for i, item in enumerate(problem.items) if answer.levels.get(i, 0))
    if breaches(election, selected):
        raise PlanRejected("pb_optimum_rejected", name=election.name)
    support = measure(election)
    costs = {project.id: project.cost for project in election.projects}
    return Optimum(
        measure=support.name,
        value=sum(support.values[project_id] for project_id in selected),
        selected=selected,
        cost=sum(costs[project_id] for project_id in selected),
        outcome=answer.outcome,
    )

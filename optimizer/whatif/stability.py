"""How often each proposal is in when the meetings are drawn again.

After Boehmer, Faliszewski, Janeczko and Kaczmarczyk (IJCAI 2023): the share of resampled votes
under which a proposal is funded, here under all rules of the policy, each draw a proved optimum.
Ranked lists cannot be drawn again: for what has only an order the answer is that there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import sqrt

import pandas as pd

from optimizer.errors import ScenarioError
from optimizer.formulation.problem import Item, Problem
from optimizer.formulation.support import support_by_level, support_of
from optimizer.plan import Plan
from optimizer.planning import optimize, prepare
from optimizer.record.meetings import level_of
from optimizer.record.scenario import Scenario
from optimizer.solving.dispatch import Progress, solve_one
from optimizer.solving.evenly import with_most
from optimizer.solving.outcome import Clock
from optimizer.whatif.run import Executor, map_points
from optimizer.whatif.votes import resampled

__all__ = ["ORDER_ONLY", "Stability", "stability", "wilson"]

ORDER_ONLY = "order_only"
COMPUTED = "computed"
_BY_SUPPORT = frozenset({"support", "welfare", "equity"})
# Two-sided 95 %.
_Z = 1.959963984540054
_MOST = 100_000
NONE = Fraction(0)


def wilson(times: int, of: int) -> tuple[float, float]:
    """95 % interval of a share (E. B. Wilson, JASA 22, 1927); (0, 1) for no draws.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(183, 200)]
    [0.868, 0.946]
    """
    if not of:
        return 0.0, 1.0
    share, square = times / of, _Z * _Z / of
    middle = share + square / 2
    spread = _Z * sqrt(share * (1 - share) / of + square / (4 * of))
    low, high = (middle - spread) / (1 + square), (middle + spread) / (1 + square)
    # At the ends the formula is 0 or 1 but for the last binary digit.
    return (low if times else 0.0), (high if times < of else 1.0)


@dataclass(frozen=True)
class Stability:
    """How often each proposal was in.

    Attributes
    ----------
    plan : Plan
        The plan with the votes as they are.
    seed, attendance
        What the draws depend on; the share of ballots drawn.
    draws : int
        Draws that were finished.
    times
        Proposal id → draws in which it was in; only proposals whose support can be drawn.
    """

    plan: Plan
    seed: int
    attendance: Fraction
    asked: int
    draws: int
    times: dict[str, int]

    @property
    def table(self) -> pd.DataFrame:
        """One row for each proposal that was asked for.

        ``planned``; ``times`` in ``of`` draws; ``share`` with its 95 % interval ``low`` to
        ``high``; ``status``: ``computed``, or ``order_only`` where there is only an order.
        """
        rows = []
        for item in self.plan.problem.items:
            proposal = self.plan.scenario.dataset.by_id[item.id]
            times = self.times.get(item.id)
            known = times is not None and self.draws > 0
            low, high = wilson(times or 0, self.draws)
            rows.append(
                {
                    "id": item.id,
                    "owner": proposal.owner,
                    "title": proposal.title,
                    "planned": bool(self.plan.volumes.get(item.id)),
                    "times": times if known else None,
                    "of": self.draws if known else None,
                    "share": times / self.draws if times is not None and known else None,
                    "low": low if known else None,
                    "high": high if known else None,
                    "status": COMPUTED if times is not None else ORDER_ONLY,
                }
            )
        columns = [
            "id", "owner", "title", "planned", "times", "of", "share", "low", "high", "status",
        ]  # fmt: skip
        kinds = {"times": "Int64", "of": "Int64"} | dict.fromkeys(
            ("share", "low", "high"), "Float64"
        )
        return pd.DataFrame(rows, columns=columns).astype(kinds)


def stability(
    scenario: Scenario,
    resamples: int = 200,
    seed: int = 1,
    *,
    attendance: Fraction = Fraction(1),
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    executor: Executor = map_points,
) -> Stability:
    """Solve a scenario again and again with votes drawn anew; the same for the same seed.

    A joint share that was searched stays as it was found. Only parts whose support changes are
    solved again.

    Parameters
    ----------
    attendance
        Share of the ballots of each place that are drawn: below 1, fewer people came.

    Raises
    ------
    ScenarioError
        ``stability_no_votes`` where no place has votes, ``stability_by_order`` where the lists
        decide before support does, ``value_out_of_range``.
    """
    for path, value, good, expected in (
        ("stability", resamples, 1 <= resamples <= _MOST, f"1–{_MOST}"),
        ("attendance", attendance, 0 < attendance <= 1, "0–1"),
    ):
        if not good:
            raise ScenarioError("value_out_of_range", path=path, value=value, expected=expected)
    _refuse(scenario)
    plan = optimize(scenario)
    again = _Again(scenario, plan.problem, support_of(scenario), _inside(plan), seed, attendance)
    found = executor(again, range(resamples), progress, stop)
    drawn = _drawn(scenario)
    times = {
        item.id: sum(index in chosen for chosen in found.values())
        for index, item in enumerate(plan.problem.items)
        if item.id in drawn
    }
    return Stability(plan, seed, attendance, resamples, len(found), times)


def _refuse(scenario: Scenario) -> None:
    if not level_of(scenario.dataset.results):
        raise ScenarioError("stability_no_votes")
    first = next((s.name for s in scenario.stages if s.name in {"order", *_BY_SUPPORT}), "order")
    if first == "order":
        raise ScenarioError("stability_by_order")


def _drawn(scenario: Scenario) -> set[str]:
    """Proposals that stand in the list of a place with votes, or were voted on there."""
    data = scenario.dataset
    voted = level_of(data.results)
    named = {c.proposal for c in data.results.counts}
    named |= {p for b in data.results.ballots for p, _ in b.choices}
    return named | {p.id for p in data.proposals if p.owner in voted}


def _inside(plan: Plan) -> frozenset[int]:
    return frozenset(i for i, level in plan.answer.levels.items() if level)


@dataclass(frozen=True)
class _Again:
    """Number of a draw → indices of the proposals that are in."""

    scenario: Scenario
    problem: Problem
    support: Mapping[str, Fraction]
    inside: frozenset[int]
    seed: int
    attendance: Fraction

    def __call__(self, number: int) -> frozenset[int]:
        results = resampled(self.scenario.dataset.results, self.seed, number, self.attendance)
        scenario = replace(self.scenario, dataset=replace(self.scenario.dataset, results=results))
        problem = self._problem(scenario)
        chosen = set(self.inside)
        for part in problem.parts:
            if problem.groups or any(problem.items[i] != self.problem.items[i] for i in part.items):
                answer = solve_one(problem, part, self.scenario.solver, Clock())
                chosen -= set(part.items)
                chosen |= {i for i, level in answer.levels.items() if level}
        return frozenset(chosen)

    def _problem(self, scenario: Scenario) -> Problem:
        if self.problem.groups or scenario.alone:
            # Groups and floors hold support of their own.
            return with_most(prepare(scenario)[0], Clock())
        support = support_of(scenario)
        return replace(
            self.problem,
            items=tuple(
                self._item(item, support.get(item.id, NONE)) for item in self.problem.items
            ),
        )

    def _item(self, item: Item, support: Fraction) -> Item:
        if support == self.support.get(item.id, NONE):
            return item
        proposal = self.scenario.dataset.by_id[item.id]
        return replace(item, support=support_by_level(proposal, support))

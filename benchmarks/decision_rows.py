"""Why, what if and for whom: what a person waits for after the plan itself.

These questions have no peer that answers them under caps; what is shown is the time alone. Each
answer is made of proved optima.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial

from benchmarks.setting import Setting, kaliombo, kaliombo_by_order
from benchmarks.timing import Row, timed
from optimizer.equity import frontier as whole_frontier
from optimizer.explain import Card, Explainer
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.record.scenario import Stage
from optimizer.whatif.near import near_optimal as classes
from optimizer.whatif.stability import stability

__all__ = ["cards", "frontier", "leximin", "near_optimal", "resamples_200"]

EPSILON = Fraction(1, 100)


def cards(setting: Setting) -> Row:
    """The cards of all proposals, by order and by support; the slower of the two counts."""
    found, times = [], []
    for scenario in (kaliombo_by_order(), kaliombo()):
        plan = optimize(scenario)
        made, time = timed(partial(_all_cards, plan), setting.few)
        found.append(len(made))
        times.append(time)
    slower = max(times, key=lambda time: time.cpu)
    return Row("cards", slower, size={"cards": max(found)}, target=_limit(setting, 2))


def _all_cards(plan: Plan) -> list[Card]:
    return list(Explainer(plan).cards())


def resamples_200(setting: Setting) -> Row:
    """Votes drawn again 200 times, shared RW projects included."""
    count = 3 if setting.quick else 200
    found, time = timed(lambda: stability(kaliombo(), count, 1), warm=False)
    size = {"draws": found.draws}
    return Row("resamples-200", time, size=size, target=_limit(setting, 30))


def leximin(setting: Setting) -> Row:
    """The stage ``equity`` over RW, first of all, with the plan around it verified."""
    scenario = replace(kaliombo(), stages=(Stage("equity", over="rw"), Stage("fill")))
    plan, time = timed(lambda: optimize(scenario), setting.few, warm=False)
    return Row("leximin", time, size={"funded": len(plan.funded)}, target=_limit(setting, 15))


def frontier(setting: Setting) -> Row:
    """Total support against the least-served RW, every point."""
    points, time = timed(lambda: whole_frontier(kaliombo(), "rw"), setting.few, warm=False)
    return Row("frontier", time, size={"points": len(points)}, target=_limit(setting, 30))


def near_optimal(setting: Setting) -> Row:
    """Always in, contested or never in, within a hundredth of the optimum."""
    plan = optimize(kaliombo())
    found, time = timed(lambda: classes(plan, EPSILON), setting.few, warm=False)
    size = {"proposals": len(found.table)}
    return Row("near-optimal", time, size=size, target=_limit(setting, 30))


def _limit(setting: Setting, seconds: float) -> dict[str, float]:
    return {} if setting.quick else {"seconds": seconds}

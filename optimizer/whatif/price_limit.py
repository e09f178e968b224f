"""How far prices may rise before a plan breaks, and which rule breaks first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from optimizer.errors import ScenarioError
from optimizer.formulation.compile import compile_scenario
from optimizer.phrases import LANGUAGES, say
from optimizer.plan import Plan
from optimizer.planning import listed_of
from optimizer.rules import Check, RuleStatus, check_rules
from optimizer.scenario import Scenario, override
from optimizer.solving.outcome import Answer
from optimizer.whatif.vary import decimal

__all__ = ["PriceLimit", "price_limit"]

PER_MILLE = 1000
# Prices a thousandfold: what does not break by then costs nothing.
MOST = 1000 * PER_MILLE


@dataclass(frozen=True, slots=True)
class PriceLimit:
    """The largest rise of all prices that a plan survives.

    Attributes
    ----------
    rise : Fraction or None
        Share by which all prices may rise, in whole per mille; ``None`` where no rise breaks
        the plan.
    breaks
        What breaks one per mille later: (place, sentence by language), in natural order.
    """

    rise: Fraction | None
    breaks: tuple[tuple[str, Mapping[str, str]], ...] = ()


def price_limit(plan: Plan) -> PriceLimit:
    """The largest rise of prices, in steps of 0.1 %, under which the plan keeps every rule.

    Volumes stay as planned and all unit prices rise alike, each to the next whole rupiah; own
    funds do not rise. Found by bisection, which is exact because costs only rise with prices.

    Raises
    ------
    ScenarioError
        ``price_limit_broken`` for a plan that breaks a rule as it is.
    """
    if _broken(plan, 0):
        raise ScenarioError("price_limit_broken")
    low, high = 0, 1
    while not _broken(plan, high):
        if high >= MOST:
            return PriceLimit(None)
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if _broken(plan, middle):
            high = middle
        else:
            low = middle
    return PriceLimit(Fraction(low, PER_MILLE), _reasons(plan, high))


def _dearer(plan: Plan, rise: int) -> Scenario:
    return override(plan.scenario, "prices", decimal(Fraction(PER_MILLE + rise, PER_MILLE)))


def _broken(plan: Plan, rise: int) -> list[tuple[str, str]]:
    """(rule, place) of what the plan's volumes break at dearer prices."""
    problem = compile_scenario(_dearer(plan, rise), plan.joint_shares)
    levels = plan.answer.levels
    return [found for part in problem.parts for found in problem.broken(part, levels)]


def _reasons(plan: Plan, rise: int) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """What the independent checker says about the plan's volumes at dearer prices."""
    scenario = _dearer(plan, rise)
    problem = compile_scenario(scenario, plan.joint_shares)
    listed = listed_of(scenario, problem, Answer(plan.answer.levels, (), ""))
    checks = check_rules(scenario.dataset, scenario.policy, listed)
    breaches = [c for c in checks if c.status is RuleStatus.BREACH]
    if breaches:
        return tuple((c.place, _words(c)) for c in breaches)
    # Every single bound holds, but the minima no longer fit beside the activities.
    places = dict.fromkeys(place for _, place in _broken(plan, rise))
    squeezed = {lang: say("whatif.minima_squeezed", lang) for lang in LANGUAGES}
    return tuple((place, squeezed) for place in places)


def _words(check: Check) -> dict[str, str]:
    return {lang: check.message(lang) for lang in LANGUAGES}

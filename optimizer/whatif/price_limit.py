"""How far prices may rise before a plan breaks, and which rule breaks first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from optimizer.errors import ScenarioError
from optimizer.formulation.compile import compile_scenario
from optimizer.formulation.equity import groups_over
from optimizer.formulation.problem import Problem
from optimizer.plan import Plan
from optimizer.planning import listed_of
from optimizer.record.kinds import Quantity
from optimizer.record.scenario import Scenario, override
from optimizer.rules import RuleStatus, check_rules
from optimizer.solving.alone import Alone, alone_values
from optimizer.solving.outcome import Answer
from optimizer.whatif.vary import decimal
from optimizer.words import Message

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
    breaks: tuple[tuple[str, Message], ...] = ()


def price_limit(plan: Plan) -> PriceLimit:
    """The largest rise of prices, in steps of 0.1 %, under which the plan keeps every rule.

    Volumes stay as planned and all unit prices rise alike, each to the next whole rupiah; own
    funds do not rise. Where no unit may be worse off than alone, what it gets alone at the
    dearer prices counts.

    Raises
    ------
    ScenarioError
        ``price_limit_broken`` for a plan that breaks a rule as it is.
    """
    dearer = _Dearer(plan)
    if dearer.broken(0):
        raise ScenarioError("price_limit_broken")
    low, high = 0, 1
    while high < MOST and not dearer.broken(high):
        low, high = high, 2 * high
    if dearer.broken(high):
        low, high = _bisected(dearer, low, high)
    else:
        low, high = high, high + 1
    first = dearer.first_by_new_rules(low)
    if first is not None:
        low, high = first - 1, first
    elif low >= MOST:
        return PriceLimit(None)
    return PriceLimit(Fraction(low, PER_MILLE), dearer.reasons(high))


def _bisected(dearer: _Dearer, low: int, high: int) -> tuple[int, int]:
    """Two rises beside each other, between which the plan breaks: costs only rise with prices."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if dearer.broken(middle) else (middle, high)
    return low, high


class _Dearer:
    """The volumes of a plan at dearer prices, by per mille."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        index = {item.id: i for i, item in enumerate(plan.problem.items)}
        groups = groups_over(plan.scenario, "rt", index) if plan.scenario.alone else ()
        self._met = {group.id: group.met(plan.answer.levels) for group in groups}
        self._least_rupiah = any(
            rule.shape.limits is Quantity.RUPIAH and rule.minimum is not None
            for rule in plan.scenario.policy.rules
        )
        self._problem = cache(self._compiled)
        self._alone = cache(self._values_alone)

    def _scenario(self, rise: int) -> Scenario:
        factor = decimal(Fraction(PER_MILLE + rise, PER_MILLE))
        return override(self._plan.scenario, "prices", factor)

    def _compiled(self, rise: int) -> Problem:
        return compile_scenario(self._scenario(rise), self._plan.joint_shares)

    def _values_alone(self, rise: int) -> Mapping[str, Alone]:
        return alone_values(self._scenario(rise)) if self._plan.scenario.alone else {}

    def broken(self, rise: int) -> list[tuple[str, str]]:
        """(rule, place) of what the plan's volumes break, but for what units get alone."""
        problem, levels = self._problem(rise), self._plan.answer.levels
        return [found for part in problem.parts for found in problem.broken(part, levels)]

    def worse(self, rise: int) -> list[str]:
        """Units that would get more alone."""
        return [u for u, alone in self._alone(rise).items() if alone.support > self._met[u]]

    def first_by_new_rules(self, last: int) -> int | None:
        """The least rise up to ``last`` that breaks the plan other than by its costs.

        A list that asks for less than a minimum in rupiah is not held to it, until dearer prices
        lift it there. And a unit alone may gain where a mandatory activity has become too dear
        for it. Between two rises with the same rules and reach nothing of that kind happens.
        """
        stretches = [(0, last)]
        while stretches:
            low, high = stretches.pop()
            if high == low or self._state(low) == self._state(high):
                continue
            if high - low > 1:
                middle = (low + high) // 2
                stretches += [(middle, high), (low, middle)]
            elif self.broken(high) or self.worse(high):
                return high
        return None

    def _state(self, rise: int) -> object:
        if self._met and self._least_rupiah:
            return rise  # a minimum in rupiah is easier to reach alone at dearer prices
        alone = self._alone(rise).values()
        return len(self._problem(rise).limits), [value.mandatory for value in alone]

    def reasons(self, rise: int) -> tuple[tuple[str, Message], ...]:
        """What the independent checker says of the volumes, place by place."""
        scenario = self._scenario(rise)
        listed = listed_of(scenario, self._problem(rise), Answer(self._plan.answer.levels, (), ""))
        checks = check_rules(scenario.dataset, scenario.policy, listed)
        breaches = [c for c in checks if c.status is RuleStatus.BREACH]
        if breaches:
            return tuple((c.place, c.said) for c in breaches)
        broken = dict.fromkeys(place for _, place in self.broken(rise))
        if broken:
            # Every single bound holds, but the minima no longer fit beside the activities.
            return _said("whatif.minima_squeezed", broken)
        return _said("whatif.better_alone", self.worse(rise))


def _said(key: str, places: Iterable[str]) -> tuple[tuple[str, Message], ...]:
    return tuple((place, Message(key)) for place in places)

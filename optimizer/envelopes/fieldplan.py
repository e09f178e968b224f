"""Envelopes: how every unit's pagu is spread over the fields, with the proof and the prices.

This is the linear program at the core, asked for a scenario: before any proposal is chosen, or
beside a plan, whose activities the envelopes then contain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
import pandas as pd

from optimizer.errors import Infeasible
from optimizer.formulation.problem import PERCENTS, Problem
from optimizer.record.meetings import SCALE
from optimizer.record.scenario import Scenario
from optimizer.record.weights import FieldWeights, unit_weights
from optimizer.rules.fields import Claim
from optimizer.solving import field_duals, field_ranges
from optimizer.solving.field_rounding import Money
from optimizer.solving.fields import Envelopes, FieldProgram, evenness_of, field_program
from optimizer.territory import full_place
from optimizer.words import Message

__all__ = ["FieldPlan", "Price", "RulePoint"]

MILLION = 10**6


@dataclass(frozen=True, slots=True)
class Price:
    """What a bound of one unit is worth, over the range in which that holds.

    Attributes
    ----------
    side : str
        ``max``, ``min``, ``exact``, ``pool`` (what the unit gives) or ``pagu``.
    price : Fraction
        Change of the value Σ w·φ for Rp1 000 000 more, in 10⁻⁶ as the value itself.
    start, end : int
        Rupiah of the bound between which the price holds; ``end`` at most the unit's pagu.
    """

    unit: str
    account: str
    side: str
    price: Fraction
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RulePoint:
    """One bound of the regulation a point (a percent of the pagu) more, and less, in all units.

    Attributes
    ----------
    binding : int
        Units in which the bound has a price.
    more, less : Fraction
        Change of the value Σ w·φ, from solving again.
    stuck_up, stuck_down : int
        Units for which no allocation would be left, and which stayed as they are.
    """

    account: str
    side: str
    binding: int
    more: Fraction
    stuck_up: int
    less: Fraction
    stuck_down: int


@dataclass(frozen=True)
class FieldPlan:
    """The answer of the fields program for a scenario.

    Attributes
    ----------
    activities
        Unit id → leaf account → rupiah that activities and minima of a plan take already;
        envelopes are at least as large. Empty where no proposal is chosen.
    """

    scenario: Scenario
    problem: Problem
    activities: Mapping[str, Mapping[str, int]]

    @cached_property
    def weights(self) -> Mapping[str, FieldWeights]:
        """Weights of the fields by unit, and where they come from."""
        return unit_weights(self.scenario)

    @cached_property
    def program(self) -> FieldProgram:
        """The linear program of all units in whole numbers.

        Raises
        ------
        Infeasible
            ``fields_infeasible`` with the first unit for which the bounds leave no allocation,
            where minima do not fit, and by how much.
        """
        shares = {unit: found.shares for unit, found in self.weights.items()}
        program = field_program(self.problem, shares, evenness_of(self.scenario), self.activities)
        fits = program.room[2]
        if not fits.all():
            raise self._conflict(program, int(np.flatnonzero(~fits)[0]))
        return program

    def _conflict(self, program: FieldProgram, unit: int) -> Infeasible:
        """The innermost account whose minima do not fit, and the least that must give way."""
        low, high = (side[:, unit] for side in program.room[:2])
        node = int(np.flatnonzero(low > high)[0]) if (low > high).any() else len(low) - 1
        account = self.scenario.policy.by_id.get(program.tree.ids[node])
        return Infeasible(
            "fields_infeasible",
            unit=full_place(program.units[unit]),
            account=account.name if account else Message("fields.money.pagu"),
            least=int(low[node]),
            most=int(high[node]),
            gap=max(int(low[node] - high[node]), 0),
        )

    @cached_property
    def found(self) -> Envelopes:
        """The best envelopes."""
        return self.program.solve()

    @cached_property
    def money(self) -> Mapping[str, Mapping[str, int]]:
        """Unit id → leaf account → rupiah of the envelope."""
        return self.found.by_unit()

    @cached_property
    def idle(self) -> Mapping[str, int]:
        """Rupiah of each unit that no field with weight may hold: its caps leave no home for it."""
        program = self.program
        left = program.upper[-1] - self.found.money.sum(axis=0)
        return {u: n for u, n in zip(program.units, left.tolist(), strict=True) if n}

    # --- proof ------------------------------------------------------------------------------

    @cached_property
    def value(self) -> Fraction:
        """Σ over units of Σ_f w_f · φ(x_f / B)."""
        return self.added(field_duals.values(self.program, self.found))

    @cached_property
    def bound(self) -> Fraction:
        """What no envelopes can pass, from the dual solution alone."""
        return self.added(field_duals.bounds(self.program, self._dual))

    def added(self, parts: list[int]) -> Fraction:
        """Values of the units in their own whole numbers, added up."""
        whole = zip(parts, self.program.scales, self.program.budgets.tolist(), strict=True)
        return sum((Fraction(v, s * SCALE * b) for v, s, b in whole if b), Fraction(0))

    @cached_property
    def claims(self) -> Mapping[str, Claim]:
        """Envelopes and dual prices of each unit, as the judge reads them."""
        program, dual = self.program, self._dual
        ids = program.tree.ids[:-1]
        found = {}
        for u, unit in enumerate(program.units):
            parts = program.scales[u] * SCALE * int(program.budgets[u]) or 1
            most, least = (
                {a: Fraction(int(p), parts) for a, p in zip(ids, side[:-1, u], strict=True) if p}
                for side in (dual.most, dual.least)
            )
            pagu = Fraction(int(dual.pagu[u]), parts)
            found[unit] = Claim(self.money[unit], pagu, most, least)
        return found

    @cached_property
    def _dual(self) -> field_duals.Prices:
        return field_duals.prices(self.program, self._margins)

    @cached_property
    def _margins(self) -> field_duals.Margins:
        return field_duals.margins(self.program, self.found)

    # --- sensitivity --------------------------------------------------------------------------

    @cached_property
    def prices(self) -> tuple[Price, ...]:
        """Shadow prices that are not 0, unit by unit in the order of the regulation.

        Where the price for more differs from the price for less, each stands with its own range.
        """
        rows = sorted(self._prices(), key=lambda row: row[:2])
        return tuple(price for _, _, price in rows)

    def _prices(self) -> Iterator[tuple[int, int, Price]]:
        slopes = list(field_ranges.sensitivity(self.program, self._margins))
        for number, (up, down) in enumerate(zip(slopes[::2], slopes[1::2], strict=True)):
            for unit in np.flatnonzero(up.here & ((up.price != 0) | (down.price != 0))).tolist():
                for price in self._ranges(unit, up, down):
                    yield unit, number, price

    def _ranges(
        self, unit: int, up: field_ranges.Slope, down: field_ranges.Slope
    ) -> Iterator[Price]:
        program = self.program
        budget = int(program.budgets[unit])
        at = int((program.lower if up.side == "min" else program.upper)[up.node, unit])
        if up.side == "pool":
            at = int(program.given[up.node, unit])
        # A bound beyond the pagu says nothing; the pagu itself may grow.
        farthest = budget if up.side == "pagu" else max(budget - at, 0)
        start, end = at - min(int(down.run[unit]), at), at + min(int(up.run[unit]), farthest)
        more, less = int(up.price[unit]), int(down.price[unit])
        if more == less:
            ranges = [(more, start, end)]
        else:
            ranges = [(less, start, at), (more, at, end)]
        for price, first, last in ranges:
            if price and first < last:
                yield Price(
                    unit=program.units[unit],
                    account=program.tree.ids[up.node],
                    side=up.side,
                    price=Fraction(price * MILLION, program.scales[unit] * budget),
                    start=first,
                    end=last,
                )

    def points(self) -> Iterator[RulePoint]:
        """Every bound of the regulation that has a price somewhere, a point more and less.

        The figures come from solving all units again with the bound a percent of the pagu higher,
        and lower; a unit for which nothing would be left stays as it is and is counted.
        """
        slopes = list(field_ranges.sensitivity(self.program, self._margins))
        whole = self.program.budgets // PERCENTS
        for up, down in zip(slopes[::2], slopes[1::2], strict=True):
            holds = up.here & ((up.price != 0) | (down.price != 0))
            if holds.any():
                more, fewer = (self._solved(up, sign * whole) for sign in (1, -1))
                yield RulePoint(
                    self.program.tree.ids[up.node], up.side, int(holds.sum()), *more, *fewer
                )

    def _solved(self, slope: field_ranges.Slope, change: Money) -> tuple[Fraction, int]:
        """Change of the value with one bound moved in all units, and units that cannot follow."""
        program = self.program
        asked = np.where(slope.here, change, 0)
        asked = np.maximum(asked, -program.lower[slope.node]) if slope.side == "min" else asked
        fits = program.moved(slope.node, slope.side, asked).room[2]
        after = program.moved(slope.node, slope.side, np.where(fits, asked, 0))
        value = self.added(field_duals.values(after, after.solve()))
        return value - self.value, int((~fits).sum())

    # --- tables -------------------------------------------------------------------------------

    @cached_property
    def frame(self) -> pd.DataFrame:
        """RT × account: ``money`` (the envelope), ``activities`` and ``beyond`` in rupiah."""
        rows = [
            (unit, account, amount, (used := taken.get(account, 0)), amount - used)
            for unit, accounts in self.money.items()
            for taken in (self.activities.get(unit, {}),)
            for account, amount in accounts.items()
        ]
        return pd.DataFrame(rows, columns=["unit", "account", "money", "activities", "beyond"])

    @cached_property
    def duals(self) -> pd.DataFrame:
        """One row for each shadow price that is not 0; see :class:`Price`."""
        rows = [
            (p.unit, p.account, p.side, round(float(p.price), 6), p.start, p.end)
            for p in self.prices
        ]
        return pd.DataFrame(rows, columns=["unit", "account", "side", "price", "from", "to"])

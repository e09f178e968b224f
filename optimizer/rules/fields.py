"""The judge of envelopes: bounds, value and proof of the fields program, from the records.

Every figure is recomputed in exact fractions from the policy's own bounds and the residents'
weights. The proof is a dual solution of the linear program: whatever its prices are, no
envelopes can be worth more than the bound that follows from them (weak duality), so that a
claimed value which meets the bound is the best there is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from optimizer.record.policy import Account
from optimizer.record.scenario import PRIORITIES, Scenario
from optimizer.record.weights import unit_weights
from optimizer.rules.ledger import Ledger
from optimizer.territory import Unit

__all__ = ["Claim", "Refuse", "check_envelopes"]

PERCENT = 100
NONE = Fraction(0)

# Told what is wrong: rule, place and figure; it raises.
Refuse = Callable[[str, str, str], Exception]


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed about one unit.

    Attributes
    ----------
    money
        Leaf account → rupiah of the envelope.
    pagu : Fraction
        Price of a rupiah of pagu, in units of Σ w·φ.
    most, least
        Account → price of a rupiah of its upper and of its lower bound.
    """

    money: Mapping[str, int]
    pagu: Fraction
    most: Mapping[str, Fraction]
    least: Mapping[str, Fraction]


def check_envelopes(
    scenario: Scenario,
    ledger: Ledger,
    claims: Mapping[str, Claim],
    value: Fraction,
    refuse: Refuse,
) -> None:
    """Refuse envelopes that break a bound, are not worth what is claimed, or are not proved best.

    Parameters
    ----------
    value
        Claimed Σ over units of Σ_f w_f · φ(x_f / B).
    refuse
        Makes the exception to raise from rule, place and figure.
    """
    evenness = next(float(s.evenness) for s in scenario.stages if s.name == PRIORITIES)
    marginals = [round(10**6 * (k - 0.5) ** -evenness) for k in range(1, PERCENT + 1)]
    weights, total = unit_weights(scenario), NONE
    for unit in ledger.dataset.territory.units:
        claim = claims.get(unit.id)
        if claim is None:
            raise refuse("envelope", unit.id, "-")
        judged = _Unit(ledger, unit, weights[unit.id].shares, marginals, claim)
        broken = judged.broken()
        if broken:
            raise refuse(*broken)
        worth = judged.worth()
        bound = judged.bound()
        if bound is None or bound != worth:
            raise refuse("value.priorities", unit.id, f"{worth} ≠ {bound}")
        total += worth
    if total != value:
        raise refuse("value.priorities", "", f"{value} ≠ {total}")


@dataclass(frozen=True, slots=True)
class _Unit:
    """One unit's envelopes before the judge."""

    ledger: Ledger
    unit: Unit
    weights: Mapping[str, Fraction]
    marginals: Sequence[int]
    claim: Claim

    def inside(self, account: Account) -> int:
        """Rupiah of the envelopes in an account."""
        leaves = (leaf for leaf in account.walk() if leaf.is_leaf)
        return sum(self.claim.money.get(leaf.id, 0) for leaf in leaves)

    def ends(self, account: Account) -> tuple[int, int]:
        """Least and most rupiah: the bounds, what activities take, and a pool's fixed share."""
        budget, ledger, unit = self.unit.budget, self.ledger, self.unit.id
        if account.pooled:
            given = ledger.listed.pool_shares.get((unit, account.id), 0)
            return given, given
        spent = ledger.programmed(unit, account) if account.is_leaf else 0
        return max(spent, ledger.lower(unit, account)), account.upper(budget)

    def broken(self) -> tuple[str, str, str] | None:
        """The first bound that the envelopes break."""
        known = {leaf.id for leaf in self.ledger.policy.leaves}
        for leaf, amount in self.claim.money.items():
            if leaf not in known or amount < 0:
                return "envelope", self.unit.id, f"{leaf}: {amount}"
        for account in self.ledger.policy.by_id.values():
            low, high = self.ends(account)
            if not low <= self.inside(account) <= high:
                return f"envelope.{account.id}", self.unit.id, str(self.inside(account))
        total = sum(self.claim.money.values())
        if total > self.unit.budget:
            return "envelope.pagu", self.unit.id, str(total)
        return None

    # --- value and bound ----------------------------------------------------------------------

    def pieces(self, weight: Fraction) -> list[tuple[Fraction, int]]:
        """(worth of a rupiah, rupiah) of each percent of the budget."""
        budget = self.unit.budget
        cuts = [k * budget // PERCENT for k in range(PERCENT + 1)]
        each = weight / (10**6 * budget) if budget else NONE
        return [
            (each * slope, b - a)
            for slope, (a, b) in zip(self.marginals, pairwise(cuts), strict=True)
        ]

    def worth(self) -> Fraction:
        """Σ_f w_f · φ(x_f / B)."""
        total = NONE
        for field in self.ledger.policy.fields:
            left = self.inside(field)
            for worth, width in self.pieces(self.weights.get(field.id, NONE)):
                total += worth * min(left, width)
                left -= min(left, width)
        return total

    def bound(self) -> Fraction | None:
        """What no envelopes are worth more than, by the claimed prices; ``None`` without one."""
        claim = self.claim
        if min(claim.pagu, *claim.most.values(), *claim.least.values(), NONE) < 0:
            return None
        total = claim.pagu * self.unit.budget
        for account in self.ledger.policy.by_id.values():
            low, high = self.ends(account)
            total += claim.most.get(account.id, NONE) * high
            total -= claim.least.get(account.id, NONE) * low
        for top in self.ledger.policy.accounts:
            price = self._least_price(top, claim.pagu)
            if price < 0:
                return None
            for worth, width in self.pieces(self.weights.get(top.id, NONE)):
                total += max(worth - price, NONE) * width
        return total

    def _least_price(self, account: Account, above: Fraction) -> Fraction:
        """The least that a rupiah of an account costs, with the prices on the way to it."""
        claim = self.claim
        own = claim.most.get(account.id, NONE) - claim.least.get(account.id, NONE)
        price = above + own
        if account.is_leaf:
            return price
        return min(self._least_price(child, price) for child in account.children)

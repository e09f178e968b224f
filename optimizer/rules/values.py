"""The value of each stage of an objective, recomputed from its definition in whole numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property

from optimizer.record.meetings import unit_support
from optimizer.record.proposals import Proposal, Status
from optimizer.record.scenario import Scenario
from optimizer.rules.items import JUDGES
from optimizer.rules.ledger import Ledger
from optimizer.rules.required import lifted
from optimizer.rules.satisfaction import Satisfaction, worth
from optimizer.rules.status import RuleStatus

__all__ = ["StageValues"]

PERCENT = 100


class StageValues:
    """Values of a list under a scenario; each claim of a plan is compared with these.

    Parameters
    ----------
    most
        (level, RT or RW) → the most support that it could get in any feasible plan, for the stage
        ``equity``; see :mod:`optimizer.rules.satisfaction`.
    """

    def __init__(
        self, scenario: Scenario, ledger: Ledger, most: Mapping[tuple[str, str], int] | None = None
    ) -> None:
        self.scenario = scenario
        self.ledger = ledger
        self._most = most or {}
        self._stages: Mapping[str, Callable[[], int]] = {
            "mandatory": self.mandatory,
            "order": self.order,
            "support": self.support,
            "welfare": self.welfare,
            "fill": self.fill,
            "equity": self.equity,
            "residents": self.residents,
            "cost": self.cost,
        }

    def of(self, stage: str) -> int | None:
        """The value of a stage; ``None`` where it has no definition here."""
        value = self._stages.get(stage)
        return value() if value else None

    def mandatory(self) -> int:
        """Mandatory rules met, over units without a letter, and mandatory proposals in."""
        ledger = self.ledger
        met = sum(
            check.status is RuleStatus.PASS and not lifted(ledger, rule, check.place)
            for rule in ledger.policy.rules
            if rule.shape.mandatory
            for check in JUDGES[rule.kind].checks(ledger, rule)
        )
        return met + sum(p.status is Status.MANDATORY for p in ledger.chosen)

    def order(self) -> int:
        """Items of the lists that are in at all that they ask."""
        return sum(
            self.ledger.volume(p) == p.volume
            for items in self.ledger.dataset.lists.values()
            for p in items
        )

    def support(self) -> int:
        """Support times the share of the asked volume, in fixed point."""
        return sum(self._value(p) for p in self.ledger.chosen)

    def welfare(self) -> int:
        """Support with falling value within each account of a unit."""
        marginal = self._marginals()
        flat = sum(marginal)
        linear = sum(self._value(p) for p in self.ledger.chosen if not self._own(p))
        whole: dict[tuple[str, str], int] = defaultdict(int)
        met: dict[tuple[str, str], int] = defaultdict(int)
        for proposal in self.ledger.dataset.proposals:
            if proposal.status is Status.EXCLUDED or not self._own(proposal):
                continue
            account = self.ledger.account(proposal)
            key = (proposal.owner, account.id if account else "")
            whole[key] += self._steps(proposal, proposal.volume)
            met[key] += self._value(proposal)
        curved = sum(
            m * min(max(PERCENT * met[key] - k * v, 0), v)
            for key, v in whole.items()
            for k, m in enumerate(marginal)
        )
        return curved + flat * linear

    def fill(self) -> int:
        """Rupiah by which activities fall short of minima, where no letter is recorded."""
        ledger = self.ledger
        short = 0
        for unit in ledger.dataset.territory.units:
            for account in ledger.policy.by_id.values():
                lower = ledger.lower(unit.id, account)
                short += max(0, lower - ledger.programmed(unit.id, account))
        return short

    def equity(self) -> int:
        """The least satisfaction in whole per mille."""
        return self.satisfaction.least()

    @cached_property
    def satisfaction(self) -> Satisfaction:
        """Satisfaction at the level of the last stage ``equity``."""
        stages = reversed(self.scenario.stages)
        over = next((s.over for s in stages if s.name == "equity"), "rw")
        most = {group: value for (level, group), value in self._most.items() if level == over}
        return Satisfaction(self.ledger, over, self._by_place, most)

    def residents(self) -> int:
        """Residents served, summed over the chosen proposals."""
        dataset = self.ledger.dataset
        return sum(dataset.territory.residents(dataset.served(p)) for p in self.ledger.chosen)

    def cost(self) -> int:
        """Rupiah that the budgets pay for all chosen proposals."""
        return sum(self.ledger.cost(p) for p in self.ledger.chosen)

    # --- parts --------------------------------------------------------------------------

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, str], Fraction]:
        dataset, scenario = self.ledger.dataset, self.scenario
        families = dataset.territory.rollup({u.id: u.families for u in dataset.territory.units})
        return unit_support(
            dataset.results,
            dataset.ranked,
            scenario.counting,
            families,
            order_as_borda=scenario.order_as_borda,
        )

    @cached_property
    def _support(self) -> Mapping[str, Fraction]:
        total: dict[str, Fraction] = defaultdict(Fraction)
        for (proposal, _place), support in self._by_place.items():
            total[proposal] += support
        return total

    def _steps(self, proposal: Proposal, volume: Fraction) -> int:
        return worth(proposal, self._support.get(proposal.id, Fraction(0)), volume)

    def _value(self, proposal: Proposal) -> int:
        return self._steps(proposal, self.ledger.volume(proposal))

    def _own(self, proposal: Proposal) -> bool:
        """Whether a unit pays alone for a proposal of its own list."""
        alone = self.ledger.dataset.payers(proposal) == (proposal.owner,)
        return alone and not self.ledger.pooled(proposal)

    def _marginals(self) -> list[int]:
        """Marginal value of each percent, round(10⁶ · (k − ½)^−α)."""
        stage = next((s for s in self.scenario.stages if s.name == "welfare"), None)
        alpha = float(stage.evenness) if stage else 0.0
        return [round(10**6 * (k - 0.5) ** -alpha) for k in range(1, PERCENT + 1)]

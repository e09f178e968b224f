"""What one plan brings, in exact figures that stand beside those of another plan."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, TypeAlias

from optimizer.equity import reachable
from optimizer.formulation.problem import Group, Linear, Problem
from optimizer.formulation.support import silent_lists, support_of
from optimizer.plan import Plan
from optimizer.record.proposals import Proposal
from optimizer.record.scenario import Scenario
from optimizer.rules import RuleStatus

__all__ = ["Measured", "Measures", "Question", "Quick", "gini", "measures"]

Question: TypeAlias = tuple[Hashable, ...]


class Quick(NamedTuple):
    """Figures of a plan that need no further solving; see :class:`Measures`."""

    support: Fraction | None
    first_priorities: int
    proposals: int
    spent: int
    unassigned: int
    pool_unspent: int
    reserved: int
    findings: int
    letters: int


@dataclass(frozen=True, slots=True)
class Measures:
    """What one plan brings. ``None`` where the data do not tell.

    Attributes
    ----------
    support : Fraction or None
        Σ support × share of the asked volume.
    support_cost : Fraction or None
        Σ support × rupiah: reported for every plan, never maximised.
    first_priorities, lists : int
        Lists whose first item is in with all that it asks; lists with an order.
    findings, letters, unknown : int
        Rules that the plan falls short of; those for which the regulation provides a letter;
        rules that cannot be checked. (A verified plan breaks none.)
    families_served, families : int
        Families of the units that some proposal in the plan serves; all families.
    least_rt, least_rw : int or None
        Satisfaction of the least-served RT and RW, per mille, never by name.
    inequality : Fraction or None
        Gini over RT of rupiah received per family (0 even, towards 1 uneven). What a proposal
        costs counts for the families that it serves, in equal parts.
    spent, spent_per_family : int, Fraction or None
        Rupiah that the proposals cost; per family of the whole territory.
    unassigned, reserved, pool_unspent : int
        Idle rupiah: of no activity and no minimum; held for minima; left in pools.
    joint_in, joint : int
        Joint projects in the plan; all that were proposed.
    proposals : int
        Proposals in the plan.
    """

    support: Fraction | None
    support_cost: Fraction | None
    first_priorities: int
    lists: int
    findings: int
    letters: int
    unknown: int
    families_served: int
    families: int
    least_rt: int | None
    least_rw: int | None
    inequality: Fraction | None
    spent: int
    spent_per_family: Fraction | None
    unassigned: int
    reserved: int
    pool_unspent: int
    joint_in: int
    joint: int
    proposals: int

    @property
    def idle(self) -> int:
        """Rupiah without an activity: unassigned, held for minima, left in pools."""
        return self.unassigned + self.reserved + self.pool_unspent


def gini(values: Sequence[Fraction]) -> Fraction | None:
    """Gini coefficient, Σ|x_i − x_j| ÷ (2 n Σx); ``None`` where nothing was received.

    Examples
    --------
    >>> gini([Fraction(1), Fraction(1)]), gini([Fraction(0), Fraction(4)])
    (Fraction(0, 1), Fraction(1, 2))
    """
    total, count = sum(values, Fraction(0)), len(values)
    if not total:
        return None
    ordered = sorted(values)
    spread = sum((2 * k - count + 1) * value for k, value in enumerate(ordered))
    return spread / (count * total)


def measures(plan: Plan, counting: Scenario | None = None) -> Measures:
    """The figures of one plan.

    Parameters
    ----------
    counting
        The scenario whose way of counting support is used (default: the plan's own).
    """
    return Measured(plan, counting or plan.scenario).measures()


@dataclass(frozen=True)
class Measured:
    """One plan while its figures are taken.

    Attributes
    ----------
    known
        Most that each RT or RW can get, by what is possible, so that plans with the same
        possibilities share it.
    """

    plan: Plan
    counting: Scenario
    known: dict[tuple[str, Question], tuple[Group, ...]] = field(default_factory=dict)

    def measures(self) -> Measures:
        """All figures of the plan."""
        plan, data = self.plan, self.plan.scenario.dataset
        families = sum(u.families for u in data.territory.units)
        joint = [p for p in (*plan.chosen, *plan.left_out) if self._joint(p)]
        quick = self.quick()
        return Measures(
            **quick._asdict(),
            support_cost=self._support_cost(),
            lists=len(self._firsts()),
            unknown=sum(c.status is RuleStatus.UNKNOWN for c in plan.checks),
            families_served=self._families_served(),
            families=families,
            least_rt=self._least("rt"),
            least_rw=self._least("rw"),
            inequality=gini(self._received()),
            spent_per_family=Fraction(quick.spent, families) if families else None,
            joint_in=sum(bool(plan.volumes.get(p.id)) for p in joint),
            joint=len(joint),
        )

    def quick(self) -> Quick:
        """The figures that are at hand: what is compared between the points of a sweep."""
        plan = self.plan
        short = [c for c in plan.checks if c.status is RuleStatus.FINDING and not c.rounding]
        return Quick(
            support=self._support(),
            first_priorities=sum(self._firsts()),
            proposals=len(plan.chosen),
            spent=sum(plan.cost(p) for p in plan.chosen),
            unassigned=sum(plan.unassigned.values()),
            pool_unspent=int(plan.pools["unspent"].sum()),
            reserved=sum(sum(held) for _, held in plan.money.values()),
            findings=len(short),
            letters=sum(bool(c.letter) for c in short),
        )

    def _firsts(self) -> list[bool]:
        """For each list whether its first item is in with all that it asks."""
        data = self.plan.scenario.dataset
        return [
            self.plan.volumes.get(ranked[0]) == data.by_id[ranked[0]].volume
            for ranked in data.ranked.values()
            if ranked
        ]

    @cached_property
    def _known_support(self) -> Mapping[str, Fraction] | None:
        """Support of each proposal.

        A sum over some lists only would read like the whole: where an ordered list has no votes
        and the scenario does not say what its order is worth, there is none.
        """
        known = support_of(self.counting)
        silent = not any(known.values()) or silent_lists(self.counting, known)
        return None if silent else known

    def _support(self) -> Fraction | None:
        """Support of what is in."""
        known, plan = self._known_support, self.plan
        if known is None:
            return None
        return sum(
            (known.get(p.id, Fraction(0)) * plan.volumes[p.id] / p.volume for p in plan.chosen),
            Fraction(0),
        )

    def _support_cost(self) -> Fraction | None:
        """Support × rupiah of what is in."""
        known, plan = self._known_support, self.plan
        if known is None:
            return None
        return sum((known.get(p.id, Fraction(0)) * plan.cost(p) for p in plan.chosen), Fraction(0))

    def _joint(self, proposal: Proposal) -> bool:
        """Whether the kelurahan's meeting decides about it."""
        account = self.plan.account(proposal)
        return proposal.level == "kelurahan" or (account is not None and account.pooled)

    def _families_served(self) -> int:
        data = self.plan.scenario.dataset
        served = {u for p in self.plan.chosen for u in data.served(p)}
        return sum(u.families for u in data.territory.units if u.id in served)

    def _received(self) -> list[Fraction]:
        """Rupiah per family of each unit whose families are known."""
        data = self.plan.scenario.dataset
        families = {u.id: u.families for u in data.territory.units if u.families}
        received = dict.fromkeys(families, Fraction(0))
        for proposal in self.plan.chosen:
            served = [u for u in data.served(proposal) if u in families]
            if served:
                each = Fraction(self.plan.cost(proposal), sum(families[u] for u in served))
                for unit in served:
                    received[unit] += each
        return list(received.values())

    def _least(self, over: str) -> int | None:
        """Satisfaction of the least-served place of a level; ``None`` without support data."""
        groups = self._reachable(over)
        levels = self.plan.answer.levels
        return min((g.satisfaction(levels) for g in groups if g.most), default=None)

    def _reachable(self, over: str) -> tuple[Group, ...]:
        key = over, _possible(self.plan.problem)
        if key not in self.known:
            self.known[key] = reachable(self.plan, over, self.counting)
        return self.known[key]


def _possible(problem: Problem) -> Question:
    """What decides which plans are feasible: all but the objective and the way of counting."""
    return (
        problem.units,
        tuple(replace(item, support=Linear(0)) for item in problem.items),
        problem.limits,
        tuple(sorted(problem.pools.items())),
    )

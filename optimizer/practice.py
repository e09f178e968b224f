"""The rules as practised, under the same caps: what would have been chosen without optimising.

Three rules stand beside the optimum: *by order* (the lists decide), *greedy by support* and the
*Method of Equal Shares* for the pool (Peters, Pierczyński and Skowron, NeurIPS 2021). None of
them proves anything: their plans carry the outcome ``rule``. All are judged by the same checker
as an optimal plan. Where the scenario searches the best joint share or asks that no unit be worse
off than alone, a rule as practised does neither: it takes the policy's minimum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from optimizer.errors import ScenarioError
from optimizer.formulation.compile import compile_scenario
from optimizer.formulation.problem import Kind, Part, Problem
from optimizer.plan import Plan
from optimizer.planning import accept, optimize
from optimizer.record.scenario import BEST, Scenario, Stage
from optimizer.record.weights import place_support
from optimizer.solving.conflict import conflicts_of, explain_conflict
from optimizer.solving.outcome import Answer, Outcome, Proof
from optimizer.territory import full_place

__all__ = ["RULES", "Purchase", "by_order", "equal_shares", "greedy", "shared_purchases"]

SATISFACTIONS = ("cost", "cardinality")


def by_order(scenario: Scenario) -> Plan:
    """Each list from the top: an item gets as much as it asks and fits, then the next.

    Mandatory activities first. This is the stage ``order``, whatever the scenario's objective.
    """
    plan = optimize(_as_practised(scenario, "order"))
    proofs = tuple(replace(p, bound=p.value, outcome=Outcome.RULE) for p in plan.proofs)
    return replace(plan, answer=_answer("order", plan.answer.levels, proofs))


def greedy(scenario: Scenario) -> Plan:
    """By support, most first (ties in canonical order); what no longer fits is skipped.

    A proposal is in with the volume it asks or not at all. Before all others come what is pinned
    in and mandatory activities, these at the largest volume that fits. What must come with
    something else is looked at again once that is in.

    Raises
    ------
    ScenarioError
        ``practice_needs_support`` without any support data; ``practice_pins`` where the pins
        hold together only with proposals that this rule would not choose.
    """
    cart = _Cart.start(scenario)
    cart.fill()
    return cart.plan("greedy")


def equal_shares(scenario: Scenario, satisfaction: str = "cost") -> Plan:
    """The Method of Equal Shares for each pool, and the greedy rule for everything else.

    Each unit's purse is what it gives to the pool, less its part of what is pinned or mandatory
    there. A project is bought by the units that support it, at the lowest price ρ for one unit
    of satisfaction, until no group of supporters can pay. Money that is left is spent by the
    greedy rule among what still fits (the completion). Ties go to the first in canonical order.

    Parameters
    ----------
    satisfaction
        What a unit gets from a project: ``cost`` (support × rupiah) or ``cardinality`` (support
        alone). Where no unit gave support to any project of a pool (only the muskel's list is
        known), every unit that a project serves supports it alike.
    """
    if satisfaction not in SATISFACTIONS:
        raise ScenarioError("unknown_satisfaction", value=satisfaction)
    cart = _Cart.start(scenario)
    notes = [f"practice.note.{satisfaction}", "practice.note.completion"]
    for pool in sorted(cart.problem.pools):
        if _buy(cart, pool, satisfaction):
            notes.insert(1, "practice.note.beneficiaries")
    cart.fill()
    return cart.plan("equal_shares", tuple(dict.fromkeys(notes)))


RULES: Mapping[str, Callable[[Scenario], Plan]] = {
    "order": by_order,
    "greedy": greedy,
    "equal_shares": equal_shares,
}


def _as_practised(scenario: Scenario, stage: str) -> Scenario:
    share = None if scenario.joint_share == BEST else scenario.joint_share
    return replace(scenario, stages=(Stage(stage),), joint_share=share, alone=False)


def _answer(
    rule: str, levels: Mapping[int, int], proofs: tuple[Proof, ...], notes: tuple[str, ...] = ()
) -> Answer:
    name = f"rule:{rule}"
    return Answer(levels, proofs, name, notes, {name: 1})


@dataclass
class _Cart:
    """What a rule has chosen so far; always feasible."""

    scenario: Scenario
    problem: Problem
    levels: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.home: dict[int, Part] = {i: p for p in self.problem.parts for i in p.items}

    @classmethod
    def start(cls, scenario: Scenario) -> _Cart:
        """What is pinned in and what is mandatory."""
        scenario = _as_practised(scenario, "support")
        problem = compile_scenario(scenario)
        if not any(item.support.at(item.top) for item in problem.items):
            raise ScenarioError("practice_needs_support")
        cart = cls(scenario, problem)
        cart._pins()
        cart._mandatory()
        return cart

    def _pins(self) -> None:
        pinned = [i for i, item in enumerate(self.problem.items) if item.forced]
        self.levels = dict.fromkeys(pinned, 1)
        for part in self.problem.parts:
            if self.problem.broken(part, self.levels):
                if conflicts_of(self.problem, part):
                    raise explain_conflict(self.scenario, self.problem, part)
                raise ScenarioError("practice_pins", place=full_place(part.name))
        for i in self.by_support(pinned):
            self.put_most(i)

    def _mandatory(self) -> None:
        for requirement in self.problem.requirements:
            if not any(self.levels.get(i) for i in requirement.items):
                # The first that fits, at any volume, is enough.
                any(self.put_most(i) for i in self.by_support(requirement.items))

    def by_support(self, items: Iterable[int]) -> list[int]:
        """Most support first, ties in canonical order."""
        known = self.problem.items
        return sorted(items, key=lambda i: (-known[i].support.at(known[i].top), i))

    def fits(self, index: int, level: int) -> bool:
        """Whether an item may be in at a level beside all that is chosen."""
        item = self.problem.items[index]
        return level in item.levels and not self.problem.broken(
            self.home[index], {**self.levels, index: level}
        )

    def put_most(self, index: int) -> bool:
        """Put an item in at the largest volume that fits."""
        top = self.problem.items[index].top
        level = next((k for k in range(top, 0, -1) if self.fits(index, k)), 0)
        if level:
            self.levels[index] = level
        return level > 0

    def fill(self) -> None:
        """The greedy rule over all that is not in."""
        ranked = self.by_support(range(len(self.problem.items)))
        found = True
        while found:
            fitting = [i for i in ranked if not self.levels.get(i) and self._put(i)]
            found = bool(fitting)

    def _put(self, index: int) -> bool:
        top = self.problem.items[index].top
        if not self.fits(index, top):
            return False
        self.levels[index] = top
        return True

    def plan(self, rule: str, notes: tuple[str, ...] = ()) -> Plan:
        """The plan, judged by the checker."""
        proofs = []
        for stage in self.problem.stages:
            value = sum(self.problem.value(p, stage, self.levels) for p in self.problem.parts)
            proofs.append(Proof(stage.name, value, value, Outcome.RULE))
        answer = _answer(rule, self.levels, tuple(proofs), notes)
        return accept(self.scenario, self.problem, answer)


# --- Equal Shares -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Purchase:
    """A project that its supporters bought together.

    Attributes
    ----------
    price : Fraction
        ρ: rupiah for one unit of satisfaction; nobody pays more than that or than its purse.
    payments
        Rupiah by voter.
    """

    project: int
    price: Fraction
    payments: Mapping[str, Fraction]


def shared_purchases(
    costs: Mapping[int, int] | Mapping[int, Fraction],
    purses: Mapping[str, Fraction],
    satisfaction: Mapping[int, Mapping[str, Fraction]],
    fits: Callable[[int], bool],
) -> Iterator[Purchase]:
    """The Method of Equal Shares for additive satisfactions, in exact arithmetic.

    Purchases come one by one, so that the caller can say what still fits beside them.

    Parameters
    ----------
    costs
        Rupiah by project; a lower number wins ties.
    satisfaction
        By project what each voter gets from it (absent: nothing).
    fits
        Whether a project may be bought beside what was bought already.

    References
    ----------
    Peters, Pierczyński, Skowron: Proportional Participatory Budgeting with Additive Utilities,
    NeurIPS 2021.
    """
    left = dict(purses)
    open_ = set(costs)
    while offers := [
        (price, project)
        for project in open_
        if fits(project)
        and (price := _price(costs[project], left, satisfaction.get(project, {}))) is not None
    ]:
        price, project = min(offers)
        payments = {
            voter: min(left[voter], price * worth)
            for voter, worth in satisfaction[project].items()
            if worth
        }
        for voter, amount in payments.items():
            left[voter] -= amount
        open_.remove(project)
        yield Purchase(project, price, payments)


def _price(
    cost: int | Fraction, purses: Mapping[str, Fraction], worth: Mapping[str, Fraction]
) -> Fraction | None:
    """The least ρ with Σ min(purse, ρ · satisfaction) = cost; ``None`` if they cannot pay."""
    voters = sorted((v for v in worth if worth[v] > 0), key=lambda v: (purses[v] / worth[v], v))
    left, weight = Fraction(cost), sum((worth[v] for v in voters), Fraction(0))
    for voter in voters:
        price = max(left, Fraction(0)) / weight
        if price * worth[voter] <= purses[voter]:
            return price
        # This voter gives all it has; the others share the rest.
        left -= purses[voter]
        weight -= worth[voter]
    return None


def _buy(cart: _Cart, pool: tuple[str, int], satisfaction: str) -> bool:
    """Run Equal Shares on one pool; says whether support was taken from who is served."""
    problem = cart.problem
    projects = [
        i
        for i, item in enumerate(problem.items)
        if item.kind is Kind.POOLED and problem.pool_of(i) == pool
    ]
    costs = {i: problem.items[i].cost.at(problem.items[i].top) for i in projects}
    held = problem.pools[pool]
    used = problem.cost(projects, cart.levels)
    left = Fraction(held - used, held) if held else Fraction(0)
    purses = {
        room.id: room.given[pool[1]] * left for room in problem.units if room.kelurahan == pool[0]
    }
    support = _voices(cart, projects, purses)
    served = not any(support.values())
    if served:
        dataset = cart.scenario.dataset
        for i in projects:
            proposal = dataset.by_id[problem.items[i].id]
            who = dataset.served(proposal) if proposal.beneficiaries else dataset.payers(proposal)
            support[i] = {unit: Fraction(1) for unit in who if unit in purses}
    scale = {i: cost if satisfaction == "cost" else 1 for i, cost in costs.items()}
    for purchase in shared_purchases(
        {i: c for i, c in costs.items() if not cart.levels.get(i)},
        purses,
        {i: {v: w * scale[i] for v, w in voices.items()} for i, voices in support.items()},
        lambda i: cart.fits(i, problem.items[i].top),
    ):
        cart.levels[purchase.project] = problem.items[purchase.project].top
    return served and bool(projects)


def _voices(
    cart: _Cart, projects: Iterable[int], purses: Mapping[str, Fraction]
) -> dict[int, dict[str, Fraction]]:
    """Support of each project from the units that hold a purse."""
    index = {cart.problem.items[i].id: i for i in projects}
    voices: dict[int, dict[str, Fraction]] = {i: {} for i in index.values()}
    for (proposal, place), value in place_support(cart.scenario).items():
        if proposal in index and place in purses and value:
            voices[index[proposal]][place] = value
    return voices

"""Margins agree with exhaustive search: at the margin in some optimum, just short of it in none.

What is asked (other volumes, own funds, votes) is put into the scenario and compiled anew, so
that nothing of the margins' own code is used to judge them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from instances import random_scenario
from oracle import MOST_CHOICES, choices_of, solve_exhaustive

from optimizer.errors import ScenarioError
from optimizer.explain.margins import Margins
from optimizer.explain.votes import Electorate, Votes
from optimizer.formulation.compile import compile_scenario
from optimizer.formulation.problem import Kind, Linear, Problem
from optimizer.plan import Plan
from optimizer.planning import accept, prepare
from optimizer.record.meetings import Ballot, Count
from optimizer.record.proposals import Proposal, Status
from optimizer.record.scenario import Scenario, Stage
from optimizer.solving.dispatch import solve
from optimizer.solving.outcome import InfeasiblePart

SHAPES = ("any", "own", "shared", "pool", "support", "order", "welfare", "fill")


def best(problem: Problem, index: int, **change: object) -> tuple | None:
    """The best stages with an item changed, comparable; ``order`` as the levels themselves."""
    items = list(problem.items)
    items[index] = replace(items[index], **change)
    asked = replace(problem, items=tuple(items))
    part = next(p for p in asked.parts if index in p.items)
    try:
        answer = solve_exhaustive(asked, part)
    except InfeasiblePart:
        return None
    return tuple(
        tuple(answer.levels.get(i, 0) for i in asked.order) if p.stage == "order" else p.value
        for p in answer.proofs
    )


def index_of(problem: Problem, proposal: str) -> int:
    return next(i for i, item in enumerate(problem.items) if item.id == proposal)


def verdict(scenario: Scenario, proposal: str) -> int:
    """1: in every optimal plan; 0: in some and not in others; -1: in none."""
    problem = compile_scenario(scenario)
    index = index_of(problem, proposal)
    inside = best(problem, index, forced=True, fixed=None)
    outside = best(problem, index, forced=False, fixed=0)
    if inside is None or outside is None:
        return (outside is None) - (inside is None)
    return (inside > outside) - (inside < outside)


def with_proposal(scenario: Scenario, changed: Proposal) -> Scenario:
    data = scenario.dataset
    proposals = tuple(changed if p.id == changed.id else p for p in data.proposals)
    return replace(scenario, dataset=replace(data, proposals=proposals))


def at_own_funds(scenario: Scenario, proposal: Proposal, more: int) -> bool:
    """Whether it is in some optimum at the asked volume with so much more swadaya."""
    asked = replace(
        proposal,
        least=proposal.volume,
        step=proposal.volume,
        own_funds=proposal.own_funds + more,
    )
    target = without(scenario, proposal)
    problem = compile_scenario(with_proposal(scenario, asked))
    index = index_of(problem, proposal.id)
    item = compile_scenario(scenario).items[index]
    # A volume step is rounded by itself; the whole is worth what its steps are worth.
    support = Linear(item.support.at(item.top))
    found = best(problem, index, support=support, forced=True, fixed=None)
    return found is not None and found >= target


def without(scenario: Scenario, proposal: Proposal) -> tuple:
    problem = compile_scenario(scenario)
    found = best(problem, index_of(problem, proposal.id), forced=False, fixed=0)
    assert found is not None
    return found


def with_votes(scenario: Scenario, proposal: Proposal, change: int) -> Scenario:
    """So many supporters more (or fewer) in its own meeting, everything else as it was."""
    results, place = scenario.dataset.results, proposal.owner
    counts, ballots = list(results.counts), []
    if any(b.place == place for b in results.ballots):
        left = abs(change)
        for ballot in results.ballots:
            named = any(p == proposal.id for p, _ in ballot.choices)
            moved = (
                min(left, ballot.count) if ballot.place == place and named == (change < 0) else 0
            )
            left -= moved
            kept = tuple(c for c in ballot.choices if c[0] != proposal.id)
            turned = kept if change < 0 else (*ballot.choices, (proposal.id, 1))
            ballots.append(replace(ballot, count=ballot.count - moved))
            if moved:
                ballots.append(Ballot(place, ballot.kind, turned, moved))
        ballots = [b for b in ballots if b.count]
    else:
        ballots = list(results.ballots)
        before = sum(c.supporters for c in counts if (c.proposal, c.place) == (proposal.id, place))
        counts = [c for c in counts if (c.proposal, c.place) != (proposal.id, place)]
        counts.append(Count(proposal.id, place, before + change))
    changed = replace(results, counts=tuple(counts), ballots=tuple(ballots))
    return replace(scenario, dataset=replace(scenario.dataset, results=changed))


# --- one proposal -------------------------------------------------------------------------


def check_volume(scenario: Scenario, proposal: Proposal, found: Fraction | None) -> None:
    target = without(scenario, proposal)
    problem = compile_scenario(scenario)
    index = index_of(problem, proposal.id)
    good = []
    if proposal.least < proposal.volume:
        for level in range(1, problem.items[index].top + 1):
            value = best(problem, index, fixed=level, forced=False)
            if value is not None and value >= target:
                good.append(proposal.least + proposal.step * (level - 1))
    elif proposal.volume > 1 and proposal.volume.denominator == 1:
        if problem.items[index].kind is Kind.OWN and "welfare" in {s.name for s in problem.stages}:
            return  # what was wanted of the account would change with the asked volume
        share = Electorate(scenario).support(proposal) / proposal.volume
        for count in range(1, int(proposal.volume)):
            fewer = replace(
                proposal, volume=Fraction(count), least=Fraction(count), step=Fraction(count)
            )
            asked = compile_scenario(with_proposal(scenario, fewer))
            support = replace(asked.items[index].support, base=round(10**6 * share * count))
            value = best(asked, index, support=support, forced=True, fixed=None)
            if value is not None and value >= target:
                good.append(Fraction(count))
    assert found == max(good, default=None)


def check_own_funds(
    scenario: Scenario, proposal: Proposal, found: int | None, dice: Random
) -> None:
    most = proposal.full_cost if found is None else found - 1
    tried = {0, most, most // 2, *(dice.randint(0, most) for _ in range(4))} if most >= 0 else set()
    assert not any(at_own_funds(scenario, proposal, more) for more in tried)
    assert found is None or at_own_funds(scenario, proposal, found)


def check_lacks(scenario: Scenario, proposal: Proposal, votes: Votes, found: int | None) -> None:
    most = votes.people - votes.supporters if found is None else found - 1
    assert all(verdict(with_votes(scenario, proposal, k), proposal.id) < 0 for k in range(most + 1))
    if found is not None:
        assert verdict(with_votes(scenario, proposal, found), proposal.id) >= 0


def check_safe(scenario: Scenario, proposal: Proposal, votes: Votes, found: int) -> None:
    for k in range(found + 1):
        assert verdict(with_votes(scenario, proposal, -k), proposal.id) > 0
    # A list that loses its last supporter may count by its order instead.
    if found < votes.supporters - scenario.order_as_borda:
        assert verdict(with_votes(scenario, proposal, -found - 1), proposal.id) <= 0


def margins_of(scenario: Scenario, count: int) -> Iterator[Callable[[], str]]:
    """Checks of some proposals of one scenario; none where it has no plan."""
    problem, _ = prepare(scenario)
    try:
        plan = accept(scenario, problem, solve(problem))
    except InfeasiblePart:
        return
    dice = Random(len(scenario.dataset.proposals))
    if any(choices_of(problem, part) > MOST_CHOICES for part in problem.parts):
        return
    pinned = {p.proposal for p in scenario.pins}
    electorate = Electorate(scenario)
    margins = Margins(plan, electorate)
    proposals = [
        p
        for p in scenario.dataset.proposals
        if p.id in margins.index and p.id not in pinned and p.status is not Status.EXCLUDED
    ]
    for proposal in dice.sample(proposals, min(count, len(proposals))):
        votes = electorate.votes(proposal)

        def check(proposal: Proposal = proposal, votes: Votes | str = votes) -> str:
            if plan.volumes.get(proposal.id):
                found = margins.inside(proposal)
                assert found.forced == (
                    best(problem, index_of(problem, proposal.id), forced=False, fixed=0) is None
                )
                if found.safe is None or not isinstance(votes, Votes):
                    return "in"
                check_safe(scenario, proposal, votes, found.safe)
                return "safe" if found.safe >= 0 else "tied"
            out = margins.out(proposal, fits=None, own_funds=None)
            if not _asks_from_below(problem, proposal.id):
                check_volume(scenario, proposal, out.volume)
                check_own_funds(scenario, proposal, out.own_funds, dice)
            if isinstance(votes, Votes):
                check_lacks(scenario, proposal, votes, out.lacks)
            return "lacks" if out.lacks else out.lacks_why or "tie"

        yield check


def _asks_from_below(problem: Problem, proposal: str) -> bool:
    """Whether a rule asks for a minimum of it; with less of it the rule would be left out."""
    index = index_of(problem, proposal)
    return any(
        limit.lower is not None and any(i == index for i, _ in limit.terms)
        for limit in problem.limits
    )


def run(seed: int, count: int) -> list[str]:
    scenario = random_scenario(seed, SHAPES[seed % len(SHAPES)])
    found = []
    for check in margins_of(scenario, count):
        try:
            found.append(check())
        except ScenarioError:
            found.append("refused")  # a list that loses all of its support is not accepted
    return found


@pytest.mark.parametrize("seed", range(60))
def test_margins_agree_with_exhaustive_search(seed: int) -> None:
    run(seed, 2)


def test_instances_reach_every_kind_of_margin() -> None:
    seen = {kind for seed in range(100, 140) for kind in run(seed, 2)}
    assert seen >= {"in", "safe", "lacks", "order", "people"}


@pytest.mark.full
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_margins_agree_on_many_more(seed: int) -> None:
    run(seed, 6)


def test_one_unit_is_enough_where_the_lists_have_decided_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What :func:`settled` leaves out changes no margin."""
    compared = [0, 0]
    for seed in range(2000, 2120):
        scenario = replace(random_scenario(seed, "shared"), stages=(Stage("order"),), pins=())
        problem, _ = prepare(scenario)
        try:
            plan = accept(scenario, problem, solve(problem))
        except InfeasiblePart:
            continue
        margins, whole = (Margins(plan, Electorate(scenario)) for _ in range(2))
        for proposal in (*plan.left_out, *plan.chosen):
            index = margins.index.get(proposal.id)
            if index is None or margins._spot_of(index)[1] == "":
                continue
            found = margins_in_or_out(margins, plan, proposal)
            compared[bool(plan.volumes.get(proposal.id))] += 1
            with monkeypatch.context() as patch:
                patch.setattr("optimizer.explain.margins.settled", lambda *_: None)
                assert margins_in_or_out(whole, plan, proposal) == found
    assert min(compared) >= 20


def margins_in_or_out(margins: Margins, plan: Plan, proposal: Proposal) -> object:
    if plan.volumes.get(proposal.id):
        return margins.inside(proposal)
    return margins.out(proposal, fits=None, own_funds=None)

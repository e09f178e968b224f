"""Properties that hold for every scenario, on seeded random ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from instances import (
    KELURAHAN,
    make_dataset,
    make_policy,
    make_proposal,
    make_unit,
    random_scenario,
)
from oracle import solve_exhaustive

from optimizer.formulation.compile import compile_scenario
from optimizer.planning import listed_of
from optimizer.record.dataset import Dataset
from optimizer.record.meetings import Count, Counting, Results
from optimizer.record.policy import Account, Bound, Policy
from optimizer.record.proposals import Proposal
from optimizer.record.scenario import Scenario, Stage
from optimizer.rules import Listed, RuleStatus, check_rules
from optimizer.solving.outcome import Answer, InfeasiblePart
from optimizer.territory import Territory

SUPPORT = (Stage("support"),)
RT = f"{KELURAHAN}/01/01"


def solved(scenario: Scenario) -> tuple[dict[str, int], Counter[str]] | None:
    """Chosen levels by id and stage values over all parts; ``None`` where nothing is feasible."""
    problem = compile_scenario(scenario)
    levels: dict[str, int] = {}
    values: Counter[str] = Counter()
    for part in problem.parts:
        try:
            answer = solve_exhaustive(problem, part)
        except InfeasiblePart:
            return None
        levels |= {problem.items[i].id: level for i, level in answer.levels.items()}
        for proof in answer.proofs:
            values[proof.stage] += proof.value
    return levels, values


def optimum(scenario: Scenario) -> tuple[int, int]:
    """Mandatory activities met, then support: what ``support`` maximises, in this order.

    Support alone may well fall when a wider bound lets a mandatory activity in.
    """
    answer = solved(replace(scenario, stages=SUPPORT))
    return (answer[1]["mandatory"], answer[1]["support"]) if answer else (-1, 0)


def voted(seed: int, shape: str = "any") -> Scenario:
    """A random scenario in which support can be counted."""
    scenario = random_scenario(seed, shape)
    return scenario if scenario.dataset.results.counts else replace(scenario, order_as_borda=True)


def change_bounds(policy: Policy, change: Callable[[Bound], Bound | None]) -> Policy:
    """A copy in which every bound is changed, or dropped."""

    def changed(account: Account) -> Account:
        bounds = (change(b) for b in account.bounds)
        return replace(
            account,
            bounds=tuple(b for b in bounds if b is not None),
            children=tuple(changed(c) for c in account.children),
        )

    return replace(policy, accounts=tuple(changed(a) for a in policy.accounts))


@pytest.mark.parametrize("seed", range(40))
def test_a_wider_maximum_never_lowers_the_support_optimum(seed: int) -> None:
    scenario = voted(seed)
    dice = Random(seed)
    before = optimum(scenario)
    for account in scenario.policy.by_id.values():
        bound = account.bound("max")
        if bound is None:
            continue
        wider = (
            replace(bound, share=bound.share + Fraction(dice.randint(1, 200), 1000))
            if bound.share is not None
            else replace(bound, rupiah=(bound.rupiah or 0) + dice.randint(1, 9_999_999))
        )
        widened = replace(scenario, policy=scenario.policy.with_bound(account.id, wider))
        assert optimum(widened) >= before, account.id


def as_shares(bound: Bound) -> Bound | None:
    """Shares only; an exact bound as the maximum that it holds.

    A multiple of the pagu keeps every whole-rupiah plan of shares: floors grow at least, and
    ceilings at most, by that factor. An exact bound is [floor, ceil] and may lose a rupiah.
    """
    if bound.share is None:
        return None
    return replace(bound, side="max", waivable=False) if bound.side == "exact" else bound


@pytest.mark.parametrize("seed", range(40))
def test_more_budget_never_lowers_the_support_optimum_where_bounds_are_shares(seed: int) -> None:
    scenario = voted(seed)
    scenario = replace(scenario, policy=change_bounds(scenario.policy, as_shares))
    best = optimum(scenario)
    for factor in (2, 3):
        units = [replace(u, budget=factor * u.budget) for u in scenario.dataset.territory.units]
        richer = replace(scenario, dataset=replace(scenario.dataset, territory=Territory(units)))
        assert optimum(richer) >= best
        best = max(best, optimum(richer))


def renamed(scenario: Scenario, proposal: Callable[[str], str], place: Callable[[str], str]):
    """The same scenario under other ids."""
    data, results = scenario.dataset, scenario.dataset.results
    proposals = [
        replace(
            p,
            id=proposal(p.id),
            owner=place(p.owner),
            participants=tuple(place(u) for u in p.participants),
            beneficiaries=tuple(place(u) for u in p.beneficiaries),
        )
        for p in data.proposals
    ]
    units = [replace(u, rt=place(u.id).rpartition("/")[2]) for u in data.territory.units]
    said = Results(
        meetings=tuple(replace(m, place=place(m.place)) for m in results.meetings),
        counts=tuple(
            replace(c, proposal=proposal(c.proposal), place=place(c.place)) for c in results.counts
        ),
        ballots=tuple(
            replace(b, place=place(b.place), choices=tuple((proposal(p), n) for p, n in b.choices))
            for b in results.ballots
        ),
        points_max=results.points_max,
    )
    letters = [(place(unit), *rest) for unit, *rest in data.letters]
    return replace(
        scenario,
        dataset=Dataset.build(data.meta, Territory(units), proposals, said, letters=letters),
        pins=tuple(replace(p, proposal=proposal(p.proposal)) for p in scenario.pins),
    )


@pytest.mark.parametrize("seed", range(30))
def test_relabelling_ids_in_the_same_order_changes_nothing_but_names(seed: int) -> None:
    scenario = random_scenario(seed, "shared" if seed % 2 else "any")

    def proposal(id: str) -> str:
        return f"Kaliombo.{3 * int(id[2:]):05}-x"

    def place(node: str) -> str:
        parts = node.split("/")
        return "/".join([*parts[:2], *(f"{2 * int(rt) + 7:02}" for rt in parts[2:])])

    before, after = solved(scenario), solved(renamed(scenario, proposal, place))
    if before is None or after is None:
        assert before is after
    else:
        assert after[0] == {proposal(id): level for id, level in before[0].items()}
        assert after[1] == before[1]


@pytest.mark.parametrize("seed", range(40))
def test_row_order_changes_nothing(seed: int) -> None:
    scenario = random_scenario(seed, "shared" if seed % 2 else "any")
    data, results, dice = scenario.dataset, scenario.dataset.results, Random(seed)

    def mixed(rows):
        return tuple(dice.sample(rows, len(rows)))

    def mixed_places(proposal: Proposal) -> Proposal:
        order = mixed(tuple(range(len(proposal.participants))))
        return replace(
            proposal,
            participants=tuple(proposal.participants[k] for k in order),
            shares=tuple(proposal.shares[k] for k in order) if proposal.shares else (),
            beneficiaries=mixed(proposal.beneficiaries),
        )

    shuffled = Dataset.build(
        data.meta,
        Territory(mixed(data.territory.units)),
        [mixed_places(p) for p in mixed(data.proposals)],
        Results(
            mixed(results.meetings),
            mixed(results.counts),
            mixed(results.ballots),
            mixed(results.field_votes),
            results.points_max,
        ),
        letters=mixed(data.letters),
    )
    again = replace(scenario, dataset=shuffled)
    assert compile_scenario(again) == compile_scenario(scenario)
    assert again.sha256() == scenario.sha256()


@pytest.mark.parametrize("seed", range(30))
def test_splitting_a_fully_reducible_proposal_leaves_the_optimum_unchanged(seed: int) -> None:
    """Each half has half the support, so a step of either is worth what it was.

    The coefficient of a step is round(10⁶ · v · step ÷ m), and (v/2) ÷ (m/2) is v ÷ m: with an
    even number of steps and of supporters nothing is rounded differently.
    """
    dice = Random(f"split:{seed}")
    units = [make_unit(k, 33_333_331) for k in (1, 2)]
    votes: dict[str, int] = {}
    proposals: list[Proposal] = []
    for k in range(4):
        step = Fraction(1, dice.choice((1, 2)))
        owner = dice.choice((RT, RT[:-1] + "2", RT[:-3]))
        activity = dice.choice(("obat", "pmt", "latihan"))
        price = 2 * dice.randint(500_001, 2_500_001)
        volume = step * dice.choice((2, 4))
        name = f"A-{k}"
        votes[name] = 2 * dice.randint(1, 9)
        proposals.append(
            make_proposal(name, owner, activity, price, volume=volume, least=step, step=step)
        )
    whole = proposals[0]
    half = replace(whole, volume=whole.volume / 2)
    halves = [replace(half, id="A-0a"), replace(half, id="A-0b"), *proposals[1:]]
    half_votes = {**votes, "A-0a": votes["A-0"] // 2, "A-0b": votes["A-0"] // 2}
    caps = [
        Account(
            name, {"id": name}, bounds=(Bound("max", share=Fraction(dice.randint(90, 300), 1000)),)
        )
        for name in ("sehat", "ekonomi")
    ]

    def best(items: list[Proposal], said: dict[str, int]) -> tuple[int, int]:
        results = Results(counts=tuple(Count(p.id, p.owner, said[p.id]) for p in items))
        return optimum(
            Scenario(
                "belah", make_dataset(units, items, results), make_policy(caps),
                counting=Counting.VOTER,
            )
        )  # fmt: skip

    assert best(halves, half_votes) == best(proposals, votes)


@pytest.mark.parametrize("seed", range(30))
def test_evenness_zero_is_support(seed: int) -> None:
    """α = 0 makes every percent worth 10⁶, so the value is 100 · 10⁶ times support."""
    scenario = voted(seed, "shared" if seed % 2 else "any")
    even = solved(replace(scenario, stages=(Stage("welfare", Fraction(0)),)))
    plain = solved(replace(scenario, stages=SUPPORT))
    if even is None or plain is None:
        assert even is plain
        return
    assert even[0] == plain[0]
    assert even[1]["welfare"] == 10**8 * plain[1]["support"]


def test_money_without_an_activity_never_meets_a_minimum() -> None:
    minimum = Bound("min", share=Fraction(1, 4), waivable=True, letter="E")
    policy = make_policy([Account("ekonomi", {"id": "ekonomi"}, bounds=(minimum,))])
    data = make_dataset(
        [make_unit(1, 100_000_001)], [make_proposal("A-1", RT, "latihan", 24_000_000)]
    )
    scenario = Scenario("uji", data, policy)
    problem = compile_scenario(scenario)
    levels = {
        i: level for p in problem.parts for i, level in solve_exhaustive(problem, p).levels.items()
    }
    listed = listed_of(scenario, problem, Answer(levels, (), "uji"))
    assert listed.reserved == {(RT, "ekonomi"): 1_000_001}
    for held in (1_000_001, 76_000_001):
        found = next(
            c
            for c in check_rules(data, policy, replace(listed, reserved={(RT, "ekonomi"): held}))
            if c.rule == "ekonomi.min"
        )
        assert (found.status, found.amount) == (RuleStatus.FINDING, 1_000_001)
        assert found.letter == "E"
    enough = Listed({"A-1": Fraction(1)}, reserved=listed.reserved)
    richer = make_dataset([make_unit(1, 96_000_000)], [*data.proposals])
    met = next(c for c in check_rules(richer, policy, enough) if c.rule == "ekonomi.min")
    assert met.status is RuleStatus.PASS

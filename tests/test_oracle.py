"""The reference against exhaustive search: every stage value and every chosen level."""

from __future__ import annotations

import pytest
from instances import SHAPES, make_dataset, make_policy, make_proposal, make_unit, random_scenario
from oracle import TooManyChoices, choices_of, solve_exhaustive

from optimizer.formulation.compile import compile_scenario
from optimizer.formulation.problem import Part, Problem
from optimizer.record.policy import Account, Bound
from optimizer.record.scenario import Scenario
from optimizer.solving.outcome import Answer, Clock, InfeasiblePart, Outcome
from optimizer.solving.reference import solve_part

# Instances of each shape in the default run: 560 in all.
COUNTS = {
    "any": 140,
    "shared": 90,
    "pool": 60,
    "own": 60,
    "order": 40,
    "support": 40,
    "welfare": 50,
    "fill": 40,
    "wide": 40,
}
FULL = 4


def of_oracle(problem: Problem, part: Part) -> Answer | None:
    try:
        return solve_exhaustive(problem, part)
    except InfeasiblePart:
        return None


def of_reference(problem: Problem, part: Part) -> Answer | None:
    try:
        return solve_part(problem, part, Clock())
    except InfeasiblePart:
        return None


def assert_same(scenario: Scenario) -> int:
    """Both answer alike for every part; returns how many parts cannot be satisfied."""
    problem = compile_scenario(scenario)
    infeasible = 0
    for part in problem.parts:
        expected, found = of_oracle(problem, part), of_reference(problem, part)
        if expected is None or found is None:
            assert expected is found, part.name
            infeasible += 1
            continue
        assert found.outcome is Outcome.OPTIMAL
        assert [(p.stage, p.value) for p in found.proofs] == [
            (p.stage, p.value) for p in expected.proofs
        ]
        assert dict(found.levels) == dict(expected.levels)
    return infeasible


@pytest.mark.parametrize("shape", COUNTS)
def test_reference_finds_what_exhaustive_search_finds(shape: str) -> None:
    infeasible = sum(assert_same(random_scenario(seed, shape)) for seed in range(COUNTS[shape]))
    assert infeasible < COUNTS[shape], "instances must be worth solving"


@pytest.mark.full
@pytest.mark.parametrize("shape", SHAPES)
def test_reference_and_exhaustive_search_on_many_more(shape: str) -> None:
    for seed in range(1000, 1000 + FULL * COUNTS.get(shape, 40)):
        assert_same(random_scenario(seed, shape))


def test_enough_instances() -> None:
    assert sum(COUNTS.values()) >= 500


def test_instances_exercise_every_constraint() -> None:
    """Random instances hold all that the model knows, so that agreement means something."""
    seen: set[str] = set()
    for seed in range(60):
        for shape in ("any", "shared"):
            scenario = random_scenario(seed, shape)
            problem = compile_scenario(scenario)
            seen |= {limit.rule for limit in problem.limits}
            seen |= {requirement.rule for requirement in problem.requirements}
            seen |= {str(item.kind) for item in problem.items}
            seen |= {stage.name for stage in problem.stages}
            seen |= {str(ballot.kind) for ballot in scenario.dataset.results.ballots}
            seen |= {f"count {scenario.counting}", f"borda {scenario.order_as_borda}"}
            seen |= {f"letter {letter}" for _, letter, _ in scenario.dataset.letters}
            seen |= {"forced" for item in problem.items if item.forced}
            seen |= {"pinned out" for item in problem.items if item.fixed == 0}
            seen |= {"steps" for item in problem.items if item.extra}
            seen |= {"weighted" for p in scenario.dataset.proposals if p.shares}
            seen |= {"halves" for p in scenario.dataset.proposals if p.step.denominator == 2}
            seen |= {"own funds" for p in scenario.dataset.proposals if p.own_funds}
            seen |= {
                f"{bound.side} {'rupiah' if bound.rupiah else 'share'}"
                for account in scenario.policy.by_id.values()
                for bound in account.bounds
            }
    assert seen >= {
        "rule.jkn",
        "rule.pmt",
        "rule.pmt_nilai",
        "rule.saluran",
        "rule.latihan",
        "rule.seni",
        "rule.koperasi",
        "rule.pilih",
        "rule.syarat",
        "status.wajib",
        "own",
        "shared",
        "pooled",
        "order",
        "support",
        "welfare",
        "fill",
        "mandatory",
        "setuju",
        "urutan",
        "poin",
        "count rt",
        "count voter",
        "count family",
        "borda True",
        "borda False",
        "letter D",
        "letter E",
        "forced",
        "pinned out",
        "steps",
        "weighted",
        "halves",
        "own funds",
        "max share",
        "max rupiah",
        "min share",
        "min rupiah",
        "exact share",
    }


def test_a_part_that_cannot_be_satisfied_is_refused_by_both() -> None:
    bounds = (Bound("min", rupiah=60), Bound("max", rupiah=100))
    accounts = [Account(name, {"id": name}, bounds=bounds) for name in ("sehat", "ekonomi")]
    data = make_dataset([make_unit(1, 100)], [make_proposal("A-1", "Uji/01/01", "obat", 50)])
    problem = compile_scenario(Scenario("uji", data, make_policy(accounts)))
    (part,) = problem.parts
    with pytest.raises(InfeasiblePart):
        solve_exhaustive(problem, part)
    with pytest.raises(InfeasiblePart):
        solve_part(problem, part, Clock())


def test_a_large_part_is_refused_before_it_is_listed() -> None:
    proposals = [make_proposal(f"A-{k}", "Uji/01/01", "obat", 1) for k in range(18)]
    data = make_dataset([make_unit(1, 100)], proposals)
    problem = compile_scenario(
        Scenario("uji", data, make_policy([Account("sehat", {"id": "sehat"})]))
    )
    (part,) = problem.parts
    assert choices_of(problem, part) == 2**18
    with pytest.raises(TooManyChoices):
        solve_exhaustive(problem, part)

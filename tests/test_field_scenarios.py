"""The fields program on scenarios: weights, envelopes before and after a plan, refusals."""

from fractions import Fraction

import pytest
from fields_cases import PAGU, RT1, RT2, RT3, reference, scenario, within

from optimizer.envelopes import FieldPlan
from optimizer.errors import Infeasible, ScenarioError
from optimizer.files.policies import load_policy
from optimizer.files.scenarios import load_scenario
from optimizer.formulation.compile import compile_scenario
from optimizer.formulation.fields import FieldModel
from optimizer.record.meetings import Ballot, BallotKind, Count, Results
from optimizer.record.scenario import Stage, override
from optimizer.record.weights import field_weights
from optimizer.shipped import SCENARIOS
from optimizer.solving.field_money import field_question, marginal_money, solve_fields
from optimizer.solving.fields import allocate_fields
from optimizer.solving.outcome import Clock, Outcome, run


@pytest.fixture(scope="module")
def tepat():
    return load_policy("kediri-2023-tepat")


def test_weights_by_order(tepat):
    """Borda of five items: 1, ¾, ½, ¼ (admin costs, no field), 0."""
    weights = field_weights(scenario(tepat))
    assert weights[RT1] == {"kesehatan": Fraction(2, 3), "ekonomi": Fraction(1, 3)}
    assert weights[RT2] == {}
    assert weights[RT3] == {}


def test_weights_by_support(tepat):
    """Counts and ballots of the unit speak before its order; excluded items do not count."""
    results = Results(
        counts=(Count("B1", RT2, 10), Count("B2", RT2, 30), Count("B3", RT2, 30)),
        ballots=(
            Ballot(RT1, BallotKind.APPROVAL, (("A5", 1), ("A4", 1)), 3),
            Ballot(RT1, BallotKind.APPROVAL, (("A5", 1), ("A1", 1)), 1),
            Ballot(RT3, BallotKind.APPROVAL, (("A2", 1),), 9),
        ),
    )
    weights = field_weights(scenario(tepat, results=results))
    assert weights[RT1] == {"kesehatan": Fraction(1, 5), "pendidikan": Fraction(4, 5)}
    assert weights[RT2] == {"infrastruktur": Fraction(3, 4), "kepemudaan": Fraction(1, 4)}
    assert list(weights[RT2]) == ["infrastruktur", "kepemudaan"]
    assert weights[RT3] == {}
    for mine in weights.values():
        assert sum(mine.values()) in {0, 1}


def test_envelopes_before_any_plan(tepat):
    """The pool share is fixed, exact 40 % is kept, the rest follows the weights."""
    one = scenario(tepat)
    problem = compile_scenario(one)
    found = allocate_fields(problem, field_weights(one), Fraction(0)).by_unit()
    assert found[RT1] == {
        "infrastruktur/bersama": 30_000_000,
        "infrastruktur/rt": 10_000_000,
        "kesehatan": 40_000_000,
        "sosial_budaya": 0,
        "ekonomi": 20_000_000,
        "pendidikan": 0,
        "kepemudaan": 0,
        "biaya_umum": 0,
    }
    # Nothing is known about RT 03: only what the exact share forces.
    assert sum(found[RT3].values()) == 40_000_000
    even = allocate_fields(problem, field_weights(one), Fraction(1)).by_unit()[RT1]
    assert (even["kesehatan"], even["ekonomi"]) == (40_000_000, 20_000_000)


def test_a_recorded_letter_lifts_the_minimum(tepat):
    one = scenario(tepat, letters=[(RT3, "E", "infrastruktur")], budget=99_999_999)
    problem = compile_scenario(one)
    found = allocate_fields(problem, field_weights(one), Fraction(1, 2)).by_unit()
    assert sum(found[RT3].values()) == found[RT3]["infrastruktur/bersama"] == 30_000_000
    for unit in (RT1, RT2, RT3):
        mine = field_weights(one)[unit]
        answer, question = reference(problem, unit, mine, Fraction(1, 2))
        nodes = {problem.tree.ids.index(n): x for n, x in found[unit].items()}
        assert question.objective(problem.tree, nodes) == answer.objective


def test_advice_contains_the_plan(tepat):
    one = scenario(tepat, stages=(Stage("welfare", Fraction(1)),), order_as_borda=True)
    problem = compile_scenario(one)
    plan = {RT1: {"pendidikan": 7_000_000, "ekonomi": 25_000_000, "infrastruktur/bersama": 1}}
    advice = FieldPlan(one, problem, plan).money[RT1]
    assert advice["pendidikan"] == 7_000_000
    assert advice["ekonomi"] == 25_000_000
    assert advice["kesehatan"] == 28_000_000
    assert advice["infrastruktur/bersama"] == 30_000_000


def test_what_cannot_be_done_is_said(tepat):
    one = override(scenario(tepat), "joint_share", "0.45")
    problem = compile_scenario(one)
    found = allocate_fields(problem, field_weights(one), Fraction(1, 2))
    assert not found.feasible.any()
    assert not found.money.any()
    assert found.by_unit() == {}
    assert not allocate_fields(problem, {}, Fraction(1, 2), step=1_000).money.any()
    question = field_question(problem, RT1, {}, Fraction(1, 2))
    with pytest.raises(Infeasible, match="RT 01/RW 01 Contoh"):
        solve_fields(problem, question)
    with pytest.raises(Infeasible):
        marginal_money(problem, question)


def test_refusals(tepat):
    problem = compile_scenario(scenario(tepat))
    with pytest.raises(ScenarioError, match="Contoh/01/01"):
        field_question(problem, "Contoh/01/1", {}, Fraction(1, 2))
    for evenness, step in ((Fraction(3, 2), 1), (Fraction(-1), 1), (Fraction(1, 2), 0)):
        with pytest.raises(ScenarioError):
            allocate_fields(problem, {}, evenness, step=step)
    huge = compile_scenario(scenario(tepat, budget=10**19))
    with pytest.raises(ScenarioError, match="pagu"):
        allocate_fields(huge, {}, Fraction(0))


def test_the_program_states_what_it_solves(tepat):
    """The objective of the solver, in weighted millions, is the exact one."""
    one = scenario(tepat)
    problem = compile_scenario(one)
    question = field_question(problem, RT1, field_weights(one)[RT1], Fraction(1, 2))
    model = FieldModel(problem, question)
    outcome, value = run(model.program, Clock())
    assert outcome is Outcome.OPTIMAL
    exact = question.objective(problem.tree, model.envelopes())
    assert value / (PAGU / 10**6) == pytest.approx(float(exact), abs=1e-9)


@pytest.mark.parametrize("name", ["kaliombo-2023", "kaliombo-2023-paling-banyak"])
def test_kaliombo(name):
    """Every RT of the example, both readings: greedy and PuLP agree."""
    one = load_scenario(SCENARIOS / f"{name}.yaml")
    problem, weights = compile_scenario(one), field_weights(one)
    assert len(weights) == 47
    assert all(sum(mine.values()) == 1 for mine in weights.values())
    found = allocate_fields(problem, weights, Fraction(1, 2)).by_unit()
    for room in problem.units:
        answer, question = reference(problem, room.id, weights[room.id], Fraction(1, 2))
        nodes = {problem.tree.ids.index(n): x for n, x in found[room.id].items()}
        assert within(room, found[room.id], {}, problem.tree)
        assert question.objective(problem.tree, nodes) == answer.objective

"""Duals and what one more million changes: against finite differences and new solutions."""

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from fields_cases import (
    ALPHAS,
    PAGU,
    RT1,
    TREE,
    by_name,
    draw_programmed,
    draw_room,
    draw_weights,
    problem_of,
    reference,
    scenario,
)

from optimizer.files.policies import load_policy
from optimizer.formulation.compile import compile_scenario
from optimizer.record.weights import field_weights
from optimizer.solving.field_money import field_question, marginal_money, solve_fields
from optimizer.words import Words


@pytest.fixture(scope="module")
def tepat():
    return load_policy("kediri-2023-tepat")


def test_duals_have_the_sign_of_finite_differences():
    """V is concave in every bound: V(b + δ) − V(b) ≤ price · δ ≤ V(b) − V(b − δ)."""
    rng = random.Random(11)
    seen = set()
    for _ in range(60):
        room = draw_room(rng, PAGU)
        problem = problem_of(room)
        weights = draw_weights(rng)
        alpha = rng.choice(ALPHAS)
        answer, question = reference(problem, "u", weights, alpha, draw_programmed(rng, PAGU))
        if answer is None:
            continue
        for change in marginal_money(problem, question, 1_000):
            if change.gain is not None:
                assert float(change.gain) <= change.dual + 1e-9
            if change.loss is not None:
                assert change.dual <= -float(change.loss) + 1e-9
            if abs(change.dual) > 1e-9 and not change.kink:
                seen.add((change.side, change.dual > 0))
        for (name, side), price in answer.duals.items():
            if side == "activities":
                assert price <= 1e-12
                node = TREE.ids.index(name)
                for change in (1_000, -1_000):
                    moved = {**question.programmed, node: question.programmed[node] + change}
                    other, _ = reference(problem, "u", weights, alpha, by_name(moved))
                    if other is not None:
                        gain = float(other.objective - answer.objective)
                        assert gain <= price * change / 10**6 + 1e-9
                        if abs(price) > 1e-9 and gain == pytest.approx(price * change / 10**6):
                            seen.add((side, price > 0))
    assert {("max", True), ("min", False), ("pagu", True), ("activities", False)} <= seen
    assert {side for side, _ in seen} >= {"exact", "pool"}


def test_dual_and_new_solutions_agree_away_from_kinks():
    """Where gain and loss of solving again are equal, the dual is that number."""
    rng = random.Random(12)
    smooth = kinks = 0
    for _ in range(60):
        problem = problem_of(draw_room(rng, PAGU))
        answer, question = reference(problem, "u", draw_weights(rng), rng.choice(ALPHAS))
        if answer is None:
            continue
        for change in marginal_money(problem, question):
            if None not in (change.gain, change.loss) and change.gain == -change.loss:
                smooth += 1
                assert not change.kink
                assert change.dual == pytest.approx(float(change.gain), abs=1e-7)
            else:
                kinks += change.kink
    assert smooth > 50
    assert kinks > 50


def test_money_changes_solve_the_moved_problem(tepat):
    """Each figure is the reference's optimum with the bound really moved."""
    problem = compile_scenario(scenario(tepat))
    weights = field_weights(scenario(tepat))[RT1]
    question = field_question(problem, RT1, weights, Fraction(1, 2))
    now = solve_fields(problem, question).objective
    changes = {(c.account, c.side): c for c in marginal_money(problem, question)}
    room = question.room
    node = problem.tree.ids.index("kesehatan")
    wider = (*room.upper[:node], room.upper[node] + 10**6, *room.upper[node + 1 :])
    moved = solve_fields(problem, replace(question, room=replace(room, upper=wider)))
    assert changes["kesehatan", "max"].gain == moved.objective - now
    # Exactly 40 %: the pool share cannot fall, since the RT's own part is at most 10 %.
    pool = changes["infrastruktur/bersama", "pool"]
    assert pool.loss is None
    assert pool.kink
    assert ("infrastruktur", "exact") in changes
    assert list(changes)[-1] == ("pagu", "pagu")


def test_changes_read_in_both_languages(tepat):
    problem = compile_scenario(scenario(tepat))
    question = field_question(problem, RT1, field_weights(scenario(tepat))[RT1], Fraction(0))
    for change in marginal_money(problem, question):
        assert "Rp1.000.000" in change.text()
        assert "Rp1,000,000" in change.text(Words("en"))
        assert ("tidak berlaku" in change.text()) == change.kink

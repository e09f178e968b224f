"""A time limit shortens the search, never the truth: plans stand, claims are labelled."""

from __future__ import annotations

from dataclasses import replace

import pulp
import pytest
from instances import random_scenario

from optimizer.errors import Infeasible, SolverFailed
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.record.scenario import BEST, Stage
from optimizer.solving import stages
from optimizer.solving.outcome import Clock, Outcome, run

SEEDS = range(12)


class OutOfTime:
    """Solves as many programs as it is told to, then none."""

    def __init__(self, solves: int) -> None:
        self.left = solves

    def __call__(self, program: pulp.LpProblem, clock: Clock) -> tuple[Outcome, float | None]:
        self.left -= 1
        return run(program, clock) if self.left >= 0 else (Outcome.NO_SOLUTION, None)


def stopped(monkeypatch: pytest.MonkeyPatch, seed: int, shape: str, solves: int) -> Plan | None:
    """The plan when time runs out after some solves; none where there is not even a first."""
    asked = replace(random_scenario(seed, shape), solver="reference")
    monkeypatch.setattr(stages, "run", OutOfTime(solves))
    try:
        return optimize(asked)
    except SolverFailed as error:
        assert error.code == "no_solution_in_time"
        return None
    finally:
        monkeypatch.setattr(stages, "run", run)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", ["shared", "welfare", "order"])
def test_a_stopped_plan_is_verified_and_never_claims_too_much(
    monkeypatch: pytest.MonkeyPatch, seed: int, shape: str
) -> None:
    scenario = replace(random_scenario(seed, shape), solver="reference")
    try:
        best = optimize(scenario)
    except Infeasible as error:  # says nothing here
        pytest.skip(str(error))
    for solves in (0, 1, 2, 3, 5, 8, 13, 21, 34):
        plan = stopped(monkeypatch, seed, shape, solves)
        if plan is None:
            continue
        assert plan.outcome in {Outcome.OPTIMAL, Outcome.TIME_LIMITED}
        if plan.outcome is Outcome.OPTIMAL:
            assert plan.volumes == best.volumes
        # Only the first stage has the same bound whatever was found: later ones depend on it.
        first, true = plan.proofs[0], best.proofs[0]
        assert first.value <= true.value <= first.bound


def test_the_best_joint_share_is_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = replace(
        random_scenario(3, "pool"),
        solver="reference",
        stages=(Stage("support"),),
        joint_share=BEST,
        order_as_borda=True,
        pins=(),
    )
    monkeypatch.setattr(stages, "run", OutOfTime(4))
    with pytest.raises(SolverFailed) as caught:
        optimize(scenario)
    assert caught.value.code in {"share_not_proved", "no_solution_in_time"}

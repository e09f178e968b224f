"""From a scenario to a verified plan: compile, search the joint share, solve, have it judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

from optimizer.envelopes import FieldPlan
from optimizer.errors import ScenarioError, SolverFailed
from optimizer.formulation.compile import compile_scenario
from optimizer.formulation.problem import Part, Problem
from optimizer.plan import Plan
from optimizer.record.scenario import BEST, PRIORITIES, Scenario
from optimizer.rules import Listed, check_fields, check_plan
from optimizer.solving.alone import alone_optima
from optimizer.solving.conflict import explain_conflict
from optimizer.solving.dispatch import Progress, solve, solve_one
from optimizer.solving.evenly import with_most
from optimizer.solving.outcome import Answer, Clock, Outcome
from optimizer.solving.reference import InfeasiblePart

__all__ = ["accept", "listed_of", "optimize", "prepare"]

PER_MILLE = 1000
FIELDS = "fields"


# What answers a compiled problem; see :func:`optimizer.solving.dispatch.solve`.
Solver: TypeAlias = Callable[[Problem, str, Clock, Progress | None], Answer]


def optimize(
    scenario: Scenario, *, progress: Progress | None = None, solver: Solver = solve
) -> Plan:
    """The optimal plan of a scenario, accepted by the independent checker.

    Parameters
    ----------
    solver
        Another way to answer the compiled problem, such as one that remembers parts.

    Raises
    ------
    Infeasible
        Naming the conflicting rules in words and the least change that would help.
    PlanRejected
        If the checker refuses the plan: a defect of ours; nothing is shown.
    """
    clock = Clock(scenario.time_limit)
    problem, shares = prepare(scenario, clock)
    if all(stage.name == PRIORITIES for stage in scenario.stages):
        # Envelopes by field, usable before any proposal exists; refused where minima do not fit.
        _ = FieldPlan(scenario, problem, {}).program
        return accept(scenario, problem, Answer({}, (), FIELDS), shares)
    try:
        problem = with_most(problem, clock)
        answer = solver(problem, scenario.solver, clock, progress)
    except InfeasiblePart as error:
        raise explain_conflict(scenario, problem, error.part) from error
    return accept(scenario, problem, answer, shares)


def prepare(
    scenario: Scenario, clock: Clock | None = None
) -> tuple[Problem, Mapping[str, Fraction] | None]:
    """Compile a scenario, with what must be solved for beforehand.

    That is the joint share where the best is asked for, and what each unit gets alone where
    none may be worse off.

    Returns
    -------
    problem, shares
        The joint share of each kelurahan; ``None`` where it was not searched.
    """
    clock = clock or Clock(scenario.time_limit)
    floors = alone_optima(scenario, clock) if scenario.alone else None
    if scenario.joint_share != BEST:
        return compile_scenario(scenario, floors=floors), None
    shares = _best_shares(scenario, floors, clock)
    return compile_scenario(scenario, shares, floors), shares


def accept(
    scenario: Scenario,
    problem: Problem,
    answer: Answer,
    shares: Mapping[str, Fraction] | None = None,
) -> Plan:
    """Have an answer judged; only a plan that passes comes back."""
    listed = listed_of(scenario, problem, answer)
    values = {p.stage: abs(p.value) if p.stage == "fill" else p.value for p in answer.proofs}
    proved = {p.stage for p in answer.proofs if p.outcome is Outcome.OPTIMAL}
    most = {(group.over, group.id): group.most for group in problem.groups}
    checks = check_plan(scenario, listed, values, proved, most)
    plan = Plan(scenario, problem, answer, listed, checks, shares)
    if plan.by_fields:
        fields = plan.fields
        check_fields(scenario, listed, fields.claims, fields.value)
    return plan


def listed_of(scenario: Scenario, problem: Problem, answer: Answer) -> Listed:
    """Levels as volumes, contributions, pool shares and reserves: what the checker judges."""
    by_id = scenario.dataset.by_id
    volumes: dict[str, Fraction] = {}
    contributions: dict[tuple[str, str], int] = {}
    for index, item in enumerate(problem.items):
        level = answer.levels.get(index, 0)
        if not level:
            continue
        proposal = by_id[item.id]
        volumes[item.id] = proposal.least + proposal.step * (level - 1)
        if len(item.payers) > 1:
            for unit, amount in item.payers:
                contributions[problem.units[unit].id, item.id] = amount.at(level)
    pool_shares = {
        (room.id, problem.tree.ids[node]): room.given[node]
        for room in problem.units
        for node in problem.tree.pooled
    }
    reserved = {
        (problem.units[unit].id, problem.tree.ids[node]): amount
        for part in problem.parts
        for unit, spent in problem.spent(part, answer.levels).items()
        for node, amount in enumerate(problem.reserved(unit, spent))
        if amount
    }
    return Listed(volumes, contributions, pool_shares, reserved)


def _best_shares(
    scenario: Scenario, floors: Mapping[str, int] | None, clock: Clock
) -> dict[str, Fraction]:
    """The joint share of each kelurahan with the best stages; the smallest wins ties."""
    if any(s.name in {"order", PRIORITIES} for s in scenario.stages):
        raise ScenarioError("best_needs_support")
    best: dict[str, tuple[_Values, Fraction]] = {}
    for share in _candidates(scenario):
        shares = dict.fromkeys(scenario.dataset.territory.kelurahan, share)
        problem = compile_scenario(scenario, shares, floors)
        for kelurahan, value in _values_by_kelurahan(scenario, problem, clock).items():
            if kelurahan not in best or value > best[kelurahan][0]:
                best[kelurahan] = (value, share)
    missing = [k for k in scenario.dataset.territory.kelurahan if k not in best]
    if missing:
        raise ScenarioError("no_joint_share", kelurahan=", ".join(missing[:5]))
    return {kelurahan: share for kelurahan, (_, share) in best.items()}


def _candidates(scenario: Scenario) -> list[Fraction]:
    """Multiples of 0.1 % within the pooled account's own bounds."""
    if not scenario.policy.pools:
        raise ScenarioError("no_pool", policy=scenario.policy.id)
    account = scenario.policy.pools[0]
    low = min(account.lower(PER_MILLE), PER_MILLE)
    high = min(account.upper(PER_MILLE), PER_MILLE)
    parent = scenario.policy.top[account.id]
    high = min(high, parent.upper(PER_MILLE))
    return [Fraction(k, PER_MILLE) for k in range(low, high + 1)]


# Of each stage the value; of ``equity`` all satisfactions, the least first.
_Values: TypeAlias = tuple[int | tuple[int, ...], ...]


def _values_by_kelurahan(scenario: Scenario, problem: Problem, clock: Clock) -> dict[str, _Values]:
    """Stage values of each kelurahan; a kelurahan where nothing is feasible is left out.

    Raises
    ------
    SolverFailed
        ``share_not_proved`` if a value is not proved in time.
    """
    parts: dict[str, list[tuple[Part, Answer]]] = {}
    infeasible: set[str] = set()
    for part in problem.parts:
        kelurahan = part.name.split("/", 1)[0]
        if kelurahan in infeasible:
            continue
        try:
            problem = with_most(problem, clock, (part,))
            answer = solve_one(problem, part, scenario.solver, clock)
        except InfeasiblePart:
            infeasible.add(kelurahan)
            continue
        if answer.outcome is not Outcome.OPTIMAL:
            # The best among values that are not the best would be no best at all.
            raise SolverFailed("share_not_proved", kelurahan=kelurahan)
        parts.setdefault(kelurahan, []).append((part, answer))
    return {
        kelurahan: tuple(
            _evened(problem, stage.over, solved)
            if stage.name == "equity"
            else sum(answer.proofs[k].value for _, answer in solved)
            for k, stage in enumerate(problem.stages)
        )
        for kelurahan, solved in parts.items()
        if kelurahan not in infeasible
    }


def _evened(problem: Problem, over: str, solved: Sequence[tuple[Part, Answer]]) -> tuple[int, ...]:
    return tuple(
        sorted(s for part, answer in solved for s in problem.satisfied(part, over, answer.levels))
    )

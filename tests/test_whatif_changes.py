"""The plan with fewest changes against a list of all plans."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from whatif_cases import choices, plans, rank

from optimizer.errors import Infeasible, ScenarioError
from optimizer.files.scenarios import load_scenario
from optimizer.formulation.problem import StageSpec
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.record.proposals import Status
from optimizer.record.scenario import Pin, Scenario, Stage, override
from optimizer.solving.changes import displaced
from optimizer.solving.memory import PartMemory
from optimizer.solving.nearby.pieces import SettledMemory, settled
from optimizer.solving.outcome import Outcome
from optimizer.whatif.changes import changes_between, fewest_changes, forced

ROOT = Path(__file__).parents[1]


def differing(before: Plan, after: Plan) -> int:
    ids = {*before.volumes, *after.volumes}
    return sum(before.volumes.get(i, 0) != after.volumes.get(i, 0) for i in ids)


def fewest(before: Plan, after: Plan) -> int | None:
    """Fewest changes among all optimal choices, part by part; ``None`` for too many choices."""
    problem, total = after.problem, 0
    by_id = after.scenario.dataset.by_id
    stages = tuple(s for s in problem.stages if s.name != "changes")
    problem = replace(problem, stages=stages)
    for part in problem.parts:
        every = choices(problem, part)
        if part.items and not every:
            return None
        best = max(rank(problem, part, levels) for levels in every)

        def changed(levels: dict[int, int]) -> int:
            count = 0
            for i, level in levels.items():
                proposal = by_id[problem.items[i].id]
                volume = proposal.least + proposal.step * (level - 1) if level else 0
                count += volume != before.volumes.get(proposal.id, 0)
            return count

        total += min(changed(c) for c in every if rank(problem, part, c) == best)
    return total


def asked(scenario: Scenario, seed: int) -> Scenario:
    """A pin, a dearer or a larger proposal, or less money."""
    open_ = [p for p in scenario.dataset.proposals if p.status is not Status.EXCLUDED]
    chosen = open_[seed % len(open_)]
    kind = seed % 4
    if kind < 2:
        return scenario.with_pin(Pin(chosen.id, kind == 0, "uji"))
    if kind == 2:
        return override(scenario, "prices", "+15%")
    return override(scenario, "pagu", "-15%")


@pytest.mark.parametrize("shape", ["any", "support", "order", "shared", "fill", "pool"])
@pytest.mark.parametrize(("solver", "seeds"), [("auto", 18), ("reference", 8)])
def test_fewest_changes_against_all_plans(shape: str, solver: str, seeds: int) -> None:
    compared = 0
    for seed, scenario, before in plans(shape, range(seeds)):
        other = replace(asked(scenario, seed), solver=solver)
        try:
            plain = optimize(other)
        except (Infeasible, ScenarioError):
            continue
        after = fewest_changes(before, other)
        assert after.outcome is Outcome.OPTIMAL
        assert {k: v for k, v in after.values.items() if k != "changes"} == plain.values
        assert (
            -after.values["changes"]
            == differing(before, after)
            == len(changes_between(before, after))
        )
        best = fewest(before, after)
        if best is not None:
            assert differing(before, after) == best, seed
            compared += 1
    assert compared >= seeds // 4


def test_ties_are_kept_as_they_were() -> None:
    """Where another plan is as good, the one that was planned stays."""
    saved = 0
    for _, scenario, _ in plans("support", range(40)):
        flat = replace(scenario, stages=(Stage("fill"),))
        before, plain = optimize(scenario), optimize(flat)
        again = fewest_changes(before, flat)
        assert again.values["fill"] == plain.values["fill"]
        saved += -again.values["changes"] < differing(before, plain)
    assert saved > 10, "where only minima count, most plans are ties"


def test_the_same_scenario_changes_nothing() -> None:
    for _, scenario, plan in plans("any", range(15)):
        again = fewest_changes(plan, scenario)
        assert again.volumes == plan.volumes
        assert again.values["changes"] == 0


def test_forcing_in_is_the_plan_with_the_pin() -> None:
    moved = impossible = 0
    for _, scenario, plan in plans("any", range(12)):
        memory = PartMemory()
        pinned = {p.proposal for p in scenario.pins}
        for proposal in plan.left_out:
            if proposal.id in pinned or proposal.id not in {i.id for i in plan.problem.items}:
                continue
            quick = displaced(plan.problem, plan.answer.levels, proposal.id, memory=memory)
            if quick is None:
                impossible += 1
                with pytest.raises(Infeasible):
                    forced(plan, proposal.id)
                continue
            whole = forced(plan, proposal.id)
            changed = changes_between(plan, whole)
            assert set(quick.levels) == set(changed["id"])
            assert set(quick.leaves) == set(changed[changed["change"] == "leaves"]["id"])
            assert {*quick.enters, proposal.id} == set(changed[changed["change"] == "enters"]["id"])
            assert whole.scenario.pins != scenario.pins
            first, lost = quick.lost[0]
            assert first == "mandatory" and lost >= 0
            moved += bool(quick.leaves)
    assert moved and impossible


@pytest.mark.parametrize("shape", ["order", "shared"])
def test_a_piece_that_is_enough_says_the_same_as_the_whole_part(shape: str) -> None:
    pieces = 0
    for _, _, plan in plans(shape, range(60)):
        small, whole = SettledMemory(plan.answer.levels), PartMemory()
        for index, item in enumerate(plan.problem.items):
            part = next(p for p in plan.problem.parts if index in p.items)
            out = not plan.answer.levels.get(index)
            changed = replace(item, forced=out, fixed=None if out else 0)
            items = tuple(changed if k == index else i for k, i in enumerate(plan.problem.items))
            asked = replace(plan.problem, items=items)
            found = small.of_item(asked, part, index)
            expected = whole.of_item(asked, part, index)
            assert (found and dict(found.levels)) == (expected and dict(expected.levels))
            pieces += settled(asked, part, index, plan.answer.levels) is not None
    assert pieces > 20


def test_volumes_that_can_no_longer_be_chosen_count_as_changed() -> None:
    scenario = load_scenario(ROOT / "scenarios" / "kaliombo-2023-dukungan.yaml")
    plan = optimize(scenario)
    fixed = next(p for p in plan.chosen if p.least == p.volume)
    other = override(scenario, f"proposals.{fixed.id}.volume", str(fixed.volume + 1))
    after = fewest_changes(plan, other)
    table = changes_between(plan, after)
    assert fixed.id in set(table["id"])
    assert -after.values["changes"] == len(table) < 6


def test_a_pin_in_kaliombo_moves_its_own_list_only() -> None:
    scenario = load_scenario(ROOT / "scenarios" / "kaliombo-2023-dukungan.yaml")
    plan = optimize(scenario)
    problem, levels = plan.problem, plan.answer.levels
    out = next(p for p in plan.left_out if displaced(problem, levels, p.id) is not None)
    after = fewest_changes(plan, scenario.with_pin(Pin(out.id, True, "rembug ulang")))
    table = changes_between(plan, after)
    assert out.id in set(table[table["change"] == "enters"]["id"])
    assert set(table["owner"]) == {out.owner}


def test_what_is_not_part_of_the_question_is_refused() -> None:
    (_, scenario, plan), *_ = plans("own", range(3))
    with pytest.raises(ScenarioError, match="U-99"):
        displaced(plan.problem, plan.answer.levels, "U-99")
    with pytest.raises(ScenarioError) as refused:
        forced(plan, "U-99")
    assert refused.value.code == "unknown_proposal"
    foreign = tuple(replace(p, id=f"X-{k}") for k, p in enumerate(scenario.dataset.proposals))
    other = replace(scenario, dataset=replace(scenario.dataset, proposals=foreign), pins=())
    with pytest.raises(ScenarioError) as refused:
        fewest_changes(plan, other)
    assert refused.value.code == "other_dataset"


def test_the_stage_counts_every_level_that_differs() -> None:
    (_, _, plan), *_ = plans("wide", range(5))
    problem = plan.problem
    part = problem.parts[0]
    levels = {i: plan.answer.levels.get(i, 0) for i in part.items}
    base = tuple(-1 for _ in problem.items)
    assert problem.value(part, StageSpec("changes", base=base), levels) == -len(part.items)
    same = tuple(plan.answer.levels.get(i, 0) for i in range(len(problem.items)))
    assert problem.value(part, StageSpec("changes", base=same), levels) == 0

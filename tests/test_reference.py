"""The reference solver: near-ties to the rupiah, and rules that span units or lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from instances import (
    KELURAHAN,
    make_dataset,
    make_policy,
    make_proposal,
    make_unit,
    random_scenario,
)
from near_ties import near_tie
from oracle import solve_exhaustive

from optimizer.formulation.compile import compile_scenario
from optimizer.formulation.problem import Problem
from optimizer.planning import optimize
from optimizer.record.meetings import Count, Counting, Results
from optimizer.record.policy import Account, Bound, ItemRule, Policy, RuleKind
from optimizer.record.proposals import Activity, Menu, Proposal, Status
from optimizer.record.scenario import Pin, Scenario, Stage
from optimizer.solving.outcome import Clock, InfeasiblePart
from optimizer.solving.reference import solve_part

PAGU = 100_000_000
RW = f"{KELURAHAN}/01"
RT1, RT2, RT3 = (f"{RW}/0{k}" for k in (1, 2, 3))


def account(name: str, *bounds: Bound, **more: object) -> Account:
    return Account(name, {"id": name}, bounds=bounds, **more)  # type: ignore[arg-type]


PLAIN = (account("sehat"), account("ekonomi"), account("sosial"), account("pemuda"))


def scenario(
    proposals: Sequence[Proposal],
    policy: Policy | None = None,
    *,
    units: int = 2,
    support: dict[str, int] | None = None,
    letters: Sequence[tuple[str, str, str]] = (),
    **more: object,
) -> Scenario:
    """Proposals of RT of one RW, each with support 5 unless told otherwise."""
    votes = {p.id: 5 for p in proposals} | (support or {})
    owners = {p.id: p.owner for p in proposals}
    results = Results(counts=tuple(Count(p, owners[p], n) for p, n in votes.items()))
    data = make_dataset([make_unit(k + 1, PAGU) for k in range(units)], proposals, results)
    known: dict[str, object] = {"stages": (Stage("support"),), "counting": Counting.VOTER, **more}
    return Scenario(
        "uji",
        replace(data, letters=tuple(letters)),
        policy or make_policy(PLAIN),
        **known,  # type: ignore[arg-type]
    )


def chosen(problem: Problem) -> set[str]:
    """Ids that the reference takes; it must agree with exhaustive search."""
    found: dict[int, int] = {}
    for part in problem.parts:
        answer = solve_part(problem, part, Clock())
        assert dict(answer.levels) == dict(solve_exhaustive(problem, part).levels)
        found |= answer.levels
    return {problem.items[i].id for i, level in found.items() if level}


def takes(*args: object, **more: object) -> set[str]:
    return chosen(compile_scenario(scenario(*args, **more)))  # type: ignore[arg-type]


class TestNearTies:
    """A set that exceeds a limit by Rp1 is never taken, however much it is wanted."""

    @pytest.mark.parametrize("block", range(7))
    def test_default_run(self, block: int) -> None:
        for seed in range(block, 140, 7):
            self.check(seed)

    @pytest.mark.full
    def test_many_more(self) -> None:
        for seed in range(1000, 1350):
            self.check(seed)

    @staticmethod
    def check(seed: int) -> None:
        planted, tempting = near_tie(seed)
        problem = compile_scenario(planted)
        taken: set[str] = set()
        for part in problem.parts:
            answer = solve_part(problem, part, Clock())
            assert dict(answer.levels) == dict(solve_exhaustive(problem, part).levels), seed
            assert not problem.broken(part, answer.levels), seed
            taken |= {
                problem.items[i].id
                for i, level in answer.levels.items()
                if level == problem.items[i].top
            }
        assert not tempting <= taken, seed

    @pytest.mark.parametrize("seed", range(7))
    def test_one_rupiah_more_would_be_enough(self, seed: int) -> None:
        """The set is tempting indeed: it is the best one as soon as it costs Rp1 less."""
        planted, tempting = near_tie(seed)
        first = min(tempting)
        data = planted.dataset
        cheaper = tuple(
            replace(p, own_funds=p.own_funds + 1 + (seed % 7 == 4)) if p.id == first else p
            for p in data.proposals
        )
        assert tempting <= chosen(
            compile_scenario(replace(planted, dataset=replace(data, proposals=cheaper)))
        )


class TestRulesThatSpanUnits:
    def test_a_rule_on_an_rw_list_binds_what_single_rt_pay(self) -> None:
        """Two proposals of one RW, each paid by one RT alone: still only one of them."""
        rule = ItemRule("koperasi", RuleKind.ONCE, ("koperasi",), per="owner")
        items = [
            make_proposal("A-1", RW, "koperasi", 1_000_000, participants=(RT1,)),
            make_proposal("A-2", RW, "koperasi", 1_000_000, participants=(RT2,)),
        ]
        assert takes(items, make_policy(PLAIN, [rule])) == {"A-1"}

    def test_a_rule_on_an_rt_list_binds_what_others_pay(self) -> None:
        """RT 01 proposes two alternatives of which RT 02 and RT 03 would pay one."""
        rule = ItemRule("pilih", RuleKind.ONE_OF, ("pkk", "seni"))
        items = [
            make_proposal("A-1", RT1, "pkk", 1_000_000, participants=(RT2, RT3)),
            make_proposal("A-2", RT1, "seni", 1_000_000),
        ]
        policy = make_policy(PLAIN, [rule])
        assert takes(items, policy, units=3, support={"A-1": 6}) == {"A-1"}
        assert takes(items, policy, units=3, support={"A-2": 6}) == {"A-2"}

    def test_a_mandatory_proposal_that_others_pay(self) -> None:
        items = [
            make_proposal(
                "A-1", RT1, "pkk", PAGU, participants=(RT2, RT3), status=Status.MANDATORY
            ),
            make_proposal("A-2", RT2, "pkk", PAGU),
        ]
        assert takes(items, units=3, support={"A-2": 50}) == {"A-1"}

    def test_a_prerequisite_may_stand_in_a_list_above(self) -> None:
        rule = ItemRule("syarat", RuleKind.ONLY_WITH, ("olahraga",), requires=("latihan",))
        items = [
            make_proposal("A-1", RT1, "olahraga", 1_000_000),
            make_proposal("A-2", RW, "latihan", 1_000_000),
            make_proposal("A-3", RT2, "olahraga", 1_000_000),
        ]
        policy = make_policy(PLAIN, [rule])
        assert takes(items, policy) == {"A-1", "A-2", "A-3"}
        assert takes(items[::2], policy) == set()
        below = [items[0], replace(items[1], owner=RT2, level="rt"), items[2]]
        assert takes(below, policy) == {"A-2", "A-3"}

    def test_the_joint_list_may_hold_the_mandatory_activity(self) -> None:
        rule = ItemRule("obat", RuleKind.MANDATORY, ("obat",))
        pool = account(
            "sehat",
            children=(
                account(
                    "sehat/bersama", Bound("min", share=Fraction(1, 10)), decided_at="kelurahan"
                ),
                account("sehat/rt"),
            ),
        )
        items = [
            make_proposal("A-1", KELURAHAN, "obat", 2_000_000),
            make_proposal("A-2", KELURAHAN, "pmt", 19_000_000),
        ]
        # Better supported, but both RT would be without the mandatory activity.
        assert takes(items, make_policy([pool], [rule]), support={"A-2": 9}) == {"A-1"}


class TestMinimaAndLetters:
    def test_what_the_accounts_below_cannot_hold_is_no_room(self) -> None:
        """40 % exactly, of which at most 35 % can be placed: nothing is feasible."""
        infra = account(
            "infra",
            Bound("exact", share=Fraction(2, 5)),
            children=(
                account(
                    "infra/bersama", Bound("min", share=Fraction(3, 10)), decided_at="kelurahan"
                ),
                account("infra/rt", Bound("max", share=Fraction(1, 20))),
            ),
        )
        problem = compile_scenario(
            scenario([make_proposal("A-1", RT1, "jalan", 1_000)], make_policy([infra]), units=1)
        )
        (part,) = problem.parts
        assert problem.broken(part, {}) == [("accounts", RT1)]
        with pytest.raises(InfeasiblePart):
            solve_part(problem, part, Clock())

    def test_a_joint_share_below_the_minimum_is_no_room(self) -> None:
        pool = account("infra", Bound("min", share=Fraction(3, 10)), decided_at="kelurahan")
        low = scenario(
            [make_proposal("A-1", RT1, "obat", 1_000)],
            make_policy([pool, *PLAIN]),
            units=1,
            joint_share=Fraction(299, 1000),
        )
        problem = compile_scenario(low)
        part = next(p for p in problem.parts if p.units)
        assert problem.broken(part, {}) == [("accounts", RT1)]
        with pytest.raises(InfeasiblePart):
            solve_part(problem, part, Clock())

    def test_money_for_a_minimum_crowds_out_until_a_letter_is_recorded(self) -> None:
        minimum = Bound("min", share=Fraction(1, 2), waivable=True, letter="E")
        policy = make_policy([account("sehat"), account("ekonomi", minimum)])
        items = [make_proposal("A-1", RT1, "obat", 50_000_001)]
        assert takes(items, policy, units=1) == set()
        assert takes(items, policy, units=1, letters=[(RT1, "E", "ekonomi")]) == {"A-1"}
        assert takes(items, policy, units=1, letters=[(RT1, "e", "EKONOMI")]) == {"A-1"}
        # Another letter, another field or another RT lifts nothing.
        for letter in ((RT1, "D", "ekonomi"), (RT1, "E", "sehat"), (RT2, "E", "ekonomi")):
            assert takes(items, policy, units=1, letters=[letter]) == set()

    def test_a_mandatory_activity_yields_only_to_its_own_letter(self) -> None:
        rule = ItemRule("jkn", RuleKind.MANDATORY, ("obat",), letter="D", waivable=True)
        policy = make_policy([account("sehat")], [rule])
        items = [
            make_proposal("A-1", RT1, "obat", 60_000_000),
            make_proposal("A-2", RT1, "pmt", 60_000_000),
        ]
        wanted = {"A-1": 1, "A-2": 9}
        assert takes(items, policy, units=1, support=wanted) == {"A-1"}
        assert takes(items, policy, units=1, support=wanted, letters=[(RT1, "E", "obat")]) == {
            "A-1"
        }
        assert takes(items, policy, units=1, support=wanted, letters=[(RT1, "D", "obat")]) == {
            "A-2"
        }

    def test_a_letter_about_an_activity_is_read_as_a_proposal_is(self) -> None:
        """By a keyword too; the checker reads it alike, so that no plan is refused for it."""
        rule = ItemRule("jkn", RuleKind.MANDATORY, ("obat",), letter="D", waivable=True)
        policy = make_policy([account("sehat")], [rule])
        menu = Menu("uji", (Activity("obat", "sehat", {"id": "obat"}, keywords=("jkn",)),))
        items = [make_proposal("A-1", RT1, "obat", 60_000_000)]
        asked = scenario(
            items, replace(policy, menu=menu), units=1, letters=[(RT1, "D", "premi JKN warga")]
        )
        assert not compile_scenario(asked).requirements
        assert optimize(asked).values["mandatory"] == 0

    def test_a_pin_that_makes_a_minimum_unreachable_leaves_a_finding(self) -> None:
        rule = ItemRule("pkk", RuleKind.RUPIAH, ("pkk",), minimum=Fraction(1_000_000))
        items = [make_proposal(f"A-{k}", RT1, "pkk", 600_000) for k in (1, 2)]
        pinned = scenario(
            items, make_policy(PLAIN, [rule]), units=1, pins=(Pin("A-1", inside=False),)
        )
        assert chosen(compile_scenario(pinned)) == {"A-2"}
        assert any(c.rule == "rule.pkk" and c.status == "finding" for c in optimize(pinned).checks)


def test_tie_break_prefers_residents_then_cost_then_the_first_id() -> None:
    policy = make_policy([account("sehat", Bound("max", rupiah=10))])
    data = [make_unit(1, PAGU, residents=100), make_unit(2, PAGU, residents=300)]

    def best(*items: Proposal) -> set[str]:
        asked = scenario(items, policy)
        units = make_dataset(data, items, asked.dataset.results)
        return chosen(compile_scenario(replace(asked, dataset=units)))

    def item(number: int, cost: int, served: str) -> Proposal:
        return make_proposal(f"A-{number}", RT1, "obat", cost, beneficiaries=(served,))

    assert best(item(1, 6, RT1), item(2, 9, RT2)) == {"A-2"}
    assert best(item(1, 8, RT1), item(2, 7, RT1)) == {"A-2"}
    assert best(item(2, 7, RT1), item(10, 7, RT1)) == {"A-2"}


@pytest.mark.parametrize(("shape", "seed"), [("shared", 92), *(("order", k) for k in range(30))])
def test_the_fast_path_follows_the_lists_alike(shape: str, seed: int) -> None:
    """Also where a list's minimum makes a low volume worse than a higher one."""
    asked = random_scenario(seed, shape)
    problem = compile_scenario(asked)
    try:
        expected = {
            i: level
            for part in problem.parts
            for i, level in solve_exhaustive(problem, part).levels.items()
            if level
        }
    except InfeasiblePart:
        return
    found = optimize(asked).answer.levels
    assert {i: level for i, level in found.items() if level} == expected

"""Planted near-ties: the most tempting set costs exactly one rupiah more than there is."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from instances import KELURAHAN, make_dataset, make_policy, make_proposal, make_unit

from optimizer.record.meetings import Count, Counting, Results
from optimizer.record.policy import Account, Bound, ItemRule, Policy, RuleKind
from optimizer.record.proposals import Proposal
from optimizer.record.scenario import Scenario, Stage
from optimizer.territory import Unit

RW = f"{KELURAHAN}/01"
RT = (f"{RW}/01", f"{RW}/02")
BUDGETS = (100_000_000, 99_999_999, 33_333_331, 50_000_001)


def near_tie(seed: int) -> tuple[Scenario, frozenset[str]]:
    """A scenario, and the proposals that together exceed a limit by Rp1."""
    dice = Random(f"near-tie:{seed}")
    plant = _PLANTS[seed % len(_PLANTS)]
    budget = dice.choice(BUDGETS)
    units = [make_unit(n, budget, residents=100) for n in (1, 2)]
    policy, tempting, places = plant(dice, budget)
    # Something to take instead, worth less; its cost has nothing to do with the limit.
    decoys = [
        make_proposal(f"Z-{k}", places[0], tempting[0].activity, dice.randint(1, budget // 12))
        for k in range(dice.randint(2, 4))
    ]
    return _scenario(dice, units, policy, tempting, decoys), frozenset(p.id for p in tempting)


def _scenario(
    dice: Random,
    units: list[Unit],
    policy: Policy,
    tempting: list[Proposal],
    decoys: list[Proposal],
) -> Scenario:
    counts = [Count(p.id, p.owner, dice.randint(20, 22)) for p in tempting]
    counts += [Count(p.id, p.owner, dice.randint(1, 3)) for p in decoys]
    results = Results(counts=tuple(counts))
    return Scenario(
        name="hampir",
        dataset=make_dataset(units, [*tempting, *decoys], results),
        policy=policy,
        stages=(Stage("support"),),
        counting=Counting.VOTER,
    )


def _pieces(dice: Random, total: int) -> list[int]:
    """Rupiah-sized odd parts that add up to ``total``."""
    count = dice.randint(2, 4)
    parts = [total // count + dice.choice((-1, 0, 1, 12_345, -12_345)) for _ in range(count - 1)]
    return [*parts, total - sum(parts)]


def _account(name: str, *bounds: Bound) -> Account:
    return Account(name, {"id": name}, bounds=bounds)


def _listed(owner: str, activity: str, costs: list[int]) -> list[Proposal]:
    return [make_proposal(f"A-{k}", owner, activity, c) for k, c in enumerate(costs, start=1)]


_Planted = tuple[Policy, list[Proposal], tuple[str, ...]]


def _maximum(dice: Random, budget: int) -> _Planted:
    bound = Bound("max", share=Fraction(dice.randint(101, 499), 1000))
    cap = bound.upper(budget)
    assert cap is not None
    policy = make_policy([_account("sehat", bound)])
    return policy, _listed(RT[0], "obat", _pieces(dice, cap + 1)), RT


def _pagu(dice: Random, budget: int) -> _Planted:
    return make_policy([_account("sehat")]), _listed(RT[0], "obat", _pieces(dice, budget + 1)), RT


def _nested(dice: Random, budget: int) -> _Planted:
    bound = Bound("max", share=Fraction(dice.randint(101, 499), 1000))
    cap = bound.upper(budget)
    assert cap is not None
    social = Account(
        "sosial",
        {"id": "sosial"},
        bounds=(bound,),
        children=(_account("sosial/a"), _account("sosial/b")),
    )
    items = [
        make_proposal(f"A-{k}", RT[0], "pkk", cost, field=f"sosial/{'ab'[k % 2]}")
        for k, cost in enumerate(_pieces(dice, cap + 1), start=1)
    ]
    return make_policy([social]), items, RT


def _pool(dice: Random, budget: int) -> _Planted:
    bound = Bound("min", share=Fraction(dice.randint(201, 399), 1000))
    infra = Account(
        "infra",
        {"id": "infra"},
        children=(
            Account("infra/bersama", {"id": "b"}, decided_at="kelurahan", bounds=(bound,)),
            _account("infra/rt"),
        ),
    )
    costs = _pieces(dice, 2 * bound.lower(budget) + 1)
    return make_policy([infra]), _listed(KELURAHAN, "jalan", costs), (KELURAHAN,)


def _contributions(dice: Random, budget: int) -> _Planted:
    """Odd costs of which the first RT pays the larger half."""
    bound = Bound("max", share=Fraction(dice.randint(101, 499), 1000))
    cap = bound.upper(budget)
    assert cap is not None
    costs = [2 * half - 1 for half in _pieces(dice, cap + 1)]
    return make_policy([_account("sehat", bound)]), _listed(RW, "obat", costs), RT


def _rule(dice: Random, budget: int) -> _Planted:
    cap = dice.randint(budget // 9, budget // 3)
    rule = ItemRule("obat", RuleKind.RUPIAH, ("obat",), maximum=Fraction(cap))
    policy = make_policy([_account("sehat")], [rule])
    return policy, _listed(RT[0], "obat", _pieces(dice, cap + 1)), RT


def _steps(dice: Random, budget: int) -> _Planted:
    """Two that can be reduced; only both at all they ask are too much."""
    volumes = dice.randint(3, 9), dice.randint(3, 9)
    prices = [dice.randint(budget // 80, budget // 40) for _ in volumes]
    cost = sum(v * p for v, p in zip(volumes, prices, strict=True))
    items = [
        make_proposal(
            f"A-{k}", RT[0], "obat", price, volume=Fraction(v), least=Fraction(1), step=Fraction(1)
        )
        for k, (v, price) in enumerate(zip(volumes, prices, strict=True), start=1)
    ]
    return make_policy([_account("sehat", Bound("max", rupiah=cost - 1))]), items, RT


_PLANTS: tuple[Callable[[Random, int], _Planted], ...] = (
    _maximum,
    _pagu,
    _nested,
    _pool,
    _contributions,
    _rule,
    _steps,
)

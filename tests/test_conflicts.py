"""What cannot hold together is named rule by rule, and every way out that is named leads out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from instances import KELURAHAN, make_dataset, make_policy, make_proposal, make_unit

from optimizer.errors import Infeasible
from optimizer.planning import optimize
from optimizer.policy import Account, Bound
from optimizer.proposals import Proposal
from optimizer.scenario import Pin, Scenario, override

RT = f"{KELURAHAN}/01/01"
TENTH = Bound("max", Fraction(1, 10))
ACCOUNTS = (
    Account("sehat", {"id": "Kesehatan"}, bounds=(TENTH,)),
    Account("pemuda", {"id": "Kepemudaan"}, bounds=(TENTH,)),
)


def pinned(*costs: tuple[str, int]) -> Scenario:
    """Proposals of one RT with Rp100 million, all of them pinned in."""
    proposals: Sequence[Proposal] = [
        make_proposal(f"U-{n}", RT, {"sehat": "obat", "pemuda": "olahraga"}[field], cost)
        for n, (field, cost) in enumerate(costs, 1)
    ]
    data = make_dataset([make_unit(1, 100_000_000)], proposals)
    pins = tuple(Pin(p.id, True) for p in proposals)
    return Scenario("uji", data, make_policy(ACCOUNTS), pins=pins)


def told(scenario: Scenario) -> str:
    with pytest.raises(Infeasible) as caught:
        optimize(scenario)
    return caught.value.message("id")


def test_conflicts_beside_each_other_are_all_told() -> None:
    text = told(pinned(("sehat", 11_000_000), ("pemuda", 12_500_000)))
    assert text.count("Yang bertentangan") == 2
    assert "batas Kesehatan di Uji/01/01 sebesar Rp1.000.000" in text
    assert "batas Kepemudaan di Uji/01/01 sebesar Rp2.500.000" in text
    assert "sebesar Rp0" not in text


def test_a_pin_that_alone_does_not_help_is_no_way_out() -> None:
    scenario = pinned(*[("sehat", 6_000_000)] * 3)
    text = told(scenario)
    assert "lepaskan" not in text
    assert "batas Kesehatan di Uji/01/01 sebesar Rp8.000.000" in text
    wider = override(scenario, "policy.sehat.max", "0.18")
    assert len(optimize(wider).chosen) == 3
    assert "sebesar Rp1.000.000" in told(override(scenario, "policy.sehat.max", "0.17"))


def test_a_joint_share_is_named_where_it_takes_the_room() -> None:
    joint = Account(
        "infra/bersama", {"id": "Bersama"}, "kelurahan", bounds=(Bound("min", Fraction(3, 10)),)
    )
    infra = Account("infra", {"id": "Infra"}, bounds=(Bound("exact", Fraction(2, 5)),))
    asked = pinned(("sehat", 1_000_000))
    policy = make_policy((replace(infra, children=(joint,)), *ACCOUNTS))
    asked = replace(asked, policy=policy, joint_share=Fraction(9, 20))
    assert "kurangi bagian bersama Uji/01/01 sebesar Rp5.000.000" in told(asked)
    assert optimize(replace(asked, joint_share=Fraction(2, 5))).outcome == "optimal"

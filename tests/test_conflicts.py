"""What cannot hold together is named rule by rule, and every way out that is named leads out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from instances import KELURAHAN, make_dataset, make_policy, make_proposal, make_unit

from optimizer.errors import Infeasible
from optimizer.files.scenarios import load_scenario
from optimizer.planning import optimize
from optimizer.record.policy import Account, Bound
from optimizer.record.proposals import Proposal
from optimizer.record.scenario import Pin, Scenario, override
from optimizer.words import Words

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
    return caught.value.message()


def test_conflicts_beside_each_other_are_all_told() -> None:
    text = told(pinned(("sehat", 11_000_000), ("pemuda", 12_500_000)))
    assert text.count("Yang bertentangan") == 2
    assert "batas paling banyak Kesehatan di RT 01/RW 01 Uji sebesar Rp1.000.000" in text
    assert "batas paling banyak Kepemudaan di RT 01/RW 01 Uji sebesar Rp2.500.000" in text
    assert "RT 01/RW 01 Uji: Kesehatan paling banyak Rp10.000.000;" in text
    assert "Rp0" not in text


def test_a_pin_that_alone_does_not_help_is_no_way_out() -> None:
    scenario = pinned(*[("sehat", 6_000_000)] * 3)
    text = told(scenario)
    assert "lepaskan" not in text
    assert "batas paling banyak Kesehatan di RT 01/RW 01 Uji sebesar Rp8.000.000" in text
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
    assert "kurangi bagian bersama RT 01/RW 01 Uji sebesar Rp5.000.000" in told(asked)
    assert optimize(replace(asked, joint_share=Fraction(2, 5))).outcome == "optimal"


def two_levels(*, least: Fraction, most: Fraction) -> Scenario:
    """A field that asks for more than its only account may hold."""
    works = Account("infra/rt", {"id": "Infra RT"}, bounds=(Bound("max", most),))
    infra = Account("infra", {"id": "Infra"}, bounds=(Bound("min", least),), children=(works,))
    asked = pinned(("sehat", 1_000_000))
    return replace(asked, policy=make_policy((infra, *ACCOUNTS)), pins=())


def test_a_minimum_that_nothing_can_reach_names_the_lack_not_zero() -> None:
    asked = two_levels(least=Fraction(9, 10), most=Fraction(1, 10))
    text = told(asked)
    assert "Infra RT di RT 01/RW 01 Uji sebesar Rp80.000.000" in text
    assert "turunkan batas paling sedikit Infra di RT 01/RW 01 Uji sebesar Rp80.000.000" in text
    assert "Infra paling sedikit Rp90.000.000" in text
    assert "Rp0" not in text
    for path, value in (("policy.infra.rt.max", "0.9"), ("policy.infra.min", "0.1")):
        assert optimize(override(asked, path, value)).outcome == "optimal"
    for path, value in (("policy.infra.rt.max", "0.89"), ("policy.infra.min", "0.11")):
        assert "sebesar Rp1.000.000" in told(override(asked, path, value))


def test_bounds_of_one_account_that_contradict_each_other() -> None:
    text = told(override(pinned(("sehat", 1_000_000)), "policy.sehat.min", "0.3"))
    assert "Kesehatan paling sedikit Rp30.000.000, paling banyak Rp10.000.000" in text
    assert "sebesar Rp20.000.000" in text


def test_pins_of_which_each_alone_is_too_much_are_to_be_given_up_together() -> None:
    kaliombo = load_scenario("scenarios/kaliombo-2023.yaml")
    works = [
        p
        for p in kaliombo.dataset.lists["Kaliombo/03/05"]
        if p.title.startswith(("Perbaikan paving", "Paving jalan", "Saluran air"))
    ]
    assert len(works) == 3
    asked = replace(kaliombo, pins=tuple(Pin(p.id, True, "jalan rusak") for p in works))
    assert "lepaskan kepastian masuk semua usulan ini" in told(asked)


def test_no_message_of_a_conflict_shows_the_id_of_a_place() -> None:
    for scenario in (
        pinned(("sehat", 11_000_000)),
        two_levels(least=Fraction(1, 2), most=TENTH.share or 0),
    ):
        with pytest.raises(Infeasible) as caught:
            optimize(scenario)
        for lang in ("id", "en"):
            assert f"{KELURAHAN}/" not in caught.value.message(Words(lang))

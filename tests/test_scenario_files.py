"""Scenario files: every plausible spelling is understood alike, or refused in clear words."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from optimizer.errors import ScenarioError
from optimizer.files.scenario_file import read_keys, read_stage
from optimizer.files.scenarios import build_scenario, vary
from optimizer.record.scenario import Scenario, Stage

KEYS = {"dataset": "data/kaliombo-2023", "policy": "kediri-2023"}


def stages(objective: object) -> list[Stage]:
    spec = read_keys({**KEYS, "objective": objective}, "s.yaml")
    return [read_stage(stage, "s.yaml") for stage in spec.objective]


@pytest.mark.parametrize(
    "objective",
    [
        ["support", {"welfare": {"evenness": 0.3}}],
        ["support", {"welfare": 0.3}],
        ["support", {"stage": "welfare", "alpha": 0.3}],
        {"support": None, "welfare": {"evenness": 0.3}},
        {"support": {}, "welfare": 0.3},
    ],
)
def test_stages_in_every_spelling(objective: object) -> None:
    assert stages(objective) == [Stage("support"), Stage("welfare", Fraction(3, 10))]


def test_one_stage_with_two_names_is_refused() -> None:
    with pytest.raises(ScenarioError) as caught:
        stages([{"support": {}, "fill": {}}])
    assert caught.value.code == "scenario_invalid"


@pytest.mark.parametrize("pin", [{"id": "U-1", "pin": "out", "reason": "x"}, ["U-1", "out", "x"]])
def test_pins(pin: object) -> None:
    (read,) = read_keys({**KEYS, "pins": [pin]}, "s.yaml").pins
    assert (read.id, read.pin, read.reason) == ("U-1", "out", "x")


@pytest.mark.parametrize(
    ("keys", "code", "told"),
    [
        ({"objective": []}, "scenario_invalid", "objective: [] → order, support"),
        ({"pins": [["U-1", "masuk"]]}, "scenario_invalid", "pins.0.pin: masuk → in, out"),
        ({"pins": [["U-1", "in"], ["U-1", "out"]]}, "pins_twice", "U-1"),
        ({"count": "warga"}, "scenario_invalid", "count: warga → voter, rt, family"),
        ({"time_limit": 0}, "scenario_invalid", "time_limit: 0 → > 0"),
        ({"objektif": ["order"]}, "scenario_invalid", '"objektif"? → objective'),
    ],
)
def test_what_cannot_be_meant_is_told(keys: dict[str, Any], code: str, told: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_keys({**KEYS, **keys}, "s.yaml")
    assert caught.value.code == code
    assert told in caught.value.message()


def test_a_share_may_be_written_in_percent() -> None:
    assert read_keys({**KEYS, "joint_share": "30,5%"}, "s.yaml").joint_share == Fraction(61, 200)


def most(scenario: Scenario) -> int:
    return scenario.policy.by_id["kesehatan"].upper(100)


def test_another_policy_keeps_what_was_changed() -> None:
    changes = {"policy.kesehatan.max": 0.3, "policy": "kediri-2022"}
    scenario = build_scenario({**KEYS, "overrides": changes})
    assert (scenario.policy.id, most(scenario)) == ("kediri-2022", 30)
    again = vary(scenario, "policy", "kediri-2024")
    assert (again.policy.id, most(again)) == ("kediri-2024", 30)
    assert dict(again.overrides) == {"policy.kesehatan.max": "0.3", "policy": "kediri-2024"}

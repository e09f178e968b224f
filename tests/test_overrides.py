"""Numbers changed by path, and how lists become support."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from cli_runs import rembug
from instances import KELURAHAN, make_dataset, make_policy, make_proposal, make_unit

from optimizer.errors import ScenarioError
from optimizer.files.scenarios import load_scenario, vary
from optimizer.formulation.compile import compile_scenario, support_of
from optimizer.record.meetings import Count, Counting, Results
from optimizer.record.policy import Account, Bound
from optimizer.record.proposals import Proposal
from optimizer.record.scenario import Scenario, override, with_policy
from optimizer.territory import Territory
from optimizer.words import Words

ROOT = Path(__file__).parents[1]
RT = f"{KELURAHAN}/01/01"
PAVING = make_proposal(
    "A-1", RT, "jalan", 1_000, volume=Fraction(10), least=Fraction(2), step=Fraction(1, 2)
)
GATE = make_proposal("A-2", RT, "jalan", 5_000, volume=Fraction(4), least=Fraction(4), own_funds=9)


def scenario(*proposals: Proposal, results: Results | None = None, **more: object) -> Scenario:
    accounts = [
        Account("infra", {"id": "infra"}, bounds=(Bound("max", share=Fraction(1, 10)),)),
        Account("umum", {"id": "umum"}, bounds=(Bound("max", rupiah=1_500_000),)),
    ]
    data = make_dataset([make_unit(1, 100_000_000)], proposals or (PAVING, GATE), results)
    return Scenario("uji", data, make_policy(accounts), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (path, value)
        for path in ("pagu", "prices", "policy.infra.max", "policy.umum.max", "joint_share")
        for value in ("banyak", "nan", "inf", "-1", "1e999999999", "")
    ]
    + [("policy.infra.max", "1.5"), ("policy.umum.max", "0.02"), ("pagu", "99.5")]
    + [(f"proposals.A-1.{n}", v) for n in ("unit_price", "own_funds") for v in ("1.5", "-1")]
    + [(f"proposals.A-1.{n}", v) for n in ("volume", "least") for v in ("0", "-1", "x", "nan")]
    + [("proposals.A-1.least", "11"), ("proposals.A-1.own_funds", "2001")]
    + [("proposals.A-1.unit_price", "1001"), ("proposals.A-2.unit_price", "2")],
)
def test_what_makes_no_sense_is_refused_in_words(path: str, value: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        override(scenario(), path, value)
    for lang in ("id", "en"):
        assert path in refused.value.message(Words(lang))


@pytest.mark.parametrize(
    ("path", "value", "volumes"),
    [
        # The steps always end at what is asked.
        ("proposals.A-1.volume", "3.25", ["9/4", "11/4", "13/4"]),
        ("proposals.A-1.volume", "1", ["1"]),
        ("proposals.A-1.least", "9.2", ["19/2", "10"]),
        ("proposals.A-1.least", "10", ["10"]),
        ("proposals.A-2.volume", "7", ["7"]),
        ("proposals.A-2.least", "1", ["1", "4"]),
    ],
)
def test_another_volume_keeps_steps_that_lead_to_it(
    path: str, value: str, volumes: list[str]
) -> None:
    changed = override(scenario(), path, value)
    proposal = changed.dataset.by_id[path.split(".")[1]]
    assert [str(v) for v in proposal.volumes] == volumes
    item = next(i for i in compile_scenario(changed).items if i.id == proposal.id)
    assert [item.cost.at(k + 1) for k in range(item.top)] == [
        proposal.cost(v) for v in proposal.volumes
    ]


def test_prices_rise_to_a_rupiah_at_which_steps_are_whole() -> None:
    dearer = override(scenario(), "prices", "+0.05%").dataset.by_id
    assert dearer["A-1"].unit_price == 1_002
    assert dearer["A-2"].unit_price == 5_003
    gone = override(scenario(), "prices", "-100%").dataset.by_id
    assert [(p.unit_price, p.own_funds) for p in gone.values()] == [(0, 0), (0, 0)]


def test_a_list_counts_as_support_beside_votes_on_joint_projects() -> None:
    """An RT that voted on the joint project only is still heard through its own list."""
    results = Results(counts=(Count("M-1", RT, 7),))
    own = [make_proposal(f"A-{k}", RT, "jalan", 1, rank=k) for k in (1, 2, 3)]
    joint = make_proposal("M-1", KELURAHAN, "jalan", 1)
    asked = scenario(*own, joint, results=results, counting=Counting.VOTER, order_as_borda=True)
    assert support_of(asked) == {"A-1": 1, "A-2": Fraction(1, 2), "A-3": 0, "M-1": 7}


# --- another policy -------------------------------------------------------------------------


def budgets(asked: Scenario) -> list[int]:
    return [unit.budget for unit in asked.dataset.territory.units]


@pytest.fixture
def two_units() -> Scenario:
    """One RT whose pagu the data record, and one that has the policy's."""
    recorded = make_unit(1, 80_000_000)
    silent = replace(make_unit(2, 100_000_000), by_policy=True)
    data = make_dataset([recorded, silent], [PAVING])
    return replace(scenario(), dataset=data)


def test_another_policy_brings_its_pagu_where_the_data_record_none(two_units: Scenario) -> None:
    half = replace(two_units.policy, pagu=50_000_000)
    assert budgets(with_policy(two_units, half)) == [80_000_000, 50_000_000]
    less = override(two_units, "pagu", "-25%")
    assert budgets(with_policy(less, half)) == [60_000_000, 37_500_000]
    fixed = override(two_units, "pagu", 70_000_000)
    assert budgets(with_policy(fixed, half)) == [70_000_000, 70_000_000]


def test_where_a_pagu_comes_from_decides_nothing(two_units: Scenario) -> None:
    same = override(two_units, "pagu", "0%")
    plain = replace(two_units.dataset.territory.units[1], by_policy=False)
    units = Territory([two_units.dataset.territory.units[0], plain])
    recorded = replace(same, dataset=replace(same.dataset, territory=units))
    assert recorded.sha256() == two_units.sha256()


def test_set_policy_is_the_scenario_with_that_policy(tmp_path: Path) -> None:
    """Also in the hash; where the data record a pagu, the output says that it is kept."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("usulan.csv", "dataset.yaml"):
        shutil.copy(ROOT / "data" / "kaliombo-2023" / name, folder)
    text = (ROOT / "data" / "kaliombo-2023" / "wilayah.csv").read_text("utf-8-sig")
    (folder / "wilayah.csv").write_text(text.replace(";100000000", ";"), "utf-8")
    for year in ("2022", "2015"):
        lines = [
            f"name: TA {year}",
            "dataset: data",
            f"policy: kediri-{year}",
            "objective: [order]",
        ]
        (tmp_path / f"{year}.yaml").write_text("\n".join(lines), "utf-8")
    asked = vary(load_scenario(tmp_path / "2022.yaml"), "policy", "kediri-2015")
    assert set(budgets(asked)) == {50_000_000}
    assert asked.sha256() == load_scenario(tmp_path / "2015.yaml").sha256()
    said = " ".join(rembug("plan", "kaliombo-2023", "--set", "policy=kediri-2015").stdout.split())
    assert "Pagu menurut data: Rp100.000.000" in said and "--set pagu=50000000" in said
    assert "Pagu menurut data" not in rembug("plan", "kaliombo-2023").stdout

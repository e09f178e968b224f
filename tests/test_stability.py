"""Stability: seeds, models, intervals, and each draw as if it had been solved alone."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from instances import make_dataset, make_policy, make_proposal, make_unit
from whatif_cases import plans

from optimizer.errors import ScenarioError
from optimizer.files.scenarios import load_scenario
from optimizer.planning import optimize
from optimizer.record.dataset import Dataset
from optimizer.record.meetings import Ballot, BallotKind, Count, Meeting, Results, ballots_cast
from optimizer.record.policy import Account, Bound
from optimizer.record.scenario import Scenario, Stage
from optimizer.whatif.stability import stability, wilson
from optimizer.whatif.votes import resampled

ROOT = Path(__file__).parents[1]
UNIT = make_unit(1, 100_000_000)
BY_SUPPORT = (Stage("support"),)


def question(results: Results, *, room: int = 10) -> Scenario:
    """Two proposals of Rp10 million of which ``room`` million fits, and a third elsewhere."""
    policy = make_policy(
        [
            Account(
                "sehat",
                {"id": "sehat", "en": "health"},
                bounds=(Bound("max", rupiah=room * 10**6),),
            ),
            Account("ekonomi", {"id": "ekonomi", "en": "economy"}),
        ]
    )
    proposals = [
        make_proposal("U-1", UNIT.id, "pmt", 10_000_000),
        make_proposal("U-2", UNIT.id, "obat", 10_000_000),
        make_proposal("U-3", UNIT.id, "latihan", 5_000_000),
    ]
    return Scenario("uji", make_dataset([UNIT], proposals, results), policy, BY_SUPPORT)


def ballots(*groups: tuple[str, int], place: str = UNIT.id) -> tuple[Ballot, ...]:
    return tuple(
        Ballot(place, BallotKind.APPROVAL, tuple((p, 1) for p in ids.split()), count)
        for ids, count in groups
    )


# --- intervals ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "of", "low", "high"),
    [
        # Worked by hand from Wilson's formula.
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (183, 200, 0.8681, 0.9463),
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilson_intervals(times: int, of: int, low: float, high: float) -> None:
    assert wilson(times, of) == pytest.approx((low, high), abs=5e-5)


# --- draws --------------------------------------------------------------------------------


def test_as_many_ballots_are_drawn_as_were_cast() -> None:
    results = Results(ballots=ballots(("U-1", 7), ("U-2 U-3", 4)))
    for attendance, size in ((Fraction(1), 11), (Fraction(1, 2), 6), (Fraction(1, 100), 1)):
        drawn = resampled(results, 3, 0, attendance)
        assert sum(b.count for b in drawn.ballots) == size
        assert {b.choices for b in drawn.ballots} <= {b.choices for b in results.ballots}


def test_draws_have_the_shares_of_the_ballots() -> None:
    results = Results(ballots=ballots(("U-1", 30), ("U-2", 10)))
    first = [
        sum(
            b.count
            for b in resampled(results, 1, n, Fraction(1)).ballots
            if b.choices[0][0] == "U-1"
        )
        for n in range(400)
    ]
    mean = sum(first) / len(first)
    variance = sum((x - mean) ** 2 for x in first) / len(first)
    assert mean == pytest.approx(30, abs=0.6)
    assert variance == pytest.approx(40 * 0.75 * 0.25, rel=0.25)


def test_counts_follow_the_stated_model() -> None:
    results = Results(
        meetings=(Meeting(UNIT.id, "rt", present=20),),
        counts=(Count("U-1", UNIT.id, 15), Count("U-2", UNIT.id, 20), Count("U-3", UNIT.id, 0)),
    )
    draws = [
        {c.proposal: c.supporters for c in resampled(results, 9, n, Fraction(1)).counts}
        for n in range(400)
    ]
    first = [d["U-1"] for d in draws]
    mean = sum(first) / len(first)
    assert mean == pytest.approx(15, abs=0.4)
    assert sum((x - mean) ** 2 for x in first) / len(first) == pytest.approx(
        20 * 0.75 * 0.25, rel=0.3
    )
    assert {d["U-2"] for d in draws} == {20} and {d["U-3"] for d in draws} == {0}
    fewer = resampled(results, 9, 0, Fraction(1, 2))
    assert ballots_cast(fewer) == {UNIT.id: 10}
    assert all(c.supporters <= 10 for c in fewer.counts)


def test_a_draw_depends_on_its_place_only() -> None:
    here = ballots(("U-1", 5), ("U-2", 6))
    there = ballots(("U-8", 3), ("U-9", 2), place="Uji/01/02")
    alone = resampled(Results(ballots=here), 4, 2, Fraction(1)).ballots
    both = resampled(Results(ballots=(*there, *here)), 4, 2, Fraction(1)).ballots
    assert alone == tuple(b for b in both if b.place == UNIT.id)


# --- how often ----------------------------------------------------------------------------


def test_what_all_agree_on_is_always_in() -> None:
    scenario = question(Results(ballots=ballots(("U-1 U-3", 12))))
    table = stability(scenario, 30).table.set_index("id")
    assert list(table["times"]) == [30, 0, 30]
    assert set(table["status"]) == {"computed"}
    assert table["low"]["U-1"] == pytest.approx(wilson(30, 30)[0])
    assert table["high"]["U-1"] == 1.0


def test_a_narrow_majority_is_shaky_and_a_wide_one_is_not() -> None:
    narrow = stability(question(Results(ballots=ballots(("U-1", 11), ("U-2", 10)))), 200)
    wide = stability(question(Results(ballots=ballots(("U-1", 19), ("U-2", 2)))), 200)
    assert 0.45 < narrow.times["U-1"] / 200 < 0.75
    assert wide.times["U-1"] == 200
    # Never both, and one of them always: only one fits.
    assert narrow.times["U-1"] + narrow.times["U-2"] == 200
    fewer = stability(
        question(Results(ballots=ballots(("U-1", 14), ("U-2", 7)))), 200, attendance=Fraction(1, 4)
    )
    same = stability(question(Results(ballots=ballots(("U-1", 14), ("U-2", 7)))), 200)
    assert fewer.times["U-1"] < same.times["U-1"], "fewer people, less certainty"


def test_the_seed_decides() -> None:
    scenario = question(Results(ballots=ballots(("U-1", 11), ("U-2", 10))))
    pd.testing.assert_frame_equal(
        stability(scenario, 40, 5).table, stability(scenario, 40, 5).table
    )
    assert stability(scenario, 40, 5).times != stability(scenario, 40, 6).times
    longer = stability(scenario, 60, 5)
    assert longer.times["U-1"] >= stability(scenario, 40, 5).times["U-1"], "draws are numbered"


def test_every_draw_is_what_solving_alone_finds() -> None:
    draws = 0
    for seed, scenario, plan in plans("support", range(25)):
        if not scenario.dataset.results.ballots and not scenario.dataset.results.counts:
            continue
        found = stability(scenario, 4, seed)
        inside: dict[str, int] = dict.fromkeys(found.times, 0)
        for number in range(4):
            results = resampled(scenario.dataset.results, seed, number, Fraction(1))
            data = replace(scenario.dataset, results=results)
            try:
                again = optimize(replace(scenario, dataset=data))
            except ScenarioError as error:
                assert error.code == "levels_mixed"  # nobody supported anything in some place
                break
            for id_ in inside:
                inside[id_] += bool(again.volumes.get(id_))
        else:
            assert inside == found.times, seed
            draws += 1
        assert found.plan.volumes == plan.volumes
    assert draws >= 8


def test_row_order_changes_nothing() -> None:
    for seed, scenario, _ in plans("support", range(6)):
        data = scenario.dataset
        dice = Random(seed)
        mixed = replace(
            data.results,
            **{
                name: tuple(
                    dice.sample(getattr(data.results, name), len(getattr(data.results, name)))
                )
                for name in ("meetings", "counts", "ballots")
            },
        )
        shuffled = Dataset.build(
            data.meta, data.territory, data.proposals, mixed, letters=data.letters
        )
        plain = Dataset.build(
            data.meta, data.territory, data.proposals, data.results, letters=data.letters
        )
        one = stability(replace(scenario, dataset=plain), 5)
        two = stability(replace(scenario, dataset=shuffled), 5)
        assert one.times == two.times


def test_ordered_lists_cannot_be_drawn_again() -> None:
    scenario = load_scenario(ROOT / "scenarios" / "kaliombo-2023-dukungan.yaml")
    found = stability(scenario, 3)
    table = found.table
    unknown = table[table["status"] == "order_only"]
    assert len(unknown) > 200 and unknown["times"].isna().all() and unknown["share"].isna().all()
    voted = {b.place for b in scenario.dataset.results.ballots}
    voted |= {c.place for c in scenario.dataset.results.counts}
    assert set(table[table["status"] == "computed"]["owner"]) >= voted
    assert len(voted) == 19


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"stages": (Stage("order"),)}, "stability_by_order"),
        ({"stages": (Stage("fill"),)}, "stability_by_order"),
        ({"dataset": None}, "stability_no_votes"),
    ],
)
def test_stability_without_support_is_refused(change: dict[str, object], code: str) -> None:
    scenario = question(Results(ballots=ballots(("U-1", 3))))
    if "dataset" in change:
        change = {"dataset": replace(scenario.dataset, results=Results())}
    with pytest.raises(ScenarioError) as refused:
        stability(replace(scenario, **change))
    assert refused.value.code == code
    assert refused.value.message().startswith("Kemantapan tidak dapat dihitung")


@pytest.mark.parametrize(
    "wrong", [{"resamples": 0}, {"attendance": Fraction(0)}, {"attendance": Fraction(2)}]
)
def test_values_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    scenario = question(Results(ballots=ballots(("U-1", 3))))
    with pytest.raises(ScenarioError, match="di luar"):
        stability(scenario, **wrong)  # type: ignore[arg-type]


def test_stopped_draws_are_kept() -> None:
    scenario = question(Results(ballots=ballots(("U-1", 11), ("U-2", 10))))
    calls = iter(range(100))
    found = stability(scenario, 50, stop=lambda: next(calls) >= 7)
    assert found.draws == 7 and found.asked == 50
    assert set(found.table["of"]) == {7}

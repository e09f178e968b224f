"""The same bytes wherever it is computed, and nothing lost when a worker dies."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from optimizer.errors import Infeasible, InputRefused, RembugError, ScenarioError
from optimizer.files.datasets import read_sheets
from optimizer.files.scenarios import load_scenario, vary
from optimizer.planning import optimize
from optimizer.record.scenario import Pin
from optimizer.scale import Processes, Serial, by_kelurahan, executor_for
from optimizer.scale.executor import WorkersLost, pack
from optimizer.whatif.points import Evaluate
from optimizer.whatif.stability import stability
from optimizer.whatif.sweep import sweep
from optimizer.words import Words
from tools.demo import city

KALIOMBO = Path(__file__).parent.parent / "scenarios" / "kaliombo-2023-dukungan.yaml"
VALUES = ("50000000", "70000000", "90000000", "100000000")


@pytest.fixture(scope="module")
def kaliombo():
    return load_scenario(str(KALIOMBO))


@pytest.fixture(scope="module")
def two():
    with Processes(2, patience=0.0) as executor:
        yield executor


@dataclass(frozen=True)
class DiesOnce:
    """Squares; the first process that gets as far as ``deadly`` dies without a word."""

    marker: str
    deadly: int
    always: bool = False

    def __call__(self, number):
        if number == self.deadly and (self.always or not Path(self.marker).exists()):
            Path(self.marker).touch()
            os._exit(1)
        return number * number


def refuse(number):
    if number == 3:
        raise ScenarioError("vary_points", text=str(number), most=2)
    return number


def test_results_come_by_number_and_progress_counts_all(two):
    seen = []
    found = two.map(abs, [-k for k in range(50)], lambda done, total: seen.append((done, total)))
    assert list(found.items()) == [(k, k) for k in range(50)]
    assert seen[-1] == (50, 50)
    assert seen == sorted(seen)


def test_no_points_no_work(two):
    assert two.map(abs, []) == {} == Serial().map(abs, [])


def test_a_stop_keeps_what_is_done():
    seen = []
    with Processes(2) as executor:  # patient: everything happens here
        found = executor.map(
            abs, range(10), lambda done, _: seen.append(done), lambda: len(seen) == 4
        )
    assert found == {0: 0, 1: 1, 2: 2, 3: 3}


def test_a_process_that_dies_loses_nothing(tmp_path):
    square = DiesOnce(str(tmp_path / "died"), 17)
    with Processes(2, patience=0.0) as executor:
        found = executor.map(square, range(40))
    assert (tmp_path / "died").exists()
    assert found == {k: k * k for k in range(40)}


def test_what_kills_every_process_ends_in_words(tmp_path):
    deadly = DiesOnce(str(tmp_path / "died"), 0, always=True)
    with (
        Processes(1, patience=0.0, retries=1) as executor,
        pytest.raises(WorkersLost, match="2 kali"),
    ):
        executor._jobs = 2
        executor.map(deadly, [0])


def test_an_error_of_the_user_crosses_processes(two):
    with pytest.raises(ScenarioError) as caught:
        two.map(refuse, range(6))
    assert caught.value.code == "vary_points"
    assert caught.value.message(Words("en")) == ScenarioError(
        "vary_points", text="3", most=2
    ).message(Words("en"))


@pytest.mark.parametrize(
    "error",
    [
        RembugError("file_missing", path="x"),
        InputRefused((), "x"),
        Infeasible("file_missing", path="x"),
    ],
)
def test_errors_survive_pickling(error):
    import pickle

    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (again.code, again.data, str(again)) == (error.code, error.data, str(error))


def test_a_sweep_is_the_same_bytes_in_other_processes(kaliombo, two):
    here = sweep(kaliombo, "pagu", VALUES)
    there = sweep(kaliombo, "pagu", VALUES, executor=two.map)
    assert there.frame().to_csv() == here.frame().to_csv()
    assert there.steps.to_csv() == here.steps.to_csv()


def test_resamples_are_the_same_in_other_processes(kaliombo, two):
    here = stability(kaliombo, 12, 5)
    there = stability(kaliombo, 12, 5, executor=two.map)
    assert there.table.to_csv() == here.table.to_csv()


def test_what_a_worker_gets_is_small(kaliombo):
    assert len(pack(Evaluate(kaliombo))) < 100_000


# --- a city by kelurahan ------------------------------------------------------------------


@pytest.fixture(scope="module")
def three(kaliombo):
    """A made-up city of three small kelurahan."""
    data = read_sheets(city(3, 36, 12), kaliombo.dataset.meta)
    return replace(kaliombo, dataset=data)


def plan_json(plan):
    return json.dumps(plan.to_dict(), ensure_ascii=False)


def test_a_city_spread_over_processes_is_the_same_plan(three, two):
    there = optimize(three, solver=by_kelurahan(two))
    assert plan_json(there) == plan_json(optimize(three))
    assert len({part.name.split("/")[0] for part in there.problem.parts}) == 3


def test_a_single_kelurahan_is_not_spread(kaliombo):
    class Nobody(Serial):
        def map(self, *_):
            raise AssertionError

    plan = optimize(kaliombo, solver=by_kelurahan(Nobody()))
    assert plan_json(plan) == plan_json(optimize(kaliombo))


def test_what_is_impossible_is_explained_alike(three, two):
    greedy = next(o for o in three.dataset.ranked if three.dataset.territory.level(o) == "rt")
    pins = tuple(Pin(p, True, "uji") for p in three.dataset.ranked[greedy])
    wanted = replace(vary(three, "pagu", "40000000"), pins=pins)
    with pytest.raises(RembugError) as here:
        optimize(wanted)
    with pytest.raises(RembugError) as there:
        optimize(wanted, solver=by_kelurahan(two))
    assert str(there.value) == str(here.value)


def test_jobs_decide_where_the_work_is_done():
    assert isinstance(executor_for(1), Serial)
    assert isinstance(executor_for(3), Processes)
    with executor_for() as executor:
        assert executor.map(abs, [-1]) == {0: 1}

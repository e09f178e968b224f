"""A Dask cluster on this machine: the same bytes, also when a worker is killed in the middle."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from optimizer.errors import RembugError
from optimizer.files.scenarios import load_scenario
from optimizer.scale import Dask
from optimizer.whatif.sweep import sweep

distributed = pytest.importorskip(
    "distributed", reason='the extra is missing: pip install "rembug[dask]"'
)

dask = pytest.importorskip("dask")

KALIOMBO = Path(__file__).parent.parent / "scenarios" / "kaliombo-2023-dukungan.yaml"


@pytest.fixture(scope="module")
def cluster():
    # Workers may be slow to start on a machine that is busy with other tests.
    patient = {"distributed.comm.timeouts.connect": "120s"}
    with (
        dask.config.set(patient),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            death_timeout=120,
        ) as cluster,
    ):
        yield cluster


def test_a_killed_worker_changes_nothing(cluster):
    scenario = load_scenario(str(KALIOMBO))
    values = [str(pagu) for pagu in range(60_000_000, 100_000_001, 4_000_000)]
    here = sweep(scenario, "pagu", values)
    killed = []

    def kill_one(done, _total):
        if not killed:
            pid = next(iter(cluster.workers.values())).pid
            os.kill(pid, signal.SIGKILL)
            killed.append((done, pid))

    with Dask(cluster.scheduler_address) as executor:
        there = sweep(scenario, "pagu", values, progress=kill_one, executor=executor.map)
    ((done, _pid),) = killed
    assert 0 < done < len(values)
    assert there.frame().to_csv() == here.frame().to_csv()
    assert there.steps.to_csv() == here.steps.to_csv()


def test_a_stop_keeps_what_is_done(cluster):
    seen = []
    with Dask(cluster.scheduler_address) as executor:
        found = executor.map(abs, range(200), lambda done, _: seen.append(done), lambda: bool(seen))
    assert 0 < len(found) < 200
    assert all(found[k] == k for k in found)


def test_an_address_where_nobody_answers_is_said_in_words(monkeypatch):
    monkeypatch.setattr("optimizer.scale.dask_executor.CONNECT_SECONDS", 0.5)
    with pytest.raises(RembugError, match=r"127\.0\.0\.1:9"):
        Dask("tcp://127.0.0.1:9")

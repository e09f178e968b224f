"""Trials: steps on a copy, links that survive tampering, and nothing recorded ever changes."""

from __future__ import annotations

import base64
import json
import zlib
from fractions import Fraction

import pytest

import optimizer as ob
from optimizer.errors import RembugError
from optimizer.record.meetings import Counting
from optimizer.ui.archive import archive
from optimizer.ui.simulation import (
    Even,
    Joint,
    Order,
    Pinned,
    Support,
    Volume,
    canonical,
    decode,
    encode,
    simulate,
    usable,
)  # fmt: skip
from optimizer.ui.state import Session
from optimizer.ui.unduh import run_record


@pytest.fixture(scope="module")
def base():
    return ob.load_scenario("scenarios/kaliombo-2023.yaml")


def _steps(base):
    ids = base.dataset.ranked["Kaliombo/03/05"]
    return (
        Even(percent=50),
        Joint(per_mille=350),
        Order(owner="Kaliombo/03/05", ids=tuple(reversed(ids))),
        Support(id="U-0019", count=7),
        Volume(id="U-0001", value="120"),
        Pinned(id="U-0002", inside=False, reason="sudah ada"),
    )


def test_steps_make_a_copy_and_leave_the_record_alone(base):
    sha = base.sha256()
    tried = simulate(base, _steps(base))
    assert base.sha256() == sha
    assert tried.sha256() != sha
    assert tried.joint_share == Fraction(7, 20)
    assert tried.stages[0].evenness == Fraction(1, 2)
    assert tried.dataset.by_id["U-0001"].volume == 120
    assert tried.pins[0].reason == "sudah ada"
    assert next(c.supporters for c in tried.dataset.results.counts if c.proposal == "U-0019") == 7
    ids = base.dataset.ranked["Kaliombo/03/05"]
    assert tried.dataset.ranked["Kaliombo/03/05"] == tuple(reversed(ids))
    assert tried.counting is Counting.RT


def test_where_a_slider_was_in_between_does_not_matter(base):
    taken = _steps(base)
    moved = (Joint(per_mille=310), Even(percent=0), *taken[::-1], Even(percent=50))
    assert simulate(base, canonical(moved)).sha256() == simulate(base, moved).sha256()
    sessions = [
        Session("x", base, base.sha256(), steps, base)
        for steps in (taken[:2], (Joint(per_mille=310), *taken[:2]), taken[1::-1])
    ]
    assert len({s.content() for s in sessions}) == 1
    assert sessions[0].content() != sessions[0].content(Joint(per_mille=360))
    assert sessions[0].content() == sessions[0].content(taken[1])


def test_a_link_brings_the_same_steps_back(base):
    steps = _steps(base)
    assert decode(encode(steps)) == steps
    assert encode(()) == ""
    assert decode("") == ()


@pytest.mark.parametrize(
    "content",
    [
        b"not json",
        json.dumps([{"op": "exec", "code": "1"}]).encode(),
        json.dumps([{"op": "even", "percent": 101}]).encode(),
        json.dumps([{"op": "volume", "id": "U-0001", "value": "1e99"}]).encode(),
        json.dumps([{"op": "pin", "id": "U-0001", "inside": True, "reason": "x" * 999}]).encode(),
        json.dumps([{"op": "even", "percent": 1}] * 500).encode(),
        b"[" + b" " * 10**8,
    ],
    ids=["text", "unknown", "range", "number", "long", "many", "bomb"],
)
def test_a_forged_link_is_refused(content):
    packed = base64.urlsafe_b64encode(zlib.compress(content, 9)).decode().rstrip("=")
    assert decode(packed) is None


def test_steps_that_do_not_fit_the_data_are_counted_and_left_out(base):
    good = Even(percent=50)
    bad = (
        Volume(id="U-9999", value="1"),
        Order(owner="Kaliombo/03/05", ids=("U-0001",)),
        Support(id="U-0001", count=3),  # this meeting counted no support
        Pinned(id="U-0001", inside=True, reason="  "),
        Pinned(id="U-9999", inside=True, reason="x"),
    )
    assert usable(base, (good, *bad)) == ((good,), len(bad))
    for step in bad:
        with pytest.raises(RembugError):
            simulate(base, (step,))


def test_unpinning_leaves_it_to_the_computation(base):
    pinned = simulate(base, (Pinned(id="U-0002", inside=True, reason="x"),))
    assert simulate(pinned, (Pinned(id="U-0002", inside=None),)).pins == ()


def test_content_names_a_trial_by_what_decides_it(base):
    plain = Session("k", base, base.sha256(), (), base)
    step = Even(percent=50)
    tried = Session("k", base, base.sha256(), (step,), simulate(base, (step,)))
    assert plain.content() != tried.content()
    assert plain.content(step) == tried.content()
    assert tried.untouched().content() == plain.content()


def test_run_record_says_how_a_plan_came_about(base):
    step = Pinned(id="U-0002", inside=False, reason="sudah ada")
    tried = simulate(base, (step,))
    open_ = Session("k", base, base.sha256(), (step,), tried)
    record = run_record(open_, ob.optimize(tried))
    assert record["title"] == "SIMULASI"
    assert record["base_sha256"] == base.sha256() != record["inputs_sha256"]
    assert record["trial"][0]["reason"] == "sudah ada"
    assert record["outcome"] == "optimal"
    assert record["made_up"]


def test_an_archive_has_the_same_bytes_every_time():
    files = {"b.txt": b"2", "a.txt": b"1"}
    assert archive(files) == archive(dict(reversed(files.items())))

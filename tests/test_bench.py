"""``rembug bench --quick``: every row runs, its peers answer alike, the JSON is as documented."""

from __future__ import annotations

import json

import pytest
from cli_runs import rembug

from benchmarks.growth import repeated
from benchmarks.rows import NAMES
from benchmarks.setting import Setting
from benchmarks.timing import Peer, Row, Timing
from optimizer.solving.dispatch import solve

# Rows that are measured beside no other way.
ALONE = {
    "cards", "resamples-200", "leximin", "frontier", "near-optimal", "growth-rt", "app-rerun",
    "app-rt", "app-kelurahan",
}  # fmt: skip
# The city takes seconds to read, elections need their folder; "resamples" is the row after it
# without a few proposals.
QUICK = [name for name in NAMES if name not in {"city", "elections", "resamples"}]


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    file = tmp_path_factory.mktemp("bench") / "bench.json"
    rows = [word for name in QUICK for word in ("--only", name)]
    found = rembug("bench", "--quick", "--lang", "en", "--json", file, *rows)
    assert found.exit_code == 0, found.output
    return found.stdout, json.loads(file.read_text("utf-8"))


def test_the_json_has_the_documented_fields(document):
    _, record = document
    assert set(record) == {"schema", "quick", "machine", "rows"}
    assert record["schema"] == "rembug-bench/1"
    assert record["quick"] is True
    assert {"processor", "cores", "system", "python", "rembug", "pulp", "highspy", "numpy"} <= set(
        record["machine"]
    )
    assert [row["name"] for row in record["rows"]] == QUICK
    for row in record["rows"]:
        assert set(row) == {
            "name", "size", "seconds", "cpu_seconds", "runs", "figures", "target", "missed",
            "peers",
        }  # fmt: skip
        for peer in row["peers"]:
            assert set(peer) == {
                "name", "seconds", "cpu_seconds", "factor", "same_answer", "stopped_after", "note",
            }  # fmt: skip


def test_no_peer_has_another_answer(document):
    _, record = document
    peers = [(row["name"], peer) for row in record["rows"] for peer in row["peers"]]
    assert {name for name, _ in peers} == set(QUICK) - ALONE
    for name, peer in peers:
        assert peer["same_answer"] is not False, (name, peer)
        assert peer["same_answer"] or peer["stopped_after"], (name, peer)


def test_growth_tells_all_sizes(document):
    _, record = document
    growth = next(row for row in record["rows"] if row["name"] == "growth-rt")
    assert len(growth["figures"]["points"]) > 1
    assert growth["figures"]["exponent"] > 0


def test_the_table_says_that_quick_figures_do_not_count(document):
    table, _ = document
    assert "no figures to compare" in table
    assert "Kaliombo, support alone" in table


def test_an_unknown_row_is_a_wrong_call():
    found = rembug("bench", "--only", "kaliombo")
    assert found.exit_code == 2
    assert "kelurahan-support" in found.stderr


def test_what_is_installed_says_where_the_benchmarks_are(monkeypatch, tmp_path):
    monkeypatch.setattr("optimizer.cli.bench.HOME", tmp_path)
    found = rembug("bench", "--quick")
    assert found.exit_code == 2
    assert "make bench" in found.stderr


def test_targets_go_by_processor_time_and_factors():
    row = Row(
        "x",
        Timing(9.0, 0.1, 3),
        (Peer("slow", Timing(1.0, 0.9, 1)), Peer("gone")),
        target={"seconds": 0.2, "factor:slow": 10, "factor:gone": 5, "mb": 300},
        figures={"mb": 301.0},
    )
    assert row.missed() == ["factor:slow", "mb"]


def test_repeated_kelurahan_are_apart_and_as_good():
    base = Setting(quick=True).kelurahan
    twice = repeated(base, len(base.units) + 1)
    assert len(twice.units) == 2 * len(base.units)
    assert len(twice.parts) == 2 * len(base.parts)
    answer = solve(twice)
    assert answer.proofs[0].value == 2 * solve(base).proofs[0].value

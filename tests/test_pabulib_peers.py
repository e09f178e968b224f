"""Rules beside each other in one election: ours break no cap, those that ignore caps do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cli_runs import rembug, rembug_json

from optimizer.elections import peer_table, peers
from optimizer.files.pabulib import read_pb
from optimizer.tables.to_data import to_frame

FOLDER = os.environ.get("REMBUG_PABULIB", "")
CAPPED = tuple(f"pb/Netherlands_Amsterdam_{n}.pb" for n in (166, 179, 605))

# Parks have the most votes, and room for one of them only.
SMALL = """META
key;value
description;Small
country;X
unit;X
instance;1
num_projects;4
num_votes;5
budget;100
vote_type;approval
rule;greedy
date_begin;2024
date_end;2024
budget_per_category;40
categories;park
PROJECTS
project_id;cost;category;votes
1;40;park;4
2;40;park;3
3;20;road;2
4;50;road;1
VOTES
voter_id;vote
a;1,2
b;1,2
c;1,2
d;1,3
e;3,4
"""


@pytest.fixture
def small(tmp_path):
    file = tmp_path / "small.pb"
    file.write_text(SMALL)
    return file


def test_rules_by_hand(small):
    found = {(p.rule, p.capped): p for p in peers(read_pb(small))}
    assert found["optimum", True].selected == ("1", "3")
    assert found["optimum", False].selected == ("1", "2", "3")
    assert found["greedy", False].selected == ("1", "2", "3")
    # Each of five holds 20. Project 1 costs its four voters 10 each; then a, b and c hold 30 of
    # the 40 that project 2 asks, d and e 30 of the 20 of project 3.
    assert found["equal_shares", False].selected == ("1", "3")
    assert not found["equal_shares", False].breaches
    (breach,) = found["optimum", False].breaches
    assert (breach.category, breach.over) == ("park", 40)


def test_what_heeds_the_caps_breaks_none(small):
    table = to_frame(peer_table([read_pb(small)]))
    assert (table[table["capped"]]["broken"] == 0).all()
    assert table[~table["capped"]]["broken"].any()


def test_table_on_the_command_line(small):
    shown = rembug("pabulib", small, "--table")
    assert shown.exit_code == 0
    assert "iuran sama" in shown.stdout
    record = rembug_json("pabulib", small, small)
    assert len(record["rows"]) == 10


@pytest.mark.skipif(
    not FOLDER, reason="REMBUG_PABULIB is not set: the real elections are not tested"
)
def test_real_capped_elections():
    table = to_frame(peer_table([read_pb(Path(FOLDER) / file) for file in CAPPED], 60))
    heeded, ignored = table[table["capped"]], table[~table["capped"]]
    assert len(table) == 5 * len(CAPPED)
    assert (heeded["broken"] == 0).all()
    assert (heeded[heeded["rule"] == "optimum"]["outcome"] == "optimal").all()
    for _, rows in heeded.groupby("election"):
        best, greedy = (rows[rows["rule"] == r]["value"].iloc[0] for r in ("optimum", "greedy"))
        assert best >= greedy
    assert (ignored[ignored["rule"] == "optimum"]["broken"] > 0).any()

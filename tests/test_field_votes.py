"""Residents' votes on fields: read, written back, weighed; weights by hand come first."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from fields_cases import RT1, RT2, RT3, scenario
from test_datasets_bad import added, refused, write

from optimizer.errors import ScenarioError
from optimizer.files.datasets import load_dataset
from optimizer.files.datasets_out import write_dataset
from optimizer.files.policies import load_policy
from optimizer.files.scenarios import build_scenario, keys_of
from optimizer.record.meetings import Ballot, BallotKind, Results
from optimizer.record.scenario import override
from optimizer.record.weights import WeightSource, field_weights, unit_weights


@pytest.fixture(scope="module")
def tepat():
    return load_policy("kediri-2023-tepat")


def vote(place: str, *choices: tuple[str, int], count: int = 1) -> Ballot:
    return Ballot(place, BallotKind.FIELDS, choices, count)


# --- the data -------------------------------------------------------------------------------


def test_votes_on_fields_are_read_and_written_back(tmp_path):
    rows = (
        "Kaliombo;01;01;bidang;Kesehatan > pendidikan>Sosial Budaya;4",
        "Kaliombo;01;01;bidang;pendidikan:3, kesehatan:1, ekonomi:0;2",
        "Kaliombo;01;01;bidang;kesehatan:1,pendidikan:3;1",
        "Kaliombo;01;02;bidang;kesehatan;",
    )
    data = load_dataset(write(tmp_path, suara_csv=added("suara", *rows)))
    assert data.findings == ()
    assert data.results.field_votes == (
        vote("Kaliombo/01/01", ("kesehatan", 0), ("pendidikan", 0), ("sosial_budaya", 0), count=4),
        vote("Kaliombo/01/01", ("kesehatan", 1), ("pendidikan", 3), count=3),
        vote("Kaliombo/01/02", ("kesehatan", 0)),
    )
    assert [b.kind for b in data.results.ballots] == [BallotKind.APPROVAL]
    again = tmp_path / "lagi"
    write_dataset(data, again)
    assert load_dataset(again).results == data.results


@pytest.mark.parametrize(
    ("choice", "code", "says"),
    [
        ("kesehatn>pendidikan", "field_vote_unknown_near", "Kesehatan"),
        ("zzzz>pendidikan", "field_vote_unknown", "zzzz"),
        ("kesehatan>pendidikan>kesehatan", "field_vote_twice", "kesehatan"),
        ("kesehatan:0,pendidikan:0", "field_vote_no_points", "satu bidang"),
        ("kesehatan:-1,pendidikan:2", "points_form", "kesehatan:-1"),
        ("kesehatan:satu", "points_form", "kesehatan:satu"),
    ],
)
def test_a_vote_that_cannot_be_read_is_named(tmp_path, choice, code, says):
    row = f"Kaliombo;01;01;bidang;{choice};1"
    error = refused(tmp_path, suara_csv=added("suara", row))
    (finding,) = error.findings
    assert finding.code == f"dataset_{code}"
    assert (finding.place.row, finding.place.column) == (3, "pilihan")
    assert says in finding.text()


def test_a_vote_on_fields_belongs_to_an_rt(tmp_path):
    error = refused(tmp_path, suara_csv=added("suara", "Kaliombo;01;;bidang;kesehatan;1"))
    assert [f.code for f in error.findings] == ["dataset_field_vote_place"]


def test_more_votes_than_people_is_said(tmp_path):
    row = "Kaliombo;01;01;bidang;kesehatan;21"
    data = load_dataset(write(tmp_path, suara_csv=added("suara", row)))
    assert [f.code for f in data.findings] == ["dataset_ballots_above"]


# --- weights --------------------------------------------------------------------------------


def test_every_ballot_is_one_vote():
    assert vote("u", ("a", 0), ("b", 0), ("c", 0)).shares() == {
        "a": Fraction(3, 6),
        "b": Fraction(2, 6),
        "c": Fraction(1, 6),
    }
    assert vote("u", ("a", 1), ("b", 3)).shares() == {"a": Fraction(1, 4), "b": Fraction(3, 4)}
    assert vote("u").shares() == {}


def test_the_strongest_source_speaks(tepat):
    """By hand, else votes on fields, else support, else the list; and it is named."""
    votes = (
        vote(RT1, ("kesehatan", 0), ("pendidikan", 0), count=2),
        vote(RT1, ("infrastruktur/rt", 3), ("pendidikan", 1)),
    )
    one = scenario(tepat, results=Results(field_votes=votes))
    found = unit_weights(one)
    assert found[RT1].source is WeightSource.VOTES
    assert found[RT1].shares == {
        "infrastruktur": Fraction(3, 4) / 3,
        "kesehatan": Fraction(4, 3) / 3,
        "pendidikan": Fraction(11, 12) / 3,
    }
    assert unit_weights(scenario(tepat))[RT1].source is WeightSource.LISTS
    assert found[RT3].source is WeightSource.NONE
    by_hand = override(override(one, "weights.ekonomi", 3), f"weights.{RT2}.kesehatan", "1.5")
    found = unit_weights(by_hand)
    assert {w.source for w in found.values()} == {WeightSource.HAND}
    assert found[RT1].shares == found[RT3].shares == {"ekonomi": 1}
    assert found[RT2].shares == {"kesehatan": 1}
    assert by_hand.sha256() != one.sha256()


def test_weights_do_not_depend_on_their_scale(tepat):
    small = replace(
        scenario(tepat), weights={"": {"ekonomi": Fraction(1), "kesehatan": Fraction(2)}}
    )
    large = replace(
        small, weights={"": {"kesehatan": Fraction(2 * 10**9), "ekonomi": Fraction(10**9)}}
    )
    assert field_weights(small) == field_weights(large)


@pytest.mark.parametrize(
    ("weights", "code", "says"),
    [
        ({"kesehatn": 1}, "weight_field", "kesehatan"),
        ({"biaya_umum": 1}, "weight_field", "biaya_umum"),
        ({"kesehatan": 0, "ekonomi": 0}, "weights_zero", "nol"),
        ({"Contoh/01/9": {"ekonomi": 1}}, "weight_unit", "Contoh/0"),
        ({"ekonomi": -1}, "value_out_of_range", "weights.ekonomi"),
        ({"Contoh/01/01": {"ekonomi": "nan"}}, "scenario_invalid", "Contoh/01/01"),
        ({"ekonomi": "banyak"}, "scenario_invalid", "weights"),
    ],
)
def test_weights_that_make_no_sense_are_refused(tepat, weights, code, says):
    keys = {"policy": "kediri-2023-tepat", "weights": weights}
    with pytest.raises(ScenarioError) as caught:
        unit_weights(build_scenario(keys, dataset=scenario(tepat).dataset))
    assert caught.value.code == code
    assert says in caught.value.message()


def test_weights_of_a_scenario_are_kept_in_its_keys(tepat):
    data = scenario(tepat).dataset
    weights = {"ekonomi": 2, "Contoh/01/01": {"kesehatan": 0.5}}
    one = build_scenario({"policy": "kediri-2023-tepat", "weights": weights}, dataset=data)
    assert keys_of(one)["weights"] == weights
    assert build_scenario(keys_of(one), dataset=data).weights == one.weights
    with pytest.raises(ScenarioError) as caught:
        override(one, "weights.kesehatn", 1)
    assert "weights.kesehatan" in caught.value.message()

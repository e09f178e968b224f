"""Reading, counting, replaying and writing ``.pb`` files: small planted elections."""

from __future__ import annotations

import random
import time
from fractions import Fraction

import pytest

from optimizer import elections
from optimizer.elections import Breach
from optimizer.errors import InputRefused, RembugError, Severity
from optimizer.files import pabulib
from optimizer.files.pabulib import read_pb, write_pb
from optimizer.words import Words

META = "META\nkey;value\nnum_projects;3\nnum_votes;3\nbudget;100\nvote_type;approval\nrule;greedy\n"
PROJECTS = (
    "PROJECTS\nproject_id;cost;votes;name;selected\na;60;2;Alpha;1\nb;50;2;Beta;0\nc;40;1;Gamma;1\n"
)
VOTES = "VOTES\nvoter_id;vote\n1;a,b\n2;b,a\n3;c\n"
SMALL = META + PROJECTS + VOTES


def read(text: str):
    return read_pb(text.encode(), "planted.pb")


def codes(source) -> set[str]:
    return {finding.code for finding in source.findings}


def refused(text: str | bytes) -> InputRefused:
    with pytest.raises(InputRefused) as caught:
        read_pb(text.encode() if isinstance(text, str) else text, "planted.pb")
    error = caught.value
    for lang in ("id", "en"):  # every finding can be said, and says where
        assert all("planted.pb" in finding.text(Words(lang)) for finding in error.findings)
        assert error.message(Words(lang))
    return error


def typed(vote_type: str, projects: str, votes: str, extra: str = "") -> str:
    meta = f"META\nkey;value\nbudget;100\nrule;greedy\nvote_type;{vote_type}\n{extra}"
    return f"{meta}PROJECTS\n{projects}VOTES\n{votes}"


def capped(caps: str, categories: str = "categories;x,y,z\n") -> str:
    rows = "project_id;cost;votes;category\na;30;9;x\nb;30;8;x,y\nc;30;7;\n"
    return typed("approval", rows, "voter_id;vote\n", f"{categories}budget_per_category;{caps}\n")


def test_small_election_is_read_exactly():
    election = read(SMALL)
    assert election.findings == ()
    assert election.budget == 100
    assert [(p.id, p.cost, p.votes, p.selected) for p in election.projects] == [
        ("a", 60, 2, 1),
        ("b", 50, 2, 0),
        ("c", 40, 1, 1),
    ]
    assert [(b.vote, b.count) for b in election.ballots] == [(("a", "b"), 2), (("c",), 1)]
    assert read(write_pb(election)) == election


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.replace("\n", "\r\n"),
        lambda t: "\ufeff" + t,
        lambda t: t.replace("PROJECTS\n", "\nPROJECTS;;;\n\n").replace("VOTES\n", "\n\nVOTES\n"),
        lambda t: t.replace(";", "; "),
        lambda t: t.rstrip("\n"),
        lambda t: t.replace("key;value\n", ""),
        lambda t: t.replace("60", "60.0").replace("budget;100", "budget;100"),
        lambda t: t.replace("Alpha", '"Alpha"'),
        lambda t: t.replace("1;a,b\n2;b,a\n3;c", "3;c\n2;b,a\n1;a,b"),
    ],
    ids=["crlf", "bom", "blank", "spaces", "no-end", "no-key", "decimal", "quoted", "row-order"],
)
def test_harmless_variants_read_the_same(change):
    assert read(change(SMALL)) == read(SMALL)
    assert codes(read(change(SMALL))) == set()


def test_utf16_and_windows_1252_are_read():
    text = SMALL.replace("Alpha", "Café")
    assert read_pb(text.encode("utf-16")) == read(text)
    old = read_pb(text.encode("cp1252"))
    assert old == read(text)
    assert codes(old) == {"pb_encoding"}


def test_quoted_cells_keep_separators_quotes_and_line_breaks():
    text = SMALL.replace("Alpha", '"Green; ""new""\npark"')
    election = read(text)
    assert election.projects[0].name == 'Green; "new"\npark'
    assert read(write_pb(election)) == election


@pytest.mark.parametrize("name", ['"Alpha', 'Pipe 5" wide', '"Gamma" park'])
def test_an_open_quotation_mark_swallows_nothing(name):
    election = read(SMALL.replace("Gamma", name).replace("Alpha", name))
    assert [p.cost for p in election.projects] == [60, 50, 40]
    assert election.n_ballots == 3


def test_extra_columns_are_kept_and_voter_columns_reported():
    projects = "project_id;latitude;cost\na;52.1;10\n"
    text = typed("approval", projects, "voter_id;age;vote\nv1;30;a\n")
    election = read(text)
    assert election.projects[0].extra == {"latitude": "52.1"}
    assert codes(election) == {"pb_not_kept"}
    assert "v1" not in write_pb(election)
    assert read(write_pb(election)) == election


def test_amounts_stay_exact():
    text = SMALL.replace("budget;100", "budget;100.10").replace("a;60", "a;60.125")
    election = read(text)
    assert election.budget == Fraction("100.1")
    assert election.projects[0].cost == Fraction("60.125")
    assert read(write_pb(election)) == election
    assert elections.breaches(election, ["a", "c"]) == [
        Breach("budget", "", Fraction("100.1"), Fraction("100.125"), Fraction("0.025"))
    ]


# Damage


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "pb_section_missing"),
        (META, "pb_section_missing"),
        (META + PROJECTS, "pb_section_missing"),
        (META + PROJECTS + "VOTES\n", "pb_section_empty"),
        (SMALL + VOTES, "pb_section_twice"),
        (SMALL.replace("budget;100\n", ""), "pb_amount"),
        (SMALL.replace("budget;100", "budget;-1"), "pb_amount"),
        (SMALL.replace("budget;100", "budget;100\nbudget;200"), "pb_meta_twice"),
        (SMALL.replace("a;60", "a;many"), "pb_amount"),
        (SMALL.replace("a;60", "a;"), "pb_amount"),
        (SMALL.replace("a;60", "a;-60"), "pb_amount"),
        (SMALL.replace("a;60", "a;1,500"), "pb_amount"),
        (SMALL.replace("a;60", "a;nan"), "pb_amount"),
        (SMALL.replace("60;2", "60;two"), "pb_number"),
        (SMALL.replace("b;50", "a;50"), "pb_project_twice"),
        (SMALL.replace("b;50", ";50"), "pb_project_id"),
        (SMALL.replace("b;50", "9" * 5000 + ";50"), "pb_project_id"),
        (SMALL.replace("cost;", "price;"), "pb_column_missing"),
        (SMALL.replace("voter_id;vote", "voter_id;choice"), "pb_column_missing"),
        (SMALL.replace("name;", "cost;"), "pb_column_twice"),
        (SMALL.replace("Alpha", "Al;pha"), "pb_row_long"),
        (META + "PROJECTS\nproject_id;cost\n" + VOTES, "pb_no_projects"),
        (SMALL.replace("approval", "cumulative"), "pb_column_missing"),
    ],
)
def test_damage_is_refused_by_name(text, code):
    assert code in codes(refused(text))


def test_all_damage_is_reported_at_once_with_places():
    error = refused(SMALL.replace("a;60", "a;x").replace("b;50", "b;y").replace("t;100", "t;z"))
    places = {(f.place.sheet, f.place.row, f.place.column, f.place.value) for f in error.findings}
    assert places == {
        ("PROJECTS", 10, "cost", "x"),
        ("PROJECTS", 11, "cost", "y"),
        ("META", None, "budget", "z"),
    }


def test_a_file_that_ends_in_the_middle_never_passes_in_silence():
    for length in range(len(SMALL) - 2):
        try:
            election = read(SMALL[:length])
        except InputRefused as error:
            assert error.findings
        else:
            assert "pb_size" in codes(election)
    assert "pb_ends_early" in codes(refused(SMALL[: SMALL.index("2;b,a") + 3]))


def test_missing_file_is_a_clear_error(tmp_path):
    with pytest.raises(RembugError) as caught:
        read_pb(tmp_path / "none.pb")
    assert "none.pb" in caught.value.message(Words("en"))
    with pytest.raises(RembugError):
        read_pb(tmp_path)


@pytest.mark.parametrize(
    ("votes", "code", "row"),
    [
        ("1;a,b\n2;b,a\n3;c,zz\n", "pb_unknown_project", 17),
        ("1;a,b\n2;b,a\n3;c,c\n", "pb_vote_twice", 17),
        ("1;a,b\n2;b,a\n2;c\n", "pb_voter_twice", 17),
        ("1;a,b\n2;b,a\n3;c;extra\n", "pb_row_wide", 17),
        ("1;a,b\n2;b,a\n3;c\n4\n", "pb_ballot_cut", 18),
    ],
)
def test_odd_ballots_are_counted_as_far_as_they_can_be_and_reported(votes, code, row):
    election = read(META + PROJECTS + "VOTES\nvoter_id;vote\n" + votes)
    (finding,) = [f for f in election.findings if f.code == code]
    assert (finding.severity, finding.place.row) == (Severity.WARNING, row)
    assert pabulib.mentions(election) == {"a": 2, "b": 2, "c": 1}


def test_many_findings_of_one_kind_are_cut_short_but_counted():
    votes = "".join(f"{i};q{i}\n" for i in range(100))
    election = read(META + PROJECTS + "VOTES\nvoter_id;vote\n" + votes)
    unknown = [f for f in election.findings if f.code == "pb_unknown_project"]
    (more,) = [f for f in election.findings if f.code == "pb_more"]
    assert len(unknown) + more.data["count"] == 100


def test_random_bytes_and_mutations_give_findings_never_a_traceback():
    rng = random.Random(7)
    tokens = ['"', ";", "\n", "\x00", "META\n", "VOTES\n", "\u0661", "{", "é", "-", ",", "1e99"]
    for _ in range(400):
        text = list(SMALL)
        for _ in range(rng.randrange(1, 6)):
            at = rng.randrange(len(text))
            text[at : at + rng.randrange(3)] = rng.choice(tokens)
        try:
            election = read("".join(text))
        except InputRefused as error:
            assert error.message()
            continue
        assert all(finding.text() for finding in election.findings)
        elections.declared_rule(election)
        assert read(write_pb(election)) == election


def test_two_hundred_thousand_ballots_take_seconds():
    rng = random.Random(1)
    rows = "".join(f"{i};{rng.choice(['a,b', 'c', '', 'b'])};x;{i}\n" for i in range(200_000))
    started = time.perf_counter()
    election = read(META + PROJECTS + "VOTES\nvoter_id;vote;sex;age\n" + rows)
    assert time.perf_counter() - started < 10
    assert election.n_ballots == 200_000
    assert len(election.ballots) == 4


# Counting


def test_columns_win_over_ballots_and_the_difference_is_reported():
    election = read(SMALL.replace("a;60;2", "a;60;7"))
    assert pabulib.measure(election).name == "votes"
    assert pabulib.measure(election).values == {"a": 7, "b": 2, "c": 1}
    (finding,) = election.findings
    assert finding.code == "pb_column_differs"
    assert (finding.place.value, finding.data) == ("7", {"project": "a", "counted": "2"})


def test_score_column_wins_over_votes_column():
    projects = "project_id;cost;votes;score\na;10;1;3\nb;10;1;5\n"
    election = read(typed("cumulative", projects, "voter_id;vote;points\n1;b,a;5,3\n"))
    assert pabulib.measure(election) == pabulib.Measure("score", {"a": 3, "b": 5})
    assert election.findings == ()


@pytest.mark.parametrize(
    ("vote_type", "votes", "extra", "expected"),
    [
        ("approval", "voter_id;vote\n1;a,b\n2;a\n3;\n", "", {"a": 2, "b": 1, "c": 0}),
        ("choose-1", "voter_id;vote\n1;a\n2;b\n", "", {"a": 1, "b": 1, "c": 0}),
        ("ordinal", "voter_id;vote\n1;c,a,b\n2;a\n", "", {"a": 3, "b": 1, "c": 3}),
        (
            "cumulative",
            "voter_id;vote;points\n1;a,b;2.5,1\n2;a;3\n",
            "",
            {"a": Fraction(11, 2), "b": 1, "c": 0},
        ),
        (
            "scoring",
            "voter_id;vote;points\n1;a,b;3,-1\n2;a;3\n",
            "default_score;1\n",
            {"a": 6, "b": 0, "c": 2},
        ),
    ],
)
def test_every_vote_type_is_counted(vote_type, votes, extra, expected):
    election = read(typed(vote_type, "project_id;cost\na;1\nb;1\nc;1\n", votes, extra))
    assert pabulib.measure(election) == pabulib.Measure("counted", expected)
    assert read(write_pb(election)) == election


@pytest.mark.parametrize("points", ["1", "1,2,3", "1,x", ""])
def test_points_that_do_not_fit_are_reported(points):
    votes = f"voter_id;vote;points\n1;a,b;{points}\n2;a;4\n"
    election = read(typed("cumulative", "project_id;cost\na;1\nb;1\n", votes))
    assert codes(election) == {"pb_points"}
    assert pabulib.counted(election) == {"a": 4, "b": 0}


# The declared rule and the limits


@pytest.mark.parametrize(
    ("rule", "extra", "winners", "equals_real"),
    [
        ("greedy", "", ("a", "c"), True),
        ("greedy-no-skip", "", ("a",), False),
        ("greedy-threshold", "min_project_score_threshold;2\n", ("a",), False),
        ("equalshares", "", None, None),
        ("greedy-custom", "", None, None),
        ("unknown", "", None, None),
    ],
)
def test_declared_rules(rule, extra, winners, equals_real):
    election = read(SMALL.replace("rule;greedy\n", f"rule;{rule}\n{extra}"))
    replay = elections.declared_rule(election)
    assert (replay.rule, replay.winners, replay.equals_real) == (rule, winners, equals_real)


def test_selected_beyond_one_is_funded_outside_the_rule():
    election = read(SMALL.replace("Gamma;1", "Gamma;2"))
    assert elections.real_winners(election) == ("a",)
    without = read(SMALL.replace(";selected", ";chosen"))
    assert elections.real_winners(without) is None
    assert elections.declared_rule(without).equals_real is None


def test_a_project_that_costs_nothing_always_fits():
    election = read(SMALL.replace("c;40", "c;0"))
    assert codes(election) == {"pb_free"}
    assert elections.declared_rule(election).winners == ("a", "c")


@pytest.mark.parametrize(
    ("caps", "categories"),
    [
        ("50,40,10", "categories;x,y,z\n"),
        ("[50, 40, 10]", "categories;['x', 'y', 'z']\n"),
        ("['50', 40.0, 10]", 'categories;["x", "y", "z"]\n'),
        ('"{""x"": 50, ""y"": 40, ""z"": 10}"', ""),
        ("{'x': 50, 'y': 40, 'z': 10}", ""),
        ("x: 50, y: 40, z: 10", ""),
    ],
)
def test_caps_in_every_notation_limit_rule_and_winners(caps, categories):
    election = read(capped(caps, categories))
    assert election.caps == {"x": 50, "y": 40, "z": 10}  # z: a category without a project
    assert elections.declared_rule(election).winners == ("a", "c")
    assert elections.breaches(election, ["a", "b", "c"]) == [Breach("category", "x", 50, 60, 10)]
    assert elections.breaches(election, ["a", "c"]) == []
    assert read(write_pb(election)) == election


@pytest.mark.parametrize(
    "caps", ["50,40", "50,forty,10", "[50, 40", "{'x': -1}", "__import__('os')"]
)
def test_caps_that_cannot_be_read_are_refused(caps):
    assert codes(refused(capped(caps))) >= {"pb_caps"}


def test_categories_may_hold_commas():
    text = capped("50,40", "categories;Parks, gardens,Sport\n").replace(";x\n", ";Parks, gardens\n")
    election = read(text.replace(";x,y\n", ";Parks, gardens,Sport\n"))
    assert election.caps == {"Parks, gardens": 50, "Sport": 40}
    assert [p.categories for p in election.projects] == [
        ("Parks, gardens",),
        ("Parks, gardens", "Sport"),
        (),
    ]
    assert read(write_pb(election)) == election


def test_neighbourhood_budgets_are_reported_but_not_applied():
    election = read(SMALL.replace("rule;greedy\n", "rule;greedy\nbudget_per_neighborhood;10,20\n"))
    assert codes(election) == {"pb_not_applied"}
    assert elections.declared_rule(election).winners == ("a", "c")

"""Duplicates and far prices in a list."""

from dataclasses import replace
from difflib import SequenceMatcher
from fractions import Fraction
from itertools import combinations
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_cases import RT1, RT2, RT3, dataset, usulan

from optimizer.files.policies import load_policy
from optimizer.record.proposals import normal_text
from optimizer.rules import as_recorded, list_checks
from optimizer.rules.ledger import Ledger
from optimizer.words import Words, languages

POLICY = load_policy("kediri-2022")


def listed_checks(data):
    return list_checks(Ledger(data, POLICY, as_recorded(data, POLICY)))


def found(*proposals):
    data = dataset(*proposals)
    checks = listed_checks(data)
    for check in checks:
        for lang in languages():
            assert check.message(Words(lang))
            assert check.remedy_text(Words(lang))
    return [(c.kind, c.about) for c in checks]


def paving(id, owner, description, location="", *, volume=10):
    return usulan(
        id,
        owner,
        "Paving jalan",
        150_000,
        volume,
        measure="m²",
        location=location,
        description=description,
    )


class TestDuplicates:
    def test_the_same_row_twice(self):
        one = paving("U-1", RT1, "Paving gang 3")
        assert found(one, replace(one, id="U-2")) == [("duplicate", ("U-1", "U-2"))]

    def test_nearly_the_same_in_two_rt_of_one_rw(self):
        one = paving("U-1", RT1, "Paving jalan gang Mawar", "Gang Mawar")
        two = paving("U-2", RT2, "Paving Jalan Gg. Mawar", "gang mawar", volume=12)
        assert found(one, two) == [("near_duplicate", ("U-1", "U-2"))]

    def test_an_object_in_one_place_needs_no_location(self):
        one, two = paving("U-1", RT1, "Paving gang Mawar"), paving("U-2", RT2, "Paving gang Mawar")
        assert found(one, two) == [("duplicate", ("U-1", "U-2"))]
        bare = paving("U-1", RT1, "Paving jalan/gang baru")
        assert found(bare, replace(bare, id="U-2", owner=RT2)) == []
        food = usulan("U-1", RT1, "PMT untuk balita stunting", 1_500_000)
        assert found(food, replace(food, id="U-2", owner=RT2)) == []

    @pytest.mark.parametrize(
        "other",
        [
            paving("U-2", RT1, "Paving gang 4"),
            paving("U-2", RT3, "Paving gang 3", "gang 3"),
            paving("U-2", RT2, "Paving gang 3", "depan masjid"),
            usulan("U-2", RT1, "Lampu jalan", 1, description="Paving gang 3"),
        ],
        ids=["other number", "other RW", "other place", "other activity"],
    )
    def test_what_is_no_duplicate(self, other):
        assert found(paving("U-1", RT1, "Paving gang 3", "gang 3"), other) == []


class TestPrices:
    def prices(self, *prices, measure="m²"):
        return [
            usulan(
                f"U-{i}",
                RT1,
                "Paving jalan",
                p,
                10 + i,
                measure=measure,
                description=f"Paving gang {i}",
            )
            for i, p in enumerate(prices, start=1)
        ]

    def test_far_from_the_others(self):
        rows = self.prices(150_000, 160_000, 155_000, 150_000, 465_001, 52_000)
        assert found(*rows) == [("price", ("U-5",))]
        cheap = self.prices(150_000, 150_000, 150_000, 150_000, 49_999)
        assert found(*cheap) == [("price", ("U-5",))]

    def test_packages_may_differ_but_not_by_a_digit(self):
        rows = self.prices(*[1_500_000] * 5, 6_000_000, measure="paket")
        assert found(*rows) == []
        slipped = self.prices(*[1_500_000] * 5, 15_000_000, measure="paket")
        assert found(*slipped) == [("price", ("U-6",))]

    def test_few_others_say_nothing(self):
        assert found(*self.prices(150_000, 150_000, 150_000, 900_000)) == []

    def test_other_items_of_the_same_activity_are_not_compared(self):
        repair = usulan("U-9", RT2, "Perbaikan paving", 40_000, 10, measure="m²")
        assert found(*self.prices(*[150_000] * 5), repair) == []

    def test_other_measures_are_not_compared(self):
        rows = self.prices(*[150_000] * 5)
        whole = replace(rows[0], id="U-9", owner=RT3, measure="paket", unit_price=9_000_000)
        assert found(*rows, whole) == []

    @given(
        prices=st.lists(
            st.sampled_from([1, 2, 3, 5, 8, 9, 10, 27, 28, 80, 81]) | st.integers(1, 100),
            min_size=1,
            max_size=12,
        ),
        measure=st.sampled_from(["m²", "paket"]),
    )
    def test_as_the_definition_says(self, prices, measure):
        far = 8 if measure == "paket" else 3
        expected = []
        for place, price in enumerate(prices):
            others = [Fraction(p) for p in prices[:place] + prices[place + 1 :]]
            if len(others) >= 4 and not median(others) / far <= price <= median(others) * far:
                expected.append((f"U-{place + 1}", round(median(others))))
        data = dataset(*self.prices(*prices, measure=measure))
        checks = listed_checks(data)
        assert [(*c.about, c.limit) for c in checks if c.side == "price"] == expected


WORDS = ["Paving gang 3", "Paving gang 4", "Paving gang Mawar", "Paving gang Mawar.",
         "Paving gang Melati", "Paving jalan/gang", "Paving"]  # fmt: skip
PLACES = ["", "", "-", "Gang Mawar", "Gg. Mawar", "gang mawar 2"]


def alike(one, two):
    """Whether two paving rows are alike, pair by pair from the definition."""

    def similar(a, b):
        a, b = normal_text(a), normal_text(b)
        numbers = [[w for w in t.split() if w.isdigit()] for t in (a, b)]
        ratio = SequenceMatcher(None, a, b, autojunk=False).ratio()
        return numbers[0] == numbers[1] and ratio >= 0.85

    def tells(row):
        match = POLICY.menu.match(row.title)
        return match is None or not match.exact

    def says_more(row):
        activity = POLICY.menu.match(row.activity).activity
        usual = "gang gg rt rw di depan sebelah jl " + " ".join(
            (*activity.keywords, *activity.aliases)
        )
        return bool(set(normal_text(row.title).split()) - set(normal_text(usual).split()))

    if not similar(one.title, two.title) or one.owner[:-3] != two.owner[:-3]:
        return False
    if normal_text(one.location) and normal_text(two.location):
        return similar(one.location, two.location)
    if one.owner == two.owner:
        return True
    placed = one.location or two.location
    return all(tells(row) and (placed or says_more(row)) for row in (one, two))


@given(
    st.lists(
        st.tuples(
            st.sampled_from([RT1, RT2, RT3]), st.sampled_from(WORDS), st.sampled_from(PLACES)
        ),
        max_size=8,
    )
)
def test_duplicates_as_the_definition_says(rows):
    rows = [paving(f"U-{n}", *row) for n, row in enumerate(rows, start=1)]
    data = dataset(*rows)
    pairs = {(one.id, two.id) for one, two in combinations(data.proposals, 2) if alike(one, two)}
    assert {about for code, about in found(*rows) if code == "duplicate"} == pairs

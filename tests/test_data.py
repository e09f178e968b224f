"""The shipped policies, menus and scenarios say what their sources say."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
import yaml

from optimizer.files.policies import list_policies, load_policy
from optimizer.files.scenarios import load_scenario
from optimizer.record.policy import Certainty, Policy, RuleKind
from optimizer.shipped import HOME, SCENARIOS

FIELDS = ["infrastruktur", "kesehatan", "sosial_budaya", "ekonomi", "pendidikan", "kepemudaan"]
KEDIRI = {
    "kediri-2015",
    "kediri-2021",
    "kediri-2022",
    "kediri-2023-tepat",
    "kediri-2023-paling-banyak",
    "kediri-2024",
}
# Percent of the pagu: infrastructure's own bounds apart, the other five fields' maxima in order.
MAXIMA = {
    "kediri-2021": [50, 20, 30, 20, 10],
    "kediri-2022": [50, 20, 30, 20, 10],
    "kediri-2023-tepat": [40, 20, 30, 20, 10],
    "kediri-2023-paling-banyak": [40, 20, 30, 20, 10],
    "kediri-2024": [40, 20, 20, None, None],
}
INFRASTRUCTURE = {
    "kediri-2015": {"infrastruktur": {"min": 60}},
    "kediri-2021": {"infrastruktur": {"min": 25, "max": 40}},
    "kediri-2022": {
        "infrastruktur/bersama": {"min": 25, "max": 30},
        "infrastruktur/rt": {"max": 10},
    },
    "kediri-2023-tepat": {
        "infrastruktur": {"exact": 40},
        "infrastruktur/bersama": {"min": 30},
        "infrastruktur/rt": {"max": 10},
    },
    "kediri-2023-paling-banyak": {
        "infrastruktur": {"max": 40},
        "infrastruktur/bersama": {"min": 30},
        "infrastruktur/rt": {"max": 10},
    },
    "kediri-2024": {"infrastruktur": {"max": 40}},
}
POLICIES = {p.id: p for p in list_policies()}
SCENARIO_KEYS = {
    "name",
    "extends",
    "dataset",
    "policy",
    "objective",
    "joint_share",
    "count",
    "order_as",
    "pins",
    "overrides",
    "solver",
    "time_limit",
}


def _percent(share: Fraction | None) -> float | None:
    return None if share is None else float(share * 100)


def test_ids_and_alias() -> None:
    assert set(POLICIES) >= KEDIRI | {"dana-desa-2022", "semarang-2025"}
    assert load_policy("kediri-2023") is load_policy("kediri-2023-tepat")
    assert POLICIES["kediri-2015"].fiscal_years == (2015, 2016, 2017, 2018)


@pytest.mark.parametrize("name", sorted(KEDIRI))
def test_accounts_in_the_order_of_the_regulation(name: str) -> None:
    policy = POLICIES[name]
    assert [a.id for a in policy.accounts] == [*FIELDS, "biaya_umum"]
    assert [a.id for a in policy.fields] == FIELDS
    assert policy.pagu == (50_000_000 if name == "kediri-2015" else 100_000_000)


@pytest.mark.parametrize("name", sorted(MAXIMA))
def test_maxima_of_the_fields(name: str) -> None:
    bounds = [POLICIES[name].by_id[field].bound("max") for field in FIELDS[1:]]
    assert [_percent(b.share) if b else None for b in bounds] == MAXIMA[name]
    assert all(b is not None for b in bounds)  # unknown is not absent


@pytest.mark.parametrize("name", sorted(INFRASTRUCTURE))
def test_bounds_of_infrastructure(name: str) -> None:
    top = POLICIES[name].by_id["infrastruktur"]
    found = {a.id: {b.side: _percent(b.share) for b in a.bounds} for a in top.walk() if a.bounds}
    assert found == INFRASTRUCTURE[name]
    pooled = [a.id for a in POLICIES[name].pools]
    assert pooled == (["infrastruktur/bersama"] if len(top.children) else [])


def test_unknown_bounds_of_2024_are_marked() -> None:
    for field in ("pendidikan", "kepemudaan"):
        bound = POLICIES["kediri-2024"].by_id[field].bound("max")
        assert bound is not None
        assert not bound.known
        assert bound.origin.certainty is Certainty.UNKNOWN


def test_admin_costs_are_rupiah_or_share_as_the_text_says() -> None:
    most = {name: POLICIES[name].by_id["biaya_umum"].bound("max") for name in sorted(KEDIRI)}
    assert most["kediri-2022"].rupiah == 1_500_000
    assert most["kediri-2021"].share == Fraction(15, 1000)
    assert most["kediri-2023-tepat"].origin.certainty is Certainty.INFERENCE
    assert not most["kediri-2015"].known


@pytest.mark.parametrize("policy", POLICIES.values(), ids=list(POLICIES))
def test_every_bound_and_rule_has_its_source(policy: Policy) -> None:
    origins = [b.origin for a in policy.by_id.values() for b in a.bounds]
    origins += [r.origin for r in policy.rules]
    assert origins
    assert all(o.source and o.article for o in origins)
    known = [b for a in policy.by_id.values() for b in a.bounds if b.known]
    assert all(b.origin.certainty is not Certainty.UNKNOWN for b in known)
    texts = [policy.name, policy.reading, policy.note or {}]
    texts += [a.name for a in policy.by_id.values()] + [r.text or {} for r in policy.rules]
    assert all(set(t) == {"id", "en"} and all(t.values()) for t in texts)


def test_nothing_from_news_or_inference_is_called_text() -> None:
    assert _certainties("kediri-2024") == {Certainty.NEWS, Certainty.UNKNOWN, Certainty.INFERENCE}
    assert Certainty.TEXT not in _certainties("kediri-2023-tepat")
    assert _certainties("kediri-2022") == {Certainty.TEXT}


def _certainties(name: str) -> set[Certainty]:
    policy = POLICIES[name]
    bounds = {b.origin.certainty for a in policy.by_id.values() for b in a.bounds}
    return bounds | {r.origin.certainty for r in policy.rules}


def test_item_rules_of_2022_and_their_letters() -> None:
    rules = {r.id: r for r in POLICIES["kediri-2022"].rules}
    assert (rules["jkn"].letter, rules["jkn"].waivable) == ("D", True)
    assert (rules["satu_tiap_bidang"].letter, rules["satu_tiap_bidang"].waivable) == ("E", True)
    no_letter = [r for i in ("pmt", "pkk", "pelatihan") if not (r := rules[i]).letter]
    assert [r.kind for r in no_letter] == [RuleKind.MANDATORY] * 3
    assert not any(r.waivable for r in no_letter)
    assert (rules["pmt_nilai"].minimum, rules["pmt_nilai"].maximum) == (1_000_000, 2_000_000)
    assert rules["cctv"].maximum == 3
    assert rules["paket_sekolah"].maximum == 300_000
    assert rules["koperasi_nilai"].maximum == 100_000_000


@pytest.mark.parametrize("name", ["kediri-2023-tepat", "kediri-2023-paling-banyak", "kediri-2024"])
def test_later_years_inherit_the_item_rules_as_inference(name: str) -> None:
    own = POLICIES["kediri-2022"].rules
    inherited = POLICIES[name].rules
    assert [r.id for r in inherited] == [r.id for r in own]
    assert {r.origin.certainty for r in inherited} == {Certainty.INFERENCE}


def test_sister_schemes_fit_without_code() -> None:
    desa = POLICIES["dana-desa-2022"]
    assert desa.unit_level == "desa"
    assert [_percent(b.share) for a in desa.accounts for b in a.bounds] == [40, 20, 8]
    city = POLICIES["semarang-2025"]
    assert {r.kind for r in city.rules} == {RuleKind.RUPIAH, RuleKind.UNIT_PRICE}


@pytest.mark.parametrize("policy", POLICIES.values(), ids=list(POLICIES))
def test_rules_and_menu_fit_the_policy(policy: Policy) -> None:
    if policy.menu is None:
        assert not policy.rules
        return
    named = {a for r in policy.rules for a in (*r.activities, *r.requires)}
    assert named <= set(policy.menu.by_id)
    assert {a.account for a in policy.menu.activities} <= {a.id for a in policy.accounts}
    keywords = Counter(k for a in policy.menu.activities for k in a.keywords)
    assert not [k for k, n in keywords.items() if n > 1]


def test_menu_of_perwali_32_2021() -> None:
    menu = POLICIES["kediri-2022"].menu
    assert menu is not None
    assert Counter(a.account for a in menu.activities) == {
        "infrastruktur": 19,
        "kesehatan": 5,
        "sosial_budaya": 5,
        "ekonomi": 8,
        "pendidikan": 5,
        "kepemudaan": 3,
        "biaya_umum": 1,
    }
    named_by_the_text = {a.id for a in menu.activities if a.level_certainty == "text"}
    assert named_by_the_text == {
        "taman_kelurahan",
        "balai_rt_rw",
        "pkk",
        "cctv",
        "koperasi_rw",
        "biaya_umum",
    }


@pytest.mark.parametrize(
    ("text", "activity"),
    [
        ("Paving gang 3", "jalan_lingkungan"),
        ("Perbaikan saluran air bersih", "air_bersih"),
        ("PMT di posyandu balita", "pmt"),
        ("Lampu PJU gang", "penerangan_jalan"),
        ("Pelatihan KRPL ibu-ibu", "krpl"),
        ("Pembangunan gedung TPQ", "gedung_tpq"),
        ("Buku untuk TPQ", "sarpras_tpq"),
        ("Sarpras ekonomi pendukung Kampung Keren", "keren_ekonomi"),
        ("Tenda, kursi, meja, sound system, alat masak", None),
        ("Tenda dan kursi", None),
    ],
)
def test_free_text_is_recognised(text: str, activity: str | None) -> None:
    menu = POLICIES["kediri-2022"].menu
    assert menu is not None
    found = menu.match(text)
    assert (found.activity.id if found else None) == activity


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda p: p.stem)
def test_scenarios_name_what_exists(path) -> None:
    content = yaml.safe_load(path.read_text("utf-8"))
    assert set(content) <= SCENARIO_KEYS
    assert content["name"]
    if "extends" in content:
        assert (SCENARIOS / f"{content['extends']}.yaml").is_file()
    else:
        assert (HOME / content["dataset"] / "dataset.yaml").is_file()
        assert {"policy", "objective"} <= set(content)
    if "policy" in content:
        load_policy(content["policy"])


def test_the_tour_of_kaliombo_varies_what_it_says() -> None:
    tour = {p.stem: load_scenario(p) for p in sorted(SCENARIOS.glob("kaliombo-2023*.yaml"))}
    base = tour["kaliombo-2023"]
    assert [s.name for s in base.stages] == ["order"]
    assert base.policy.reading["id"] == "tepat 40%"
    assert {s.policy.id for s in tour.values()} == KEDIRI - {"kediri-2015", "kediri-2021"}
    evenness = {st.evenness for s in tour.values() for st in s.stages if st.name == "welfare"}
    assert evenness == {Fraction(0), Fraction(1, 2), Fraction(1)}
    assert {s.joint_share for s in tour.values()} == {None, Fraction(3, 10), Fraction(2, 5)}
    youth = tour["kaliombo-2023-pemuda-5"].policy.by_id["kepemudaan"].bound("min")
    assert youth is not None
    assert youth.share == Fraction(1, 20)
    budgets = {u.budget for u in tour["kaliombo-2023-pagu-75"].dataset.territory.units}
    assert budgets == {75_000_000}
    by_support = [s for s in tour.values() if s.stages[0].name == "support"]
    assert by_support
    assert all(s.order_as_borda for s in by_support)

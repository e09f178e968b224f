"""Each rule of a policy against small lists made by hand."""

import ast
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from rules_cases import PAGU, RT1, RT2, RT3, dataset, territory, usulan

import optimizer.rules
from optimizer.files.policies import load_policy
from optimizer.record.dataset import Dataset
from optimizer.record.policy import ItemRule, Policy, RuleKind
from optimizer.record.proposals import Proposal, Status
from optimizer.rules import Check, Listed, RuleStatus, as_recorded, check_rules, recorded_share
from optimizer.words import Words, languages


@pytest.fixture(scope="module")
def tepat() -> Policy:
    return load_policy("kediri-2023-tepat")


@pytest.fixture(scope="module")
def naskah() -> Policy:
    return load_policy("kediri-2022")


def find(checks: tuple[Check, ...], rule: str, place: str) -> Check:
    found = [c for c in checks if c.rule == rule and c.place == place]
    assert len(found) == 1, [c for c in checks if c.rule == rule]
    return found[0]


def check(data: Dataset, policy: Policy, rule: str, place: str, **listed) -> Check:
    recorded = as_recorded(data, policy)
    return find(check_rules(data, policy, replace(recorded, **listed)), rule, place)


def joint(total: int) -> Proposal:
    return usulan("M-1", "Contoh", "taman_kelurahan", total)


class TestBounds:
    def test_one_rupiah_over_a_maximum_is_a_breach(self, tepat):
        fits = dataset(usulan("U-1", RT1, "posyandu_alat", 40_000_000, field="kesehatan"))
        over = dataset(usulan("U-1", RT1, "posyandu_alat", 40_000_001, field="kesehatan"))
        assert check(fits, tepat, "kesehatan.max", RT1).status is RuleStatus.PASS
        found = check(over, tepat, "kesehatan.max", RT1)
        assert (found.status, found.amount) == (RuleStatus.BREACH, 1)
        assert (found.limit, found.total) == (40_000_000, 40_000_001)
        assert not found.letter

    def test_pagu(self, tepat):
        items = [
            usulan(f"U-{i}", RT1, "apa saja", 35_000_001, field=field)
            for i, field in enumerate(("kesehatan", "ekonomi"))
        ]
        found = check(dataset(*items), tepat, "pagu", RT1)
        # The pool's thirty million count, too.
        assert (found.status, found.amount) == (RuleStatus.BREACH, 2)

    def test_money_without_an_activity_never_meets_a_minimum(self, tepat):
        data = dataset()
        reserved = {(RT1, "infrastruktur/rt"): 10_000_000}
        found = check(data, tepat, "infrastruktur.exact", RT1, reserved=reserved)
        assert (found.status, found.amount) == (RuleStatus.FINDING, 10_000_000)
        assert found.letter == "E"
        assert found.remedy_text() == (
            "tambah kegiatan Rp10.000.000, atau kesepakatan rembug dan Surat Pernyataan"
            " (Lampiran E)"
        )

    def test_reserved_money_counts_against_a_maximum(self, tepat):
        reserved = {(RT1, "infrastruktur/rt"): 10_000_001}
        data = dataset()
        assert (
            check(data, tepat, "infrastruktur.rt.max", RT1, reserved=reserved).status
            is RuleStatus.BREACH
        )
        assert (
            check(data, tepat, "infrastruktur.exact", RT1, reserved=reserved).status
            is RuleStatus.BREACH
        )

    def test_letter_e_lifts_a_minimum(self, tepat):
        data = dataset(letters=[(RT1, "E", "infrastruktur")])
        lifted = check(data, tepat, "infrastruktur.exact", RT1)
        assert (lifted.status, lifted.letter) == (RuleStatus.PASS, "E")
        assert check(data, tepat, "infrastruktur.exact", RT2).status is RuleStatus.FINDING
        other = dataset(letters=[(RT1, "E", "ekonomi"), (RT1, "D", "infrastruktur")])
        assert check(other, tepat, "infrastruktur.exact", RT1).status is RuleStatus.FINDING

    @pytest.mark.parametrize(("volume", "rounding"), [(99, True), (98, False)])
    def test_less_than_a_volume_step_is_a_note(self, tepat, volume, rounding):
        paving = usulan("U-1", RT1, "Paving jalan/gang baru", 100_000, 101, step=1, least=2)
        paving = replace(paving, unit_price=100_001, step=Fraction(1), least=Fraction(2))
        data = dataset(paving)
        found = check(
            data,
            tepat,
            "infrastruktur.exact",
            RT1,
            volumes={"U-1": Fraction(volume)},
        )
        assert found.rounding is rounding
        assert found.status is (RuleStatus.PASS if rounding else RuleStatus.FINDING)
        assert found.amount == 10_000_000 - 100_001 * volume

    def test_an_activity_that_is_not_in_is_no_rounding(self, tepat):
        data = dataset(usulan("U-1", RT1, "Paving jalan/gang baru", 10_000_001))
        found = check(data, tepat, "infrastruktur.exact", RT1, volumes={})
        assert found.status is RuleStatus.FINDING

    def test_remedy_says_how_many_square_metres(self, tepat):
        paving = usulan("U-1", RT1, "Paving jalan/gang baru", 150_000, 72, measure="m²")
        found = check(dataset(paving), tepat, "infrastruktur.rt.max", RT1)
        assert found.amount == 800_000
        assert found.remedy_text() == "kurangi 6 m² (Paving jalan/gang baru)"
        assert found.remedy_text(Words("en")) == "take off 6 m² (Paving jalan/gang baru)"

    def test_unknown_bound_once_for_a_kelurahan(self):
        policy = load_policy("kediri-2024")
        checks = check_rules(dataset(), policy, as_recorded(dataset(), policy))
        unknown = [c for c in checks if c.rule == "kepemudaan.max"]
        assert [(c.place, c.status) for c in unknown] == [("Contoh", RuleStatus.UNKNOWN)]

    def test_admin_costs_are_rupiah_in_2022(self, naskah):
        data = dataset(usulan("U-1", RT1, "biaya_umum", 1_500_001, field="biaya_umum"))
        assert check(data, naskah, "biaya_umum.max", RT1).amount == 1


class TestPool:
    def test_overspent_once_for_the_kelurahan(self, tepat):
        found = check(
            dataset(joint(90_000_001)),
            tepat,
            "pool",
            "Contoh",
            pool_shares={(u, "infrastruktur/bersama"): 30_000_000 for u in (RT1, RT2, RT3)},
        )
        assert (found.status, found.amount) == (RuleStatus.BREACH, 1)

    def test_unspent_is_a_note(self, tepat):
        found = check(dataset(joint(80_000_000)), tepat, "pool", "Contoh")
        assert (found.status, found.amount) == (RuleStatus.PASS, 10_000_000)

    def test_recorded_share_pays_for_joint_projects_where_it_may(self, naskah):
        data = dataset(joint(84_000_000))
        assert recorded_share(data, naskah, "Contoh") == Fraction(28, 100)
        assert check(data, naskah, "pool", "Contoh").status is RuleStatus.PASS
        dear = dataset(joint(90_000_001))
        assert recorded_share(dear, naskah, "Contoh") is None
        assert check(dear, naskah, "pool", "Contoh").amount == 15_000_001

    def test_unequal_shares(self, tepat):
        data = dataset(joint(80_000_000))
        shares = {(u, "infrastruktur/bersama"): 30_000_000 for u in (RT1, RT2)}
        shares[RT3, "infrastruktur/bersama"] = 30_000_001
        assert check(data, tepat, "pool.share", RT3, pool_shares=shares).amount == 1

    def test_equal_shares_of_unequal_budgets(self, tepat):
        data = dataset(joint(80_000_000), places=territory(99_999_999, PAGU, 50_000_001))
        checks = check_rules(data, tepat, as_recorded(data, tepat, Fraction(1, 3)))
        assert not [c for c in checks if c.rule == "pool.share"]

    def test_unknown_pool(self, tepat):
        data = dataset()
        assert check(data, tepat, "pool", "Contoh", pool_known=False).status is RuleStatus.UNKNOWN
        bound = check(data, tepat, "infrastruktur.exact", RT1, pool_known=False, pool_shares={})
        assert bound.status is RuleStatus.UNKNOWN


class TestShared:
    def test_contributions_keep_the_caps_of_the_host(self, tepat):
        shared = usulan(
            "W-1", "Contoh/01", "posyandu_alat", 60_000_000, field="kesehatan", booking=RT1
        )
        data = dataset(shared)
        assert as_recorded(data, tepat).contributions == {
            (RT1, "W-1"): 30_000_000,
            (RT2, "W-1"): 30_000_000,
        }
        found = check(data, tepat, "kesehatan.max", RT1)
        assert (found.status, found.total) == (RuleStatus.PASS, 30_000_000)

    def test_a_merged_activity_booked_at_one_rt_is_no_breach_of_its_host(self, tepat):
        """Contributor, host and location are three facts: 60 million in a list, 35 of its own."""
        alone = usulan("U-1", RT1, "posyandu_alat", 60_000_000, field="kesehatan", booking=RT1)
        assert check(dataset(alone), tepat, "kesehatan.max", RT1).status is RuleStatus.BREACH
        merged = replace(alone, participants=(RT1, RT2), shares=(35, 25), location="balai RW 01")
        data = dataset(merged)
        recorded = as_recorded(data, tepat)
        assert recorded.contributions == {(RT1, "U-1"): 35_000_000, (RT2, "U-1"): 25_000_000}
        checks = check_rules(data, tepat, recorded)
        for unit, paid in ((RT1, 35_000_000), (RT2, 25_000_000), (RT3, 0)):
            found = find(checks, "kesehatan.max", unit)
            assert (found.status, found.total) == (RuleStatus.PASS, paid)
            assert (
                find(checks, "pagu", unit).total
                == paid + recorded.pool_shares[unit, "infrastruktur/bersama"]
            )
        # The booking place pays no more than its part, whoever's list it stands in.
        wrong = {(RT1, "U-1"): 60_000_000}
        assert (
            find(
                check_rules(data, tepat, replace(recorded, contributions=wrong)),
                "kesehatan.max",
                RT1,
            ).amount
            == 20_000_000
        )

    def test_parts_are_split_by_least_volume_and_steps(self):
        policy = load_policy("kediri-2024")
        shared = usulan("K-1", "Contoh", "Drainase lintas RT/RW", 100, 7)
        shared = replace(shared, least=Fraction(1), step=Fraction(2))
        data = dataset(shared)
        contributions = as_recorded(data, policy).contributions
        assert [contributions[u, "K-1"] for u in (RT1, RT2, RT3)] == [
            34 + 3 * 67,
            33 + 3 * 67,
            33 + 3 * 66,
        ]

    def test_one_payer_needs_no_contribution(self, tepat):
        alone = usulan("W-1", "Contoh/02", "posyandu_alat", 41_000_000, field="kesehatan")
        hosted = usulan("U-1", RT1, "posyandu_alat", 42_000_000, field="kesehatan")
        data = dataset(alone, replace(hosted, participants=(RT2,)))
        assert as_recorded(data, tepat).contributions == {}
        assert check(data, tepat, "kesehatan.max", RT3).amount == 1_000_000
        assert check(data, tepat, "kesehatan.max", RT2).amount == 2_000_000
        assert check(data, tepat, "kesehatan.max", RT1).total == 0

    def test_one_rupiah_shifted(self, tepat):
        data = dataset(usulan("W-1", "Contoh/01", "posyandu_alat", 11))
        given = {(RT1, "W-1"): 5, (RT2, "W-1"): 6}
        checks = check_rules(data, tepat, replace(as_recorded(data, tepat), contributions=given))
        assert find(checks, "contributions", RT1).amount == 1
        assert find(checks, "contributions", RT2).amount == 1

    def test_unknown_participants(self, tepat):
        data = dataset(usulan("W-1", "Contoh/01", "posyandu_alat", 11))
        found = check(data, tepat, "contributions", "Contoh", participants_known=False)
        assert (found.status, found.about) == (RuleStatus.UNKNOWN, ("W-1",))


class TestItems:
    def test_mandatory_and_letter_d(self, naskah):
        data = dataset(
            usulan("U-1", RT1, "iuran_jkn", 1_000_000),
            usulan("W-1", "Contoh/01", "pmt", 3_000_000),
            letters=[(RT2, "D", "Iuran JKN"), (RT3, "D", "iuran_jkn")],
        )
        assert check(data, naskah, "rule.jkn", RT1).status is RuleStatus.PASS
        assert check(data, naskah, "rule.jkn", RT3).letter == "D"
        assert check(data, naskah, "rule.jkn", RT3).status is RuleStatus.PASS
        # A shared activity counts for those that take part; for PMT no letter is known.
        assert check(data, naskah, "rule.pmt", RT2).status is RuleStatus.PASS
        missing = check(data, naskah, "rule.pmt", RT3)
        assert (missing.status, missing.letter) == (RuleStatus.FINDING, "")

    def test_rupiah_limit_times_the_units_served(self, naskah):
        data = dataset(
            usulan("W-1", "Contoh/01", "pmt", 4_000_000),
            usulan("U-1", RT1, "pmt", 2_000_001),
            usulan("U-3", RT3, "pmt", 999_999),
        )
        assert check(data, naskah, "rule.pmt_nilai", "Contoh/01").status is RuleStatus.PASS
        over = check(data, naskah, "rule.pmt_nilai", RT1)
        assert (over.status, over.amount) == (RuleStatus.BREACH, 1)
        short = check(data, naskah, "rule.pmt_nilai", RT3)
        assert (short.status, short.amount) == (RuleStatus.FINDING, 1)

    def test_volume_limit_adds_up_a_list(self, naskah):
        data = dataset(
            usulan("U-1", RT1, "cctv", 1_000_000, 2, measure="unit"),
            usulan("U-2", RT1, "cctv", 1_000_000, 2, measure="unit"),
        )
        found = check(data, naskah, "rule.cctv", RT1)
        assert (found.status, found.amount, found.total) == (RuleStatus.BREACH, 1, 4)
        assert found.remedy_text() == "kurangi 1 unit (cctv)"

    def test_unit_price(self, naskah):
        data = dataset(usulan("U-1", RT1, "paket_sekolah", 300_001, 10))
        assert check(data, naskah, "rule.paket_sekolah", RT1).amount == 1

    def test_once_cannot_see_earlier_years(self, naskah):
        one = usulan("W-1", "Contoh/01", "koperasi_rw", 50_000_000)
        assert (
            check(dataset(one), naskah, "rule.koperasi_sekali", "Contoh/01").status
            is RuleStatus.UNKNOWN
        )
        two = dataset(one, replace(one, id="W-2"))
        checks = check_rules(two, naskah, as_recorded(two, naskah))
        found = [c.status for c in checks if c.rule == "rule.koperasi_sekali"]
        assert found == [RuleStatus.BREACH, RuleStatus.UNKNOWN]

    def test_field_without_proposals_needs_the_letter(self, naskah):
        data = dataset(usulan("U-1", RT1, "iuran_jkn", 1_000_000))
        assert check(data, naskah, "field.kesehatan", RT1).status is RuleStatus.PASS
        empty = check(data, naskah, "field.kesehatan", RT2)
        assert (empty.status, empty.letter) == (RuleStatus.FINDING, "E")

    def test_field_left_out_by_the_plan_never_names_the_letter(self, naskah):
        data = dataset(usulan("U-1", RT1, "iuran_jkn", 1_000_000))
        found = check(data, naskah, "field.kesehatan", RT1, volumes={})
        assert (found.status, found.letter) == (RuleStatus.FINDING, "")
        assert found.remedy is not None
        assert found.remedy.proposal == "U-1"

    def test_recorded_mandatory_left_out(self, naskah):
        data = dataset(usulan("U-1", RT1, "cctv", 1_000_000, status=Status.MANDATORY))
        found = check(data, naskah, "mandatory", RT1, volumes={})
        assert found.status is RuleStatus.FINDING


def with_rule(policy: Policy, kind: RuleKind, requires=()) -> Policy:
    rule = ItemRule("contoh", kind, ("cctv", "portal"), requires, text={"id": "x", "en": "x"})
    return replace(policy, rules=(rule,))


class TestAlternatives:
    def test_one_of(self, naskah):
        policy = with_rule(naskah, RuleKind.ONE_OF)
        data = dataset(
            usulan("U-1", RT1, "cctv", 1_000_000),
            usulan("U-2", RT1, "cctv", 1_000_000),
            usulan("U-3", RT2, "cctv", 1_000_000),
        )
        found = check(data, policy, "rule.contoh", RT1)
        assert (found.status, found.amount) == (RuleStatus.BREACH, 1)
        assert check(data, policy, "rule.contoh", RT2).status is RuleStatus.PASS

    def test_only_with(self, naskah):
        policy = with_rule(naskah, RuleKind.ONLY_WITH, ("posyandu_alat", "pmt"))
        data = dataset(
            usulan("U-1", RT1, "cctv", 1_000_000),
            usulan("W-1", "Contoh/01", "pmt", 1_000_000),
            usulan("U-3", RT3, "cctv", 1_000_000),
        )
        assert check(data, policy, "rule.contoh", RT1).status is RuleStatus.PASS
        found = check(data, policy, "rule.contoh", RT3)
        assert (found.status, found.about) == (RuleStatus.BREACH, ("U-3",))


class TestRecords:
    def test_off_menu_and_wrong_field(self, naskah):
        data = dataset(
            usulan("U-1", RT1, "kembang api", 1_000_000, field="sosial_budaya"),
            usulan("U-2", RT2, "iuran_jkn", 1_000_000, field="ekonomi"),
            usulan("U-3", RT3, "kembang api", 1_000_000, field="hiburan"),
        )
        assert check(data, naskah, "menu", RT1).status is RuleStatus.FINDING
        assert check(data, naskah, "menu_field", RT2).status is RuleStatus.FINDING
        assert check(data, naskah, "account", RT3).status is RuleStatus.FINDING
        assert check(data, naskah, "pagu", RT3).total == 26_000_000

    def test_volume_that_nobody_asked(self, naskah):
        data = dataset(usulan("U-1", RT1, "cctv", 1_000_000, 2))
        found = check(data, naskah, "volume", RT1, volumes={"U-1": Fraction(3)})
        assert found.status is RuleStatus.BREACH

    def test_excluded_is_not_recorded_and_not_allowed(self, naskah):
        data = dataset(usulan("U-1", RT1, "cctv", 1_000_000, status=Status.EXCLUDED))
        assert as_recorded(data, naskah).volumes == {}
        found = check(data, naskah, "proposal", RT1, volumes={"U-1": Fraction(1)})
        assert found.status is RuleStatus.BREACH


def everything(policy: Policy) -> tuple[Dataset, Listed]:
    data = dataset(
        joint(84_000_000),
        usulan("W-1", "Contoh/01", "pmt", 3_000_001),
        usulan("U-1", RT1, "iuran_jkn", 41_000_000, field="ekonomi"),
        usulan("U-2", RT1, "kembang api", 1_000_000, field="hiburan"),
        usulan("W-2", "Contoh/01", "koperasi_rw", 150_000_000),
        letters=[(RT2, "E", "infrastruktur"), (RT2, "D", "iuran_jkn"), (RT2, "E", "kepemudaan")],
    )
    return data, as_recorded(data, policy)


@pytest.mark.parametrize("policy", ["kediri-2015", "kediri-2022", "kediri-2023", "kediri-2024"])
def test_every_check_can_be_said_in_both_languages(policy):
    rules = load_policy(policy)
    data, listed = everything(rules)
    for judged in (listed, Listed(volumes={}), replace(listed, pool_known=False)):
        for found in check_rules(data, rules, judged):
            for lang in languages():
                assert found.message(Words(lang))
                assert "{" not in found.message(Words(lang)) + found.remedy_text(Words(lang))


def test_order_is_canonical_whatever_the_order_of_rows(naskah):
    data, listed = everything(naskah)
    turned = Dataset.build(
        data.meta, data.territory, reversed(data.proposals), letters=reversed(data.letters)
    )
    shuffled = Listed(
        volumes=dict(reversed(listed.volumes.items())),
        contributions=dict(reversed(listed.contributions.items())),
        pool_shares=dict(reversed(listed.pool_shares.items())),
    )
    assert check_rules(data, naskah, listed) == check_rules(turned, naskah, shuffled)


def test_no_import_of_what_it_judges():
    folder = Path(optimizer.rules.__file__).parent
    for file in sorted(folder.glob("*.py")):
        imported = {
            name
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            for name in (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else []
            )
        }
        forbidden = ("optimizer.formulation", "optimizer.solving", "pulp", "highspy")
        assert not [name for name in imported if name.startswith(forbidden)]

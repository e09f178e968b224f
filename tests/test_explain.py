"""Cards: every branch of the wording, by hand-made cases."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from instances import make_dataset, make_policy, make_proposal, make_unit

from optimizer.errors import ScenarioError
from optimizer.explain import Explainer, explain, explain_accounts, explain_pagu
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.record.meetings import Ballot, BallotKind, Count, Meeting, Results
from optimizer.record.policy import Account, Bound, ItemRule, RuleKind
from optimizer.record.proposals import Status
from optimizer.record.scenario import Pin, Scenario, Stage
from optimizer.words import Words

HOME = "Uji/01/01"
MILLION = 1_000_000
BUDGET = 100 * MILLION


def account(name: str, label: str, *bounds: Bound, children: tuple[Account, ...] = ()) -> Account:
    return Account(name, {"id": label, "en": label}, bounds=bounds, children=children)


SOCIAL = account("sosial", "Sosial budaya", Bound("max", share=Fraction(1, 5)))
HEALTH = account("sehat", "Kesehatan", Bound("exact", share=Fraction(2, 5), waivable=True))
ECONOMY = account("ekonomi", "Ekonomi", Bound("max", rupiah=5 * MILLION))
OTHERS = (account("infra", "Infrastruktur"), account("pemuda", "Kepemudaan"))


def item(number: int, activity: str, price: int, **more: object):
    known = {"rank": number, "measure": "unit", "description": f"Usulan {number}", **more}
    owner = str(known.pop("owner", HOME))
    return make_proposal(f"U-{number}", owner, activity, price * MILLION, **known)


def pieces(count: int) -> dict[str, Fraction]:
    return {"volume": Fraction(count), "least": Fraction(count), "step": Fraction(count)}


def plan_of(
    proposals: list,
    *stages: str,
    votes: dict[int, int] | None = None,
    rules: tuple[ItemRule, ...] = (),
    pins: tuple[Pin, ...] = (),
    units: int = 1,
    accounts: tuple[Account, ...] = (SOCIAL, HEALTH, ECONOMY, *OTHERS),
    results: Results | None = None,
) -> Plan:
    counts = tuple(Count(f"U-{n}", HOME, k) for n, k in (votes or {}).items())
    meeting = Meeting(HOME, "rt", present=20)
    found = results or (Results((meeting,), counts) if votes else Results())
    rooms = [make_unit(n, BUDGET, residents=100) for n in range(1, units + 1)]
    return optimize(
        Scenario(
            "uji",
            make_dataset(rooms, proposals, found),
            make_policy(accounts, rules),
            stages=tuple(Stage(s) for s in stages or ("order",)),
            pins=pins,
        )
    )


def text(plan: Plan, number: int, lang: str = "id") -> str:
    return explain(plan, f"U-{number}").text(Words(lang))


CCTV = [item(1, "pkk", 11), item(2, "seni", 4, description="CCTV", **pieces(3))]


def test_the_words_of_the_screens() -> None:
    card = explain(plan_of(CCTV), "U-2")
    assert card.reason_text() == (
        "Sosial budaya paling banyak 20% (Rp20.000.000), sudah terisi Rp11.000.000. "
        "Sisanya Rp9.000.000. Agar muat tanpa menggeser usulan lain: kurangi jadi 2 unit "
        "(Rp8.000.000) atau tambah swadaya Rp3.000.000. "
        "Cara lain, yang menggeser usulan lain: warga mengubah urutan dalam rembug."
    )
    assert card.largest_volume == 2
    assert card.least_own_funds == 3 * MILLION
    assert [m.proposal.id for m in card.taken_by] == ["U-1"]
    assert card.text(public=True).splitlines()[1] == card.reason_text()
    assert "Usulan 1, Rp11.000.000 (urutan ke-1)" in card.text()
    assert "Usulan 1 (urutan ke-1) keluar" in card.text()


def test_english() -> None:
    assert explain(plan_of(CCTV), "U-2").reason_text(Words("en")) == (
        "Sosial budaya: at most 20% (Rp20,000,000), Rp11,000,000 already taken. "
        "Rp9,000,000 is left. To make it fit without moving other proposals: reduce it to 2 units "
        "(Rp8,000,000) or add Rp3,000,000 of the residents' own funds (swadaya). "
        "Another way, which moves other proposals: the residents change the order in their meeting."
    )


def test_alone_it_is_too_much() -> None:
    found = text(plan_of([item(1, "pkk", 25)]), 1)
    assert "Sendirian pun usulan ini sudah melewati batas: biayanya Rp25.000.000" in found
    assert "tambah swadaya Rp5.000.000" in found
    assert "mengubah urutan" not in found


def test_a_full_account_and_a_limit_in_rupiah() -> None:
    plan = plan_of([item(1, "latihan", 5), item(2, "koperasi", 2)])
    found = text(plan, 2)
    assert "Ekonomi sudah mencapai batas paling banyak Rp5.000.000." in found
    assert "usulan ini tidak muat. Jalan yang ada: warga mengubah urutan" in found


def test_most_of_it_would_be_own_funds() -> None:
    found = text(plan_of([item(1, "pkk", 19), item(2, "seni", 10)]), 2)
    assert "Sisanya Rp1.000.000. Agar muat tanpa menggeser usulan lain" in found
    assert "tambah swadaya Rp9.000.000 (hampir seluruh biayanya)." in found


def test_the_pagu_and_what_is_held_for_minima() -> None:
    proposals = [item(1, "jalan", 70), item(2, "saluran", 5)]
    plan = plan_of(proposals, accounts=(SOCIAL, ECONOMY, *OTHERS, replace(HEALTH, bounds=())))
    assert "masuk rancangan" in text(plan, 2)
    proposals = [item(1, "jalan", 58), item(2, "saluran", 5)]
    found = text(plan_of(proposals), 2)
    assert (
        "Pagu Rp100.000.000, sudah terisi Rp58.000.000. Rp40.000.000 lagi disimpan untuk "
        "Kesehatan, karena aturan menetapkan minimumnya. Sisanya Rp2.000.000."
    ) in found
    proposals = [item(1, "jalan", 98), item(2, "saluran", 5)]
    plan = plan_of(proposals, accounts=(SOCIAL, ECONOMY, *OTHERS, replace(HEALTH, bounds=())))
    assert "sudah terisi Rp98.000.000. Sisanya Rp2.000.000." in text(plan, 2)


def test_exactly_a_share() -> None:
    found = text(plan_of([item(1, "obat", 38), item(2, "pmt", 6)]), 2)
    assert "Kesehatan tepat 40% (Rp40.000.000), sudah terisi Rp38.000.000." in found


def test_an_item_rule() -> None:
    rule = ItemRule(
        "satu", RuleKind.ONE_OF, ("pkk", "seni"), text={"id": "Pilih satu.", "en": "Choose one."}
    )
    plan = plan_of([item(1, "pkk", 2), item(2, "seni", 2)], rules=(rule,))
    assert "Aturan: Pilih satu." in text(plan, 2)
    lone = ItemRule("syarat", RuleKind.ONLY_WITH, ("pkk",), ("seni",), text={"id": "Perlu seni."})
    plan = plan_of([item(1, "pkk", 2)], rules=(lone,))
    assert "Sendirian pun usulan ini tidak memenuhi aturan: Perlu seni." in text(plan, 1)


def test_in_with_less_than_was_asked() -> None:
    asked = item(1, "pkk", 2, volume=Fraction(12), least=Fraction(2), step=Fraction(1))
    found = text(plan_of([asked, item(2, "seni", 1)]), 1)
    assert "masuk sebagian, 10 unit dari 12 unit yang diusulkan, biayanya Rp20.000.000." in found
    assert "Yang 2 unit lagi (Rp4.000.000) belum muat. Sosial budaya" in found
    assert "Supaya masuk semua: tambah swadaya Rp4.000.000." in found
    assert "Tetap masuk selama urutannya tidak turun." in found
    assert "Kalau usulan ini keluar: Usulan 2 (urutan ke-2) masuk." in found


def test_nobody_waits_for_the_money() -> None:
    found = text(plan_of([item(1, "pkk", 2)]), 1)
    assert "Usulan ini tetap masuk di urutan mana pun." in found


def test_support_lacking_and_to_spare() -> None:
    proposals = [item(1, "pkk", 11), item(2, "seni", 12)]
    plan = plan_of(proposals, "support", votes={1: 12, 2: 5})
    card, other = explain(plan, "U-2"), explain(plan, "U-1")
    assert (card.lacks, other.safe) == (7, 6)
    assert "Kalau 7 warga lagi mendukung, jadi 12 dari 20 yang hadir, usulan ini masuk." in (
        card.text()
    )
    assert "5 warga mendukung (dari 20 hadir)." in card.text(public=True)
    assert "Tetap masuk walau dukungan berkurang 6 warga." in other.text()
    assert "menggeser usulan lain: warga membicarakannya lagi dalam rembug." in card.text()
    assert "turun 58,33%" in card.text()
    assert card.welfare_lost[1][0] == "support"


def test_support_that_is_tied() -> None:
    proposals = [item(1, "pkk", 11), item(2, "seni", 12)]
    plan = plan_of(proposals, "support", votes={1: 5, 2: 5})
    assert (explain(plan, "U-2").lacks, explain(plan, "U-1").safe) == (0, -1)
    assert "seri dengan yang masuk" in text(plan, 2)
    assert "ada susunan lain yang sama baiknya tanpa usulan ini" in text(plan, 1)
    assert explain(plan, "U-2").least_own_funds == 0


def test_support_that_cannot_be_enough_or_is_not_needed() -> None:
    proposals = [item(1, "pkk", 11), item(2, "seni", 12), item(3, "latihan", 1)]
    plan = plan_of(proposals, "support", votes={1: 20, 2: 5, 3: 4})
    assert "Tetap masuk selama masih ada yang mendukung." in text(plan, 3)
    plan = plan_of(proposals[:2], "support", votes={1: 19, 2: 18})
    assert explain(plan, "U-2").lacks == 1
    plan = plan_of([item(1, "pkk", 20), item(2, "seni", 5), item(3, "seni", 5)], "support",
                   votes={1: 2, 2: 20, 3: 20})  # fmt: skip
    assert explain(plan, "U-1").lacks_why == "people"
    assert "Walau semua yang hadir mendukung" in text(plan, 1)


def test_a_mandatory_activity_comes_first() -> None:
    proposals = [item(1, "pkk", 15, status=Status.MANDATORY), item(2, "seni", 12)]
    plan = plan_of(proposals, "support", votes={1: 1, 2: 5})
    assert explain(plan, "U-2").lacks_why == "earlier"
    assert "ada yang harus didahulukan" in text(plan, 2)
    assert "Kegiatan ini wajib." in text(plan, 1)


def test_rankings_are_not_counted_in_persons() -> None:
    ballots = (Ballot(HOME, BallotKind.RANKING, (("U-1", 0), ("U-2", 0)), 5),)
    plan = plan_of(
        [item(1, "pkk", 11), item(2, "seni", 12)], "support", results=Results(ballots=ballots)
    )
    assert "peringkat atau poin" in text(plan, 1)
    assert "peringkat atau poin" in text(plan, 2)


def test_pins_exclusions_and_unknown_fields() -> None:
    proposals = [
        item(1, "pkk", 2),
        item(2, "seni", 2),
        item(3, "seni", 2, status=Status.EXCLUDED, reason="ditunda"),
        replace(item(4, "seni", 2), activity="entah", field="entah"),
    ]
    pins = (Pin("U-1", True, "janji"), Pin("U-2", False, "rusak"))
    plan = plan_of(proposals, pins=pins)
    assert "Dipastikan masuk (alasan: janji)." in text(plan, 1)
    assert "sengaja tidak dimasukkan. Alasan: rusak." in text(plan, 2)
    assert text(plan, 3) == "Usulan 3: tidak diajukan. Alasan: ditunda."
    assert 'bidang "entah" tidak ada dalam aturan ini' in text(plan, 4)


def test_a_shared_proposal_says_at_whom() -> None:
    shared = item(3, "seni", 10, owner="Uji/01", rank=None)
    proposals = [item(1, "pkk", 18, status=Status.MANDATORY), shared]
    plan = plan_of(proposals, units=2)
    card = explain(plan, "U-3")
    assert card.state == "out"
    assert (
        "Biayanya dibagi ke 2 RT. Bagian RT 01 / RW 01 Rp5.000.000, padahal jatah Sosial"
        in card.text()
    )
    assert "Rinciannya di RT 01 / RW 01: Sosial" in card.text().splitlines()[-1]
    assert "Usulan 1, Rp18.000.000 (kegiatan wajib)" in card.text()
    assert "Usulan 1 (urutan ke-1 di RT 01 / RW 01) keluar" in card.text()


def test_why_one_further_down_is_in() -> None:
    proposals = [item(1, "pkk", 12), item(2, "seni", 16), item(3, "pkk", 5)]
    by_order = explain(plan_of(proposals), "U-2")
    assert {m.proposal.id for m in by_order.displaces} == {"U-1", "U-3"}
    assert "lebih belakang masuk dengan sisa uang, yang tidak cukup untuk usulan ini." in (
        by_order.text()
    )
    assert "lebih belakang" not in by_order.text(public=True)
    by_votes = explain(plan_of(proposals, "support", votes={1: 12, 2: 5, 3: 11}), "U-2")
    assert "Rancangan ini menghitung dukungan, bukan urutan" in by_votes.text()
    # What is mandatory stays in whatever its place: nothing was left over for it.
    must = [*proposals[:2], item(3, "pkk", 5, status=Status.MANDATORY)]
    assert "lebih belakang" not in explain(plan_of(must), "U-2").text()


def test_nearly_all_of_the_cost_and_no_order_where_votes_decide() -> None:
    proposals = [item(1, "pkk", 19), item(2, "seni", 10)]
    card = explain(plan_of(proposals, "support", votes={1: 12, 2: 5}), "U-2")
    assert "Rp9.000.000 (hampir seluruh biayanya)" in card.text()
    assert "urutan dalam rembug" not in card.text()
    assert "membicarakannya lagi dalam rembug" in card.text()


def test_a_pool() -> None:
    pool = Account(
        "infra/bersama",
        {"id": "Bersama", "en": "Joint"},
        decided_at="kelurahan",
        bounds=(Bound("min", share=Fraction(3, 10)),),
    )
    infra = account(
        "infra", "Infrastruktur", children=(pool, account("infra/rt", "Infrastruktur RT"))
    )
    proposals = [item(1, "jalan", 25, owner="Uji"), item(2, "saluran", 9, owner="Uji")]
    plan = plan_of(proposals, accounts=(infra, SOCIAL, OTHERS[1]))
    found = text(plan, 2)
    assert "Dana infrastruktur bersama Rp30.000.000, sudah terpakai Rp25.000.000." in found
    assert (
        "tambah swadaya Rp4.000.000. Cara lain, yang menggeser usulan lain: urutannya diubah"
        in found
    )
    assert "Usulan 1 (urutan ke-1) keluar." in found
    cards = {c.account.id: c for c in explain_accounts(plan, HOME)}
    assert "Bersama: Rp30.000.000 diserahkan ke dana bersama" in cards["infra/bersama"].text()


def test_welfare_and_envelopes() -> None:
    proposals = [item(1, "pkk", 11), item(2, "seni", 12)]
    plan = plan_of(proposals, "welfare", votes={1: 12, 2: 5})
    assert "Akibatnya, nilai seluruh rancangan (dukungan dan pemerataan antarbidang) turun" in text(
        plan, 2
    )
    plan = plan_of(proposals, "priorities", votes={1: 12, 2: 5})
    assert "hanya membagi uang per bidang" in text(plan, 1)


def test_accounts() -> None:
    proposals = [
        item(1, "pkk", 18),
        item(2, "seni", 4),
        item(3, "latihan", 5),
        item(4, "jalan", 30),
        item(5, "obat", 2),
        item(6, "olahraga", 2),
    ]
    plan = plan_of(proposals, pins=(Pin("U-6", False, "rusak"),))
    found = {c.account.id: c.text() for c in explain_accounts(plan, HOME)}
    assert found["sosial"] == (
        "Sosial budaya: terisi Rp18.000.000 dari paling banyak 20% (Rp20.000.000). Sisa "
        "Rp2.000.000, tidak cukup untuk usulan mana pun. Tambahan yang paling murah, Usulan 2, "
        "1 unit, perlu Rp4.000.000: kurang Rp2.000.000."
    )
    assert found["ekonomi"] == "Ekonomi sudah mencapai batas paling banyak Rp5.000.000."
    assert "Semua usulan di sini sudah masuk." in found["sehat"]
    assert "Karena pagu, yang masih dapat ditambah hanya" in found["infra"]
    assert "sengaja tidak dimasukkan" in found["pemuda"]
    with pytest.raises(ScenarioError) as refused:
        explain_accounts(plan, "Uji/09/09")
    assert refused.value.code == "unknown_unit"


def test_nothing_proposed_in_an_account() -> None:
    found = {c.account.id: c.text() for c in explain_accounts(plan_of([item(1, "pkk", 1)]), HOME)}
    assert "Belum ada usulan di sini." in found["ekonomi"]


def test_the_pagu_of_a_unit() -> None:
    found = explain_pagu(plan_of([item(1, "pkk", 18), item(2, "obat", 2)]), HOME)
    assert (found.filled, found.held, found.left) == (20 * MILLION, 38 * MILLION, 42 * MILLION)
    assert (
        "Rp38.000.000 lagi disimpan untuk Kesehatan, karena aturan menetapkan minimumnya."
        in found.text()
    )
    assert "Sisanya Rp42.000.000." in found.text()


def test_why_a_step_with_money_for_it_is_not_taken() -> None:
    reducible = {"volume": Fraction(4), "least": Fraction(1), "step": Fraction(1)}
    wajib = item(1, "pkk", 1, status=Status.MANDATORY, **reducible)
    plan = plan_of([wajib, item(2, "obat", 1)], "support", votes={2: 9})
    found = {c.account.id: c for c in explain_accounts(plan, HOME)}
    assert found["sosial"].stopped_by == "no_gain"
    assert "Masih cukup untuk Usulan 1, 1 unit, Rp1.000.000" in found["sosial"].text()
    assert "Uangnya masih cukup untuk 3 unit lagi (Rp3.000.000)" in text(plan, 1)
    assert "Sebabnya: tidak ada catatan suara" in text(plan, 1)
    assert "catatan suara" not in explain(plan, "U-1").text(public=True)
    shared = item(3, "seni", 10, owner="Uji/01", rank=None)
    plan = plan_of([item(1, "pkk", 18, status=Status.MANDATORY), shared], units=2)
    cards = {c.account.id: c for c in explain_accounts(plan, "Uji/01/02")}
    assert cards["sosial"].stopped_by == "payer"
    assert "uang RT lain yang ikut membiayai tidak cukup" in cards["sosial"].text()


def test_fewer_supporters_for_a_larger_part() -> None:
    proposals = [
        item(1, "pkk", 1, volume=Fraction(20), least=Fraction(20)),
        item(2, "seni", 4, volume=Fraction(10), least=Fraction(5)),
    ]
    card = explain(plan_of(proposals, "support", votes={1: 10, 2: 16}), "U-2")
    assert card.weighed == (Fraction(8), Fraction(10))
    assert "5 unit dari 10 unit, jadi 16 warga dihitung 8." in card.text()
    assert "Yang tergeser dihitung 10." in card.text()


def test_a_shared_proposal_takes_its_part_of_the_money() -> None:
    proposals = [
        item(1, "pkk", 30, owner="Uji/01"),
        item(2, "seni", 6, owner=HOME),
    ]
    found = text(plan_of(proposals, units=2), 2)
    assert "Uang RT 01 / RW 01 terpakai lebih dulu oleh: Usulan 1, bagiannya Rp15.000.000 " in found
    assert "(urutan ke-1 di RW 01)" in found


def test_unknown_proposal() -> None:
    with pytest.raises(ScenarioError) as refused:
        explain(plan_of([item(1, "pkk", 1)]), "U-11")
    assert refused.value.data["near"] == "U-1"


def test_explainer_makes_a_card_once() -> None:
    explainer = Explainer(plan_of(CCTV))
    assert explainer.card("U-2") is explainer.card("U-2")


def test_under_equity_margins_are_said_not_to_be_computed() -> None:
    proposals = [item(1, "pkk", 11), item(2, "seni", 12)]
    plan = plan_of(proposals, "equity", votes={1: 12, 2: 5})
    out, inside = (explain(plan, p.id) for p in (*plan.left_out, *plan.chosen))
    assert "Berapa dukungan lagi yang diperlukan tidak dihitung" in out.text()
    assert "tambah swadaya" in out.text()
    assert "Kemantapan tidak dihitung untuk tujuan rancangan ini." in inside.text()

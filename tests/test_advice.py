"""Growth, cut lists and RW synchronisation: advice that obeys the rules it is about."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from recap_corpus import CSV, layout, lines, to_file

from optimizer.advice import cut_list, growths, new_budgets, overlaps, own_decision
from optimizer.checking import Opened, Origin, open_source, policy_for
from optimizer.files.recap import read_recap
from optimizer.files.recap_dataset import dataset_from_recap
from optimizer.rules import RuleStatus, check_rules
from optimizer.rules.ledger import Ledger


def opened(found):
    data, file = to_file(layout(found, CSV), CSV)
    recap = read_recap(data, file)
    policy = policy_for(2023, None)
    source = dataset_from_recap(recap, policy)
    return Opened("x", Origin.RECAP, source.dataset, policy, source.listed(policy), source)


@pytest.fixture(scope="module")
def kaliombo():
    return open_source("data/kaliombo-2023")


def grown(source, growth):
    """The books after one of the growths."""
    old = source.recorded.volumes.get(growth.proposal.id, Fraction(0))
    new = replace(growth.proposal, volume=old + growth.volume)
    proposals = [new if p.id == new.id else p for p in source.dataset.proposals]
    dataset = replace(source.dataset, proposals=tuple(proposals))
    volumes = {**source.recorded.volumes, new.id: new.volume}
    return dataset, replace(source.recorded, volumes=volumes)


def test_what_could_grow_keeps_every_maximum():
    short = [replace(x, volume=47, cost=9_400_000) if "Paving" in x.description else x
             for x in lines(5)]  # fmt: skip
    source = opened(short)
    (growth,) = growths(source.ledger, "Contoh 01/01/01")
    assert (growth.kind, growth.volume, growth.amount) == ("extend", 3, 600_000)
    dataset, listed = grown(source, growth)
    after = check_rules(dataset, source.policy, listed)
    assert not [c for c in after if c.status is RuleStatus.BREACH]


def test_left_out_items_come_back_as_far_as_they_fit():
    source = opened(lines(5))
    sport = next(p for p in source.dataset.proposals if "olahraga" in p.title)
    volumes = {k: v for k, v in source.recorded.volumes.items() if k != sport.id}
    ledger = Ledger(source.dataset, source.policy, replace(source.recorded, volumes=volumes))
    found = growths(ledger, sport.owner)
    assert [(g.kind, g.proposal.id, g.amount) for g in found] == [
        ("bring_in", sport.id, sport.full_cost)
    ]


@pytest.mark.parametrize("cut", [Fraction(1, 10), Fraction(1, 4), 40_000_000])
def test_after_the_cuts_no_maximum_breaks(kaliombo, cut):
    budgets = new_budgets(kaliombo.dataset, cut)
    found = cut_list(kaliombo.ledger, budgets)
    kept = {**kaliombo.recorded.volumes, **{c.proposal.id: c.kept for c in found.cuts}}
    units = [replace(u, budget=budgets[u.id]) for u in kaliombo.dataset.territory.units]
    territory = kaliombo.dataset.territory.__class__(units)
    dataset = replace(kaliombo.dataset, territory=territory)
    shares = {
        key: -(-amount * budgets[key[0]] // 100_000_000)
        for key, amount in kaliombo.recorded.pool_shares.items()
    }
    listed = replace(kaliombo.recorded, volumes=kept, pool_shares=shares)
    checks = check_rules(dataset, kaliombo.policy, listed)
    over = {c.place for c in checks if c.status is RuleStatus.BREACH and c.rule == "pagu"}
    assert over == set(found.still_over)
    spent = sum(Ledger(dataset, kaliombo.policy, listed).cost(p) for p in dataset.proposals)
    before = sum(kaliombo.ledger.cost(p) for p in dataset.proposals)
    assert before - spent == found.saved
    assert not [c for c in checks if c.rule == "pool" and c.status is RuleStatus.BREACH]


def test_cuts_come_from_the_end_and_spare_what_is_mandatory(kaliombo):
    found = cut_list(kaliombo.ledger, new_budgets(kaliombo.dataset, Fraction(1, 4)))
    cut = {c.proposal.id: c for c in found.cuts}
    for items in kaliombo.dataset.lists.values():
        touched = [p for p in items if p.id in cut and cut[p.id].because == "pagu"]
        spared = [p for p in items if p.id not in cut]
        first = {kaliombo.ledger.activity(p) for p in spared}
        for proposal in touched:
            assert kaliombo.ledger.activity(proposal) not in {"iuran_jkn", "pmt", "pkk"}
        assert first or not items
    assert all(c.saved > 0 for c in found.cuts)


def test_overlaps_stand_side_by_side_with_equal_parts(kaliombo):
    found = overlaps(kaliombo.ledger)
    assert found and any(o.merge for o in found)
    for overlap in found:
        assert len(overlap.parts) > 1
        assert sum(amount for _, amount in overlap.parts) == overlap.total
        amounts = [amount for _, amount in overlap.parts]
        assert max(amounts) - min(amounts) <= 1
        assert all(unit.startswith(overlap.rw + "/") for unit, _ in overlap.parts)
    names = {o.activity for o in found}
    assert not names & {"Iuran JKN", "Biaya umum administrasi"}


def test_what_an_rt_decides_itself():
    source = opened(lines(5))
    unit = "Contoh 01/01/01"
    own = [p for p in source.dataset.proposals if p.owner == unit]
    words = ("PMT", "JKN", "PKK", "Pelatihan", "Biaya")
    fixed = sum(p.full_cost for p in own if any(word in p.title for word in words))
    assert own_decision(source.ledger, unit) == 100_000_000 - 30_000_000 - fixed

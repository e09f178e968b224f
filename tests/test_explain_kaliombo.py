"""Cards of all of Kaliombo: they read well, add up, and keep votes off public sheets."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from optimizer.explain import Explainer, explain, explain_accounts, explain_pagu
from optimizer.explain.binding import telling
from optimizer.explain.margins import Margins
from optimizer.explain.moves import Moves
from optimizer.explain.votes import Electorate
from optimizer.files.scenarios import load_scenario
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.words import Words

ROOT = Path(__file__).parents[1]
VOTES = re.compile(
    r"warga lagi|yang hadir mendukung|dukungan berkurang|pendukung|Dukungan|dukungan yang|"
    r"seri|catatan suara|more supported|fewer support|supporter|tied|Stays in|Kemantapan|How safe|"
    r"How much more|No votes|no votes"
)

KALIOMBO = tuple(f"kaliombo-2023{n}" for n in ("", "-dukungan", "-merata", "-pemuda-5"))


@cache
def kaliombo(name: str) -> Plan:
    return optimize(load_scenario(str(ROOT / "scenarios" / f"{name}.yaml")))


@pytest.mark.parametrize("name", KALIOMBO)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_card_of_kaliombo_reads_well(name: str, lang: str) -> None:
    plan = kaliombo(name)
    cards = list(Explainer(plan).cards())
    assert [c.id for c in cards] == [p.id for p in plan.scenario.dataset.proposals]
    for card in cards:
        for found in (card.text(Words(lang)), card.text(Words(lang), public=True)):
            assert not re.search(r"[{}]|None|\.\.|  |: \.|\(\)", found), found
            assert all(line.endswith(".") for line in found.splitlines()), found
        assert not VOTES.search(card.text(Words(lang), public=True))
        assert not VOTES.search(card.reason_text(Words(lang)))
    for unit in plan.scenario.dataset.territory.units:
        pagu, accounts = explain_pagu(plan, unit.id), explain_accounts(plan, unit.id)
        for text in (pagu.text(Words(lang)), *(a.text(Words(lang)) for a in accounts)):
            assert not re.search(r"[{}]|None|\.\.|  ", text), text
        assert pagu.filled == sum(a.filled for a in accounts)


@pytest.mark.parametrize("name", KALIOMBO)
def test_what_is_out_says_why(name: str) -> None:
    plan = kaliombo(name)
    for proposal in plan.left_out:
        card = explain(plan, proposal.id)
        if card.state == "out":
            assert card.binding
            told = list(telling(card.binding))
            if told[0].payers == 1:
                # Taken, held and left add up to what is said about own funds.
                left = card.proposal.full_cost - (card.fit.own_funds or 0)
                assert min(b.left for b in told) == left
            # What fits beside the others is never better than what is possible at all.
            assert card.fit.own_funds is not None and card.least_own_funds is not None
            assert card.least_own_funds <= card.fit.own_funds
            assert (card.fit.volume or 0) <= (card.largest_volume or 0)


@pytest.mark.parametrize("name", KALIOMBO)
def test_where_nothing_can_gain_nothing_enters(name: str) -> None:
    plan = kaliombo(name)
    margins = Margins(plan, Electorate(plan.scenario))
    moves = Moves(plan, margins.problem, {})
    chosen = plan.chosen[::7]
    assert any(margins.inside(p).alone for p in chosen)
    for proposal in chosen:
        if margins.inside(proposal).alone:
            assert moves.without(proposal) == ()


@pytest.mark.parametrize("name", KALIOMBO)
def test_lists_value_a_plan_as_they_value_their_optimum(name: str) -> None:
    plan = kaliombo(name)
    margins = Margins(plan, Electorate(plan.scenario))
    for part in margins.problem.parts[:60]:
        values = margins._place(part.items[0]).values
        if len(values.piece.items) != len(part.items):
            continue  # one unit, what it shares with others being settled
        levels = {k: plan.answer.levels.get(i, 0) for k, i in enumerate(part.items)}
        assert values.of(levels) == values.best(values.piece, 0)


def test_another_list_decides_first_whatever_the_number() -> None:
    # The joint list is decided before that of an RT: its eighth line was not left over.
    card = explain(kaliombo("kaliombo-2023-aturan-2024"), "U-0001")
    assert card.proposal.rank == 1
    assert any((m.proposal.rank or 0) > 1 for m in card.displaces)
    assert card.behind == ""

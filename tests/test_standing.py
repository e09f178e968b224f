"""How an account stands is judged once: screens, sheets and advice show what the judge says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest
from instances import random_scenario
from recap_corpus import CSV, Line, layout, lines, to_file
from ui_app import calm, html, open_app

from optimizer.checking import Report, check, check_opened, open_recap
from optimizer.errors import Infeasible
from optimizer.explain.accounts import explain_accounts
from optimizer.files.recap import read_recap
from optimizer.files.scenarios import load_scenario
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.record.scenario import override
from optimizer.rules import WORST_FIRST, Check, RuleStatus, Standing, State
from optimizer.sheets.advice_sheets import idle_sheet
from optimizer.sheets.board import boards
from optimizer.sheets.check_sheet import check_sheet
from optimizer.sheets.context import Context
from optimizer.sheets.layout import Status
from optimizer.sheets.words import place_words
from optimizer.ui.bars import show_bars
from optimizer.ui.heat import show_heat
from optimizer.words import Words

SHAPES = ("any", "pool", "own", "fill", "shared")
UNIT = "Contoh 01/01/01"


def recap(found: list[Line]) -> Report:
    data, file = to_file(layout(found, CSV), CSV)
    return check_opened(open_recap(read_recap(data, file), "kediri-2023"))


def plans(count: int) -> Iterator[Plan]:
    for shape in SHAPES:
        for seed in range(count):
            try:
                yield optimize(random_scenario(seed, shape))
            except Infeasible:
                continue


def by_judge(checks: tuple[Check, ...], standing: Standing) -> RuleStatus:
    """The worst that the judge says of an account's bounds at a unit, looked up anew."""
    at = (standing.unit, standing.account.id)
    found = {c.status for c in checks if c.bounds and (c.place, c.account) == at}
    return next((s for s in WORST_FIRST if s in found), RuleStatus.PASS)


def by_hand(standing: Standing, *, waived: bool) -> set[State]:
    """What may be said of the figures alone."""
    short = (standing.lower or 0) - standing.programmed
    if standing.programmed + standing.reserved > (standing.upper or standing.budget):
        return {State.OVER}
    if short > 0:
        return {State.LETTER} if waived else {State.BELOW, State.ROUNDING}
    return {State.REACHED, State.ROOM, State.ENOUGH, State.EMPTY, State.FREE}


def agrees(plan: Plan) -> Counter[State]:
    """Compare every account of every unit with the judge, the solver's books and the cards."""
    seen: Counter[State] = Counter()
    booked = {(r.unit, r.account): r for r in plan.allocations.itertuples()}
    for unit, accounts in plan.standings.items():
        cards = {card.account.id: card for card in explain_accounts(plan, unit)}
        assert plan.ledger.idle(unit) == plan.unassigned[unit] + sum(plan.money[unit][1])
        for id_, standing in accounts.items():
            seen[standing.state] += 1
            assert standing.status is by_judge(plan.checks, standing)
            waived = plan.ledger.lower(unit, standing.account) < (standing.lower or 0)
            assert standing.state in by_hand(standing, waived=waived)
            if standing.account.is_leaf:
                row = booked[unit, id_]
                assert (standing.programmed, standing.reserved) == (row.programmed, row.reserved)
                assert (standing.room, standing.programmed) == (cards[id_].room, cards[id_].filled)
    return seen


def test_every_account_stands_as_the_judge_the_solver_and_the_cards_say():
    seen: Counter[State] = Counter()
    for plan in plans(10):
        seen += agrees(plan)
    assert {State.BELOW, State.ROUNDING, State.LETTER, State.ROOM, State.ENOUGH} <= set(seen)


@pytest.mark.full
def test_more_random_accounts_stand_as_the_judge_says():
    for plan in plans(150):
        agrees(plan)


@pytest.mark.parametrize("rules", ["", "-aturan-2022", "-merata"])
def test_accounts_of_shipped_plans_stand_as_the_judge_says(rules):
    agrees(optimize(load_scenario(f"kaliombo-2023{rules}")))


def test_accounts_of_a_recap_stand_as_its_report_says():
    report = check("data/contoh-rekap-kaliombo.xlsx")
    states = Counter(s.state for accounts in report.standings.values() for s in accounts.values())
    assert {State.OVER, State.REACHED, State.ROOM, State.ENOUGH} <= set(states), states
    for accounts in report.standings.values():
        for standing in accounts.values():
            assert standing.status is by_judge(report.checks, standing)


# --- what one sees ----------------------------------------------------------------------


def drawn(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> tuple[list[list[str]], list[str]]:
    """The words under every bar, by RT, and the marks of the colour table."""
    bodies: list[str] = []
    monkeypatch.setattr("streamlit.html", lambda body: bodies.append(unescape(body)))
    for accounts in plan.standings.values():
        show_bars(accounts.values())
    show_heat(plan, *plan.scenario.dataset.territory.kelurahan)
    *bars, table = bodies
    words = [re.findall(r'<span class="rb-status">[^\w<]*(.*?)</span>', bar) for bar in bars]
    return words, re.findall(r"<td[^>]*>[^<]*<i>(.?)</i></td>", table)


def words_of(standing: Standing) -> str:
    return "" if standing.state is State.FREE else Words().say(f"standing.{standing.state}")


@pytest.fixture(scope="module")
def nested() -> Plan:
    """Kaliombo where RT infrastructure has a minimum below that of all infrastructure."""
    scenario = load_scenario("kaliombo-2023")
    return optimize(override(scenario, "policy.infrastruktur.rt.min", 0.1))


def test_a_rounding_difference_under_a_nested_minimum_is_one_everywhere(nested):
    """39 of 47 bars once said "di bawah minimum" where the judge saw a rounding difference."""
    judged = {c.place for c in nested.checks if c.rounding and c.account == "infrastruktur/rt"}
    told = {u for u, a in nested.standings.items() if a["infrastruktur/rt"].state == "rounding"}
    assert len(judged) > 20
    assert told == judged


def test_bars_and_colour_table_show_what_the_judge_says(nested, monkeypatch):
    words, drawn_marks = drawn(nested, monkeypatch)
    expected = [[words_of(s) for s in a.values()] for a in nested.standings.values()]
    assert words == expected
    marks = {State.REACHED: "■", State.OVER: "▲", State.BELOW: "▽"}
    leaves = [a.id for a in nested.scenario.policy.leaves]
    states = [a[leaf].state for a in nested.standings.values() for leaf in leaves]
    assert drawn_marks == [marks.get(state, "") for state in states]


def test_a_recorded_letter_is_no_shortfall_on_the_page_of_the_rt(tmp_path):
    """The page once said "di bawah minimum" where letter E is recorded and the judge passes."""
    (tmp_path / "dataset.yaml").write_text("name: Uji\nfiscal_year: 2023\n", "utf-8")
    (tmp_path / "wilayah.csv").write_text(
        "kelurahan;rw;rt;kk;jiwa\nUji;01;01;50;150\nUji;01;02;50;150\n", "utf-8"
    )
    (tmp_path / "usulan.csv").write_text(
        "id;tingkat;kelurahan;rw;rt;urutan;kegiatan;bidang;harga_satuan;volume;status;alasan\n"
        "U-1;RT;Uji;01;01;1;Senam;kesehatan;9000000;1;;\n"
        "L-1;RT;Uji;01;01;;tidak ada;Infrastruktur;;;tidak diajukan;Lampiran E\n",
        "utf-8",
    )
    app = calm(open_app("rt", str(tmp_path), "kediri-2023", rw="01", rt="01"))
    bars = unescape(next(text for text in html(app).split("\n") if "rb-bars" in text))
    assert Words().say("standing.letter") in bars
    assert Words().say("standing.below") not in bars


def said(cell: object) -> str:
    return cell.text if isinstance(cell, Status) else str(cell)


def cell_of(standing: Standing) -> str:
    return words_of(standing) if standing.checks else ""


@pytest.mark.parametrize("source", ["data/kaliombo-2023", "data/contoh-rekap-kaliombo.xlsx"])
def test_sheets_show_what_the_judge_says(source):
    report = check(source, policy="kediri-2023")
    (kelurahan,) = report.opened.dataset.territory.kelurahan
    context, leaves = Context(report, kelurahan), report.opened.policy.leaves
    for page, accounts in zip(boards(context).pages, report.standings.values(), strict=True):
        rows = {row[0]: said(row[-1]) for row in page.tables[-1].rows}
        told = {a.name["id"]: cell_of(accounts[a.id]) for a in leaves if a.bounds}
        assert {**rows, **told} == rows
    rows = {(r[0], str(r[1]).lstrip("–\u00a0"), r[2], said(r[6]))
            for r in check_sheet(context).book[0].tables[0].rows}  # fmt: skip
    judged = {(place_words(s.unit), s.account.name["id"], s.programmed, cell_of(s))
              for accounts in report.standings.values() for s in accounts.values()}  # fmt: skip
    assert judged <= rows
    rooms = {row[0]: list(row[2:-1]) for row in idle_sheet(context).pages[0].tables[0].rows}
    open_ = [a.id for a in leaves if not a.pooled]
    for unit, accounts in report.standings.items():
        assert rooms[place_words(unit)] == [accounts[a].room for a in open_]


# --- room -------------------------------------------------------------------------------


def test_room_is_the_least_over_account_parents_and_pagu():
    report = recap([line for line in lines(5) if line.description != "Alat olahraga prestasi"])
    accounts, idle = report.standings[UNIT], report.idle[UNIT]
    assert accounts["infrastruktur/rt"].room == accounts["infrastruktur"].room == 0  # 10 of 10
    assert accounts["infrastruktur/bersama"].room == 0
    assert (accounts["kepemudaan"].room, accounts["kepemudaan"].programmed) == (10_000_000, 0)
    assert accounts["kesehatan"].room == min(40_000_000 - accounts["kesehatan"].programmed, idle)


def test_money_that_a_minimum_needs_is_no_room_elsewhere():
    short = [replace(x, volume=48, cost=9_600_000) if "Paving" in x.description else x
             for x in lines(5)]  # fmt: skip
    fill = Line("01", "01", "kesehatan", "Alat kesehatan posyandu", 1, "paket", 0, 30_000_000)
    report = recap([*(x for x in short if x.field not in {"ekonomi"}), fill])
    assert report.standings[UNIT]["infrastruktur/rt"].room == 400_000
    assert report.standings[UNIT]["ekonomi"].room == report.idle[UNIT] - 400_000

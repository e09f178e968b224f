"""The recap of the first page's example: an agreed list as an office types it, with mistakes.

The list is the plan under order for Kaliombo, completed as an office completes it (every field
and every mandatory activity, infrastructure up to its share); on it :data:`MISTAKES` are
planted, each at another RT. Everything is drawn by one seed: the same rows come out always.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random

from optimizer.checking import Opened, Origin, Report, check_opened, open_recap
from optimizer.files.recap import read_recap
from optimizer.files.recap_dataset import dataset_recap
from optimizer.files.scenarios import load_scenario
from optimizer.files.tables import read_tables
from optimizer.planning import optimize
from optimizer.record.scenario import Scenario
from optimizer.rules import as_recorded
from optimizer.sheets.context import Context
from optimizer.sheets.layout import Document
from optimizer.sheets.official import kelurahan_recap
from optimizer.sheets.xlsx import render_xlsx
from optimizer.shipped import EXAMPLE_RECAP, SCENARIOS
from optimizer.territory import place_words
from tools.demo.activities import Activity, activities
from tools.demo.wishes import MANDATORY

__all__ = ["MISTAKES", "Line", "Lists", "agreed", "base", "judged", "mistaken",
           "recap_file"]  # fmt: skip

BASE = SCENARIOS / "kaliombo-2023.yaml"
SEED = "contoh-rekap-kaliombo"
INFRASTRUCTURE = "Infrastruktur"
LEAST_ROW = 300_000
"""Rupiah below which an office raises an amount rather than write a row of its own."""
_GANG = re.compile(r"Gang (\d+)$")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the recap; the cost may be words where somebody typed words."""

    place: str
    field: str
    text: str
    volume: int
    measure: str
    cost: int | str
    remark: str | None = None

    @property
    def rupiah(self) -> int:
        """The cost; nothing where it is words."""
        return self.cost if isinstance(self.cost, int) else 0


Lists = dict[str, list[Line]]
"""Lines by place, in the order of the recap."""


def base() -> Scenario:
    """Kaliombo under order."""
    return load_scenario(BASE)


def recap_file() -> bytes:
    """The workbook of the example."""
    scenario = base()
    lists, _ = mistaken(scenario, agreed(scenario))
    return render_xlsx(_document(scenario, lists))


# --- what was agreed --------------------------------------------------------------------


def agreed(scenario: Scenario) -> Lists:
    """The plan under order as lists by place, completed until no rule is left open."""
    rng = Random(f"{SEED}/agreed")
    lists = _planned(scenario)
    own = scenario.policy.by_id["infrastruktur/rt"]
    joint = scenario.policy.pools[0]
    for unit in scenario.dataset.territory.units:
        place = place_words(unit.id, "/")
        around = [x.text for where, lines in lists.items() if _rw(where) == unit.rw for x in lines]
        lines = _paved(lists[place], own.upper(unit.budget), around)
        lines += _decided(lines, rng)
        lists[place] = _within(lines, unit.budget - joint.lower(unit.budget))
    return lists


def _planned(scenario: Scenario) -> Lists:
    """What the menu knows of the plan, each thing once."""
    kelurahan = scenario.dataset.territory.kelurahan[0]
    menu = scenario.policy.menu
    volumes = optimize(scenario).listed.volumes
    lists: Lists = {}
    seen: dict[str, set[str]] = {}
    for row in dataset_recap(scenario.dataset, volumes, kelurahan):
        _, place, field, text, volume, cost, remark = ("" if c is None else str(c) for c in row)
        known = seen.setdefault(_rw(place), set())
        text = _elsewhere(text, known)
        number, _, measure = volume.partition(" ")
        line = Line(place, field, text, int(number), measure, int(cost), remark or None)
        repeated = not place.startswith("RT ") and text in known
        if not repeated and (menu is None or menu.match(text) is not None):
            lists.setdefault(place, []).append(line)
            known.add(text)
    return lists


def _rw(place: str) -> str:
    """The number of the RW in ``RT 05/RW 03``; nothing for the kelurahan."""
    return place.rpartition("RW ")[2] if "RW " in place else ""


def _elsewhere(text: str, known: set[str]) -> str:
    """The same work in another alley, where the RW has this one already."""
    while text in known and (gang := _GANG.search(text)):
        text = f"{text[: gang.start()]}Gang {int(gang[1]) + 1}"
    return text


def _paved(lines: list[Line], most: int, around: list[str]) -> list[Line]:
    """The list with infrastructure that comes to its whole share."""
    paving = activities()["perbaikan_paving"]
    lack = most - sum(x.rupiah for x in lines if x.field == INFRASTRUCTURE)
    last = max((n for n, x in enumerate(lines) if x.field == INFRASTRUCTURE), default=None)
    if lack <= 0:
        return list(lines)
    if lack < LEAST_ROW and last is not None:
        raised = replace(lines[last], cost=lines[last].rupiah + lack)
        return [*lines[:last], raised, *lines[last + 1 :]]
    volume = max(paving.step, 2 * lack // sum(paving.price))
    text = _elsewhere(f"{paving.name}, Gang 1", set(around))
    return [*lines, Line(lines[0].place, INFRASTRUCTURE, text, volume, paving.measure, lack)]


def _decided(lines: list[Line], rng: Random) -> list[Line]:
    """What the meeting of an RT has to decide about and its list lacks."""
    known, place = activities(), lines[0].place
    fields, texts = {x.field for x in lines}, {x.text for x in lines}
    added = []
    if known["jkn"].name not in texts:
        added.append(_drawn(place, "Kesehatan", known["jkn"], rng))
    if "Pendidikan" not in fields:
        added.append(_drawn(place, "Pendidikan", known["sekolah"], rng))
    if "Kepemudaan" not in fields:
        added.append(_drawn(place, "Kepemudaan", known["olahraga"], rng))
    return added


def _drawn(place: str, field: str, activity: Activity, rng: Random) -> Line:
    """A modest row: as little of it as is asked for, in the lower half of the prices."""
    low, high = activity.price
    price = 1000 * rng.randint(low // 1000, (low + high) // 2000)
    volume = activity.volume[0]
    return Line(place, field, activity.name, volume, activity.measure, price * volume)


def _within(lines: list[Line], most: int) -> list[Line]:
    """The list without what goes beyond the pagu: the smallest things that nothing asks for."""
    kept = list(lines)
    asked = {activities()[key].name for key in MANDATORY}
    while (over := sum(x.rupiah for x in kept) - most) > 0:
        fields = [x.field for x in kept]
        free = [
            x
            for x in kept
            if x.field != INFRASTRUCTURE and x.text not in asked and fields.count(x.field) > 1
        ]
        enough = [x for x in free if x.rupiah >= over]
        kept.remove(min(enough, key=_size) if enough else max(free, key=_size))
    return kept


def _size(line: Line) -> int:
    return line.rupiah


# --- mistakes ---------------------------------------------------------------------------

Plant = Callable[[list[Line]], list[Line] | None]


def _changed(fits: Callable[[Line], bool], change: Callable[[Line], tuple[Line, ...]]) -> Plant:
    """Change the first line that fits; ``None`` where none does."""

    def plant(lines: list[Line]) -> list[Line] | None:
        for number, line in enumerate(lines):
            if fits(line):
                return [*lines[:number], *change(line), *lines[number + 1 :]]
        return None

    return plant


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake as offices make it.

    Attributes
    ----------
    found : frozenset of str
        The rules (or findings of the reader) by which it is found, and no others.
    """

    plant: Plant
    found: frozenset[str]


def _wider(line: Line) -> Line:
    """Six square metres more at the same price."""
    price = line.rupiah // line.volume
    return replace(line, volume=line.volume + 6, cost=price * (line.volume + 6))


MISTAKES: Mapping[str, Mistake] = {
    "a few square metres over the share": Mistake(
        _changed(
            lambda x: x.field == INFRASTRUCTURE and x.measure == "m2"
            and x.volume >= 30 and x.rupiah % x.volume == 0,
            lambda x: (_wider(x),),
        ),
        frozenset({"infrastruktur.exact", "infrastruktur.rt.max"}),
    ),
    "a mandatory activity left out": Mistake(
        _changed(lambda x: "PKK" in x.text, lambda x: ()), frozenset({"rule.pkk"})
    ),
    "health under education": Mistake(
        _changed(
            lambda x: x.text.startswith("Alat cek"), lambda x: (replace(x, field="Pendidikan"),)
        ),
        frozenset({"menu_field"}),
    ),
    "what three RT want, booked at one": Mistake(
        _changed(
            lambda x: x.text.startswith("Sarana bermain"),
            lambda x: (replace(x, volume=3, cost=3 * x.rupiah, remark="dipakai tiga RT"),),
        ),
        frozenset({"sosial_budaya.max"}),
    ),
    "a row typed twice": Mistake(
        _changed(lambda x: x.field != INFRASTRUCTURE and x.rupiah < 6_000_000, lambda x: (x, x)),
        frozenset({"duplicate"}),
    ),
    "words for an amount": Mistake(
        _changed(
            lambda x: x.text.startswith("CCTV"), lambda x: (replace(x, cost="menunggu toko"),)
        ),
        frozenset({"recap_money_unreadable"}),
    ),
}  # fmt: skip


def mistaken(scenario: Scenario, lists: Lists) -> tuple[Lists, dict[str, str]]:
    """The lists with every mistake, each at another RT, and at which: mistake → place.

    An RT is taken where the mistake is found by what it is found by, and by nothing else: three
    times a playground need not go beyond a limit.
    """
    rng = Random(f"{SEED}/mistakes")
    places = [place for place in lists if place.startswith("RT ")]
    rng.shuffle(places)
    planted: dict[str, str] = {}
    result = dict(lists)
    for name, mistake in MISTAKES.items():
        for place in places:
            lines = None if place in planted.values() else mistake.plant(lists[place])
            if lines is None:
                continue
            if _codes(judged(scenario, {place: lines})) == mistake.found:
                result[place], planted[name] = lines, place
                break
    return result, planted


def _codes(report: Report) -> set[str]:
    """By what anything at all was found."""
    return {c.rule for c in report.problems} | {f.code for f in report.findings}


def judged(scenario: Scenario, lists: Lists) -> Report:
    """The recap read and checked as anybody's."""
    data = render_xlsx(_document(scenario, lists))
    return check_opened(open_recap(read_recap(read_tables(data, EXAMPLE_RECAP.name)), None))


def _document(scenario: Scenario, lists: Lists) -> Document:
    """The official form with these rows."""
    recorded = as_recorded(scenario.dataset, scenario.policy)
    opened = Opened(scenario.name, Origin.DATASET, scenario.dataset, scenario.policy, recorded)
    context = Context(Report(opened, ()), scenario.dataset.territory.kelurahan[0], final=True)
    form = kelurahan_recap(context)
    rows = tuple(
        (number, x.place, x.field, x.text, f"{x.volume} {x.measure}", x.cost, x.remark)
        for number, x in enumerate((x for lines in lists.values() for x in lines), start=1)
    )
    (page,) = form.pages
    (table,) = page.tables
    assert table.total is not None
    # A sum of Excel leaves words out, too.
    total = (*table.total[:5], sum(x.rupiah for lines in lists.values() for x in lines), "")
    table = replace(table, rows=rows, total=total)
    return replace(form, pages=(replace(page, tables=(table,)),))

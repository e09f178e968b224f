"""A check on the screen: what is right, what is wrong where, and what would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from optimizer.checking import Report
from optimizer.cli.screen import Screen
from optimizer.errors import Finding, Severity
from optimizer.rules import Check, RuleStatus
from optimizer.sheets.record import unread_rows
from optimizer.sheets.words import basis, place_words, policy_words, status_words
from optimizer.words import Words

__all__ = ["print_report"]

_T = TypeVar("_T")
_SHOWN = 12
# A kelurahan is told in full; a city's or a spoilt file's thousands are for the files.
_MOST = 60


def print_report(
    screen: Screen, report: Report, *, everything: bool = False, files: Sequence[Path] = ()
) -> None:
    """Print a report; passes too, and without an end, where ``everything`` is asked for."""
    opened = report.opened
    brief = _Brief(screen, files, everything=everything)
    _headline(screen, report)
    if opened.policy.note:
        screen.text(screen.words.pick(opened.policy.note))
    if opened.dataset.meta.made_up_notice:
        screen.text(screen.say("plan.made_up"), style="bold")
    _reading(screen, report.findings, brief)
    _places(screen, report, brief)
    _unknown(screen, report, brief)
    if report.clean:
        screen.text()
        screen.line("check_cli.clean")
    if files:
        screen.head("cli.plan.files")
        for file in brief.first(files):
            screen.text(f"  {file}")
        screen.more(len(files) - len(brief.first(files)))
    screen.text()
    screen.text(screen.say("plan.decides"))


class _Brief:
    """How much is told on the screen, and where the rest is."""

    def __init__(self, screen: Screen, files: Sequence[Path], *, everything: bool) -> None:
        self.everything = everything
        self._screen = screen
        self._where = (
            screen.say("check_cli.in_file", file=files[0])
            if files
            else screen.say("check_cli.with_out")
        )

    def first(self, items: Sequence[_T], most: int = _MOST) -> Sequence[_T]:
        """As many as are told."""
        return items if self.everything else items[:most]

    def rest(self, count: int, indent: str = "") -> None:
        """Say how many more there are, if any, and where."""
        if count > 0:
            number = self._screen.number(count)
            more = self._screen.say("check_cli.more", count=number, where=self._where)
            self._screen.text(indent + more)


def _headline(screen: Screen, report: Report) -> None:
    opened = report.opened
    source = opened.source
    rows = len(source.recap.rows) if source else len(opened.dataset.proposals)
    unread = unread_rows(report)
    used = "check_cli.all_used" if not unread else "check_cli.not_used"
    screen.text(opened.name, style="bold")
    screen.line(
        "check_cli.head",
        units=len(opened.dataset.territory.units),
        rows=rows,
        policy=policy_words(opened.policy, screen.words),
        used=screen.say(used, count=screen.number(unread)),
    )
    counts = {s: screen.number(len(report.units(s))) for s in RuleStatus}
    screen.line(
        "check_cli.summary",
        good=counts[RuleStatus.PASS],
        finding=counts[RuleStatus.FINDING],
        breach=counts[RuleStatus.BREACH],
        idle=sum(report.idle.values()),
    )


def _reading(screen: Screen, findings: Sequence[Finding], brief: _Brief) -> None:
    """What the reader found in the file, errors first."""
    if not findings:
        return
    screen.head("check_cli.reading")
    order = list(Severity)
    told = brief.first(sorted(findings, key=lambda f: order.index(f.severity)))
    for finding in told:
        screen.text(f"- {finding.text(screen.words)}")
    brief.rest(len(findings) - len(told))


def _places(screen: Screen, report: Report, brief: _Brief) -> None:
    """What is wrong where; of very many places those over a limit come first."""
    places = [
        p
        for p, checks in report.by_place.items()
        if any(c.problem or brief.everything for c in checks)
    ]
    if len(places) > len(brief.first(places)):
        places.sort(key=lambda p: report.status(p) is not RuleStatus.BREACH)
    told = brief.first(places)
    for place in told:
        _place(screen, report, place, brief)
    if len(places) > len(told):
        screen.text()
    brief.rest(len(places) - len(told))


def _place(screen: Screen, report: Report, place: str, brief: _Brief) -> None:
    checks = list(report.told(place))
    if brief.everything:
        checks += [c for c in report.by_place[place] if c.status is RuleStatus.PASS]
    idle = report.idle.get(place, 0)
    if not checks:
        return
    screen.text()
    screen.text(_name(report, place, screen.words), style="bold")
    told = brief.first(checks, _SHOWN)
    for check in told:
        _check(screen, check)
    brief.rest(len(checks) - len(told), "  ")
    if idle:
        screen.text(f"  {screen.say('check_cli.idle', amount=idle)}")


def _name(report: Report, place: str, words: Words) -> str:
    """A place, with its kelurahan where the source holds several."""
    name = place_words(place, words)
    kelurahan, _, below = place.partition("/")
    several = len(report.opened.dataset.territory.kelurahan) > 1
    return f"{name} · {place_words(kelurahan, words)}" if below and several else name


def _check(screen: Screen, check: Check) -> None:
    remedy = check.remedy_text(screen.words)
    source = basis(check.origin, screen.words)
    screen.text(f"  - {check.message(screen.words)} [{status_words(check, screen.words)}]")
    after = "  · ".join(t for t in (f"→ {remedy}" if remedy else "", source) if t)
    if after:
        screen.text(f"    {after}")


def _unknown(screen: Screen, report: Report, brief: _Brief) -> None:
    """Rules that the input cannot answer, the same sentence once with its places."""
    places: dict[str, list[str]] = {}
    for check in report.unknown:
        name = _name(report, check.place, screen.words)
        places.setdefault(check.message(screen.words), []).append(name)
    if places:
        screen.head("check_cli.unknown")
    told = brief.first(list(places.items()))
    for message, found in told:
        more = len(found) - _SHOWN
        where = ", ".join(found[:_SHOWN]) + (
            f" {screen.say('cli.places_more', count=more)}" if more > 0 else ""
        )
        screen.text(f"- {message} ({where})")
    brief.rest(len(places) - len(told))

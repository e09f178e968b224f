"""A check on the screen: what is right, what is wrong where, and what would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from optimizer.checking import Report
from optimizer.cli.screen import Screen
from optimizer.errors import Finding, Severity
from optimizer.rules import Check, RuleStatus
from optimizer.sheets.record import unread_rows
from optimizer.sheets.words import basis, place_words, policy_words, status_words

__all__ = ["print_report"]

_SHOWN = 12


def print_report(
    screen: Screen, report: Report, *, everything: bool = False, files: Sequence[Path] = ()
) -> None:
    """Print a report; passes too where ``everything`` is asked for."""
    opened = report.opened
    _headline(screen, report)
    if opened.policy.note:
        screen.text(opened.policy.note.get(screen.lang) or opened.policy.note["id"])
    if opened.dataset.meta.made_up_notice:
        screen.text(screen.say("plan.made_up"), style="bold")
    _reading(screen, report.findings)
    for place in report.by_place:
        _place(screen, report, place, everything=everything)
    _unknown(screen, report)
    if report.clean:
        screen.text()
        screen.line("check_cli.clean")
    if files:
        screen.head("cli.plan.files")
        for file in files:
            screen.text(f"  {file}")
    screen.text()
    screen.text(screen.say("plan.decides"))


def _headline(screen: Screen, report: Report) -> None:
    opened = report.opened
    source = opened.source
    rows = len(source.recap.rows) if source else len(opened.dataset.proposals)
    unread = unread_rows(report)
    used = "check_cli.all_used" if not unread else "check_cli.not_used"
    screen.text(opened.name, style="bold")
    screen.line(
        "check_cli.head",
        units=screen.number(len(opened.dataset.territory.units)),
        rows=screen.number(rows),
        policy=policy_words(opened.policy, screen.lang),
        used=screen.say(used, count=screen.number(unread)),
    )
    counts = {s: screen.number(len(report.units(s))) for s in RuleStatus}
    screen.line(
        "check_cli.summary",
        good=counts[RuleStatus.PASS],
        finding=counts[RuleStatus.FINDING],
        breach=counts[RuleStatus.BREACH],
        idle=screen.rupiah(sum(report.idle.values()), short=True),
    )


def _reading(screen: Screen, findings: Sequence[Finding]) -> None:
    """What the reader found in the file, errors first."""
    if not findings:
        return
    screen.head("check_cli.reading")
    order = list(Severity)
    for finding in sorted(findings, key=lambda f: order.index(f.severity)):
        screen.text(f"- {finding.text(screen.lang)}")


def _place(screen: Screen, report: Report, place: str, *, everything: bool) -> None:
    checks = list(report.told(place))
    if everything:
        checks += [c for c in report.by_place[place] if c.status is RuleStatus.PASS]
    idle = report.idle.get(place, 0)
    if not checks:
        return
    screen.text()
    screen.text(_name(report, place, screen.lang), style="bold")
    for check in checks:
        _check(screen, check)
    if idle:
        screen.text(f"  {screen.say('check_cli.idle', amount=screen.rupiah(idle))}")


def _name(report: Report, place: str, lang: str) -> str:
    """A place, with its kelurahan where the source holds several."""
    name = place_words(place, lang)
    kelurahan, _, below = place.partition("/")
    several = len(report.opened.dataset.territory.kelurahan) > 1
    return f"{name} · {place_words(kelurahan, lang)}" if below and several else name


def _check(screen: Screen, check: Check) -> None:
    remedy = check.remedy_text(screen.lang)
    source = basis(check.origin, screen.lang)
    screen.text(f"  - {check.message(screen.lang)} [{status_words(check, screen.lang)}]")
    after = "  · ".join(t for t in (f"→ {remedy}" if remedy else "", source) if t)
    if after:
        screen.text(f"    {after}")


def _unknown(screen: Screen, report: Report) -> None:
    """Rules that the input cannot answer, the same sentence once with its places."""
    places: dict[str, list[str]] = {}
    for check in report.unknown:
        name = _name(report, check.place, screen.lang)
        places.setdefault(check.message(screen.lang), []).append(name)
    if places:
        screen.head("check_cli.unknown")
    for message, found in places.items():
        more = len(found) - _SHOWN
        where = ", ".join(found[:_SHOWN]) + (
            f" {screen.say('cli.places_more', count=more)}" if more > 0 else ""
        )
        screen.text(f"- {message} ({where})")

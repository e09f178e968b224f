"""Rules that need attention, as one table: the same sentence once with all its places."""

from collections.abc import Iterable, Sequence

from optimizer.cli.screen import Screen
from optimizer.rules import Check, RuleStatus
from optimizer.territory import full_place, rt_rw

__all__ = ["print_findings"]

_SHOWN = 12
_PLACES = 8
_SHOWN_STATUS = (RuleStatus.BREACH, RuleStatus.FINDING, RuleStatus.UNKNOWN)


def print_findings(screen: Screen, checks: Iterable[Check]) -> None:
    """Print breaches, then findings, then what cannot be checked; the most frequent first."""
    groups: dict[tuple[str, ...], list[Check]] = {}
    for check in checks:
        if check.status in _SHOWN_STATUS:
            groups.setdefault(_alike(screen, check), []).append(check)
    found = sorted(groups.values(), key=lambda g: (_SHOWN_STATUS.index(g[0].status), -len(g)))
    several = len({check.place.split("/")[0] for group in found for check in group}) > 1
    name = full_place if several else rt_rw
    screen.head("cli.findings.head")
    rows = [_row(screen, group, [name(check.place) for check in group]) for group in found]
    if rows:
        headings = [screen.say(f"cli.findings.{c}") for c in ("what", "where", "remedy")]
        screen.table(headings, rows[:_SHOWN])
        screen.more(len(rows) - _SHOWN)
    else:
        screen.line("cli.findings.none")


def _alike(screen: Screen, check: Check) -> tuple[str, ...]:
    """Checks with the same key are told in one row; shortfalls differ only in their rupiah."""
    if check.bounds and check.status is RuleStatus.FINDING:
        return check.account, check.side, check.letter
    return check.message(screen.words), check.remedy_text(screen.words)


def _row(screen: Screen, checks: Sequence[Check], places: Sequence[str]) -> tuple[str, str, str]:
    first, words = checks[0], screen.words
    where = _places(screen, places)
    if len(checks) == 1 or not first.bounds:
        return first.message(words), where, first.remedy_text(words)
    amounts = [check.amount for check in checks]
    what = screen.say(
        "cli.findings.short",
        label=words.pick(first.label),
        least=screen.rupiah(min(amounts)),
        most=screen.rupiah(max(amounts)),
    )
    letter = screen.say("remedy.letter", letter=first.letter) if first.letter else ""
    return what, where, letter


def _places(screen: Screen, places: Sequence[str]) -> str:
    shown = ", ".join(places[:_PLACES])
    left = len(places) - _PLACES
    return f"{shown} {screen.say('cli.places_more', count=left)}" if left > 0 else shown

"""``rembug check plan.json --scenario S``: a plan is compared with what its levels give.

A plan alone does not hold what it was made from, so the scenario has to be named.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from optimizer.cli.plan_report import print_findings
from optimizer.cli.program import UsageProblem, print_json
from optimizer.cli.screen import Screen
from optimizer.files.computed import torn
from optimizer.files.plans_in import read_record
from optimizer.files.scenarios import load_scenario
from optimizer.recheck import UNPROVED, Recheck, recheck
from optimizer.words import Message, Words

__all__ = ["judge_plan"]

_SHOWN = 50


def judge_plan(path: Path, scenario: str | None, words: Words, *, as_json: bool = False) -> bool:
    """Print how a recorded plan stands; true where nothing differs from what is recomputed.

    Raises
    ------
    UsageProblem
        ``check_needs_scenario``.
    """
    if scenario is None:
        raise UsageProblem("check_needs_scenario", path=path.name)
    found = recheck(read_record(path), load_scenario(scenario))
    wrong = torn(path)
    if as_json:
        print_json({**_record(path.name, found, words), "torn": wrong})
    else:
        screen = Screen(words)
        _print(screen, path.name, found)
        if wrong:
            screen.line("error.set_torn", path=path.name, files=", ".join(wrong))
    return found.agrees and not wrong


def _rejected(found: Recheck, words: Words) -> dict[str, str] | None:
    """What the judge refuses; its own sentence speaks of a defect of ours, here it is the file."""
    if found.rejected is None:
        return None
    data = found.rejected.data
    return {k: words.tell(v) if isinstance(v, Message) else str(v) for k, v in data.items()}


def _record(name: str, found: Recheck, words: Words) -> dict[str, Any]:
    return {
        "schema": "rembug-check-plan/1",
        "source": name,
        "verified": found.agrees,
        "rejected": _rejected(found, words),
        "differences": [
            {**d.record(), "message": words.tell(d.message)} for d in found.differences
        ],
        "unknown": [
            {"place": place, "message": words.say(f"recheck.doubt.{found.doubt}")}
            for place in UNPROVED
            if found.doubt
        ],
        "checks": [
            {**c.record(), "message": c.message(words), "remedy": c.remedy_text(words)}
            for c in found.plan.checks
        ],
    }


def _print(screen: Screen, name: str, found: Recheck) -> None:
    screen.text(name, style="bold")
    if found.doubt:
        screen.line(f"recheck.doubt.{found.doubt}")
        screen.line("cli.check_plan.unknown", places=", ".join(UNPROVED))
    if found.agrees:
        screen.line("cli.check_plan.verified")
    if rejected := _rejected(found, screen.words):
        screen.line("cli.check_plan.rejected", **rejected)
    if found.differences:
        screen.head("cli.check_plan.differences", count=len(found.differences))
    for difference in found.differences[:_SHOWN]:
        screen.text(f"- {screen.words.tell(difference.message)}")
    screen.more(len(found.differences) - _SHOWN)
    print_findings(screen, found.plan.checks)

"""``rembug check plan.json --scenario S``: a plan is judged again, from the raw records.

A plan alone does not hold what it was made from, so the scenario has to be named.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from optimizer.cli.findings import print_findings
from optimizer.cli.program import UsageProblem, print_json
from optimizer.cli.screen import Screen
from optimizer.errors import PlanRejected, RembugError
from optimizer.files.computed import torn
from optimizer.files.plans_in import read_plan
from optimizer.files.scenarios import load_scenario
from optimizer.rules import Check, RuleStatus, check_plan, check_rules
from optimizer.words import Words

__all__ = ["judge_plan"]

_OPEN = (RuleStatus.BREACH, RuleStatus.FINDING)


def judge_plan(path: Path, scenario: str | None, words: Words, *, as_json: bool = False) -> bool:
    """Print how a recorded plan stands; true where it passes and nothing needs attention.

    Raises
    ------
    UsageProblem
        ``check_needs_scenario``.
    RembugError
        ``plan_other_inputs`` where data, policy or scenario have changed since.
    """
    if scenario is None:
        raise UsageProblem("check_needs_scenario", path=path.name)
    asked = load_scenario(scenario)
    recorded = read_plan(path, asked.policy)
    if recorded.inputs_sha256 != asked.sha256():
        raise RembugError("plan_other_inputs", path=path.name, scenario=asked.name)
    rejected: PlanRejected | None = None
    try:
        checks = check_plan(asked, recorded.listed, recorded.values)
    except PlanRejected as error:
        rejected = error
        share = asked.joint_share if isinstance(asked.joint_share, Fraction) else None
        checks = check_rules(asked.dataset, asked.policy, recorded.listed, share)
    # The judge's own sentence speaks of a defect of ours; here the file may have been changed.
    what = {k: str(v) for k, v in rejected.data.items()} if rejected else {}
    wrong = torn(path)
    if as_json:
        print_json({**_record(path.name, checks, what, words), "torn": wrong})
    else:
        _print(Screen(words), path.name, checks, what)
        if wrong:
            Screen(words).line("error.set_torn", path=path.name, files=", ".join(wrong))
    return not what and not wrong and not any(c.status in _OPEN for c in checks)


def _record(
    name: str, checks: tuple[Check, ...], what: dict[str, str], words: Words
) -> dict[str, Any]:
    return {
        "schema": "rembug-check-plan/1",
        "source": name,
        "verified": not what,
        "rejected": what or None,
        "checks": [
            {**c.record(), "message": c.message(words), "remedy": c.remedy_text(words)}
            for c in checks
        ],
    }


def _print(screen: Screen, name: str, checks: tuple[Check, ...], what: dict[str, str]) -> None:
    screen.text(name, style="bold")
    if what:
        screen.line("cli.check_plan.rejected", **what)
    else:
        screen.line("cli.check_plan.verified")
    print_findings(screen, checks)

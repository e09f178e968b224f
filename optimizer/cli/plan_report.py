"""A plan on the screen: what was proved, where the money goes, what is open."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from optimizer.cli.envelopes_report import print_envelopes
from optimizer.cli.screen import Screen
from optimizer.plan import Plan
from optimizer.record.scenario import Scenario
from optimizer.rules import Check
from optimizer.sheets.plan_tables import (
    field_table,
    finding_table,
    pool_table,
    proposal_table,
    stage_table,
)
from optimizer.solving.outcome import Outcome
from optimizer.territory import full_place

__all__ = ["facts", "policy_lines", "print_findings", "print_plan"]

_SHOWN = 12


def print_plan(screen: Screen, plan: Plan, files: Sequence[Path] = ()) -> None:
    """Print a plan, and where its files lie."""
    scenario = plan.scenario
    screen.text(scenario.name, style="bold")
    screen.line("cli.simulation")
    territory = scenario.dataset.territory
    policy_lines(screen, scenario)
    screen.line(
        "cli.plan.data",
        dataset=scenario.dataset.meta.name,
        units=len(territory.units),
        proposals=len(scenario.dataset.proposals),
    )
    _stages(screen, plan)
    if plan.by_fields:
        print_envelopes(screen, plan.fields)
    if not plan.only_fields:
        _money(screen, plan)
        _pools(screen, plan)
        screen.head("cli.proposals.head")
        screen.table(proposal_table(plan))
        print_findings(screen, plan.checks)
    _dataset_findings(screen, plan)
    _pins(screen, plan)
    facts(screen, plan)
    if files:
        screen.head("cli.plan.files")
        for file in files:
            screen.text(f"  {file}")


def _stages(screen: Screen, plan: Plan) -> None:
    screen.head(f"cli.outcome.{plan.outcome.value}")
    if plan.outcome is Outcome.OPTIMAL:
        screen.line("cli.proved_only")
    screen.table(stage_table(plan))


def _money(screen: Screen, plan: Plan) -> None:
    screen.head("cli.money.head")
    screen.table(field_table(plan))
    if any(plan.unassigned.values()):
        most = max(plan.unassigned, key=lambda u: plan.unassigned[u])
        screen.line(
            "cli.money.note",
            units=sum(v > 0 for v in plan.unassigned.values()),
            place=full_place(most),
            amount=plan.unassigned[most],
        )


def _pools(screen: Screen, plan: Plan) -> None:
    pools = pool_table(plan)
    if len(pools):
        screen.head("cli.pools.head")
        screen.table(pools.first(_SHOWN))
        screen.more(len(pools) - _SHOWN)


def print_findings(screen: Screen, checks: Iterable[Check]) -> None:
    """Print the rules that need attention."""
    found = finding_table(checks)
    screen.head("cli.findings.head")
    if len(found):
        screen.table(found.first(_SHOWN))
        screen.more(len(found) - _SHOWN)
    else:
        screen.line("cli.findings.none")


def _dataset_findings(screen: Screen, plan: Plan) -> None:
    findings = plan.scenario.dataset.findings
    if findings:
        screen.head("cli.dataset_findings")
        for finding in findings[:_SHOWN]:
            screen.text(f"- {finding.text(screen.words)}")
        screen.more(len(findings) - _SHOWN)


def _pins(screen: Screen, plan: Plan) -> None:
    if plan.scenario.pins or plan.scenario.overrides:
        screen.head("cli.changes.head")
    for pin in plan.scenario.pins:
        key = "cli.changes.in" if pin.inside else "cli.changes.out"
        screen.line(key, id=pin.proposal, reason=pin.reason or "–")
    for path, value in plan.scenario.overrides:
        screen.text(f"- {path} = {value}")


def policy_lines(screen: Screen, scenario: Scenario) -> None:
    """The policy and its reading, and a pagu that is not the policy's."""
    policy = scenario.policy
    screen.line(
        "cli.plan.policy",
        policy=screen.words.pick(policy.name),
        regulation=policy.regulation,
        reading=screen.words.pick(policy.reading),
    )
    budgets = sorted({u.budget for u in scenario.dataset.territory.units if not u.by_policy})
    changed = any(path == "pagu" for path, _ in scenario.overrides)
    if policy.pagu and not changed and budgets not in ([], [policy.pagu]):
        amounts = " – ".join(screen.rupiah(b) for b in dict.fromkeys((budgets[0], budgets[-1])))
        screen.line("cli.plan.own_pagu", data=amounts, policy=policy.pagu, pagu=policy.pagu)


def facts(screen: Screen, plan: Plan) -> None:
    """The foot of every result: what is real, what is made up, who decides."""
    meta, policy = plan.scenario.dataset.meta, plan.scenario.policy
    for key, texts in (("cli.real", meta.real), ("cli.made_up", meta.made_up)):
        lines = screen.words.pick(texts)
        if lines:
            screen.head(key)
            for line in lines:
                screen.text(f"- {line}")
    screen.text()
    if meta.made_up_notice:
        screen.text(screen.say("plan.made_up"), style="bold")
    if policy.note:
        screen.text(screen.words.pick(policy.note))
    screen.text(screen.say("plan.decides"), style="bold")
    screen.line(
        "cli.inputs", sha=plan.inputs_sha256[:12], solver=", ".join(plan.answer.methods) or "–"
    )

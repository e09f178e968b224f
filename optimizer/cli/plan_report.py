"""A plan on the screen: what was proved, where the money goes, what is open."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from optimizer.cli.envelopes_report import print_envelopes
from optimizer.cli.findings import print_findings
from optimizer.cli.screen import Screen
from optimizer.explain.reasons import Reasons
from optimizer.formulation.problem import PERCENTS
from optimizer.plan import Plan
from optimizer.record.meetings import SCALE
from optimizer.record.policy import Account, Bound
from optimizer.record.proposals import Status
from optimizer.record.scenario import PRIORITIES, Scenario
from optimizer.solving.outcome import Outcome, Proof
from optimizer.territory import full_place

__all__ = ["account_bounds", "facts", "policy_lines", "print_plan"]

_SHOWN = 12


def print_plan(screen: Screen, plan: Plan, files: Sequence[Path] = ()) -> None:
    """Print a plan, and where its files lie."""
    scenario = plan.scenario
    screen.text(scenario.name, style="bold")
    screen.text(screen.say("plan.simulation").split(" – ")[0])
    territory = scenario.dataset.territory
    policy_lines(screen, scenario)
    screen.line(
        "cli.plan.data",
        dataset=scenario.dataset.meta.name,
        units=screen.number(len(territory.units)),
        proposals=screen.number(len(scenario.dataset.proposals)),
    )
    _stages(screen, plan)
    if plan.by_fields:
        print_envelopes(screen, plan.fields)
    if not plan.only_fields:
        _money(screen, plan)
        _pools(screen, plan)
        _proposals(screen, plan)
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
    rows = [
        (
            screen.say(f"cli.stage.{proof.stage}"),
            _stage_value(screen, proof, proof.value),
            _stage_value(screen, proof, proof.bound),
            screen.say("cli.proved" if proof.outcome is Outcome.OPTIMAL else "cli.not_proved"),
        )
        for proof in plan.proofs
    ]
    headings = [screen.say(f"cli.stages.{c}") for c in ("stage", "value", "bound", "proved")]
    screen.table(headings, rows, right=(1, 2))


def _stage_value(screen: Screen, proof: Proof, value: int) -> str:
    if proof.stage == "fill":
        return screen.rupiah(abs(value))
    if proof.stage == "equity":
        return screen.words.share(Fraction(value, 1000))
    if proof.stage == PRIORITIES:
        return screen.words.number(Fraction(value * PERCENTS, SCALE), 2)
    if proof.stage == "support":
        return screen.words.number(Fraction(value, SCALE), 2)
    if proof.stage == "welfare":  # at evenness 0 the same number as support
        return screen.words.number(Fraction(value, SCALE * SCALE * PERCENTS), 2)
    return screen.number(value)


def account_bounds(screen: Screen, account: Account) -> str:
    """The bounds of an account in words: ``paling banyak 40%``."""
    parts = [_bound(screen, bound) for bound in account.bounds]
    return ", ".join(parts)


def _bound(screen: Screen, bound: Bound) -> str:
    if bound.share is not None:
        amount = screen.words.share(bound.share)
    elif bound.rupiah is not None:
        amount = screen.rupiah(bound.rupiah)
    else:
        amount = screen.say("cli.bound.unknown")
    return screen.say(f"cli.bound.{bound.side}", amount=amount)


def _money(screen: Screen, plan: Plan) -> None:
    tree = plan.problem.tree
    units = list(plan.money.values())
    pagu = sum(u.budget for u in plan.scenario.dataset.territory.units)
    rows = []
    for account in plan.scenario.policy.by_id.values():
        node = tree.ids.index(account.id)
        leaves = [tree.ids.index(a.id) for a in account.walk() if a.is_leaf]
        spent = sum(s[node] for s, _ in units)
        held = sum(r[leaf] for _, r in units for leaf in leaves)
        rows.append(
            (
                "  " * account.id.count("/") + screen.words.pick(account.name),
                account_bounds(screen, account),
                screen.rupiah(spent),
                _percent(screen, spent, pagu),
                screen.rupiah(held) if held else "–",
            )
        )
    idle = sum(plan.unassigned.values())
    rows.append(
        (screen.say("cli.money.idle"), "", screen.rupiah(idle), _percent(screen, idle, pagu), "")
    )
    rows.append(
        (screen.say("cli.money.pagu"), "", screen.rupiah(pagu), _percent(screen, pagu, pagu), "")
    )
    screen.head("cli.money.head")
    headings = [screen.say(f"cli.money.{c}") for c in ("field", "bound", "spent", "share", "held")]
    screen.table(headings, rows, right=(2, 3, 4))
    most = max(plan.unassigned, key=lambda u: plan.unassigned[u], default="")
    if idle:
        screen.line(
            "cli.money.note",
            units=screen.number(sum(v > 0 for v in plan.unassigned.values())),
            place=full_place(most),
            amount=screen.rupiah(plan.unassigned[most]),
        )


def _percent(screen: Screen, part: int, whole: int) -> str:
    return screen.words.share(Fraction(part, whole)) if whole else "–"


def _pools(screen: Screen, plan: Plan) -> None:
    pools = plan.pools.to_dict("records")
    if not pools:
        return
    screen.head("cli.pools.head")
    rows = [
        (
            str(p["kelurahan"]),
            *(screen.rupiah(int(p[c])) for c in ("collected", "spent", "unspent")),
        )
        for p in pools[:_SHOWN]
    ]
    headings = [
        screen.say(f"cli.pools.{c}") for c in ("kelurahan", "collected", "spent", "unspent")
    ]
    screen.table(headings, rows, right=(1, 2, 3))
    screen.more(len(pools) - _SHOWN)


def _proposals(screen: Screen, plan: Plan) -> None:
    excluded = [p for p in plan.scenario.dataset.proposals if p.status is Status.EXCLUDED]
    screen.head("cli.proposals.head")
    rows = [
        (
            screen.say("cli.proposals.in"),
            screen.number(len(plan.chosen)),
            screen.rupiah(sum(plan.cost(p) for p in plan.chosen)),
        ),
        (
            screen.say("cli.proposals.out"),
            screen.number(len(plan.left_out)),
            screen.rupiah(sum(p.full_cost for p in plan.left_out)),
        ),
    ]
    reasons = Reasons(plan)
    kinds = Counter(reasons.of(p).kind for p in plan.left_out)
    rows += [
        (f"  {screen.say(f'reason_group.{kind}')}", screen.number(count), "")
        for kind, count in sorted(kinds.items(), key=lambda k: (-k[1], k[0]))
    ]
    rows.append((screen.say("cli.proposals.excluded"), screen.number(len(excluded)), ""))
    headings = [screen.say(f"cli.proposals.{c}") for c in ("what", "count", "cost")]
    screen.table(headings, rows, right=(1, 2))


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
        screen.line(
            "cli.plan.own_pagu", data=amounts, policy=screen.rupiah(policy.pagu), pagu=policy.pagu
        )


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

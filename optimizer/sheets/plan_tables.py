"""What a plan says as tables: its proof, its money, its pools, its proposals, what is open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from optimizer.explain.reasons import Reasons
from optimizer.formulation.problem import PER_MILLE, PERCENTS
from optimizer.plan import Plan
from optimizer.record.meetings import SCALE
from optimizer.record.policy_tables import bounds
from optimizer.record.proposals import Proposal, Status
from optimizer.record.scenario import PRIORITIES
from optimizer.rules import Check, RuleStatus
from optimizer.solving.outcome import Outcome
from optimizer.tables import Cell, Column, Joined, Kind, Table, Under, Value, columns
from optimizer.territory import full_place, rt_rw
from optimizer.words import Message

__all__ = ["field_table", "finding_table", "pool_table", "proposal_table", "stage_table"]

# --- what was proved ----------------------------------------------------------------------

# What one counts in the values of a stage, and how it is written.
_UNITS: dict[str, tuple[Fraction, Kind]] = {
    "fill": (Fraction(-1), Kind.RUPIAH),
    "equity": (Fraction(1, PER_MILLE), Kind.SHARE),
    "support": (Fraction(1, SCALE), Kind.POINTS),
    "welfare": (Fraction(1, SCALE * SCALE * PERCENTS), Kind.POINTS),  # at evenness 0 as support
    PRIORITIES: (Fraction(PERCENTS, SCALE), Kind.POINTS),
}


def stage_table(plan: Plan) -> Table:
    """A row for each stage: its value, and how far it could be at most."""
    head = (
        *columns("cli.stages", stage=Kind.TEXT, value=Kind.NUMBER, bound=Kind.NUMBER),
        Column("proved", Message("cli.stages.proved"), Kind.STATUS,
               ("cli.not_proved", "cli.proved")),
    )  # fmt: skip
    rows = (
        (
            Message(f"cli.stage.{proof.stage}"),
            _stage_value(proof.stage, proof.value),
            _stage_value(proof.stage, proof.bound),
            proof.outcome is Outcome.OPTIMAL,
        )
        for proof in plan.proofs
    )
    return Table("stages", head, tuple(rows))


def _stage_value(stage: str, value: int) -> Value:
    unit, kind = _UNITS.get(stage, (Fraction(1), Kind.NUMBER))
    return Value(value * unit, kind)


# --- where the money goes -----------------------------------------------------------------


def field_table(plan: Plan) -> Table:
    """Each account over all units: its bounds, what activities take, what a minimum holds."""
    tree, units = plan.problem.tree, list(plan.money.values())
    pagu = sum(u.budget for u in plan.scenario.dataset.territory.units)
    rows: list[tuple[Cell, ...]] = []
    for account in plan.scenario.policy.by_id.values():
        node = tree.ids.index(account.id)
        leaves = [tree.ids.index(a.id) for a in account.walk() if a.is_leaf]
        spent = sum(s[node] for s, _ in units)
        held = sum(r[leaf] for _, r in units for leaf in leaves)
        name = Under(account.name, account.id.count("/"))
        rows.append((name, bounds(account), spent, _part(spent, pagu), held))
    idle = sum(plan.unassigned.values())
    rows.append((Message("cli.money.idle"), None, idle, _part(idle, pagu), None))
    rows.append((Message("cli.money.pagu"), None, pagu, _part(pagu, pagu), None))
    head = columns(
        "cli.money",
        field=Kind.TEXT,
        bound=Kind.MESSAGE,
        spent=Kind.RUPIAH,
        share=Kind.SHARE,
        held=Kind.RUPIAH,
    )
    return Table("fields", head, tuple(rows))


def _part(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def pool_table(plan: Plan) -> Table:
    """Each kelurahan's pool: collected, spent and unspent rupiah."""
    amounts = ("collected", "spent", "unspent")
    head = columns("cli.pools", kelurahan=Kind.TEXT, **dict.fromkeys(amounts, Kind.RUPIAH))
    rows = (
        (pool["kelurahan"], *(int(pool[name]) for name in amounts))
        for pool in plan.pools.to_dict("records")
    )
    return Table("pools", head, tuple(rows))


# --- proposals ----------------------------------------------------------------------------


def proposal_table(plan: Plan) -> Table:
    """How many proposals are in, and how many are not, by what is in their way."""
    proposals = plan.scenario.dataset.proposals
    excluded = sum(p.status is Status.EXCLUDED for p in proposals)
    rows: list[tuple[Cell, ...]] = [
        (Message("cli.proposals.in"), len(plan.chosen), sum(map(plan.cost, plan.chosen))),
        (Message("cli.proposals.out"), len(plan.left_out), _asked(plan.left_out)),
        *(
            (Under(Message(f"reason_group.{kind}"), 1), len(found), _asked(found))
            for kind, found in _by_reason(plan)
        ),
        (Message("cli.proposals.excluded"), excluded, None),
    ]
    head = columns("cli.proposals", what=Kind.TEXT, count=Kind.NUMBER, cost=Kind.RUPIAH)
    return Table("proposals", head, tuple(rows))


def _by_reason(plan: Plan) -> list[tuple[str, list[Proposal]]]:
    """What is in the way of proposals, the most frequent first."""
    reasons, kinds = Reasons(plan), dict[str, list[Proposal]]()
    for proposal in plan.left_out:
        kinds.setdefault(reasons.of(proposal).kind, []).append(proposal)
    return sorted(kinds.items(), key=lambda kind: (-len(kind[1]), kind[0]))


def _asked(proposals: Sequence[Proposal]) -> int:
    return sum(p.full_cost for p in proposals)


# --- what is open -------------------------------------------------------------------------

_OPEN = (RuleStatus.BREACH, RuleStatus.FINDING, RuleStatus.UNKNOWN)
_PLACES = 8


def finding_table(checks: Iterable[Check]) -> Table:
    """Rules that need attention, the same sentence once with all its places.

    Breaches come first, then findings, then what cannot be checked; the most frequent first.
    """
    groups: dict[tuple[str, ...], list[Check]] = {}
    for check in checks:
        if check.status in _OPEN:
            groups.setdefault(_alike(check), []).append(check)
    found = sorted(groups.values(), key=lambda g: (_OPEN.index(g[0].status), -len(g)))
    several = len({check.place.split("/")[0] for group in found for check in group}) > 1
    name = full_place if several else rt_rw
    rows = ((_what(group), _places([name(c.place) for c in group]), _remedy(group))
            for group in found)  # fmt: skip
    head = columns("cli.findings", what=Kind.MESSAGE, where=Kind.TEXT, remedy=Kind.MESSAGE)
    return Table("findings", head, tuple(rows))


def _alike(check: Check) -> tuple[str, ...]:
    """Checks with the same key are told in one row; shortfalls differ only in their rupiah."""
    if check.bounds and check.status is RuleStatus.FINDING:
        return check.account, check.side, check.letter
    return check.message(), check.remedy_text()


def _what(checks: Sequence[Check]) -> Cell:
    first, amounts = checks[0], [check.amount for check in checks]
    if len(checks) == 1 or not first.bounds:
        return first.said
    data = {"label": first.label, "least": min(amounts), "most": max(amounts)}
    return Message("cli.findings.short", data)


def _remedy(checks: Sequence[Check]) -> Cell:
    first = checks[0]
    if len(checks) == 1 or not first.bounds:
        return first.remedy_text
    return Message("remedy.letter", {"letter": first.letter}) if first.letter else ""


def _places(places: Sequence[str]) -> Cell:
    left = len(places) - _PLACES
    more = [Message("cli.places_more", {"count": left})] if left > 0 else []
    return Joined((Joined(tuple(places[:_PLACES])), *more), " ")

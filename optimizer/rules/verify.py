"""The judge of computed plans: what fails here is never shown as a plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from optimizer.errors import PlanRejected
from optimizer.record.policy import Account
from optimizer.record.scenario import BEST, Scenario
from optimizer.rules.every import check_ledger
from optimizer.rules.fields import Claim, check_envelopes
from optimizer.rules.findings import Check, Listed
from optimizer.rules.joint import share_due
from optimizer.rules.ledger import Ledger, on_grid
from optimizer.rules.order import ORDER, order_checks
from optimizer.rules.status import RuleStatus, Side, rule_id
from optimizer.rules.values import StageValues
from optimizer.territory import ROOT, full_place
from optimizer.words import Message

__all__ = ["check_fields", "check_plan"]


def check_plan(
    scenario: Scenario,
    listed: Listed,
    values: Mapping[str, int],
    proved: Collection[str] = (),
    most: Mapping[tuple[str, str], int] | None = None,
) -> tuple[Check, ...]:
    """Judge a computed plan from the raw records.

    Beyond :func:`check_rules`: volumes that may be chosen, pins, the joint share asked for,
    money that a minimum forces, and every stage value as claimed. Whether a value is the best
    that can be is not judged, but for ``order``.

    Parameters
    ----------
    proved
        Stages that are claimed to be the best that can be; of these ``order`` is judged.
    most
        (level, RT or RW) → the most support that each could get in any feasible plan. The stage
        ``equity`` takes it as given, and looks only whether it can be so.

    Raises
    ------
    PlanRejected
        At the first thing that is not as it must be. Findings are no reason to refuse.
    """
    ledger = Ledger(scenario.dataset, scenario.policy, listed)
    _volumes(ledger)
    _pins(scenario, ledger)
    _joint_share(scenario, ledger)
    share = scenario.joint_share if isinstance(scenario.joint_share, Fraction) else None
    checks = check_ledger(ledger, share)
    for check in checks:
        if check.status is RuleStatus.BREACH:
            raise _rejected(check.rule, check.place, check.said)
    _known_keys(ledger)
    _forced_money(ledger)
    _conserved(ledger)
    computed = StageValues(scenario, ledger, most)
    if "equity" in values and (group := computed.satisfaction.wrong()):
        raise _rejected("equity.most", group, "equity")
    for stage, claimed in values.items():
        value = computed.of(stage)
        if value is not None and value != claimed:
            raise _rejected(f"value.{stage}", ROOT, f"{claimed} ≠ {value}")
    order = tuple(order_checks(scenario, ledger)) if ORDER in proved else ()
    for check in order:
        if check.status is RuleStatus.BREACH:
            raise _rejected(check.rule, check.place, check.said)
    return (*checks, *order)


def check_fields(
    scenario: Scenario,
    listed: Listed,
    claims: Mapping[str, Claim],
    value: Fraction,
) -> None:
    """Judge the envelopes of a plan, their value and their proof, from the raw records.

    Raises
    ------
    PlanRejected
        At the first thing that is not as it must be.
    """
    ledger = Ledger(scenario.dataset, scenario.policy, listed)
    check_envelopes(scenario, ledger, claims, value, _rejected)


def _rejected(rule: str, place: str, what: str | Message) -> PlanRejected:
    return PlanRejected("plan_rejected", rule=rule, place=full_place(place), what=what)


def _volumes(ledger: Ledger) -> None:
    for proposal_id, volume in ledger.listed.volumes.items():
        proposal = ledger.dataset.by_id.get(proposal_id)
        if proposal is None:
            raise _rejected("proposal", ROOT, proposal_id)
        if volume and not on_grid(proposal, volume):
            raise _rejected("volume", proposal.owner, f"{proposal_id}: {volume}")


def _pins(scenario: Scenario, ledger: Ledger) -> None:
    for pin in scenario.pins:
        inside = ledger.listed.volumes.get(pin.proposal, Fraction(0)) > 0
        if inside != pin.inside:
            raise _rejected("pin", ROOT, pin.proposal)


def _joint_share(scenario: Scenario, ledger: Ledger) -> None:
    """The share asked for, else the policy's minimum; "best" is a whole per mille."""
    territory = ledger.dataset.territory
    if scenario.joint_share == BEST:
        candidates: list[Fraction | None] = [None, *(Fraction(k, 1000) for k in range(1001))]
    elif isinstance(scenario.joint_share, Fraction):
        candidates = [scenario.joint_share]
    else:
        candidates = [None]
    for kelurahan in territory.kelurahan:
        units = [territory.by_id[u] for u in territory.units_below(kelurahan)]
        for account in ledger.policy.pools:
            given = [ledger.listed.pool_shares.get((u.id, account.id), 0) for u in units]
            if not any(
                all(
                    share_due(account, unit.budget, share) == amount
                    for unit, amount in zip(units, given, strict=True)
                )
                for share in candidates
            ):
                raise _rejected("pool.share", kelurahan, account.id)


def _known_keys(ledger: Ledger) -> None:
    """Reserves and pool shares stand at units and leaves that exist, and are not negative."""
    units = ledger.dataset.territory.by_id
    leaves = {leaf.id for leaf in ledger.policy.leaves}
    pools = {leaf.id for leaf in ledger.policy.pools}
    for rule, book, accounts in (
        ("reserved", ledger.listed.reserved, leaves),
        ("pool.share", ledger.listed.pool_shares, pools),
    ):
        for (unit, account), amount in book.items():
            if unit not in units or account not in accounts or amount < 0:
                raise _rejected(rule, unit, f"{account}: {amount}")


def _forced_money(ledger: Ledger) -> None:
    """Minima hold with what is held for them, and nothing is held that no minimum asks for."""
    for unit in ledger.dataset.territory.units:
        for account in ledger.policy.by_id.values():
            total = ledger.programmed(unit.id, account) + ledger.reserved(unit.id, account)
            for bound in account.bounds:
                short = bound.lower(unit.budget) - total
                if short > 0 and not ledger.waived(unit.id, account, bound):
                    rule = rule_id(Side(bound.side), account.id)
                    raise _rejected(rule, unit.id, f"-{short}")
    for (unit_id, leaf), amount in ledger.listed.reserved.items():
        if amount and not _is_forced(ledger, unit_id, ledger.policy.by_id[leaf]):
            raise _rejected("reserved", unit_id, f"{leaf}: {amount}")


def _is_forced(ledger: Ledger, unit: str, leaf: Account) -> bool:
    """Whether one rupiah less in a leaf would leave a minimum short."""
    return any(
        ledger.programmed(unit, account) + ledger.reserved(unit, account)
        <= ledger.lower(unit, account)
        for account in ledger.policy.by_id.values()
        if any(leaf is below for below in account.walk())
    )


def _conserved(ledger: Ledger) -> None:
    """What the units pay is what the chosen proposals cost, and what the pools hold."""
    paid = sum(ledger.programmed(u.id) for u in ledger.dataset.territory.units)
    costs = sum(ledger.cost(p) for p in ledger.chosen if not ledger.pooled(p))
    pools = sum(ledger.listed.pool_shares.values())
    if paid != costs + pools:
        raise _rejected("money", ROOT, f"{paid} ≠ {costs + pools}")

"""Bounds on money: the pagu and every account, for every unit."""

from __future__ import annotations

from collections.abc import Iterator

from optimizer.record.policy import Account, Bound, Source
from optimizer.rules.findings import Check, Remedy
from optimizer.rules.ledger import Ledger
from optimizer.rules.remedies import add_or_bring_in, cheapest_step, less_of
from optimizer.rules.status import RuleStatus, Side

__all__ = ["account_checks", "pagu_checks", "unknown_bounds"]


def pagu_checks(ledger: Ledger) -> Iterator[Check]:
    """No unit spends and holds more than its pagu."""
    for unit in ledger.dataset.territory.units:
        total = ledger.programmed(unit.id) + ledger.reserved(unit.id)
        over = max(0, total - unit.budget)
        own = [p for p in ledger.concerning[unit.id] if p.owner == unit.id]
        yield Check(
            side=Side.PAGU,
            place=unit.id,
            status=RuleStatus.BREACH if over else RuleStatus.PASS,
            amount=over,
            limit=unit.budget,
            total=total,
            origin=Source(source=ledger.policy.regulation),
            remedy=less_of(ledger, own, over) if over else None,
        )


def account_checks(ledger: Ledger) -> Iterator[Check]:
    """Every known bound of every account, for every unit."""
    for unit in ledger.dataset.territory.units:
        for account in ledger.policy.by_id.values():
            for bound in account.bounds:
                if bound.known:
                    yield _bound_check(ledger, unit.id, account, bound)


def unknown_bounds(ledger: Ledger) -> Iterator[Check]:
    """Bounds that nobody knows, once for each kelurahan."""
    for kelurahan in ledger.dataset.territory.kelurahan:
        for account in ledger.policy.by_id.values():
            for bound in account.bounds:
                if not bound.known:
                    yield Check(
                        side=Side(bound.side),
                        place=kelurahan,
                        status=RuleStatus.UNKNOWN,
                        account=account.id,
                        origin=bound.origin,
                        label=account.name,
                    )


def _bound_check(ledger: Ledger, unit: str, account: Account, bound: Bound) -> Check:
    budget = ledger.dataset.territory.by_id[unit].budget
    programmed = ledger.programmed(unit, account)
    held = programmed + ledger.reserved(unit, account)
    upper, lower = bound.upper(budget), bound.lower(budget)
    over = max(0, held - upper) if upper is not None else 0
    short = max(0, lower - programmed)
    status, letter, rounding = RuleStatus.PASS, "", False
    remedy: Remedy | None = None
    # Pool money that the input does not tell may lift the sum, never lower it.
    unknown = not ledger.listed.pool_known and any(a.pooled for a in account.walk())
    if over:
        status = RuleStatus.BREACH
        own = [p for p in ledger.concerning[unit] if p.owner == unit and ledger.within(p, account)]
        remedy = less_of(ledger, own, over)
    elif unknown:
        status = RuleStatus.UNKNOWN
    elif short and ledger.waived(unit, account, bound):
        letter = bound.letter
    elif short:
        step = cheapest_step(ledger, unit, account)
        rounding = step is not None and short < step
        if not rounding:
            status, letter = RuleStatus.FINDING, bound.letter
            remedy = add_or_bring_in(ledger, unit, account, short)
    below = short > 0 and not over
    return Check(
        side=Side(bound.side),
        place=unit,
        status=status,
        account=account.id,
        amount=over or short,
        letter=letter,
        rounding=rounding,
        limit=lower if below or upper is None else upper,
        total=held if over else programmed,
        origin=bound.origin,
        remedy=remedy,
        label=account.name,
    )

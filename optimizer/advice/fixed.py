"""What no advice touches: mandatory items and admin costs."""

from __future__ import annotations

from optimizer.record.policy import Policy
from optimizer.record.proposals import Proposal, Status
from optimizer.rules.ledger import Ledger

__all__ = ["is_fixed", "is_mandatory", "mandatory_activities", "own_decision"]


def is_fixed(ledger: Ledger, proposal: Proposal, mandatory: frozenset[str]) -> bool:
    """Whether an item is mandatory or pays the RT's admin costs."""
    account = ledger.account(proposal)
    admin = account is not None and not ledger.policy.top[account.id].field
    return admin or is_mandatory(ledger, proposal, mandatory)


def is_mandatory(ledger: Ledger, proposal: Proposal, mandatory: frozenset[str]) -> bool:
    """Whether an item is recorded as mandatory, or is one of the activities that are."""
    return proposal.status is Status.MANDATORY or ledger.activity(proposal) in mandatory


def mandatory_activities(policy: Policy) -> frozenset[str]:
    """The activities that a policy makes mandatory."""
    return frozenset(a for rule in policy.rules if rule.shape.mandatory for a in rule.activities)


def own_decision(ledger: Ledger, unit: str) -> int:
    """Rupiah that an RT decides about by itself: pagu − pool − mandatory items − admin costs."""
    budget = ledger.dataset.territory.by_id[unit].budget
    mandatory = mandatory_activities(ledger.policy)
    fixed = sum(
        ledger.cost(p)
        for p in ledger.concerning[unit]
        if p.owner == unit and not ledger.pooled(p) and is_fixed(ledger, p, mandatory)
    )
    pools = sum(ledger.programmed(unit, a) for a in ledger.policy.pools)
    return max(0, budget - pools - fixed)

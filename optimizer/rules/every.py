"""All rules of a policy against one list."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain

from optimizer.record.dataset import Dataset
from optimizer.record.policy import Policy
from optimizer.rules.bounds import account_checks, pagu_checks, unknown_bounds
from optimizer.rules.findings import Check, Listed
from optimizer.rules.items import item_checks
from optimizer.rules.joint import contribution_checks, pool_checks
from optimizer.rules.ledger import Ledger
from optimizer.rules.records import menu_checks, volume_checks
from optimizer.rules.required import listed_mandatory
from optimizer.territory import naturally

__all__ = ["check_ledger", "check_rules"]


def check_rules(
    dataset: Dataset, policy: Policy, listed: Listed, joint_share: Fraction | None = None
) -> tuple[Check, ...]:
    """Judge a list or a plan by every rule of a policy, from the raw records.

    Parameters
    ----------
    joint_share
        The share of the pagu that every unit must give to the pool; without one, any share
        will do that is the same for all units of a kelurahan.

    Returns
    -------
    tuple of Check
        Places in natural order; at each place the rules in the order of the policy.
    """
    return check_ledger(Ledger(dataset, policy, listed), joint_share)


def check_ledger(ledger: Ledger, joint_share: Fraction | None = None) -> tuple[Check, ...]:
    """Like :func:`check_rules`, for books that are open already."""
    checks = chain(
        pagu_checks(ledger),
        pool_checks(ledger, joint_share),
        account_checks(ledger),
        unknown_bounds(ledger),
        item_checks(ledger),
        listed_mandatory(ledger),
        contribution_checks(ledger),
        volume_checks(ledger),
        menu_checks(ledger),
    )
    return tuple(naturally(checks, lambda check: check.place))

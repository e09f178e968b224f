"""The independent exact checker: every rule of a policy against a list or a plan.

It never imports the formulation or a solver, because it is the judge of them: all sums, bounds,
item rules, pools, contributions and stage values are recomputed from the records in whole
numbers. The same checker runs on a list that people made.
"""

from optimizer.rules.every import check_ledger, check_rules
from optimizer.rules.findings import Check, Listed, Remedy, worst
from optimizer.rules.joint import as_recorded, recorded_share
from optimizer.rules.lists import list_checks
from optimizer.rules.standing import Standing, standings
from optimizer.rules.status import WORST_FIRST, RuleStatus, Side, State
from optimizer.rules.verify import check_fields, check_plan

__all__ = [
    "WORST_FIRST",
    "Check",
    "Listed",
    "Remedy",
    "RuleStatus",
    "Side",
    "Standing",
    "State",
    "as_recorded",
    "check_fields",
    "check_ledger",
    "check_plan",
    "check_rules",
    "list_checks",
    "recorded_share",
    "standings",
    "worst",
]

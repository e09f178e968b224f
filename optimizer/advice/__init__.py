"""What a list leaves open: room to grow, what to cut when the pagu falls, what RT could share.

Advice only: each item of it is something that a meeting may decide. It rests on the checker's
books (:class:`~optimizer.rules.ledger.Ledger`), so a list and a plan are advised alike.
"""

from optimizer.advice.alike import Overlap, overlaps
from optimizer.advice.cuts import Cut, CutList, cut_list, new_budgets
from optimizer.advice.fixed import own_decision
from optimizer.advice.growth import Growth, growths

__all__ = [
    "Cut",
    "CutList",
    "Growth",
    "Overlap",
    "cut_list",
    "growths",
    "new_budgets",
    "overlaps",
    "own_decision",
]

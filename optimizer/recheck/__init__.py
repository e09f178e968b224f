"""A ``plan.json`` judged again: all that follows from its levels, compared field by field.

The plan is built once more from the levels in the file, and the two records are compared as trees
(:mod:`optimizer.recheck.differences`), so no field can be forgotten. What does not follow from
levels (that no plan is better, by which method that was found, and so which levels they had to
be) is computed again only under the same inputs and versions; else it is unknown, and said.
"""

from optimizer.recheck.differences import Difference, differences
from optimizer.recheck.rebuild import UNPROVED, Doubt, Recheck, recheck

__all__ = ["UNPROVED", "Difference", "Doubt", "Recheck", "differences", "recheck"]

"""What if: sweeps and grids, strongest levers, prices of rules, fewest changes, stability.

Every figure is a proved optimum of a scenario solved anew, or is labelled as what it is.
"""

from optimizer.solving.memory import PartMemory
from optimizer.whatif.changes import (
    changes_between,
    fewest_changes,
    forced,
)
from optimizer.whatif.near import Near, NearClass, near_optimal
from optimizer.whatif.points import MEASURES, Point
from optimizer.whatif.price_limit import PriceLimit, price_limit
from optimizer.whatif.prices_of_rules import field_prices, prices_of_rules
from optimizer.whatif.run import Executor, map_points
from optimizer.whatif.stability import Stability, stability
from optimizer.whatif.sweep import Sweep, grid, sweep
from optimizer.whatif.tornado import Lever, default_levers, tornado
from optimizer.whatif.vary import parse_vary

__all__ = [
    "MEASURES",
    "Executor",
    "Lever",
    "Near",
    "NearClass",
    "PartMemory",
    "Point",
    "PriceLimit",
    "Stability",
    "Sweep",
    "changes_between",
    "default_levers",
    "fewest_changes",
    "field_prices",
    "forced",
    "grid",
    "map_points",
    "near_optimal",
    "parse_vary",
    "price_limit",
    "prices_of_rules",
    "stability",
    "sweep",
    "tornado",
]

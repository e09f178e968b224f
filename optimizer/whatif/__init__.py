"""What if: sweeps and grids, strongest levers, prices of rules, fewest changes, stability.

Every figure is a proved optimum of a scenario solved anew, or is labelled as what it is.
"""

from optimizer.whatif.sweep import Sweep, grid, sweep
from optimizer.whatif.vary import parse_vary

__all__ = ["Sweep", "grid", "parse_vary", "sweep"]

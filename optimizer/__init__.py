"""Rembug: how should each RT's money be split, and which proposals should it pay for?

The engine advises; the meetings decide.
"""

from optimizer.compare import compare
from optimizer.files.scenarios import load_scenario
from optimizer.planning import optimize
from optimizer.versions import __version__ as __version__
from optimizer.whatif import sweep

__all__ = ["compare", "load_scenario", "optimize", "sweep"]

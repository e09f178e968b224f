"""The page of scenarios."""

from optimizer.ui import scenario

scenario.show()

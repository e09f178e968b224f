"""Versions of what computed a result, for the run record."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

PLAN_SCHEMA = "rembug-plan/1"
"""Version of the fields of ``plan.json``."""


@cache
def solver_versions() -> dict[str, str]:
    """Versions of Rembug itself and of the modelling layer and solver below it."""
    return {name: version(name) for name in ("rembug", "pulp", "highspy")}

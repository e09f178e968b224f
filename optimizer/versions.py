"""Versions of what computed a result, for the run record; the package takes its own from here."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

__version__ = "0.1.0"

PLAN_SCHEMA = "rembug-plan/1"
"""Version of the fields of ``plan.json``."""


@cache
def solver_versions() -> dict[str, str]:
    """Versions of Rembug itself and of the modelling layer and solver below it."""
    return {"rembug": __version__, **{name: version(name) for name in ("pulp", "highspy")}}

"""The build of the package: maps what stands at the top of the source tree into the wheel."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED = ("data", "scenarios", "app.py", ".streamlit")
"""What :mod:`optimizer.shipped` finds in ``optimizer/shipped_files`` once it is installed."""


class Shipped(BuildHookInterface[Any]):
    """Run by hatchling, as ``pyproject.toml`` says."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """An editable install needs nothing of this: it finds the source tree itself."""
        if version == "standard":
            build_data["force_include"] |= {
                name: f"optimizer/shipped_files/{name}" for name in SHIPPED
            }

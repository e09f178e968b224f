"""Where the files that come with the program are.

In a checkout they stand at the top, where people edit them; the build of the package maps the
same tree to ``optimizer/shipped_files``. All are read as real paths, which an installed package
has as well as a checkout.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["APP", "DATA", "EXAMPLE_RECAP", "HOME", "SCENARIOS"]

_PACKAGE = Path(__file__).resolve().parent
_MAPPED = _PACKAGE / "shipped_files"

HOME = _MAPPED if _MAPPED.is_dir() else _PACKAGE.parent
DATA = HOME / "data"
SCENARIOS = HOME / "scenarios"
APP = HOME / "app.py"
EXAMPLE_RECAP = DATA / "contoh-rekap-kaliombo.xlsx"

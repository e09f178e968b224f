"""Build the environment in which pabutools is measured: ``python benchmarks/pabutools/setup.py``.

It stands apart from Rembug's own: pabutools is under the GPL and is no part of Rembug.
"""

import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE / ".venv"


def main() -> None:
    """Make the environment and install what ``requirements.txt`` names."""
    python = ENVIRONMENT / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    wanted = str(HERE / "requirements.txt")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", wanted], check=True)


if __name__ == "__main__":
    main()

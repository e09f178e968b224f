"""``python -m tools.demo`` writes the example datasets and the example recap anew."""

from __future__ import annotations

from pathlib import Path

from optimizer.shipped import DATA, EXAMPLE_RECAP
from optimizer.tables.to_csv import write_csv
from tools.demo import NAMES, build
from tools.demo.recap import recap_file


def files(name: str) -> dict[str, bytes]:
    """The CSV files of an example dataset by file name."""
    return {
        f"{sheet}.csv": write_csv([list(r.values()) for r in rows], list(rows[0]))
        for sheet, rows in build(name).items()
    }


def write(folder: Path, name: str) -> None:
    """Write the CSV files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in files(name).items():
        (folder / file).write_bytes(content)


if __name__ == "__main__":
    for name in NAMES:
        write(DATA / name, name)
    EXAMPLE_RECAP.write_bytes(recap_file())

"""``python -m optimizer.demo`` writes the example dataset and the example recap anew."""

from __future__ import annotations

from pathlib import Path

from optimizer.demo import build
from optimizer.demo.recap import EXAMPLE, recap_file
from optimizer.files.policies import DATA
from optimizer.files.tables import write_csv

NAME = "kaliombo-2023"


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
    write(DATA / NAME, NAME)
    EXAMPLE.write_bytes(recap_file())

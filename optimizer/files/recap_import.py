"""A recap as a dataset folder, with a list of everything that is not in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from optimizer.files.datasets_out import dataset_files
from optimizer.files.recap_dataset import FromRecap
from optimizer.files.recap_model import RecapRow
from optimizer.files.safely import write_folder
from optimizer.record.dataset import Dataset
from optimizer.tables.to_csv import write_csv
from optimizer.words import INDONESIAN, Words

__all__ = ["NOTES", "Aside", "Imported", "asides", "import_recap"]

NOTES = "impor"
"""Folder of the lists beside the dataset's own files, which a dataset does not read."""

_HEADINGS = ("Lembar", "Baris", "Isi", "Alasan")
_FINDINGS = ("Berkas", "Lembar", "Baris", "Kolom", "Nilai", "Temuan")


@dataclass(frozen=True, slots=True)
class Aside:
    """A row of the file that is not in the dataset, and why."""

    sheet: str
    row: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What was written: the dataset's folder, proposals in it, and rows set aside."""

    folder: Path
    dataset: Dataset
    asides: tuple[Aside, ...]


def import_recap(source: FromRecap, folder: Path | str, words: Words = INDONESIAN) -> Imported:
    """Write the dataset and, in ``impor/``, the rows set aside and the reader's findings.

    Rows whose cost could not be read are set aside: a dataset holds no proposal without one.

    Raises
    ------
    RembugError
        See :func:`optimizer.files.safely.write_folder`.
    """
    folder = Path(folder)
    dataset = source.priced()
    found = tuple(asides(source, words))
    rows = [(a.sheet, a.row, a.text, a.reason) for a in found]
    notes = {
        f"{NOTES}/baris-disisihkan.csv": write_csv(rows, _HEADINGS),
        f"{NOTES}/temuan.csv": write_csv(_finding_rows(source, words), _FINDINGS),
    }
    write_folder(folder, notes | dataset_files(dataset))
    return Imported(folder, dataset, found)


def asides(source: FromRecap, words: Words = INDONESIAN) -> Iterator[Aside]:
    """Every row that is no proposal of the dataset, in the order of the file."""
    lost = [(r, "nowhere") for r in source.left_out]
    lost += [(source.rows[i], "unpriced") for i in source.unpriced]
    rows = [Aside(r.sheet, r.row, _text(r), words.say(f"aside.{why}")) for r, why in lost]
    rows += [
        Aside(a.sheet, a.row, a.text, words.say(f"aside.{a.reason}"))
        for a in source.recap.set_aside
    ]
    return iter(sorted(rows, key=lambda a: (a.sheet, a.row)))


def _text(row: RecapRow) -> str:
    cells = (row.number, row.rt, row.rw, row.field_text, row.description, row.remark)
    return " | ".join(cell for cell in cells if cell)


def _finding_rows(source: FromRecap, words: Words) -> Iterator[tuple[str | int | None, ...]]:
    for finding in source.dataset.findings:
        place = finding.place
        text = " ".join(t for t in (finding.message(words), finding.hint(words)) if t)
        yield place.file, place.sheet, place.row, place.column, place.value, text

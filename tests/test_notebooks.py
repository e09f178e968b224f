"""The notebooks run as they are committed, without a warning, and say the same again."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
BOOKS = sorted(FOLDER.glob("*.ipynb"))
FIRST, *OTHERS = BOOKS
MOST_BYTES = 300_000
# Errors for everything that our cells and libraries warn of; the kernel's own are not ours.
STRICT = """import warnings
warnings.simplefilter("error")
warnings.filterwarnings("ignore", module="(ipykernel|IPython|matplotlib_inline|zmq|tornado)")"""


def read(file: Path):
    import nbformat

    return nbformat.read(file, as_version=4)


def execute(file: Path):
    """The notebook with what its cells say now; any warning in a cell is an error."""
    import nbformat

    with warnings.catch_warnings():
        # What the machinery of notebooks says about itself is not ours.
        warnings.simplefilter("ignore")
        from nbclient import NotebookClient

        book = read(file)
        book.cells.insert(0, nbformat.v4.new_code_cell(STRICT))
        where = {"metadata": {"path": str(FOLDER)}}
        client = NotebookClient(book, timeout=300, kernel_name="python3", resources=where)
        # Streamlit, once imported by another test, forbids figures by this variable.
        client.execute(env={k: v for k, v in os.environ.items() if k != "MPLBACKEND"})
    book.cells.pop(0)
    return book


def told(book) -> list[tuple[str, list[str]]]:
    """What each code cell prints, and what it shows; how a kernel cuts its stream is chance."""
    cells = [cell.outputs for cell in book.cells if cell.cell_type == "code"]
    return [
        (
            "".join(output.text for output in outputs if output.output_type == "stream"),
            [o.data.get("text/plain", "") for o in outputs if o.output_type != "stream"],
        )
        for outputs in cells
    ]


def test_there_are_three():
    assert len(BOOKS) == 3


@pytest.mark.parametrize("file", BOOKS, ids=lambda f: f.stem)
def test_committed_with_outputs_small_and_without_a_machine(file):
    text = file.read_text("utf-8")
    assert len(text) < MOST_BYTES
    for trace in ("/home/", "/root/", "/tmp/", "/Users/", "Traceback"):
        assert trace not in text
    book = read(file)
    cells = [cell for cell in book.cells if cell.cell_type == "code"]
    assert any("image/png" in o.get("data", {}) for cell in cells for o in cell.outputs)
    assert all(cell.execution_count for cell in cells)
    words = " ".join(cell.source for cell in book.cells if cell.cell_type == "markdown")
    assert "*" in words  # English second


def test_from_recap_to_plan():
    assert told(execute(FIRST)) == told(read(FIRST))


@pytest.mark.full
@pytest.mark.parametrize("file", OTHERS, ids=lambda f: f.stem)
def test_the_others(file):
    book = execute(file)
    if "REMBUG_PABULIB" in file.read_text("utf-8") and not os.environ.get("REMBUG_PABULIB"):
        assert any("DILEWATI" in printed for printed, _ in told(book))
        pytest.skip("REMBUG_PABULIB is not set: the real elections are not shown")
    assert told(book) == told(read(file))

"""Bad and hostile input on the screens: a clear sentence, never a traceback, nothing run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ui_app import calm, html, open_app, shown

from optimizer.ui import errors, rt
from optimizer.ui.words import chart_text, escape, markdown

DATA = Path(__file__).resolve().parents[1] / "data" / "kaliombo-2023"


@pytest.fixture
def dataset(tmp_path):
    """A copy of the example data that a test may spoil."""
    return Path(shutil.copytree(DATA, tmp_path / "rusak"))


def _spoil(dataset: Path, sheet: str, old: str, new: str) -> None:
    file = dataset / f"{sheet}.csv"
    text = file.read_text("utf-8-sig")
    assert old in text
    file.write_text("\ufeff" + text.replace(old, new, 1), "utf-8")


def test_a_wrong_cell_is_named_with_its_row_and_column(dataset):
    _spoil(dataset, "usulan", ";82000;", ";delapan;")
    app = open_app("rt", str(dataset), skenario="rusak")
    text = shown(app)
    assert not app.exception
    assert "harus diperbaiki dulu" in text
    assert "baris 2" in text
    assert "delapan" in text
    assert "Traceback" not in text


def test_a_missing_dataset_is_a_sentence(tmp_path):
    app = open_app("rt", str(tmp_path / "tidak-ada"), skenario="tidak-ada")
    assert not app.exception
    assert app.error


def test_names_that_are_code_are_shown_as_text(dataset):
    hostile = "<img src=x onerror=alert(1)> [x](javascript:1) $a$ :red[b]"
    _spoil(dataset, "usulan", "Perbaikan paving, Gang 2", hostile)
    app = calm(open_app("rt", str(dataset), skenario="rusak", rw="01", rt="01"))
    assert "<img" not in html(app)
    assert "&lt;img" in html(app) or any("\\<img" in e.label for e in app.expander)
    assert not any("](javascript" in e.label for e in app.expander)


def test_an_unexpected_error_is_one_calm_sentence(monkeypatch):
    def broken() -> object:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(rt, "session", broken)
    app = open_app("rt")
    assert not app.exception
    assert "kesalahan pada program" in app.error[0].value
    assert "secret detail" not in shown(app)
    assert errors.guard  # the one place that does it


def test_text_of_people_is_harmless_everywhere():
    text = "<b>*x*</b> {a|b} =cmd"
    assert "<" not in escape(text)
    assert markdown("*x* [y](z) <b>") == r"\*x\* \[y\]\(z\) \<b\>"
    assert not set("<>{}|") & set(chart_text(text))

"""The app in process, for tests of the screens."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

APP = Path(__file__).resolve().parents[1] / "app.py"
SCREENS = "optimizer/ui/screens"
BOXES = ("selectbox", "select_slider", "button_group", "multiselect")


def open_app(page: str = "rt", *given: str, **query: str) -> AppTest:
    """The app at a page, as a person finds it; ``given`` (dataset, policy) as on a command line."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [str(APP), *given])
        app = AppTest.from_file(str(APP), default_timeout=120)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        return turn_to(app, page)


def turn_to(app: AppTest, page: str) -> AppTest:
    """Turn to a page."""
    return app.switch_page(f"{SCREENS}/{page}.py").run()


def html(app: AppTest) -> str:
    """All HTML that our own components wrote."""
    return "\n".join(str(block.proto.body) for block in app.get("html"))


def box(app: AppTest, key: str) -> Any:
    """A choice box by its key, whatever number it carries on the screen."""
    found = (w for kind in BOXES for w in getattr(app, kind))
    return next(w for w in found if str(w.key).rpartition("-")[0] == key)


def choose(app: AppTest, key: str, word: str) -> str:
    """Choose the option that holds a word; what was chosen."""
    found = box(app, key)
    number = next(n for n, option in enumerate(found.options) if word in option)
    return str(box(found.select_index(number).run(), key).value)


def shown(app: AppTest) -> str:
    """Everything that can be read on the page."""
    kinds = (app.markdown, app.caption, app.subheader, app.error, app.warning)
    return "\n".join([html(app), *(str(element.value) for kind in kinds for element in kind)])


def calm(app: AppTest) -> AppTest:
    """Nothing went wrong that a person would see."""
    assert not app.exception
    assert not app.error, [e.value for e in app.error]
    return app

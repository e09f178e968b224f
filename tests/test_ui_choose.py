"""The one helper for choice boxes: what is chosen is an id, whatever the words do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from ui_app import box

UI = Path(__file__).resolve().parents[1] / "optimizer" / "ui"
BOXES = "selectbox|radio|segmented_control|pills|multiselect|select_slider|menu_button|feedback"


def test_no_box_is_drawn_by_anything_but_the_helper():
    drawn = re.compile(rf"\.({BOXES})\(")
    found = {path.name for path in UI.rglob("*.py") if drawn.search(path.read_text("utf-8"))}
    assert found == {"choose.py"}


def _page() -> None:
    """One box, some boxes; words, and what stands elsewhere, by the test."""
    import streamlit as st

    from optimizer.ui.choose import choose, choose_several

    state = st.session_state
    words = state.setdefault("words", {"a": "Apel", "b": "Belimbing", "c": "Cempedak"})
    for how in ("box", "switch", "slide"):
        choose("Satu", words, f"one_{how}", how=how, now=state.get("now"), address=how == "box")
    for how in ("box", "chips"):
        choose_several("Beberapa", words, f"some_{how}", how=how, first=("a",))
    choose("Dulu", words, "first", first="c")
    choose("Tanya", words, "asked", now=state.get("answer", ""), placeholder="pilih",
           took=lambda id_: state.update(answer=id_))  # fmt: skip


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_function(_page, default_timeout=60).run()


ONE, SOME = ("one_box", "one_switch", "one_slide"), ("some_box", "some_chips")
SWAPPED = {"a": "Belimbing", "b": "Apel", "c": "Cempedak"}


@pytest.mark.parametrize("key", ONE)
def test_a_touch_is_kept_as_the_id_and_the_box_stays(page, key):
    before = box(page, key).key
    assert page.session_state[key] == "a"
    box(page, key).set_value("b").run()
    assert page.session_state[key] == "b"
    assert box(page, key).value == "b"
    assert box(page, key).key == before


@pytest.mark.parametrize("words", [SWAPPED, {"a": "Apple", "b": "Star fruit", "c": "Jackfruit"}])
def test_other_words_change_no_choice_and_make_the_boxes_new(page, words):
    for key in ONE:
        box(page, key).set_value("b")
    for key in SOME:
        box(page, key).set_value(["c", "b"])
    page.run()
    before = {key: box(page, key).key for key in (*ONE, *SOME)}
    page.session_state["words"] = words
    page.run()
    assert {key: page.session_state[key] for key in ONE} == dict.fromkeys(ONE, "b")
    assert {key: page.session_state[key] for key in SOME} == {key: ["c", "b"] for key in SOME}
    assert all(box(page, key).key != before[key] for key in before)
    assert not page.exception


def test_an_option_that_vanishes_gives_way_to_the_first_and_leaves_the_others(page):
    box(page, "one_box").set_value("b")
    box(page, "some_box").set_value(["b", "c"])
    page.run()
    page.session_state["words"] = {"c": "Cempedak", "d": "Duku"}
    page.run()
    assert page.session_state["one_box"] == box(page, "one_box").value == "c"
    assert page.session_state["some_box"] == ["c"]


def test_what_stands_elsewhere_is_shown_and_a_touch_told_there(page):
    assert box(page, "asked").value is None
    box(page, "asked").set_value("c").run()
    assert page.session_state["answer"] == box(page, "asked").value == "c"
    page.session_state["now"] = "c"
    page.run()
    assert [box(page, key).value for key in ONE] == ["c"] * 3
    box(page, "one_box").set_value("a").run()  # nobody was told: it falls back
    assert box(page, "one_box").value == "c"


def test_the_same_words_twice_can_be_told_apart(page):
    page.session_state["words"] = {"a": "Apel", "b": "Apel"}
    page.run()
    assert box(page, "one_box").options == ["Apel (a)", "Apel (b)"]
    for id_ in ("b", "a"):
        box(page, "one_box").set_value(id_).run()
        assert page.session_state["one_box"] == id_


def test_what_is_chosen_first(page):
    assert page.session_state["first"] == "c"
    assert page.session_state["some_chips"] == ["a"]


def _late() -> None:
    """A touch of box number 7, which showed "a", arrives when newer boxes have taken its place."""
    import streamlit as st

    from optimizer.ui import choose as module

    def draw(words: dict[str, str]) -> None:
        module.choose("Satu", words, "k", took=told.append)

    told: list[str] = []
    said = st.session_state.get("said", "a")
    draw({"a": "Apel", "b": "Belimbing", "c": "Cempedak"})
    st.session_state["k"] = "c"  # chosen elsewhere meanwhile
    draw({"a": "Belimbing", "b": "Apel", "c": "Cempedak"})
    module._box("k").shown[7] = "a"
    st.session_state["k-7"] = said
    module._touched("k", 7)
    st.session_state["result"] = (st.session_state["k"], tuple(told))


@pytest.mark.parametrize(("said", "result"), [("a", ("c", ())), ("b", ("b", ("b",)))])
def test_a_late_touch_means_what_its_words_said_and_no_touch_means_nothing(said, result):
    app = AppTest.from_function(_late, default_timeout=60)
    app.session_state["said"] = said
    assert app.run().session_state["result"] == result


@pytest.mark.parametrize("said", ["b", "Belimbing"])
def test_the_address_asks_by_id_or_by_words_and_keeps_the_id(said):
    app = AppTest.from_function(_page, default_timeout=60)
    app.query_params["one_box"] = said
    app.run()
    assert app.session_state["one_box"] == "b"
    assert app.query_params["one_box"] == "b"
    box(app, "one_box").set_value("c").run()
    assert app.query_params["one_box"] == "c"
    box(app, "one_box").set_value("a").run()  # the first option needs no address
    assert "one_box" not in app.query_params


def test_an_address_that_no_option_has_is_put_aside():
    app = AppTest.from_function(_page, default_timeout=60)
    app.query_params["one_box"] = "zirzak"
    app.run()
    assert app.session_state["one_box"] == "a"
    assert "one_box" not in app.query_params

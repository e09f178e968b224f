"""Every choice box of the app: ids inside, words outside.

Streamlit keeps what is chosen in a box as the *words* of the option. Where words change, by the
language or by what they tell, the browser goes on sending the old ones: the choice is lost, or
falls to another option that says now what the chosen one said before. So the choice is kept here
as an id, under the key of the box; and the box on the screen carries a number beside its key,
which grows whenever its words change, or its choice by anything but a touch of the person. A touch
of an older box that arrives late still means what its words said, and an older box that was not
touched means nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

__all__ = ["choose", "choose_several"]

T = TypeVar("T", bound=Hashable)
_BOXES = "_choices"


@dataclass
class _Box:
    """A box on the screen; ``shown`` is what it showed last, under each of its numbers."""

    key: str
    words: tuple[tuple[Any, str], ...] = ()
    number: int = -1
    shown: dict[int, Any] = field(default_factory=dict)
    took: Callable[[Any], None] | None = None

    def arguments(self) -> dict[str, Any]:
        """What every kind of box is drawn with."""
        words = dict(self.words)
        return {
            "options": list(words),
            "format_func": lambda id_: words.get(id_, str(id_)),
            "key": self._name(self.number),
            "on_change": _touched,
            "args": (self.key, self.number),
        }

    def show(self, words: tuple[tuple[Any, str], ...], chosen: Any) -> None:
        """Stay as it is, or begin anew where words or choice are others than the browser knows."""
        if self.number < 0 or (words, chosen) != (self.words, self.shown[self.number]):
            self.number += 1
        self.words = words
        self.keep(self.number, chosen)

    def keep(self, number: int, chosen: Any) -> None:
        """Remember what is chosen, and which box shows it."""
        st.session_state[self.key] = self.shown[number] = chosen

    def touch(self, number: int) -> None:
        """Take what a box says, unless it only says again what it showed."""
        said = st.session_state[self._name(number)]
        if said != self.shown[number]:
            self.keep(number, said)
            if self.took is not None:
                self.took(said)

    def _name(self, number: int) -> str:
        return f"{self.key}-{number}"


def _box(key: str) -> _Box:
    boxes: dict[str, _Box] = st.session_state.setdefault(_BOXES, {})
    return boxes.setdefault(key, _Box(key))


def _touched(key: str, number: int) -> None:
    _box(key).touch(number)


def choose(
    label: str,
    options: Mapping[T, str],
    key: str,
    *,
    how: Literal["box", "switch", "slide"] = "box",
    now: T | None = None,
    first: T | None = None,
    took: Callable[[T], None] | None = None,
    address: bool = False,
    **looks: Any,
) -> T:
    """One of the options, kept as its id in the session under ``key``.

    Parameters
    ----------
    options
        Words by id, in the order shown; at least one.
    how
        A select box, buttons side by side, or a slider.
    now
        What is chosen, where that is kept elsewhere; ``took`` tells that place of a touch.
    first
        What is chosen before anybody touched it; otherwise the first option, or nothing where
        ``looks`` holds a ``placeholder``.
    address
        Whether the choice stands in the address, by its id.
    """
    box = _box(key)
    first = first if first in options else next(iter(options))
    if address and (key not in st.session_state or _moved()):
        st.session_state[key] = _asked(key, options)
    chosen = now if now is not None else st.session_state.get(key)
    if chosen not in options:
        chosen = None if "placeholder" in looks else first
    box.took = took
    box.show(_told_apart(options), chosen)
    said: T = _one(label, how, box, chosen, looks)
    if said != chosen:  # a browser that met a new session
        box.keep(box.number, said)
    if address:
        _tell(key, "" if said == first else str(said))
    return said


def choose_several(
    label: str,
    options: Mapping[T, str],
    key: str,
    *,
    how: Literal["box", "chips"] = "box",
    now: Iterable[T] | None = None,
    first: Sequence[T] = (),
    **looks: Any,
) -> list[T]:
    """Some of the options, in the order of choosing; otherwise as :func:`choose`."""
    box = _box(key)
    kept = now if now is not None else st.session_state.get(key, first)
    chosen = [id_ for id_ in kept if id_ in options]
    box.show(_told_apart(options), chosen)
    arguments: dict[str, Any] = {**box.arguments(), "default": chosen, **looks}
    if how == "chips":
        said: list[T] = st.pills(label, selection_mode="multi", **arguments)
    else:
        said = st.multiselect(label, **arguments)
    if said != chosen:
        box.keep(box.number, said)
    return said


def _one(label: str, how: str, box: _Box, chosen: Any, looks: Mapping[str, Any]) -> Any:
    arguments = {**box.arguments(), **looks}
    if how == "slide":
        return st.select_slider(label, value=chosen, **arguments)
    if how == "switch":
        return st.segmented_control(label, default=chosen, required=True, **arguments)
    ids = arguments["options"]
    return st.selectbox(label, index=None if chosen is None else ids.index(chosen), **arguments)


def _told_apart(options: Mapping[Any, str]) -> tuple[tuple[Any, str], ...]:
    """Words by id; what several options say is followed by the id, or the last one would win."""
    times = Counter(options.values())
    return tuple(
        (id_, text if times[text] == 1 else f"{text} ({id_})") for id_, text in options.items()
    )


# --- the address ------------------------------------------------------------------------


def _moved() -> bool:
    """Whether the person went back or forward: then the address says what is meant."""
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", False))


def _asked(key: str, options: Mapping[T, str]) -> T | None:
    """What the address asks for, by id or by its words."""
    said = st.query_params.get(key)
    return next((id_ for id_, text in options.items() if said in {str(id_), text}), None)


def _tell(key: str, said: str) -> None:
    if said == st.query_params.get(key, ""):
        return
    if said:
        st.query_params[key] = said
    else:
        st.query_params.pop(key, None)

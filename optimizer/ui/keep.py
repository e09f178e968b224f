"""What a person brought along, kept for a reload: by the address and this browser together.

A reload begins a new session. The address holds a random name under which the work lies in the
memory of the server, and it is handed out only to the browser that brought it, so a link sent to
somebody else opens nothing. Nothing is written to a disk. A second tab gets a copy of its own.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from typing import Any

import streamlit as st

__all__ = ["LINK", "box", "remember"]

LINK = "berkas"
KEPT = 32
_BOXES, _TOKEN = "_boxes", "_boxes_token"
_COOKIE = "_streamlit_xsrf"

Boxes = dict[str, dict[str, Any]]


class _Shelf:
    """The latest works by browser and token; safe for several sessions at once."""

    def __init__(self) -> None:
        self._works: OrderedDict[tuple[str, str], Boxes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, str]) -> Boxes | None:
        with self._lock:
            return self._works.get(key)

    def put(self, key: tuple[str, str], boxes: Boxes) -> None:
        with self._lock:
            self._works[key] = boxes
            self._works.move_to_end(key)
            while len(self._works) > KEPT:
                self._works.popitem(last=False)


@st.cache_resource(show_spinner=False)
def _shelf() -> _Shelf:
    return _Shelf()


def box(name: str) -> dict[str, Any]:
    """A place for one page's work; what is put there outlives a reload."""
    boxes: Boxes | None = st.session_state.get(_BOXES)
    if boxes is None:
        boxes = st.session_state[_BOXES] = _recalled()
    return boxes.setdefault(name, {})


def remember() -> None:
    """Write the name of the work into the address, once there is something to find again."""
    boxes: Boxes = st.session_state.get(_BOXES, {})
    browser = _browser()
    if not browser or not any(boxes.values()):
        return
    token = st.session_state.setdefault(_TOKEN, secrets.token_urlsafe(16))
    _shelf().put((browser, token), boxes)
    if st.query_params.get(LINK) != token:
        st.query_params[LINK] = token


def _recalled() -> Boxes:
    """A copy of the work that the address names, if this browser brought it."""
    browser, token = _browser(), str(st.query_params.get(LINK, ""))
    found = _shelf().get((browser, token)) if browser and token else None
    return {name: dict(content) for name, content in (found or {}).items()}


def _browser() -> str:
    """The secret of this browser behind Streamlit's own cookie, which masks it anew each time."""
    version, _, rest = str(st.context.cookies.get(_COOKIE, "")).strip('"').partition("|")
    mask, _, rest = rest.partition("|")
    masked = rest.partition("|")[0]
    try:
        key, secret = bytes.fromhex(mask), bytes.fromhex(masked)
    except ValueError:
        return ""
    if version != "2" or not key or not secret:
        return ""
    return bytes(b ^ key[i % len(key)] for i, b in enumerate(secret)).hex()

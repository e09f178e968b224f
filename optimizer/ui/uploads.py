"""Taking a file from a person: read at once, then let go, so that nothing of it lingers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from optimizer.errors import Finding, InputRefused, Place, RembugError, Severity
from optimizer.files.tables import MAX_BYTES
from optimizer.ui.keep import box
from optimizer.ui.words import escape, t

__all__ = ["Upload", "drop"]

Upload = tuple[str, bytes]
_TURNS = "_upload_turns"
_REFUSED = "refused"


def drop(
    name: str, label: str, take: Callable[[Sequence[Upload]], None], *, several: bool = False
) -> RembugError | None:
    """A place to drop files.

    Whatever is dropped goes to ``take`` and the widget starts afresh, which lets Streamlit
    forget the bytes: of a file that is refused, nothing is kept. All kinds of files may be
    dropped, because the readers say best what to do with a wrong one.

    Parameters
    ----------
    name
        The box of the page (:func:`~optimizer.ui.keep.box`).
    take
        Reads the files; may raise a :class:`RembugError`.

    Returns
    -------
    RembugError or None
        Why the latest files were refused.
    """
    turns: dict[str, int] = st.session_state.setdefault(_TURNS, {})
    key = f"{name}_file_{turns.get(name, 0)}"
    _words()
    with st.container(key=f"{name}_drop"):
        st.file_uploader(
            label,
            key=key,
            accept_multiple_files=several,
            on_change=_take,
            args=(name, key, take),
        )
    error: RembugError | None = box(f"{name}.upload").get(_REFUSED)
    return error


def _take(name: str, key: str, take: Callable[[Sequence[Upload]], None]) -> None:
    found = st.session_state.get(key)
    files = found if isinstance(found, list) else [found] if found else []
    if not files:
        return
    turns: dict[str, int] = st.session_state[_TURNS]
    turns[name] = turns.get(name, 0) + 1
    kept = box(f"{name}.upload")
    kept.pop(_REFUSED, None)
    try:
        for file in files:
            if file.size > MAX_BYTES:
                raise _too_big(file.name)
        take([(file.name, file.getvalue()) for file in files])
    except RembugError as error:
        kept[_REFUSED] = error


def _too_big(name: str) -> InputRefused:
    limit = MAX_BYTES // 2**20
    finding = Finding("table_too_big", Severity.ERROR, Place(name), {"limit": limit})
    return InputRefused([finding], name)


def _words() -> None:
    """Streamlit's own words in the drop zone are English only; these stand in their place."""
    limit = MAX_BYTES // 2**20
    here, button = escape(t("upload.here", limit=limit)), escape(t("upload.choose"))
    st.html(
        "<style>"
        '[data-testid="stFileUploaderDropzoneInstructions"]>*{display:none!important}'
        f'[data-testid="stFileUploaderDropzoneInstructions"]::before{{content:"{here}"}}'
        '[data-testid="stFileUploaderDropzone"] button:not([aria-label]) *{display:none}'
        f'[data-testid="stFileUploaderDropzone"] button:not([aria-label])::after'
        f'{{content:"{button}"}}'
        "</style>"
    )

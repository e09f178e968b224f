"""Files to take away: made when somebody presses the button, in the language of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from optimizer.ui.words import words
from optimizer.words import Words

__all__ = ["CSV", "JSON", "XLSX", "ZIP", "offer"]

JSON, CSV, ZIP = "application/json", "text/csv", "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer(
    label: str,
    name: str,
    mime: str,
    make: Callable[[Words], bytes],
    *,
    key: str,
    main: bool = False,
    width: Literal["content", "stretch"] = "content",
) -> None:
    """A button for a file.

    Parameters
    ----------
    make
        Makes the file in the language that it is given. It runs outside the session, which
        alone knows the person's language, so it must not ask for it there.
    main
        Whether this is what most people come for.
    """
    language = words()
    st.download_button(
        label,
        data=lambda: make(language),
        file_name=name,
        mime=mime,
        key=key,
        icon=":material/download:",
        on_click="ignore",
        type="primary" if main else "secondary",
        width=width,
    )

"""The entry: language, the scenario that is open, and the pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from optimizer.ui import frame, keep, state
from optimizer.ui.errors import guard
from optimizer.ui.words import LANGUAGE_KEY, t
from optimizer.words import LANGUAGES

__all__ = ["PAGES", "begin", "run"]

ICON = Path(__file__).parent / "icon.png"
# One file in ``screens`` for each page, in the order of the menu; the first one opens.
PAGES = {
    "periksa": ":material/fact_check:",
    "rt": ":material/groups:",
    "kelurahan": ":material/location_city:",
    "skenario": ":material/compare_arrows:",
    "data": ":material/upload_file:",
    "unduh": ":material/download:",
}


def begin(screens: Path) -> list[Any]:
    """Set the page up, draw what stands on every page, and list the pages that exist."""
    st.set_page_config(page_title="Rembug", page_icon=str(ICON), layout="wide")
    frame.style()
    top = st.container(horizontal=True, vertical_alignment="center", key="top")
    scenario = top.container(width="stretch")
    with top:
        st.segmented_control(
            "Bahasa / Language",
            LANGUAGES,
            key=LANGUAGE_KEY,
            default=LANGUAGES[0],
            required=True,
            format_func=str.upper,
            label_visibility="collapsed",
            bind="query-params",
        )
    with scenario:
        names = state.choices()
        st.selectbox(
            t("entry.scenario"),
            list(names),
            format_func=lambda key: names.get(key, key),
            key=state.SCENARIO_KEY,
            bind="query-params",
            label_visibility="collapsed",
        )
    state.open_link()
    return [
        st.Page(screens / f"{name}.py", title=t(f"page.{name}"), icon=icon, url_path=name)
        for name, icon in PAGES.items()
        if (screens / f"{name}.py").is_file()
    ]


def run(page: Any) -> None:
    """Run a page behind the one guard that turns errors into sentences."""
    with guard():
        open_ = state.session()
        if state.remember(open_):
            st.warning(t("entry.link_damaged"), icon=":material/link_off:")
    with guard():
        page.run()
    keep.remember()

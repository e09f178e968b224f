"""The entry: language, the scenario that is open, and the pages."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import streamlit as st

from optimizer.ui import frame, keep, state
from optimizer.ui.choose import choose
from optimizer.ui.errors import guard
from optimizer.ui.words import LANGUAGE_KEY, t
from optimizer.words import languages

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
        choose(
            "Bahasa / Language",
            {lang: lang.upper() for lang in languages()},
            LANGUAGE_KEY,
            how="switch",
            address=True,
            label_visibility="collapsed",
        )
    with scenario:
        choose(
            t("entry.scenario"),
            state.choices(),
            state.SCENARIO_KEY,
            address=True,
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
    _freeze()


@st.cache_resource(show_spinner=False)
def _freeze() -> None:
    """Once for the process: what was imported stays, so the collector need not walk it again."""
    gc.collect()
    gc.freeze()

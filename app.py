"""Rembug in a browser: the pages, and the scenario that is open. ``streamlit run app.py``."""

from pathlib import Path

import streamlit as st

from optimizer.ui import entry
from optimizer.ui.errors import guard

SCREENS = Path(entry.__file__).parent / "screens"

with guard():
    page = st.navigation(entry.begin(SCREENS), position="top")
    entry.run(page)

"""The one place where something that went wrong becomes a sentence."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from optimizer.errors import Infeasible, InputRefused, RembugError, Severity
from optimizer.ui.words import escape, markdown, t, words

__all__ = ["guard", "show_error"]

SHOWN = 50
_log = logging.getLogger(__name__)


def show_error(error: RembugError) -> None:
    """An error that the person can mend: what is wrong, where, and what to do.

    What was typed stays where it is: only the answer is missing from the page.
    """
    if isinstance(error, InputRefused):
        _refused(error)
        return
    # A conflict says by itself what it is; everything else is headed.
    head = "" if isinstance(error, Infeasible) else f"**{t('error.title')}**\n\n"
    st.error(head + _lines(error.message(words())), icon=":material/error:")


def _lines(text: str) -> str:
    return "\n\n".join(markdown(line) for line in text.splitlines() if line.strip())


def _refused(error: InputRefused) -> None:
    wrong = [f for f in error.findings if f.severity is Severity.ERROR]
    head = t("error.refused", name=markdown(error.name), count=len(wrong))
    st.error(f"**{head}**", icon=":material/error:")
    items = "".join(f"<li>{escape(f.text(words()))}</li>" for f in wrong[:SHOWN])
    more = len(wrong) - SHOWN
    rest = f"<p>{escape(t('error.more', count=more))}</p>" if more > 0 else ""
    st.html(f'<ul class="rb-findings">{items}</ul>{rest}')


@contextmanager
def guard() -> Iterator[None]:
    """Run a page; whatever happens, the person reads a sentence, never a traceback."""
    try:
        yield
    except RembugError as error:
        show_error(error)
    except Exception:  # the last line of defence: anything here is a defect of ours
        _log.exception("unexpected error on a page")
        st.error(f"**{t('error.ours')}**\n\n{t('error.ours_what')}", icon=":material/error:")

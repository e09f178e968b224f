"""Correcting the rows of a recap in place; what was corrected stays apart from the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from optimizer.checking import Report
from optimizer.errors import RembugError
from optimizer.files.recap_edits import Correction, Kind, corrections
from optimizer.files.schema import field_names
from optimizer.sheets.words import place_words
from optimizer.ui import check_work
from optimizer.ui.check_work import READING, Work
from optimizer.ui.words import escape, markdown, t, words
from optimizer.words import INDONESIAN

__all__ = ["show_corrections", "show_editor"]

_ROW = "row"
_MONEY = frozenset({"unit_price", "cost"})
_REFUSED = "_check_edit_refused"
_SHOWN = 60
_WIDE: Mapping[str, int] = {"description": 320}


def show_editor(work: Work, report: Report) -> None:
    """The rows that are open, as they are written; each change is checked at once."""
    reading = work.target == READING
    name = t("check.edit.cells") if reading else place_words(work.target, words())
    st.markdown(f"**{markdown(t('check.edit.title', name=name))}**")
    st.caption(t("check.edit.how"))
    refused: RembugError | None = st.session_state.pop(_REFUSED, None)
    if refused is not None:
        st.error(refused.message(words()), icon=":material/block:")
    frame = _frame(work)
    key = f"check_rows_{work.turn}"
    st.data_editor(
        frame,
        key=key,
        hide_index=True,
        num_rows="delete" if reading else "dynamic",
        column_config=_columns(frame),
        on_change=_record,
        args=(key,),
        placeholder="",
        alt=t("check.edit.title", name=name),
    )
    st.button(t("check.edit.done"), key="check_close", type="primary", on_click=check_work.close)
    del report


def _frame(work: Work) -> pd.DataFrame:
    """The texts of the rows as they were when the editor was opened, never its own result."""
    base = work.base
    roles = dict.fromkeys(role for sheet, _ in work.rows for role in base.roles(sheet))
    lines = []
    for sheet, row in work.rows:
        texts = base.texts(sheet, row)
        lines.append({_ROW: str(row)} | {r: _written(r, texts.get(r, "")) for r in roles})
    return pd.DataFrame(lines, columns=[_ROW, *roles], dtype="str")


def _written(role: str, text: str) -> str:
    """Plain numbers of rupiah as one writes them; anything else as it stands."""
    if role in _MONEY and text.isdecimal():
        return INDONESIAN.number(int(text))
    return text


def _columns(frame: pd.DataFrame) -> dict[str, Any]:
    column = st.column_config
    found: dict[str, Any] = {_ROW: column.TextColumn(t("check.col.row"), disabled=True, width=60)}
    for role in frame.columns[1:]:
        label = t(f"check.role.{role}")
        if role == "field":
            written = [text for text in frame[role] if text]
            options = list(dict.fromkeys([*field_names()[:9], *written]))
            found[role] = column.SelectboxColumn(label, options=options, width="medium")
        else:
            found[role] = column.TextColumn(label, width=_WIDE.get(role))
    return found


def _record(key: str) -> None:
    work = check_work.current()
    if work is None:
        return
    try:
        check_work.put(check_work.record(work, st.session_state[key]))
    except RembugError as error:
        st.session_state[_REFUSED] = error
        check_work.update()


def show_corrections(work: Work) -> None:
    """Everything that differs from the file, with the way back."""
    found = corrections(work.tables, work.edits)
    if not found:
        return
    with st.container(border=True, key="check_corrections"):
        st.markdown(t("check.corrections", count=len(found)))
        items = "".join(f"<li>{escape(_correction(c))}</li>" for c in found[:_SHOWN])
        st.html(f'<ul class="rb-findings rb-scroll">{items}</ul>')
        with st.container(horizontal=True):
            st.button(
                t("sim.undo"), icon=":material/undo:", key="check_undo", on_click=check_work.undo
            )
            st.button(t("check.undo_all"), key="check_undo_all", on_click=check_work.undo_all)


def _correction(correction: Correction) -> str:
    where = correction.place.text(words())
    before, after = correction.before or "–", correction.after or "–"
    if correction.kind is Kind.ADD:
        return t("check.added", where=where, after=after)
    if correction.kind is Kind.REMOVE:
        return t("check.removed", where=where, before=before)
    return t("check.changed", where=where, before=before, after=after)

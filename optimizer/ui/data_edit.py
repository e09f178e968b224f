"""Findings with the cell that is wrong, and the sheets in an editor, read again at each change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from optimizer.errors import Finding, RembugError, Severity
from optimizer.files.datasets_edit import FIRST_ROW, Row
from optimizer.files.grid import Value
from optimizer.files.schema import SHEETS, SHEETS_BY_NAME, Column, Kind, SheetSpec, field_names
from optimizer.ui import data_work
from optimizer.ui.choose import choose
from optimizer.ui.data_work import Judged, Work
from optimizer.ui.words import escape, number, t, words

__all__ = ["show_editor", "show_findings"]

_ROW = "#"  # no heading of a file can be called so
_NUMBERS = frozenset({Kind.RUPIAH, Kind.VOLUME, Kind.COUNT})
_SHOWN = 100
_REFUSED = "_data_edit_refused"
_WIDE: Mapping[str, int] = {"kegiatan": 240, "uraian": 260, "alasan": 220, "pilihan": 260}


def show_findings(work: Work, judged: Judged) -> None:
    """All findings, errors first: file or sheet, row, column, value, remedy."""
    if not judged.findings:
        st.success(t("data.clean"), icon=":material/check_circle:")
        return
    order = list(Severity)
    found = sorted(judged.findings, key=lambda f: order.index(f.severity))
    with st.expander(
        t("data.findings", count=len(found), wrong=len(judged.errors)),
        expanded=bool(judged.errors),
        icon=":material/plagiarism:",
    ):
        items = "".join(f"<li>{_finding(f)}</li>" for f in found[:_SHOWN])
        more = len(found) - _SHOWN
        rest = f"<p>{escape(t('error.more', count=more))}</p>" if more > 0 else ""
        st.html(f'<ul class="rb-findings rb-scroll">{items}</ul>{rest}')
        if work.rows.findings:
            st.button(t("data.seen"), key="data_seen", help=t("data.seen.what"), on_click=_seen)


def _finding(finding: Finding) -> str:
    word = t(f"severity.{finding.severity}")
    text = finding.text(words())
    return f'<b class="rb-tag rb-{finding.severity}">{escape(word)}</b> {escape(text)}'


def _seen() -> None:
    work = data_work.current()
    if work is not None:
        data_work.update(rows=replace(work.rows, findings=()))


def show_editor(work: Work, judged: Judged) -> None:
    """One sheet at a time."""
    counts = Counter(f.place.sheet for f in judged.errors)
    choose(
        t("data.sheet"),
        {s.name: _label(work, s.name, counts[s.name]) for s in SHEETS},
        "data_sheet",
        how="switch",
        now=work.sheet,
        took=data_work.open_sheet,
    )
    spec = SHEETS_BY_NAME[work.sheet]
    st.caption(f"{_said(spec)} {t('data.how')}")
    refused: RembugError | None = st.session_state.pop(_REFUSED, None)
    if refused is not None:
        st.error(refused.message(words()), icon=":material/block:")
    _table(work, spec)
    with st.container(horizontal=True):
        st.button(
            t("sim.undo"), icon=":material/undo:", key="data_undo", disabled=not work.past,
            on_click=data_work.undo,
        )  # fmt: skip
        if work.shown is not None:
            st.button(t("data.all_rows"), key="data_all", on_click=data_work.open_sheet,
                      args=(work.sheet,))  # fmt: skip
        elif any(f.place.sheet == work.sheet and f.place.row for f in judged.findings):
            st.button(t("data.only_rows"), key="data_only", on_click=data_work.open_sheet,
                      args=(work.sheet,), kwargs={"only": True})  # fmt: skip


def _label(work: Work, name: str, wrong: int) -> str:
    rows = number(len(work.rows.sheets.get(name, ())))
    return f"{name} ({rows})" + (f" ▲{number(wrong)}" if wrong else "")


def _said(spec: SheetSpec) -> str:
    return words().say(f"dataset.{spec.name}")


def _table(work: Work, spec: SheetSpec) -> None:
    shown = range(len(work.base)) if work.shown is None else work.shown
    rows = [work.base[position] for position in shown]
    headings = list(dict.fromkeys([*spec.headings, *(name for row in rows for name in row)]))
    numeric = {
        c.name
        for c in spec.columns
        if c.kind in _NUMBERS and all(_is_number(row.get(c.name)) for row in rows)
    }
    data: dict[str, Any] = {_ROW: pd.Series([str(p + FIRST_ROW) for p in shown], dtype="str")}
    for name in headings:
        cells = [row.get(name) for row in rows]
        data[name] = _series(cells, numeric=name in numeric)
    key = f"data_rows_{work.turn}"
    st.data_editor(
        pd.DataFrame(data),
        key=key,
        hide_index=True,
        num_rows="dynamic",
        column_config=_columns(spec, headings, rows, numeric),
        on_change=_record,
        args=(key,),
        placeholder="",
        alt=t("data.alt", sheet=spec.name),
    )


def _is_number(value: Value) -> bool:
    return value is None or value == "" or (isinstance(value, int | float))


def _series(cells: Sequence[Value], *, numeric: bool) -> pd.Series[Any]:
    if numeric:
        return pd.Series([None if v == "" else v for v in cells], dtype="float64")
    return pd.Series(["" if v is None else str(v) for v in cells], dtype="str")


def _columns(
    spec: SheetSpec, headings: Sequence[str], rows: Sequence[Row], numeric: set[str]
) -> dict[str, Any]:
    """Columns by the table of the format; a number column with text in it shows the text."""
    column = st.column_config
    known = {c.name: c for c in spec.columns}
    found: dict[str, Any] = {_ROW: column.TextColumn(t("check.col.row"), disabled=True, width=60)}
    for name in headings:
        listed = known.get(name)
        help_ = spec.describe(listed, words()) if listed else t("data.unknown_column")
        if listed is None:
            found[name] = column.TextColumn(name, help=help_)
        elif name in numeric:
            found[name] = column.NumberColumn(name, help=help_, min_value=0, format="localized")
        elif options := _options(listed, [row.get(name) for row in rows]):
            found[name] = column.SelectboxColumn(name, help=help_, options=options)
        else:
            found[name] = column.TextColumn(name, help=help_, width=_WIDE.get(name))
    return found


def _options(column: Column, written: Sequence[Value]) -> list[str]:
    """What may be chosen, and what stands there already, so that nothing disappears."""
    if column.kind is Kind.FIELD:
        usual = list(field_names())
    elif column.kind is Kind.CHOICE:
        usual = list(column.choices)
    else:
        return []
    return list(dict.fromkeys([*usual, *(str(v) for v in written if v not in (None, ""))]))


def _record(key: str) -> None:
    try:
        data_work.edit(_cleaned(st.session_state[key]))
    except RembugError as error:
        st.session_state[_REFUSED] = error
        work = data_work.current()
        if work is not None:
            data_work.open_sheet(work.sheet)


def _cleaned(state: Mapping[str, Any]) -> dict[str, Any]:
    """The editor's state without its own column, whole numbers as such."""

    def cells(row: Mapping[str, Any]) -> dict[str, Value]:
        return {k: _value(v) for k, v in row.items() if k != _ROW and not k.startswith("_")}

    return {
        "edited_rows": {i: cells(row) for i, row in state.get("edited_rows", {}).items()},
        "deleted_rows": state.get("deleted_rows", ()),
        "added_rows": [cells(row) for row in state.get("added_rows", ())],
    }


def _value(value: Any) -> Value:
    if value is None or isinstance(value, str | int):
        return value
    return int(value) if float(value).is_integer() else float(value)

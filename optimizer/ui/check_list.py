"""What was found: while reading the file, and per place by the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from optimizer.checking import Report
from optimizer.errors import Finding, Severity
from optimizer.files.recap_import import asides
from optimizer.files.recap_model import Reason
from optimizer.rules import Check, RuleStatus
from optimizer.sheets.words import basis, place_words, status_words
from optimizer.territory import natural_key
from optimizer.ui import check_edit, check_work
from optimizer.ui.check_work import READING, Work
from optimizer.ui.choose import choose
from optimizer.ui.tables import show_table
from optimizer.ui.words import escape, number, t, words

__all__ = ["SHAPES", "show_details", "show_places", "show_reading"]

SHAPES: Mapping[RuleStatus, str] = {
    RuleStatus.PASS: "✓",
    RuleStatus.FINDING: "◆",
    RuleStatus.BREACH: "▲",
    RuleStatus.UNKNOWN: "?",
}
"""Shape beside the word, so that nothing is said by colour alone."""

_VIEWS = ("todo", "breach", "all")
_AT_ONCE = 10
_LIST = "check_shown"
_ORDER = list(Severity)


# --- what the reader said ---------------------------------------------------------------


def show_reading(work: Work, report: Report) -> None:
    """Findings of the reader, errors first, with the way to the cells; nothing is hidden."""
    found = [f for f in report.findings if not f.code.startswith("recap_corrected_")]
    if not found:
        return
    found.sort(key=lambda f: _ORDER.index(f.severity))
    serious = any(f.severity is not Severity.NOTE for f in found)
    with st.expander(
        t("check.reading", count=len(found)),
        expanded=serious,
        icon=":material/plagiarism:",
    ):
        items = "".join(f"<li>{_finding(f)}</li>" for f in found)
        st.html(f'<ul class="rb-findings rb-scroll">{items}</ul>')
        if work.target == READING:
            check_edit.show_editor(work, report)
        elif check_work.rows_of(report, READING):
            _mend(READING, t("check.mend_cells"))


def _finding(finding: Finding) -> str:
    word = t(f"severity.{finding.severity}")
    text = finding.text(words())
    return f'<b class="rb-tag rb-{finding.severity}">{escape(word)}</b> {escape(text)}'


# --- per place --------------------------------------------------------------------------


def show_places(work: Work, report: Report) -> None:
    """RT by RT: what is wrong, by how much, how to mend it."""
    st.subheader(t("check.places"))
    view = choose(
        t("check.view"),
        {view: t(f"check.view.{view}") for view in _VIEWS},
        "check_view",
        how="switch",
        label_visibility="collapsed",
    )
    places = _places(report, view)
    if not places:
        st.success(t("check.nothing"), icon=":material/check_circle:")
        return
    shown = max(int(st.session_state.get(_LIST, _AT_ONCE)), _AT_ONCE)
    if work.target in places:
        shown = max(shown, places.index(work.target) + 1)
    for place in places[:shown]:
        _place(work, report, place)
    if len(places) > shown:
        left = number(len(places) - shown)
        st.button(t("check.more", count=left), key="check_more", on_click=_more, args=(shown,))


def _more(shown: int) -> None:
    st.session_state[_LIST] = shown + _AT_ONCE


def _places(report: Report, view: str) -> list[str]:
    units = [u.id for u in report.opened.dataset.territory.units]
    all_ = sorted({*report.by_place, *units}, key=natural_key)
    if view == "all":
        return all_
    if view == "breach":
        return [p for p in all_ if report.status(p) is RuleStatus.BREACH]
    return [p for p in all_ if report.told(p)]


def _place(work: Work, report: Report, place: str) -> None:
    status = report.status(place)
    with st.container(border=True):
        words, button = st.columns([5, 1], vertical_alignment="top")
        words.html(_head(report, place, status) + _checks(report.told(place)))
        if work.target != place and check_work.rows_of(report, place):
            with button:
                _mend(place, t("check.mend"))
        if work.target == place:
            check_edit.show_editor(work, report)


def _mend(place: str, label: str) -> None:
    st.button(
        label,
        key=f"mend_{place}",
        icon=":material/edit:",
        on_click=check_work.open_rows,
        args=(place,),
        width="stretch",
    )


def _head(report: Report, place: str, status: RuleStatus) -> str:
    several = len(report.opened.dataset.territory.kelurahan) > 1
    kelurahan, _, below = place.partition("/")
    name = place_words(place, words())
    if below and several:
        name = f"{name} · {place_words(kelurahan, words())}"
    idle = report.idle.get(place, 0)
    room = t("check.idle", amount=idle) if idle else ""
    return (
        f'<div class="rb-place"><b>{escape(name)}</b> '
        f'<span class="rb-tag rb-{status}">{SHAPES[status]} {escape(t(f"check.status.{status}"))}'
        f'</span><span class="rb-quiet">{escape(room)}</span></div>'
    )


def _checks(checks: Iterable[Check]) -> str:
    items = "".join(f"<li>{_check(c)}</li>" for c in checks)
    return f'<ul class="rb-checks">{items}</ul>' if items else ""


def _check(check: Check) -> str:
    """The sentence, its status in words, what would mend it; source and certainty on demand."""
    remedy = check.remedy_text(words())
    source = basis(check.origin, words())
    mend = f'<div class="rb-mend">→ {escape(remedy)}</div>' if remedy else ""
    why = (
        f"<details><summary>{escape(t('check.basis'))}</summary>{escape(source)}</details>"
        if source
        else ""
    )
    return (
        f'<i class="rb-shape rb-{check.status}" aria-hidden="true">{SHAPES[check.status]}</i> '
        f"{escape(check.message(words()))} "
        f'<span class="rb-quiet">[{escape(status_words(check, words()))}]</span>{mend}{why}'
    )


# --- what cannot be checked, what is no proposal ----------------------------------------


def show_details(report: Report) -> None:
    """Rules that the file cannot answer, and the rows that were set aside, with reasons."""
    _unknown(report)
    source = report.opened.source
    if source is None:
        return
    blank = {(a.sheet, a.row) for a in source.recap.set_aside if a.reason is Reason.BLANK}
    rows = [
        (a.sheet, a.row, a.text, a.reason)
        for a in asides(source, words())
        if (a.sheet, a.row) not in blank
    ]
    title = t("check.asides", count=len(rows), blank=len(blank))
    with st.expander(title, icon=":material/rule:"):
        columns = {
            t("check.col.sheet"): "text",
            t("check.col.row"): "count",
            t("check.col.text"): "text",
            t("check.col.reason"): "text",
        }
        show_table(rows, columns, alt=title)


def _unknown(report: Report) -> None:
    places: dict[str, list[str]] = {}
    for check in report.unknown:
        places.setdefault(check.message(words()), []).append(place_words(check.place, words()))
    if not places:
        return
    title = t("check.unknown", count=len(places))
    with st.expander(title, icon=":material/help:"):
        items = "".join(
            f'<li>{escape(message)} <span class="rb-quiet">({escape(_where(found))})</span></li>'
            for message, found in places.items()
        )
        st.html(f'<ul class="rb-findings rb-scroll">{items}</ul>')


def _where(places: list[str]) -> str:
    shown = ", ".join(places[:6])
    return t("check.and_more", places=shown, count=len(places) - 6) if len(places) > 6 else shown

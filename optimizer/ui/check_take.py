"""What the clerk takes away: check sheet, WhatsApp texts, all sheets, the corrected recap."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from optimizer.checking import Report
from optimizer.errors import RembugError
from optimizer.files.recap import RECAP_HEADINGS, recap_rows
from optimizer.files.recap_edits import corrections
from optimizer.sheets.bundle import Options, check_files, sheet_files
from optimizer.sheets.context import Context
from optimizer.sheets.whatsapp import whatsapp_text
from optimizer.sheets.words import place_words
from optimizer.tables import Kind, Table, columns, plain
from optimizer.tables.to_csv import write_csv
from optimizer.tables.to_xlsx import to_xlsx
from optimizer.ui import check_work, state
from optimizer.ui.archive import archive
from optimizer.ui.check_work import Work
from optimizer.ui.choose import choose
from optimizer.ui.download import CSV, XLSX, ZIP, offer
from optimizer.ui.errors import show_error
from optimizer.ui.words import t, words
from optimizer.words import Message, Words

__all__ = ["corrected_workbook", "show"]

SHEET = "lembar-periksa.xlsx"
_USED = "_check_used"
_MARKS = ("sheet", "row", "column", "before", "after")


def show(work: Work, report: Report) -> None:
    """Draw the buttons; a file is made only when somebody presses one.

    A file that says of itself that it was computed is judged, but becomes no record.
    """
    st.subheader(t("check.take"))
    try:
        report.opened.refuse_simulation()
    except RembugError as error:
        show_error(error)
        _sheet(report)
        _texts(report)
        return
    with st.container(horizontal=True, key="check_take"):
        _sheet(report)
        if work.edits:
            _get("check.take.corrected", "rekap-diperbaiki.xlsx", XLSX,
                 lambda words: corrected_workbook(work, report, words))  # fmt: skip
            _get("check.take.csv", "rekap-diperbaiki.csv", CSV,
                 lambda _: write_csv(_rows(report), RECAP_HEADINGS))  # fmt: skip
    _texts(report)
    _all(work, report)
    _onwards(report)


def _get(
    label: str, name: str, mime: str, make: Callable[[Words], bytes], *, main: bool = False
) -> None:
    offer(t(label), name, mime, make, key=f"take_{name}", main=main)


def _sheet(report: Report) -> None:
    several = len(report.opened.dataset.territory.kelurahan) > 1

    def make(words: Words) -> bytes:
        found = {n: b for n, b in check_files(report, Options(words)) if n.endswith(SHEET)}
        return archive(found) if several else found[SHEET]

    name, mime = ("lembar-periksa.zip", ZIP) if several else (SHEET, XLSX)
    _get("check.take.sheet", name, mime, make, main=True)


def _texts(report: Report) -> None:
    """One RT's text with its copy button, made when somebody looks."""
    box = st.expander(
        t("check.whatsapp"), icon=":material/chat:", key="check_whatsapp", on_change="rerun"
    )
    with box:
        if not box.open:
            return
        st.caption(t("rt.whatsapp_how"))
        several = len(report.opened.dataset.territory.kelurahan) > 1
        units = [u.id for u in report.opened.dataset.territory.units]

        def name(unit: str) -> str:
            said = place_words(unit, words())
            return f"{said} · {unit.split('/', 1)[0]}" if several else said

        unit = choose(t("check.whatsapp.rt"), {unit: name(unit) for unit in units}, "check_wa_rt")
        context = Context(report, unit.split("/", 1)[0], words())
        st.code(whatsapp_text(context, unit), language=None, wrap_lines=True)


def _all(work: Work, report: Report) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        final = st.toggle(t("check.final"), key="check_final", help=t("check.final.what"))

        def make(words: Words) -> bytes:
            files = dict(sheet_files(report, Options(words, bool(final))))
            if work.edits:
                files["rekap-diperbaiki.xlsx"] = corrected_workbook(work, report, words)
            return archive(files)

        _get("check.take.all", "semua-lembar.zip", ZIP, make)


def _onwards(report: Report) -> None:
    """The list as the dataset of the other pages, in this session only."""
    st.button(
        t("check.use"),
        icon=":material/arrow_forward:",
        key="check_use",
        help=t("check.use.what"),
        on_click=_use,
        args=(report,),
    )
    if st.session_state.pop(_USED, False):
        st.success(t("check.used"), icon=":material/check_circle:")


def _use(report: Report) -> None:
    state.open_own(check_work.as_scenario(report))
    st.session_state[_USED] = True


def corrected_workbook(work: Work, report: Report, words: Words) -> bytes:
    """The corrected recap in the official columns, and beside it what was corrected."""
    found = corrections(work.tables, work.edits)
    changes = tuple((c.place.sheet, c.place.row, c.place.column, c.before, c.after) for c in found)
    marks = columns("ui.check.col", **dict.fromkeys(_MARKS, Kind.TEXT))
    return to_xlsx(
        [
            Table("rekap", plain(RECAP_HEADINGS), tuple(_rows(report)), _titles(report)),
            Table("perbaikan", marks, changes, (Message("ui.check.corrections.title"),)),
        ],
        words,
    )


def _rows(report: Report) -> Sequence[tuple[str | int | None, ...]]:
    source = report.opened.source
    return recap_rows(source.recap) if source else ()


def _titles(report: Report) -> tuple[str, ...]:
    """The titles of the file, from which a reader knows year and kelurahan."""
    source = report.opened.source
    return (source.recap.title,) if source and source.recap.title else ()

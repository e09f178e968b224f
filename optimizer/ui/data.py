"""The page Data: bring a dataset, see which cell is wrong, mend it there, take it all away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from optimizer.checking import policy_for
from optimizer.errors import RembugError
from optimizer.files.datasets_edit import dataset_files, draft_workbook
from optimizer.files.datasets_out import write_workbook
from optimizer.files.datasets_template import template
from optimizer.files.policies import list_policies, load_policy
from optimizer.record.dataset import Dataset
from optimizer.record.scenario import Scenario
from optimizer.sheets.words import policy_words
from optimizer.ui import data_edit, data_work, election, state, uploads
from optimizer.ui.archive import archive
from optimizer.ui.choose import choose
from optimizer.ui.data_work import Judged, Work
from optimizer.ui.download import XLSX, ZIP, offer
from optimizer.ui.errors import show_error
from optimizer.ui.words import escape, t, words
from optimizer.words import Words

__all__ = ["show"]

_USED = "_data_used"


def show() -> None:
    """Draw the page."""
    with st.container(key="data_page"):
        _page()


def _page() -> None:
    st.html(
        f'<header class="rb-head"><h1>{escape(t("data.title"))}</h1>'
        f'<p class="rb-policy">{escape(t("data.what"))}</p></header>'
    )
    refused = uploads.drop(data_work.BOX, t("data.drop"), data_work.take, several=True)
    if refused is not None:
        show_error(refused)
    work, pb = data_work.current(), data_work.election()
    if pb is not None:
        st.button(t("data.away"), key="data_away", on_click=data_work.put_away)
        election.show(pb)
    elif work is not None:
        _open(work)
    else:
        _begin()
    lines = "".join(f"<p>{escape(t(key))}</p>" for key in ("frame.decides", "check.kept"))
    st.html(f'<footer class="rb-foot">{lines}</footer>')


def _begin() -> None:
    """Nothing is open yet: the template, empty sheets, or the example."""
    with st.container(border=True):
        st.markdown(t("data.empty"))
        with st.container(horizontal=True):
            _get("data.template", "templat-rembug.xlsx", XLSX, template)
            st.button(t("data.blank"), key="data_blank", on_click=data_work.begin_empty)
            st.button(
                t("data.example"),
                icon=":material/play_circle:",
                key="data_example",
                on_click=data_work.begin_example,
            )


def _get(label: str, name: str, mime: str, make: Callable[[Words], bytes]) -> None:
    offer(t(label), name, mime, make, key=f"data_{name}")


def _open(work: Work) -> None:
    judged = data_work.judge(work)
    _about(work, judged)
    data_edit.show_findings(work, judged)
    data_edit.show_editor(work, judged)
    st.subheader(t("data.take"))
    with st.container(horizontal=True, key="data_take"):
        if judged.dataset is not None:
            dataset = judged.dataset
            _get("data.get.xlsx", "data.xlsx", XLSX, lambda _: write_workbook(dataset))
            _get(
                "data.get.csv", "data.zip", ZIP,
                lambda _: archive(dataset_files(dataset)),
            )  # fmt: skip
        else:
            _get("data.get.draft", "data-belum-lengkap.xlsx", XLSX,
                 lambda _: draft_workbook(work.rows))  # fmt: skip
    _use(work, judged)


def _about(work: Work, judged: Judged) -> None:
    """What the data is called, how much there is, what is real and what is made up."""
    meta = work.rows.meta
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            t("data.name"), meta.name, key=f"data_name_{work.turn}", max_chars=200,
            on_change=_rename, args=(f"data_name_{work.turn}",),
        )  # fmt: skip
        st.number_input(
            t("data.year"), 0, 2200, meta.fiscal_year or None, 1, width=150,
            key=f"data_year_{work.turn}", on_change=_redate, args=(f"data_year_{work.turn}",),
        )  # fmt: skip
        st.button(
            t("data.away"), icon=":material/close:", key="data_away",
            on_click=data_work.put_away,
        )  # fmt: skip
    line = t(
        "data.line",
        units=len(work.rows.sheets["wilayah"]),
        proposals=len(work.rows.sheets["usulan"]),
        wrong=len(judged.errors),
    )
    badge = ""
    if meta.made_up_notice:
        badge = f'<p class="rb-made-up">{escape(t("frame.made_up"))}</p>'
    st.html(f'<div class="rb-read">{escape(line)}</div>{badge}')
    _truth(work)


def _truth(work: Work) -> None:
    meta = work.rows.meta
    parts = [
        (t("data.real"), words().pick(meta.real)),
        (t("data.made_up"), words().pick(meta.made_up)),
        (t("data.sources"), meta.sources),
    ]
    if not any(texts for _, texts in parts):
        st.caption(t("data.truth_unsaid"))
        return
    with st.expander(t("data.truth"), icon=":material/info:"):
        for title, texts in parts:
            if texts:
                items = "".join(f"<li>{escape(text)}</li>" for text in texts)
                st.html(f'<b>{escape(title)}</b><ul class="rb-findings">{items}</ul>')


def _rename(key: str) -> None:
    name = " ".join(str(st.session_state[key]).split())
    work = data_work.current()
    if work is not None and name:
        meta = replace(work.rows.meta, name=name)
        data_work.update(rows=replace(work.rows, meta=meta))


def _redate(key: str) -> None:
    work = data_work.current()
    if work is not None:
        meta = replace(work.rows.meta, fiscal_year=int(st.session_state[key] or 0))
        data_work.update(rows=replace(work.rows, meta=meta))


# --- for the other pages ----------------------------------------------------------------


def _use(work: Work, judged: Judged) -> None:
    """Make it the data of the other pages, in this session only."""
    st.subheader(t("data.use"))
    if st.session_state.pop(_USED, False):
        st.success(t("data.used"), icon=":material/check_circle:")
    if judged.dataset is None or judged.errors:
        st.info(t("data.use_later"), icon=":material/info:")
        return
    names = {p.id: policy_words(p, words()) for p in list_policies()}
    chosen = work.policy or _policy_of(work)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        choose(
            t("check.policy"),
            names,
            "data_policy",
            now=chosen,
            took=lambda policy: data_work.update(policy=policy or ""),
            placeholder=t("check.choose"),
        )
        if chosen in names:
            st.button(
                t("data.use_now"), type="primary", icon=":material/arrow_forward:",
                key="data_use", on_click=_take_over, args=(judged.dataset, chosen),
            )  # fmt: skip


def _policy_of(work: Work) -> str:
    try:
        return policy_for(work.rows.meta.fiscal_year or None, None).id
    except RembugError:
        return ""


def _take_over(dataset: Dataset, policy: str) -> None:
    state.open_own(Scenario(dataset.meta.name, dataset, load_policy(policy)))
    st.session_state[_USED] = True

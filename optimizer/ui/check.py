"""The page Periksa: drop a recap, see what is wrong where, mend it, take the sheets away."""

from __future__ import annotations

import streamlit as st

from optimizer.checking import Report
from optimizer.errors import RembugError
from optimizer.files.policies import list_policies
from optimizer.rules import RuleStatus
from optimizer.sheets.record import unread_rows
from optimizer.sheets.words import policy_words
from optimizer.ui import check_edit, check_list, check_take, check_work, uploads
from optimizer.ui.check_work import Work
from optimizer.ui.choose import choose
from optimizer.ui.errors import show_error
from optimizer.ui.words import escape, local, number, rupiah, t, words

__all__ = ["show"]


def show() -> None:
    """Draw the page."""
    with st.container(key="check_page"):
        _page()


def _page() -> None:
    work = check_work.current()
    _head()
    refused = uploads.drop(check_work.BOX, t("check.drop"), check_work.take)
    if refused is not None:
        show_error(refused)
    if work is None:
        _begin()
        _foot(None)
        return
    report = _report(work)
    if report is not None:
        _counts(report)
        check_list.show_reading(work, report)
        check_edit.show_corrections(work)
        check_list.show_places(work, report)
        check_take.show(work, report)
        check_list.show_details(report)
    elif work.edits:
        check_edit.show_corrections(work)
    _foot(report)


def _head() -> None:
    st.html(
        f'<header class="rb-head"><h1>{escape(t("check.title"))}</h1>'
        f'<p class="rb-policy">{escape(t("check.what"))}</p></header>'
    )


def _begin() -> None:
    """Nothing is open yet: what to do next."""
    with st.container(border=True):
        st.markdown(t("check.empty"))
        st.button(
            t("check.example"),
            icon=":material/play_circle:",
            on_click=check_work.example_work,
            key="check_example",
        )


def _report(work: Work) -> Report | None:
    """The report, or the one question or sentence that stands in its way."""
    sheets = check_work.sheets_of(work.tables)
    try:
        with st.spinner(t("check.running"), show_time=False):
            report = check_work.report_of(work)
    except RembugError as error:
        if check_work.needs_sheet(error):
            st.info(t("check.which_sheet"), icon=":material/help:")
            _choices(work, sheets, None)
        elif error.code == "policy_needed":
            st.info(t("check.which_policy"), icon=":material/help:")
            _choices(work, sheets if work.sheet else (), "")
        else:
            show_error(error)
        return None
    _read_line(report)
    _choices(work, sheets if work.sheet else (), report.opened.policy.id)
    return report


def _read_line(report: Report) -> None:
    """What was read, in one line."""
    opened = report.opened
    source = opened.source
    unread = unread_rows(report)
    used = "check_cli.not_used" if unread else "check_cli.all_used"
    text = words().say(
        "check_cli.head",
        units=len(opened.dataset.territory.units),
        rows=len(source.recap.rows) if source else len(opened.dataset.proposals),
        policy=policy_words(opened.policy, words()),
        used=words().say(used, count=number(unread)),
    )
    places = ", ".join(opened.dataset.territory.kelurahan)
    made_up = opened.dataset.meta.made_up_notice
    badge = f'<p class="rb-made-up">{escape(t("frame.made_up"))}</p>' if made_up else ""
    st.html(
        f'<div class="rb-read"><b>{escape(opened.name)}</b> · {escape(places)}<br>'
        f"{escape(text)}</div>{badge}"
    )


def _choices(work: Work, sheets: tuple[str, ...], policy: str | None) -> None:
    """The sheet where several could be meant, and the rules to judge by."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(sheets) > 1:
            choose(
                t("check.sheet"),
                {sheet: sheet for sheet in sheets},
                "check_sheet",
                now=work.sheet or "",
                took=lambda sheet: check_work.update(sheet=sheet, target=""),
                placeholder=t("check.choose"),
            )
        if policy is not None:
            choose(
                t("check.policy"),
                {p.id: policy_words(p, words()) for p in list_policies()},
                "check_policy",
                now=policy,
                took=lambda policy: check_work.update(policy=policy),
                placeholder=t("check.choose"),
            )
        st.button(
            t("check.away"),
            icon=":material/close:",
            key="check_away",
            on_click=check_work.put_away,
        )


def _counts(report: Report) -> None:
    """How many RT stand how; word, shape and colour say the same."""
    cells = "".join(
        _count(status.value, check_list.SHAPES[status], number(len(report.units(status))),
               t(f"check.count.{status}"))
        for status in (RuleStatus.PASS, RuleStatus.FINDING, RuleStatus.BREACH)
    )  # fmt: skip
    idle = rupiah(sum(report.idle.values()), short=True)
    st.html(
        f'<div class="rb-counts">{cells}{_count("room", "○", idle, t("check.count.idle"))}</div>'
    )


def _count(kind: str, shape: str, value: str, words: str) -> str:
    return (
        f'<div class="rb-count rb-{kind}"><b>{escape(value)}</b>'
        f'<span><i aria-hidden="true">{shape}</i> {escape(words)}</span></div>'
    )


def _foot(report: Report | None) -> None:
    lines, sha = [t("frame.decides")], ""
    if report is not None:
        policy = report.opened.policy
        lines.append(f"{local(policy.name)} · {policy_words(policy, words())}")
        if policy.note:
            lines.append(local(policy.note))
        if report.opened.dataset.meta.made_up_notice:
            lines.append(t("frame.made_up"))
        code = check_work.fingerprint(report)
        sha = f"<p>{escape(t('frame.inputs'))} <code>{code}</code></p>"
    lines.append(t("check.kept"))
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    st.html(f'<footer class="rb-foot">{body}{sha}</footer>')

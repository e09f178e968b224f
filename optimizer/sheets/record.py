"""A report as plain data, for programs."""

from __future__ import annotations

from typing import Any

from optimizer.checking import Report
from optimizer.errors import Finding
from optimizer.rules import Check, RuleStatus
from optimizer.sheets.words import basis, status_words
from optimizer.words import INDONESIAN, Words

__all__ = ["CHECK_SCHEMA", "report_dict", "unread_rows"]

CHECK_SCHEMA = "rembug-check/1"


def unread_rows(report: Report) -> int:
    """Rows that say something and are not among the proposals."""
    source = report.opened.source
    if source is None:
        return 0
    unread = [a for a in source.recap.set_aside if a.reason in {"unreadable", "text"}]
    return len(unread) + len(source.left_out)


def report_dict(report: Report, words: Words = INDONESIAN) -> dict[str, Any]:
    """The report in the fields of its schema; texts in ``lang``."""
    opened = report.opened
    source = opened.source
    return {
        "schema": CHECK_SCHEMA,
        "source": opened.name,
        "origin": opened.origin.value,
        "computed": opened.plan is not None,
        "policy": opened.policy.id,
        "reading": opened.policy.reading["id"],
        "fiscal_year": opened.policy.fiscal_year,
        "units": len(opened.dataset.territory.units),
        "rows": len(source.recap.rows) if source else len(opened.dataset.proposals),
        "unread_rows": unread_rows(report),
        "clean": report.clean,
        "summary": {
            "pass": len(report.units(RuleStatus.PASS)),
            "finding": len(report.units(RuleStatus.FINDING)),
            "breach": len(report.units(RuleStatus.BREACH)),
            "idle": sum(report.idle.values()),
        },
        "idle": dict(report.idle),
        "findings": [_finding(f, words) for f in report.findings],
        "checks": [_check(c, words) for c in report.checks],
        "set_aside": [
            {"sheet": a.sheet, "row": a.row, "text": a.text, "reason": a.reason.value}
            for a in (source.recap.set_aside if source else ())
        ],
        "made_up": opened.dataset.meta.made_up_notice,
    }


def _finding(finding: Finding, words: Words) -> dict[str, Any]:
    place = finding.place
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "file": place.file,
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
        "value": place.value,
        "text": finding.text(words),
    }


def _check(check: Check, words: Words) -> dict[str, Any]:
    return {
        **check.record(),
        "rounding": check.rounding,
        "limit": check.limit,
        "total": check.total,
        "about": list(check.about),
        "status_text": status_words(check, words),
        "message": check.message(words),
        "remedy": check.remedy_text(words),
        "basis": basis(check.origin, words),
        "certainty": check.origin.certainty.value,
    }

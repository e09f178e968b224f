"""Fields that no shipped policy knows, judged again once the policy in use is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from optimizer.errors import Finding
from optimizer.nearest import nearest
from optimizer.record.policy import Policy

__all__ = ["fields_judged"]

_UNKNOWN = frozenset({"dataset_field", "dataset_field_near"})


def fields_judged(findings: Iterable[Finding], policy: Policy) -> tuple[Finding, ...]:
    """Findings without the fields that the policy has, the others with its nearest name."""
    accounts = policy.by_id.values()
    names = {a.name["id"].casefold(): a.name["id"] for a in accounts}
    names = {**{a.id.rpartition("/")[2]: a.name["id"] for a in accounts}, **names}
    return tuple(
        _judged(finding, names) if finding.code in _UNKNOWN else finding
        for finding in findings
        if finding.code not in _UNKNOWN or policy.account_named(finding.place.value) is None
    )


def _judged(finding: Finding, names: dict[str, str]) -> Finding:
    near = nearest(finding.place.value, names, 0.6)
    known = ", ".join(dict.fromkeys(names.values()))
    if not near:
        return replace(finding, code="dataset_field_not_here", data={"known": known})
    data = {"known": known, "near": names[near]}
    return replace(finding, code="dataset_field_not_here_near", data=data)

"""Numbers of a scenario, their values, and measures of plans, in words."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from optimizer.errors import RembugError
from optimizer.files.policies import load_policy
from optimizer.record.policy import Policy
from optimizer.ui.choose import choose
from optimizer.ui.words import local, number, percent, rupiah, t, words

__all__ = [
    "MEASURE_KINDS",
    "figure",
    "measure_name",
    "path_words",
    "pick_measure",
    "policy_words",
    "signed",
    "value_words",
    "w",
]

NOTHING = "–"
SHARES = frozenset({"joint_share", "objective.evenness"})
CHANGES = frozenset({"pagu", "prices"})

MEASURE_KINDS: Mapping[str, str] = {
    "support": "number",
    "first_priorities": "number",
    "proposals": "number",
    "spent": "rupiah",
    "unassigned": "rupiah",
    "pool_unspent": "rupiah",
    "reserved": "rupiah",
    "findings": "number",
    "letters": "number",
}
"""Measures of what-if points, and how each is written."""


def w(key: str, /, **data: Any) -> str:
    """A phrase of the engine's own catalogue: ``w("whatif.column.low")``."""
    return words().say(key, **data)


def measure_name(measure: str) -> str:
    """A measure in words."""
    return w(f"compare.measure.{measure}")


def figure(kind: str, value: Any, *, short: bool = False) -> str:
    """A value as people read it; a dash where there is none."""
    if pd.isna(value):
        return NOTHING
    if kind == "rupiah":
        return rupiah(round(value), short=short)
    if kind == "share":
        return percent(Fraction(value))
    return number(Fraction(value), 1)


def signed(kind: str, value: Any, *, short: bool = False) -> str:
    """A difference with its sign; "sama" where there is none."""
    text = figure(kind, value, short=short)
    if text == NOTHING:
        return text
    if value == 0 or not any(digit in text for digit in "123456789"):
        return t("scn.same")
    return f"+{text}" if value > 0 else f"−{figure(kind, -value, short=short)}"


def path_words(policy: Policy, path: str) -> str:
    """A number of the scenario in words: ``Kesehatan: paling banyak``."""
    head, _, rest = path.partition(".")
    if head != "policy" or not rest:
        return t(f"scn.path.{path.replace('.', '_')}")
    dotted, _, side = rest.rpartition(".")
    account = policy.by_id.get(dotted.replace(".", "/"))
    name = local(account.name) if account is not None else dotted
    return t(f"scn.path.{side}", account=name)


def value_words(policy: Policy, path: str, value: str) -> str:
    """A value of that number in words."""
    if path == "policy":
        return policy_words(value)
    if path == "count":
        return t(f"scn.count.{value}")
    if path in CHANGES and value.endswith("%"):
        change = Fraction(value[:-1])
        return f"{'+' if change > 0 else '−' if change < 0 else ''}{percent(abs(change) / 100)}"
    if value.endswith("%"):
        return percent(Fraction(value[:-1]) / 100)
    amount = Fraction(value)
    if path in SHARES or (path.startswith("policy.") and amount <= 1):
        return percent(amount)
    return rupiah(int(amount)) if path != "prices" else number(amount)


def policy_words(policy: str) -> str:
    """``TA 2023 · tepat 40%``; the id where there is no such policy."""
    try:
        found = load_policy(policy)
    except RembugError:
        return policy
    return t("scn.policy", year=found.fiscal_year, reading=local(found.reading))


def pick_measure(key: str, default: str) -> str:
    """Which measure is looked at."""
    names = {m: measure_name(m) for m in MEASURE_KINDS}
    return choose(t("scn.which_measure"), names, key, first=default)

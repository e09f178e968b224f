"""The form of a scenario as values, from the keys of a scenario file and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from optimizer.errors import RembugError
from optimizer.files.policies import load_policy
from optimizer.ui.scenario_recipe import Base, Recipe

__all__ = ["AIMS", "ERROR", "KEEP", "ORIGIN", "OWN", "keys_of_form", "load"]

KEEP, OWN = "keep", "own"
ERROR, ORIGIN = "scn_error", "scn_origin"
_BORDA = {"order_as": "borda"}
AIMS: Mapping[str, list[Any]] = {
    "order": ["order"],
    "support": ["support", "fill"],
    "welfare": [],
    "equity_rw": [{"equity": {"over": "rw"}}, "fill"],
    "equity_rt": [{"equity": {"over": "rt"}}, "fill"],
}
_HANDLED = {"policy", "objective", "order_as", "joint_share", "count", "pins", "alone", "overrides"}


# --- from keys to the form ------------------------------------------------------------------


def load(base: Base, recipe: Recipe | None) -> None:
    """Fill the form with a scenario, or with the base as it is."""
    keys = dict(recipe.keys) if recipe is not None else {}
    overrides: dict[str, Any] = dict(keys.get("overrides") or {})
    state = st.session_state
    state[ORIGIN] = keys
    state.pop(ERROR, None)
    state["scn_name"] = recipe.name if recipe is not None else ""
    state["scn_policy"] = _policy_id(keys.get("policy"), base)
    state["scn_aim"], state["scn_even"] = _aim(keys)
    share = keys.get("joint_share")
    state["scn_share"] = float(share) * 100 if isinstance(share, int | float) else None
    state["scn_count"] = str(keys.get("count") or base.scenario.counting.value)
    state["scn_alone"] = bool(keys.get("alone", base.scenario.alone))
    for path in ("pagu", "prices"):
        state[f"scn_{path}"] = _percent(overrides.get(path)) or 0.0
    bounds = [p for p in overrides if _is_bound(p)]
    state["scn_bounds"] = bounds
    for path in bounds:
        state[f"scn_b_{path}"] = _bound_value(overrides[path])
    pins = [p for p in keys.get("pins") or () if isinstance(p, dict)]
    for side in ("in", "out"):
        state[f"scn_{side}"] = [p["id"] for p in pins if p.get("pin") == side]
    for pin in pins:
        state[f"scn_r_{pin['id']}"] = str(pin.get("reason", ""))


def _policy_id(value: Any, base: Base) -> str:
    try:
        return load_policy(str(value)).id if value is not None else base.scenario.policy.id
    except RembugError:
        return base.scenario.policy.id


def _aim(keys: Mapping[str, Any]) -> tuple[str, int]:
    if "objective" not in keys:
        return KEEP, 50
    objective = keys["objective"]
    first = objective[0] if isinstance(objective, list) and objective else objective
    if isinstance(first, dict) and isinstance(first.get("welfare"), dict):
        even = first["welfare"].get("evenness", 0.5)
        return ("welfare", round(float(even) * 100)) if isinstance(even, int | float) else (OWN, 50)
    found = next((aim for aim, stages in AIMS.items() if stages == objective), OWN)
    return found, 50


def _percent(value: Any) -> float | None:
    text = str(value or "")
    try:
        return float(text[:-1]) if text.endswith("%") else None
    except ValueError:
        return None


def _is_bound(path: str) -> bool:
    return path.startswith("policy.") and path.rpartition(".")[2] in {"min", "max", "exact"}


def _bound_value(value: Any) -> float:
    """Percent of the pagu, or rupiah beyond one hundred."""
    percent = _percent(value)
    if percent is not None:
        return percent
    try:
        number = float(value)
    except (TypeError, ValueError):
        return 0.0
    return number * 100 if number <= 1 else number


# --- from the form to keys ------------------------------------------------------------------


def keys_of_form(base: Base) -> dict[str, Any]:
    """What the form changes in the base, and what the file said that no form shows."""
    state, scenario = st.session_state, base.scenario
    origin: dict[str, Any] = state.get(ORIGIN, {})
    keys = {k: v for k, v in origin.items() if k not in _HANDLED}
    if state["scn_policy"] != scenario.policy.id:
        keys["policy"] = state["scn_policy"]
    aim = state["scn_aim"]
    if aim == OWN:
        keys |= {k: origin[k] for k in ("objective", "order_as") if k in origin}
    elif aim == "welfare":
        keys |= {"objective": [{"welfare": {"evenness": state["scn_even"] / 100}}, "fill"]} | _BORDA
    elif aim != KEEP:
        keys["objective"] = AIMS[aim]
        keys |= _BORDA if aim != "order" else {}
    elif "order_as" in origin:
        keys["order_as"] = origin["order_as"]
    if state["scn_share"] is not None:
        keys["joint_share"] = round(state["scn_share"] / 100, 4)
    elif isinstance(origin.get("joint_share"), str):
        keys["joint_share"] = origin["joint_share"]
    if state["scn_count"] != scenario.counting.value:
        keys["count"] = state["scn_count"]
    if state["scn_alone"] != scenario.alone:
        keys["alone"] = state["scn_alone"]
    overrides = _overrides(origin.get("overrides") or {})
    pins = _pins()
    return keys | ({"overrides": overrides} if overrides else {}) | ({"pins": pins} if pins else {})


def _overrides(origin: Mapping[str, Any]) -> dict[str, Any]:
    state = st.session_state
    kept = {
        path: value
        for path, value in origin.items()
        if not _is_bound(path)
        and not (path in {"pagu", "prices"} and (_percent(value) is not None))
    }
    for path in ("pagu", "prices"):
        if state[f"scn_{path}"]:
            kept[path] = f"{state[f'scn_{path}']:+g}%"
    for path in state["scn_bounds"]:
        value = state[f"scn_b_{path}"]
        kept[path] = round(value / 100, 6) if value <= 100 else int(value)
    return kept


def _pins() -> list[dict[str, str]]:
    state = st.session_state
    return [
        {"id": id_, "pin": side, "reason": " ".join(state.get(f"scn_r_{id_}", "").split())}
        for side in ("in", "out")
        for id_ in state[f"scn_{side}"]
    ]

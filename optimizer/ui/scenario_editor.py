"""The form in which a planner builds a scenario; what was typed stays, whatever comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from optimizer.errors import RembugError
from optimizer.files.policies import list_policies, load_policy
from optimizer.record.meetings import Counting
from optimizer.record.policy import Policy
from optimizer.ui.choose import choose, choose_several
from optimizer.ui.errors import show_error
from optimizer.ui.keep import box
from optimizer.ui.scenario_form import AIMS, ERROR, KEEP, ORIGIN, OWN, keys_of_form, load
from optimizer.ui.scenario_recipe import NAME_MOST, Base, Recipe, built
from optimizer.ui.scenario_words import path_words, policy_words
from optimizer.ui.words import place, t

__all__ = [
    "BOX",
    "CHOSEN",
    "NEW",
    "OPEN",
    "forget",
    "own_recipes",
    "remember",
    "remembered",
    "show_editor",
    "take",
]

BOX, CHOSEN, OPEN = "skenario", "scn_chosen", "scn_open"
NEW = "new"


def own_recipes(base: Base) -> tuple[Recipe, ...]:
    """Scenarios that the person built on this base."""
    found: tuple[Recipe, ...] = box(BOX).get(base.key, ())
    return found


def take(base: Base, recipe: Recipe) -> None:
    """Keep a scenario and compare it."""
    kept = [r for r in own_recipes(base) if r.id != recipe.id]
    box(BOX)[base.key] = (*kept, recipe)
    chosen = st.session_state.get(CHOSEN) or []
    if recipe.id not in chosen:
        st.session_state[CHOSEN] = [*chosen, recipe.id]


def remember(base: Base, chosen: Sequence[str]) -> None:
    """Let a reload show the same comparison, where there is something of the person in it."""
    if own_recipes(base):
        box(BOX)[f"{base.key}:chosen"] = tuple(chosen)


def remembered(base: Base) -> Sequence[str]:
    """What was compared before a reload."""
    found: tuple[str, ...] = box(BOX).get(f"{base.key}:chosen", ())
    return found


def forget(base: Base, id_: str) -> None:
    """Let a scenario of the person go."""
    box(BOX)[base.key] = tuple(r for r in own_recipes(base) if r.id != id_)
    load(base, None)


def next_id(base: Base) -> str:
    """An id that no scenario of the person has."""
    numbers = [int(r.id.partition(":")[2]) for r in own_recipes(base)]
    return f"own:{max(numbers, default=0) + 1}"


def _save(base: Base) -> None:
    """Keep what the form says, or say what is missing; the form stays as it is."""
    state = st.session_state
    name = " ".join(state["scn_name"].split())
    target = state["scn_target"]
    keys = keys_of_form(base)
    pins = keys.get("pins", [])
    if not name:
        state[ERROR] = t("scn.need_name")
    elif any(r.name == name and r.id != target for r in own_recipes(base)):
        state[ERROR] = t("scn.name_taken")
    elif any(not pin["reason"] for pin in pins):
        state[ERROR] = t("scn.need_reason")
    elif set(state["scn_in"]) & set(state["scn_out"]):
        state[ERROR] = t("scn.pin_both")
    else:
        recipe = Recipe(target if target.startswith("own:") else next_id(base), name, keys)
        try:
            built(base, recipe)
        except RembugError as error:
            state[ERROR] = error
            return
        state.pop(ERROR, None)
        take(base, recipe)
        state["scn_target"], state[ORIGIN] = recipe.id, recipe.keys


# --- the form ---------------------------------------------------------------------------------


def show_editor(base: Base, recipes: Sequence[Recipe]) -> None:
    """The form, with what to change chosen at its top."""
    by_id = {r.id: r for r in recipes}
    state = st.session_state
    fresh = state.get("scn_base") != base.key
    if fresh or state.get("scn_target") not in {NEW, *by_id}:
        state["scn_base"], state["scn_target"] = base.key, NEW
    if fresh or "scn_name" not in state:
        load(base, by_id.get(state["scn_target"]))
    names = {NEW: t("scn.new"), **{r.id: r.name for r in recipes}}
    with st.container(border=True, key="scn_editor"):
        choose(t("scn.target"), names, "scn_target", took=lambda id_: load(base, by_id.get(id_)))
        st.text_input(t("scn.name"), max_chars=NAME_MOST, key="scn_name", persist_state="session")
        left, right = st.columns(2, gap="large")
        with left:
            policy = _policy_and_aim(base)
        with right:
            _numbers(policy)
        _bounds(policy)
        _hand(base)
        error = state.get(ERROR)
        if isinstance(error, RembugError):
            show_error(error)
        elif error:
            st.error(error, icon=":material/edit:")
        with st.container(horizontal=True):
            st.button(t("scn.save"), key="scn_save", type="primary", on_click=_save, args=(base,))
            if state["scn_target"].startswith("own:"):
                st.button(
                    t("scn.delete"),
                    key="scn_delete",
                    on_click=forget,
                    args=(base, state["scn_target"]),
                )
            st.button(t("scn.close"), key="scn_close", on_click=lambda: state.update({OPEN: False}))


def _policy_and_aim(base: Base) -> Policy:
    policies = {p.id: policy_words(p.id) for p in list_policies()}
    policies.setdefault(base.scenario.policy.id, policy_words(base.scenario.policy.id))
    chosen = choose(t("scn.policy_and_reading"), policies, "scn_policy")
    aims = [KEEP, *AIMS] + ([OWN] if st.session_state.get("scn_aim") == OWN else [])
    aim = choose(t("scn.aim"), {aim: t(f"scn.aim.{aim}") for aim in aims}, "scn_aim")
    if aim == "welfare":
        st.slider(t("sim.even"), 0, 100, step=5, format="%d%%", key="scn_even")
    elif aim not in {KEEP, "order", OWN}:
        st.caption(t("scn.borda"))
    counts = {c.value: t(f"scn.count.{c.value}") for c in Counting}
    choose(t("scn.path.count"), counts, "scn_count")
    st.checkbox(t("scn.alone"), key="scn_alone", persist_state="session")
    return base.scenario.policy if chosen == base.scenario.policy.id else load_policy(chosen)


def _numbers(policy: Policy) -> None:
    st.number_input(
        t("scn.share"),
        0.0,
        100.0,
        value=None,
        step=1.0,
        format="%g",
        placeholder=t("scn.share.least" if policy.pools else "scn.share.none"),
        key="scn_share",
        persist_state="session",
        disabled=not policy.pools,
    )
    for path in ("pagu", "prices"):
        st.number_input(
            t(f"scn.{path}"),
            -95.0,
            500.0,
            step=5.0,
            format="%g",
            key=f"scn_{path}",
            persist_state="session",
        )


def _bounds(policy: Policy) -> None:
    """Only the bounds that are changed are shown, so that the form stays calm."""
    paths = [
        f"policy.{account.id.replace('/', '.')}.{side}"
        for account in policy.by_id.values()
        for side in ("max", "min", "exact")
    ]
    state = st.session_state
    missing = [p for p in state["scn_bounds"] if p not in paths]
    names = {path: path_words(policy, path) for path in (*paths, *missing)}
    chosen = choose_several(t("scn.bounds"), names, "scn_bounds", placeholder=t("scn.choose"))
    if not chosen:
        return
    columns = st.columns(min(3, len(chosen)))
    for place_, path in enumerate(chosen):
        state.setdefault(f"scn_b_{path}", _present(policy, path))
        unit = "rupiah" if _in_rupiah(policy, path) else "percent"
        columns[place_ % len(columns)].number_input(
            f"{names[path]} ({t(f'scn.unit.{unit}')})",
            min_value=0.0,
            step=1.0,
            format="%0.0f" if unit == "rupiah" else "%g",
            key=f"scn_b_{path}",
            persist_state="session",
        )


def _bound_of(policy: Policy, path: str) -> Any:
    dotted, _, side = path.removeprefix("policy.").rpartition(".")
    account = policy.by_id.get(dotted.replace(".", "/"))
    return account.bound(side) if account is not None else None


def _in_rupiah(policy: Policy, path: str) -> bool:
    bound = _bound_of(policy, path)
    return bound is not None and bound.share is None and bound.rupiah is not None


def _present(policy: Policy, path: str) -> float:
    bound = _bound_of(policy, path)
    if bound is None:
        return 0.0
    return float(bound.share * 100) if bound.share is not None else float(bound.rupiah or 0)


def _hand(base: Base) -> None:
    """Proposals put in or out by hand, each with its reason."""
    data = base.scenario.dataset
    names = {p.id: f"{p.title} · {place(p.owner)} · {p.id}" for p in data.proposals}
    state = st.session_state
    for side in ("in", "out"):
        unknown = {id_: id_ for id_ in state[f"scn_{side}"] if id_ not in names}
        chosen = choose_several(
            t(f"scn.pin_{side}"), names | unknown, f"scn_{side}", placeholder=t("scn.choose")
        )
        for id_ in chosen:
            state.setdefault(f"scn_r_{id_}", "")
            st.text_input(
                t("scn.reason", what=names.get(id_, id_)),
                max_chars=200,
                key=f"scn_r_{id_}",
                persist_state="session",
            )

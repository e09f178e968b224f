"""The page of a planner: scenarios built from a base, beside each other, and looked into."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from optimizer.compare import Comparison
from optimizer.errors import RembugError
from optimizer.record.scenario import Scenario
from optimizer.ui import frame
from optimizer.ui.choose import choose, choose_several
from optimizer.ui.download import offer
from optimizer.ui.errors import show_error
from optimizer.ui.scenario_editor import (
    CHOSEN,
    OPEN,
    next_id,
    own_recipes,
    remember,
    remembered,
    show_editor,
    take,
)
from optimizer.ui.scenario_recipe import Base, Recipe, base_of, built, presets, read_recipe, to_yaml
from optimizer.ui.scenario_sweep import show_sweep
from optimizer.ui.scenario_table import (
    Column,
    comparison_of,
    practised,
    show_changes,
    show_files,
    show_measures,
)
from optimizer.ui.scenario_views import show_fields, show_levers, show_years
from optimizer.ui.scenario_votes import show_frontier, show_rules, show_stability
from optimizer.ui.solving import plan_of
from optimizer.ui.state import Session, session
from optimizer.ui.uploads import Upload, drop
from optimizer.ui.words import local, markdown, t

__all__ = ["show"]

BASE = "base"
MOST = 6
_ABOUT: Mapping[str, Callable[[str, Scenario], None]] = {
    "levers": show_levers,
    "sweep": show_sweep,
    "frontier": show_frontier,
    "stability": show_stability,
    "rules": show_rules,
    "years": show_years,
}


def show() -> None:
    """Draw the page."""
    open_ = session()
    frame.head(t("scn.title"), open_.base)
    if open_.simulated:
        st.caption(t("scn.without_trial"))
    base = base_of(open_)
    recipes = (*presets(base), *own_recipes(base))
    chosen = _choose(base, recipes)
    columns = [_column(open_, base, recipe) for recipe in chosen]
    for column in columns:
        if column.error is not None:
            st.markdown(f"**{markdown(column.label)}**")
            show_error(column.error)
    if any(c.plan is not None for c in columns):
        found = _compare(columns)
        _files(base, chosen, found)
        _look_closer(columns, found)
    frame.foot(open_.untouched(), columns[0].plan)


# --- choosing ---------------------------------------------------------------------------------


def _choose(base: Base, recipes: Sequence[Recipe]) -> list[Recipe | None]:
    """The chips, the form behind "+", and a place for a file; the base comes first, always."""
    by_id = {r.id: r for r in recipes}
    state = st.session_state
    names = {BASE: _base_name(base), **{r.id: r.name for r in recipes}}
    asked = state.get(CHOSEN)
    if asked is None:
        asked = remembered(base) or [r.id for r in recipes[:1]]
    chips = choose_several(
        t("scn.chips"),
        {id_: markdown(name) for id_, name in names.items()},
        CHOSEN,
        how="chips",
        now=[BASE, *(i for i in asked if i in by_id)],
    )
    with st.container(horizontal=True):
        st.button(
            t("scn.build"),
            icon=":material/add:",
            key="scn_build",
            on_click=lambda: state.update({OPEN: True}),
        )
        with st.popover(t("scn.load"), icon=":material/upload_file:"):
            refused = drop("skenario", t("scn.load.what"), lambda files: _take(base, files))
    if refused is not None:
        show_error(refused)
    if state.get(OPEN):
        show_editor(base, recipes)
    picked = [id_ for id_ in chips if id_ in by_id]
    remember(base, picked)
    if len(picked) >= MOST:
        st.warning(t("scn.too_many", most=MOST), icon=":material/compare_arrows:")
    return [None, *(by_id[id_] for id_ in picked[: MOST - 1])]


def _base_name(base: Base) -> str:
    return t("scn.base", reading=local(base.scenario.policy.reading))


def _take(base: Base, files: Sequence[Upload]) -> None:
    for name, data in files:
        take(base, read_recipe(base, name, data, next_id(base)))


def _column(open_: Session, base: Base, recipe: Recipe | None) -> Column:
    """A scenario with its plan, or with the reason why there is none."""
    plain = open_.untouched()
    if recipe is None:
        key, label = plain.content(), _base_name(base)
    else:
        text = f"{base.key}:{base.sha256}:{recipe.name}:{recipe.content}"
        key, label = f"scn:{hashlib.sha256(text.encode()).hexdigest()}", recipe.name
    scenario = None
    try:
        scenario = built(base, recipe)
        return Column(key, label, recipe, scenario, plan_of(key, scenario))
    except RembugError as error:
        return Column(key, label, recipe, scenario, error=error)


# --- beside each other ------------------------------------------------------------------------


def _compare(columns: Sequence[Column]) -> Comparison:
    shown = list(columns)
    if st.checkbox(t("scn.practised"), key="scn_practised", persist_state="session"):
        rules = practised(columns[0], columns)
        if any(column.error is not None for column in rules):
            st.caption(t("scn.practised.votes"))
        shown += [c for c in rules if c.plan is not None]
    with st.spinner(t("scn.comparing")):
        found = comparison_of(shown)
    show_measures(shown, found)
    show_changes(found)
    return found


def _files(base: Base, chosen: Sequence[Recipe | None], found: Comparison) -> None:
    """Comparison and scenario files to take away."""
    with st.expander(t("scn.take")):
        st.caption(t("scn.take.what"))
        show_files(found)
        st.caption(t("scn.take.scenarios"))
        with st.container(horizontal=True):
            for recipe in chosen:
                name = base.scenario.name if recipe is None else recipe.name
                file = f"skenario-{_slug(name)}.yaml"
                offer(
                    t("take.get", name=file),
                    file,
                    "application/yaml",
                    lambda words, recipe=recipe: to_yaml(base, recipe, words),  # type: ignore[misc]
                    key=f"scn_yaml_{recipe.id if recipe else BASE}",
                )


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "skenario"


# --- looking closer ---------------------------------------------------------------------------


def _look_closer(columns: Sequence[Column], found: Comparison) -> None:
    """One question at a time about one scenario."""
    st.subheader(t("scn.closer"))
    names = {view: t(f"scn.view.{view}") for view in ("fields", *_ABOUT)}
    view = choose(t("scn.closer"), names, "scn_view", how="switch", label_visibility="collapsed")
    ask = _ABOUT.get(view)
    if ask is None:
        show_fields(found)
        return
    solved = {c.key: c for c in columns if c.plan is not None and c.scenario is not None}
    labels = {key: column.label for key, column in solved.items()}
    column = solved[choose(t("scn.about"), labels, "scn_about")]
    if column.scenario is not None:
        ask(column.key, column.scenario)

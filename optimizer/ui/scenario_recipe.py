"""Scenarios of a planner: what each changes in the base, as keys of a scenario file.

A recipe is what stands in a scenario file below ``extends``. So what is built on the screen, what
is saved, and what the command line reads are the same thing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import streamlit as st
import yaml

from optimizer.errors import ScenarioError
from optimizer.files.policies import list_policies
from optimizer.files.scenarios import build_scenario, keys_of, merged_keys
from optimizer.files.yamls import parse_yaml
from optimizer.record.dataset import Dataset
from optimizer.record.policy import Policy
from optimizer.record.scenario import Scenario
from optimizer.shipped import SCENARIOS
from optimizer.ui.state import GIVEN, Session, is_own
from optimizer.ui.words import local, t
from optimizer.words import INDONESIAN, Words

__all__ = ["NAME_MOST", "Base", "Recipe", "base_of", "built", "presets", "read_recipe", "to_yaml"]

NAME_MOST = 60
MAX_BYTES = 100_000
MAX_DEPTH = 8
DATA_FILE = "data.xlsx"

_MERGED = frozenset({"overrides"})


@dataclass(frozen=True)
class Recipe:
    """One scenario: what it changes in the base.

    Attributes
    ----------
    id : str
        ``preset:…`` for those that are offered, ``own:…`` for those of the person.
    name : str
        As the person wrote it.
    keys
        Keys of a scenario file, without ``name``, ``extends`` and ``dataset``.
    """

    id: str
    name: str
    keys: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def content(self) -> str:
        """The changes as text, the same for the same changes."""
        return json.dumps(self.keys, sort_keys=True, default=str)


@dataclass(frozen=True)
class Base:
    """What scenarios are built from: the open scenario as it was recorded, without trials.

    Attributes
    ----------
    keys
        The base as keys of a scenario file, fully merged.
    extends : str
        The file that a saved scenario extends; empty for data that live in this session only.
    file : Path
        Where relative paths of the keys start.
    dataset : Dataset or None
        The data of this session, where no file holds them.
    """

    key: str
    scenario: Scenario
    sha256: str
    keys: Mapping[str, Any]
    extends: str
    file: Path
    dataset: Dataset | None = None

    @property
    def data_name(self) -> str:
        """What a saved scenario calls the dataset."""
        return DATA_FILE if self.dataset is not None else Path(str(self.keys["dataset"])).name


def base_of(open_: Session) -> Base:
    """The base of the open scenario."""
    scenario = open_.base
    if is_own(open_.key):
        keys = keys_of(scenario)
        return Base(open_.key, scenario, open_.base_sha, keys, "", Path(), scenario.dataset)
    given = open_.key == GIVEN and len(sys.argv) > 1
    source = sys.argv[1] if given else str(SCENARIOS / f"{open_.key}.yaml")
    if source.endswith((".yaml", ".yml")):
        keys, file = merged_keys(source)
        extends = Path(source).name if given else open_.key
        return Base(open_.key, scenario, open_.base_sha, keys, extends, file)
    keys = {**keys_of(scenario), "dataset": source}
    return Base(open_.key, scenario, open_.base_sha, keys, "", Path(source))


def built(base: Base, recipe: Recipe | None) -> Scenario:
    """The scenario of a recipe; the base itself without one.

    Raises
    ------
    ScenarioError, PolicyError
        If the base cannot take the changes.
    """
    if recipe is None:
        return base.scenario
    return _built(f"{base.key}:{base.sha256}:{recipe.name}:{recipe.content}", base, recipe)


@st.cache_resource(show_spinner=False, max_entries=64)
def _built(key: str, _base: Base, _recipe: Recipe) -> Scenario:
    del key
    merged = {**_base.keys, **_recipe.keys, "name": _recipe.name}
    for name in _MERGED & set(_recipe.keys):
        merged[name] = {**(_base.keys.get(name) or {}), **_recipe.keys[name]}
    merged.pop("extends", None)
    return build_scenario(merged, _base.file, _base.dataset)


# --- what is offered from the start -----------------------------------------------------


def presets(base: Base) -> tuple[Recipe, ...]:
    """Questions that a planner asks first, as far as the base's policy knows them."""
    policy = base.scenario.policy
    found = [
        Recipe(
            f"preset:{other.id}",
            t("scn.preset.reading", reading=local(other.reading)),
            {"policy": other.id},
        )
        for other in _readings(policy)
    ]
    even = {"objective": [{"welfare": {"evenness": 1.0}}, "fill"], "order_as": "borda"}
    found.append(Recipe("preset:even", t("scn.preset.even"), even))
    if "kepemudaan" in policy.by_id:
        youth = {"overrides": {"policy.kepemudaan.min": 0.05}}
        found.append(Recipe("preset:youth", t("scn.preset.youth"), youth))
    found.append(Recipe("preset:pagu", t("scn.preset.pagu"), {"overrides": {"pagu": "-25%"}}))
    return tuple(found)


def _readings(policy: Policy) -> list[Policy]:
    """Other readings of the same regulation."""
    return [
        other
        for other in list_policies()
        if other.id != policy.id
        and other.fiscal_year == policy.fiscal_year
        and other.regulation == policy.regulation
    ]


# --- files --------------------------------------------------------------------------------


def to_yaml(base: Base, recipe: Recipe | None, words: Words = INDONESIAN) -> bytes:
    """A scenario file that this page and the command line read."""
    head: dict[str, Any] = {"name": base.scenario.name if recipe is None else recipe.name}
    keys: dict[str, Any] = dict(recipe.keys) if recipe is not None else {}
    if base.extends:
        head["extends"] = base.extends
    else:
        head["dataset"] = base.data_name
        merged = {**base.keys, **keys}
        if "overrides" in merged:
            merged["overrides"] = {
                **(base.keys.get("overrides") or {}), **(keys.get("overrides") or {})
            }  # fmt: skip
        keys = {k: v for k, v in merged.items() if k != "dataset"}
    note = "" if base.extends else f"# {words.say('ui.scn.file.data', name=base.data_name)}\n"
    text = yaml.safe_dump(head | keys, allow_unicode=True, sort_keys=False, width=100)
    return f"# {words.say('ui.scn.file.what')}\n{note}{text}".encode()


def read_recipe(base: Base, name: str, data: bytes, id_: str) -> Recipe:
    """A scenario file that somebody sent; it may name shipped scenarios only, and no paths.

    Raises
    ------
    RembugError
        ``scenario_file`` (with what is wrong), ``scenario_other_data``, or what
        :func:`~optimizer.files.scenarios.build_scenario` raises.
    """
    keys = _plain(name, data)
    extends, dataset = keys.pop("extends", None), keys.pop("dataset", None)
    title = keys.pop("name", None) or Path(name).stem
    if not isinstance(title, str):
        raise ScenarioError("scenario_file", path=name, problem=f"name: {title}")
    if extends is not None and extends != base.extends:
        keys = _shipped(base, name, extends) | keys
    elif dataset is not None and Path(str(dataset)).name != base.data_name:
        raise ScenarioError("scenario_other_data", path=name, here=base.data_name, there=dataset)
    policy = keys.get("policy")
    if policy is not None and str(policy).endswith((".yaml", ".yml")):
        raise ScenarioError("scenario_file", path=name, problem=f"policy: {policy}")
    recipe = Recipe(id_, " ".join(title.split())[:NAME_MOST], keys)
    built(base, recipe)
    return recipe


def _shipped(base: Base, name: str, extends: object) -> dict[str, Any]:
    """Keys of a scenario that ships with the program, if it is about the same data."""
    known = {file.stem for file in SCENARIOS.glob("*.yaml")}
    if extends not in known:
        raise ScenarioError("scenario_file", path=name, problem=f"extends: {extends}")
    keys, _ = merged_keys(SCENARIOS / f"{extends}.yaml")
    there = Path(str(keys.pop("dataset", ""))).name
    if there != base.data_name:
        raise ScenarioError("scenario_other_data", path=name, here=base.data_name, there=there)
    return {k: v for k, v in keys.items() if k not in {"name", "extends"}}


def _plain(name: str, data: bytes) -> dict[str, Any]:
    """Plain, small, flat data from YAML text, or a sentence why not."""
    if len(data) > MAX_BYTES:
        raise ScenarioError("scenario_file", path=name, problem=f"> {MAX_BYTES // 1000} kB")
    keys = parse_yaml(data, name).data
    if not isinstance(keys, dict) or not all(isinstance(key, str) for key in keys):
        raise ScenarioError("scenario_file", path=name, problem="name: …, policy: …")
    return keys

"""Scenario files (YAML) in, :class:`~optimizer.record.scenario.Scenario` out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from optimizer.errors import ScenarioError
from optimizer.files.datasets import load_dataset
from optimizer.files.datasets_fields import fields_judged
from optimizer.files.policies import load_policy, refuse_contradictions
from optimizer.files.scenario_file import read_keys, read_stage
from optimizer.files.yamls import is_there, read_yaml
from optimizer.money import parse_share
from optimizer.nearest import nearest
from optimizer.record.dataset import Dataset
from optimizer.record.policy import Policy
from optimizer.record.scenario import (
    BEST,
    EVEN,
    EVERYWHERE,
    Pin,
    Scenario,
    Stage,
    override,
    with_policy,
)
from optimizer.shipped import HOME, SCENARIOS

__all__ = ["build_scenario", "keys_of", "load_scenario", "merged_keys", "vary"]

MAX_DEPTH = 20


def load_scenario(path: str | Path) -> Scenario:
    """A scenario from a YAML file; ``extends`` names another file whose keys it changes.

    Raises
    ------
    ScenarioError
        ``scenario_invalid``, ``scenario_circular``, and what :func:`override` raises.
    RembugError
        For the dataset or policy that it names.
    """
    file = _found(str(path), Path())
    return build_scenario(_merged(file, ()), file)


def merged_keys(path: str | Path) -> tuple[dict[str, Any], Path]:
    """The keys of a scenario file over those that it extends, and the file that was found.

    Raises
    ------
    ScenarioError
        ``scenario_missing``, ``scenario_invalid``, ``scenario_circular``.
    """
    file = _found(str(path), Path())
    return _merged(file, ()), file


def keys_of(scenario: Scenario) -> dict[str, Any]:
    """A scenario as keys of a scenario file, without its name and dataset.

    Changes of data (pagu, prices, proposals) stand in the dataset itself by now, so of the
    overrides only those of the policy are named. Read together with the dataset they give the
    same scenario.
    """
    keys: dict[str, Any] = {
        "policy": scenario.policy.id,
        "objective": [_stage_keys(stage) for stage in scenario.stages],
        "count": scenario.counting.value,
        "solver": scenario.solver,
    }
    if scenario.joint_share is not None:
        share = scenario.joint_share
        keys["joint_share"] = share if isinstance(share, str) else float(share)
    if scenario.order_as_borda:
        keys["order_as"] = "borda"
    if scenario.pins:
        keys["pins"] = [
            {"id": p.proposal, "pin": "in" if p.inside else "out", "reason": p.reason}
            for p in scenario.pins
        ]
    overrides = {k: v for k, v in scenario.overrides if k.startswith("policy.")}
    if overrides:
        keys["overrides"] = overrides
    if scenario.time_limit is not None:
        keys["time_limit"] = scenario.time_limit
    if scenario.alone:
        keys["alone"] = True
    if scenario.weights:
        keys["weights"] = _weight_keys(scenario.weights)
    return keys


def _stage_keys(stage: Stage) -> str | dict[str, Any]:
    if stage.name in EVEN:
        return {stage.name: {"evenness": float(stage.evenness)}}
    if stage.name == "equity":
        return {stage.name: {"over": stage.over}}
    return stage.name


def build_scenario(
    keys: Mapping[str, Any],
    file: Path = Path("skenario.yaml"),
    dataset: Dataset | None = None,
) -> Scenario:
    """A scenario from already merged keys.

    Parameters
    ----------
    file
        Where relative paths start.
    dataset
        Taken instead of the one that the keys name.
    """
    if dataset is not None:
        keys = {**keys, "dataset": dataset.meta.name}
    spec = read_keys(keys, file.name)
    policy = _policy(spec.policy, file)
    scenario = Scenario(
        name=spec.name or file.stem,
        dataset=dataset or _dataset(spec.dataset, file, policy),
        policy=policy,
        stages=tuple(read_stage(s, file.name) for s in spec.objective),
        joint_share=_share(spec.joint_share),
        counting=spec.count,
        order_as_borda=spec.order_as == "borda",
        pins=tuple(
            sorted(
                (Pin(p.id, p.pin == "in", p.reason) for p in spec.pins), key=lambda p: p.proposal
            )
        ),
        solver=spec.solver,
        time_limit=spec.time_limit,
        alone=spec.alone,
        weights=_weights(spec.weights),
    )
    # Another policy first: what is changed in it is changed in that one.
    for key in sorted(spec.overrides, key=lambda path: path != "policy"):
        scenario = vary(scenario, key, spec.overrides[key])
    return scenario


def vary(scenario: Scenario, path: str, value: Any) -> Scenario:
    """Change one number by its path; ``policy`` itself names another policy or reading."""
    if path == "policy":
        policy = load_policy(str(value))
        kept = tuple(o for o in scenario.overrides if o[0] != path)
        changed = with_policy(scenario, policy)
        changed = replace(changed, overrides=(*kept, (path, str(value))))
        # Bounds that were changed before are changed in the new policy too.
        for name, bound in kept:
            changed = vary(changed, name, bound) if name.startswith("policy.") else changed
        return changed
    changed = override(scenario, path, value)
    if path.startswith("policy."):
        refuse_contradictions(changed.policy)
    return changed


def _merged(file: Path, seen: tuple[Path, ...]) -> dict[str, Any]:
    """A file's keys over those that it extends; pins and overrides add up."""
    if file in seen or len(seen) > MAX_DEPTH:
        raise ScenarioError("scenario_circular", path=file.name)
    keys = read_yaml(file)
    if not isinstance(keys, dict):
        raise ScenarioError("scenario_invalid", path=file.name, problems="name: …, dataset: …")
    if not keys.get("extends"):
        return _anchored(keys, file)
    base = _merged(_found(str(keys["extends"]), file.parent), (*seen, file))
    merged = {**base, **_anchored(keys, file)}
    if isinstance(keys.get("overrides"), dict) and isinstance(base.get("overrides"), dict):
        merged["overrides"] = {**base["overrides"], **keys["overrides"]}
    if isinstance(keys.get("pins"), list) and isinstance(base.get("pins"), list):
        merged["pins"] = _merged_pins(base["pins"], keys["pins"])
    return merged


def _merged_pins(base: list[Any], own: list[Any]) -> list[Any]:
    named = [p.get("id") for p in own if isinstance(p, dict)]
    return [p for p in base if not (isinstance(p, dict) and p.get("id") in named)] + own


def _anchored(keys: dict[str, Any], file: Path) -> dict[str, Any]:
    """The dataset's path as seen from the file that names it."""
    if isinstance(keys.get("dataset"), str):
        return {**keys, "dataset": str(_located(keys["dataset"], file.parent))}
    return keys


def _located(name: str, folder: Path) -> Path:
    """A path beside the scenario, below the working folder, or below the project."""
    for base in (folder, Path(), HOME):
        if is_there(base / name):
            return base / name
    return Path(name)


def _found(name: str, folder: Path) -> Path:
    for candidate in (name, f"{name}.yaml", f"{name}.yml", f"scenarios/{name}.yaml"):
        path = _located(candidate, folder)
        if is_there(path) and path.is_file():
            return path
    known = sorted(p.stem for p in SCENARIOS.glob("*.yaml"))
    near = nearest(Path(name).stem, known) or "-"
    raise ScenarioError("scenario_missing", path=name, near=near)


def _policy(name: str, file: Path) -> Policy:
    if name.endswith((".yaml", ".yml")):
        return load_policy(_located(name, file.parent))
    return load_policy(name)


def _dataset(name: str, file: Path, policy: Policy) -> Dataset:
    dataset = load_dataset(_located(name, file.parent), default_pagu=policy.pagu)
    return replace(dataset, findings=fields_judged(dataset.findings, policy))


def _weights(
    spec: Mapping[str, Decimal | dict[str, Decimal]],
) -> dict[str, dict[str, Fraction]]:
    """``{field: number}`` for all units, ``{unit: {field: number}}`` for some, or both."""
    found: dict[str, dict[str, Fraction]] = {}
    for name, value in spec.items():
        place, weights = (name, value) if isinstance(value, dict) else (EVERYWHERE, {name: value})
        for field, number in weights.items():
            if not (number.is_finite() and number >= 0):
                path = ".".join(part for part in ("weights", place, field) if part)
                raise ScenarioError("value_out_of_range", path=path, value=number, expected="≥ 0")
            found.setdefault(place, {})[field] = Fraction(number)
    return found


def _weight_keys(weights: Mapping[str, Mapping[str, Fraction]]) -> dict[str, Any]:
    keys: dict[str, Any] = {f: float(w) for f, w in weights.get(EVERYWHERE, {}).items()}
    for place, by_field in weights.items():
        if place != EVERYWHERE:
            keys[place] = {f: float(w) for f, w in by_field.items()}
    return keys


def _share(value: Decimal | str | None) -> Fraction | str | None:
    if value is None or value == BEST:
        return None if value is None else BEST
    try:
        share = parse_share(value)
    except ArithmeticError:
        share = Fraction(-1)
    if not 0 <= share <= 1:
        raise ScenarioError("value_out_of_range", path="joint_share", value=value, expected="0–1")
    return share

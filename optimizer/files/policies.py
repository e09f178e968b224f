"""Policy and menu files (YAML) in, :class:`~optimizer.record.policy.Policy` out."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from optimizer.errors import InputRefused, PolicyError
from optimizer.files.policy_faults import MenuText, PolicyText, contradiction
from optimizer.files.policy_file import MenuFile, PolicyFile
from optimizer.files.shaped import shaped
from optimizer.files.yamls import is_there, read_located, read_yaml
from optimizer.nearest import nearest
from optimizer.record.kinds import ItemRule
from optimizer.record.policy import Policy
from optimizer.shipped import DATA

__all__ = ["list_policies", "load_policy", "refuse_contradictions"]


@cache
def _index(folder: Path) -> dict[str, Path]:
    """Policy ids and aliases to files."""
    index: dict[str, Path] = {}
    for path in sorted(folder.glob("*.yaml")):
        content = read_yaml(path)
        if isinstance(content, dict):
            for name in (content.get("id"), *(content.get("aliases") or [])):
                index[str(name)] = path
    return index


def list_policies() -> tuple[Policy, ...]:
    """All shipped policies, by id."""
    paths = sorted(set(_index(DATA / "policies").values()))
    return tuple(load_policy(path) for path in paths)


def load_policy(which: str | Path) -> Policy:
    """A policy by id, alias, or path to a YAML file.

    Raises
    ------
    PolicyError
        ``policy_unknown`` with the nearest id, ``menu_unknown``, ``policy_circular``.
    InputRefused
        By line, for what the file or its menu cannot mean.
    """
    return _read(_file(which, Path()), ())


def _file(which: str | Path, folder: Path) -> Path:
    if isinstance(which, Path) or which.endswith((".yaml", ".yml")):
        return folder / which
    index = _index(DATA / "policies")
    if which not in index:
        near = nearest(which, index)
        raise PolicyError("policy_unknown", name=which, near=near, known=", ".join(index))
    return index[which]


@cache
def _read(path: Path, heirs: tuple[Path, ...]) -> Policy:
    """A policy; ``heirs`` are those that take its rules over."""
    if path.resolve() in heirs:
        raise PolicyError("policy_circular", path=path.name)
    text = read_located(path)
    file = shaped(PolicyFile, text, path.name)
    menu_file = _menu_file(file.menu, path) if file.menu else None
    menu = _menu(menu_file) if menu_file else None
    rules = (*_inherited(file, path, heirs), *(rule.build() for rule in file.rules))
    policy = file.build(rules, menu.menu if menu else None)
    own_menu = menu_file is not None and menu_file.parent == path.parent
    _refuse(PolicyText(path.name, text, file, policy, menu, own_menu))
    return policy


def _refuse(text: PolicyText | MenuText) -> None:
    found = tuple(text.faults())
    if found:
        raise InputRefused(found, text.name)


def _inherited(file: PolicyFile, path: Path, heirs: tuple[Path, ...]) -> tuple[ItemRule, ...]:
    """Rules of another policy that the file does not replace by its own."""
    if file.inherit_rules is None:
        return ()
    parent = _file(file.inherit_rules.source, path.parent)
    own, certainty = {rule.id for rule in file.rules}, file.inherit_rules.certainty
    return tuple(
        replace(rule, origin=replace(rule.origin, certainty=certainty))
        for rule in _read(parent, (*heirs, path.resolve())).rules
        if rule.id not in own
    )


def _menu_file(name: str, policy: Path) -> Path:
    """A menu beside the policy that names it, else a shipped one."""
    places = [policy.parent / f"{name}.yaml", DATA / "menus" / f"{name}.yaml"]
    found = next((p for p in places if is_there(p) and p != policy), None)
    if found is None:
        known = sorted(p.stem for p in (DATA / "menus").glob("*.yaml"))
        near = nearest(name, known)
        raise PolicyError(
            "menu_unknown", path=policy.name, name=name, near=near, known=", ".join(known)
        )
    return found


@cache
def _menu(path: Path) -> MenuText:
    text = read_located(path)
    file = shaped(MenuFile, text, path.name)
    menu = MenuText(path.name, text, file, file.build())
    _refuse(menu)
    return menu


def refuse_contradictions(policy: Policy) -> None:
    """Refuse a policy whose bounds no budget can meet at once.

    Raises
    ------
    PolicyError
        ``policy_contradiction``, naming the account and both sums.
    """
    found = contradiction(policy)
    if found is not None:
        raise PolicyError("policy_contradiction", **found.words(policy))

"""The promises of the project itself: wording, public names, what the README says."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from cli_runs import rembug
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import optimizer
from optimizer.cli import build
from optimizer.words import FIRST, messages

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
SOURCES = sorted((ROOT / "optimizer").rglob("*.py"))
AROUND = sorted((ROOT / "benchmarks").glob("*.py"))


def said(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Message ids that are written out in calls: say("…"), screen.line("…"), Finding("…") …"""
    prefixes = {"RembugError": "error.", "ScenarioError": "error.", "PolicyError": "error.",
                "UsageProblem": "error.", "SolverFailed": "error.", "Infeasible": "error.",
                "PlanRejected": "error.", "Finding": "finding.", "tell": "explain."}  # fmt: skip
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = node.args[0]
        if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
            continue
        on_screen = isinstance(node.func, ast.Attribute) and name in {"line", "head", "words"}
        if name == "say" or (on_screen and "." in first.value):
            yield first.value, node.lineno
        elif name in prefixes:
            yield prefixes[name] + first.value, node.lineno


@pytest.mark.parametrize("path", [*SOURCES, *AROUND], ids=lambda p: str(p.relative_to(ROOT)))
def test_every_message_that_the_code_says_exists(path):
    known = messages(FIRST)
    missing = [
        f"{key} (line {line})"
        for key, line in said(ast.parse(path.read_text("utf-8")))
        if key not in known
    ]
    assert not missing


def test_public_names_are_those_of_the_readme():
    documented = set(re.findall(r"\bob\.(\w+)", README))
    assert documented == set(optimizer.__all__)
    assert all(hasattr(optimizer, name) for name in optimizer.__all__)


def test_the_readme_shows_real_output():
    excerpt = README.split("```text\n")[1].split("```")[0]
    printed = " ".join(rembug("plan", ROOT / "scenarios" / "kaliombo-2023.yaml").stdout.split())
    for paragraph in excerpt.split("\n\n"):
        for line in paragraph.splitlines() if "  " in paragraph else [paragraph]:
            if line.strip() != "…":
                assert " ".join(line.split()) in printed


def test_every_command_is_in_the_readme():
    names = {command.name for command in build().registered_commands}
    names |= {group.name for group in build().registered_groups}
    assert names
    for name in names:
        assert f"`rembug {name}" in README, name


def test_every_folder_of_the_house_exists():
    house = README.split("## The house")[1].split("Imports run")[0]
    for name in re.findall(r"[\w.]+(?:\.py|/)", house):
        found = (ROOT / name, ROOT / "optimizer" / name)
        assert any(path.exists() for path in found), name


def test_the_scenario_and_policy_examples_of_the_readme_are_yaml():
    blocks = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        assert isinstance(yaml.safe_load(block), dict)


def test_the_python_example_of_the_readme_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(block, "README.md", "exec"), names)
    assert len(names["plan"].allocations) == 47 * len(names["scenario"].policy.leaves)


def test_the_ci_entry_calls_the_test_command_of_the_readme():
    assert "`make test`" in README
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("make test")


# --- versions ---------------------------------------------------------------------------


def locked(name: str) -> dict[str, list[str]]:
    """Versions of every package in a lock; each has its hashes, and no line names a place."""
    text = (ROOT / "locks" / f"{name}.txt").read_text("utf-8")
    assert "://" not in text and "--index" not in text and "--find-links" not in text
    versions: dict[str, list[str]] = {}
    for entry in re.split(r"\n(?=\w)", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)):
        found = re.match(r"([\w.-]+)==([\w.]+)", entry)
        assert found and "--hash=sha256:" in entry, entry
        versions.setdefault(canonicalize_name(found[1]), []).append(found[2])
    return versions


@pytest.mark.parametrize(
    ("lock", "extras"), [("core", ()), ("app", ("app",)), ("dev", ("app", "dask", "dev"))]
)
def test_each_lock_holds_what_the_project_asks_for(lock, extras):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["build"]]
    for extra in extras:
        asked += project["project"]["optional-dependencies"][extra]
    versions, everything = locked(lock), locked("dev")
    for requirement in map(Requirement, asked):
        if requirement.name != "rembug":
            found = versions.get(canonicalize_name(requirement.name), [])
            fits = [version in requirement.specifier for version in found]
            assert fits and all(fits), f"{requirement}: run make lock"
    assert all(everything[name] == found for name, found in versions.items())
    assert ("streamlit" in versions) == ("app" in extras)


# --- imports ----------------------------------------------------------------------------


def test_the_engine_imports_neither_screens_nor_commands():
    for path in SOURCES:
        if path.relative_to(ROOT).parts[1] in {"ui", "cli"}:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            module = node.module if isinstance(node, ast.ImportFrom) else None
            assert not (module or "").startswith(("optimizer.ui", "optimizer.cli")), path


def test_the_judge_never_imports_what_it_judges():
    for path in (ROOT / "optimizer" / "rules").glob("*.py"):
        assert "optimizer.formulation" not in path.read_text("utf-8")
        assert "optimizer.solving" not in path.read_text("utf-8")

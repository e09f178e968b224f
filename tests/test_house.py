"""The walls of the house: what each package may import, and that no import runs in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

HOUSE = Path(__file__).parents[1] / "optimizer"

GROUND = "nearest words tables money territory errors versions remember palette shipped"
ENGINE = f"{GROUND} record files formulation rules solving"
ASKED = f"{ENGINE} envelopes plan planning explain practice equity measures"
SHOWN = "checking compare compare_tables diffs elections sheets sides whatif"

# What a room may import besides itself. Higher rooms stand further down.
MAY = {
    "words": "",
    "nearest": "",
    "versions": "",
    "remember": "",
    "palette": "",
    "shipped": "",
    "errors": "words",
    "money": "errors",
    "territory": "remember",
    "tables": "words",
    "record": GROUND,
    "diffs": f"{GROUND} record",
    "rules": f"{GROUND} record",
    "formulation": f"{GROUND} record",
    "files": f"{GROUND} record rules",
    "solving": f"{GROUND} record formulation",
    "advice": f"{GROUND} record rules",
    "envelopes": ENGINE,
    "plan": f"{ENGINE} envelopes",
    "planning": f"{ENGINE} envelopes plan",
    "explain": f"{ENGINE} plan planning",
    "practice": f"{ENGINE} plan planning",
    "equity": f"{ENGINE} plan planning",
    "elections": f"{ENGINE} practice",
    "measures": f"{ENGINE} plan equity",
    "checking": f"{ENGINE} plan planning",
    "recheck": f"{ENGINE} plan planning",
    "compare": ASKED,
    "compare_tables": f"{ASKED} compare",
    "whatif": ASKED,
    "sides": f"{ASKED} checking diffs",
    "scale": f"{ASKED} whatif",
    "sheets": f"{ASKED} advice checking diffs",
    "cli": f"{ASKED} {SHOWN} advice recheck scale",
    "ui": f"{ASKED} {SHOWN} advice scale",
    "__init__": f"{ASKED} checking compare whatif",
}


def rooms(house: Path = HOUSE) -> dict[str, Path]:
    """Every module of a package by its dotted name."""
    found = {}
    for path in house.rglob("*.py"):
        parts = path.relative_to(house.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(tree: ast.AST, modules: dict[str, Path]) -> Iterator[str]:
    """Modules of the package that a module imports, anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports name the whole way"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                if inner in modules:
                    yield inner
                elif node.module in modules:
                    yield str(node.module)


def package(module: str) -> str:
    """The room at the top in which a module stands."""
    _, *below = module.split(".")
    return below[0] if below else "__init__"


def graph(modules: dict[str, Path]) -> nx.DiGraph:
    """Which package imports which; an edge knows the modules that make it."""
    found = nx.DiGraph()
    for name, path in modules.items():
        for other in imported(ast.parse(path.read_text("utf-8")), modules):
            if package(name) != package(other):
                found.add_edge(package(name), package(other), by=(name, other))
    return found


def forbidden(found: nx.DiGraph) -> list[str]:
    """Edges that the table does not allow, and circles."""
    wrong = [
        "{} imports {}".format(*edge["by"])
        for a, b, edge in found.edges(data=True)
        if b not in MAY.get(a, "").split()
    ]
    return wrong + ["circle: " + ", ".join(c) for c in nx.simple_cycles(found)]


def test_imports_run_downward_only():
    modules = rooms()
    assert not forbidden(graph(modules))
    assert {package(name) for name in modules} <= MAY.keys()


def test_the_package_needs_nothing_that_is_not_installed():
    around = {**rooms(HOUSE.parent / "tools"), **rooms(HOUSE.parent / "benchmarks")}
    assert around
    found = [
        (name, other)
        for name, path in rooms().items()
        for other in imported(ast.parse(path.read_text("utf-8")), around)
    ]
    assert not found


def test_the_table_itself_has_no_circle():
    table = nx.DiGraph((a, b) for a, names in MAY.items() for b in names.split())
    assert nx.is_directed_acyclic_graph(table)


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("rules", "from optimizer.formulation.compile import compile_scenario"),
        ("plan", "def late():\n    from optimizer.explain import Explainer"),
        ("money", "import optimizer.territory"),
    ],
)
def test_a_planted_import_is_found(tmp_path, room, line):
    planted = tmp_path / "planted.py"
    planted.write_text(line)
    assert forbidden(graph({**rooms(), f"optimizer.{room}.planted": planted}))

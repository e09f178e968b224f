"""Reading YAML that may be careless or hostile: plain data, each key once, nothing guessed.

Numbers are decimal and dates stay text, as in YAML 1.2: what YAML 1.1 makes of ``010`` (eight),
``5:30`` (330), ``no`` and ``2024-13-01`` is never what somebody meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml

from optimizer.errors import Place, RembugError
from optimizer.files.grid import refuse

__all__ = ["Yaml", "is_there", "parse_yaml", "read_located", "read_yaml"]

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
# With what aliases stand for, wherever they stand.
MAX_NODES = 300_000

# As safe, and nine times faster where PyYAML was built with libyaml.
_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN = frozenset({"null", "bool", "int", "float", "str", "seq", "map"})


@dataclass(frozen=True)
class Yaml:
    """What a file holds, and where in it."""

    data: Any
    root: yaml.Node | None

    def line(self, path: Iterable[str | int] = ()) -> int:
        """The line of what stands at a path of keys and places; of what holds it if not there."""
        node, line = self.root, 1
        for step in path:
            found = _step(node, step)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        return line


def _step(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """Where a step leads: the node that marks the place, and its content."""
    if isinstance(node, yaml.MappingNode):
        return next(((k, v) for k, v in node.value if k.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
    return None


def is_there(path: Path) -> bool:
    """Whether a path that somebody wrote leads anywhere; a name that is too long does not."""
    try:
        return path.exists()
    except OSError:
        return False


def read_yaml(path: Path) -> Any:
    """The content of a YAML file as plain data; see :func:`read_located`."""
    return read_located(path).data


def read_located(path: Path) -> Yaml:
    """The content of a YAML file, and its lines.

    Raises
    ------
    RembugError
        ``file_missing``, ``file_too_large``.
    InputRefused
        As :func:`parse_yaml`.
    """
    if not is_there(path) or not path.is_file():
        raise RembugError("file_missing", path=path)
    if path.stat().st_size > MAX_BYTES:
        raise RembugError("file_too_large", path=path.name, limit=MAX_BYTES // 10**6)
    return parse_yaml(path.read_bytes(), path.name)


def parse_yaml(content: bytes, name: str) -> Yaml:
    """Plain data from YAML.

    Raises
    ------
    InputRefused
        With the line: ``yaml_not_text``, ``yaml_broken`` (bad syntax, tags such as
        ``!!python``), ``yaml_twice`` (a key written twice), ``yaml_deep`` (nested, or referring
        to itself, beyond what anybody writes).
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise refuse("yaml_not_text", name, Place(name, row=line)) from error
    try:
        return _loaded(text, name)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else text[: getattr(error, "position", 0)].count("\n") + 1
        # What is not closed is missed only after the last line.
        row = min(line, len(text.splitlines()))
        raise refuse("yaml_broken", name, Place(name, row=row)) from error
    except RecursionError as error:
        raise refuse("yaml_deep", name) from error


def _loaded(text: str, name: str) -> Yaml:
    loader = _Loader(text)
    loader.file = name
    try:
        root = loader.get_single_node()
        if root is None:
            return Yaml(None, None)
        _measure(root, name, 1, {})
        return Yaml(loader.construct_document(root), root)
    finally:
        loader.dispose()


def _measure(
    node: yaml.Node, name: str, level: int, known: dict[int, tuple[int, int]]
) -> tuple[int, int]:
    """Nodes and levels of a node with what its aliases stand for; refused where too many."""
    if level <= MAX_DEPTH and id(node) not in known:
        inside = [_measure(child, name, level + 1, known) for child in _children(node)]
        below = max((depth for _, depth in inside), default=0)
        known[id(node)] = 1 + sum(size for size, _ in inside), 1 + below
    size, depth = known.get(id(node), (1, 1))
    if level + depth > MAX_DEPTH or size > MAX_NODES:
        raise refuse("yaml_deep", name, Place(name, row=node.start_mark.line + 1))
    return size, depth


def _children(node: yaml.Node) -> Iterable[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return (child for pair in node.value for child in pair)
    return node.value if isinstance(node, yaml.SequenceNode) else ()


_TAG = "tag:yaml.org,2002:"
_MERGE = f"{_TAG}merge"


class _Loader(_SAFE):  # type: ignore[misc]
    """PyYAML's safe loader with YAML 1.2's numbers, and no type beyond plain data."""

    file = ""
    yaml_constructors: ClassVar = {
        tag: construct
        for tag, construct in _SAFE.yaml_constructors.items()
        if tag is None or tag.removeprefix(_TAG) in _PLAIN
    }
    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        first: dict[Any, int] = {}
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.tag != _MERGE:
                value, line = self.construct_object(key), key.start_mark.line + 1
                if value in first:
                    place = Place(self.file, row=line, value=key.value)
                    raise refuse("yaml_twice", self.file, place, first=first[value])
                first[value] = line
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, KeyError) as error:  # such as !!int sebelas
            raise yaml.constructor.ConstructorError(None, None, None, node.start_mark) from error


for _kind, _pattern, _begins in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", [*"tTfF"]),
    ("int", r"[-+]?(?:0|[1-9][0-9_]{0,24})", [*"-+0123456789"]),
    ("float", r"[-+]?(?:0|[1-9][0-9_]*)\.[0-9]*(?:[eE][-+]?[0-9]{1,2})?", [*"-+0123456789"]),
    ("merge", r"<<", ["<"]),
):
    _Loader.add_implicit_resolver(_TAG + _kind, re.compile(f"(?:{_pattern})$"), _begins)

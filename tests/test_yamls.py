"""YAML as people write it, carelessly or with intent: refused by line, or plain data."""

from __future__ import annotations

from pathlib import Path

import pytest

from optimizer.errors import Finding, InputRefused
from optimizer.files.yamls import parse_yaml, read_yaml
from optimizer.words import Words, languages

ROOT = Path(__file__).parents[1]


def refused(content: str | bytes) -> Finding:
    data = content.encode() if isinstance(content, str) else content
    with pytest.raises(InputRefused) as caught:
        parse_yaml(data, "uji.yaml")
    (finding,) = caught.value.findings
    for lang in languages():
        assert "uji.yaml" in finding.text(Words(lang))
    return finding


@pytest.mark.parametrize(
    ("text", "key", "line", "first"),
    [
        ("a: 1\nb: 2\na: 3\n", "a", 3, 1),
        ("- {a: 1}\n- a: 1\n  b: 2\n  b: 2\n", "b", 4, 3),
        ("x: {y: {z: 1, z: 1}}\n", "z", 1, 1),
        ('a: 1\n"a": 2\n', "a", 2, 1),
        ("1: a\n2: b\n01: c\n1: d\n", "1", 4, 1),
        ("a: &x {b: 1}\nc:\n  <<: *x\n  b: 2\n  b: 3\n", "b", 5, 4),
    ],
)
def test_a_key_written_twice_is_refused_by_line(text: str, key: str, line: int, first: int) -> None:
    found = refused(text)
    assert (found.code, found.place.value, found.place.row) == ("yaml_twice", key, line)
    assert found.data == {"first": first}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: [1, 2\nb", 2),
        ("a: 1\n\tb: 2\n", 2),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2),
        ("a: 1\nb: !!int sebelas\n", 2),
        ("a: !!bool mungkin\n", 1),
        ("a: !!timestamp 2024-13-45\n", 1),
        ("a: !!set {b}\n", 1),
        ("a: *b\n", 1),
        ("a: 1\n[b]: 2\n", 2),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: 1\nb: 2\x00\n", 2),
        ("[" * 5000, 1),
        ("- " * 100_000, 1),
    ],
)
def test_what_is_no_plain_yaml_is_refused_by_line(text: str, line: int) -> None:
    found = refused(text)
    assert (found.code, found.place.row) == ("yaml_broken", line)


def test_what_is_no_text_is_refused_by_line() -> None:
    found = refused(b"a: 1\nb: \xff\xfe\n")
    assert (found.code, found.place.row) == ("yaml_not_text", 2)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
    for old, new in zip("abcdef", "bcdefg", strict=True)
)
CHAIN = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 60))


@pytest.mark.parametrize("text", [BOMB, CHAIN, "a: &a [*a]\n", "[" * 60 + "]" * 60])
def test_what_grows_beyond_measure_is_refused(text: str) -> None:
    assert refused(text).code == "yaml_deep"


def test_aliases_in_measure_are_read() -> None:
    text = b"a: &a {x: 1, y: 2}\nb: *a\nc: {<<: *a, x: 3}\n"
    assert parse_yaml(text, "").data == {
        "a": {"x": 1, "y": 2},
        "b": {"x": 1, "y": 2},
        "c": {"x": 3, "y": 2},
    }


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("100_000_000", 100_000_000),
        ("-5", -5),
        ("0.30", 0.3),
        ("true", True),
        ("", None),
        ("~", None),
        # YAML 1.1 makes 8, 330, False, dates, an error and infinity of these.
        ("010", "010"),
        ("5:30", "5:30"),
        ("no", "no"),
        ("2024-01-05", "2024-01-05"),
        ("2024-13-45", "2024-13-45"),
        ("1.5e999", "1.5e999"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_a_value_is_what_it_looks_like(written: str, read: object) -> None:
    value = parse_yaml(f"a: {written}\n".encode(), "").data["a"]
    assert (value, type(value)) == (read, type(read))


def test_lines_of_what_stands_in_a_file() -> None:
    located = parse_yaml(b"a: 1\nb:\n  c:\n    - d: 1\n    - e: 2\n      f: 3\n", "")
    asked = [("a",), ("b", "c", 1, "f"), ("b", "c", 1), ("b", "c", 7), ("b", "x"), ("x",), ()]
    assert [located.line(path) for path in asked] == [1, 6, 5, 3, 2, 1, 1]


@pytest.mark.parametrize("folder", ["optimizer/words", "data", "scenarios"])
def test_what_is_shipped_is_written_once(folder: str) -> None:
    files = sorted((ROOT / folder).rglob("*.yaml"))
    assert files
    for file in files:
        read_yaml(file)

"""YAML 1.2 with places."""

from __future__ import annotations

import math

import pytest

from perigrid.base.errors import ScenarioError
from perigrid.scenario.tree import read_scalar, read_tree


@pytest.mark.parametrize(
    ("text", "value"),
    [("NO", "NO"), ("no", "no"), ("yes", "yes"), ("on", "on"), ("Off", "Off"), ("y", "y"),
     ("true", True), ("FALSE", False), ("~", None), ("", None), ("null", None), ("12", 12),
     ("-0", 0), ("+12", 12), ("012", 12), ("0o17", 15), ("0x1F", 31), ("12:30", "12:30"),
     ("1_000", "1_000"), ("1e3", 1000.0), (".5", 0.5), ("5.", 5.0), ("-1.5E-3", -0.0015),
     (".inf", math.inf), ("-.Inf", -math.inf), ("1.2.3", "1.2.3"), ("2026-08-22", "2026-08-22"),
     ("0b1", "0b1"), ("+.inf", math.inf), ("e3", "e3"), ("-", "-")],
)  # fmt: skip
def test_plain_scalars_follow_the_core_schema(text, value):
    result = read_scalar(text)
    assert result == value
    assert type(result) is type(value)
    if text not in {"", "-"}:
        assert read_tree(f"key: {text}\n", "x").plain() == {"key": value}


def test_not_a_number_is_one():
    assert math.isnan(read_scalar(".NaN"))  # type: ignore[arg-type]


def test_quotes_and_blocks_are_text():
    tree = read_tree("a: '1'\nb: \"true\"\nc: |\n  12\nd: !!str 5\n", "x")
    assert tree.plain() == {"a": "1", "b": "true", "c": "12\n", "d": "5"}


def test_an_old_yaml_directive_changes_nothing():
    assert read_tree("%YAML 1.1\n---\na: NO\nb: 1:30\n", "x").plain() == {"a": "NO", "b": "1:30"}


def test_aliases_repeat_and_anchors_may_be_defined_anew():
    assert read_tree("a: &x [1]\nb: *x\nc: &x 2\nd: *x\n", "x").plain() == {
        "a": [1], "b": [1], "c": 2, "d": 2,
    }  # fmt: skip


def test_places_of_keys_and_values():
    tree = read_tree("a:\n  - b: 12\n    c: {d: x}\n", "f.yaml")
    value, key = tree.place_of(("a", 0, "b")), tree.place_of(("a", 0, "b"), key=True)
    assert (value.path, value.line, value.column, value.width) == ("f.yaml", 2, 8, 2)
    assert (key.line, key.column) == (2, 5)
    missing = tree.place_of(("a", 0, "c", "e", "f"))
    assert (missing.line, missing.column) == (3, 5), "the deepest key that is there"


def test_every_duplicate_is_told():
    with pytest.raises(ScenarioError) as caught:
        read_tree("a: 1\na: 2\nb: {c: 1, c: 2}\n", "x")
    assert [(p.line, p.column) for p in caught.value.problems] == [(2, 1), (3, 11)]


def test_values_on_one_line_share_its_text():
    text = "x: [" + ", ".join(map(str, range(500))) + "]"
    root = read_tree(text, "x")
    lines = {id(child.place.source_line) for child in root.child("x").children()}
    assert len(lines) == 1
    assert len(root.child("x").children()[300].place.problem("wrong").source_line) < 130


def test_aliases_of_long_texts_are_counted_by_their_characters():
    text = f'- &a "{"b" * 500_000}"\n' + "- *a\n" * 50
    with pytest.raises(ScenarioError, match="more than 20,000,000 characters"):
        read_tree(text, "x")


def test_a_text_read_again_gives_a_tree_of_its_own():
    text = "a: {b: [1, 2]}\n"
    first, second = read_tree(text, "one.yaml"), read_tree(text, "other.yaml")
    assert first.plain() == second.plain() == {"a": {"b": [1, 2]}}
    assert second.value["a"].place.path == "other.yaml"
    first.value["a"].value["b"] = second.value["a"].place
    assert second.plain() == read_tree(text, "one.yaml").plain() == {"a": {"b": [1, 2]}}

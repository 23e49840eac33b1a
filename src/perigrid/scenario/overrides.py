"""Changes from the command line: ``--set dotted.path=value``.

A path names keys, indexes of lists, or the names of a list's items
(``groups.scs-01.battery.capacity_wh``); the value is YAML 1.2.
"""

from __future__ import annotations

from perigrid.base.errors import Problem, ScenarioError
from perigrid.scenario.numbers import OWN_VALUE
from perigrid.scenario.problems import OVERRIDE_PATH, Place, did_you_mean, listed
from perigrid.scenario.tree import Node, read_tree

_REMEDY = "write --set dotted.path=value, such as --set groups.0.battery.capacity_wh=900"


def apply_overrides(tree: Node, overrides: tuple[str, ...]) -> None:
    """Change a tree.

    Parameters
    ----------
    tree : Node
        Changed in place.
    overrides : tuple of str
        ``dotted.path=value`` each; later ones win.

    Raises
    ------
    ScenarioError
        With every override that has no path, no value, or a path that leads nowhere.
    """
    problems: list[Problem] = []
    for number, override in enumerate(overrides, start=1):
        try:
            _apply(tree, override, number)
        except ScenarioError as failure:
            problems += failure.problems
    if problems:
        raise ScenarioError(problems)


def _apply(tree: Node, override: str, number: int) -> None:
    path, equals, text = override.partition("=")
    shown = "".join(c if c.isprintable() else " " for c in override)
    whole = Place(OVERRIDE_PATH, number, 1, shown, max(1, len(shown)))
    if not equals or not path.strip():
        raise ScenarioError([whole.problem(f"'{shown}' has no 'path=value'", _REMEDY)])
    steps = path.strip().split(".")
    if not all(steps):
        raise ScenarioError([whole.problem(f"'{path}' has an empty step", _REMEDY)])
    value = _value(text, Place(OVERRIDE_PATH, number, len(path) + 2, shown, max(1, len(text))))
    _put(tree, steps, value, Place(OVERRIDE_PATH, number, 1, shown, max(1, len(path))))


def _value(text: str, place: Place) -> Node:
    """Read the value as YAML; every place in it is the override's."""
    if not text.strip():
        return Node(None, place)
    try:
        node = read_tree(text, OVERRIDE_PATH)
    except ScenarioError as failure:
        first = failure.problems[0]
        raise ScenarioError(
            [place.problem(f"the value is {first.message}", "quote the value")]
        ) from failure
    _move(node, place)
    return node


def _move(node: Node, place: Place) -> None:
    node.place = place
    node.key_places = dict.fromkeys(node.key_places, place)
    for child in node.children():
        _move(child, place)


def _put(node: Node, steps: list[str], value: Node, place: Place) -> None:
    """Go down step by step, making the sections that the file left to their defaults."""
    done: list[str] = []
    while True:
        if isinstance(node.value, list):
            index, used = _find_item(node, steps, done, place)
            done += steps[:used]
            steps = steps[used:]
            if not steps:
                node.value[index] = value
                return
            node = node.value[index]
            continue
        if node.value is None:
            node.value = {}
        if not isinstance(node.value, dict):
            key = ".".join(done)
            raise ScenarioError(
                [place.problem(f"'{key}' is a value, not a section", f"set {key} itself", key)]
            )
        if tuple(done) not in OWN_VALUE and _replaces_long_form(node, steps):
            node.value, node.place, node.key_places = value.value, value.place, {}
            return
        step, steps = steps[0], steps[1:]
        done.append(step)
        node.key_places.setdefault(step, place)
        if not steps:
            node.value[step] = value
            node.key_places[step] = place
            return
        node = node.value.setdefault(step, Node({}, place))


def _replaces_long_form(node: Node, steps: list[str]) -> bool:
    """Say whether the number in long form is set by its ``value``; its source is then gone."""
    return steps == ["value"] and isinstance(node.value, dict) and "value" in node.value


def _find_item(node: Node, steps: list[str], done: list[str], place: Place) -> tuple[int, int]:
    """Find the item a path means, and how many steps its name takes (names may hold dots)."""
    items = node.value
    if not isinstance(items, list):
        raise TypeError("not a list")
    names = [_name(item) for item in items]
    for used in range(1, len(steps) + 1):
        name = ".".join(steps[:used])
        if name in names:
            return names.index(name), used
    if steps[0].isascii() and steps[0].isdigit() and int(steps[0]) < len(items):
        return int(steps[0]), 1
    known = [name for name in names if name]
    key = ".".join([*done, steps[0]])
    raise ScenarioError(
        [
            place.problem(
                f"no item '{steps[0]}' in {'.'.join(done)}{did_you_mean(steps[0], known)}",
                f"use an index from 0 to {len(items) - 1}"
                + (f", or one of {listed(known)}" if known else ""),
                key,
            )
        ]
    )


def _name(item: Node) -> str:
    for key in ("name", "id"):
        child = item.child(key)
        if child is not None and isinstance(child.value, str):
            return child.value
    return ""

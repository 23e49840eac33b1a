"""Small mistakes in Cedar policies, made one at a time."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import cedarpy

_SWAPS = {
    "==": ("!=",),
    "!=": ("==",),
    "&&": ("||",),
    "||": ("&&",),
    "<": ("<=", ">="),
    ">": (">=", "<="),
    ">=": (">", "<"),
    "<=": ("<", ">"),
    "containsAny": ("containsAll",),
    "containsAll": ("containsAny",),
}
_ATTRIBUTES = {"home": "place", "place": "home", "export_classes": "held_barred"}
Step = str | int


def mutants(text: str) -> Iterator[tuple[str, str]]:
    """Yield (what was done, policy text) for one policy with annotations."""
    whole = json.loads(cedarpy.policies_to_json_str(text))
    ((name, policy),) = whole["staticPolicies"].items()
    for label, changed in _changed(policy):
        body = {**whole, "staticPolicies": {name: changed}}
        yield label, cedarpy.policies_from_json_str(json.dumps(body))


def _changed(policy: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    flipped = "permit" if policy["effect"] == "forbid" else "forbid"
    yield f"effect: {flipped}", {**policy, "effect": flipped}
    yield from _scopes(policy)
    for place, condition in enumerate(policy["conditions"]):
        rest = policy["conditions"][:place] + policy["conditions"][place + 1 :]
        yield f"drop {condition['kind']}", {**policy, "conditions": rest}
        other = "unless" if condition["kind"] == "when" else "when"
        turned = [{**condition, "kind": other}]
        yield (
            f"{condition['kind']} -> {other}",
            {
                **policy,
                "conditions": policy["conditions"][:place]
                + turned
                + policy["conditions"][place + 1 :],
            },
        )
    for path, node in list(_walk(policy["conditions"], ())):
        for label, new in _replacements(node):
            changed = copy.deepcopy(policy)
            yield f"{label} at {'/'.join(map(str, path))}", _put(changed, path, new)


def _scopes(policy: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    actions = policy["action"].get("entities", [])
    for place in range(len(actions)):
        fewer = actions[:place] + actions[place + 1 :]
        yield (
            f"drop action {actions[place]['id']}",
            {**policy, "action": {**policy["action"], "entities": fewer}},
        )
    if policy["action"]["op"] != "All":
        yield "any action", {**policy, "action": {"op": "All"}}
    if policy["principal"]["op"] == "is":
        yield "any principal", {**policy, "principal": {"op": "All"}}
        kind = "Human" if policy["principal"]["entity_type"] == "Agent" else "Agent"
        yield f"principal is {kind}", {**policy, "principal": {"op": "is", "entity_type": kind}}


def _walk(node: Any, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Any]]:
    if isinstance(node, dict):
        if path and len(node) == 1:
            yield path, node
        for key, value in node.items():
            yield from _walk(value, (*path, key))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _walk(value, (*path, place))


def _replacements(node: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    ((key, value),) = node.items()
    for other in _SWAPS.get(key, ()):
        yield f"{key} -> {other}", {other: value}
    if key in ("&&", "||"):
        yield f"only left of {key}", value["left"]
        yield f"only right of {key}", value["right"]
    if key == "!":
        yield "drop !", value["arg"]
    if key == "isEmpty":
        yield "negate isEmpty", {"!": {"arg": node}}
    if key == "." and value["attr"] in _ATTRIBUTES:
        other = _ATTRIBUTES[value["attr"]]
        yield f"{value['attr']} -> {other}", {".": {**value, "attr": other}}
    yield from _constants(key, value)


def _constants(key: str, value: Any) -> Iterator[tuple[str, Any]]:
    if key == "Value" and isinstance(value, str):
        yield f"{value!r} -> 'other'", {"Value": "other-thing"}
    if key == "Value" and type(value) is int:
        yield f"{value} + 1", {"Value": value + 1}
        yield f"{value} - 1", {"Value": value - 1}
    if key == "Set" and len(value) > 1:
        for place in range(len(value)):
            yield f"drop member {place}", {"Set": value[:place] + value[place + 1 :]}


def _put(policy: dict[str, Any], path: tuple[Step, ...], new: Any) -> dict[str, Any]:
    at: Any = policy["conditions"]
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = new
    return policy

"""The readable rules of a scenario, written as Cedar."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from perigrid.control.policy.request import ROUNDING_CM
from perigrid.scenario.model import ClosedArea, Rule

ANY: Final = "any"
ASK: Final = "ask"
_LEVELS: Final = {"raw": "raw", "answer": "derived"}
_ACTIONS: Final = {
    "move": ("move", "downlink"),
    "compute": ("process",),
    "any": ("process", "move", "downlink"),
}
_SCENES: Final = ("task", "process", "move", "downlink")
_GOODS: Final = ("process", "move", "downlink", "load_model")
_CM_PER_M: Final = 100


def rules_text(rules: Sequence[Rule]) -> str:
    """Write rules as Cedar policies.

    Parameters
    ----------
    rules : sequence of Rule
        In order: where several refuse, the first is named.

    Returns
    -------
    str
        One ``forbid`` per rule, each with its ``@id`` and ``@reason``; empty without rules.
    """
    return "\n".join(_FORMS[rule.form](rule) for rule in rules)


def _policy(
    rule: Rule, actions: Sequence[str], when: Sequence[str], unless: Sequence[str] = ()
) -> str:
    """One forbid: refused if every ``when`` holds, spared if every ``unless`` does."""
    names = ", ".join(f'Action::"{name}"' for name in actions)
    scope = f"action == {names}" if len(actions) == 1 else f"action in [{names}]"
    lines = [f"@id({quoted(rule.id)})", f"@reason({quoted(rule.reason)})"]
    if rule.effect == ASK:
        lines.append(f"@ask({quoted(_whom(rule))})")
        roles = ", ".join(quoted(role) for role in rule.roles)
        unless = [*unless, f"context.approver_count >= {rule.approvers}"]
        unless += [f"context.approver_roles.containsAll([{roles}])"] if roles else []
    lines.append(f"forbid (principal, {scope}, resource)")
    lines += [f"when {{ {' && '.join(when)} }}"] if when else []
    lines += [f"unless {{ {' && '.join(unless)} }}"] if unless else []
    return "\n".join(lines) + ";\n"


def quoted(text: str) -> str:
    """Write a Cedar string.

    Parameters
    ----------
    text : str
        Anything; what cannot be printed becomes a blank.

    Returns
    -------
    str
        In double quotes.
    """
    clean = "".join(c if c.isprintable() else " " for c in text)
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _whom(rule: Rule) -> str:
    who = "a person" if rule.approvers == 1 else f"{rule.approvers} people"
    return f"{who}, {' and '.join(rule.roles)} among them" if rule.roles else who


def _spelled_out(rule: Rule) -> str:
    return _policy(rule, _ACTIONS[rule.action], _matches(rule))


def _matches(rule: Rule) -> list[str]:
    """Conditions of a rule without a form, from its keys."""
    conditions = []
    if rule.product != ANY:
        conditions.append(f"context.level == {quoted(_LEVELS[rule.product])}")
    if rule.to_country != ANY:
        conditions.append(f"resource.place.contains({quoted(rule.to_country)})")
    if rule.to_operator != ANY:
        conditions.append(f"resource.operator == {quoted(rule.to_operator)}")
    return conditions


def _eu_only(rule: Rule) -> str:
    return _policy(
        rule,
        _ACTIONS[ANY],
        ['context.territory.contains("EU")'],
        ['resource.home.contains("EU")'],
    )


def _no_raw_export(rule: Rule) -> str:
    stays = f"resource.place.contains({quoted(rule.to_country)})"
    return _policy(rule, _ACTIONS[ANY], ['context.level == "raw"'], [stays])


def _close_area(rule: Rule) -> str:
    area = rule.area or ClosedArea(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    conditions = [
        f"context.areas.contains({quoted(rule.id)})",
        # Shutter times are whole seconds, rounded down: closed in doubt.
        f"context.captured_s >= {math.floor(area.from_s)}",
        f"context.captured_s < {math.ceil(area.until_s)}",
    ]
    return _policy(rule, _SCENES, conditions)


def _min_gsd(rule: Rule) -> str:
    finest_cm = math.ceil(rule.gsd_m * _CM_PER_M - ROUNDING_CM)
    return _policy(rule, _SCENES, ['context.level == "raw"', f"context.gsd_cm < {finest_cm}"])


def _purpose(rule: Rule) -> str:
    served = ", ".join(quoted(purpose) for purpose in rule.purposes)
    return _policy(rule, _SCENES, [], [f"[{served}].contains(context.purpose)"])


def _bar_export(rule: Rule) -> str:
    """Bar a class from a state, an operator, or an operator in a state; who held it counts too."""
    state, operator = quoted(rule.to_country), quoted(rule.to_operator)
    in_state = f"(resource.home.contains({state}) || resource.place.contains({state}))"
    by_operator = f"(resource.operator == {operator} || context.held_by.contains({operator}))"
    conditions = [f"context.export_classes.contains({quoted(rule.export_class)})"]
    conditions += [in_state] if rule.to_country != ANY else []
    conditions += [by_operator] if rule.to_operator != ANY else []
    return _policy(rule, _GOODS, conditions)


_FORMS: Final[dict[str, Callable[[Rule], str]]] = {
    "": _spelled_out,
    "approve": _spelled_out,
    "eu-only": _eu_only,
    "no-raw-export": _no_raw_export,
    "close-area": _close_area,
    "min-gsd": _min_gsd,
    "purpose": _purpose,
    "bar-export": _bar_export,
}

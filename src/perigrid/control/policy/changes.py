"""When answers change: the instants at which a policy that reads the clock may say otherwise.

A policy compares ``now_s`` with numbers. Between two instants at which such a comparison turns,
every answer stays what it is, so that one question stands for the whole span. The same holds of the
shutter time ``captured_s``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

NOW: Final = "now_s"
CAPTURED: Final = "captured_s"
_COMPARISONS: Final = frozenset({"==", "!=", "<", "<=", ">", ">="})
_OVERFLOW: Final = 2**63
_MOST_S: Final = 2**33  # 272 years
_MOST_ATTRIBUTE: Final = 2**40  # centimetres, grams, seconds, billionths: none comes near it

Term = tuple[int, int]
"""Whole-number slope and value at time 0 of a side of a comparison."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides of a comparison with the clock, as Cedar's JSON."""

    left: dict[str, Any]
    right: dict[str, Any]


def comparisons(body: dict[str, Any], clock: str = NOW) -> tuple[Comparison, ...] | None:
    """Find every comparison with the clock in a policy.

    Parameters
    ----------
    body : dict
        A policy's JSON form.
    clock : str
        Attribute that is taken for the clock.

    Returns
    -------
    tuple of Comparison or None
        None if the policy reads the clock in another way, such as a product of two times, or with
        numbers so large that they overflow: when its answer changes could not be said.
    """
    found: list[Comparison] = []
    return tuple(found) if _gather(body.get("conditions", []), found, clock) else None


def turns_s(found: Sequence[Comparison], *records: object, clock: str = NOW) -> tuple[int, ...]:
    """Say when comparisons turn.

    Parameters
    ----------
    found : sequence of Comparison
        Of one or more policies.
    *records : object
        With the attributes that sides may name besides the clock.
    clock : str
        Attribute that is taken for the clock.

    Returns
    -------
    tuple of int
        Ascending, after the start: at none of the whole seconds between two of them does any
        comparison turn [s].
    """
    instants: set[int] = set()
    for one in found:
        sides = _term(one.left, records, clock), _term(one.right, records, clock)
        if sides[0] is None or sides[1] is None:
            continue  # an attribute is missing: denied at every time
        slope, gap = sides[0][0] - sides[1][0], sides[1][1] - sides[0][1]
        if slope:
            instants |= {-(-gap // slope), gap // slope + 1}
    return tuple(sorted(one for one in instants if one > 0))


def names_of(found: Sequence[Comparison], clock: str = NOW) -> frozenset[str]:
    """Attributes that sides of comparisons name besides the clock.

    Parameters
    ----------
    found : sequence of Comparison
        Of one or more policies.
    clock : str
        Attribute that is taken for the clock.

    Returns
    -------
    frozenset of str
        Empty if the instants are the same for every question.
    """
    sides = [side for one in found for side in (one.left, one.right)]
    return frozenset(name for side in sides for name in _names(side)) - {clock}


def _gather(value: Any, found: list[Comparison], clock: str) -> bool:  # noqa: ANN401  JSON
    """Note comparisons with the clock; False if it is read outside one."""
    if isinstance(value, list):
        return all(_gather(one, found, clock) for one in value)
    if not isinstance(value, dict):
        return True
    if value.get(".") == {"left": {"Var": "context"}, "attr": clock}:
        return False
    for operator in _COMPARISONS & value.keys():
        left, right = value[operator]["left"], value[operator]["right"]
        plain = _is_plain(left, clock) and _is_plain(right, clock)
        if clock in {*_names(left), *_names(right)} and plain:
            found.append(Comparison(left, right))
            return True
    return all(_gather(one, found, clock) for one in value.values())


def _names(value: Any) -> Iterator[str]:  # noqa: ANN401  JSON
    """Context attributes that an expression reads."""
    if isinstance(value, list):
        for one in value:
            yield from _names(one)
    elif isinstance(value, dict):
        read = value.get(".")
        if isinstance(read, dict) and read.get("left") == {"Var": "context"}:
            yield read["attr"]
        for one in value.values():
            yield from _names(one)


def _is_plain(side: dict[str, Any], clock: str) -> bool:
    """Whether a side can be worked out at any time: it rises evenly and never overflows."""
    return _is_line(side, clock) and _most(side) < _OVERFLOW


def _most(side: dict[str, Any]) -> int:
    """Largest magnitude that a side, which is a line, can have."""
    ((operator, operands),) = side.items()
    if operator == "Value":
        return abs(int(operands))
    if operator == ".":
        return _MOST_S if operands["attr"] == NOW else _MOST_ATTRIBUTE
    if operator == "neg":
        return _most(operands["arg"])
    left, right = _most(operands["left"]), _most(operands["right"])
    return left * right if operator == "*" else left + right


def _is_line(side: dict[str, Any], clock: str) -> bool:
    """Whether a side is a number that rises evenly with the clock."""
    ((operator, operands),) = side.items()
    if operator == "Value":
        return isinstance(operands, int) and not isinstance(operands, bool)
    if operator == ".":
        return bool(operands["left"] == {"Var": "context"})
    if operator == "neg":
        return _is_line(operands["arg"], clock)
    if operator not in {"+", "-", "*"}:
        return False
    left, right = operands["left"], operands["right"]
    moving = clock in set(_names(left)) and clock in set(_names(right))
    straight = _is_line(left, clock) and _is_line(right, clock)
    return straight and not (operator == "*" and moving)


def _term(side: dict[str, Any], records: Sequence[object], clock: str) -> Term | None:
    """Work out a side; None if an attribute is missing."""
    ((operator, operands),) = side.items()
    if operator == "Value":
        return 0, operands
    if operator == ".":
        return (1, 0) if operands["attr"] == clock else _known(operands["attr"], records)
    if operator == "neg":
        inner = _term(operands["arg"], records, clock)
        return None if inner is None else (-inner[0], -inner[1])
    left, right = (_term(operands[side], records, clock) for side in ("left", "right"))
    if left is None or right is None:
        return None
    if operator == "*":
        return left[0] * right[1] + left[1] * right[0], left[1] * right[1]
    sign = 1 if operator == "+" else -1
    return left[0] + sign * right[0], left[1] + sign * right[1]


def _known(name: str, records: Sequence[object]) -> Term | None:
    value = next((getattr(one, name) for one in records if hasattr(one, name)), None)
    return (0, value) if isinstance(value, int) else None

"""What attributes can be, and policies held against it: a word that never occurs decides nothing.

A ``forbid`` with a misspelt node, state or level forbids nothing and says nothing; so every string
that a policy of the scenario compares with an attribute of a known vocabulary has to be in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from perigrid.base.errors import Problem
from perigrid.control.policy.request import (
    DERIVED,
    OPERATOR,
    RAW,
    SCHEDULER,
    Burn,
    Circumstances,
    Load,
    Scene,
)
from perigrid.control.policy.statements import Literal, Statement
from perigrid.scenario.problems import SourceText
from perigrid.scenario.vocabulary import Vocabulary, remedy_for

CUSTOMERS: Final = ("civil", "government", "weapon-adjacent")
NODE_KINDS: Final = ("satellite", "relay", "station", "gateway", "data-centre")
_NODE_FACTS: Final = (
    "operator", "home", "place", "kind", "registry_state", "authorising_state", "barred",
)  # fmt: skip
_BOTH_WAYS: Final = frozenset({"==", "!=", "contains", "containsAny", "containsAll"})


@dataclass(frozen=True, slots=True)
class Words:
    """Words by the attribute they can stand in, such as ``context.level``, or by entity type.

    Attributes that are left out may be anything.
    """

    of: Mapping[str, frozenset[str]]

    @classmethod
    def known(cls, names: Vocabulary, nodes: Iterable[str], others: Iterable[Any] = ()) -> Words:
        """Gather what attributes can be in a mission.

        Parameters
        ----------
        names : Vocabulary
            Of the scenario.
        nodes : iterable of str
            Names of nodes.
        others : iterable of dict
            Entities of the scenario's own policies folder, as JSON values.

        Returns
        -------
        Words
            What policies are held against.
        """
        entities = {
            "Node": set(nodes),
            SCHEDULER.kind: {SCHEDULER.name},
            OPERATOR.kind: {OPERATOR.name},
        }
        for other in others:
            uid = other.get("uid")
            if isinstance(uid, dict):
                kind, name = str(uid.get("type", "")), str(uid.get("id", ""))
                entities.setdefault(kind, set()).add(name)
        land = names.states | names.regions
        table = {
            "context.level": {RAW, DERIVED},
            "context.customer": CUSTOMERS,
            "context.territory": land,
            "context.areas": names.areas,
            "context.export_classes": names.classes,
            "context.held_barred": names.classes,
            "context.held_by": names.operators,
            "context.approver_roles": names.roles,
            "resource.operator": names.operators,
            "resource.home": land,
            "resource.place": land,
            "resource.kind": NODE_KINDS,
            "resource.registry_state": {*names.states, ""},
            "resource.authorising_state": {*names.states, ""},
            "resource.barred": names.classes,
            "principal.operator": names.operators,
            "context": _facts_of(Scene, Load, Burn, Circumstances),
            "resource": _NODE_FACTS,
            "principal": ("operator",),
        }
        return cls({name: frozenset(some) for name, some in {**table, **entities}.items()})


def _facts_of(*kinds: type[Any]) -> list[str]:
    return [field.name for kind in kinds for field in fields(kind)]


@dataclass(frozen=True, slots=True)
class _Said:
    """A string of a policy, and what is wrong with it; nothing if the attribute is empty."""

    value: str
    attribute: str = ""


def unmatched(
    name: str, text: str, statement: Statement, body: dict[str, Any], words: Words
) -> list[Problem]:
    """Find the strings of a policy that nothing it asks for can be.

    Parameters
    ----------
    name, text : str
        Of the file that it stands in.
    statement : Statement
        The policy.
    body : dict
        Its JSON form.
    words : Words
        What attributes can be.

    Returns
    -------
    list of Problem
        With file, line and column of each.
    """
    said = [*_scope(body, words), *_walk(body.get("conditions", []), (), words)]
    if not any(one.attribute for one in said):
        return []
    places: dict[str, list[Literal]] = {}
    for literal in statement.literals():
        places.setdefault(literal.value, []).append(literal)
    source = SourceText.of(name, text)
    problems, seen = [], Counter[str]()
    for one in said:
        nth = seen[one.value]
        seen[one.value] += 1
        if one.attribute:
            found = places.get(one.value) or [Literal("", statement.line, statement.column, 1)]
            at = found[min(nth, len(found) - 1)]
            place = source.place(at.line, at.column, at.width)
            problems.append(place.problem(*_told(one, words)))
    return problems


def _told(one: _Said, words: Words) -> tuple[str, str]:
    """Message and remedy."""
    if not one.value and one.attribute == "context":
        message = "the context is compared as a whole, which no policy can foresee"
        return message, "ask for its attributes one by one, as in context.level"
    known = words.of[one.attribute]
    if one.attribute in ("context", "resource", "principal"):
        return f"{one.attribute} has no {one.value!r}", remedy_for(one.value, known)
    is_entity = "." not in one.attribute
    what = f"no {one.attribute} is called" if is_entity else f"{one.attribute} is never"
    return f"{what} {one.value!r}", remedy_for(one.value, known)


def _scope(body: dict[str, Any], words: Words) -> Iterator[_Said]:
    """Entities in the head of a policy."""
    for part in ("principal", "action", "resource"):
        head = body.get(part, {})
        inner = head.get("in")
        some = [head.get("entity"), *head.get("entities", [])]
        some += [inner.get("entity")] if isinstance(inner, dict) else []
        for one in some:
            if one is not None:
                yield _entity(one, words)


def _entity(one: dict[str, Any], words: Words) -> _Said:
    kind, name = str(one.get("type", "")), str(one.get("id", ""))
    known = words.of.get(kind)
    return _Said(name, "" if known is None or name in known else kind)


def _walk(value: Any, expected: tuple[str, ...], words: Words) -> Iterator[_Said]:  # noqa: ANN401  JSON
    """Strings of an expression; those that are compared have to be known to what is expected."""
    if isinstance(value, list):
        for one in value:
            yield from _walk(one, expected, words)
        return
    if not isinstance(value, dict):
        return
    for operator, operands in value.items():
        yield from _of_operator(operator, operands, expected, words)


def _of_operator(
    operator: str,
    operands: Any,  # noqa: ANN401  JSON
    expected: tuple[str, ...],
    words: Words,
) -> Iterator[_Said]:
    if operator == "Value":
        yield from _value(operands, expected, words)
    elif operator == "Var":
        yield _Said("", "context" if operands == "context" else "")
    elif operator in (".", "has"):
        yield from _attribute(operator, operands, words)
    elif operator == "like":
        yield from _walk(operands["left"], (), words)
        yield _pattern(operands["pattern"], _attributes(operands["left"]), words)
    elif operator in _BOTH_WAYS:
        left, right = operands["left"], operands["right"]
        yield from _walk(left, _attributes(right), words)
        yield from _walk(right, _attributes(left), words)
    elif operator == "if-then-else":
        yield from _walk(operands["if"], (), words)
        yield from _walk([operands["then"], operands["else"]], expected, words)
    else:
        yield from _walk(operands, expected if operator == "Set" else (), words)


def _attribute(operator: str, operands: Any, words: Words) -> Iterator[_Said]:  # noqa: ANN401  JSON
    """Walk what reads an attribute, or asks whether there is one."""
    variable = operands["left"].get("Var")
    if variable is None:
        yield from _walk(operands["left"], (), words)
    elif operator == "has" and operands["attr"] not in words.of.get(variable, ()):
        yield _Said(operands["attr"], variable)


def _value(value: Any, expected: tuple[str, ...], words: Words) -> Iterator[_Said]:  # noqa: ANN401  JSON
    if isinstance(value, dict) and "__entity" in value:
        yield _entity(value["__entity"], words)
    elif isinstance(value, str):
        wrong = [name for name in expected if value not in words.of.get(name, {value})]
        yield _Said(value, wrong[0] if wrong and len(wrong) == len(expected) else "")


def _pattern(parts: list[Any], expected: tuple[str, ...], words: Words) -> _Said:
    """Read a pattern of ``like``, which has to fit some word."""
    pieces = [one if one == "Wildcard" else one["Literal"] for one in parts]
    written = "".join("*" if one == "Wildcard" else one for one in pieces)
    form = re.compile(
        "".join(".*" if one == "Wildcard" else re.escape(one) for one in pieces), re.DOTALL
    )
    known = [words.of[name] for name in expected if name in words.of]
    fits = not known or any(form.fullmatch(word) for some in known for word in some)
    return _Said(written, "" if fits else expected[0])


def _attributes(value: Any) -> tuple[str, ...]:  # noqa: ANN401  JSON
    """Attributes that an expression may stand for."""
    if not isinstance(value, dict):
        return ()
    read = value.get(".")
    if isinstance(read, dict):
        variable = read["left"].get("Var") if isinstance(read["left"], dict) else None
        return (f"{variable}.{read['attr']}",) if variable else ()
    either = value.get("if-then-else")
    if isinstance(either, dict):
        return (*_attributes(either["then"]), *_attributes(either["else"]))
    return ()

"""Numbers in long form, and the origin of every number of a scenario.

A number is written plain (``capacity_wh: 1000``) or long (``capacity_wh: {value: 1000, source:
"data sheet", date: 2026-08-22, confidence: published}``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from perigrid.base.errors import Problem
from perigrid.base.provenance import CONFIDENCES, Confidence, Provenance
from perigrid.scenario.problems import OVERRIDE_PATH, did_you_mean, listed
from perigrid.scenario.schema.fields import (
    ORIGIN_KEYS,
    SLUG,
    NumberInfo,
    Origin,
    Section,
    number_info,
)
from perigrid.scenario.schema.oversight import PersonSpec
from perigrid.scenario.tree import Loc, Node

_LONG_KEYS = ("value", *ORIGIN_KEYS)
OWN_VALUE = frozenset({("jobs",)})
"""Sections with a key of their own called ``value``: they are no numbers in long form."""

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def dotted(loc: Loc) -> str:
    """Write a path as the user would.

    Parameters
    ----------
    loc : tuple of str or int
        Keys and indexes.

    Returns
    -------
    str
        ``groups.0.battery``.
    """
    return ".".join(str(step) for step in loc)


def collapse_long_forms(node: Node, loc: Loc = ()) -> list[Problem]:
    """Turn every number in long form into a plain one that remembers its origin.

    Parameters
    ----------
    node : Node
        The tree; changed in place.
    loc : tuple of str or int
        Path of ``node``.

    Returns
    -------
    list of Problem
        What is wrong with long forms.
    """
    problems: list[Problem] = []
    if isinstance(node.value, dict) and "value" in node.value and loc not in OWN_VALUE:
        return _collapse(node, loc)
    for step, child in _children(node):
        problems += collapse_long_forms(child, (*loc, step))
    return problems


def _children(node: Node) -> Iterator[tuple[str | int, Node]]:
    if isinstance(node.value, dict):
        yield from node.value.items()
    elif isinstance(node.value, list):
        yield from enumerate(node.value)


def _collapse(node: Node, loc: Loc) -> list[Problem]:
    fields = cast("dict[str, Node]", node.value)
    problems = [
        node.key_places[key].problem(
            f"unknown key{did_you_mean(key, _LONG_KEYS)}",
            f"a number in long form has {listed(_LONG_KEYS)}",
            dotted((*loc, key)),
        )
        for key in fields
        if key not in _LONG_KEYS
    ]
    problems += _wrong_origin(fields, loc)
    inner = fields["value"]
    if isinstance(inner.value, dict | list):
        problems.append(
            inner.place.problem(
                "must be a plain number", "give one number", dotted((*loc, "value"))
            )
        )
    elif not problems:
        node.origin = _origin_of(fields)
    override = inner.place.path == OVERRIDE_PATH
    node.value, node.place, node.key_places = inner.value, inner.place, {}
    if override or isinstance(node.value, dict | list):
        node.origin = None
    return problems


def _origin_of(fields: dict[str, Node]) -> Origin | None:
    if "source" not in fields:
        return None
    said = {key: str(fields[key].value) for key in ORIGIN_KEYS if key in fields}
    return Origin(
        said["source"], said.get("date", ""), cast("Confidence", said.get("confidence", "assumed"))
    )


def _wrong_origin(fields: dict[str, Node], loc: Loc) -> Iterator[Problem]:
    source, date, confidence = (fields.get(key) for key in ORIGIN_KEYS)
    if source is None:
        yield fields["value"].place.problem(
            "a number in long form needs a source",
            "say where it is from, or write the number alone",
            dotted((*loc, "source")),
        )
    elif not isinstance(source.value, str) or not source.value.strip():
        yield source.place.problem("must be text", "say where the number is from",
                                   dotted((*loc, "source")))  # fmt: skip
    if date is not None and not _DATE.fullmatch(str(date.value)):
        yield date.place.problem("is not a date", "write it as 2026-08-22", dotted((*loc, "date")))
    if confidence is not None and confidence.value not in CONFIDENCES:
        guess = did_you_mean(str(confidence.value), CONFIDENCES)
        yield confidence.place.problem(
            f"must be one of {listed(CONFIDENCES)}{guess}",
            "choose the one that fits",
            dotted((*loc, "confidence")),
        )


def provenance_of(section: Section, node: Node | None, fallback: Origin) -> list[Provenance]:
    """Find the origin of every number of a validated scenario.

    Parameters
    ----------
    section : Section
        The validated scenario.
    node : Node
        The tree it was validated from.
    fallback : Origin
        Of a number the user gave without a source.

    Returns
    -------
    list of Provenance
        One per number, in the order of the schema.
    """
    return list(_walk(section, node, "", None, fallback))


def _walk(
    section: Section, node: Node | None, key: str, above: Origin | None, fallback: Origin
) -> Iterator[Provenance]:
    around = section_origin(section) or above
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        child = node.child(name) if node is not None else None
        here = f"{key}.{name}" if key else name
        info = number_info(field)
        if value is None:
            continue
        if info is not None:
            origin = _choose(child, info, around, fallback)
            yield Provenance(
                here, float(value), info.unit, origin.source, origin.date, origin.confidence
            )
        elif isinstance(value, Section):
            yield from _walk(value, child, here, around, fallback)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, Section):
                    below = child.child(index) if child is not None else None
                    label = f"{here}.{item_label(item, index)}"
                    yield from _walk(item, below, label, around, fallback)


def section_origin(section: Section) -> Origin | None:
    """Read what a section says of the numbers in it.

    Parameters
    ----------
    section : Section
        Any section.

    Returns
    -------
    Origin or None
        None if it has no ``source``.
    """
    if section.source is None:
        return None
    return Origin(section.source, section.date or "", section.confidence or "assumed")


def item_label(item: object, index: int) -> str:
    """Name an item of a list in a dotted path.

    Parameters
    ----------
    item : object
        With a ``name`` or an ``id``, or without.
    index : int
        Its place in the list.

    Returns
    -------
    str
        Its name if that is one word, else its index; a person's name stands in no path.
    """
    if isinstance(item, PersonSpec):
        return str(index)
    label = getattr(item, "name", None) or getattr(item, "id", None)
    return label if isinstance(label, str) and re.match(SLUG, label) else str(index)


def _choose(
    child: Node | None, info: NumberInfo, around: Origin | None, fallback: Origin
) -> Origin:
    if child is None:
        return info.origin or fallback
    if child.place.path == OVERRIDE_PATH:
        return Origin(OVERRIDE_PATH, "", "assumed")
    return child.origin or around or fallback

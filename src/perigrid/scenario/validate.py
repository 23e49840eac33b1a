"""Validation of a tree against the schema, with problems in the field's words."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from perigrid.base.errors import Problem, ScenarioError
from perigrid.base.names import unprintable
from perigrid.scenario.numbers import collapse_long_forms, dotted
from perigrid.scenario.problems import did_you_mean, listed
from perigrid.scenario.schema import ScenarioFile
from perigrid.scenario.schema.fields import number_info
from perigrid.scenario.tree import Loc, Node

_LIMIT_WORDS = {
    "greater_than": ("gt", "greater than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
_SHOWN_CHARACTERS = 40
_PRINTABLE = "write plain text; line ends and tabs are the only controls read"


def validate(tree: Node) -> ScenarioFile:
    """Check a tree against the schema.

    Parameters
    ----------
    tree : Node
        Changed in place: numbers in long form become plain.

    Returns
    -------
    ScenarioFile
        Every key valid on its own; relations between keys are checked elsewhere.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    problems = [*_unprintable(tree, ()), *collapse_long_forms(tree)]
    if not isinstance(tree.value, dict):
        raise ScenarioError(
            [tree.place.problem("a scenario is a mapping of keys", "start from `perigrid init`")]
        )
    try:
        spec = ScenarioFile.model_validate(tree.plain())
    except ValidationError as failure:
        problems += [_translate(dict(error), tree) for error in failure.errors()]
    if problems:
        raise ScenarioError(sorted(problems, key=lambda p: (p.path, p.line, p.column)))
    return spec


def _unprintable(node: Node, loc: Loc) -> Iterator[Problem]:
    """Find text with characters that do not print: they move cursors and turn lines about."""
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            if found := unprintable(key):
                yield node.key_places[key].problem(f"this key {_holds(found)}", _PRINTABLE)
            yield from _unprintable(child, (*loc, key))
    elif isinstance(node.value, list):
        for index, child in enumerate(node.value):
            yield from _unprintable(child, (*loc, index))
    elif isinstance(node.value, str) and (found := unprintable(node.value)):
        yield node.place.problem(_holds(found), _PRINTABLE, dotted(loc))


def _holds(character: str) -> str:
    return f"holds {character}, a character that does not print"


def _translate(error: Mapping[str, Any], tree: Node) -> Problem:
    """Turn one pydantic error into a problem at its place."""
    loc: Loc = error["loc"]
    kind = error["type"]
    section, field = _declared(loc)
    place = tree.place_of(loc, key=kind == "extra_forbidden")
    message, remedy = _describe(error, section, field)
    return place.problem(message, remedy, dotted(loc))


def _describe(
    error: Mapping[str, Any], section: type[BaseModel] | None, field: FieldInfo | None
) -> tuple[str, str]:
    kind = error["type"]
    if kind == "extra_forbidden":
        known = list(section.model_fields) if section else []
        word = str(error["loc"][-1])
        return f"unknown key{did_you_mean(word, known)}", f"known here: {listed(known, 30)}"
    if kind == "missing":
        return "is required", f"add it{_about(field)}"
    if kind in _LIMIT_WORDS:
        return _out_of_range(error, field)
    handler = _HANDLERS.get(kind)
    if handler is not None:
        return handler(error, field)
    if kind.endswith("_type") or kind == "int_from_float":
        return _wrong_type(error, field)
    return str(error["msg"]), f"see{_about(field)}" if field else "see the schema"


def _out_of_range(error: Mapping[str, Any], field: FieldInfo | None) -> tuple[str, str]:
    name, words = _LIMIT_WORDS[error["type"]]
    unit = _unit(field)
    message = f"must be {words} {error['ctx'][name]:g}{unit}, got {_show(error['input'])}"
    return message, _range_remedy(field)


def _range_remedy(field: FieldInfo | None) -> str:
    if field is None:
        return ""
    limits = []
    for rule in field.metadata:
        for name, sign in (("ge", ">="), ("gt", ">"), ("le", "<="), ("lt", "<")):
            limit = getattr(rule, name, None)
            if limit is not None:
                limits.append(f"{sign} {limit:g}")
    return f"give a value {' and '.join(limits)}{_unit(field)}{_about(field)}"


def _wrong_type(error: Mapping[str, Any], field: FieldInfo | None) -> tuple[str, str]:
    kind, given = error["type"], error["input"]
    wanted = {
        "float_type": "a number",
        "int_type": "a whole number",
        "int_from_float": "a whole number",
        "string_type": "text",
        "list_type": "a list",
        "bool_type": "true or false",
        "model_type": "a section of keys",
        "model_attributes_type": "a section of keys",
        "dict_type": "a section of keys",
    }.get(kind, "of another kind")
    remedy = f"give {wanted}{_about(field)}"
    if kind == "string_type" and isinstance(given, bool | int | float):
        remedy = f'put it in quotes: "{given}"'
    if isinstance(given, dict) and wanted.endswith("number"):
        remedy = "write the number alone, or {value: .., source: .., date: .., confidence: ..}"
    return f"must be {wanted}, got {_show(given)}", remedy


def _literal(error: Mapping[str, Any], field: FieldInfo | None) -> tuple[str, str]:
    choices = [str(c) for c in _literal_values(field.annotation if field else None)]
    shown = listed(choices) or str(error["ctx"]["expected"])
    guess = did_you_mean(str(error["input"]), choices)
    return (
        f"must be one of {shown}, got {_show(error['input'])}{guess}",
        f"choose one{_about(field)}",
    )


def _literal_values(annotation: object) -> list[object]:
    if typing.get_origin(annotation) is typing.Literal:
        return list(typing.get_args(annotation))
    return [v for part in typing.get_args(annotation) for v in _literal_values(part)]


def _pattern(error: Mapping[str, Any], field: FieldInfo | None) -> tuple[str, str]:
    remedy = f"give it{_about(field)}"
    if "A-Z]{2}" in error["ctx"]["pattern"]:
        remedy = "give two capitals of ISO 3166-1 alpha-2, such as CN, NO or US"
    elif "_-]" in error["ctx"]["pattern"]:
        remedy = "use letters, digits, - and _ only"
    elif r"\d{4}" in error["ctx"]["pattern"]:
        remedy = "write a date as 2026-08-22"
    return f"has the wrong form: {_show(error['input'])}", remedy


def _not_finite(error: Mapping[str, Any], field: FieldInfo | None) -> tuple[str, str]:
    return f"must be a finite number, got {_show(error['input'])}", _range_remedy(field)


def _value_error(error: Mapping[str, Any], field: FieldInfo | None) -> tuple[str, str]:
    return str(error["ctx"]["error"]), f"correct it{_about(field)}"


def _too_short(_: Mapping[str, Any], field: FieldInfo | None) -> tuple[str, str]:
    return "must not be empty", f"give at least one{_about(field)}"


def _too_long(error: Mapping[str, Any], field: FieldInfo | None) -> tuple[str, str]:
    return f"is too long: at most {error['ctx']['max_length']}", f"shorten it{_about(field)}"


_HANDLERS: dict[str, Callable[[Mapping[str, Any], FieldInfo | None], tuple[str, str]]] = {
    "literal_error": _literal,
    "string_pattern_mismatch": _pattern,
    "finite_number": _not_finite,
    "value_error": _value_error,
    "too_short": _too_short,
    "string_too_short": _too_short,
    "too_long": _too_long,
    "string_too_long": _too_long,
}


def _declared(loc: Loc) -> tuple[type[BaseModel] | None, FieldInfo | None]:
    """Find the section class and the field a path ends at."""
    section: type[BaseModel] | None = ScenarioFile
    field: FieldInfo | None = None
    holder = section
    for step in loc:
        if isinstance(step, int) or section is None:
            continue
        holder, field = section, section.model_fields.get(step)
        section = _section_in(field.annotation) if field else None
    return holder, field


def _section_in(annotation: object) -> type[BaseModel] | None:
    """Find the section class inside ``Section``, ``Section | None`` or ``list[Section]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_section_in(part) for part in typing.get_args(annotation))
    return next((section for section in found if section is not None), None)


def _unit(field: FieldInfo | None) -> str:
    info = number_info(field) if field else None
    return f" {info.unit}" if info and info.unit != "1" else ""


def _about(field: FieldInfo | None) -> str:
    return f": {field.description}" if field and field.description else ""


def _show(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict | list):
        return "a section" if isinstance(value, dict) else "a list"
    shown = repr(value) if isinstance(value, str) else str(value)
    return shown if len(shown) <= _SHOWN_CHARACTERS else shown[:_SHOWN_CHARACTERS] + "..."

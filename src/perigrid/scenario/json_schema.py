"""The schema as JSON Schema, for editors: completion, units and limits while typing."""

from __future__ import annotations

import json
from typing import Any, Final

from perigrid.base.provenance import CONFIDENCES
from perigrid.scenario.schema import ScenarioFile

FILE_NAME: Final = "scenario.schema.json"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
EDITOR_LINE: Final = f"# yaml-language-server: $schema=./{FILE_NAME}"
"""First line of a scenario that tells editors where its schema is."""

_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "type")
_ORIGIN: Final = {
    "source": "defaultSource",
    "date": "defaultDate",
    "confidence": "defaultConfidence",
}


def json_schema() -> dict[str, Any]:
    """Describe a scenario file as JSON Schema.

    Returns
    -------
    dict
        Every number may be plain or in long form; ``unit`` and the origin of the default stand
        beside it.
    """
    schema = ScenarioFile.model_json_schema()
    schema["$schema"] = DIALECT
    schema["title"] = "Perigrid scenario"
    for section in [schema, *schema["$defs"].values()]:
        properties = section.get("properties", {})
        for name, field in properties.items():
            if "unit" in field:
                properties[name] = _number(field)
    return schema


def json_schema_text() -> str:
    """Write the JSON Schema as a file's content.

    Returns
    -------
    str
        Indented JSON with sorted keys and a final line end.
    """
    return json.dumps(json_schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _number(field: dict[str, Any]) -> dict[str, Any]:
    """Allow the long form beside the plain number."""
    plain = {key: field[key] for key in _LIMITS if key in field}
    long_form = {
        "type": "object",
        "properties": {
            "value": plain,
            "source": {"type": "string", "minLength": 1},
            "date": {"type": "string"},
            "confidence": {"enum": list(CONFIDENCES)},
        },
        "required": ["value", "source"],
        "additionalProperties": False,
    }
    rest = {_ORIGIN.get(key, key): value for key, value in field.items() if key not in _LIMITS}
    rest["description"] = f"{field.get('description', '')} [{field['unit']}]"
    return {**rest, "anyOf": [plain, long_form]}

"""A scenario as one canonical text that a run folder keeps, and back."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import types
import typing
from typing import Any, Final

from perigrid.base.errors import Problem, RunFolderError
from perigrid.scenario.model import Scenario
from perigrid.scenario.pseudonyms import pseudonymous

FILE_NAME: Final = "scenario.json"
_NOT_CONTENT: Final = (
    "source_path", "digest", "provenance", "warnings", "flight_warnings", "node_places",
)  # fmt: skip


def scenario_text(scenario: Scenario) -> str:
    """Write everything that a scenario decides in canonical form.

    Parameters
    ----------
    scenario : Scenario
        Its ``source_path``, ``digest``, ``provenance`` and ``warnings`` decide nothing and are left
        out; people stand in it under pseudonyms and without their words.

    Returns
    -------
    str
        JSON of SI values, keys sorted, no blanks; its SHA-256 is the scenario's digest.
    """
    content = dataclasses.asdict(pseudonymous(scenario))
    for key in _NOT_CONTENT:
        del content[key]
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def text_digest(text: str) -> str:
    """Fingerprint of a scenario's canonical text.

    Parameters
    ----------
    text : str
        From :func:`scenario_text`.

    Returns
    -------
    str
        SHA-256, hexadecimal.
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_scenario(text: str, path: str = FILE_NAME) -> Scenario:
    """Rebuild a scenario from its canonical text.

    Parameters
    ----------
    text : str
        From :func:`scenario_text`.
    path : str
        Name of the file in errors.

    Returns
    -------
    Scenario
        Decides what the original decides; ``digest`` is that of the text, provenance and warnings
        are empty.

    Raises
    ------
    RunFolderError
        If the text is not one that this version writes.
    """
    try:
        content = json.loads(text)
        content |= {key: [] for key in _NOT_CONTENT}
        content |= {"source_path": path, "digest": text_digest(text)}
        scenario: Scenario = _rebuilt(Scenario, content)
        _demand_limits(scenario)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        message = f"the scenario in the run folder cannot be read: {error}"
        remedy = "give the scenario with --scenario, or use the version that wrote it"
        raise RunFolderError([Problem(message, remedy, path=path)]) from error
    return scenario


def _rebuilt(kind: Any, value: Any) -> Any:  # noqa: ANN401  a type hint and a JSON value
    """Give a JSON value the type that a field's annotation names."""
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return _of_one(typing.get_args(kind), value)
    if origin is tuple:
        inner = typing.get_args(kind)
        if not isinstance(value, list):
            raise ValueError(f"{str(value)[:40]!r} stands where a list belongs")
        kinds = inner[:1] * len(value) if inner[-1] is ... else inner
        return tuple(_rebuilt(one, item) for one, item in zip(kinds, value, strict=True))
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = _hints(kind)
        if not isinstance(value, dict) or value.keys() != hints.keys():
            raise ValueError(f"{kind.__name__} has other keys in this version")
        return kind(**{key: _rebuilt(hints[key], item) for key, item in value.items()})
    return _plain(kind, value)


def _plain(kind: Any, value: Any) -> Any:  # noqa: ANN401  as above
    """Demand that a plain value is of the type that its field names."""
    wanted = {float: (float, int), int: (int,), str: (str,), bool: (bool,), types.NoneType: ()}
    if kind in wanted and (type(value) not in wanted[kind] or value != value):
        raise ValueError(f"{str(value)[:40]!r} stands where {kind.__name__} belongs")
    return value


def _demand_limits(scenario: Scenario) -> None:
    """Refuse what no scenario that was loaded can hold."""
    from perigrid.scenario.stored_limits import beyond_limits  # noqa: PLC0415  the schema is slow

    if found := beyond_limits(scenario):
        raise ValueError("; ".join(found[:3]))


def _of_one(kinds: tuple[Any, ...], value: Any) -> Any:  # noqa: ANN401  as above
    """Choose the member of a union that has the keys of a value."""
    if not isinstance(value, dict):
        plain = [kind for kind in kinds if not dataclasses.is_dataclass(kind)]
        if value is None and types.NoneType in plain:
            return value
        inner = [kind for kind in plain if kind is not types.NoneType]
        if len(inner) == 1:
            return _rebuilt(inner[0], value)
        raise ValueError(f"{str(value)[:40]!r} stands where a table of keys belongs")
    for kind in kinds:
        if isinstance(kind, type) and _hints(kind).keys() == value.keys():
            return _rebuilt(kind, value)
    raise ValueError(f"nothing has the keys {', '.join(value)}")


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    if not dataclasses.is_dataclass(kind):
        return {}
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}

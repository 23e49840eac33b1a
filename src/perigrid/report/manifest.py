"""What a run folder says about itself: ``manifest.json`` as plain records."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from perigrid.base.errors import Problem, RunFolderError
from perigrid.base.provenance import CONFIDENCES, Provenance
from perigrid.base.time import Epoch
from perigrid.report.terms import workload_of

_AGAIN: Final = "fly the scenario again, or read it with the version that wrote it"


@dataclass(frozen=True, slots=True)
class Place:
    """A ground node of the run.

    Parameters
    ----------
    name : str
        As in the tables.
    role : str
        ``operator`` (own station), ``gateway`` (of the relay) or ``data-centre``.
    latitude_deg, longitude_deg : float
        Geodetic [deg].
    """

    name: str
    role: str
    latitude_deg: float
    longitude_deg: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """Where a run comes from.

    Parameters
    ----------
    scenario, title, summary, digest : str
        Name, headline, description and SHA-256 of the scenario.
    workload : str
        What was served: ``imagery`` or ``batch``.
    architecture, scheduler : str
        Where jobs were done and who chose.
    hours : float
        Length of the run [h].
    seed : int
        Seed of the run.
    start : Epoch
        Instant at which run time 0 lies.
    version : str
        Of Perigrid.
    versions : dict
        Of the libraries that matter for the numbers.
    command : str
        As typed.
    element_age_s : dict of str to float
        Age of each satellite's orbital elements at the start [s].
    warnings : tuple of str
        What the run warned of.
    provenance : tuple of Provenance
        Every number of the scenario with its origin.
    models : dict
        Models that were executed, with what is recorded of each.
    nodes : tuple of str
        Names of the fleet's rows, by which the ledger refers to them.
    places : tuple of Place
        Stations, gateways and data centres; empty if none are recorded.
    """

    scenario: str
    title: str
    summary: str
    digest: str
    workload: str
    architecture: str
    scheduler: str
    hours: float
    seed: int
    start: Epoch
    version: str
    versions: dict[str, Any]
    command: str
    element_age_s: dict[str, float]
    warnings: tuple[str, ...]
    provenance: tuple[Provenance, ...]
    models: dict[str, Any]
    nodes: tuple[str, ...]
    places: tuple[Place, ...]


def parse_manifest(record: object) -> Manifest:
    """Read ``manifest.json``.

    Parameters
    ----------
    record : object
        The parsed file.

    Returns
    -------
    Manifest
        Plain frozen data.

    Raises
    ------
    RunFolderError
        If a key is missing or holds the wrong kind of value; the message names the key.
    """
    if not isinstance(record, Mapping):
        raise RunFolderError([Problem("the file holds no table of keys")])
    if record.get("architecture") == "fly":
        message = "this flight is of an earlier version, which wrote other tables and figures"
        raise RunFolderError([Problem(message, _AGAIN)])
    return Manifest(
        scenario=_text(record, "scenario"),
        title=_text(record, "title"),
        summary=_text(record, "summary"),
        digest=_text(record, "digest"),
        workload=workload_of(record),
        architecture=_text(record, "architecture"),
        scheduler=_text(record, "scheduler"),
        hours=_figure(record, "hours"),
        seed=round(_figure(record, "seed")),
        start=_epoch(_text(record, "start")),
        version=_text(record, "perigrid" if "perigrid" in record else "version"),
        versions=_table(record, "versions"),
        command=_command(record.get("command", "")),
        element_age_s=_ages(record.get("element_age_s") or {}),
        warnings=tuple(str(line) for line in _list(record, "warnings")),
        provenance=tuple(parse_provenance(row) for row in _list(record, "assumed")),
        models=_table(record, "models"),
        nodes=tuple(str(name) for name in _list(record, "nodes")),
        places=tuple(_place(row) for row in _list(record, "places")),
    )


def parse_provenance(row: object) -> Provenance:
    """Read one number with its origin.

    Parameters
    ----------
    row : object
        Table with ``key``, ``value``, ``unit``, ``source``, ``date``, ``confidence``.

    Returns
    -------
    Provenance
        The number.

    Raises
    ------
    RunFolderError
        If a key is missing or the confidence is none of the four.
    """
    if not isinstance(row, Mapping):
        raise RunFolderError([Problem("a row of 'assumed' is not a table of keys")])
    confidence = _text(row, "confidence")
    for known in CONFIDENCES:
        if confidence == known:
            texts = {key: _text(row, key) for key in ("key", "unit", "source", "date")}
            return Provenance(value=_figure(row, "value"), confidence=known, **texts)
    raise RunFolderError(
        [Problem(f"confidence {confidence!r} is none of {', '.join(CONFIDENCES)}")]
    )


def _place(row: object) -> Place:
    if not isinstance(row, Mapping):
        raise RunFolderError([Problem("a row of 'places' is not a table of keys")])
    return Place(
        _text(row, "name"),
        _text(row, "role"),
        _figure(row, "latitude_deg"),
        _figure(row, "longitude_deg"),
    )


def _text(record: Mapping[str, Any], key: str) -> str:
    if not isinstance(record.get(key), str):
        raise RunFolderError([Problem(f"{key!r} is missing or is no text")])
    return str(record[key])


def _figure(record: Mapping[str, Any], key: str) -> float:
    value = record.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise RunFolderError([Problem(f"{key!r} is missing or is no finite number")])
    return float(value)


def _list(record: Mapping[str, Any], key: str) -> Sequence[Any]:
    rows = record.get(key) or []
    if not isinstance(rows, list):
        raise RunFolderError([Problem(f"{key!r} is no list")])
    return rows


def _table(record: Mapping[str, Any], key: str) -> dict[str, Any]:
    table = record.get(key) or {}
    if not isinstance(table, Mapping):
        raise RunFolderError([Problem(f"{key!r} is no table of keys")])
    return dict(table)


def _epoch(text: str) -> Epoch:
    try:
        return Epoch.from_iso(text)
    except ValueError as error:
        raise RunFolderError([Problem(str(error), key="start")]) from error


def _ages(record: object) -> dict[str, float]:
    if not isinstance(record, Mapping):
        raise RunFolderError([Problem("'element_age_s' is no table of satellites")])
    return {str(name): _figure(record, name) for name in record}


def _command(value: object) -> str:
    return " ".join(str(part) for part in value) if isinstance(value, list) else str(value)

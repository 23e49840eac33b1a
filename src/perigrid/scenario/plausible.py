"""Values that the schema allows and no satellite has: told as warnings, with what is usual."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from perigrid.scenario.findings import Relation
from perigrid.scenario.numbers import item_label
from perigrid.scenario.schema import ScenarioFile
from perigrid.scenario.schema.fields import COUNTRY, COUNTRY_OR_ANY, Section
from perigrid.scenario.schema.governance import COUNTRY_OR_NONE
from perigrid.scenario.schema.satellites import Group
from perigrid.scenario.usual import CENTRES, SATELLITES, STATIONS, figure_of_merit

_COUNTRIES: Final = (COUNTRY, COUNTRY_OR_ANY, COUNTRY_OR_NONE)
_USER_ASSIGNED: Final = re.compile(r"AA|Q[M-Z]|X[A-JL-Z]|ZZ")
"""Codes that ISO 3166-1 leaves to its users, but XK, which is in wide use for Kosovo."""

_FIRST_SATELLITE_YEAR: Final = 1957
_LAST_YEAR: Final = 2100


def doubts(spec: ScenarioFile) -> tuple[str, ...]:
    """List values of a scenario that are allowed, and beyond what is built or known.

    Parameters
    ----------
    spec : ScenarioFile
        Valid key by key.

    Returns
    -------
    tuple of str
        One warning each, that begins with the key.
    """
    carriers_hz = [group.radio.frequency_ghz * 1e9 for group in spec.groups if group.radio]
    stations = (*STATIONS, *map(figure_of_merit, carriers_hz[:1]))
    return (
        *_start(spec),
        *(doubt for group in spec.groups for doubt in _listed("groups", [group], _of(group))),
        *_listed("stations", spec.stations, stations),
        *_listed("data_centres", spec.data_centres, CENTRES),
        *_countries(spec, ""),
    )


def _of(group: Group) -> tuple[Relation, ...]:
    """Of a relay satellite, what a run flies of it: orbit and lasers, no bus."""
    if group.role == "compute":
        return SATELLITES
    return tuple(one for one in SATELLITES if one.key.startswith(("orbit", "laser")))


def _listed(name: str, items: Sequence[Section], relations: tuple[Relation, ...]) -> Iterator[str]:
    for index, item in enumerate(items):
        for relation in relations:
            yield from relation.doubt(item, f"{name}.{item_label(item, index)}")


def _start(spec: ScenarioFile) -> Iterator[str]:
    year = int(spec.start[:4])
    if year < _FIRST_SATELLITE_YEAR:
        yield f"start: implausible: {year} is before the first satellite, of 1957"
    elif year > _LAST_YEAR:
        yield (
            f"start: implausible: {year} is beyond {_LAST_YEAR}; no forecast of the Earth's "
            "rotation or of the Sun's activity reaches that far"
        )


def _countries(section: Section, path: str) -> Iterator[str]:
    """Find codes that stand for no state, wherever a country is asked for."""
    for name, field in type(section).model_fields.items():
        value, here = getattr(section, name), f"{path}.{name}" if path else name
        if isinstance(value, str):
            is_country = any(getattr(rule, "pattern", "") in _COUNTRIES for rule in field.metadata)
            if is_country and _USER_ASSIGNED.fullmatch(value):
                yield (
                    f"{here}: implausible: {value} is no state; ISO 3166-1 leaves AA, QM to QZ, "
                    "XA to XZ and ZZ to users"
                )
        elif isinstance(value, Section):
            yield from _countries(value, here)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, Section):
                    yield from _countries(item, f"{here}.{item_label(item, index)}")

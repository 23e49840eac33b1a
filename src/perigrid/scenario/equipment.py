"""Equipment that a scenario leaves to the schema, written out so that it can be edited in place."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic.fields import FieldInfo
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from perigrid.scenario.idle import COMPUTER_UNFLOWN, GROUP_UNFLOWN, LASER_UNFLOWN
from perigrid.scenario.schema.bus import Array, BatterySpec, ThermalSpec
from perigrid.scenario.schema.fields import Section, number_info
from perigrid.scenario.schema.payload import ComputerSpec, LaserSpec, RadioSpec, SensorSpec
from perigrid.scenario.schema.satellites import Group

_BUS: Final = ("mass_kg", "drag_area_m2", "bus_load_w", "storage_gb")
_PARTS: Final[dict[str, tuple[type[Section], tuple[str, ...]]]] = {
    "array": (Array, ("area_m2", "efficiency")),
    "battery": (
        BatterySpec,
        ("capacity_wh", "min_soc", "initial_soc", "max_charge_w", "max_discharge_w"),
    ),
    "thermal": (ThermalSpec, ("radiator_area_m2", "emissivity", "absorptivity", "conductance_w_k")),
    "computer": (
        ComputerSpec,
        ("peak_tops", "memory_bandwidth_gb_s", "memory_gb", "idle_w", "active_w"),
    ),
    "radio": (
        RadioSpec,
        ("frequency_ghz", "eirp_dbw", "symbol_rate_mbaud", "max_rate_mbps", "active_w"),
    ),
    "laser": (
        LaserSpec,
        ("transmit_w", "aperture_cm", "max_rate_gbps", "max_range_km", "active_w"),
    ),
    "sensor": (
        SensorSpec,
        ("swath_km", "gsd_m", "raw_bits_per_pixel", "max_off_nadir_deg", "min_sun_elevation_deg"),
    ),
}
_UNFLOWN: Final = frozenset({*GROUP_UNFLOWN, *LASER_UNFLOWN, *COMPUTER_UNFLOWN})
"""Parts and keys that a flight of compute jobs does not read."""

_WIDTH: Final = 100


def with_equipment(text: str) -> str:
    """Write out what people edit of the computing satellites, where the text leaves it out.

    Parameters
    ----------
    text : str
        A scenario of the library, in block style.

    Returns
    -------
    str
        The same scenario: every line added says a default of the schema, with what it is, its
        unit and its source. A part that is ``null`` is left as it is; of a scenario with jobs only
        what compute jobs read is written out.
    """
    lines = text.splitlines()
    added: dict[int, list[str]] = {}
    scenario = YAML().load(text)
    unread = _UNFLOWN if "jobs" in scenario else frozenset[str]()
    for group in scenario["groups"]:
        if group["role"] == "compute":
            margin = " " * group.lc.col
            for row, new in _additions(group, lines, margin, unread):
                added.setdefault(row, []).extend(new)
    rows = range(len(lines) + 1)
    out = [line for row in rows for line in (*added.get(row, ()), *lines[row : row + 1])]
    return "\n".join(out) + "\n"


def _end_of(lines: list[str], first: int, margin: str) -> int:
    """Row after the last line of a block whose keys stand at a margin."""
    row = first + 1
    while row < len(lines) and lines[row].startswith(margin):
        row += 1
    return row


def _additions(
    group: CommentedMap, lines: list[str], margin: str, unread: frozenset[str]
) -> Iterator[tuple[int, list[str]]]:
    """Rows before which lines are to stand: parts that are given first, new ones at the end."""
    last = _end_of(lines, group.lc.line, margin)
    parts = {
        name: (kind, [key for key in keys if key not in unread])
        for name, (kind, keys) in _PARTS.items()
        if name not in unread
    }
    for name, (kind, keys) in parts.items():
        part = group.get(name)
        if part is not None:
            inner = " " * part.lc.col
            yield _end_of(lines, part.lc.line, inner), list(_numbers(kind, keys, part, inner))
    bus = [key for key in _BUS if key not in unread]
    yield last, list(_numbers(Group, bus, group, margin))
    for name, (kind, keys) in parts.items():
        if name not in group:
            yield last, [f"{margin}{name}:", *_numbers(kind, keys, {}, margin + "  ")]


def _numbers(
    kind: type[Section], keys: Sequence[str], given: Mapping[str, Any], margin: str
) -> Iterator[str]:
    for key in keys:
        if key not in given:
            field = kind.model_fields[key]
            yield from _comment(field, margin)
            yield f"{margin}{key}: {_long_form(field)}"


def _comment(field: FieldInfo, margin: str) -> Iterator[str]:
    info = number_info(field)
    about = (field.description or "").rstrip(".")
    unit = "" if info is None or info.unit == "1" else f" [{info.unit}]"
    bullet = f"{margin}# "
    yield from textwrap.wrap(
        f"{about}{unit}.", _WIDTH, initial_indent=bullet, subsequent_indent=bullet
    )


def _long_form(field: FieldInfo) -> str:
    """Value with where it is from."""
    info = number_info(field)
    value = int(field.default) if float(field.default).is_integer() else field.default
    if info is None or info.origin is None:
        return str(value)
    origin = info.origin
    date = origin.date if "-" in origin.date else json.dumps(origin.date)
    source = json.dumps(origin.source, ensure_ascii=False)
    return f"{{value: {value}, source: {source}, date: {date}, confidence: {origin.confidence}}}"

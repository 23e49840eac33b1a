"""Every number of the schema has a unit, limits, a meaning and, with a default, an origin."""

from __future__ import annotations

import math
import re
import typing
from typing import Annotated

import pytest
from pydantic import BaseModel, TypeAdapter

from perigrid.base.architecture import ComputePlace, Link
from perigrid.base.provenance import CONFIDENCES
from perigrid.scenario.schema import ScenarioFile
from perigrid.scenario.schema.architectures import LinkName, PlaceName
from perigrid.scenario.schema.fields import Section, number_info

SUFFIX = {
    "_km": "km", "_m": "m", "_deg": "deg", "_wh": "Wh", "_w": "W", "_s": "s", "_m2": "m2",
    "_gb": "GB", "_mb": "MB", "_mbps": "Mbit/s", "_gbps": "Gbit/s", "_ghz": "GHz", "_nm": "nm",
    "_cm": "cm", "_db": "dB", "_dbw": "dBW", "_db_k": "dB/K", "_hours": "h", "_minutes": "min",
    "_ms": "ms", "_mbaud": "Mbaud", "_tops": "Tops/s", "_j_k": "J/K", "_w_k": "W/K", "_c": "degC",
    "_years": "year", "_per_year": "1/year", "_gb_s": "GB/s", "_bytes": "B", "_j_per_gb": "J/GB",
    "_rev_per_day": "rev/day", "_gops": "Gops/s", "hours": "h", "_kg": "kg",
    "_per_k": "1/K", "_j_m2_k": "J/(m2 K)",
    "_deg_s": "deg/s", "_dbm": "dBm", "_kj": "kJ",
}  # fmt: skip
DIMENSIONLESS = {
    "planes", "satellites_per_plane", "phasing", "satellites", "eccentricity", "efficiency",
    "min_soc", "initial_soc", "charge_efficiency", "discharge_efficiency", "emissivity",
    "absorptivity", "earth_view_factor", "sun_incidence", "slots", "terminals", "photons_per_bit",
    "antennas", "priority", "pue", "route_factor", "refractive_index", "cloud_cover_mean",
    "cloud_cover_concentration", "drop_above_cloud", "executed_scenes", "ops_per_pixel", "seed",
    "normal_forward", "normal_across", "normal_up", "front_emissivity", "back_emissivity",
    "cycles", "cycle_depth", "cycle_loss_share", "calendar_loss_share",
    "channels", "availability", "count",
    "drag_coefficient",
    "day_swing", "work_spread", "data_spread", "value", "value_spread", "models",
    "model_spread", "popularity",
    "least_power_share", "detected_share",
    "acquisition_failure_share", "retries", "quarantine_after",
    "people", "delay_spread", "grants_share",
    "probability", "mean", "concentration", "above", "at_most",
}  # fmt: skip
OTHER = {
    "work_teraops": "1e12 operations",
    "bstar": "1/Earth radii",
    "raw_bits_per_pixel": "bit",
    "bytes_per_pixel": "B",
    "shielding_mm_al": "mm",
    "from_hour": "h",
    "until_hour": "h",
}


def sections(kind: type[BaseModel], seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    if kind not in seen:
        seen.add(kind)
        for field in kind.model_fields.values():
            for part in parts(field.annotation):
                if isinstance(part, type) and issubclass(part, BaseModel):
                    sections(part, seen)
    return seen


def parts(annotation):
    inner = typing.get_args(annotation)
    return [annotation] if not inner else [p for arg in inner for p in parts(arg)]


ALL = sorted(sections(ScenarioFile, set()), key=lambda kind: kind.__name__)
NUMBERS = [
    pytest.param(name, field, id=f"{kind.__name__}.{name}")
    for kind in ALL
    for name, field in kind.model_fields.items()
    if {int, float} & set(parts(field.annotation)) and name != "norad_id"
]


def test_the_schema_is_walked_to_its_leaves():
    assert len(ALL) >= 29
    assert len(NUMBERS) >= 110
    assert all(issubclass(kind, Section) for kind in ALL)
    assert all(kind.model_config.get("extra") == "forbid" for kind in ALL)


@pytest.mark.parametrize(("name", "field"), NUMBERS)
def test_a_number_has_unit_limits_meaning_and_origin(name, field):
    info = number_info(field)
    assert info is not None
    expected = "1" if name in DIMENSIONLESS else OTHER.get(name) or next(
        unit for end, unit in sorted(SUFFIX.items(), key=lambda pair: -len(pair[0]))
        if name.endswith(end)
    )  # fmt: skip
    assert info.unit == expected
    assert field.description
    limits = {key for rule in field.metadata for key in ("ge", "gt", "le", "lt")
              if getattr(rule, key, None) is not None}  # fmt: skip
    assert limits & {"ge", "gt"}
    assert limits & {"le", "lt"}
    if not field.is_required() and field.default is not None:
        assert info.origin is not None
        assert len(info.origin.source) > 5
        assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", info.origin.date)
        assert info.origin.confidence in CONFIDENCES
        assert math.isfinite(field.default)


@pytest.mark.parametrize(("name", "field"), NUMBERS)
def test_a_default_lies_within_its_own_limits(name, field):
    if field.is_required() or field.default is None:
        return
    adapter = TypeAdapter(Annotated[float, *field.metadata])
    assert adapter.validate_python(field.default) == field.default


def test_places_and_links_are_those_of_the_core():
    assert typing.get_args(PlaceName) == tuple(map(str, ComputePlace))
    assert typing.get_args(LinkName) == tuple(map(str, Link))

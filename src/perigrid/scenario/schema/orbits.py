"""Schema of orbits: a Walker shell, a sun-synchronous ring, a formation, or element sets."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from perigrid.base.names import NAME
from perigrid.base.time import Epoch
from perigrid.scenario.schema.fields import Origin, Section, number, text


def _instant(value: str) -> str:
    Epoch.from_iso(value)
    return value


Instant = Annotated[str, AfterValidator(_instant)]
"""A UTC date-time, kept as text until conversion."""

_BY_DEFINITION = Origin("design choice: first plane at right ascension 0", confidence="assumed")
_MAX_ALTITUDE_KM = 50_000


class Walker(Section):
    """Walker shell on circular orbits, inclination: total/planes/phasing."""

    planes: int = number("1", "Orbital planes.", ge=1, le=1000)
    satellites_per_plane: int = number("1", "Satellites in each plane.", ge=1, le=1000)
    phasing: int = number(
        "1",
        "Walker's F: a satellite leads its eastern neighbour by F x 360 deg / total.",
        0,
        Origin("design choice: neighbouring planes in step"),
        ge=0,
        le=999_999,
    )
    altitude_km: float = number(
        "km", "Height above the equatorial radius.", ge=160, le=_MAX_ALTITUDE_KM
    )
    inclination_deg: float = number("deg", "Inclination.", ge=0, le=180)
    pattern: Literal["delta", "star"] = Field(
        "delta", description="Planes spread over 360 deg (delta) or 180 deg (star)."
    )
    first_raan_deg: float = number(
        "deg", "Right ascension of the first plane's node.", 0.0, _BY_DEFINITION, ge=-360, le=360
    )


class SunSynchronousRing(Section):
    """Satellites evenly spaced on one circular sun-synchronous orbit."""

    satellites: int = number("1", "Satellites on the ring.", ge=1, le=10_000)
    altitude_km: float = number(
        "km", "Height above the equatorial radius; the inclination follows.", ge=160, le=5900
    )
    ltan_hours: float = number(
        "h", "Local time of the ascending node; 6 or 18 is dawn-dusk.", ge=0, lt=24
    )


class FormationSwarm(Section):
    """Satellites in close formation: a flat lattice about a sun-synchronous orbit."""

    altitude_km: float = number(
        "km", "Height above the equatorial radius; the inclination follows.", ge=160, le=5900
    )
    ltan_hours: float = number(
        "h", "Local time of the ascending node; 6 or 18 is dawn-dusk.", ge=0, lt=24
    )
    half_length_m: float = number(
        "m", "Half the length along the track; the height is half of it.", gt=0, le=20_000
    )
    spacing_m: float = number(
        "m", "Distance of neighbours at their nearest; it doubles twice an orbit.", ge=10, le=10_000
    )
    pattern: Literal["square", "hexagonal"] = Field(
        "square", description="Lattice of the satellites, seen where it is undistorted."
    )


class ElementRow(Section):
    """One satellite by its mean elements, as an OMM gives them."""

    name: str = text("The object's name.", pattern=NAME)
    norad_id: int = Field(
        0, ge=0, le=999_999_999, description="Catalogue number; 0 for an object not catalogued."
    )
    epoch: Instant = Field(description="Instant of the elements, UTC.")
    mean_motion_rev_per_day: float = number("rev/day", "Kozai mean motion.", gt=0, le=18)
    eccentricity: float = number("1", "Eccentricity.", ge=0, lt=1)
    inclination_deg: float = number("deg", "Inclination.", ge=0, le=180)
    raan_deg: float = number("deg", "Right ascension of the ascending node.", ge=0, le=360)
    argument_of_perigee_deg: float = number("deg", "Argument of perigee.", ge=0, le=360)
    mean_anomaly_deg: float = number("deg", "Mean anomaly.", ge=0, le=360)
    bstar: float = number(
        "1/Earth radii",
        "SGP4 drag term.",
        0.0,
        Origin("design choice: no drag"),
        ge=-1000,
        le=1000,
    )


class ElementSetList(Section):
    """Real satellites by published mean elements; give one of elements, tle or file."""

    elements: list[ElementRow] | None = Field(
        None, min_length=1, max_length=100_000, description="Elements written out."
    )
    tle: str | None = Field(None, description="Two- or three-line element sets as a text block.")
    file: str | None = Field(
        None,
        min_length=1,
        description="TLE, or OMM as CSV, JSON, XML or KVN, relative to this file.",
    )


class OrbitChoice(Section):
    """How a group's satellites fly; give exactly one."""

    walker: Walker | None = None
    sun_synchronous: SunSynchronousRing | None = None
    formation: FormationSwarm | None = None
    element_sets: ElementSetList | None = None

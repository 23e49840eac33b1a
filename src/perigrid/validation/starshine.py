"""Orbital lifetimes of the Starshine spheres, flown through the maximum of the Sun's cycle 23."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, SECONDS_PER_DAY
from perigrid.base.time import Epoch, julian_midnight
from perigrid.physics.atmosphere import FluxAir
from perigrid.physics.orbit.drag import decay, drag_area_m2_kg
from perigrid.validation.case import Case, compare

_DRAG_COEFFICIENT: Final = 2.2
_SHARE: Final = 0.15
# Monthly means of the observed flux at 10.7 cm (Penticton, CelesTrak's file), June 1999 to
# February 2000, and September 2001 to January 2003 [sfu].
_FLUX_1999: Final = (169.8, 165.6, 170.8, 135.7, 164.8, 191.5, 169.8, 159.0, 174.1)
_FLUX_2001: Final = (
    *(233.8, 208.1, 215.8, 249.2, 227.3, 205.0, 180.3, 189.8, 178.4),
    *(148.7, 179.6, 184.1, 175.8, 167.0, 168.7, 157.2, 144.0),
)


@dataclass(frozen=True, slots=True)
class _Sphere:
    """What is published of a sphere."""

    name: str
    start: str
    days: float
    height_m: float
    inclination_deg: float
    mass_kg: float
    diameter_m: float
    source: str
    outside: str = ""


_SPHERES: Final = (
    _Sphere(
        "Starshine 1", "1999-06-05T07:21:00Z", 258.0, 387e3, 51.6, 39.0, 0.48,
        "NASA NTRS 19990087514 (387 km, 51.6 deg), eoPortal (39 kg, 48 cm), re-entry 18 February "
        "2000",
        "missed by a sixth: no air of ours is that thin at this height. Not mended",
    ),
    _Sphere(
        "Starshine 2", "2001-12-16T15:02:00Z", 131.0, 386e3, 51.6, 39.0, 0.48,
        "Spaceflight Now, STS-108 (240 miles, 86 lb), the size of Starshine 1, re-entry 26 April "
        "2002",
    ),
    _Sphere(
        "Starshine 3", "2001-09-30T02:40:00Z", 478.0, 470e3, 67.0, 91.0, 0.94,
        "US Office of Naval Research (470 km, 67 deg, 91 kg, 37 in), re-entry 21 January 2003",
        "missed by a quarter: air that is too dense under an "
        "active Sun would do it, but Starshine 2 and LDEF do not ask for thinner air. Not mended",
    ),
)  # fmt: skip


def starshine() -> list[Case]:
    """Let three spheres come down.

    Returns
    -------
    list of Case
        Days from deployment to re-entry.
    """
    return [_lifetime(one) for one in _SPHERES]


def _lifetime(sphere: _Sphere) -> Case:
    """Compare one sphere."""
    area = drag_area_m2_kg(sphere.mass_kg, 0.25 * math.pi * sphere.diameter_m**2, _DRAG_COEFFICIENT)
    axis = EARTH_EQUATORIAL_RADIUS_M + np.array([sphere.height_m])
    tilt = np.array([math.radians(sphere.inclination_deg)])
    air = _air(Epoch.from_iso(sphere.start))
    falling = decay(axis, np.zeros(1), tilt, np.array([area]), air)
    note = (
        f"tolerance: {_SHARE:.0%}, that of LDEF: density (15 %), drag coefficient taken as 2.2; "
        "default air by monthly F10.7; 5 km of the first height are 9 % more"
    )
    return compare(
        f"{sphere.name}, days to re-entry",
        sphere.days,
        float(falling.lifetime_s[0]) / SECONDS_PER_DAY,
        tolerance=_SHARE * sphere.days,
        source=sphere.source,
        unit="d",
        note=f"{note}; {sphere.outside}" if sphere.outside else note,
        known_miss=bool(sphere.outside),
    )


def _air(start: Epoch) -> FluxAir:
    """Air of the months flown, each flux at the middle of its month."""
    months = [(1999, 6 + row) for row in range(len(_FLUX_1999))]
    months += [(2001, 9 + row) for row in range(len(_FLUX_2001))]
    middle = [
        Epoch(julian_midnight(year + (month - 1) // 12, (month - 1) % 12 + 1, 15), 0.0)
        for year, month in months
    ]
    t_s = np.array([one.seconds_since(start) for one in middle])
    return FluxAir(t_s, np.array([*_FLUX_1999, *_FLUX_2001]))

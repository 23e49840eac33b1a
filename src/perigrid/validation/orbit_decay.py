"""Satellites that came down by themselves: the Long Duration Exposure Facility and Tiangong-1."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, SECONDS_PER_DAY, TROPICAL_YEAR_S
from perigrid.physics.atmosphere import FluxAir, air_at_flux
from perigrid.physics.orbit.drag import decay, drag_area_m2_kg
from perigrid.validation.case import Case, compare

_LDEF_SOURCE: Final = (
    "NASA JSC, LDEF specifications (9,724 kg, 9.14 m x 4.27 m); University of Reading, LDEF: "
    "482 km on 7 April 1984, 340 km on 12 January 1990 (2,106 days)"
)
_LDEF_AREA: Final = drag_area_m2_kg(9_724.0, 9.14 * 4.27, 2.2)
_LDEF_DAYS: Final = 2_106.0
# Yearly means of the observed F10.7 (Ottawa); 1984 from April on.
_YEARS: Final = np.array([1984.63, 1985.5, 1986.5, 1987.5, 1988.5, 1989.5]) - 1984.27
_FLUX: Final = np.array([91.8, 74.7, 74.0, 85.3, 141.0, 213.5])

_TIANGONG_SOURCE: Final = (
    "China's notification to the UN: 296.0 km mean altitude, 42.65 deg on 26 November 2017; CMSEO: "
    "216.2 km on 25 March 2018, re-entry 2 April 2018 00:16 UTC"
)
_TIANGONG_FLUX_SFU: Final = 70.7  # observed mean, 26 November 2017 to 25 March 2018


def orbit_decay() -> list[Case]:
    """Compare the decay of two passive satellites.

    Returns
    -------
    list of Case
        Times in days.
    """
    return [_ldef(), _tiangong()]


def _ldef() -> Case:
    """Compare a cylinder of known mass that stood upright for six years."""
    air = FluxAir(_YEARS * TROPICAL_YEAR_S, _FLUX)
    start = EARTH_EQUATORIAL_RADIUS_M + np.array([482e3])
    inclination = np.array([math.radians(28.5)])
    flat, area = np.zeros(1), np.array([_LDEF_AREA])
    falling = decay(start, flat, inclination, area, air, floor_m=340e3)
    return compare(
        "LDEF, days from 482 km to 340 km",
        _LDEF_DAYS,
        float(falling.lifetime_s[0]) / SECONDS_PER_DAY,
        tolerance=0.15 * _LDEF_DAYS,
        source=_LDEF_SOURCE,
        unit="d",
        note="tolerance: 15 %, density (15 %) and drag coefficient (10 %, taken as 2.2), "
        "softened by the rising Sun; default air, yearly F10.7. It fell 0.6 km a day at the "
        "end, so a lag of 3 % in time is 30 km on the day",
    )


def _tiangong() -> Case:
    """Compare a re-entry foretold from the decay seen before: mass and area drop out."""
    air = air_at_flux(_TIANGONG_FLUX_SFU)
    high, low = EARTH_EQUATORIAL_RADIUS_M + np.array([[296.0e3], [216.2e3]])
    flat, one, inclination = np.zeros(1), np.ones(1), np.array([math.radians(42.65)])
    seen_s = 119.0 * SECONDS_PER_DAY
    area = decay(high, flat, inclination, one, air, floor_m=216.2e3).lifetime_s / seen_s
    left_s = float(decay(low, flat, inclination, area, air).lifetime_s[0])
    return compare(
        "Tiangong-1, days from 216.2 km to re-entry",
        7.5,
        left_s / SECONDS_PER_DAY,
        tolerance=2.0,
        source=_TIANGONG_SOURCE,
        unit="d",
        note="tolerance: 0.5 d for the hour of 25 March, 15 % of density between winter and "
        "spring; 7 km less, if heights are above 6,371 km, take 0.7 d off",
    )

"""Eclipse seasons of a geostationary orbit against what satellite operators publish."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_MU_M3_S2, SECONDS_PER_DAY
from perigrid.base.time import Epoch
from perigrid.physics.eclipse_windows import Shadow, shadow_windows
from perigrid.physics.sun import sun_position_m
from perigrid.validation.case import Case, compare

_START: Final = Epoch.from_iso("2009-01-01")
_SIDEREAL_DAY_S: Final = 86_164.0905
_STEP_S: Final = 300.0
_NWS: Final = (
    "US National Weather Service, GOES frequently asked questions: each eclipse season spans a "
    "48-day period, symmetric around the equinox, at most 72 minutes a day"
)
_OSO: Final = (
    "NOAA Office of Satellite Operations, GOES keep-out zone and eclipse page of 2009: from about "
    "February 28 to April 11 and August 31 to October 13, at most 72 minutes a day"
)
_SEASON_NOTE: Final = (
    "tolerance: one eclipse at either end, where they are partial, short and depend on the "
    "longitude"
)
_DATE_NOTE: Final = (
    "tolerance: the page says 'about'; its seasons of 42 and 43 days fall short of the 48 days "
    "published elsewhere by 3 days at either end, the shortest eclipses"
)


def geo_eclipse_season() -> list[Case]:
    """Compare length, number and dates of the eclipses of a year.

    Returns
    -------
    list of Case
        Longest eclipse, eclipses per season, and the seasons' first and last days.
    """
    stays = _stays_s()
    middle_s = 181.0 * SECONDS_PER_DAY
    spring, autumn = stays[stays[:, 0] < middle_s], stays[stays[:, 0] > middle_s]
    longest_min = float(np.max(stays[:, 1] - stays[:, 0])) / 60.0
    cases = [
        compare(
            "geostationary orbit, longest eclipse",
            72.0,
            longest_min,
            tolerance=1.0,
            source=_NWS,
            unit="min",
            note="tolerance: published in whole minutes and rounded up; penumbra included",
        )
    ]
    published = {"spring": (spring, 59.0, 101.0), "autumn": (autumn, 243.0, 286.0)}
    for name, (season, first, last) in published.items():
        cases += [
            compare(f"geostationary orbit, {name} eclipses", 48.0, len(season), tolerance=2.0,
                    source=_NWS, unit="d", note=_SEASON_NOTE),
            compare(f"geostationary orbit, first {name} eclipse", first, _day(season[0, 0]),
                    tolerance=3.0, source=_OSO, unit="day of the year", note=_DATE_NOTE),
            compare(f"geostationary orbit, last {name} eclipse", last, _day(season[-1, 0]),
                    tolerance=3.0, source=_OSO, unit="day of the year", note=_DATE_NOTE),
        ]  # fmt: skip
    return cases


def _day(t_s: float) -> int:
    """Day of the year, counted from 1."""
    return math.floor(t_s / SECONDS_PER_DAY) + 1


def _stays_s() -> npt.NDArray[np.float64]:
    """Entry into and exit from the penumbra of a satellite at 75 degrees west."""
    times = np.arange(0.0, 365.0 * SECONDS_PER_DAY, _STEP_S)
    rate = math.tau / _SIDEREAL_DAY_S
    radius_m = (EARTH_MU_M3_S2 / rate**2) ** (1.0 / 3.0)
    # The Greenwich sidereal time at the start, 100.6 degrees, less the longitude.
    angle = math.radians(100.6 - 75.0) + rate * times
    zero = np.zeros_like(times)
    position = radius_m * np.stack([np.cos(angle), np.sin(angle), zero])[:, None]
    velocity = radius_m * rate * np.stack([-np.sin(angle), np.cos(angle), zero])[:, None]
    sun = sun_position_m(_START, times)
    return shadow_windows(position, velocity, times, sun).of(0, Shadow.PENUMBRA)

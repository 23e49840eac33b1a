"""Sun-synchronous inclinations and periods against flown and tabulated orbits."""

from __future__ import annotations

import math
from typing import Final

from perigrid.physics.orbit.design import circular_period_s, sun_synchronous_inclination_rad
from perigrid.validation.case import Case, compare

_DIGIT: Final = "tolerance: half the last printed digit"


def sun_synchronous() -> list[Case]:
    """Compare designed sun-synchronous orbits with published ones.

    Returns
    -------
    list of Case
        Inclination and period.
    """
    return [
        compare(
            "sun-synchronous 650 km, inclination",
            97.99,
            math.degrees(sun_synchronous_inclination_rad(650e3)),
            tolerance=0.005,
            source="formula of Vallado, Fundamentals of Astrodynamics (2013), 11.4.1, by hand",
            unit="deg",
            note=_DIGIT,
        ),
        compare(
            "sun-synchronous 650 km, period",
            97.7,
            circular_period_s(650e3) / 60.0,
            tolerance=0.05,
            source="Kepler's third law with R = 6378.137 km, by hand",
            unit="min",
            note=_DIGIT,
        ),
        compare(
            "Landsat 8 (705 km), inclination",
            98.2,
            math.degrees(sun_synchronous_inclination_rad(705e3)),
            tolerance=0.05,
            source="USGS, Landsat 8: 705 km, 98.2 deg, 99 min",
            unit="deg",
            note=_DIGIT,
        ),
        compare(
            "Landsat 8 (705 km), period",
            99.0,
            circular_period_s(705e3) / 60.0,
            tolerance=0.5,
            source="USGS, Landsat 8: 705 km, 98.2 deg, 99 min",
            unit="min",
            note=_DIGIT,
        ),
    ]

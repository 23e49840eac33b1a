"""TEME to Earth-fixed against the worked example of the SGP4 revision."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.base.time import Epoch
from perigrid.physics.frames import ecef_velocity, gmst_rad, teme_to_ecef
from perigrid.validation.case import Case, compare

_SOURCE: Final = "Vallado et al., AIAA 2006-6753, example of 2004-04-06 07:51:28.386009 UTC"
_UTC: Final = Epoch.from_iso("2004-04-06T07:51:28.386009Z")
_UT1_LESS_UTC_S: Final = -0.439_961_9
_TEME_M: Final = (5_094_180.1621, 6_127_644.6595, 6_380_344.5327)
_TEME_M_S: Final = (-4_746.131487, 785.818041, 5_531.931288)
_PEF_M: Final = (-1_033_475.0313, 7_901_305.5856, 6_380_344.5327)
_PEF_M_S: Final = (-3_225.632747, -2_872.442511, 5_531.931288)


def earth_fixed() -> list[Case]:
    """Compare a position and a velocity, with UT1 and without polar motion.

    Returns
    -------
    list of Case
        Distance and difference of velocity; the published value of both is 0.
    """
    angle = gmst_rad(_UTC.plus(_UT1_LESS_UTC_S), np.zeros(1))
    position = teme_to_ecef(np.array(_TEME_M)[:, None], angle)
    velocity = ecef_velocity(position, np.array(_TEME_M_S)[:, None], angle)
    return [
        compare(
            "TEME to Earth-fixed, position",
            0.0,
            float(np.linalg.norm(position[:, 0] - _PEF_M)),
            tolerance=0.1,
            source=_SOURCE,
            unit="m",
            note="tolerance: the example adds the equation of the equinoxes' two small terms "
            "(0.003 arc seconds, 0.1 m)",
        ),
        compare(
            "TEME to Earth-fixed, velocity",
            0.0,
            float(np.linalg.norm(velocity[:, 0] - _PEF_M_S)),
            tolerance=1e-3,
            source=_SOURCE,
            unit="m/s",
            note="tolerance: the example corrects the Earth's rate for the length of that day "
            "(1.6 ms, 0.01 mm/s) and turns by the same small terms (0.1 mm/s)",
        ),
    ]

"""TEME to Earth-fixed against the worked example of the SGP4 revision."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.time import Epoch
from perigrid.physics.earth_orientation import polar_motion
from perigrid.physics.frames import gmst_rad, teme_to_ecef_state
from perigrid.validation.case import Case, compare

_SOURCE: Final = "Vallado et al., AIAA 2006-6753, example of 2004-04-06 07:51:28.386009 UTC"
_UTC: Final = Epoch.from_iso("2004-04-06T07:51:28.386009Z")
_UT1_LESS_UTC_S: Final = -0.439_961_9
_TEME_M: Final = (5_094_180.1621, 6_127_644.6595, 6_380_344.5327)
_TEME_M_S: Final = (-4_746.131487, 785.818041, 5_531.931288)
_PEF_M: Final = (-1_033_475.0313, 7_901_305.5856, 6_380_344.5327)
_PEF_M_S: Final = (-3_225.632747, -2_872.442511, 5_531.931288)
_POLE_ARC_SECONDS: Final = (-0.140_682, 0.333_309)
_ITRF_M: Final = (-1_033_479.3830, 7_901_295.2754, 6_380_356.5958)
_ITRF_M_S: Final = (-3_225.636520, -2_872.451450, 5_531.924446)
_SMALL_TERMS: Final = (
    "tolerance: the example adds the equation of the equinoxes' two small terms "
    "(0.003 arc seconds, 0.1 m)"
)
_RATE: Final = (
    "tolerance: the example corrects the Earth's rate for the length of that day "
    "(1.6 ms, 0.01 mm/s) and turns by the same small terms (0.1 mm/s)"
)


def earth_fixed() -> list[Case]:
    """Compare a position and a velocity, with UT1, before and after polar motion.

    Returns
    -------
    list of Case
        Distance and difference of velocity; the published value of both is 0.
    """
    angle = gmst_rad(_UTC, np.zeros(1), _UT1_LESS_UTC_S)
    position, velocity = teme_to_ecef_state(
        np.array(_TEME_M)[:, None], np.array(_TEME_M_S)[:, None], angle
    )
    cases = [
        _distance("TEME to Earth-fixed, position", position, _PEF_M, 0.1, "m", _SMALL_TERMS),
        _distance("TEME to Earth-fixed, velocity", velocity, _PEF_M_S, 1e-3, "m/s", _RATE),
    ]
    x_pole, y_pole = (np.array([math.radians(part / 3600.0)]) for part in _POLE_ARC_SECONDS)
    polar_motion(position, x_pole, y_pole)
    polar_motion(velocity, x_pole, y_pole)
    cases += [
        _distance("TEME to ITRF, position", position, _ITRF_M, 0.1, "m", _SMALL_TERMS),
        _distance("TEME to ITRF, velocity", velocity, _ITRF_M_S, 1e-3, "m/s", _RATE),
    ]
    return cases


def _distance(
    case: str,
    ours: npt.NDArray[np.float64],
    published: tuple[float, float, float],
    tolerance: float,
    unit: str,
    note: str,
) -> Case:
    """Compare a vector with a published one."""
    apart = float(np.linalg.norm(ours[:, 0] - published))
    return compare(case, 0.0, apart, tolerance=tolerance, source=_SOURCE, unit=unit, note=note)

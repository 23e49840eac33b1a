"""Constants of SGP4 and the columns of its tables of coefficients.

Inside the model lengths are in Earth radii, times in minutes, angles in radians. The numbers are
the WGS 72 set with which element sets are published (AIAA 2006-6753, section III.C).
"""

from __future__ import annotations

import math
from typing import Final

EARTH_RADIUS_KM: Final = 6378.135
MU_KM3_S2: Final = 398_600.8
J2: Final = 1.082616e-3
J3: Final = -2.53881e-6
J4: Final = -1.65597e-6
J3_OVER_J2: Final = J3 / J2
KE: Final = 60.0 / math.sqrt(EARTH_RADIUS_KM**3 / MU_KM3_S2)
"""Square root of the gravitational parameter [Earth radii^1.5 / min]."""

RADIUS_M: Final = EARTH_RADIUS_KM * 1000.0
SPEED_M_S: Final = EARTH_RADIUS_KM * KE / 60.0 * 1000.0
"""One Earth radius per time unit of the model [m/s]."""

DEEP_PERIOD_MIN: Final = 225.0
"""Period from which Sun, Moon and resonances count [min]."""
SMALLEST_ECCENTRICITY: Final = 1.0e-6
ECCENTRICITY_TOLERANCE: Final = 1.0e-3
"""How far below 0 the mean eccentricity may drift before it is an error."""
POLAR_DIVISOR: Final = 1.5e-12
"""Stands for ``1 + cos i`` at 180 degrees of inclination."""

# Error codes, as in the published routine.
GOOD: Final = 0.0
MEAN_ECCENTRICITY: Final = 1.0
MEAN_MOTION: Final = 2.0
PERTURBED_ECCENTRICITY: Final = 3.0
SEMI_LATUS_RECTUM: Final = 4.0
DECAYED: Final = 6.0

# Columns of the table of secular coefficients, one row per satellite.
MEAN_ANOMALY: Final = 0  # at epoch
MEAN_ANOMALY_RATE: Final = 1
PERIGEE: Final = 2  # argument of perigee at epoch
PERIGEE_RATE: Final = 3
NODE: Final = 4  # right ascension of the ascending node at epoch
NODE_RATE: Final = 5
NODE_DRAG: Final = 6  # of t^2
AXIS_1: Final = 7  # the axis shrinks by (1 - c1 t - c2 t^2 - c3 t^3 - c4 t^4)^2
AXIS_2: Final = 8
AXIS_3: Final = 9
AXIS_4: Final = 10
ECCENTRICITY_DRAG: Final = 11  # of t
ECCENTRICITY_SINE: Final = 12  # of sin M - sin M0
SINE_M0: Final = 13
PERIGEE_DRAG: Final = 14  # of t
PERIGEE_CUBE: Final = 15  # of (1 + eta cos M)^3 - (1 + eta cos M0)^3
ETA: Final = 16
CUBE_M0: Final = 17
LONGITUDE_2: Final = 18  # of t^2, with the mean motion in it
LONGITUDE_3: Final = 19
LONGITUDE_4: Final = 20
LONGITUDE_5: Final = 21
ECCENTRICITY: Final = 22
AXIS: Final = 23
MEAN_MOTION_0: Final = 24
LONG_PERIOD_Y: Final = 25
LONG_PERIOD_L: Final = 26
SINE_I: Final = 27
COSINE_I: Final = 28
SECULAR_COLUMNS: Final = 29

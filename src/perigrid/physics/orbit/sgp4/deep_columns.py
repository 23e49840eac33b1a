"""Columns of the table of deep-space coefficients, one row per deep-space satellite."""

from __future__ import annotations

from typing import Final

# Secular rates by Sun and Moon together [1/min], [rad/min].
ECCENTRICITY_RATE: Final = 0
INCLINATION_RATE: Final = 1
ANOMALY_RATE: Final = 2
PERIGEE_RATE: Final = 3
NODE_RATE: Final = 4

# Periodic terms: twelve of the Sun from here on, twelve of the Moon after them.
SUN: Final = 5
MOON: Final = 17
# Within them: coefficients of f2 and f3, and for two of the angles of the sine of the anomaly.
OF_ECCENTRICITY: Final = 0
OF_INCLINATION: Final = 2
OF_ANOMALY: Final = 4
OF_PERIGEE: Final = 7
OF_NODE: Final = 10

SUN_ANOMALY: Final = 29  # mean anomalies of Sun and Moon at epoch [rad]
MOON_ANOMALY: Final = 30
SIDEREAL: Final = 31  # Greenwich sidereal angle at epoch [rad]
INCLINATION: Final = 32
RESONANCE_KIND: Final = 33
FACTOR: Final = 34  # rate of the resonant longitude without the mean motion [rad/min]
LONGITUDE_0: Final = 35  # resonant longitude at epoch [rad]
RESONANCE: Final = 36  # strengths: three for a day, ten for half a day
DEEP_COLUMNS: Final = 46

NOT_RESONANT: Final = 0.0
SYNCHRONOUS: Final = 1.0
HALF_DAY: Final = 2.0

"""Lines between satellites on one circular orbit, which plane geometry gives in closed form."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, EARTH_MU_M3_S2
from perigrid.physics.crosslinks import crosslink_geometry, links_open
from perigrid.validation.case import Case, compare

_SOURCE: Final = "plane geometry of a chord"
_ALTITUDE_M: Final = 550.0e3
_GRAZING_M: Final = 80.0e3
_RADIUS_M: Final = EARTH_EQUATORIAL_RADIUS_M + _ALTITUDE_M
_ROUNDING_NOTE: Final = "tolerance: a millimetre, rounding of double precision"

Floats = npt.NDArray[np.float64]


def crosslink_chords() -> list[Case]:
    """Compare chords of an orbit of 550 km with closed forms.

    Returns
    -------
    list of Case
        Length and altitude of the line to the next of 22 satellites, the longest line that clears
        80 km, and the turn rate towards the stars.
    """
    return [*_next_of_22(), _longest(), _turning()]


def _at(angle_rad: Floats) -> Floats:
    """Positions on the orbit, a satellite each at one time."""
    angle = np.atleast_1d(angle_rad)
    return _RADIUS_M * np.stack([np.cos(angle), np.sin(angle), 0.0 * angle])[:, :, None]


def _next_of_22() -> list[Case]:
    """Length 2 R sin(pi/22), altitude R cos(pi/22) less the Earth's radius."""
    half_rad = math.pi / 22.0
    position = _at(np.array([0.0, 2.0 * half_rad]))
    found = crosslink_geometry(position, np.zeros_like(position), np.array([[0, 1]]))
    return [
        compare(
            "length of the laser to the next of 22 satellites at 550 km",
            2.0 * _RADIUS_M * math.sin(half_rad),
            float(found.range_m[0, 0]),
            tolerance=1.0e-3,
            source=_SOURCE,
            unit="m",
            note=_ROUNDING_NOTE,
        ),
        compare(
            "lowest altitude of that laser",
            _RADIUS_M * math.cos(half_rad) - EARTH_EQUATORIAL_RADIUS_M,
            float(found.grazing_altitude_m[0, 0]),
            tolerance=1.0e-3,
            source=_SOURCE,
            unit="m",
            note=_ROUNDING_NOTE,
        ),
    ]


def _longest() -> Case:
    """Longest line above 80 km, searched by opening the angle between two satellites."""
    low_rad, high_rad = 0.0, math.pi
    while high_rad - low_rad > 1.0e-12:
        middle_rad = 0.5 * (low_rad + high_rad)
        clear = links_open(
            _at(np.array([0.0, middle_rad])),
            np.array([[0, 1]]),
            max_range_m=np.inf,
            grazing_altitude_m=_GRAZING_M,
        )
        low_rad, high_rad = (middle_rad, high_rad) if clear[0, 0] else (low_rad, middle_rad)
    floor_m = EARTH_EQUATORIAL_RADIUS_M + _GRAZING_M
    return compare(
        "longest laser at 550 km that stays above 80 km",
        2.0 * math.sqrt(_RADIUS_M**2 - floor_m**2),
        2.0 * _RADIUS_M * math.sin(0.5 * low_rad),
        tolerance=1.0e-3,
        source=f"{_SOURCE}, as used for Starlink by hypatia (doi:10.1145/3419394.3423635)",
        unit="m",
        note="tolerance: a millimetre, where the search for the angle stops",
    )


def _turning() -> Case:
    """Compare the turn rate of a line that stands still, in a frame that turns once per orbit."""
    motion_rad_s = math.sqrt(EARTH_MU_M3_S2 / _RADIUS_M**3)
    star_m = np.array([[0.0], [1.0e15], [0.0]])
    position = np.stack([_at(np.array([0.0]))[:, 0], star_m], axis=1)
    velocity = np.zeros_like(position)
    velocity[1, 0] = motion_rad_s * _RADIUS_M
    found = crosslink_geometry(position, velocity, np.array([[0, 1]]))
    return compare(
        "turn rate of a line to a star, seen from a satellite at 550 km",
        math.sqrt(EARTH_MU_M3_S2 / _RADIUS_M**3) * 1e3,
        float(found.turn_rate_rad_s[0, 0]) * 1e3,
        tolerance=1.0e-9,
        source="mean motion of a circular orbit",
        unit="mrad/s",
        note="tolerance: rounding of double precision",
    )

"""Share of a circular orbit in the Earth's shadow against the textbook formula."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from perigrid.base.constants import ASTRONOMICAL_UNIT_M, EARTH_EQUATORIAL_RADIUS_M
from perigrid.physics.eclipse import illumination
from perigrid.validation.case import Case, compare

_PUBLISHED: Final = {
    (550, 0): 0.37224,
    (550, 30): 0.35103,
    (550, 60): 0.21454,
    (550, 75): 0.0,
    (650, 0): 0.36195,
    (650, 30): 0.33874,
    (650, 60): 0.18229,
    (650, 75): 0.0,
}
_SOURCE: Final = "arccos(sqrt(h^2 + 2 R h) / ((R + h) cos beta)) / pi, with R = 6371 km"
_MEAN_RADIUS_M: Final = 6_371_000.0
_SAMPLES: Final = 14_400
_DISC_RAD: Final = 0.0093


def eclipse_closed_form() -> list[Case]:
    """Compare the mean darkness of circular orbits with the closed form.

    Returns
    -------
    list of Case
        One per altitude and angle of the Sun above the orbit plane.
    """
    return [
        compare(
            f"eclipse share, {altitude} km, beta {beta} deg",
            published,
            _mean_darkness(altitude * 1000.0, math.radians(beta)),
            tolerance=_tolerance(altitude * 1000.0, math.radians(beta)),
            source=_SOURCE,
            note="tolerance: the formula's change from R = 6371 km to the equatorial 6378.137 km, "
            "plus the square of the solar disc's width (0.0093 rad), plus the printed digit",
        )
        for (altitude, beta), published in _PUBLISHED.items()
    ]


def _mean_darkness(altitude_m: float, beta_rad: float) -> float:
    """Mean covered share of the Sun over one turn."""
    angle = np.linspace(0.0, math.tau, _SAMPLES, endpoint=False)
    first = np.array([math.cos(beta_rad), 0.0, -math.sin(beta_rad)])
    second = np.array([0.0, 1.0, 0.0])
    radius_m = EARTH_EQUATORIAL_RADIUS_M + altitude_m
    position = radius_m * (first[:, None] * np.cos(angle) + second[:, None] * np.sin(angle))
    sun = np.zeros((3, _SAMPLES))
    sun[0] = ASTRONOMICAL_UNIT_M
    return 1.0 - float(illumination(position[:, None], sun).mean())


def _tolerance(altitude_m: float, beta_rad: float) -> float:
    """Add up what the two Earth radii, the solar disc and the printed digits explain."""
    shares = [
        _closed_form(radius_m, altitude_m, beta_rad)
        for radius_m in (_MEAN_RADIUS_M, EARTH_EQUATORIAL_RADIUS_M)
    ]
    return abs(shares[1] - shares[0]) + _DISC_RAD**2 + 0.5e-5


def _closed_form(radius_m: float, altitude_m: float, beta_rad: float) -> float:
    """Share of the turn inside a cylinder of the Earth's radius."""
    leg = math.sqrt(altitude_m**2 + 2.0 * radius_m * altitude_m)
    cosine = leg / ((radius_m + altitude_m) * math.cos(beta_rad))
    return math.acos(cosine) / math.pi if cosine < 1.0 else 0.0

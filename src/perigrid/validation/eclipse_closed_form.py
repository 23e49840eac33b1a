"""Share of a circular orbit in the Earth's shadow against the textbook formula."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from perigrid.base.constants import ASTRONOMICAL_UNIT_M
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
            tolerance=1e-4,
            source=_SOURCE,
            note="tolerance: the square of the solar disc's width (0.0093 rad), by which a cone "
            "and a cylinder differ, and the printed digit",
        )
        for (altitude, beta), published in _PUBLISHED.items()
    ]


def _mean_darkness(altitude_m: float, beta_rad: float) -> float:
    """Mean covered share of the Sun over one turn."""
    angle = np.linspace(0.0, math.tau, _SAMPLES, endpoint=False)
    first = np.array([math.cos(beta_rad), 0.0, -math.sin(beta_rad)])
    second = np.array([0.0, 1.0, 0.0])
    radius_m = _MEAN_RADIUS_M + altitude_m
    position = radius_m * (first[:, None] * np.cos(angle) + second[:, None] * np.sin(angle))
    sun = np.zeros((3, _SAMPLES))
    sun[0] = ASTRONOMICAL_UNIT_M
    lit = illumination(position[:, None], sun, earth_radius_m=_MEAN_RADIUS_M, flattening=0.0)
    return 1.0 - float(lit.mean())

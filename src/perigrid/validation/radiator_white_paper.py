"""Net heat of a radiator plate in a published white paper, and the paper's slip."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.base.constants import (
    ASTRONOMICAL_UNIT_M,
    EARTH_INFRARED_W_M2,
    STEFAN_BOLTZMANN_W_M2_K4,
)
from perigrid.base.units import ZERO_CELSIUS_K
from perigrid.physics.heat import radiator_environment_w
from perigrid.validation.case import Case, compare

_SOURCE: Final = "Starcloud (Lumen Orbit), Why we should train AI in space, white paper (2024)"
_PUBLISHED_W_M2: Final = 633.08
_PLATE_K: Final = ZERO_CELSIUS_K + 20.0
_EMISSIVITY: Final = 0.92
_ABSORPTIVITY: Final = 0.09
_EARTH_VIEW: Final = 0.25
# The paper does not print its solar constant; values in use run from 1361 to 1367 W/m2.
_SOLAR_SPREAD_W_M2: Final = 6.0
_TOLERANCE_W_M2: Final = _SOLAR_SPREAD_W_M2 * _ABSORPTIVITY * (1.0 + 0.3 * _EARTH_VIEW) + 0.005


def radiator_white_paper() -> list[Case]:
    """Compare the net heat of a two-faced plate at 20 C in full sunlight.

    Returns
    -------
    list of Case
        As the paper computes it, and with Earth's infrared absorbed by emissivity.
    """
    slip_w_m2 = _EARTH_VIEW * EARTH_INFRARED_W_M2 * (_EMISSIVITY - _ABSORPTIVITY)
    spread = "tolerance: solar constants from 1361 (ours) to 1367 W/m2, as the paper prints none"
    return [
        compare(
            "radiator plate, Earth infrared by solar absorptivity (as printed)",
            _PUBLISHED_W_M2,
            _net_w_m2(_ABSORPTIVITY),
            tolerance=_TOLERANCE_W_M2,
            source=_SOURCE,
            unit="W/m2",
            note=spread,
        ),
        compare(
            "radiator plate, Earth infrared by emissivity (right)",
            _PUBLISHED_W_M2 - slip_w_m2,
            _net_w_m2(_EMISSIVITY),
            tolerance=_TOLERANCE_W_M2,
            source=_SOURCE + ", less F q (emissivity - absorptivity) by Kirchhoff's law",
            unit="W/m2",
            note=spread + f"; the paper is {slip_w_m2:.0f} W/m2 too high",
        ),
    ]


def _net_w_m2(infrared_absorptivity: float) -> float:
    """Heat a plate of 1 m2 gives away by both faces, with one towards the Sun."""
    absorbed = radiator_environment_w(
        np.array([[[7.0e6]], [[0.0]], [[0.0]]]),
        np.array([[ASTRONOMICAL_UNIT_M], [0.0], [0.0]]),
        np.ones((1, 1)),
        area_m2=1.0,
        emissivity=infrared_absorptivity,
        absorptivity=_ABSORPTIVITY,
        earth_view_factor=_EARTH_VIEW,
        sun_incidence=1.0,
    )
    emitted = 2.0 * _EMISSIVITY * STEFAN_BOLTZMANN_W_M2_K4 * _PLATE_K**4
    return float(emitted - absorbed[0, 0])

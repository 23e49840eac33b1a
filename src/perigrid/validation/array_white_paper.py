"""Size of a 5 GW solar array in a published white paper."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from perigrid.base.constants import ASTRONOMICAL_UNIT_M
from perigrid.physics.power import array_power_w
from perigrid.validation.case import Case, compare

_SOURCE: Final = "Starcloud (Lumen Orbit), Why we should train AI in space, white paper (2024)"
_POWER_W: Final = 5.0e9
_EFFICIENCY: Final = 0.22
_FILL: Final = 0.9


def array_white_paper() -> list[Case]:
    """Compare the side of the square array.

    Returns
    -------
    list of Case
        One.
    """
    one_m2 = array_power_w(
        np.ones((1, 1)),
        np.ones((1, 1)),
        np.array([ASTRONOMICAL_UNIT_M]),
        area_m2=_FILL,
        efficiency=_EFFICIENCY,
        remaining_share=1.0,
    )
    per_m2_w = float(one_m2[0, 0])
    power_gw = per_m2_w * 4000.0**2 / 1e9
    return [
        compare(
            "side of a 5 GW array, 22 %, 90 % filled",
            4.0,
            math.sqrt(_POWER_W / per_m2_w) / 1000.0,
            tolerance=0.5,
            source=_SOURCE,
            unit="km",
            note="tolerance: half the one printed digit; a square of exactly 4 km gives "
            f"{power_gw:.2f} GW, so the printed size is short by {100 * (1 - power_gw / 5):.0f} %",
        )
    ]

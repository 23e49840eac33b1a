"""Array of a satellite that a textbook sizes step by step."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.physics.sizing import HeatRules, StorageRules, size_for_load
from perigrid.validation.case import Case, compare

_SOURCE: Final = (
    "Wertz, Larson (eds.), Space Mission Analysis and Design, 3rd ed. (1999), section 11.4, "
    "FireSat, silicon array"
)
_LOAD_W: Final = 110.0
_ECLIPSE_MIN: Final = 35.3
_DAY_MIN: Final = 63.5
_ECLIPSE_PATH: Final = 0.6
_DAY_PATH: Final = 0.8
_SUNLIGHT_W_M2: Final = 1367.0
_EFFICIENCY: Final = 0.148
_INHERENT: Final = 0.77
_INCIDENCE_RAD: Final = math.radians(23.5)
_LOSS_PER_YEAR: Final = 0.0375
_LIFE_YEARS: Final = 5.0
_STEP_MIN: Final = 0.1
_ORBITS: Final = 3
# The battery may be any size here, and the heat path lets any heat out: only the array is compared.
_STORAGE: Final = StorageRules(0.0, 1.0, _ECLIPSE_PATH / _DAY_PATH, 100.0, 100.0)
_HEAT: Final = HeatRules(1.0e4, 1.0e4, 1.0e4, 1.0, 300.0, 300.0)


def power_sizing() -> list[Case]:
    """Size the array by flying its orbit, and compare with the closed form in print.

    Returns
    -------
    list of Case
        Power of the array while lit, and its area.
    """
    lit = np.tile(_one_orbit(), _ORBITS)[None]
    end_of_life = (
        _SUNLIGHT_W_M2
        * (_EFFICIENCY * _INHERENT * math.cos(_INCIDENCE_RAD))
        * (1.0 - _LOSS_PER_YEAR) ** _LIFE_YEARS
    )
    found = size_for_load(
        _DAY_PATH * end_of_life * lit,
        np.zeros_like(lit),
        _STEP_MIN * 60.0,
        compute_w=_LOAD_W,
        bus_load_w=0.0,
        storage=_STORAGE,
        heat=_HEAT,
    )
    return [
        compare(
            "FireSat array power while lit",
            239.4,
            found.array_area_m2 * end_of_life,
            tolerance=0.05,
            source=_SOURCE,
            unit="W",
            note="tolerance: half the last printed digit",
        ),
        compare(
            "FireSat array area at end of life",
            2.0,
            found.array_area_m2,
            tolerance=0.05,
            source=_SOURCE,
            unit="m2",
            note="tolerance: half the last printed digit",
        ),
    ]


def _one_orbit() -> npt.NDArray[np.float64]:
    """1 in the day, 0 in the eclipse, in steps of a tenth of a minute."""
    return np.repeat([1.0, 0.0], [round(_DAY_MIN / _STEP_MIN), round(_ECLIPSE_MIN / _STEP_MIN)])

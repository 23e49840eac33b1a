"""SGP4 against the published verification vectors of satellite 00005."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from perigrid.base.elements import MeanElements
from perigrid.base.time import Epoch
from perigrid.physics.orbit.propagate import propagate
from perigrid.validation.case import Case, compare

_SOURCE: Final = "Vallado et al., AIAA 2006-6753, verification output of satellite 00005"
_ELEMENTS: Final = MeanElements(
    name="00005",
    norad_id=5,
    epoch=Epoch.from_year_and_day(2000, 179.78495062),
    mean_motion_rad_s=10.82419157 * math.tau / 86_400.0,
    eccentricity=0.1859667,
    inclination_rad=math.radians(34.2682),
    raan_rad=math.radians(348.7242),
    argument_of_perigee_rad=math.radians(331.7664),
    mean_anomaly_rad=math.radians(19.3264),
    bstar=0.28098e-4,
)
_PUBLISHED_KM: Final = {
    0.0: (7022.46529266, -1400.08296755, 0.03995155),
    360.0: (-7154.03120202, -3783.17682504, -3536.19412294),
    720.0: (-7134.59340119, 6531.68641334, 3260.27186483),
    1440.0: (-938.55923943, -6268.18748831, -4294.02924751),
}


def sgp4_vectors() -> list[Case]:
    """Compare positions over a day.

    Returns
    -------
    list of Case
        Distance from each published position, whose published value is 0.
    """
    minutes = np.array(list(_PUBLISHED_KM))
    position, _, _ = propagate([_ELEMENTS], _ELEMENTS.epoch, minutes * 60.0)
    wanted_m = np.array(list(_PUBLISHED_KM.values())).T * 1000.0
    apart_m = np.linalg.norm(position[:, 0] - wanted_m, axis=0)
    return [
        compare(
            f"SGP4, satellite 00005 after {minute:.0f} min",
            0.0,
            distance_m,
            tolerance=1e-3,
            source=_SOURCE,
            unit="m",
            note="tolerance: 1 mm; the vectors are printed to 0.01 mm",
        )
        for minute, distance_m in zip(minutes, apart_m, strict=True)
    ]

"""SGP4 and SDP4 against published verification vectors, near-earth and deep space."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from perigrid.base.elements import MeanElements
from perigrid.base.time import Epoch
from perigrid.physics.orbit.propagate import propagate
from perigrid.validation.case import Case, compare

_SOURCE: Final = "Vallado et al., AIAA 2006-6753, verification output of satellite "
_NOTE: Final = "tolerance: 1 mm; the vectors are printed to 0.01 mm"


def _elements(
    name: str,
    epoch: Epoch,
    motion_and_shape: tuple[float, float],
    angles_deg: tuple[float, float, float, float],
    bstar: float,
) -> MeanElements:
    """Read a set: revolutions a day and eccentricity; inclination, node, perigee, anomaly."""
    revolutions_per_day, eccentricity = motion_and_shape
    inclination, node, perigee, anomaly = (math.radians(angle) for angle in angles_deg)
    return MeanElements(
        name=name,
        norad_id=int(name),
        epoch=epoch,
        mean_motion_rad_s=revolutions_per_day * math.tau / 86_400.0,
        eccentricity=eccentricity,
        inclination_rad=inclination,
        raan_rad=node,
        argument_of_perigee_rad=perigee,
        mean_anomaly_rad=anomaly,
        bstar=bstar,
    )


# Elements, and position in km by the minutes after their epoch.
_PUBLISHED: Final[tuple[tuple[MeanElements, dict[float, tuple[float, float, float]]], ...]] = (
    (
        _elements("00005", Epoch.from_year_and_day(2000, 179.78495062), (10.82419157, 0.1859667),
                  (34.2682, 348.7242, 331.7664, 19.3264), 0.28098e-4),
        {
            0.0: (7022.46529266, -1400.08296755, 0.03995155),
            360.0: (-7154.03120202, -3783.17682504, -3536.19412294),
            720.0: (-7134.59340119, 6531.68641334, 3260.27186483),
            1440.0: (-938.55923943, -6268.18748831, -4294.02924751),
        },
    ),
    # Strong drag.
    (
        _elements("06251", Epoch.from_year_and_day(2006, 176.82412014), (15.56387291, 0.0030035),
                  (58.0579, 54.0425, 139.1568, 221.1854), 0.12808e-3),
        {2880.0: (1159.27802897, 5056.60175495, 4353.49418579)},
    ),
    # Resonance of 12 hours.
    (
        _elements("08195", Epoch.from_year_and_day(2006, 176.33215444), (2.00491383, 0.6877146),
                  (64.1586, 279.0717, 264.7651, 20.2257), 0.11873e-3),
        {
            120.0: (15223.91713658, -17852.95881713, 25280.39558224),
            2880.0: (3417.20931586, -16038.79510665, 1894.74934058),
        },
    ),
    # Resonance of 24 hours.
    (
        _elements("14128", Epoch.from_year_and_day(2006, 176.02844893), (0.98870114, 0.0011562),
                  (11.4384, 35.2134, 26.4582, 333.5652), 0.1e-3),
        {2880.0: (37802.25393045, 19433.57330019, -1198.66634226)},
    ),
)  # fmt: skip


def sgp4_vectors() -> list[Case]:
    """Compare positions over two days.

    Returns
    -------
    list of Case
        Distance from each published position, whose published value is 0.
    """
    return [case for elements, table in _PUBLISHED for case in _satellite(elements, table)]


def _satellite(
    elements: MeanElements, table: dict[float, tuple[float, float, float]]
) -> list[Case]:
    """Compare one satellite."""
    minutes = np.array(list(table))
    position, _, _ = propagate([elements], elements.epoch, minutes * 60.0)
    wanted_m = np.array(list(table.values())).T * 1000.0
    apart_m = np.linalg.norm(position[:, 0] - wanted_m, axis=0)
    return [
        compare(
            f"SGP4, satellite {elements.name} after {minute:.0f} min",
            0.0,
            distance_m,
            tolerance=1e-3,
            source=_SOURCE + elements.name,
            unit="m",
            note=_NOTE,
        )
        for minute, distance_m in zip(minutes, apart_m, strict=True)
    ]

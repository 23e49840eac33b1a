"""Mean elements of many satellites in columns, without an object for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perigrid.base.elements import MeanElements

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ElementArrays:
    """Mean elements of many satellites, a column per element.

    Parameters
    ----------
    jd_midnight, day_s : (n,) float array
        Epochs: Julian date of the preceding midnight [d], seconds after it [s], in UTC.
    mean_motion_rad_s : (n,) float array
        Kozai mean motion [rad/s].
    eccentricity : (n,) float array
        Eccentricity [-].
    inclination_rad, raan_rad, argument_of_perigee_rad, mean_anomaly_rad : (n,) float array
        Angles [rad].
    bstar : (n,) float array
        SGP4 drag term [1/Earth radii].
    """

    jd_midnight: Floats
    day_s: Floats
    mean_motion_rad_s: Floats
    eccentricity: Floats
    inclination_rad: Floats
    raan_rad: Floats
    argument_of_perigee_rad: Floats
    mean_anomaly_rad: Floats
    bstar: Floats

    @classmethod
    def of(cls, elements: Sequence[MeanElements]) -> ElementArrays:
        """Lay elements out in columns.

        Parameters
        ----------
        elements : sequence of MeanElements
            One set per satellite.

        Returns
        -------
        ElementArrays
            In the same order.
        """

        def column(values: list[float]) -> Floats:
            return np.array(values, dtype=np.float64)

        return cls(
            jd_midnight=column([one.epoch.jd_midnight for one in elements]),
            day_s=column([one.epoch.day_s for one in elements]),
            mean_motion_rad_s=column([one.mean_motion_rad_s for one in elements]),
            eccentricity=column([one.eccentricity for one in elements]),
            inclination_rad=column([one.inclination_rad for one in elements]),
            raan_rad=column([one.raan_rad for one in elements]),
            argument_of_perigee_rad=column([one.argument_of_perigee_rad for one in elements]),
            mean_anomaly_rad=column([one.mean_anomaly_rad for one in elements]),
            bstar=column([one.bstar for one in elements]),
        )

    def __len__(self) -> int:
        return len(self.day_s)

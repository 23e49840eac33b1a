"""Mean orbital elements, as published in TLE and OMM: of one object, and of many as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perigrid.base.time import Epoch

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MeanElements:
    """SGP4 mean elements (Kozai mean motion, TEME frame).

    Parameters
    ----------
    name : str
        The object's name.
    norad_id : int
        Catalogue number; 0 for an object that flies only in a scenario.
    epoch : Epoch
        Instant at which the elements hold.
    mean_motion_rad_s : float
        Kozai mean motion [rad/s].
    eccentricity : float
        Eccentricity [-].
    inclination_rad, raan_rad, argument_of_perigee_rad, mean_anomaly_rad : float
        Angles [rad].
    bstar : float
        SGP4 drag term [1/Earth radii].
    """

    name: str
    norad_id: int
    epoch: Epoch
    mean_motion_rad_s: float
    eccentricity: float
    inclination_rad: float
    raan_rad: float
    argument_of_perigee_rad: float
    mean_anomaly_rad: float
    bstar: float = 0.0


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

    def one(self, row: int, name: str) -> MeanElements:
        """Take one object out of the columns.

        Parameters
        ----------
        row : int
            Which.
        name : str
            What to call it.

        Returns
        -------
        MeanElements
            Its elements.
        """
        return MeanElements(
            name=name,
            norad_id=0,
            epoch=Epoch(float(self.jd_midnight[row]), float(self.day_s[row])),
            mean_motion_rad_s=float(self.mean_motion_rad_s[row]),
            eccentricity=float(self.eccentricity[row]),
            inclination_rad=float(self.inclination_rad[row]),
            raan_rad=float(self.raan_rad[row]),
            argument_of_perigee_rad=float(self.argument_of_perigee_rad[row]),
            mean_anomaly_rad=float(self.mean_anomaly_rad[row]),
            bstar=float(self.bstar[row]),
        )

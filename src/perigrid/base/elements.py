"""Mean orbital elements, as published in TLE and OMM: of one object, and of many as columns."""

from __future__ import annotations

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
    """SGP4 mean elements of many objects with one epoch, as columns.

    Parameters
    ----------
    name : str
        Objects are called ``name-0000`` on.
    epoch : Epoch
        Instant at which all elements hold.
    mean_motion_rad_s : (n,) float array
        Kozai mean motion [rad/s].
    eccentricity : (n,) float array
        Eccentricity [-].
    inclination_rad, raan_rad, argument_of_perigee_rad, mean_anomaly_rad : (n,) float array
        Angles [rad].
    bstar : (n,) float array
        SGP4 drag term [1/Earth radii].
    """

    name: str
    epoch: Epoch
    mean_motion_rad_s: Floats
    eccentricity: Floats
    inclination_rad: Floats
    raan_rad: Floats
    argument_of_perigee_rad: Floats
    mean_anomaly_rad: Floats
    bstar: Floats

    def __len__(self) -> int:
        return len(self.mean_motion_rad_s)

    def one(self, row: int) -> MeanElements:
        """Take one object out of the columns.

        Parameters
        ----------
        row : int
            Which.

        Returns
        -------
        MeanElements
            Its elements, with the number of the row in its name.
        """
        return MeanElements(
            name=f"{self.name}-{row:04d}",
            norad_id=0,
            epoch=self.epoch,
            mean_motion_rad_s=float(self.mean_motion_rad_s[row]),
            eccentricity=float(self.eccentricity[row]),
            inclination_rad=float(self.inclination_rad[row]),
            raan_rad=float(self.raan_rad[row]),
            argument_of_perigee_rad=float(self.argument_of_perigee_rad[row]),
            mean_anomaly_rad=float(self.mean_anomaly_rad[row]),
            bstar=float(self.bstar[row]),
        )

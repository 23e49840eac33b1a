"""Mean orbital elements of one object, as published in TLE and OMM."""

from __future__ import annotations

from dataclasses import dataclass

from perigrid.base.time import Epoch


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

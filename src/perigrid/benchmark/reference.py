"""The same satellites and stations for Perigrid and for the libraries it is timed against."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.elements import ElementArrays, MeanElements
from perigrid.base.time import Epoch, julian_midnight
from perigrid.benchmark.development import development_module
from perigrid.physics.orbit.design import walker_arrays, walker_elements

DATE: Final = (2026, 8, 22)
START: Final = Epoch(julian_midnight(*DATE), 0.0)
LARGE_PLANE: Final = 1000
"""Satellites in a plane of the large shell."""
_SGP4_EPOCH_JD: Final = julian_midnight(1949, 12, 31)
_SECONDS_PER_MINUTE: Final = 60.0


def shell(planes: int, satellites_per_plane: int) -> list[MeanElements]:
    """Lay out a Walker shell at 550 km and 53 degrees.

    Parameters
    ----------
    planes, satellites_per_plane : int
        Size.

    Returns
    -------
    list of MeanElements
        Plane by plane.
    """
    return walker_elements(
        "shell",
        planes=planes,
        satellites_per_plane=satellites_per_plane,
        phasing=1,
        altitude_m=550.0e3,
        inclination_rad=math.radians(53.0),
        raan_spread_rad=math.tau,
        first_raan_rad=0.0,
        epoch=START,
    )


def large_shell(planes: int, epoch: Epoch) -> ElementArrays:
    """Lay out a very large Walker shell at 600 km and 60 degrees in columns.

    Parameters
    ----------
    planes : int
        Planes of a thousand satellites.
    epoch : Epoch
        Of all elements.

    Returns
    -------
    ElementArrays
        Plane by plane.
    """
    return walker_arrays(
        planes=planes,
        satellites_per_plane=LARGE_PLANE,
        phasing=1,
        altitude_m=600.0e3,
        inclination_rad=math.radians(60.0),
        raan_spread_rad=math.tau,
        first_raan_rad=0.0,
        epoch=epoch,
    )


def satellite_record(elements: MeanElements) -> Any:  # noqa: ANN401  sgp4 has no types
    """Initialise python-sgp4's own record from mean elements.

    Parameters
    ----------
    elements : MeanElements
        As published.

    Returns
    -------
    sgp4.api.Satrec
        Ready to propagate.
    """
    api = development_module("sgp4.api")
    record = api.Satrec()
    record.sgp4init(
        api.WGS72,
        "i",
        elements.norad_id,
        elements.epoch.jd_midnight - _SGP4_EPOCH_JD + elements.epoch.day_s / SECONDS_PER_DAY,
        elements.bstar,
        0.0,
        0.0,
        elements.eccentricity,
        elements.argument_of_perigee_rad,
        elements.inclination_rad,
        elements.mean_anomaly_rad,
        elements.mean_motion_rad_s * _SECONDS_PER_MINUTE,
        elements.raan_rad,
    )
    return record


def spread_stations(count: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Spread stations over the inhabited latitudes, on a golden-angle spiral.

    Parameters
    ----------
    count : int
        How many.

    Returns
    -------
    latitude_rad, longitude_rad : (count,) float array
        Geodetic [rad].
    """
    rank = (np.arange(count, dtype=np.float64) + 0.5) / count
    latitude = np.arcsin(2.0 * rank - 1.0) * (5.0 / 6.0)
    golden_rad = math.pi * (3.0 - math.sqrt(5.0))
    turned: npt.NDArray[np.float64] = np.arange(count, dtype=np.float64) * golden_rad + math.pi
    return latitude, np.mod(turned, math.tau) - math.pi

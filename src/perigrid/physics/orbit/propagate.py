"""Positions and velocities from mean elements with SGP4/SDP4."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from sgp4.api import WGS72, Satrec

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.elements import MeanElements
from perigrid.base.time import Epoch
from perigrid.base.units import M_PER_KM

Floats = npt.NDArray[np.float64]

_JD_1949_12_31: Final = 2_433_281.5
_SECONDS_PER_MINUTE: Final = 60.0


def propagate(
    elements: Sequence[MeanElements], start: Epoch, t_s: Floats
) -> tuple[Floats, Floats, npt.NDArray[np.uint8]]:
    """Propagate satellites with SGP4 (SDP4 above 225 minutes of period).

    Parameters
    ----------
    elements : sequence of MeanElements
        One set per satellite.
    start : Epoch
        Instant of ``t_s = 0``.
    t_s : (n_times,) float array
        Seconds after ``start`` [s].

    Returns
    -------
    position_teme_m : (3, n_satellites, n_times) float array
        Position in TEME, true equator and mean equinox of date [m].
    velocity_teme_m_s : (3, n_satellites, n_times) float array
        Velocity in TEME [m/s].
    error : (n_satellites, n_times) uint8 array
        SGP4 error code, 0 for none; 6 means decayed. Codes 1 to 5 leave NaN behind.

    Notes
    -----
    Elements are taken as published: WGS 72 constants and the improved mode, which is how TLE and
    OMM sets are made. UTC is used as the time argument, as the publisher does.

    References
    ----------
    .. [1] D. A. Vallado, P. Crawford, R. Hujsak, T. S. Kelso, "Revisiting Spacetrack Report #3",
       AIAA 2006-6753, doi:10.2514/6.2006-6753.
    """
    times = np.asarray(t_s, dtype=np.float64)
    shape = (len(elements), len(times))
    position = np.empty((3, *shape))
    velocity = np.empty((3, *shape))
    error = np.empty(shape, dtype=np.uint8)
    for row, one in enumerate(elements):
        record = _satrec(one)
        # The record holds its epoch as one float, 40 us coarse (0.3 m of motion). Asking for times
        # relative to that same float keeps our exact age of the elements.
        age_days = (start.seconds_since(one.epoch) + times) / SECONDS_PER_DAY
        midnight = np.full(times.shape, record.jdsatepoch)
        code, km, km_s = record.sgp4_array(midnight, record.jdsatepochF + age_days)
        np.multiply(km.T, M_PER_KM, out=position[:, row])
        np.multiply(km_s.T, M_PER_KM, out=velocity[:, row])
        error[row] = code
    return position, velocity, error


def _satrec(elements: MeanElements) -> Satrec:
    """Initialise python-sgp4's record from our elements."""
    # One float of a Julian date, as the library forms it when it reads a TLE: Sun and Moon of the
    # deep-space terms then match the published vectors, which share this rounding of 40 us.
    julian_date = elements.epoch.jd_midnight + elements.epoch.day_s / SECONDS_PER_DAY
    record = Satrec()
    record.sgp4init(
        WGS72,
        "i",
        elements.norad_id,
        julian_date - _JD_1949_12_31,
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

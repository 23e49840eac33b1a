"""Positions and velocities from mean elements with SGP4/SDP4."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from sgp4.api import WGS72, Satrec, SatrecArray

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.elements import MeanElements
from perigrid.base.time import Epoch
from perigrid.base.units import M_PER_KM

Floats = npt.NDArray[np.float64]

_JD_1949_12_31: Final = 2_433_281.5
_SECONDS_PER_MINUTE: Final = 60.0
_TLE_EPOCH_STEPS_PER_DAY: Final = 1.0e8
# Bounds the library's own (satellite, time, 3) arrays to about 100 MB.
_STATES_PER_CHUNK: Final = 2_000_000


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
    jd, fraction = start.julian_dates(times)
    shape = (len(elements), len(times))
    position = np.empty((3, *shape))
    velocity = np.empty((3, *shape))
    error = np.empty(shape, dtype=np.uint8)
    chunk = max(1, _STATES_PER_CHUNK // max(1, len(times)))
    for first in range(0, len(elements), chunk):
        rows = slice(first, min(first + chunk, len(elements)))
        satellites = SatrecArray([_satrec(one) for one in elements[rows]])
        code, km, km_s = satellites.sgp4(jd, fraction)
        np.multiply(km.transpose(2, 0, 1), M_PER_KM, out=position[:, rows])
        np.multiply(km_s.transpose(2, 0, 1), M_PER_KM, out=velocity[:, rows])
        error[rows] = code
    return position, velocity, error


def _satrec(elements: MeanElements) -> Satrec:
    """Initialise python-sgp4's record from our elements."""
    record = Satrec()
    record.sgp4init(
        WGS72,
        "i",
        elements.norad_id,
        _days_since_1949(elements.epoch),
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


def _days_since_1949(epoch: Epoch) -> float:
    """Days since 1949-12-31 00:00, on the exact decimal where the epoch came from a TLE."""
    # A float of days resolves 0.3 us (2 mm of motion). python-sgp4 recovers the exact value where
    # the float is the nearest one to eight decimals of a day, so rounding noise is removed here.
    days = epoch.jd_midnight - _JD_1949_12_31
    fraction = epoch.day_s / SECONDS_PER_DAY
    decimal = round(fraction * _TLE_EPOCH_STEPS_PER_DAY) / _TLE_EPOCH_STEPS_PER_DAY
    if abs(fraction - decimal) * SECONDS_PER_DAY < 1.0e-8:
        return round((days + decimal) * _TLE_EPOCH_STEPS_PER_DAY) / _TLE_EPOCH_STEPS_PER_DAY
    return float(days + fraction)

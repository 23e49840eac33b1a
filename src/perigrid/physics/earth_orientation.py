"""UT1 and the pole between the days of a table, and the pole applied to Earth-fixed vectors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.earth_orientation import EarthOrientation
from perigrid.base.time import Epoch
from perigrid.physics.compiled import compiled

Floats = npt.NDArray[np.float64]

_MJD_ZERO_JD: Final = 2_400_000.5


@dataclass(frozen=True, slots=True)
class OrientationAt:
    """Earth orientation at each time of a grid.

    Parameters
    ----------
    ut1_minus_utc_s : (n_times,) float array
        For :func:`perigrid.physics.frames.gmst_rad` [s].
    x_pole_rad, y_pole_rad : (n_times,) float array
        For :func:`polar_motion` [rad].
    """

    ut1_minus_utc_s: Floats
    x_pole_rad: Floats
    y_pole_rad: Floats


def orientation_at(table: EarthOrientation, start: Epoch, t_s: Floats) -> OrientationAt:
    """Interpolate a table of daily values.

    Parameters
    ----------
    table : EarthOrientation
        At least two days.
    start : Epoch
        Instant of ``t_s = 0``.
    t_s : (n_times,) float array
        Seconds after ``start`` [s].

    Returns
    -------
    OrientationAt
        One value per time.

    Raises
    ------
    ValueError
        If a time lies outside the table.

    Notes
    -----
    Linear, on UT1 less a clock without leap seconds; the leap second of the day is put back after.
    The fortnightly tide bends UT1 by 0.02 ms within a day (1 cm at the equator). The tides of the
    ocean within a day, up to 0.05 ms and 1 milli arc second (3 cm), are not in such tables.
    """
    days = np.array(table.mjd_utc)
    times = np.asarray(t_s, dtype=np.float64)
    mjd = (start.jd_midnight - _MJD_ZERO_JD) + (start.day_s + times) / SECONDS_PER_DAY
    if mjd.size and not (days[0] <= mjd.min() and mjd.max() <= days[-1]):
        raise ValueError(
            f"the Earth orientation table covers MJD {days[0]:g} to {days[-1]:g}, "
            f"not {mjd.min():.2f} to {mjd.max():.2f}"
        )
    ut1 = np.array(table.ut1_minus_utc_s)
    # UT1 drifts by milliseconds a day: more than half a second from row to row is a leap second.
    leaps = np.concatenate([[0.0], np.cumsum(np.rint(np.diff(ut1)))])
    day = np.clip(np.searchsorted(days, mjd, side="right") - 1, 0, len(days) - 1)
    return OrientationAt(
        ut1_minus_utc_s=np.interp(mjd, days, ut1 - leaps) + leaps[day],
        x_pole_rad=np.interp(mjd, days, np.array(table.x_pole_rad)),
        y_pole_rad=np.interp(mjd, days, np.array(table.y_pole_rad)),
    )


def polar_motion(vector: Floats, x_pole_rad: Floats, y_pole_rad: Floats) -> None:
    """Turn vectors in place from the axis of rotation to the axis of the crust (ITRF).

    Parameters
    ----------
    vector : (3, ..., n_times) float array
        Earth-fixed components without polar motion, any unit; C-contiguous, overwritten.
    x_pole_rad, y_pole_rad : (n_times,) float array
        From :func:`orientation_at` [rad].

    Raises
    ------
    ValueError
        If the array is not C-contiguous.

    Notes
    -----
    ``R1(-y) R2(-x)``. The terrestrial intermediate origin's drift, 0.01 milli arc seconds now
    (0.3 mm), is left out.

    References
    ----------
    .. [1] G. Petit, B. Luzum (eds.), IERS Conventions (2010), Technical Note 36, section 5.4.1.
    """
    if not vector.flags.c_contiguous:
        raise ValueError("polar motion is applied in place to C-contiguous arrays only")
    stacked = vector.reshape(3, math.prod(vector.shape[1:-1]), vector.shape[-1])
    _tilt(stacked, np.cos(x_pole_rad), np.sin(x_pole_rad), np.cos(y_pole_rad), np.sin(y_pole_rad))


@compiled(nogil=True, fastmath={"contract"})
def _tilt(vector: Floats, cos_x: Floats, sin_x: Floats, cos_y: Floats, sin_y: Floats) -> None:
    """Turn about the second axis by -x, then about the first by -y."""
    for row in range(vector.shape[1]):
        for k in range(cos_x.shape[0]):
            a, b, c = vector[0, row, k], vector[1, row, k], vector[2, row, k]
            vector[0, row, k] = cos_x[k] * a + sin_x[k] * c
            c = cos_x[k] * c - sin_x[k] * a
            vector[1, row, k] = cos_y[k] * b - sin_y[k] * c
            vector[2, row, k] = cos_y[k] * c + sin_y[k] * b

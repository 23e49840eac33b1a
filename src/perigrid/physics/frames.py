"""TEME to Earth-fixed, and Earth-fixed to latitude, longitude and height."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import (
    EARTH_EQUATORIAL_RADIUS_M,
    EARTH_FLATTENING,
    EARTH_ROTATION_RAD_S,
    J2000_JD,
    SECONDS_PER_DAY,
)
from perigrid.base.time import Epoch
from perigrid.physics.arctangent import arctangent
from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import KERNEL, compiled

Floats = npt.NDArray[np.float64]

_DAYS_PER_CENTURY: Final = 36_525.0
_POLAR_RADIUS_M: Final = EARTH_EQUATORIAL_RADIUS_M * (1.0 - EARTH_FLATTENING)
_ECCENTRICITY_SQUARED: Final = EARTH_FLATTENING * (2.0 - EARTH_FLATTENING)
_SECOND_ECCENTRICITY_SQUARED: Final = _ECCENTRICITY_SQUARED / (1.0 - _ECCENTRICITY_SQUARED)
_STATES_PER_THREAD: Final = 50_000


def gmst_rad(start: Epoch, t_s: Floats, ut1_minus_utc_s: float | Floats = 0.0) -> Floats:
    """Greenwich mean sidereal time, IAU 1982.

    Parameters
    ----------
    start : Epoch
        Instant of ``t_s = 0``.
    t_s : (n_times,) float array
        Seconds after ``start`` [s].
    ut1_minus_utc_s : float or (n_times,) float array
        From :func:`perigrid.physics.earth_orientation.orientation_at`; 0 lets UTC stand in for
        UT1 [s].

    Returns
    -------
    (n_times,) float array
        Angle in 0 to 2 pi [rad].

    Notes
    -----
    UT1 and UTC differ by less than 0.9 s by definition of UTC (below 0.1 s through 2024 to 2026).
    Left out, this turns the Earth by up to 420 m at the equator.

    References
    ----------
    .. [1] S. Aoki et al., "The new definition of universal time", Astronomy and Astrophysics 105,
       359 (1982).
    """
    times = np.asarray(t_s, dtype=np.float64)
    seconds = start.day_s + times + ut1_minus_utc_s
    midnight_days = start.jd_midnight - J2000_JD
    centuries = (midnight_days + seconds / SECONDS_PER_DAY) / _DAYS_PER_CENTURY
    # 876600 h per century is one turn a day: kept apart, so that no large number loses digits.
    turns_s = ((midnight_days % 1.0) * SECONDS_PER_DAY + seconds) % SECONDS_PER_DAY
    sidereal_s = (
        67_310.548_41
        + turns_s
        + centuries * (8_640_184.812_866 + centuries * (0.093_104 - 6.2e-6 * centuries))
    )
    angle: Floats = (sidereal_s % SECONDS_PER_DAY) * (math.tau / SECONDS_PER_DAY)
    return angle


def teme_to_ecef(vector: Floats, gmst_rad: Floats, out: Floats | None = None) -> Floats:
    """Turn vectors from TEME to Earth-fixed axes.

    Parameters
    ----------
    vector : (3, ..., n_times) float array
        Components in TEME, any unit.
    gmst_rad : (n_times,) float array
        Greenwich mean sidereal time [rad].
    out : (3, ..., n_times) float array, optional
        C-contiguous; written and returned, instead of a new array. May be ``vector`` itself.

    Returns
    -------
    (3, ..., n_times) float array
        Components in the Earth-fixed frame, without polar motion (below 15 m on the ground; see
        :func:`perigrid.physics.earth_orientation.polar_motion`).
    """
    source, turned = _stacked(vector), _buffer(vector.shape, out)
    target = _stacked(turned)
    cosine, sine = np.cos(gmst_rad), np.sin(gmst_rad)
    over_ranges(
        lambda first, stop: _turn_rows(source, cosine, sine, target, first, stop),
        source.shape[1],
        _smallest(source),
    )
    return turned


def teme_to_ecef_state(
    position_teme_m: Floats,
    velocity_teme_m_s: Floats,
    gmst_rad: Floats,
    out: tuple[Floats, Floats] | None = None,
) -> tuple[Floats, Floats]:
    """Turn positions and velocities from TEME to the turning Earth, in one pass.

    Parameters
    ----------
    position_teme_m, velocity_teme_m_s : (3, ..., n_times) float array
        State in TEME [m, m/s].
    gmst_rad : (n_times,) float array
        Greenwich mean sidereal time [rad].
    out : pair of (3, ..., n_times) float arrays, optional
        C-contiguous; written and returned, instead of new arrays. May be the inputs themselves.

    Returns
    -------
    position_ecef_m, velocity_ecef_m_s : (3, ..., n_times) float array
        Earth-fixed position ``R r``, and velocity ``R v - omega x (R r)`` [m, m/s].
    """
    position, velocity = _stacked(position_teme_m), _stacked(velocity_teme_m_s)
    given = (None, None) if out is None else out
    fixed = _buffer(position_teme_m.shape, given[0])
    moving = _buffer(velocity_teme_m_s.shape, given[1])
    targets = _stacked(fixed), _stacked(moving)
    cosine, sine = np.cos(gmst_rad), np.sin(gmst_rad)
    over_ranges(
        lambda first, stop: _turn_state_rows(
            position, velocity, cosine, sine, *targets, first, stop
        ),
        position.shape[1],
        _smallest(position),
    )
    return fixed, moving


def ecef_velocity(position_ecef_m: Floats, velocity_teme_m_s: Floats, gmst_rad: Floats) -> Floats:
    """Velocity as seen from the turning Earth.

    Parameters
    ----------
    position_ecef_m : (3, ..., n_times) float array
        Earth-fixed position [m].
    velocity_teme_m_s : (3, ..., n_times) float array
        Velocity in TEME [m/s].
    gmst_rad : (n_times,) float array
        Greenwich mean sidereal time [rad].

    Returns
    -------
    (3, ..., n_times) float array
        ``R v - omega x r`` [m/s].
    """
    velocity = teme_to_ecef(velocity_teme_m_s, gmst_rad)
    velocity[0] += EARTH_ROTATION_RAD_S * position_ecef_m[1]
    velocity[1] -= EARTH_ROTATION_RAD_S * position_ecef_m[0]
    return velocity


def geodetic_to_ecef(latitude_rad: Floats, longitude_rad: Floats, height_m: Floats) -> Floats:
    """Earth-fixed position of points given on the WGS 84 ellipsoid.

    Parameters
    ----------
    latitude_rad, longitude_rad : (n,) float array
        Geodetic latitude and longitude [rad].
    height_m : (n,) float array
        Height above the ellipsoid [m].

    Returns
    -------
    (3, n) float array
        Position [m].
    """
    up = up_vector(latitude_rad, longitude_rad)
    normal_m = EARTH_EQUATORIAL_RADIUS_M / np.sqrt(1.0 - _ECCENTRICITY_SQUARED * up[2] ** 2)
    position: Floats = up * (normal_m + height_m)
    position[2] = (normal_m * (1.0 - _ECCENTRICITY_SQUARED) + height_m) * up[2]
    return position


def ecef_to_geodetic(
    position_ecef_m: Floats, out: tuple[Floats, Floats, Floats] | None = None
) -> tuple[Floats, Floats, Floats]:
    """Latitude, longitude and height above the WGS 84 ellipsoid.

    Parameters
    ----------
    position_ecef_m : (3, ...) float array
        Earth-fixed position [m], not within 100 km of the Earth's centre.
    out : three (...) float arrays, optional
        C-contiguous; written and returned, instead of new arrays.

    Returns
    -------
    latitude_rad, longitude_rad : (...) float array
        Geodetic latitude, and longitude in -pi to pi [rad].
    height_m : (...) float array
        Height above the ellipsoid [m].

    Notes
    -----
    Bowring's formula, once from his improved parametric latitude and once more from its own
    result, without trigonometry in between: below 10 nm from 1000 km deep to beyond geostationary
    height. The poles and the equator are exact.

    References
    ----------
    .. [1] B. R. Bowring, "Transformation from spatial to geographical coordinates", Survey Review
       23, 323 (1976), doi:10.1179/sre.1976.23.181.323.
    .. [2] B. R. Bowring, "The accuracy of geodetic latitude and height equations", Survey Review
       28, 202 (1985), doi:10.1179/sre.1985.28.218.202.
    """
    shape = position_ecef_m.shape[1:]
    flat = np.ascontiguousarray(position_ecef_m, dtype=np.float64).reshape(3, -1)
    found = [_buffer(shape, one) for one in out or (None, None, None)]
    columns = [one.reshape(-1) for one in found]
    over_ranges(
        lambda first, stop: _geodetic(*(one[first:stop] for one in (*flat, *columns))),
        flat.shape[1],
        _STATES_PER_THREAD,
    )
    return found[0], found[1], found[2]


def up_vector(latitude_rad: Floats, longitude_rad: Floats) -> Floats:
    """Outward normal of the ellipsoid, the local vertical.

    Parameters
    ----------
    latitude_rad, longitude_rad : (n,) float array
        Geodetic latitude and longitude [rad].

    Returns
    -------
    (3, n) float array
        Unit vectors in the Earth-fixed frame.
    """
    cosine = np.cos(latitude_rad)
    return np.stack(
        [cosine * np.cos(longitude_rad), cosine * np.sin(longitude_rad), np.sin(latitude_rad)]
    )


def _buffer(shape: tuple[int, ...], out: Floats | None) -> Floats:
    """Give the array to write, of which a contiguous view is taken."""
    if out is None:
        return np.empty(shape)
    if not out.flags.c_contiguous or out.shape != shape or out.dtype != np.float64:
        raise ValueError(f"the array to write must be C-contiguous float64 of shape {shape}")
    return out


def _stacked(vector: Floats) -> Floats:
    """View as (3, rows, n_times); copies only what is not contiguous."""
    rows = math.prod(vector.shape[1:-1])
    return np.ascontiguousarray(vector, dtype=np.float64).reshape(3, rows, vector.shape[-1])


def _smallest(stacked: Floats) -> int:
    """Fewest rows worth a thread."""
    return int(_STATES_PER_THREAD // max(1, stacked.shape[2]) + 1)


@compiled(**KERNEL, fastmath={"contract"})
def _turn_rows(
    vector: Floats, cosine: Floats, sine: Floats, turned: Floats, first: int, stop: int
) -> None:
    """Turn rows about the third axis."""
    for row in range(first, stop):
        for k in range(cosine.shape[0]):
            x, y = vector[0, row, k], vector[1, row, k]
            turned[0, row, k] = cosine[k] * x + sine[k] * y
            turned[1, row, k] = cosine[k] * y - sine[k] * x
            turned[2, row, k] = vector[2, row, k]


@compiled(**KERNEL, fastmath={"contract"})
def _turn_state_rows(
    position: Floats,
    velocity: Floats,
    cosine: Floats,
    sine: Floats,
    fixed: Floats,
    moving: Floats,
    first: int,
    stop: int,
) -> None:
    """Turn rows of states about the third axis and take off the Earth's own motion."""
    for row in range(first, stop):
        for k in range(cosine.shape[0]):
            x, y = position[0, row, k], position[1, row, k]
            u, v = velocity[0, row, k], velocity[1, row, k]
            east = cosine[k] * x + sine[k] * y
            north = cosine[k] * y - sine[k] * x
            fixed[0, row, k] = east
            fixed[1, row, k] = north
            fixed[2, row, k] = position[2, row, k]
            moving[0, row, k] = cosine[k] * u + sine[k] * v + EARTH_ROTATION_RAD_S * north
            moving[1, row, k] = cosine[k] * v - sine[k] * u - EARTH_ROTATION_RAD_S * east
            moving[2, row, k] = velocity[2, row, k]


@compiled(**KERNEL, fastmath={"contract"})
def _geodetic(
    x_m: Floats, y_m: Floats, z_m: Floats, latitude: Floats, longitude: Floats, height: Floats
) -> None:
    """Latitude, longitude and height of contiguous points."""
    for k in range(x_m.shape[0]):
        x, y, z = x_m[k], y_m[k], z_m[k]
        p2 = x * x + y * y
        p = math.sqrt(p2)
        r = math.sqrt(p2 + z * z)
        # Parametric latitude as a direction, so that the poles divide by nothing small.
        up = _POLAR_RADIUS_M * z * (r + _SECOND_ECCENTRICITY_SQUARED * _POLAR_RADIUS_M)
        away = EARTH_EQUATORIAL_RADIUS_M * p * r
        for _ in range(2):
            scale = 1.0 / math.sqrt(up * up + away * away)
            sine, cosine = up * scale, away * scale
            north = z + _SECOND_ECCENTRICITY_SQUARED * _POLAR_RADIUS_M * (sine * sine * sine)
            out = p - _ECCENTRICITY_SQUARED * EARTH_EQUATORIAL_RADIUS_M * (cosine * cosine * cosine)
            up, away = (1.0 - EARTH_FLATTENING) * north, out
        scale = 1.0 / math.sqrt(north * north + out * out)
        sine, cosine = north * scale, out * scale
        latitude[k] = arctangent(north, out)
        longitude[k] = arctangent(y, x)
        height[k] = (
            p * cosine
            + z * sine
            - EARTH_EQUATORIAL_RADIUS_M * math.sqrt(1.0 - _ECCENTRICITY_SQUARED * sine * sine)
        )

"""Numerical motion in the field of an oblate Earth: the reference for the closed forms."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, EARTH_J2, EARTH_MU_M3_S2

Floats = npt.NDArray[np.float64]

_RELATIVE_TOLERANCE: Final = 1.0e-12
_ABSOLUTE_TOLERANCE_M: Final = 1.0e-6


def propagate_j2(position_m: Floats, velocity_m_s: Floats, t_s: Floats) -> tuple[Floats, Floats]:
    """Integrate point masses in the Earth's central field and its second zonal harmonic.

    Parameters
    ----------
    position_m : (3, n) float array
        Positions at ``t_s = 0`` in an inertial frame whose z is the Earth's axis [m].
    velocity_m_s : (3, n) float array
        Velocities [m/s].
    t_s : (n_times,) float array
        Ascending times from 0 on [s].

    Returns
    -------
    position_m : (3, n, n_times) float array
        Positions [m].
    velocity_m_s : (3, n, n_times) float array
        Velocities [m/s].

    Notes
    -----
    Explicit Runge-Kutta of order 8 (DOP853), relative tolerance 1e-12; all satellites share the
    step, so their differences are good to micrometres over a day.

    References
    ----------
    .. [1] E. Hairer, S. P. Norsett, G. Wanner, Solving Ordinary Differential Equations I (1993),
       section II.5, doi:10.1007/978-3-540-78862-1.
    """
    # Imported here: a tenth of a second that only checks of the closed forms spend.
    from scipy.integrate import solve_ivp  # noqa: PLC0415

    count = position_m.shape[1]
    start = np.concatenate([position_m.ravel(), velocity_m_s.ravel()])
    times = np.asarray(t_s, dtype=np.float64)

    def rate(_: float, state: Floats) -> Floats:
        place = state[: 3 * count].reshape(3, count)
        return np.concatenate([state[3 * count :], gravity_j2_m_s2(place).ravel()])

    found = solve_ivp(
        rate,
        (0.0, float(times[-1])),
        start,
        method="DOP853",
        t_eval=times,
        rtol=_RELATIVE_TOLERANCE,
        atol=_ABSOLUTE_TOLERANCE_M,
    )
    path: Floats = found.y.reshape(2, 3, count, len(times))
    return path[0], path[1]


def gravity_j2_m_s2(position_m: Floats) -> Floats:
    """Acceleration by the central field and J2.

    Parameters
    ----------
    position_m : (3, ...) float array
        Positions, z along the Earth's axis [m].

    Returns
    -------
    (3, ...) float array
        Acceleration [m/s2].

    References
    ----------
    .. [1] D. A. Vallado, Fundamentals of Astrodynamics and Applications, 4th ed. (2013), 8.7.1.
    """
    square = np.sum(position_m * position_m, axis=0)
    central = -EARTH_MU_M3_S2 / (square * np.sqrt(square))
    flattening = 1.5 * EARTH_J2 * EARTH_EQUATORIAL_RADIUS_M**2 / square
    polar = 5.0 * position_m[2] ** 2 / square
    pull: Floats = central * position_m * (1.0 + flattening * (1.0 - polar))
    pull[2] += central * position_m[2] * flattening * 2.0
    return pull


def energy_j_kg(position_m: Floats, velocity_m_s: Floats) -> Floats:
    """Orbital energy per mass with J2, which the motion keeps.

    Parameters
    ----------
    position_m : (3, ...) float array
        Positions, z along the Earth's axis [m].
    velocity_m_s : (3, ...) float array
        Velocities [m/s].

    Returns
    -------
    (...) float array
        Kinetic plus potential energy [J/kg].
    """
    square = np.sum(position_m * position_m, axis=0)
    polar = 3.0 * position_m[2] ** 2 / square - 1.0
    flattening = 0.5 * EARTH_J2 * EARTH_EQUATORIAL_RADIUS_M**2 / square * polar
    kinetic = 0.5 * np.sum(velocity_m_s * velocity_m_s, axis=0)
    energy: Floats = kinetic - EARTH_MU_M3_S2 / np.sqrt(square) * (1.0 - flattening)
    return energy

"""What air drag does to an orbit: decay, lifetime, and the velocity change that makes up for it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import (
    EARTH_EQUATORIAL_RADIUS_M,
    EARTH_FLATTENING,
    EARTH_MU_M3_S2,
    EARTH_ROTATION_RAD_S,
    TROPICAL_YEAR_S,
)
from perigrid.physics.atmosphere import Air

Floats = npt.NDArray[np.float64]

REENTRY_ALTITUDE_M: Final = 120e3
"""Mean perigee height at which an orbit is over: what is left lasts hours."""

_PERIGEE_TURNS: Final = 4  # mean over the place of the perigee, which drifts round in months
_FEWEST_NODES: Final = 8
_STEP_SHARE: Final = 0.25  # of a scale height: density changes by 28 %, the error by 1e-4
_SHRINK_SHARE: Final = 0.1  # of the distance from the axis to the focus
_LONGEST_S: Final = 2_000.0 * TROPICAL_YEAR_S
_STILL_M: Final = 1.0  # an orbit that sinks by less in the longest time stays where it is


@dataclass(frozen=True, slots=True)
class Decay:
    """How orbits end.

    Parameters
    ----------
    lifetime_s : (n,) float array
        Time until the mean perigee is at the altitude of re-entry; infinite if longer than
        2,000 years [s].
    end_axis_m : (n,) float array
        Semi-major axis when the time was up, or at re-entry [m].
    end_eccentricity : (n,) float array
        Eccentricity then [-].
    """

    lifetime_s: Floats
    end_axis_m: Floats
    end_eccentricity: Floats


def drag_area_m2_kg(mass_kg: float, area_m2: float, drag_coefficient: float) -> float:
    """Drag area per mass, the inverse of the ballistic coefficient.

    Parameters
    ----------
    mass_kg : float
        Mass [kg].
    area_m2 : float
        Mean area across the velocity [m2].
    drag_coefficient : float
        About 2.2 for a compact satellite in free molecular flow [-].

    Returns
    -------
    float
        ``C_d A / m`` [m2/kg].
    """
    return drag_coefficient * area_m2 / mass_kg


def decay_rates(
    axis_m: Floats,
    eccentricity: Floats,
    inclination_rad: Floats,
    area_m2_kg: Floats,
    air: Air,
    t_s: Floats | None = None,
) -> tuple[Floats, Floats]:
    """Mean rates at which drag shrinks and rounds orbits.

    Parameters
    ----------
    axis_m : (n,) float array
        Semi-major axis [m].
    eccentricity : (n,) float array
        Eccentricity [-].
    inclination_rad : (n,) float array
        Inclination [rad].
    area_m2_kg : (n,) float array
        Drag area per mass, see :func:`drag_area_m2_kg` [m2/kg].
    air : Air
        Density by altitude.
    t_s : (n,) float array, optional
        Time for air that changes, 0 if left out [s].

    Returns
    -------
    axis_rate_m_s : (n,) float array
        Mean of ``da/dt``, negative [m/s].
    eccentricity_rate_s : (n,) float array
        Mean of ``de/dt`` [1/s].

    Notes
    -----
    For a circular orbit in air at rest ``da/dt = -rho v a C_d A / m``. Here Gauss's equations are
    averaged over the orbit by the midpoint rule in the eccentric anomaly and over the place of
    the perigee, with height above the ellipsoid and air that turns with the Earth.

    References
    ----------
    .. [1] D. King-Hele, Satellite Orbits in an Atmosphere: Theory and Applications (1987),
       chapters 3 and 4.
    """
    columns = (np.atleast_1d(np.asarray(a, dtype=np.float64)) for a in (axis_m, eccentricity))
    axis, e = (column[:, None, None] for column in columns)
    tilt = np.cos(np.atleast_1d(inclination_rad))[:, None, None]
    time = np.zeros_like(axis) if t_s is None else np.atleast_1d(t_s)[:, None, None]
    cosine, sine = _nodes(float(np.max(axis * e)))
    near = 1.0 - e * cosine
    forward = (cosine - e) / near
    to_side = np.sqrt(1.0 - e * e) * sine / near
    turn = (np.arange(_PERIGEE_TURNS) * (math.pi / _PERIGEE_TURNS))[None, None, :]
    latitude = (1.0 - tilt**2) * (to_side * np.cos(turn) + forward * np.sin(turn)) ** 2
    radius = axis * near
    height = radius - EARTH_EQUATORIAL_RADIUS_M * (1.0 - EARTH_FLATTENING * latitude)
    speed2 = EARTH_MU_M3_S2 / axis * (1.0 + e * cosine) / near
    carried = EARTH_ROTATION_RAD_S * np.sqrt(EARTH_MU_M3_S2 * axis * (1.0 - e * e)) * tilt
    wind2 = speed2 - 2.0 * carried + (EARTH_ROTATION_RAD_S * radius) ** 2 * (1.0 - latitude)
    # Force along the velocity, times the velocity, per mass and over (mu / 2); weight dM / dE.
    push = air.density_kg_m3(height, time) * np.sqrt(wind2) * (speed2 - carried) * near
    area = np.atleast_1d(area_m2_kg)
    axis_rate = -area * np.mean(push * axis**2, axis=(1, 2)) / EARTH_MU_M3_S2
    round_rate = -area * np.mean(push / speed2 * (e + forward), axis=(1, 2))
    return axis_rate, round_rate


def drag_delta_v_m_s_per_year(
    altitude_m: Floats, inclination_rad: Floats, area_m2_kg: Floats, air: Air
) -> Floats:
    """Velocity change per year that holds circular orbits against drag.

    Parameters
    ----------
    altitude_m : (n,) float array
        Semi-major axis above the equatorial radius [m].
    inclination_rad : (n,) float array
        Inclination [rad].
    area_m2_kg : (n,) float array
        Drag area per mass [m2/kg].
    air : Air
        Density by altitude.

    Returns
    -------
    (n,) float array
        ``-da/dt v / (2 a)`` over a year; 0 where the air turns faster than the orbit
        [m/s/year].
    """
    axis = EARTH_EQUATORIAL_RADIUS_M + np.atleast_1d(np.asarray(altitude_m, dtype=np.float64))
    rate, _ = decay_rates(axis, np.zeros_like(axis), inclination_rad, area_m2_kg, air)
    hold = -rate * np.sqrt(EARTH_MU_M3_S2 / axis) / (2.0 * axis) * TROPICAL_YEAR_S
    return np.maximum(hold, 0.0)


def decay(
    axis_m: Floats,
    eccentricity: Floats,
    inclination_rad: Floats,
    area_m2_kg: Floats,
    air: Air,
    *,
    start_s: float | Floats = 0.0,
    until_s: float = math.inf,
    floor_m: float = REENTRY_ALTITUDE_M,
) -> Decay:
    """Follow orbits until they re-enter.

    Parameters
    ----------
    axis_m : (n,) float array
        Semi-major axis [m].
    eccentricity : (n,) float array
        Eccentricity [-].
    inclination_rad : (n,) float array
        Inclination [rad].
    area_m2_kg : (n,) float array
        Drag area per mass [m2/kg].
    air : Air
        Density by altitude and time.
    start_s : float or (n,) float array
        Time in the air's history at which each orbit begins [s].
    until_s : float
        How long to follow an orbit [s].
    floor_m : float
        Height of the mean perigee above the equatorial radius at which an orbit counts as over
        [m].

    Returns
    -------
    Decay
        Lifetimes, and the orbits at their end.

    Notes
    -----
    Time and eccentricity are integrated over the shrinking axis by Runge-Kutta of order 4, in
    steps of a quarter of a scale height; halving the steps changes lifetimes by less than 1e-3.
    Drag only: no pull of Sun and Moon (which can raise and lower perigees of long orbits), no
    radiation pressure.

    References
    ----------
    .. [1] D. King-Hele, Satellite Orbits in an Atmosphere: Theory and Applications (1987).
    """
    state = _State(axis_m, eccentricity, inclination_rad, area_m2_kg, air)
    state.time_s += start_s
    limit_s = state.time_s + min(until_s, _LONGEST_S)
    going = (state.perigee_m() > floor_m) & ~state.still()
    while np.any(going):
        rows = np.flatnonzero(going)
        state.step(rows, floor_m, limit_s[rows])
        going[rows] = (state.perigee_m()[rows] > floor_m) & (state.time_s[rows] < limit_s[rows])
    fallen = state.perigee_m() <= floor_m
    lifetime = np.where(fallen, state.time_s - start_s, np.inf)
    return Decay(lifetime, state.axis_m, state.eccentricity)


class _State:
    """Orbits on their way down."""

    def __init__(
        self,
        axis_m: Floats,
        eccentricity: Floats,
        inclination_rad: Floats,
        area_m2_kg: Floats,
        air: Air,
    ) -> None:
        columns = np.broadcast_arrays(
            *(np.atleast_1d(a) for a in (axis_m, eccentricity, inclination_rad, area_m2_kg))
        )
        self.axis_m, self.eccentricity, self._tilt, self._area = (
            np.array(column, dtype=np.float64) for column in columns
        )
        self.time_s = np.zeros_like(self.axis_m)
        self._air = air

    def perigee_m(self) -> Floats:
        """Height of the perigee above the equatorial radius [m]."""
        height: Floats = self.axis_m * (1.0 - self.eccentricity) - EARTH_EQUATORIAL_RADIUS_M
        return height

    def still(self) -> npt.NDArray[np.bool_]:
        """Tell where there is next to no air, so that the rate may be 0."""
        everyone = np.arange(len(self.axis_m))
        rate, _ = self._rates(everyone, self.axis_m, self.eccentricity, self.time_s)
        still: npt.NDArray[np.bool_] = -rate * _LONGEST_S < _STILL_M
        return still

    def step(self, rows: npt.NDArray[np.int64], floor_m: float, limit_s: Floats) -> None:
        """Shrink the axes of some orbits by one step."""
        axis, e, time = self.axis_m[rows], self.eccentricity[rows], self.time_s[rows]
        slope_e, slope_t, rate = self._slopes(rows, axis, e, time)
        step = _STEP_SHARE * self._scale_height_m(rows) + _SHRINK_SHARE * axis * e
        step = np.minimum(step, -rate * self._air.longest_step_s(time))
        # Do not run past the end: the perigee falls at d(a (1 - e))/da.
        fall = np.maximum(1.0 - e - axis * slope_e, 1.0e-6)
        left = (self.perigee_m()[rows] - floor_m) / fall
        step = -np.minimum(np.minimum(step, left * (1.0 + 1.0e-6) + 1.0), -rate * (limit_s - time))
        k2_e, k2_t, _ = self._slopes(
            rows, axis + step / 2.0, e + slope_e * step / 2.0, time + slope_t * step / 2.0
        )
        k3_e, k3_t, _ = self._slopes(
            rows, axis + step / 2.0, e + k2_e * step / 2.0, time + k2_t * step / 2.0
        )
        k4_e, k4_t, _ = self._slopes(rows, axis + step, e + k3_e * step, time + k3_t * step)
        self.axis_m[rows] = axis + step
        self.eccentricity[rows] = np.maximum(
            e + step / 6.0 * (slope_e + 2.0 * k2_e + 2.0 * k3_e + k4_e), 0.0
        )
        passed = step / 6.0 * (slope_t + 2.0 * k2_t + 2.0 * k3_t + k4_t)
        # A last step up to the limit lands there but for the change of the rate within it.
        done = time + passed
        self.time_s[rows] = np.where(limit_s - done < 1.0e-3 * passed, limit_s, done)

    def _slopes(
        self, rows: npt.NDArray[np.int64], axis: Floats, e: Floats, time: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Change of eccentricity and of time with the axis, and the axis's rate."""
        rounded = np.maximum(e, 0.0)
        rate, e_rate = self._rates(rows, axis, rounded, time)
        return np.where(rounded > 0.0, e_rate / rate, 0.0), 1.0 / rate, rate

    def _rates(
        self, rows: npt.NDArray[np.int64], axis: Floats, e: Floats, time: Floats
    ) -> tuple[Floats, Floats]:
        """Rates of axis and eccentricity."""
        return decay_rates(axis, e, self._tilt[rows], self._area[rows], self._air, time)

    def _scale_height_m(self, rows: npt.NDArray[np.int64]) -> Floats:
        """Height over which the air at the perigee thins by e, from a difference."""
        height, time = self.perigee_m()[rows], self.time_s[rows]
        low, high = (self._air.density_kg_m3(height + d, time) for d in (-500.0, 500.0))
        scale: Floats = 1000.0 / np.log(low / high)
        return scale


def _nodes(stretch_m: float) -> tuple[Floats, Floats]:
    """Cosine and sine of the eccentric anomaly at midpoints of half an orbit."""
    # Around the perigee density falls as exp(-(a e / H) E^2 / 2), H being 10 km at the least.
    count = _FEWEST_NODES + 2 * math.ceil(2.0 * math.sqrt(stretch_m / 10e3))
    angle = (np.arange(count) + 0.5) * (math.pi / count)
    return np.cos(angle)[None, :, None], np.sin(angle)[None, :, None]

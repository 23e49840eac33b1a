"""Geometry of the lines between satellites: length, height over the Earth, turning, Doppler."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M
from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import KERNEL, compiled, inlined_part, kernel

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def range_m(position_a_m: Floats, position_b_m: Floats) -> Floats:
    """Distance between points.

    Parameters
    ----------
    position_a_m, position_b_m : (3, ...) float array
        Positions in one frame, of shapes that broadcast [m].

    Returns
    -------
    (...) float array
        Distance [m].
    """
    distance: Floats = np.linalg.norm(position_b_m - position_a_m, axis=0)
    return distance


def line_of_sight(
    position_a_m: Floats, position_b_m: Floats, grazing_altitude_m: Floats | float
) -> npt.NDArray[np.bool_]:
    """Whether the straight line between points stays above an altitude.

    Parameters
    ----------
    position_a_m, position_b_m : (3, ...) float array
        Geocentric positions, of shapes that broadcast [m].
    grazing_altitude_m : float or (...) float array
        Lowest altitude allowed above the equatorial radius, such as 80 km for lasers that must
        not cross the denser air [m].

    Returns
    -------
    (...) bool array
        True where the line is free; False where either point lies below the altitude.

    Notes
    -----
    The nearest point of the segment to the Earth's centre is ``a + s (b - a)`` with
    ``s = -a.(b - a) / |b - a|^2`` held in 0 to 1. The Earth is a sphere of the equatorial radius,
    so near the poles the test is strict by up to 21 km.
    """
    along = position_b_m - position_a_m
    length_squared = np.maximum(np.sum(along * along, axis=0), np.finfo(np.float64).tiny)
    share = np.clip(-np.sum(position_a_m * along, axis=0) / length_squared, 0.0, 1.0)
    nearest = position_a_m + share * along
    free: npt.NDArray[np.bool_] = (
        np.sum(nearest * nearest, axis=0) >= (EARTH_EQUATORIAL_RADIUS_M + grazing_altitude_m) ** 2
    )
    return free


@dataclass(frozen=True, slots=True)
class CrosslinkGeometry:
    """Lines of sight of pairs of satellites over time.

    Parameters
    ----------
    range_m : (n_pairs, n_times) float array
        Length [m].
    grazing_altitude_m : (n_pairs, n_times) float array
        Lowest altitude of the line above the equatorial radius [m].
    range_rate_m_s : (n_pairs, n_times) float array
        Growth of the length, for the Doppler shift [m/s].
    turn_rate_rad_s : (n_pairs, n_times) float array
        How fast the line turns in the orbital frame of the end where it turns faster [rad/s].
    """

    range_m: Floats
    grazing_altitude_m: Floats
    range_rate_m_s: Floats
    turn_rate_rad_s: Floats

    @classmethod
    def empty(cls, n_pairs: int, n_times: int) -> CrosslinkGeometry:
        """Make room for an outcome.

        Parameters
        ----------
        n_pairs, n_times : int
            Shape.

        Returns
        -------
        CrosslinkGeometry
            Uninitialised arrays.
        """
        shape = (n_pairs, n_times)
        return cls(np.empty(shape), np.empty(shape), np.empty(shape), np.empty(shape))


def crosslink_geometry(
    position_m: Floats, velocity_m_s: Floats, pairs: Ints, out: CrosslinkGeometry | None = None
) -> CrosslinkGeometry:
    """Follow the lines of sight of many pairs over all times.

    Parameters
    ----------
    position_m, velocity_m_s : (3, n_satellites, n_times) float array
        In one inertial frame such as TEME [m], [m/s].
    pairs : (n_pairs, 2) int array
        Rows of both ends.
    out : CrosslinkGeometry, optional
        Room to write into; fresh memory costs more than the arithmetic.

    Returns
    -------
    CrosslinkGeometry
        ``out`` if it was given. NaN wherever a position is NaN.

    Notes
    -----
    With the line ``d = b - a`` and ``w = v_b - v_a`` the range rate is ``d.w / |d|``, and the
    direction ``u = d / |d|`` turns by ``du/dt = (w - u (u.w)) / |d|``. An end's orbital frame
    (radial, along track, across track) itself turns by ``omega = r x v / |r|^2``, so that the
    terminal has to follow ``|du/dt - omega x u|``. The slow turn of the orbital plane about the
    radial, at most 2e-6 rad/s by J2 in low orbits, is left out.
    """
    position, velocity = _contiguous(position_m), _contiguous(velocity_m_s)
    ends = _checked_pairs(pairs, position.shape[1])
    result = CrosslinkGeometry.empty(len(ends), position.shape[2]) if out is None else out

    def work(first: int, stop: int) -> None:
        _follow_lines(
            position,
            velocity,
            ends,
            first,
            stop,
            result.range_m,
            result.grazing_altitude_m,
            result.range_rate_m_s,
            result.turn_rate_rad_s,
        )

    over_ranges(work, len(ends), smallest=_smallest_share(position.shape[2]))
    return result


def links_open(
    position_m: Floats,
    pairs: Ints,
    *,
    max_range_m: float,
    grazing_altitude_m: float,
    velocity_m_s: Floats | None = None,
    max_turn_rate_rad_s: float = np.inf,
    out: npt.NDArray[np.bool_] | None = None,
) -> npt.NDArray[np.bool_]:
    """Tell when pairs are near enough, in sight, and turn slowly enough to be followed.

    Parameters
    ----------
    position_m : (3, n_satellites, n_times) float array
        In one frame, inertial if the turn rate is limited [m].
    pairs : (n_pairs, 2) int array
        Rows of both ends.
    max_range_m : float
        Longest link [m].
    grazing_altitude_m : float
        Lowest altitude that a line of sight may pass [m].
    velocity_m_s : (3, n_satellites, n_times) float array, optional
        Needed only with a limit on the turn rate [m/s].
    max_turn_rate_rad_s : float
        What the terminals can follow in the satellites' orbital frames [rad/s].
    out : (n_pairs, n_times) bool array, optional
        Room to write into.

    Returns
    -------
    (n_pairs, n_times) bool array
        False wherever a position is NaN.

    Raises
    ------
    ValueError
        If the turn rate is limited and no velocities are given.
    """
    limited = bool(np.isfinite(max_turn_rate_rad_s))
    if limited and velocity_m_s is None:
        raise ValueError("a limit on the turn rate needs velocities")
    position = _contiguous(position_m)
    velocity = position if velocity_m_s is None else _contiguous(velocity_m_s)
    ends = _checked_pairs(pairs, position.shape[1])
    n_times = position.shape[2]
    result = np.empty((len(ends), n_times), dtype=np.bool_) if out is None else out

    def work(first: int, stop: int) -> None:
        if limited:
            room = np.empty((4, 1, n_times))
            for row in range(first, stop):
                _follow_lines(position, velocity, ends[row : row + 1], 0, 1, *room)
                result[row] = (
                    (room[0, 0] <= max_range_m)
                    & (room[1, 0] >= grazing_altitude_m)
                    & (room[3, 0] <= max_turn_rate_rad_s)
                )
        else:
            _mark_open(position, ends, first, stop, max_range_m, grazing_altitude_m, result)

    over_ranges(work, len(ends), smallest=_smallest_share(n_times))
    return result


def _contiguous(values: Floats) -> Floats:
    return np.ascontiguousarray(values, dtype=np.float64)


def _checked_pairs(pairs: Ints, n_satellites: int) -> Ints:
    """Refuse rows that do not exist: the kernels do not look."""
    ends = np.ascontiguousarray(pairs, dtype=np.int64).reshape(-1, 2)
    if len(ends) and (ends.min() < 0 or ends.max() >= n_satellites):
        raise IndexError(f"a pair names a satellite outside of 0 to {n_satellites - 1}")
    return ends


def _smallest_share(n_times: int) -> int:
    """Pairs below which a further thread is not worth its start: about 100,000 lines."""
    return max(1, 100_000 // max(1, n_times))


@compiled(**KERNEL)  # without a test for zero, lanes run abreast
def _follow_lines(
    position: Floats,
    velocity: Floats,
    pairs: Ints,
    first: int,
    stop: int,
    range_m: Floats,
    grazing_m: Floats,
    range_rate: Floats,
    turn_rate: Floats,
) -> None:
    """Fill rows ``first`` to ``stop`` of the geometry."""
    for row in range(first, stop):
        a, b = pairs[row, 0], pairs[row, 1]
        for t in range(position.shape[2]):
            ax, ay, az = position[0, a, t], position[1, a, t], position[2, a, t]
            bx, by, bz = position[0, b, t], position[1, b, t], position[2, b, t]
            avx, avy, avz = velocity[0, a, t], velocity[1, a, t], velocity[2, a, t]
            bvx, bvy, bvz = velocity[0, b, t], velocity[1, b, t], velocity[2, b, t]
            dx, dy, dz = bx - ax, by - ay, bz - az
            length = np.sqrt(dx * dx + dy * dy + dz * dz)
            range_m[row, t] = length
            lowest_m = np.sqrt(lowest_squared(ax, ay, az, dx, dy, dz))
            grazing_m[row, t] = lowest_m - EARTH_EQUATORIAL_RADIUS_M
            per_m = 1.0 / length
            ux, uy, uz = dx * per_m, dy * per_m, dz * per_m
            wx, wy, wz = bvx - avx, bvy - avy, bvz - avz
            along = ux * wx + uy * wy + uz * wz
            range_rate[row, t] = along
            tx, ty, tz = (
                (wx - ux * along) * per_m,
                (wy - uy * along) * per_m,
                (wz - uz * along) * per_m,
            )
            here = _turn_squared(ax, ay, az, avx, avy, avz, ux, uy, uz, tx, ty, tz)
            there = _turn_squared(bx, by, bz, bvx, bvy, bvz, ux, uy, uz, tx, ty, tz)
            turn_rate[row, t] = np.sqrt(max(here, there))


@inlined_part
def lowest_squared(
    ax_m: float, ay_m: float, az_m: float, dx_m: float, dy_m: float, dz_m: float
) -> float:
    """Square of the least distance of a line from the Earth's centre, for compiled loops.

    Parameters
    ----------
    ax_m, ay_m, az_m : float
        One end [m].
    dx_m, dy_m, dz_m : float
        From there to the other end [m].

    Returns
    -------
    float
        NaN if an end is NaN [m2].
    """
    squared = dx_m * dx_m + dy_m * dy_m + dz_m * dz_m
    along = -(ax_m * dx_m + ay_m * dy_m + az_m * dz_m) / squared
    # Two ends in one place have no direction.
    along = 0.0 if squared == 0.0 or along < 0.0 else along
    along = min(along, 1.0)
    nx, ny, nz = ax_m + along * dx_m, ay_m + along * dy_m, az_m + along * dz_m
    return nx * nx + ny * ny + nz * nz


@inlined_part
def _turn_squared(
    x: float,
    y: float,
    z: float,
    vx: float,
    vy: float,
    vz: float,
    ux: float,
    uy: float,
    uz: float,
    tx: float,
    ty: float,
    tz: float,
) -> float:
    """Square of the line's turn rate in the orbital frame of one end."""
    per_r2 = 1.0 / (x * x + y * y + z * z)
    ox = (y * vz - z * vy) * per_r2
    oy = (z * vx - x * vz) * per_r2
    oz = (x * vy - y * vx) * per_r2
    rx = tx - (oy * uz - oz * uy)
    ry = ty - (oz * ux - ox * uz)
    rz = tz - (ox * uy - oy * ux)
    return rx * rx + ry * ry + rz * rz


@kernel
def _mark_open(
    position: Floats,
    pairs: Ints,
    first: int,
    stop: int,
    max_range_m: float,
    grazing_altitude_m: float,
    result: npt.NDArray[np.bool_],
) -> None:
    """Fill rows ``first`` to ``stop`` by length and line of sight alone, on squares."""
    reach2 = max_range_m * max_range_m
    floor2 = (EARTH_EQUATORIAL_RADIUS_M + grazing_altitude_m) ** 2
    for row in range(first, stop):
        a, b = pairs[row, 0], pairs[row, 1]
        for t in range(position.shape[2]):
            ax, ay, az = position[0, a, t], position[1, a, t], position[2, a, t]
            dx, dy, dz = position[0, b, t] - ax, position[1, b, t] - ay, position[2, b, t] - az
            near = dx * dx + dy * dy + dz * dz <= reach2
            result[row, t] = near & (lowest_squared(ax, ay, az, dx, dy, dz) >= floor2)

"""Paths between samples: cubic Hermite, how far it can stray, and a quick test of all samples."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_MU_M3_S2
from perigrid.physics.compiled import part

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]
Point = tuple[float, float, float]
Track = tuple[Floats, Floats]
"""States of one body, (n_times, 6): position [m] and velocity [m/s]; and the times [s]."""
Coefficients = tuple[float, float, float, float]
Cubic = tuple[float, float, Coefficients, Coefficients, Coefficients]
Bounds = tuple[float, float, float, float, float]
"""Lowest and highest radius [m], speed [m/s], acceleration [m/s2], bulge [m]."""

_FLAGS_PER_WORD: Final = 8


def advised_step_s(
    perigee_radius_m: float, eccentricity: float = 0.0, position_error_m: float = 0.5
) -> float:
    """Longest sampling step that keeps the path between samples within an error.

    Parameters
    ----------
    perigee_radius_m : float
        Distance of the perigee from the Earth's centre [m].
    eccentricity : float
        Of the orbit.
    position_error_m : float
        Largest error of the cubic Hermite path [m].

    Returns
    -------
    float
        Step [s]: 66 s at 550 km; longer for higher orbits.

    Notes
    -----
    The path is off by ``h^4 |r''''| / 384``; on a Kepler orbit ``|r''''|`` is largest at the
    perigee, ``mu^2 (1 + 3 e) / r^5``. Half a metre moves an edge by under 1 ms where the satellite
    nears the mask at 500 m/s or more; a grazing pass of a minute by 0.01 s.

    That is for velocities which are the derivatives of the positions. SGP4's are so to 0.03 m/s on
    near-circular orbits, but up to 2 m/s off at the perigee of eccentric ones, which puts the path
    up to 12 m off at 60 s steps: a few milliseconds of an edge.
    """
    fourth = EARTH_MU_M3_S2**2 * (1.0 + 3.0 * eccentricity) / perigee_radius_m**5
    return float((384.0 * position_error_m / fourth) ** 0.25)


@part
def copy_states(position: Floats, velocity: Floats, row: int, states: Floats) -> None:
    """Gather one body of a (3, n, n_times) ephemeris, each sample side by side in memory."""
    for i in range(3):
        for j in range(len(states)):
            states[j, i] = position[i, row, j]
            states[j, i + 3] = velocity[i, row, j]


@part
def _coefficients(states: Floats, i: int, j: int, h: float) -> Coefficients:
    rise = states[j + 1, i] - states[j, i]
    first, second = states[j, i + 3] * h, states[j + 1, i + 3] * h
    return states[j, i], first, 3.0 * rise - 2.0 * first - second, first + second - 2.0 * rise


@part
def cubic_of(track: Track, j: int) -> Cubic:
    """Cubic Hermite path in step ``j``: start, rate of ``s`` from 0 to 1, coefficients."""
    states, times = track
    h = times[j + 1] - times[j]
    return (
        times[j],
        1.0 / h,
        _coefficients(states, 0, j, h),
        _coefficients(states, 1, j, h),
        _coefficients(states, 2, j, h),
    )


@part
def cubic_position(cubic: Cubic, t: float) -> Point:
    """Where the path is."""
    start, rate, x, y, z = cubic
    s = (t - start) * rate
    return (
        x[0] + s * (x[1] + s * (x[2] + s * x[3])),
        y[0] + s * (y[1] + s * (y[2] + s * y[3])),
        z[0] + s * (z[1] + s * (z[2] + s * z[3])),
    )


@part
def cubic_velocity(cubic: Cubic, t: float) -> Point:
    """Time derivative of :func:`cubic_position`."""
    start, rate, x, y, z = cubic
    s = (t - start) * rate
    return (
        rate * (x[1] + s * (2.0 * x[2] + s * 3.0 * x[3])),
        rate * (y[1] + s * (2.0 * y[2] + s * 3.0 * y[3])),
        rate * (z[1] + s * (2.0 * z[2] + s * 3.0 * z[3])),
    )


@part
def step_of(times: Floats, t: float) -> int:
    """Index of the step that holds a time."""
    last = len(times) - 2
    # The right place on an even grid.
    j = min(last, max(0, int((t - times[0]) / (times[-1] - times[0]) * (last + 1))))
    if times[j] <= t < times[j + 1]:
        return j
    low, high = 0, last + 1
    while high - low > 1:
        middle = (low + high) // 2
        if times[middle] <= t:
            low = middle
        else:
            high = middle
    return low


@part
def bounds_of(track: Track) -> Bounds:
    """Bound the whole path; NaN if a sample is not finite."""
    # The second derivative of a cubic is largest at an end of its step. The path leaves the chord
    # by at most the bulge a h^2 / 8; a chord of length c between points no nearer than R passes
    # the centre at sqrt(R^2 - c^2 / 4) or more.
    states, times = track
    low = math.inf
    high = fastest = sharpest = gained = bulge = total = 0.0
    for j in range(len(times)):
        here = states[j]
        radius = _square(here[0], here[1], here[2])
        speed = _square(here[3], here[4], here[5])
        total += radius + speed
        high = max(high, radius)
        fastest = max(fastest, speed)
        if j == len(times) - 1:
            break
        h = times[j + 1] - times[j]
        there = states[j + 1]
        dx, dy, dz = there[0] - here[0], there[1] - here[1], there[2] - here[2]
        nearer = min(radius, _square(there[0], there[1], there[2]))
        low = min(low, nearer - 0.25 * _square(dx, dy, dz))
        opening = _square(
            6.0 * dx / h - 4.0 * here[3] - 2.0 * there[3],
            6.0 * dy / h - 4.0 * here[4] - 2.0 * there[4],
            6.0 * dz / h - 4.0 * here[5] - 2.0 * there[5],
        )
        closing = _square(
            6.0 * dx / h - 2.0 * here[3] - 4.0 * there[3],
            6.0 * dy / h - 2.0 * here[4] - 4.0 * there[4],
            6.0 * dz / h - 2.0 * here[5] - 4.0 * there[5],
        )
        gain = math.sqrt(max(opening, closing))
        sharpest, gained, bulge = max(sharpest, gain / h), max(gained, gain), max(bulge, gain * h)
    bulge *= 0.125
    if not math.isfinite(total):
        return math.nan, math.nan, math.nan, math.nan, math.nan
    return (
        math.sqrt(max(low, 0.0)) - bulge,
        math.sqrt(high) + bulge,
        math.sqrt(fastest) + 0.5 * gained,
        sharpest,
        bulge,
    )


@part
def _square(x: float, y: float, z: float) -> float:
    return x * x + y * y + z * z


@part
def new_flags(count: int) -> tuple[Flags, Words]:
    """Make flags of samples, and the same memory eight at a time."""
    words = np.empty(count // _FLAGS_PER_WORD + 1, dtype=np.uint64)
    for i in range(len(words)):
        words[i] = 0
    return words.view(np.uint8), words


@part
def flagged_runs(flags: Flags, words: Words, times: Floats, runs: Floats) -> int:
    """Write start and end of each run of flags, a sample wider on either side; count them."""
    last = len(times) - 1
    count = 0
    i = 0
    while i <= last:
        if words[i // _FLAGS_PER_WORD] == 0:
            i = (i // _FLAGS_PER_WORD + 1) * _FLAGS_PER_WORD
        elif flags[i] == 0:
            i += 1
        else:
            start = max(i - 1, 0)
            while i <= last and flags[i] != 0:
                i += 1
            stop = min(i, last)
            # Runs that touch are one: an edge of the search would stand between them.
            if count > 0 and times[start] <= runs[count - 1, 1]:
                count -= 1
            else:
                runs[count, 0] = times[start]
            runs[count, 1] = times[stop]
            count += 1
    return count

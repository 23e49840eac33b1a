"""Moments at which satellites pass closest to ground targets they can look at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.physics.compiled import kernel, part

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_COLUMNS: Final = 3  # target, time, off-nadir angle
_FIRST_CAPACITY: Final = 4096
_SMALLEST_EARTH_RADIUS_M: Final = 6_356_752.0
_TIME_TOLERANCE_S: Final = 1.0e-3
# Lets the range limit, worked out on a sphere, never cut off what the angle would admit.
_RANGE_MARGIN: Final = 1.02
# Speed between samples may pass the largest sampled one a little.
_SPEED_MARGIN: Final = 1.01


@dataclass(frozen=True, slots=True)
class Passes:
    """Closest approaches, one row each, sorted by time, satellite, target.

    Parameters
    ----------
    satellite, target : (n,) int array
        Indices into the inputs.
    t_s : (n,) float array
        Moment of closest approach [s].
    off_nadir_rad : (n,) float array
        Angle at the satellite between the Earth's centre and the target [rad].
    """

    satellite: Ints
    target: Ints
    t_s: Floats
    off_nadir_rad: Floats

    def __len__(self) -> int:
        return len(self.satellite)


def target_passes(
    position_ecef_m: Floats,
    velocity_ecef_m_s: Floats,
    t_s: Floats,
    target_ecef_m: Floats,
    max_off_nadir_rad: float,
) -> Passes:
    """Find when each satellite passes closest to each target within its pointing range.

    Parameters
    ----------
    position_ecef_m, velocity_ecef_m_s : (3, n_satellites, n_times) float array
        Earth-fixed state [m, m/s]. A satellite with NaN in it gets no passes.
    t_s : (n_times,) float array
        Rising times; steps of 60 s or less suit low orbit [s].
    target_ecef_m : (3, n_targets) float array
        Target positions on the ground [m].
    max_off_nadir_rad : float
        Largest angle from nadir, below pi/2 [rad].

    Returns
    -------
    Passes
        Sorted by time, satellite, target. Passes whose closest approach lies outside the times
        are not counted.

    Notes
    -----
    With ``d`` from target to satellite, closest approach is where ``d.v`` turns from negative to
    positive. Nadir is the direction to the Earth's centre; it differs from the ellipsoid's normal
    by up to 0.19 degrees. Samples are skipped while the target is farther than the longest slant
    range plus the way flown.
    """
    position = np.ascontiguousarray(np.transpose(position_ecef_m, (1, 2, 0)))
    velocity = np.ascontiguousarray(np.transpose(velocity_ecef_m_s, (1, 2, 0)))
    times = np.ascontiguousarray(t_s, dtype=np.float64)
    targets = np.ascontiguousarray(target_ecef_m.T)
    found: list[Floats] = []
    owners: list[Ints] = []
    buffer = np.empty((_FIRST_CAPACITY, _COLUMNS))
    longest_step_s = float(np.max(np.diff(times), initial=0.0))
    for row in range(position.shape[0]):
        speed_m_s = float(np.sqrt(np.max(np.sum(velocity[row] ** 2, axis=1), initial=1.0)))
        radius_m = float(np.sqrt(np.max(np.sum(position[row] ** 2, axis=1), initial=0.0)))
        if len(times) < 2 or not math.isfinite(speed_m_s + radius_m):
            continue
        reach_m = _longest_slant_m(radius_m, max_off_nadir_rad) * _RANGE_MARGIN
        step_m = speed_m_s * _SPEED_MARGIN * longest_step_s
        limits = (step_m, reach_m, math.cos(max_off_nadir_rad))
        count = _passes_of_one(position[row], velocity[row], times, targets, limits, buffer)
        if count > len(buffer):
            buffer = np.empty((2 * count, _COLUMNS))
            count = _passes_of_one(position[row], velocity[row], times, targets, limits, buffer)
        found.append(buffer[:count].copy())
        owners.append(np.full(count, row, dtype=np.int64))
    return _sorted_passes(found, owners)


def _longest_slant_m(radius_m: float, off_nadir_rad: float) -> float:
    """Largest distance to the ground at an off-nadir angle, or to the horizon beyond it."""
    horizon_m = math.sqrt(max(0.0, radius_m**2 - _SMALLEST_EARTH_RADIUS_M**2))
    sine = math.sin(off_nadir_rad)
    under_root = _SMALLEST_EARTH_RADIUS_M**2 - (radius_m * sine) ** 2
    if under_root <= 0.0:
        return horizon_m
    return radius_m * math.cos(off_nadir_rad) - math.sqrt(under_root)


def _sorted_passes(found: list[Floats], owners: list[Ints]) -> Passes:
    """Join the satellites' passes into sorted columns."""
    rows = np.concatenate([np.empty((0, _COLUMNS)), *found])
    satellite = np.concatenate([np.empty(0, dtype=np.int64), *owners])
    target = rows[:, 0].astype(np.int64)
    order = np.lexsort((target, satellite, rows[:, 1]))
    return Passes(
        satellite=satellite[order],
        target=target[order],
        t_s=rows[order, 1],
        off_nadir_rad=rows[order, 2],
    )


@part
def _state_at(r: Floats, v: Floats, times: Floats, j: int, t: float, state: Floats) -> None:
    """Cubic Hermite position and its derivative inside step ``j``."""
    step = times[j + 1] - times[j]
    s = (t - times[j]) / step
    for i in range(3):
        slope = (r[j + 1, i] - r[j, i]) / step
        first, second = v[j, i] - slope, v[j + 1, i] - slope
        cubic = first + second
        square = -(2.0 * first + second)
        state[i] = r[j, i] + step * s * (v[j, i] + s * (square + s * cubic))
        state[3 + i] = v[j, i] + s * (2.0 * square + 3.0 * s * cubic)


@part
def _receding(state: Floats, place: Floats) -> float:
    """``d.v``: negative while the satellite comes nearer [m2/s]."""
    dx, dy, dz = state[0] - place[0], state[1] - place[1], state[2] - place[2]
    return float(dx * state[3] + dy * state[4] + dz * state[5])


@part
def _closest(
    r: Floats,
    v: Floats,
    times: Floats,
    j: int,
    place: Floats,
    ends: tuple[float, float],
    state: Floats,
) -> float:
    """Time of closest approach inside step ``j``; leaves the state of that moment in ``state``."""
    low, high = float(times[j]), float(times[j + 1])
    f_low, f_high = ends
    t = low
    while high - low > _TIME_TOLERANCE_S:
        # Regula falsi, drawn a little towards the middle so that both ends close in.
        t = low + (high - low) * min(0.95, max(0.05, f_low / (f_low - f_high)))
        _state_at(r, v, times, j, t, state)
        f = _receding(state, place)
        if f < 0.0:
            low, f_low = t, f
        else:
            high, f_high = t, f
    t = float(0.5 * (low + high))
    _state_at(r, v, times, j, t, state)
    return t


@part
def _off_nadir(state: Floats, place: Floats, smallest_cosine: float) -> float:
    """Angle at the satellite from nadir to the target, or NaN if too large or hidden."""
    dx, dy, dz = state[0] - place[0], state[1] - place[1], state[2] - place[2]
    distance = math.sqrt(dx * dx + dy * dy + dz * dz)
    radius = math.sqrt(state[0] * state[0] + state[1] * state[1] + state[2] * state[2])
    cosine = (dx * state[0] + dy * state[1] + dz * state[2]) / (distance * radius)
    hidden = dx * place[0] + dy * place[1] + dz * place[2] <= 0.0
    if hidden or cosine < smallest_cosine:
        return math.nan
    return math.acos(min(1.0, cosine))


@kernel
def _passes_of_one(
    position: Floats,
    velocity: Floats,
    times: Floats,
    targets: Floats,
    limits: tuple[float, float, float],
    out: Floats,
) -> int:
    """Find the passes of one satellite over all targets; returns how many there are."""
    step_m, reach_m, smallest_cosine = limits
    last = len(times) - 1
    state = np.empty(6)
    count = 0
    for m in range(len(targets)):
        place = targets[m]
        j = 0
        while j < last:
            r = position[j]
            dx, dy, dz = r[0] - place[0], r[1] - place[1], r[2] - place[2]
            far = math.sqrt(dx * dx + dy * dy + dz * dz) - reach_m
            skipped = int(far / step_m)
            if skipped > 1:
                j += skipped - 1
                continue
            v = velocity[j]
            before = dx * v[0] + dy * v[1] + dz * v[2]
            r, v = position[j + 1], velocity[j + 1]
            after = (r[0] - place[0]) * v[0] + (r[1] - place[1]) * v[1] + (r[2] - place[2]) * v[2]
            if before < 0.0 <= after:
                t = _closest(position, velocity, times, j, place, (before, after), state)
                angle = _off_nadir(state, place, smallest_cosine)
                if not math.isnan(angle):
                    if count < len(out):
                        out[count, 0] = m
                        out[count, 1] = t
                        out[count, 2] = angle
                    count += 1
            j += 1
    return count

"""Moments at which satellites pass closest to ground targets they can look at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

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
_BANDS: Final = 180
_BAND_RAD: Final = math.pi / _BANDS
_ROUNDING_RAD: Final = 1.0e-6
_SURE: Final = 1.0
"""Far more than rounding errors of ``d.v``, far less than it changes by in a step. [m2/s]"""


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
    by up to 0.19 degrees. At each sample only targets within the cap are looked at that the longest
    slant range and the way flown until the next sample allow.
    """
    position = np.ascontiguousarray(np.transpose(position_ecef_m, (1, 2, 0)))
    velocity = np.ascontiguousarray(np.transpose(velocity_ecef_m_s, (1, 2, 0)))
    times = np.ascontiguousarray(t_s, dtype=np.float64)
    targets = _banded(target_ecef_m)
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
        lowest_m = float(np.sqrt(np.min(np.sum(position[row] ** 2, axis=1))))
        flown_rad = speed_m_s * _SPEED_MARGIN * longest_step_s / lowest_m
        cap_rad = _widest_rad(lowest_m, reach_m, targets) + flown_rad + _ROUNDING_RAD
        limits = (cap_rad, math.cos(max_off_nadir_rad))
        count = _passes_of_one(position[row], velocity[row], times, *targets, limits, buffer)
        if count > len(buffer):
            buffer = np.empty((2 * count, _COLUMNS))
            count = _passes_of_one(position[row], velocity[row], times, *targets, limits, buffer)
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


class _Targets(NamedTuple):
    """Targets by bands of latitude, from west to east in each."""

    place_m: Floats  # (n, 3)
    longitude_rad: Floats
    number: Ints  # as they were given
    first: Ints  # where each band begins, and where the last one ends


def _banded(target_ecef_m: Floats) -> _Targets:
    """Sort targets into bands of latitude; angles are those at the Earth's centre."""
    place = np.ascontiguousarray(target_ecef_m.T, dtype=np.float64)
    radius = np.linalg.norm(place, axis=1)
    latitude = np.arcsin(np.clip(place[:, 2] / np.maximum(radius, 1.0), -1.0, 1.0))
    longitude = np.arctan2(place[:, 1], place[:, 0])
    band = np.clip((latitude + 0.5 * np.pi) / _BAND_RAD, 0, _BANDS - 1).astype(np.int64)
    number = np.lexsort((longitude, band)).astype(np.int64)
    first = np.searchsorted(band[number], np.arange(_BANDS + 1)).astype(np.int64)
    return _Targets(place[number], longitude[number], number, first)


def _widest_rad(lowest_m: float, reach_m: float, targets: _Targets) -> float:
    """Largest angle at the Earth's centre between a satellite and what lies within its reach."""
    radius_m = np.linalg.norm(targets.place_m, axis=1)
    if lowest_m <= reach_m or len(radius_m) == 0:
        return math.pi
    # Seen from outside, the angle is widest where the line of sight touches the target's sphere.
    touching_m = math.sqrt(lowest_m**2 - reach_m**2)
    target_m = min(max(touching_m, float(radius_m.min())), float(radius_m.max()))
    cosine = (lowest_m**2 + target_m**2 - reach_m**2) / (2.0 * lowest_m * target_m)
    return math.acos(max(-1.0, min(1.0, cosine)))


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
def _approach(r: Floats, v: Floats, place: Floats) -> float:
    """``d.v``: negative while the satellite comes nearer [m2/s]."""
    dx, dy, dz = r[0] - place[0], r[1] - place[1], r[2] - place[2]
    return float(dx * v[0] + dy * v[1] + dz * v[2])


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
        f = _approach(state[:3], state[3:], place)
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


@part
def _east_of(longitude: Floats, low: int, high: int, west_rad: float) -> int:
    """First row from ``low`` to ``high`` that lies at a longitude or east of it."""
    while low < high:
        middle = (low + high) // 2
        if longitude[middle] < west_rad:
            low = middle + 1
        else:
            high = middle
    return low


@part
def _half_width_rad(latitude_rad: float, cap_rad: float) -> float:
    """How far a cap reaches to the east and west of its middle; over a pole all around."""
    if abs(latitude_rad) + cap_rad >= 0.5 * math.pi:
        return math.pi
    return math.asin(min(1.0, math.sin(cap_rad) / math.cos(latitude_rad)))


@part
def _look(
    r: Floats,
    v: Floats,
    times: Floats,
    j: int,
    place: Floats,
    number: int,
    smallest_cosine: float,
    state: Floats,
    count: int,
    out: Floats,
) -> int:
    """Note the closest approach to a target, if it is within step ``j``; how many there are now."""
    before, after = _approach(r[j], v[j], place), _approach(r[j + 1], v[j + 1], place)
    if not before < 0.0 <= after:
        return count
    t = _closest(r, v, times, j, place, (before, after), state)
    angle = _off_nadir(state, place, smallest_cosine)
    if math.isnan(angle):
        return count
    if count < len(out):
        out[count, 0], out[count, 1], out[count, 2] = number, t, angle
    return count + 1


@kernel
def _passes_of_one(
    position: Floats,
    velocity: Floats,
    times: Floats,
    targets: Floats,
    longitude: Floats,
    number: Ints,
    first: Ints,
    limits: tuple[float, float],
    out: Floats,
) -> int:
    """Find the passes of one satellite over all targets; returns how many there are."""
    cap_rad, smallest_cosine = limits
    state = np.empty(6)
    count = 0
    for j in range(len(times) - 1):
        r, v, w = position[j], velocity[j], velocity[j + 1]
        ahead = r[0] * v[0] + r[1] * v[1] + r[2] * v[2] - _SURE
        r = position[j + 1]
        behind = r[0] * w[0] + r[1] * w[1] + r[2] * w[2] + _SURE
        r = position[j]
        latitude = math.asin(
            min(1.0, max(-1.0, r[2] / math.sqrt(r[0] ** 2 + r[1] ** 2 + r[2] ** 2)))
        )
        middle, half = math.atan2(r[1], r[0]), _half_width_rad(latitude, cap_rad)
        south = max(0, int((latitude - cap_rad + 0.5 * math.pi) / _BAND_RAD))
        north = min(len(first) - 2, int((latitude + cap_rad + 0.5 * math.pi) / _BAND_RAD))
        for band in range(south, north + 1):
            # A cap across the date line goes on at its other side; one over a pole is all around.
            for turn in range(-1, 2) if half < math.pi else range(1):
                centre = middle + turn * 2.0 * math.pi
                k = _east_of(longitude, first[band], first[band + 1], centre - half)
                stop = _east_of(longitude, k, first[band + 1], centre + half + _ROUNDING_RAD)
                if half == math.pi:
                    k, stop = first[band], first[band + 1]
                for row in range(k, stop):
                    place = targets[row]
                    # Most come nearer all the step, or go away all the step.
                    if place[0] * v[0] + place[1] * v[1] + place[2] * v[2] <= ahead:
                        continue
                    if place[0] * w[0] + place[1] * w[1] + place[2] * w[2] > behind:
                        continue
                    count = _look(
                        position, velocity, times, j, place, number[row], smallest_cosine,
                        state, count, out,
                    )  # fmt: skip
    return count

"""When satellites enter and leave the Earth's shadow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, EARTH_FLATTENING
from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import kernel, part
from perigrid.physics.eclipse import shadow_cones, stretched, wider_m

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Track = tuple[Floats, Floats, Floats, Floats]

_GOLDEN: Final = 0.618_033_988_749_895
_EDGE_TOLERANCE_S: Final = 1.0e-4
_PEAK_TOLERANCE_S: Final = 1.0e-2
# Speed between samples may pass the largest sampled one a little; the shadow turns with the Sun,
# 2e-7 rad/s, and widens by 5 mm per metre.
_SPEED_MARGIN: Final = 1.02
_SHADOW_TURN_RAD_S: Final = 2.1e-7
# Share of a step over which the slope at its ends is taken.
_SLOPE_SHARE: Final = 1.0e-3
_STATES_PER_THREAD: Final = 20_000


class Shadow(IntEnum):
    """Part of the Earth's shadow."""

    PENUMBRA = 0
    """Part of the Sun or more is covered: from first to last contact, umbra included."""
    UMBRA = 1
    """All of the Sun is covered."""


@dataclass(frozen=True, slots=True)
class ShadowWindows:
    """Stays in the shadow, one row each, sorted by start, satellite, kind.

    Parameters
    ----------
    satellite : (n,) int array
        Index into the input.
    kind : (n,) int array
        A :class:`Shadow`.
    start_s, end_s : (n,) float array
        Entry and exit, or the ends of the time grid [s].
    """

    satellite: Ints
    kind: Ints
    start_s: Floats
    end_s: Floats

    def __len__(self) -> int:
        return len(self.satellite)

    def of(self, satellite: int, kind: Shadow) -> Floats:
        """Pick the stays of one satellite.

        Parameters
        ----------
        satellite : int
            Index into the input.
        kind : Shadow
            Which part of the shadow.

        Returns
        -------
        (n, 2) float array
            Entry and exit, ascending [s].
        """
        rows = (self.satellite == satellite) & (self.kind == int(kind))
        return np.stack([self.start_s[rows], self.end_s[rows]], axis=1)


def shadow_windows(
    position_teme_m: Floats,
    velocity_teme_m_s: Floats,
    t_s: Floats,
    sun_m: Floats,
    *,
    earth_radius_m: float = EARTH_EQUATORIAL_RADIUS_M,
    flattening: float = EARTH_FLATTENING,
) -> ShadowWindows:
    """Find every stay of every satellite in penumbra and umbra, the Earth being an ellipsoid.

    Parameters
    ----------
    position_teme_m, velocity_teme_m_s : (3, n_satellites, n_times) float array
        States above the ground [m, m/s]. A satellite with NaN in it gets no windows.
    t_s : (n_times,) float array
        Rising times; steps of 60 s or less suit low orbit, 600 s a geostationary one [s].
    sun_m : (3, n_times) float array
        Geocentric position of the Sun in the same frame [m].
    earth_radius_m, flattening : float
        Equatorial radius [m] and flattening [1] of what casts the shadow; 0 for a sphere.

    Returns
    -------
    ShadowWindows
        Edges on the cones of :func:`perigrid.physics.eclipse.illumination` within 1 ms of where
        the interpolated positions cross them.

    Notes
    -----
    With ``q`` the distance from the shadow's axis and ``c`` the cone's radius there, a satellite
    is inside where ``h = min(c - q, depth)`` is positive; ``depth`` counts from the circle in which
    the cone touches the Earth. Between samples ``h`` is evaluated on the cubic Hermite of the
    positions (0.4 m off at 60 s steps in low orbit) and the line between Sun positions. As
    ``|dh/dt|`` stays below the satellite's speed and the shadow's, samples are skipped while ``h``
    cannot reach zero. Stays that begin and end between two samples show as a change of sign of
    ``dh/dt`` and are found by golden section.
    """
    position = stretched(np.asarray(position_teme_m, dtype=np.float64), flattening)
    velocity = stretched(np.asarray(velocity_teme_m_s, dtype=np.float64), flattening)
    times = np.ascontiguousarray(t_s, dtype=np.float64)
    sun = stretched(np.asarray(sun_m, dtype=np.float64), flattening)
    cones = shadow_cones(sun, earth_radius_m, flattening)
    n_satellites, n_times = position.shape[1:]
    found: list[list[Floats]] = [[] for _ in range(n_satellites)]

    def work(first: int, stop: int) -> None:
        buffer = np.empty((n_times + 1, 2))
        for row in range(first, stop):
            bound_m_s = _fastest_m_s(position[:, row], velocity[:, row])
            if n_times < 2 or not math.isfinite(bound_m_s):
                continue
            states = np.ascontiguousarray(position[:, row]), np.ascontiguousarray(velocity[:, row])
            track = (*states, times, cones)
            for kind in Shadow:
                count = _windows_of_one(track, int(kind), bound_m_s, buffer)
                rows = np.empty((count, 4))
                rows[:, 0], rows[:, 1], rows[:, 2:] = row, kind, buffer[:count]
                found[row].append(rows)

    over_ranges(work, n_satellites, _STATES_PER_THREAD // max(1, n_times) + 1)
    return _sorted_windows([rows for of_one in found for rows in of_one])


def _fastest_m_s(position: Floats, velocity: Floats) -> float:
    """Bound of the speed of one satellite through the shadow; NaN or infinite if it has none."""
    with np.errstate(invalid="ignore"):
        speed = math.sqrt(float(np.max(np.sum(velocity * velocity, axis=0), initial=1.0)))
        far = math.sqrt(float(np.max(np.sum(position * position, axis=0), initial=0.0)))
    return speed * _SPEED_MARGIN + far * _SHADOW_TURN_RAD_S


def _sorted_windows(found: list[Floats]) -> ShadowWindows:
    """Join the satellites' windows into sorted columns."""
    rows = np.concatenate([np.empty((0, 4)), *found])
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0], rows[:, 2]))]
    return ShadowWindows(
        satellite=rows[:, 0].astype(np.int64),
        kind=rows[:, 1].astype(np.int64),
        start_s=rows[:, 2].copy(),
        end_s=rows[:, 3].copy(),
    )


@part
def _inside(x: float, y: float, z: float, cone: Floats, kind: int) -> float:
    """How far a place is inside one part of the shadow; negative outside [m]."""
    towards = x * cone[0] + y * cone[1] + z * cone[2]
    beside2 = max(0.0, x * x + y * y + z * z - towards * towards)
    wider = wider_m(towards, z - towards * cone[2], beside2, cone[8])
    beside = math.sqrt(beside2)
    if kind == 0:
        return float(min(cone[5] - towards * cone[6] + wider - beside, cone[7] - towards))
    return float(min(cone[3] + towards * cone[4] - wider - beside, -towards))


@part
def _inside_at(track: Track, kind: int, j: int, t: float, cone: Floats) -> float:
    """How far the satellite is inside at a time within step ``j`` [m]; ``cone`` is scratch."""
    position, velocity, times, cones = track
    step = times[j + 1] - times[j]
    s = (t - times[j]) / step
    for i in range(len(cone)):
        cone[i] = cones[i, j] + s * (cones[i, j + 1] - cones[i, j])
    s2 = s * s
    b = s2 * (3.0 - 2.0 * s)
    c = (s2 * s - 2.0 * s2 + s) * step
    d = (s2 * s - s2) * step
    a = 1.0 - b
    x = a * position[0, j] + b * position[0, j + 1] + c * velocity[0, j] + d * velocity[0, j + 1]
    y = a * position[1, j] + b * position[1, j + 1] + c * velocity[1, j] + d * velocity[1, j + 1]
    z = a * position[2, j] + b * position[2, j + 1] + c * velocity[2, j] + d * velocity[2, j + 1]
    return _inside(x, y, z, cone, kind)


@part
def _crossing(track: Track, kind: int, j: int, low: float, high: float, cone: Floats) -> float:
    """Time at which the sign changes between ``low`` and ``high`` (Illinois false position)."""
    h_low = _inside_at(track, kind, j, low, cone)
    h_high = _inside_at(track, kind, j, high, cone)
    t, last, side = high, low, 0
    while high - low > _EDGE_TOLERANCE_S and abs(t - last) > _EDGE_TOLERANCE_S:
        last = t
        t = (low * h_high - high * h_low) / (h_high - h_low)
        h = _inside_at(track, kind, j, t, cone)
        # The end that stays twice is given half its weight, so that both close in.
        if (h > 0.0) == (h_high > 0.0):
            high, h_high = t, h
            h_low *= 0.5 if side == 1 else 1.0
            side = 1
        else:
            low, h_low = t, h
            h_high *= 0.5 if side == -1 else 1.0
            side = -1
    return t


@part
def _peak(track: Track, kind: int, j: int, sign: float, cone: Floats) -> tuple[float, float]:
    """Golden section for the largest ``sign * h`` inside step ``j``; stops once it is positive."""
    low, high = track[2][j], track[2][j + 1]
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    h_left = sign * _inside_at(track, kind, j, left, cone)
    h_right = sign * _inside_at(track, kind, j, right, cone)
    while high - low > _PEAK_TOLERANCE_S and h_left <= 0.0 and h_right <= 0.0:
        if h_left > h_right:
            high, right, h_right = right, left, h_left
            left = high - _GOLDEN * (high - low)
            h_left = sign * _inside_at(track, kind, j, left, cone)
        else:
            low, left, h_left = left, right, h_right
            right = low + _GOLDEN * (high - low)
            h_right = sign * _inside_at(track, kind, j, right, cone)
    if h_left > h_right:
        return left, h_left
    return right, h_right


@part
def _edges_in_step(
    track: Track, kind: int, j: int, h: Floats, bound_m_s: float, cone: Floats, edges: Floats
) -> int:
    """Write the crossings inside step ``j`` to ``edges`` and count them (0, 1 or 2)."""
    start, end = track[2][j], track[2][j + 1]
    if (h[0] > 0.0) != (h[1] > 0.0):
        edges[0] = _crossing(track, kind, j, start, end, cone)
        return 1
    # Too far from the edge on both sides to reach it and come back within the step.
    if abs(h[0]) + abs(h[1]) > bound_m_s * (end - start):
        return 0
    sign = -1.0 if h[0] > 0.0 else 1.0
    little = _SLOPE_SHARE * (end - start)
    opening = sign * (_inside_at(track, kind, j, start + little, cone) - h[0])
    closing = sign * (h[1] - _inside_at(track, kind, j, end - little, cone))
    if opening <= 0.0 or closing >= 0.0:
        return 0
    t, value = _peak(track, kind, j, sign, cone)
    if value <= 0.0:
        return 0
    edges[0] = _crossing(track, kind, j, start, t, cone)
    edges[1] = _crossing(track, kind, j, t, end, cone)
    return 2


@kernel
def _windows_of_one(track: Track, kind: int, bound_m_s: float, out: Floats) -> int:
    """Write the stays of one satellite to ``out`` and count them."""
    times = track[2]
    last = times.shape[0] - 1
    longest_step_s = np.max(times[1:] - times[:-1])
    cone, edges, h = np.empty(len(track[3])), np.empty(2), np.empty(2)
    h[0] = _inside_at(track, kind, 0, times[0], cone)
    entry = times[0] if h[0] > 0.0 else np.nan
    count = 0
    j = 0
    while j < last:
        skipped = int(abs(h[0]) / (bound_m_s * longest_step_s))
        if skipped > 1:
            j = min(j + skipped - 1, last)
            h[0] = _inside_at(track, kind, j - 1, times[j], cone)
            continue
        j += 1
        h[1] = _inside_at(track, kind, j - 1, times[j], cone)
        for i in range(_edges_in_step(track, kind, j - 1, h, bound_m_s, cone, edges)):
            if math.isnan(entry):
                entry = edges[i]
            else:
                out[count, 0], out[count, 1] = entry, edges[i]
                count += 1
                entry = np.nan
        h[0] = h[1]
    if not math.isnan(entry):
        out[count, 0], out[count, 1] = entry, times[last]
        count += 1
    return count

"""Windows in which a satellite stands above a ground station's mask."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numba as nb
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Track = tuple[Floats, Floats, Floats]

_COLUMNS: Final = 4  # station, rise, set, highest elevation
_GOLDEN: Final = 0.618_033_988_749_895
_EDGE_TOLERANCE_S: Final = 1.0e-4
_PEAK_TOLERANCE_S: Final = 1.0e-2
_FIRST_CAPACITY: Final = 256
# Speed between samples may pass the largest sampled one a little.
_SPEED_MARGIN: Final = 1.01


@dataclass(frozen=True, slots=True)
class Windows:
    """Passes over stations, one row each, sorted by rise, satellite, station.

    Parameters
    ----------
    satellite, station : (n,) int array
        Indices into the inputs.
    rise_s, set_s : (n,) float array
        Crossings of the mask, or the ends of the time grid [s].
    max_elevation_rad : (n,) float array
        Highest elevation within the window [rad].
    """

    satellite: Ints
    station: Ints
    rise_s: Floats
    set_s: Floats
    max_elevation_rad: Floats

    def __len__(self) -> int:
        return len(self.satellite)


def station_windows(
    position_ecef_m: Floats,
    velocity_ecef_m_s: Floats,
    t_s: Floats,
    station_ecef_m: Floats,
    station_up: Floats,
    min_elevation_rad: Floats,
) -> Windows:
    """Find every pass of every satellite over every station.

    Parameters
    ----------
    position_ecef_m, velocity_ecef_m_s : (3, n_satellites, n_times) float array
        Earth-fixed state [m, m/s]. A satellite with NaN in it gets no windows.
    t_s : (n_times,) float array
        Rising times; steps of 60 s or less suit low orbit [s].
    station_ecef_m : (3, n_stations) float array
        Station positions [m].
    station_up : (3, n_stations) float array
        Local verticals.
    min_elevation_rad : (n_stations,) float array
        Elevation masks [rad].

    Returns
    -------
    Windows
        Sorted by rise, satellite, station.

    Notes
    -----
    With ``d`` from station to satellite, the satellite is up where ``g = d.u - |d| sin(mask)`` is
    positive. ``g`` is smooth; between samples it is evaluated on the cubic Hermite of the
    positions (0.4 m off at 60 s steps in low orbit). As ``|dg/dt| <= L = v_max (1 + |sin mask|)``,
    samples are skipped while ``g < -L dt``. Passes that rise and set between two samples show as a
    change of sign of ``dg/dt`` and are found by golden section.
    """
    position = np.ascontiguousarray(np.transpose(position_ecef_m, (1, 2, 0)))
    velocity = np.ascontiguousarray(np.transpose(velocity_ecef_m_s, (1, 2, 0)))
    times = np.ascontiguousarray(t_s, dtype=np.float64)
    places = np.ascontiguousarray(station_ecef_m.T)
    ups = np.ascontiguousarray(station_up.T)
    sines = np.sin(np.asarray(min_elevation_rad, dtype=np.float64))
    found: list[Floats] = []
    owners: list[Ints] = []
    buffer = np.empty((_FIRST_CAPACITY, _COLUMNS))
    for row in range(position.shape[0]):
        # At least 1 m/s, so that a resting (geostationary) satellite divides by something.
        speed_m_s = float(np.sqrt(np.max(np.sum(velocity[row] ** 2, axis=1), initial=1.0)))
        if len(times) < 2 or not np.isfinite(speed_m_s):
            continue
        track = (position[row], velocity[row], times)
        arguments = (track, places, ups, sines, speed_m_s * _SPEED_MARGIN)
        count = _windows_of_one(*arguments, buffer)
        if count > len(buffer):
            buffer = np.empty((2 * count, _COLUMNS))
            count = _windows_of_one(*arguments, buffer)
        found.append(buffer[:count].copy())
        owners.append(np.full(count, row, dtype=np.int64))
    return _sorted_windows(found, owners)


def _sorted_windows(found: list[Floats], owners: list[Ints]) -> Windows:
    """Join the satellites' windows into sorted columns."""
    rows = np.concatenate([np.empty((0, _COLUMNS)), *found])
    satellite = np.concatenate([np.empty(0, dtype=np.int64), *owners])
    station = rows[:, 0].astype(np.int64)
    order = np.lexsort((station, satellite, rows[:, 1]))
    return Windows(
        satellite=satellite[order],
        station=station[order],
        rise_s=rows[order, 1],
        set_s=rows[order, 2],
        max_elevation_rad=rows[order, 3],
    )


@nb.njit(cache=True)
def _position_at(
    position: Floats, velocity: Floats, times: Floats, j: int, t: float
) -> tuple[float, float, float]:
    """Cubic Hermite position inside step ``j``."""
    step = times[j + 1] - times[j]
    s = (t - times[j]) / step
    s2 = s * s
    s3 = s2 * s
    b = 3.0 * s2 - 2.0 * s3
    a = 1.0 - b
    c = (s3 - 2.0 * s2 + s) * step
    d = (s3 - s2) * step
    return (
        a * position[j, 0] + b * position[j + 1, 0] + c * velocity[j, 0] + d * velocity[j + 1, 0],
        a * position[j, 1] + b * position[j + 1, 1] + c * velocity[j, 1] + d * velocity[j + 1, 1],
        a * position[j, 2] + b * position[j + 1, 2] + c * velocity[j, 2] + d * velocity[j + 1, 2],
    )


@nb.njit(cache=True)
def _above(x: float, y: float, z: float, place: Floats, up: Floats, sine: float) -> float:
    """Height over the mask cone, ``d.u - |d| sin(mask)`` [m]."""
    dx, dy, dz = x - place[0], y - place[1], z - place[2]
    distance = math.sqrt(dx * dx + dy * dy + dz * dz)
    return float(dx * up[0] + dy * up[1] + dz * up[2] - sine * distance)


@nb.njit(cache=True)
def _above_rate(r: Floats, v: Floats, place: Floats, up: Floats, sine: float) -> float:
    """Time derivative of :func:`_above` at a sample [m/s]."""
    dx, dy, dz = r[0] - place[0], r[1] - place[1], r[2] - place[2]
    distance = math.sqrt(dx * dx + dy * dy + dz * dz)
    closing = (dx * v[0] + dy * v[1] + dz * v[2]) / distance
    return float(v[0] * up[0] + v[1] * up[1] + v[2] * up[2] - sine * closing)


@nb.njit(cache=True)
def _above_at(track: Track, j: int, t: float, place: Floats, up: Floats, sine: float) -> float:
    x, y, z = _position_at(track[0], track[1], track[2], j, t)
    return _above(x, y, z, place, up, sine)


@nb.njit(cache=True)
def _sine_elevation(track: Track, j: int, t: float, place: Floats, up: Floats) -> float:
    x, y, z = _position_at(track[0], track[1], track[2], j, t)
    dx, dy, dz = x - place[0], y - place[1], z - place[2]
    distance = math.sqrt(dx * dx + dy * dy + dz * dz)
    return float(dx * up[0] + dy * up[1] + dz * up[2]) / distance


@nb.njit(cache=True)
def _crossing(
    track: Track, j: int, low: float, high: float, place: Floats, up: Floats, sine: float
) -> float:
    """Time at which the mask is crossed between ``low`` and ``high`` (Illinois false position)."""
    g_low = _above_at(track, j, low, place, up, sine)
    g_high = _above_at(track, j, high, place, up, sine)
    t = high
    side = 0
    for _ in range(60):
        if g_high == g_low:
            break
        last = t
        t = (low * g_high - high * g_low) / (g_high - g_low)
        g = _above_at(track, j, t, place, up, sine)
        if (g > 0.0) == (g_high > 0.0):
            high, g_high = t, g
            if side == 1:
                g_low *= 0.5
            side = 1
        else:
            low, g_low = t, g
            if side == -1:
                g_high *= 0.5
            side = -1
        if g == 0.0 or abs(t - last) < _EDGE_TOLERANCE_S or high - low < _EDGE_TOLERANCE_S:
            break
    return t


@nb.njit(cache=True)
def _extremum(
    track: Track, j: int, place: Floats, up: Floats, sine: float, sign: float
) -> tuple[float, float]:
    """Golden section for the largest ``sign * g`` inside step ``j``; stops once it is positive."""
    low, high = track[2][j], track[2][j + 1]
    left = high - _GOLDEN * (high - low)
    right = low + _GOLDEN * (high - low)
    g_left = sign * _above_at(track, j, left, place, up, sine)
    g_right = sign * _above_at(track, j, right, place, up, sine)
    while high - low > _PEAK_TOLERANCE_S and g_left <= 0.0 and g_right <= 0.0:
        if g_left > g_right:
            high, right, g_right = right, left, g_left
            left = high - _GOLDEN * (high - low)
            g_left = sign * _above_at(track, j, left, place, up, sine)
        else:
            low, left, g_left = left, right, g_right
            right = low + _GOLDEN * (high - low)
            g_right = sign * _above_at(track, j, right, place, up, sine)
    if g_left > g_right:
        return left, g_left
    return right, g_right


@nb.njit(cache=True)
def _step_of(times: Floats, t: float) -> int:
    """Index of the step that holds a time."""
    return min(len(times) - 2, max(0, int(np.searchsorted(times, t, side="right")) - 1))


@nb.njit(cache=True)
def _highest(track: Track, rise: float, fall: float, place: Floats, up: Floats) -> float:
    """Highest elevation in a window [rad]: best sample, then golden section beside it."""
    times = track[2]
    best_t, best = rise, _sine_elevation(track, _step_of(times, rise), rise, place, up)
    for j in range(_step_of(times, rise) + 1, _step_of(times, fall) + 1):
        value = _sine_elevation(track, j, times[j], place, up)
        if value > best:
            best_t, best = times[j], value
    at = _step_of(times, best_t)
    low = max(rise, times[max(at - 1, 0)])
    high = min(fall, times[at + 1])
    while high - low > _PEAK_TOLERANCE_S:
        left = high - _GOLDEN * (high - low)
        right = low + _GOLDEN * (high - low)
        value_left = _sine_elevation(track, _step_of(times, left), left, place, up)
        value_right = _sine_elevation(track, _step_of(times, right), right, place, up)
        best = max(best, value_left, value_right)
        if value_left > value_right:
            high = right
        else:
            low = left
    return math.asin(min(1.0, max(-1.0, best)))


@nb.njit(cache=True)
def _edges_in_step(
    track: Track,
    j: int,
    g: Floats,
    place: Floats,
    up: Floats,
    sine: float,
    bound: float,
    edges: Floats,
) -> int:
    """Write the mask crossings inside step ``j`` to ``edges`` and count them (0, 1 or 2)."""
    times = track[2]
    if (g[0] > 0.0) != (g[1] > 0.0):
        edges[0] = _crossing(track, j, times[j], times[j + 1], place, up, sine)
        return 1
    sign = -1.0 if g[0] > 0.0 else 1.0
    # Too far from the mask on both sides to reach it and come back within the step.
    if abs(g[0]) + abs(g[1]) > bound * (times[j + 1] - times[j]):
        return 0
    opening = sign * _above_rate(track[0][j], track[1][j], place, up, sine)
    closing = sign * _above_rate(track[0][j + 1], track[1][j + 1], place, up, sine)
    if opening <= 0.0 or closing >= 0.0:
        return 0
    t, value = _extremum(track, j, place, up, sine, sign)
    if value <= 0.0:
        return 0
    edges[0] = _crossing(track, j, times[j], t, place, up, sine)
    edges[1] = _crossing(track, j, t, times[j + 1], place, up, sine)
    return 2


@nb.njit(cache=True)
def _store(
    out: Floats,
    count: int,
    station: int,
    track: Track,
    window: tuple[float, float],
    place: Floats,
    up: Floats,
) -> int:
    """Append a window if there is room; always count it."""
    rise, fall = window
    if fall <= rise:
        return count
    if count < len(out):
        out[count, 0] = station
        out[count, 1] = rise
        out[count, 2] = fall
        out[count, 3] = _highest(track, rise, fall, place, up)
    return count + 1


@nb.njit(cache=True)
def _windows_of_pair(
    track: Track,
    station: int,
    place: Floats,
    up: Floats,
    sine: float,
    bound: float,
    out: Floats,
    count: int,
) -> int:
    """Scan one satellite over one station; returns the new number of windows."""
    position, _, times = track
    last = len(times) - 1
    longest_step = np.max(times[1:] - times[:-1])
    edges, g = np.empty(2), np.empty(2)
    g[0] = _above(position[0, 0], position[0, 1], position[0, 2], place, up, sine)
    rise = times[0] if g[0] > 0.0 else np.nan
    j = 0
    while j < last:
        skipped = int(-g[0] / (bound * longest_step))
        if skipped > 0:
            j = min(j + skipped, last)
            g[0] = _above(position[j, 0], position[j, 1], position[j, 2], place, up, sine)
            continue
        j += 1
        g[1] = _above(position[j, 0], position[j, 1], position[j, 2], place, up, sine)
        for i in range(_edges_in_step(track, j - 1, g, place, up, sine, bound, edges)):
            if np.isnan(rise):
                rise = edges[i]
            else:
                count = _store(out, count, station, track, (rise, edges[i]), place, up)
                rise = np.nan
        g[0] = g[1]
    if not np.isnan(rise):
        count = _store(out, count, station, track, (rise, times[last]), place, up)
    return count


@nb.njit(cache=True)
def _windows_of_one(
    track: Track, places: Floats, ups: Floats, sines: Floats, speed_m_s: float, out: Floats
) -> int:
    """Find the windows of one satellite over all stations; returns how many there are."""
    count = 0
    for m in range(len(sines)):
        bound = speed_m_s * (1.0 + abs(sines[m]))
        count = _windows_of_pair(track, m, places[m], ups[m], sines[m], bound, out, count)
    return count

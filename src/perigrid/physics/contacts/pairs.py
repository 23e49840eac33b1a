"""Windows in which two satellites see each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M
from perigrid.physics.compiled import kernel, part
from perigrid.physics.contacts.crossings import (
    crossing_of,
    positive_spans_of,
    scratch,
    traced_spans_of,
)
from perigrid.physics.contacts.gather import gathered, stable_order
from perigrid.physics.contacts.tracks import (
    Bounds,
    Cubic,
    Flags,
    Floats,
    Ints,
    Point,
    Track,
    bounds_of,
    cubic_of,
    cubic_position,
    cubic_velocity,
    flagged_runs,
    new_flags,
    step_of,
)

Limits = tuple[float, float, float]
"""Grazing radius and longest range [m], fastest turn [rad/s]."""
Relative = tuple[float, float]
"""Bounds on relative speed [m/s] and acceleration [m/s2]."""
Link = tuple[Track, Track, Limits, Relative]
Case = tuple[Cubic, Cubic, Limits, Relative]

_FEWEST_PAIRS: Final = 16  # per thread
_LONGEST_TRACE_S: Final = 60.0
_LEAST_SIGHT_M: Final = 1.0e5  # a satellite nearer the grazing sphere has its horizon this far


@dataclass(frozen=True, slots=True)
class PairWindows:
    """Times of sight between satellites, one row each, sorted by start and pair.

    Parameters
    ----------
    pair : (n,) int array
        Row of the list of pairs.
    start_s, end_s : (n,) float array
        When the last limit is met and the first one broken, or the ends of the time grid [s].
    shortest_m : (n,) float array
        Shortest range within the window [m].
    """

    pair: Ints
    start_s: Floats
    end_s: Floats
    shortest_m: Floats

    def __len__(self) -> int:
        return len(self.pair)


def pair_windows(
    position_a_m: Floats,
    velocity_a_m_s: Floats,
    position_b_m: Floats,
    velocity_b_m_s: Floats,
    t_s: Floats,
    pairs: Ints,
    *,
    grazing_altitude_m: float,
    max_range_m: float = math.inf,
    max_turn_rad_s: float = math.inf,
) -> PairWindows:
    """Find every time in which listed pairs of satellites may be linked.

    Parameters
    ----------
    position_a_m, velocity_a_m_s : (3, n_a, n_times) float array
        State of the first satellites in one frame [m, m/s]. A pair with NaN in it has no windows.
    position_b_m, velocity_b_m_s : (3, n_b, n_times) float array
        State of the second satellites in the same frame; may be the same arrays [m, m/s].
    t_s : (n_times,) float array
        Rising times, not necessarily even [s].
    pairs : (n, 2) int array
        Rows of the first and of the second satellites.
    grazing_altitude_m : float
        Lowest altitude of the line of sight above the equatorial radius [m].
    max_range_m : float
        Longest range [m].
    max_turn_rad_s : float
        Fastest turn of the line of sight, in the frame of the states: give them in an inertial
        frame for what a terminal must slew [rad/s].

    Returns
    -------
    PairWindows
        Sorted by start and pair; the same bytes for any number of threads.

    Notes
    -----
    With ``R`` the grazing radius, the line of sight is free where
    ``a.b + sqrt(|a|^2 - R^2) sqrt(|b|^2 - R^2) > R^2``: the angle between both satellites is less
    than the sum of the angles to their horizons. Both this and ``|a - b| < max_range`` bound
    ``a.b`` from below, which the samples are tested for first; then, as with stations, bounds on
    the second derivatives keep crossings apart on the cubic Hermite paths, and no window or gap of
    1 ms or more is missed. The turn, ``|d x v| / |d|^2``, is followed in steps that its rate of
    change cannot outrun; its edges are as good as the velocities: 0.1 s in low orbit, 0.6 s where
    a deep-space orbit of SGP4 is one of the pair. A satellite below the grazing altitude sees
    nothing.
    """
    times = np.ascontiguousarray(t_s, dtype=np.float64)
    listed = np.ascontiguousarray(pairs, dtype=np.int64).reshape(-1, 2)
    limits = (EARTH_EQUATORIAL_RADIUS_M + grazing_altitude_m, max_range_m, max_turn_rad_s)
    if len(times) < 2:
        listed = listed[:0]
    states_a = _states(position_a_m, velocity_a_m_s)
    same = position_b_m is position_a_m and velocity_b_m_s is velocity_a_m_s
    states_b = states_a if same else _states(position_b_m, velocity_b_m_s)
    arguments = (states_a, states_b, times, listed, limits)
    owners, spans = gathered(_pairs_windows, len(listed), _FEWEST_PAIRS, arguments)
    start = np.ascontiguousarray(spans[:, 0])
    order = stable_order(start)
    return PairWindows(owners[order, 0], start[order], spans[order, 1], spans[order, 2])


def _states(position: Floats, velocity: Floats) -> Floats:
    """Put samples side by side in memory, (n, n_times, 6)."""
    states = np.empty((*position.shape[1:], 6))
    states[..., :3] = np.moveaxis(position, 0, -1)
    states[..., 3:] = np.moveaxis(velocity, 0, -1)
    return states


@part
def _dot(a: Point, b: Point) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@part
def _between(a: Point, b: Point) -> Point:
    return b[0] - a[0], b[1] - a[1], b[2] - a[2]


@part
def _position(track: Track, j: int) -> Point:
    states = track[0]
    return states[j, 0], states[j, 1], states[j, 2]


@part
def _in_step(link: Link, j: int) -> Case:
    return cubic_of(link[0], j), cubic_of(link[1], j), link[2], link[3]


@part
def _sight(a: Point, b: Point, grazing: float) -> float:
    """How far the angle between two satellites is from the sum of their horizons' [m]."""
    square = grazing * grazing
    over_a, over_b = _dot(a, a) - square, _dot(b, b) - square
    if over_a <= 0.0 or over_b <= 0.0:
        return (min(over_a, over_b) - 1.0) / grazing
    return (_dot(a, b) - square + math.sqrt(over_a * over_b)) / grazing


@part
def _sight_at_sample(link: Link, j: int) -> float:
    return _sight(_position(link[0], j), _position(link[1], j), link[2][0])


@part
def _sight_at(case: Case, t: float) -> float:
    return _sight(cubic_position(case[0], t), cubic_position(case[1], t), case[2][0])


@part
def _reach(d: Point, longest: float) -> float:
    """How far a range is from the longest, ``(R^2 - d^2) / 2 R`` [m]."""
    return 0.5 * (longest - _dot(d, d) / longest)


@part
def _reach_at_sample(link: Link, j: int) -> float:
    return _reach(_between(_position(link[0], j), _position(link[1], j)), link[2][1])


@part
def _reach_at(case: Case, t: float) -> float:
    return _reach(_between(cubic_position(case[0], t), cubic_position(case[1], t)), case[2][1])


@part
def _turn_margin(case: Case, t: float) -> float:
    """Time for which the turn stays below or above its limit at least [s]."""
    # w d^2 - |d x v| changes by at most (2 w |v| + a) d.
    cubic_a, cubic_b, (_, _, fastest), (speed, acceleration) = case
    d = _between(cubic_position(cubic_a, t), cubic_position(cubic_b, t))
    v = _between(cubic_velocity(cubic_a, t), cubic_velocity(cubic_b, t))
    square = _dot(d, d)
    along = _dot(d, v)
    across = math.sqrt(max(square * _dot(v, v) - along * along, 0.0))
    longest = math.sqrt(square) + speed * _LONGEST_TRACE_S
    margin = (fastest * square - across) / ((2.0 * fastest * speed + acceleration) * longest)
    return min(max(margin, -_LONGEST_TRACE_S), _LONGEST_TRACE_S)


@part
def _parting_at(case: Case, t: float) -> float:
    """Speed of parting times range, ``d.v``."""
    d = _between(cubic_position(case[0], t), cubic_position(case[1], t))
    return _dot(d, _between(cubic_velocity(case[0], t), cubic_velocity(case[1], t)))


_spans_of_sight = positive_spans_of(_sight_at_sample, _in_step, _sight_at)
_spans_in_reach = positive_spans_of(_reach_at_sample, _in_step, _reach_at)
_spans_of_slow_turn = traced_spans_of(_in_step, _turn_margin)
_nearest = crossing_of(_parting_at)


@part
def _range_at(case: Case, t: float) -> float:
    d = _between(cubic_position(case[0], t), cubic_position(case[1], t))
    return math.sqrt(_dot(d, d))


@part
def _shortest(link: Link, start: float, end: float) -> float:
    """Shortest range in a window: at its ends or at an approach between them [m]."""
    times = link[0][1]
    j = step_of(times, start)
    case = _in_step(link, j)
    best = _range_at(case, start)
    low, parting = start, _parting_at(case, start)
    while low < end:
        case = _in_step(link, j)
        high = min(times[j + 1], end)
        following = _parting_at(case, high)
        if parting < 0.0 and (following >= 0.0 or high == end):
            t = _nearest(case, low, parting, high, following) if following > 0.0 else high
            best = min(best, _range_at(case, t))
        low, parting = high, following
        j += 1
    return best


@part
def _horizon_bounds(track: Track, bounds: Bounds, grazing: float) -> tuple[float, float, float]:
    """Largest distance to the horizon, and bounds on its first and second derivatives."""
    states, times = track
    low, high, speed, acceleration, _ = bounds
    square = grazing * grazing
    sharp = speed * speed + high * acceleration
    radial = 0.0
    for j in range(len(times)):
        r, v = states[j, :3], states[j, 3:]
        step = times[min(j + 1, len(times) - 1)] - times[max(j - 1, 0)]
        sample = abs(r[0] * v[0] + r[1] * v[1] + r[2] * v[2])
        radial = max(radial, sample + 0.5 * step * sharp)
    least = math.sqrt(max(low * abs(low) - square, _LEAST_SIGHT_M**2))
    most = math.sqrt(max(high * high - square, _LEAST_SIGHT_M**2))
    return most, radial / least, sharp / least + radial * radial / least**3


@part
def _flag_near_samples(a: Floats, b: Floats, lowest: float, flags: Flags) -> None:
    """Flag samples that may stand beside a window, by ``a.b``."""
    for j in range(len(a)):
        flags[j] = a[j, 0] * b[j, 0] + a[j, 1] * b[j, 1] + a[j, 2] * b[j, 2] > lowest


@part
def _thresholds(
    link: Link, bounds_a: Bounds, bounds_b: Bounds, longest_step: float
) -> tuple[float, float, float]:
    """Lowest ``a.b`` at samples beside a window, and the curvatures of sight and reach."""
    (grazing, longest, _), track_a, track_b = link[2], link[0], link[1]
    low_a, high_a, speed_a, acceleration_a, _ = bounds_a
    low_b, high_b, speed_b, acceleration_b, _ = bounds_b
    most_a, rate_a, sharp_a = _horizon_bounds(track_a, bounds_a, grazing)
    most_b, rate_b, sharp_b = _horizon_bounds(track_b, bounds_b, grazing)
    bend = acceleration_a * high_b + 2.0 * speed_a * speed_b + acceleration_b * high_a
    lowest = grazing * grazing - most_a * most_b
    sight = (bend + sharp_a * most_b + 2.0 * rate_a * rate_b + most_a * sharp_b) / grazing
    reach = 0.0
    if math.isfinite(longest):
        lowest = max(lowest, 0.5 * (max(low_a, 0.0) ** 2 + max(low_b, 0.0) ** 2 - longest**2))
        relative = (acceleration_a + acceleration_b) * (high_a + high_b)
        reach = ((speed_a + speed_b) ** 2 + relative) / longest
    return lowest - 0.125 * bend * longest_step**2, sight, reach


@part
def _limited_spans(
    link: Link,
    reach: float,
    memory: tuple[Floats, Floats],
    buffers: tuple[Floats, Floats],
    count: int,
) -> int:
    """Keep the parts of the spans of sight in reach and turning slowly; in the second buffer."""
    sight, kept = buffers
    times, (_, longest, fastest) = link[0][1], link[2]
    if math.isfinite(longest):
        count = _spans_in_reach(link, reach, times, sight, count, memory, kept)
    else:
        for i in range(count):
            kept[i, 0], kept[i, 1] = sight[i, 0], sight[i, 1]
    if math.isfinite(fastest) and count <= len(kept):
        for i in range(count):
            sight[i, 0], sight[i, 1] = kept[i, 0], kept[i, 1]
        count = _spans_of_slow_turn(link, times, sight, count, kept)
    return count


@kernel
def _pairs_windows(
    first: int,
    stop: int,
    states_a: Floats,
    states_b: Floats,
    times: Floats,
    pairs: Ints,
    limits: Limits,
    owners: Ints,
    spans: Floats,
) -> tuple[int, int]:
    """Windows of a range of pairs; how many, and the first pair without room."""
    flags, words = new_flags(len(times))
    room = max(len(times), len(spans))
    runs, memory = np.empty((len(times), 2)), scratch()
    sight, kept = np.empty((room, 2)), np.empty((room, 2))
    longest_step = 0.0
    for j in range(len(times) - 1):
        longest_step = max(longest_step, times[j + 1] - times[j])
    count = 0
    for i in range(first, stop):
        track_a, track_b = (states_a[pairs[i, 0]], times), (states_b[pairs[i, 1]], times)
        bounds_a, bounds_b = bounds_of(track_a), bounds_of(track_b)
        moving = bounds_a[2] + bounds_b[2], bounds_a[3] + bounds_b[3]
        if not math.isfinite(moving[0]):
            continue
        link = (track_a, track_b, limits, moving)
        lowest, bend, reach = _thresholds(link, bounds_a, bounds_b, longest_step)
        _flag_near_samples(track_a[0], track_b[0], lowest, flags)
        n_runs = flagged_runs(flags, words, times, runs)
        found = _spans_of_sight(link, bend, times, runs, n_runs, memory, sight)
        if found <= room:
            found = _limited_spans(link, reach, memory, (sight, kept), found)
        if count + found > len(spans) or found > room:
            return count, i
        for k in range(found):
            owners[count, 0], owners[count, 1] = i, i
            spans[count, 0], spans[count, 1] = kept[k, 0], kept[k, 1]
            spans[count, 2] = _shortest(link, kept[k, 0], kept[k, 1])
            count += 1
    return count, stop

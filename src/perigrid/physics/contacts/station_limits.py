"""What closes a station beside its elevation mask: horizon, range, Sun."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M
from perigrid.physics.compiled import kernel, part
from perigrid.physics.contacts.crossings import traced_spans_of
from perigrid.physics.contacts.gather import Found, gathered
from perigrid.physics.contacts.sites import Site, offset, peak_rad, site_of
from perigrid.physics.contacts.tracks import (
    Cubic,
    Floats,
    Ints,
    Point,
    Track,
    bounds_of,
    copy_states,
    cubic_of,
    cubic_position,
)

Speeds = tuple[float, float, float]
Link = tuple[Track, Site, Floats, Floats, Floats, Speeds]
Case = tuple[Cubic, Site, Floats, Floats, Point, Point, Speeds]

_FEWEST_WINDOWS: Final = 500  # per thread
_HIGHEST_MASK_RAD: Final = math.radians(89.0)
# The Earth's turn and the Sun's own motion, with room for the chord between samples [rad/s].
_SUN_RATE_RAD_S: Final = 8.0e-5
_SIGNS: Final = {"any": 0.0, "lit": 1.0, "dark": -1.0}
_LONGEST_MARGIN_S: Final = 1.0e9


@dataclass(frozen=True, slots=True)
class SunLimits:
    """Where the Sun may stand.

    Parameters
    ----------
    sun_ecef_m : (3, n_times) float array
        Earth-fixed position of the Sun at the samples, an hour apart or less [m].
    min_elevation_rad, max_elevation_rad : (n_stations,) float array or None
        Lowest and highest geometric elevation of the Sun's centre over each station; None for no
        limit [rad].
    satellite : str
        ``any``; ``lit`` or ``dark`` where the satellite must see the Sun's centre past a spherical
        Earth of the equatorial radius, or must not.
    """

    sun_ecef_m: Floats
    min_elevation_rad: Floats | None = None
    max_elevation_rad: Floats | None = None
    satellite: Literal["any", "lit", "dark"] = "any"


@dataclass(frozen=True, slots=True)
class StationLimits:
    """Limits of stations beside the lowest elevation, which holds as well.

    Parameters
    ----------
    azimuth_masks : sequence of (n, 2) float array or None, optional
        For each station None or rows of azimuth, rising in 0 to 2 pi from north over east, and
        lowest elevation there, at most 89 degrees; linear in between, around the circle. At a pole
        azimuths are those of longitude 0, whatever longitude the station is given [rad].
    max_range_m : (n_stations,) float array, optional
        Longest slant range; infinite for no limit [m].
    sun : SunLimits, optional
        Where the Sun may stand.
    """

    azimuth_masks: Sequence[Floats | None] | None = None
    max_range_m: Floats | None = None
    sun: SunLimits | None = None


def limited_windows(
    limits: StationLimits, arguments: tuple[Floats, ...], owners: Ints, spans: Floats
) -> Found:
    """Cut windows down to the parts in which every limit holds.

    Parameters
    ----------
    limits : StationLimits
        Of the stations.
    arguments : tuple of float arrays
        Positions, velocities, times and sites, as the search has them.
    owners, spans : (n, 2) int array, (n, 3) float array
        Satellite and station; start, end and peak of each window.

    Returns
    -------
    owners, spans
        As given, the peaks those of the parts.

    Raises
    ------
    ValueError
        If an azimuth mask does not rise in 0 to 2 pi or is too steep or high.

    Notes
    -----
    Every limit is a margin divided by the highest speed at which it can change, in seconds: its
    smallest value keeps its sign for at least that long, so the search steps by it and misses no
    part of 1 ms or more. The margins: ``R - |d|``; ``d.u - rho tan(mask(azimuth))`` with the
    horizontal distance ``rho``; the sine of the Sun's elevation; the distance from the shadow.
    """
    count = len(arguments[3])
    starts, tables = _joined_masks(limits.azimuth_masks, count)
    rules = _rules(limits, count)
    sun = np.zeros((len(arguments[2]), 3))
    if limits.sun is not None:
        sun[:] = np.asarray(limits.sun.sun_ecef_m, dtype=np.float64).T
    given = (*arguments, starts, tables, rules, sun, owners, spans)
    return gathered(_limited, len(spans), _FEWEST_WINDOWS, given)


def _rules(limits: StationLimits, count: int) -> Floats:
    """Longest range [m], sines of the Sun's limits, sign of the satellite's light, by station."""
    rules = np.empty((count, 4))
    rules[:, 0] = math.inf if limits.max_range_m is None else limits.max_range_m
    rules[:, 1:] = -2.0, 2.0, 0.0
    if limits.sun is not None:
        if limits.sun.min_elevation_rad is not None:
            rules[:, 1] = np.sin(limits.sun.min_elevation_rad)
        if limits.sun.max_elevation_rad is not None:
            rules[:, 2] = np.sin(limits.sun.max_elevation_rad)
        rules[:, 3] = _SIGNS[limits.sun.satellite]
    return rules


def _joined_masks(masks: Sequence[Floats | None] | None, count: int) -> tuple[Ints, Floats]:
    """Put all tables under each other, each with its first row again a turn later."""
    tables = [np.empty((0, 2))]
    for mask in masks if masks is not None else [None] * count:
        if mask is None or len(mask) == 0:
            tables.append(np.empty((0, 2)))
            continue
        table = np.asarray(mask, dtype=np.float64)
        _check_mask(table)
        before, after = table[-1] - (math.tau, 0.0), table[0] + (math.tau, 0.0)
        tables.append(np.vstack([before, table, after]))
    if len(tables) != count + 1:
        raise ValueError(f"{len(tables) - 1} azimuth masks for {count} stations")
    return np.cumsum([len(table) for table in tables], dtype=np.int64), np.concatenate(tables)


def _check_mask(table: Floats) -> None:
    azimuth, elevation = table.T
    rising = np.all(np.diff(azimuth) > 0.0) and azimuth[0] >= 0.0 and azimuth[-1] < math.tau
    if not (rising and np.all(np.abs(elevation) <= _HIGHEST_MASK_RAD)):
        raise ValueError("an azimuth mask rises in 0 to 2 pi, with elevations within 89 degrees")


@part
def _mask_at(table: Floats, azimuth: float) -> float:
    """Lowest elevation in a direction [rad]."""
    low, high = 0, len(table) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if table[middle, 0] <= azimuth:
            low = middle
        else:
            high = middle
    share = (azimuth - table[low, 0]) / (table[high, 0] - table[low, 0])
    mask: float = table[low, 1] + share * (table[high, 1] - table[low, 1])
    return mask


@part
def _mask_speed(table: Floats) -> float:
    """Change of ``d.u - rho tan(mask(azimuth))`` per path flown, at most."""
    steepest = highest = 0.0
    for k in range(len(table)):
        highest = max(highest, abs(table[k, 1]))
        if k > 0:
            slope = (table[k, 1] - table[k - 1, 1]) / (table[k, 0] - table[k - 1, 0])
            steepest = max(steepest, abs(slope))
    secant = 1.0 / math.cos(highest)
    return secant * math.sqrt(1.0 + (secant * steepest) ** 2)


@part
def _over_horizon(d: Point, site: Site, table: Floats) -> float:
    """``d.u - rho tan(mask(azimuth))`` [m]."""
    _, _, _, ux, uy, uz, _ = site
    up = d[0] * ux + d[1] * uy + d[2] * uz
    # East is the Earth's axis times the vertical; at a pole it is that of longitude 0.
    across = math.sqrt(ux * ux + uy * uy)
    ex, ey = (-uy / across, ux / across) if across > 1.0e-9 else (0.0, 1.0)
    east = d[0] * ex + d[1] * ey
    north = d[2] * (ux * ey - uy * ex) - uz * (d[0] * ey - d[1] * ex)
    azimuth = math.atan2(east, north) % math.tau
    return up - math.sqrt(east * east + north * north) * math.tan(_mask_at(table, azimuth))


@part
def _outside_shadow(r: Point, sun: Point) -> float:
    """Distance of a satellite from the shadow's edge, negative within [m]."""
    sx, sy, sz = sun[0] - r[0], sun[1] - r[1], sun[2] - r[2]
    distance = math.sqrt(sx * sx + sy * sy + sz * sz)
    along = (r[0] * sx + r[1] * sy + r[2] * sz) / distance
    square = r[0] * r[0] + r[1] * r[1] + r[2] * r[2]
    aside = math.sqrt(max(square - along * along, 0.0)) - EARTH_EQUATORIAL_RADIUS_M
    return max(along, aside)


@part
def _in_step(link: Link, j: int) -> Case:
    track, site, table, rule, sun, speeds = link
    now, then = sun[j], sun[j + 1]
    return (
        cubic_of(track, j),
        site,
        table,
        rule,
        (now[0], now[1], now[2]),
        (then[0] - now[0], then[1] - now[1], then[2] - now[2]),
        speeds,
    )


@part
def _margin(case: Case, t: float) -> float:
    """Time that every limit holds on for, or negative that one stays broken, at least [s]."""
    cubic, site, table, rule, sun, drift, (speed, mask_speed, shadow_speed) = case
    r = cubic_position(cubic, t)
    d = offset(r, site)
    margin = _LONGEST_MARGIN_S
    if math.isfinite(rule[0]):
        distance = math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
        margin = min(margin, (rule[0] - distance) / speed)
    if len(table) > 0:
        margin = min(margin, _over_horizon(d, site, table) / mask_speed)
    if rule[1] < -1.0 and rule[2] > 1.0 and rule[3] == 0.0:
        return float(margin)
    share = (t - cubic[0]) * cubic[1]
    s = sun[0] + share * drift[0], sun[1] + share * drift[1], sun[2] + share * drift[2]
    height = s[0] * site[3] + s[1] * site[4] + s[2] * site[5]
    sine = height / math.sqrt(s[0] * s[0] + s[1] * s[1] + s[2] * s[2])
    margin = min(margin, (sine - rule[1]) / _SUN_RATE_RAD_S, (rule[2] - sine) / _SUN_RATE_RAD_S)
    if rule[3] != 0.0:
        margin = min(margin, rule[3] * _outside_shadow(r, s) / shadow_speed)
    return float(margin)


_spans_in_limits = traced_spans_of(_in_step, _margin)


@kernel
def _limited(
    first: int,
    stop: int,
    position: Floats,
    velocity: Floats,
    times: Floats,
    sites: Floats,
    starts: Ints,
    tables: Floats,
    rules: Floats,
    sun: Floats,
    whole_owners: Ints,
    whole_spans: Floats,
    owners: Ints,
    spans: Floats,
) -> tuple[int, int]:
    """Parts of a range of windows; how many, and the first window without room."""
    states = np.empty((len(times), 6))
    track = states, times
    bounds = bounds_of(track)
    here = -1
    count = 0
    for i in range(first, stop):
        row, m = whole_owners[i, 0], whole_owners[i, 1]
        if row != here:
            here = row
            copy_states(position, velocity, row, states)
            bounds = bounds_of(track)
        site, table = site_of(sites, m), tables[starts[m] : starts[m + 1]]
        speed = max(bounds[2], 1.0)
        shadow_speed = speed + bounds[1] * _SUN_RATE_RAD_S
        speeds = speed, speed * _mask_speed(table), shadow_speed
        link = (track, site, table, rules[m], sun, speeds)
        found = _spans_in_limits(link, times, whole_spans[i : i + 1], 1, spans[count:])
        if count + found > len(spans):
            return count, i
        for k in range(count, count + found):
            owners[k, 0], owners[k, 1] = row, m
            spans[k, 2] = peak_rad((track, site), spans[k, 0], spans[k, 1])
        count += found
    return count, stop

"""A satellite over a station: height over the mask, elevation, culmination."""

from __future__ import annotations

import math

from perigrid.physics.compiled import part
from perigrid.physics.contacts.crossings import crossing_of
from perigrid.physics.contacts.tracks import (
    Cubic,
    Floats,
    Point,
    Track,
    cubic_of,
    cubic_position,
    cubic_velocity,
    step_of,
)

Site = tuple[float, float, float, float, float, float, float]
"""Position [m], vertical and sine of the mask of a station."""
Link = tuple[Track, Site]
Case = tuple[Cubic, Site]


@part
def site_of(sites: Floats, m: int) -> Site:
    """One row of the table of stations."""
    row = sites[m]
    return row[0], row[1], row[2], row[3], row[4], row[5], row[6]


@part
def _over_mask(d: Point, site: Site) -> float:
    """``d.u - |d| sin(mask)`` [m]."""
    _, _, _, ux, uy, uz, sine = site
    distance = math.sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
    return d[0] * ux + d[1] * uy + d[2] * uz - sine * distance


@part
def offset(point: Point, site: Site) -> Point:
    """From the station to a point [m]."""
    return point[0] - site[0], point[1] - site[1], point[2] - site[2]


@part
def _offset_at_sample(link: Link, j: int) -> Point:
    (states, _), site = link
    return states[j, 0] - site[0], states[j, 1] - site[1], states[j, 2] - site[2]


@part
def over_mask_at_sample(link: Link, j: int) -> float:
    """Height over the mask at a sample [m]."""
    return _over_mask(_offset_at_sample(link, j), link[1])


@part
def over_mask_at(case: Case, t: float) -> float:
    """Height over the mask inside a step [m]."""
    return _over_mask(offset(cubic_position(case[0], t), case[1]), case[1])


@part
def in_step(link: Link, j: int) -> Case:
    """Work out the path of one step."""
    return cubic_of(link[0], j), link[1]


@part
def _elevation(d: Point, site: Site) -> float:
    """Elevation by the arc tangent, which keeps its digits near the zenith [rad]."""
    _, _, _, ux, uy, uz, _ = site
    up = d[0] * ux + d[1] * uy + d[2] * uz
    dx, dy, dz = d[0] - up * ux, d[1] - up * uy, d[2] - up * uz
    return math.atan2(up, math.sqrt(dx * dx + dy * dy + dz * dz))


@part
def _climb(d: Point, v: Point, site: Site) -> float:
    """Sign and zeros of the elevation's rate: ``(v.u) |d|^2 - (d.u) (d.v)``."""
    _, _, _, ux, uy, uz, _ = site
    rise = v[0] * ux + v[1] * uy + v[2] * uz
    up = d[0] * ux + d[1] * uy + d[2] * uz
    along = d[0] * v[0] + d[1] * v[1] + d[2] * v[2]
    return rise * (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]) - up * along


@part
def _climb_at(case: Case, t: float) -> float:
    cubic, site = case
    return _climb(offset(cubic_position(cubic, t), site), cubic_velocity(cubic, t), site)


@part
def _climb_at_sample(link: Link, j: int) -> float:
    (states, _), site = link
    return _climb(_offset_at_sample(link, j), (states[j, 3], states[j, 4], states[j, 5]), site)


_culmination = crossing_of(_climb_at)


@part
def peak_rad(link: Link, start_s: float, end_s: float) -> float:
    """Highest elevation in a window: of its ends and of every culmination between them [rad]."""
    times = link[0][1]
    j = step_of(times, start_s)
    case = in_step(link, j)
    best = _elevation(offset(cubic_position(case[0], start_s), case[1]), case[1])
    low, climb = start_s, _climb_at(case, start_s)
    while low < end_s:
        high = min(times[j + 1], end_s)
        if high == times[j + 1]:
            following = _climb_at_sample(link, j + 1)
        else:
            following = _climb_at(in_step(link, j), high)
        if climb > 0.0 and (following <= 0.0 or high == end_s):
            case = in_step(link, j)
            t = _culmination(case, low, climb, high, following) if following < 0.0 else high
            best = max(best, _elevation(offset(cubic_position(case[0], t), case[1]), case[1]))
        low, climb = high, following
        j += 1
    return best

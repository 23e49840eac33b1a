"""Whose land a scene shows: footprints against borders, not only their centres.

Borders are Natural Earth's at 1:110m (public domain), so that states smaller than about 20 km
(Malta, Singapore, Liechtenstein) and small islands are missing; footprints are widened by the
uncertainty of the borders, so that a scene near one counts for both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy  # its parts are loaded when they are used: asking no question needs no tree

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M as EARTH_RADIUS_M

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BORDER_UNCERTAINTY_M: Final = 10.0e3
"""How far a 1:110m border may lie from the true one: generalisation of 0.1 mm on the map, about
11 km (assumed)."""

LONGEST_STEP_DEG: Final = 0.25
"""Border segments are cut to this length, so that a chord stands for a parallel."""

MOST_REMEMBERED: Final = 1_000_000
"""Scenes a memo keeps; about 200 MB."""


@dataclass(frozen=True, slots=True)
class _Borders:
    """Borders as short segments, and as rings for what lies inside."""

    codes: tuple[str, ...]
    start: Floats  # (n, 3) unit vectors
    end: Floats
    owner: Ints  # (n,) index of the code
    tree: scipy.spatial.cKDTree
    reach: float  # half the longest segment, as a chord of the unit sphere
    rings: tuple[tuple[int, Floats], ...]  # owner; (m, 2) longitude, latitude [deg]
    low: Floats  # (n_rings, 2) south-west corner of each ring [deg]
    high: Floats


class TerritoryMemo:
    """:func:`territories`, remembering what it has answered: architectures share their scenes."""

    def __init__(self) -> None:
        self._known: dict[tuple[float, float, float], tuple[str, ...]] = {}

    def __call__(
        self, latitude_rad: Floats, longitude_rad: Floats, half_side_m: Floats
    ) -> tuple[tuple[str, ...], ...]:
        """Answer from memory what was asked before, and the rest at once.

        Parameters
        ----------
        latitude_rad, longitude_rad, half_side_m : (n,) float array
            As :func:`territories` takes them [rad, rad, m].

        Returns
        -------
        tuple of tuple of str
            As :func:`territories` gives them.
        """
        columns = (latitude_rad.tolist(), longitude_rad.tolist(), half_side_m.tolist())
        keys = list(zip(*columns, strict=True))
        unknown = list(dict.fromkeys(key for key in keys if key not in self._known))
        if unknown:
            if len(self._known) + len(unknown) > MOST_REMEMBERED:
                self._known.clear()
                unknown = list(dict.fromkeys(keys))
            found = territories(*np.array(unknown).T)
            self._known.update(zip(unknown, found, strict=True))
        return tuple(self._known[key] for key in keys)

    def of_one(
        self, latitude_rad: float, longitude_rad: float, half_side_m: float
    ) -> tuple[str, ...]:
        """Answer for one scene.

        Parameters
        ----------
        latitude_rad, longitude_rad, half_side_m : float
            As :func:`territories` takes them [rad, rad, m].

        Returns
        -------
        tuple of str
            As :func:`territories` gives them.
        """
        known = self._known.get((latitude_rad, longitude_rad, half_side_m))
        if known is not None:
            return known
        one = (latitude_rad, longitude_rad, half_side_m)
        return self(*(np.array([value]) for value in one))[0]


def territories(
    latitude_rad: Floats, longitude_rad: Floats, half_side_m: Floats
) -> tuple[tuple[str, ...], ...]:
    """States whose land square scenes touch.

    Parameters
    ----------
    latitude_rad, longitude_rad : (n,) float array
        Centres [rad].
    half_side_m : (n,) float array
        Half of each scene's side, which runs north [m].

    Returns
    -------
    tuple of tuple of str
        ISO 3166 alpha-2, sorted; empty on the high seas.

    Notes
    -----
    A state is touched if the centre lies inside it or a piece of its border crosses the footprint,
    widened by :data:`BORDER_UNCERTAINTY_M`. The crossing is decided in the plane that touches the
    sphere at the centre, where poles and the date line are places like any other; for scenes of
    hundreds of kilometres the plane is off by less than the borders are.
    """
    borders = _borders()
    centre = _unit(np.degrees(longitude_rad), np.degrees(latitude_rad))
    half_m = np.asarray(half_side_m, dtype=np.float64) + BORDER_UNCERTAINTY_M
    touched: list[set[int]] = [set() for _ in range(len(centre))]
    for point, owner in zip(*_crossed(borders, centre, half_m), strict=True):
        touched[point].add(owner)
    for point, owner in _containing(borders, np.degrees(longitude_rad), np.degrees(latitude_rad)):
        touched[point].add(owner)
    return tuple(tuple(sorted(borders.codes[n] for n in owners)) for owners in touched)


def touches_box(
    latitude_rad: Floats,
    longitude_rad: Floats,
    half_side_m: Floats,
    edges_rad: tuple[float, float, float, float],
) -> npt.NDArray[np.bool_]:
    """Whether square scenes touch an area between two parallels and two meridians.

    Parameters
    ----------
    latitude_rad, longitude_rad : (n,) float array
        Centres [rad].
    half_side_m : (n,) float array
        Half of each scene's side [m].
    edges_rad : tuple of float
        South, west, north, east; east less than west across the date line [rad].

    Returns
    -------
    (n,) bool array
        True as well for a scene whose corner comes near without touching: its width is taken
        where its meridians are closest, so that no scene is missed.
    """
    south, west, north, east = edges_rad
    half_rad = np.asarray(half_side_m) / EARTH_RADIUS_M
    near_pole = np.minimum(np.abs(latitude_rad) + half_rad, 0.5 * np.pi)
    cosine = np.cos(near_pole)
    wide_rad = np.where(cosine > half_rad / np.pi, half_rad / np.maximum(cosine, 1e-9), np.pi)
    in_latitude = (latitude_rad + half_rad >= south) & (latitude_rad - half_rad <= north)
    span = (east - west) % (2.0 * np.pi) if east != west else 0.0
    span = 2.0 * np.pi if east - west >= 2.0 * np.pi - 1e-12 else span
    past_west = (longitude_rad - west) % (2.0 * np.pi)
    outside = np.minimum(np.maximum(past_west - span, 0.0), 2.0 * np.pi - past_west)
    inside = past_west <= span
    return np.asarray(in_latitude & (inside | (outside <= wide_rad)))


def _crossed(borders: _Borders, centre: Floats, half_m: Floats) -> tuple[list[int], list[int]]:
    """Scenes and states whose border crosses them."""
    radius = np.sqrt(2.0) * half_m / EARTH_RADIUS_M + borders.reach
    near = borders.tree.query_ball_point(centre, radius)
    counts = np.array([len(found) for found in near], dtype=np.int64)
    if not counts.sum():
        return [], []
    point = np.repeat(np.arange(len(centre)), counts)
    segment = np.concatenate([np.asarray(found, dtype=np.int64) for found in near if found])
    east, north = _axes(centre)
    x0, y0 = _plane(borders.start[segment], east[point], north[point])
    x1, y1 = _plane(borders.end[segment], east[point], north[point])
    crosses = _meets_square(x0, y0, x1, y1, half_m[point])
    return point[crosses].tolist(), borders.owner[segment[crosses]].tolist()


def _axes(centre: Floats) -> tuple[Floats, Floats]:
    """East and north at each point; at a pole, those of the meridian of Greenwich."""
    east = np.stack([-centre[:, 1], centre[:, 0], np.zeros(len(centre))], axis=1)
    length = np.linalg.norm(east, axis=1, keepdims=True)
    east = np.where(length > 1e-9, east / np.maximum(length, 1e-9), np.array([0.0, 1.0, 0.0]))
    return east, np.cross(centre, east)


def _plane(point: Floats, east: Floats, north: Floats) -> tuple[Floats, Floats]:
    """East and north of the centre, seen from far above [m]."""
    x = np.einsum("ij,ij->i", point, east) * EARTH_RADIUS_M
    y = np.einsum("ij,ij->i", point, north) * EARTH_RADIUS_M
    return x, y


def _meets_square(
    x0: Floats, y0: Floats, x1: Floats, y1: Floats, half_m: Floats
) -> npt.NDArray[np.bool_]:
    """Whether segments meet squares about the origin (Liang and Barsky's clipping)."""
    first, last = np.zeros(len(x0)), np.ones(len(x0))
    outside = np.zeros(len(x0), dtype=bool)
    for begin, step in ((x0, x1 - x0), (y0, y1 - y0)):
        for sign in (1.0, -1.0):
            slope, room = sign * step, half_m - sign * begin
            with np.errstate(divide="ignore", invalid="ignore"):
                share = room / slope
            outside |= (slope == 0.0) & (room < 0.0)
            last = np.where(slope > 0.0, np.minimum(last, share), last)
            first = np.where(slope < 0.0, np.maximum(first, share), first)
    return np.asarray(~outside & (first <= last))


def _containing(
    borders: _Borders, longitude_deg: Floats, latitude_deg: Floats
) -> set[tuple[int, int]]:
    """Scenes and the states their centres lie in, by the parity of crossings of each state."""
    longitude_deg = (longitude_deg + 180.0) % 360.0 - 180.0
    point = np.stack([longitude_deg, latitude_deg], axis=1)
    within = (point[:, None] >= borders.low) & (point[:, None] <= borders.high)
    boxed = np.asarray(within.all(axis=2))
    inside: dict[tuple[int, int], bool] = {}
    for place in np.flatnonzero(boxed.any(axis=0)).tolist():
        owner, ring = borders.rings[place]
        here = np.flatnonzero(boxed[:, place])
        crossed = _odd_crossings(ring, longitude_deg[here], latitude_deg[here])
        for found in here[crossed].tolist():
            inside[found, owner] = not inside.get((found, owner), False)
    return {key for key, odd in inside.items() if odd}


def _odd_crossings(ring: Floats, x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
    """Whether the meridian north of each point crosses a ring an odd number of times."""
    x0, y0, x1, y1 = (
        column[None, :] for column in (ring[:-1, 0], ring[:-1, 1], ring[1:, 0], ring[1:, 1])
    )
    spans = (x0 > x[:, None]) != (x1 > x[:, None])
    with np.errstate(divide="ignore", invalid="ignore"):
        at = y0 + (x[:, None] - x0) * (y1 - y0) / (x1 - x0)
    return np.asarray((spans & (at > y[:, None])).sum(axis=1) % 2 == 1)


def _unit(longitude_deg: Floats, latitude_deg: Floats) -> Floats:
    lon, lat = np.radians(longitude_deg), np.radians(latitude_deg)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


shared_territories: Final = TerritoryMemo()
"""One memo for all runs of a process."""


@cache
def _borders() -> _Borders:
    """Read the borders once."""
    text = (files("perigrid.workload") / "maps" / "borders.txt").read_text(encoding="ascii")
    lines = [line.split(" ") for line in text.splitlines() if not line.startswith("# ")]
    codes = tuple(sorted({words[0] for words in lines}))
    rings, starts, ends, owners = [], [], [], []
    for code, *points in lines:
        at = codes.index(code)
        ring = np.array([point.split(",") for point in points], dtype=np.float64) / 100.0
        rings.append((at, ring))
        fine = _densified(ring)
        starts.append(fine[:-1])
        ends.append(fine[1:])
        owners.append(np.full(len(fine) - 1, at, dtype=np.int64))
    start, end = (_unit(*np.concatenate(part).T) for part in (starts, ends))
    middle = start + end
    middle /= np.linalg.norm(middle, axis=1, keepdims=True)
    reach = 0.5 * float(np.linalg.norm(end - start, axis=1).max()) * 1.01
    low = np.array([ring.min(axis=0) for _, ring in rings])
    high = np.array([ring.max(axis=0) for _, ring in rings])
    owner = np.concatenate(owners)
    return _Borders(
        codes, start, end, owner, scipy.spatial.cKDTree(middle), reach, tuple(rings), low, high
    )


def _densified(ring: Floats) -> Floats:
    """Cut long segments, straight in longitude and latitude as the source draws them."""
    steps = np.maximum(np.ceil(np.abs(np.diff(ring, axis=0)).max(axis=1) / LONGEST_STEP_DEG), 1.0)
    pieces = [
        ring[n] + (ring[n + 1] - ring[n]) * np.arange(count)[:, None] / count
        for n, count in enumerate(steps.astype(int))
    ]
    return np.concatenate([*pieces, ring[-1:]])

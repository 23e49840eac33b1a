"""Whose land a scene shows: footprints against borders, not only their centres.

Borders are Natural Earth's at 1:10m (public domain), simplified by ``tools/make_borders.py``: every
state and dependency is there. Footprints are widened by the uncertainty of the borders, so that a
scene near one counts for both sides; a scene at sea counts for whoever has a shore within the
breadth of the territorial sea, so that what the map leaves out never reads as the high seas.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
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

BORDER_UNCERTAINTY_M: Final = 5.0e3
"""How far a border may lie from the true one: generalisation of 0.2 mm on a map of 1:10m, 2 km
(assumed), our simplification to 0.01 degrees, 1.1 km, the source's grid of 0.0036 degrees, and a
margin of as much again."""

ANTARCTIC_LATITUDE_RAD: Final = math.radians(-60.0)
"""ISO 3166-1 gives ``AQ`` to the territory south of 60 degrees south; so far north the Antarctic
Treaty (1959, article VI) holds, ice shelves included. [rad]"""

TERRITORIAL_SEA_M: Final = 12 * 1852.0
"""Breadth up to which a state may extend its sovereignty over the sea: 12 nautical miles (United
Nations Convention on the Law of the Sea, articles 2 and 3)."""

UNITS_PER_DEG: Final = 1000.0
"""Steps of a degree in which the map is written."""

LONGEST_STEP_DEG: Final = 0.25
"""Border segments are cut to this length, so that a chord stands for a parallel."""

CROSSINGS_AT_A_TIME: Final = 1_000_000
"""Points times segments of a ring that are held against each other at once; 2 MB."""

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
        ISO 3166 alpha-2, sorted, with the code of a part that has one of its own (Réunion is
        ``RE``); empty on the high seas.

    Notes
    -----
    A state is touched if the centre lies inside it or a piece of its border crosses the footprint,
    widened by :data:`BORDER_UNCERTAINTY_M`; a footprint that touches none is widened by
    :data:`TERRITORIAL_SEA_M` besides. All south of :data:`ANTARCTIC_LATITUDE_RAD` is ``AQ``, whose
    ice shelves the map draws as sea. The crossing is decided in the plane that touches the
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
    at_sea = np.array([n for n, owners in enumerate(touched) if not owners], dtype=np.int64)
    offshore = _crossed(borders, centre[at_sea], half_m[at_sea] + TERRITORIAL_SEA_M)
    for point, owner in zip(*offshore, strict=True):
        touched[at_sea[point]].add(owner)
    southernmost_rad = np.asarray(latitude_rad) - half_m / EARTH_RADIUS_M
    antarctica = borders.codes.index("AQ")
    for point in np.flatnonzero(southernmost_rad < ANTARCTIC_LATITUDE_RAD).tolist():
        touched[point].add(antarctica)
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
    inside: dict[tuple[int, int], bool] = {}
    for turn in (-360.0, 0.0, 360.0):  # rings run on across the date line
        for ring, here in _boxed(borders, longitude_deg + turn, latitude_deg):
            owner, points = borders.rings[ring]
            crossed = _odd_crossings(points, longitude_deg[here] + turn, latitude_deg[here])
            for found in here[crossed].tolist():
                inside[found, owner] = not inside.get((found, owner), False)
    return {key for key, odd in inside.items() if odd}


def _boxed(borders: _Borders, x: Floats, y: Floats) -> Iterator[tuple[int, Ints]]:
    """Rings with the points that lie in the box around each; rings without any are left out."""
    order = np.argsort(x, kind="stable")
    first = np.searchsorted(x[order], borders.low[:, 0], side="left")
    last = np.searchsorted(x[order], borders.high[:, 0], side="right")
    for ring in np.flatnonzero(last > first).tolist():
        here = order[first[ring] : last[ring]]
        low, high = borders.low[ring, 1], borders.high[ring, 1]
        here = here[(y[here] >= low) & (y[here] <= high)]
        if len(here):
            yield ring, here


def _odd_crossings(ring: Floats, x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
    """Whether the meridian north of each point crosses a ring an odd number of times."""
    at_a_time = max(1, CROSSINGS_AT_A_TIME // len(ring))
    parts = [
        _odd_of_few(ring, x[first : first + at_a_time], y[first : first + at_a_time])
        for first in range(0, len(x), at_a_time)
    ]
    return np.concatenate(parts)


def _odd_of_few(ring: Floats, x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
    west = ring[:, 0] > x[:, None]
    point, segment = np.nonzero(west[:, 1:] != west[:, :-1])
    (x0, y0), (x1, y1) = ring[segment].T, ring[segment + 1].T
    above = y0 + (x[point] - x0) * (y1 - y0) / (x1 - x0) > y[point]
    return np.asarray(np.bincount(point[above], minlength=len(x)) % 2 == 1)


def _unit(longitude_deg: Floats, latitude_deg: Floats) -> Floats:
    lon, lat = np.radians(longitude_deg), np.radians(latitude_deg)
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)


shared_territories: Final = TerritoryMemo()
"""One memo for all runs of a process."""


@cache
def _borders() -> _Borders:
    """Read the borders once."""
    with (files("perigrid.workload") / "maps" / "borders.npz").open("rb") as content:
        table = np.load(content, allow_pickle=False)
        code, size, step = table["code"], table["size"], table["step"]
    codes, owner_of = np.unique(code, return_inverse=True)
    point = np.cumsum(step, axis=0) / UNITS_PER_DEG
    begin = np.cumsum(size) - size
    joined = np.ones(len(point) - 1, dtype=np.bool_)
    joined[begin[1:] - 1] = False  # from the end of a ring to the begin of the next
    first = np.flatnonzero(joined)
    segment, start, end = _densified(point[first], point[first + 1])
    start, end = _unit(*start.T), _unit(*end.T)
    middle = start + end
    middle /= np.linalg.norm(middle, axis=1, keepdims=True)
    reach = 0.5 * float(np.linalg.norm(end - start, axis=1).max()) * 1.01
    owner = np.repeat(owner_of, size)[first][segment].astype(np.int64)
    low, high = (part.reduceat(point, begin, axis=0) for part in (np.minimum, np.maximum))
    rings = tuple(zip(owner_of.tolist(), np.split(point, begin[1:]), strict=True))
    # Lookups are few: a tree that is not balanced is built in half the time.
    tree = scipy.spatial.cKDTree(middle, balanced_tree=False, compact_nodes=False)
    return _Borders(tuple(codes.tolist()), start, end, owner, tree, reach, rings, low, high)


def _densified(start: Floats, end: Floats) -> tuple[Ints, Floats, Floats]:
    """Cut long segments, straight in longitude and latitude as the source draws them."""
    length_deg = np.abs(end - start).max(axis=1)
    count = np.maximum(np.ceil(length_deg / LONGEST_STEP_DEG), 1.0).astype(np.int64)
    segment = np.repeat(np.arange(len(start)), count)
    place = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
    step = ((end - start) / count[:, None])[segment]
    begin = start[segment] + place[:, None] * step
    return segment, begin, begin + step

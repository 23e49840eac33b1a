"""Areas of interest: polygons of longitude and latitude, cut into scenes of a sensor's size.

An area is cut into rows along its parallels, each row into scenes side by side where the area is.
What a row covers is exact: the extent of the boundary inside the row, joined with what lies inside
the area on the row's two parallels. Edges are straight in longitude and latitude (RFC 7946, 3.1.1).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

LARGEST_RADIUS_M: Final = 6_399_593.6
"""Radius of curvature of the ellipsoid at its poles; no degree is longer there [m]."""

MOST_PIECES: Final = 4_000_000
"""Pieces of boundary in rows that one area may have."""

Position = tuple[float, float]
Ring = tuple[Position, ...]
Polygon = tuple[Ring, ...]
Interval = tuple[float, float]

_TURN_DEG: Final = 360.0
_POLE_DEG: Final = 90.0


class TooManyScenesError(ValueError):
    """An area takes more scenes, or has a longer boundary, than is cut."""


@dataclass(frozen=True, slots=True)
class RequestArea:
    """An area somebody wants observed: outer rings with their holes.

    Parameters
    ----------
    name : str
        Of the area.
    polygons : tuple of Polygon
        Each an outer ring and its holes, of (longitude, latitude) without a repeated first [deg].
    """

    name: str
    polygons: tuple[Polygon, ...]


def scene_centres(area: RequestArea, side_m: float, most: int) -> list[Position]:
    """Cut an area into square scenes.

    Parameters
    ----------
    area : RequestArea
        Rings closed or not, wound either way. An edge goes the shorter way round the Earth; a
        ring that goes once around holds the pole nearer to it.
    side_m : float
        Side of a scene [m].
    most : int
        Scenes allowed.

    Returns
    -------
    list of (float, float)
        Longitude and latitude of each scene's centre, from south to north, then from west to east
        as the area is drawn; together the scenes cover the area [deg].

    Raises
    ------
    TooManyScenesError
        If there would be more than that.
    """
    rings = [_polygon_rings(polygon) for polygon in area.polygons]
    latitudes = [y for polygon in rings for ring in polygon for _, y in ring]
    south, north = min(latitudes), max(latitudes)
    step_deg = math.degrees(side_m / LARGEST_RADIUS_M)
    wanted = max(1.0, (north - south) / step_deg)
    if wanted > most:
        raise TooManyScenesError(f"more than {most} scenes")
    rows = _Rows(south, north, math.ceil(wanted - 1e-9))
    covered = rows.covered(rings)
    centres: list[Position] = []
    for row, intervals in enumerate(covered):
        low, high = rows.edge(row), rows.edge(row + 1)
        # A degree of longitude is longest on the parallel nearest to the equator.
        nearest = 0.0 if low < 0.0 < high else min(abs(low), abs(high))
        width_deg = min(_TURN_DEG, step_deg / max(math.cos(math.radians(nearest)), 1e-12))
        for west, east in _joined(intervals):
            count = max(1, math.ceil((east - west) / width_deg - 1e-9))
            if len(centres) + count > most:
                raise TooManyScenesError(f"more than {most} scenes")
            each = (east - west) / count
            centres += [
                (_wrapped(west + (k + 0.5) * each), 0.5 * (low + high)) for k in range(count)
            ]
    return centres


def _polygon_rings(polygon: Polygon) -> list[Ring]:
    """Rings without jumps at the date line, holes beside their outer ring."""
    outer, *holes = (_unwrapped(ring) for ring in polygon)
    west = min(x for x, _ in outer)
    east = max(x for x, _ in outer)
    return [outer, *(_moved_into(hole, west, east) for hole in holes)]


def _unwrapped(ring: Ring) -> Ring:
    """Follow a ring the shorter way from point to point; around a pole, go over it."""
    points = [ring[0]]
    for x, y in (*ring[1:], ring[0]):
        step = x - _wrapped(points[-1][0])
        if _TURN_DEG / 2 < abs(step) < _TURN_DEG:
            step -= math.copysign(_TURN_DEG, step)
        points.append((points[-1][0] + step, y))
    turned = points[-1][0] - points[0][0]
    if abs(turned) > _TURN_DEG / 2:
        mean = sum(y for _, y in ring) / len(ring)
        pole = math.copysign(_POLE_DEG, mean)
        points += [(points[-1][0], pole), (points[0][0], pole)]
    return tuple(points)


def _moved_into(hole: Ring, west: float, east: float) -> Ring:
    """Shift a hole by whole turns to where its outer ring was drawn."""
    turns = math.ceil((west - hole[0][0]) / _TURN_DEG - 1e-9)
    shift = turns * _TURN_DEG if not west <= hole[0][0] <= east else 0.0
    return tuple((x + shift, y) for x, y in hole)


def _wrapped(longitude: float) -> float:
    """Longitude from -180 to 180 degrees; both ends stay as they are."""
    half = _TURN_DEG / 2
    if -half <= longitude <= half:
        return longitude
    return (longitude + half) % _TURN_DEG - half


class _Rows:
    """Rows of equal height between two parallels."""

    def __init__(self, south: float, north: float, count: int) -> None:
        self._south, self._north, self.count = south, north, count
        self._height = (north - south) / count

    def edge(self, number: int) -> float:
        """Parallel at which a row begins."""
        if number >= self.count:
            return self._north
        return self._south + number * self._height

    def _row_of(self, latitude: float) -> int:
        if self._height == 0.0:
            return 0
        row = int((latitude - self._south) / self._height)
        return min(max(row, 0), self.count - 1)

    def covered(self, polygons: Sequence[Sequence[Ring]]) -> list[list[Interval]]:
        """Find what the polygons cover of each row, as intervals of longitude that may overlap."""
        found: list[list[Interval]] = [[] for _ in range(self.count)]
        pieces = 0
        for rings in polygons:
            crossings: dict[int, list[float]] = {}
            for ring in rings:
                for first, second in zip(ring, (*ring[1:], ring[0]), strict=True):
                    pieces += self._add_edge(first, second, found, crossings)
                    if pieces > MOST_PIECES:
                        raise TooManyScenesError("a longer boundary than is cut; simplify it")
            self._add_insides(crossings, found)
        return found

    def _add_edge(
        self,
        first: Position,
        second: Position,
        found: list[list[Interval]],
        crossings: dict[int, list[float]],
    ) -> int:
        """Add what an edge covers of each row it passes; return how many those are."""
        (x1, y1), (x2, y2) = sorted((first, second), key=lambda point: point[1])
        low, high = self._row_of(y1), self._row_of(y2)
        begin = x1
        for row in range(low, high):
            parallel = self.edge(row + 1)
            share = (parallel - y1) / (y2 - y1)
            end = x1 + min(max(share, 0.0), 1.0) * (x2 - x1)
            found[row].append((min(begin, end), max(begin, end)))
            crossings.setdefault(row + 1, []).append(end)
            begin = end
        found[high].append((min(begin, x2), max(begin, x2)))
        return high - low + 1

    def _add_insides(self, crossings: dict[int, list[float]], found: list[list[Interval]]) -> None:
        """Add what lies inside on the parallels between rows: between every two crossings."""
        for number, xs in crossings.items():
            xs.sort()
            for inside in zip(xs[::2], xs[1::2], strict=True):
                found[number - 1].append(inside)
                found[number].append(inside)


def _joined(intervals: list[Interval]) -> Iterator[Interval]:
    """Join intervals that overlap, also across the date line."""
    moved = []
    for west, east in intervals:
        begin = _wrapped(west) if abs(west) != _TURN_DEG / 2 else -_TURN_DEG / 2
        moved.append((begin, begin + min(east - west, _TURN_DEG)))
    moved.sort()
    joined: list[list[float]] = []
    for west, east in moved:
        if joined and west <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], east)
        else:
            joined.append([west, east])
    while len(joined) > 1 and joined[-1][1] >= joined[0][0] + _TURN_DEG:
        _, east = joined.pop(0)
        joined[-1][1] = max(joined[-1][1], east + _TURN_DEG)
    for west, east in joined:
        yield west, min(east, west + _TURN_DEG)

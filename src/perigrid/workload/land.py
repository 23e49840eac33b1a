"""Where land is: a one-degree map of our own making, and the grid of cells to be observed.

``tools/make_land_grid.py`` computed the maps from Natural Earth's 1:110m countries (public domain);
islands that the source leaves out at that scale are missing.
"""

from __future__ import annotations

import math
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LAND_SHARE: Final = 0.5
"""A cell with at least this share of land is a land cell."""


def land_cells(cell_rad: float, latitude_limit_rad: float) -> tuple[Floats, Floats]:
    """Centres of the land cells of a grid with cells of nearly equal area.

    Parameters
    ----------
    cell_rad : float
        Height of a cell, and its width at the equator [rad].
    latitude_limit_rad : float
        Only cells whose centre lies within this latitude, north or south [rad].

    Returns
    -------
    latitude_rad, longitude_rad : (n,) float array
        Geodetic centres, from south to north, west to east within a row [rad].

    Raises
    ------
    ValueError
        If ``cell_rad`` is not between 0.1 and 30 degrees.

    Notes
    -----
    Rows are equal steps of latitude; a row at latitude phi has ``round(2 pi cos(phi) / cell)``
    cells, so that a target stands for about the same area everywhere. The land share of a cell is
    the mean of the one-degree map over sample points at most half a degree apart.
    """
    if not math.radians(0.1) <= cell_rad <= math.radians(30.0):
        raise ValueError(f"cell_rad must lie between 0.1 and 30 degrees, got {cell_rad} rad")
    rows = max(1, round(math.pi / cell_rad))
    height = math.pi / rows
    latitudes, longitudes = [np.empty(0)], [np.empty(0)]
    for row in range(rows):
        latitude = -math.pi / 2.0 + (row + 0.5) * height
        if abs(latitude) > latitude_limit_rad:
            continue
        count = max(1, round(2.0 * math.pi * math.cos(latitude) / cell_rad))
        longitude = -math.pi + (np.arange(count) + 0.5) * 2.0 * math.pi / count
        chosen = longitude[_cell_share(latitude, longitude, height) >= LAND_SHARE]
        latitudes.append(np.full(len(chosen), latitude))
        longitudes.append(chosen)
    return np.concatenate(latitudes), np.concatenate(longitudes)


def land_share(latitude_rad: Floats, longitude_rad: Floats) -> Floats:
    """Share of land in the one-degree cell around each point.

    Parameters
    ----------
    latitude_rad, longitude_rad : float array
        Points, broadcast against each other [rad].

    Returns
    -------
    float array
        Between 0 and 1, in steps of a tenth.
    """
    row, column = _cell_of(latitude_rad, longitude_rad)
    return np.asarray(_land_map()[row, column])


def land_outline() -> tuple[Floats, ...]:
    """Simplified coast lines for a map.

    Returns
    -------
    tuple of (n, 2) float array
        Closed lines of longitude and latitude, longest first [deg].
    """
    return tuple(
        np.array([point.split(",") for point in line.split()], dtype=np.float64) / 10.0
        for line in _lines("outline.txt")
    )


def _cell_share(latitude_rad: float, longitude_rad: Floats, height_rad: float) -> Floats:
    """Mean land share over a square pattern of points in each cell of a row."""
    points = max(1, math.ceil(math.degrees(height_rad) / 0.5))
    offset = (np.arange(points) + 0.5) / points - 0.5
    width_rad = 2.0 * math.pi / len(longitude_rad)
    lat = latitude_rad + offset[None, :, None] * height_rad
    lon = longitude_rad[:, None, None] + offset[None, None, :] * width_rad
    return np.asarray(land_share(lat, lon).mean(axis=(1, 2)))


def _cell_of(
    latitude_rad: Floats, longitude_rad: Floats
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Row, from the north, and column, from the date line, of the one-degree maps."""
    row = np.clip(np.floor(90.0 - np.degrees(latitude_rad)), 0, 179).astype(np.int64)
    column = np.mod(np.floor(np.degrees(longitude_rad) + 180.0), 360).astype(np.int64)
    return row, column


@cache
def _land_map() -> Floats:
    """Land share by row and column: the middle of each tenth."""
    value = {".": 0.0, "#": 1.0} | {str(n): (n - 0.5) / 10.0 for n in range(1, 10)}
    return np.array([[value[character] for character in line] for line in _lines("land.txt")])


def _lines(name: str) -> list[str]:
    """Read one of the maps without its heading."""
    text = (files("perigrid.workload") / "maps" / name).read_text(encoding="ascii")
    return [line for line in text.splitlines() if not line.startswith("# ")]

"""Compute the land maps that ship in ``perigrid/workload/maps`` from Natural Earth countries.

    python tools/make_land_grid.py ne_110m_admin_0_countries.geojson src/perigrid/workload/maps

Needs shapely, which the development environment has. Writes two text files: land share by
one-degree cell, and a simplified coast line.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import shapely

SAMPLES = 10  # points along each side of a one-degree cell
SIMPLIFY_DEG = 0.35
SMALLEST_DEG2 = 0.5  # islands of the coast line below this are left out
SOURCE = "Natural Earth 1:110m admin 0 countries (public domain, naturalearthdata.com)"


def read(path: Path) -> list[shapely.Geometry]:
    """Polygons of the countries."""
    features = json.loads(path.read_bytes())["features"]
    shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in features]
    return [shapely.make_valid(shape) for shape in shapes]


def sample(shapes: list[shapely.Geometry]) -> np.ndarray:
    """Whether every sample point is on land, (1800, 3600), north first."""
    half = 0.5 / SAMPLES
    lat = 90.0 - half - np.arange(180 * SAMPLES) / SAMPLES
    lon = -180.0 + half + np.arange(360 * SAMPLES) / SAMPLES
    land = np.zeros((len(lat), len(lon)), dtype=bool)
    for shape in shapes:
        west, south, east, north = shape.bounds
        rows = np.flatnonzero((lat >= south) & (lat <= north))
        columns = np.flatnonzero((lon >= west) & (lon <= east))
        x, y = np.meshgrid(lon[columns], lat[rows])
        shapely.prepare(shape)
        land[np.ix_(rows, columns)] |= shapely.contains_xy(shape, x, y)
    return land


def cells(land: np.ndarray) -> np.ndarray:
    """Land share of each one-degree cell."""
    blocks = land.reshape(180, SAMPLES, 360, SAMPLES).swapaxes(1, 2).reshape(180, 360, -1)
    return blocks.mean(axis=2)


def land_text(share: np.ndarray) -> str:
    """One row of characters for a degree of latitude: '.' sea, 1 to 9 tenths, '#' all land."""
    tenths = np.ceil(np.round(share * 10.0, 6)).astype(int)
    return "\n".join("".join(".123456789#"[t] for t in row) for row in tenths)


def outline_text(shapes: list[shapely.Geometry]) -> str:
    """Coast lines of the union, simplified, in tenths of a degree: ``lon,lat lon,lat ...``."""
    land = shapely.union_all([shapely.buffer(shape, 0.01) for shape in shapes])
    lines = []
    for part in shapely.get_parts(land.simplify(SIMPLIFY_DEG)):
        if part.area < SMALLEST_DEG2:
            continue
        for ring in [part.exterior, *part.interiors]:
            points = np.clip(np.round(shapely.get_coordinates(ring) * 10).astype(int), -1800, 1800)
            lines.append(" ".join(f"{x},{y}" for x, y in points))
    return "\n".join(sorted(lines, key=len, reverse=True))


def main() -> None:
    """Read, compute, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("geojson", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    digest = hashlib.sha256(arguments.geojson.read_bytes()).hexdigest()
    shapes = read(arguments.geojson)
    share = cells(sample(shapes))
    head = f"# Computed by tools/make_land_grid.py from {SOURCE}\n# source sha256 {digest}\n"
    texts = {
        "land.txt": "# land share by 1 degree cell, north-west first: . none, n up to n tenths, "
        "# over 9 tenths\n" + land_text(share),
        "outline.txt": "# coast lines in tenths of a degree: longitude,latitude\n"
        + outline_text(shapes),
    }
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        path = arguments.out / name
        path.write_text(head + text + "\n", encoding="ascii")
        print(f"{name}: {path.stat().st_size} bytes")
    weight = np.cos(np.radians(89.5 - np.arange(180)))[:, None]
    print(f"land share of the globe: {(share * weight).sum() / (360 * weight.sum()):.4f}")


if __name__ == "__main__":
    main()

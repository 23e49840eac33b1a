"""Compute the land maps that ship in ``perigrid/workload/maps`` from Natural Earth countries.

    python tools/make_land_grid.py ne_110m_admin_0_countries.geojson src/perigrid/workload/maps

Needs shapely, which the development environment has. Writes four text files: land share by
one-degree cell, country by one-degree cell, a simplified coast line, and the countries' borders
rounded to a hundredth of a degree.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from itertools import groupby
from pathlib import Path

import numpy as np
import shapely

SAMPLES = 10  # points along each side of a one-degree cell
SIMPLIFY_DEG = 0.35
SMALLEST_DEG2 = 0.5  # islands of the coast line below this are left out
NO_CODE = {"FRA": "FR", "NOR": "NO", "CYN": "CY", "SOL": "SO"}  # ISO 3166 code -99 in the source
SOURCE = "Natural Earth 1:110m admin 0 countries (public domain, naturalearthdata.com)"


def read(path: Path) -> tuple[list[str], list[shapely.Geometry]]:
    """Codes and polygons of the countries."""
    codes, shapes = [], []
    for feature in json.loads(path.read_bytes())["features"]:
        properties = feature["properties"]
        code = properties["ISO_A2"]
        codes.append(NO_CODE[properties["ADM0_A3"]] if code == "-99" else code)
        shapes.append(shapely.make_valid(shapely.from_geojson(json.dumps(feature["geometry"]))))
    return codes, shapes


def sample(shapes: list[shapely.Geometry]) -> np.ndarray:
    """Index of the country at every sample point, -1 at sea, (1800, 3600), north first."""
    half = 0.5 / SAMPLES
    lat = 90.0 - half - np.arange(180 * SAMPLES) / SAMPLES
    lon = -180.0 + half + np.arange(360 * SAMPLES) / SAMPLES
    country = np.full((len(lat), len(lon)), -1, dtype=np.int16)
    for index, shape in enumerate(shapes):
        west, south, east, north = shape.bounds
        rows = np.flatnonzero((lat >= south) & (lat <= north))
        columns = np.flatnonzero((lon >= west) & (lon <= east))
        x, y = np.meshgrid(lon[columns], lat[rows])
        shapely.prepare(shape)
        inside = shapely.contains_xy(shape, x, y)
        block = country[np.ix_(rows, columns)]
        country[np.ix_(rows, columns)] = np.where(inside & (block < 0), index, block)
    return country


def cells(country: np.ndarray, codes: list[str]) -> tuple[np.ndarray, list[list[str]]]:
    """Land share in tenths and most frequent country of each one-degree cell."""
    blocks = country.reshape(180, SAMPLES, 360, SAMPLES).swapaxes(1, 2).reshape(180, 360, -1)
    share = (blocks >= 0).mean(axis=2)
    names = [
        [
            codes[np.bincount(cell[cell >= 0]).argmax()] if (cell >= 0).any() else "--"
            for cell in row
        ]
        for row in blocks
    ]
    return share, names


def land_text(share: np.ndarray) -> str:
    """One row of characters for a degree of latitude: '.' sea, 1 to 9 tenths, '#' all land."""
    tenths = np.ceil(np.round(share * 10.0, 6)).astype(int)
    return "\n".join("".join(".123456789#"[t] for t in row) for row in tenths)


def country_text(names: list[list[str]]) -> str:
    """Runs of equal codes along each row, such as ``--120 CA25``."""
    return "\n".join(
        " ".join(f"{code}{len(list(run))}" for code, run in groupby(row)) for row in names
    )


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


def border_text(codes: list[str], shapes: list[shapely.Geometry]) -> str:
    """Every ring of every country in hundredths of a degree: ``FR lon,lat lon,lat ...``."""
    lines = []
    for code, shape in zip(codes, shapes, strict=True):
        for part in shapely.get_parts(shape):
            for ring in [part.exterior, *part.interiors]:
                points = np.round(shapely.get_coordinates(ring) * 100).astype(int)
                lines.append(f"{code} " + " ".join(f"{x},{y}" for x, y in points))
    return "\n".join(sorted(lines))


def main() -> None:
    """Read, compute, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("geojson", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    digest = hashlib.sha256(arguments.geojson.read_bytes()).hexdigest()
    codes, shapes = read(arguments.geojson)
    share, names = cells(sample(shapes), codes)
    head = f"# Computed by tools/make_land_grid.py from {SOURCE}\n# source sha256 {digest}\n"
    texts = {
        "land.txt": "# land share by 1 degree cell, north-west first: . none, n up to n tenths, "
        "# over 9 tenths\n" + land_text(share),
        "countries.txt": "# ISO 3166 alpha-2 of the largest share in each 1 degree cell, borders "
        "as in the source: code and run length\n" + country_text(names),
        "outline.txt": "# coast lines in tenths of a degree: longitude,latitude\n"
        + outline_text(shapes),
        "borders.txt": "# rings of each country in hundredths of a degree, borders as in the "
        "source: ISO 3166 alpha-2, then longitude,latitude\n" + border_text(codes, shapes),
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

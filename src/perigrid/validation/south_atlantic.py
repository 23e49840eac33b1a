"""Place of the South Atlantic Anomaly against what satellites measured there."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.physics.radiation.anomaly import in_anomaly
from perigrid.physics.radiation.belts import ENERGIES_MEV
from perigrid.physics.radiation.flux_grid import integral_flux_m2_s
from perigrid.validation.case import Case, compare
from perigrid.validation.orbit_points import orbit_points

Floats = npt.NDArray[np.float64]

_MARKER_MEV: Final = 10.0
_AEROS: Final = "G. Knoll et al. (1977), doi:10.1029/JA082i032p05281: 700-800 km, 1973-74"
_FERMI: Final = (
    "boundary GbmSaaPolygon5 of the Fermi gamma-ray burst monitor, 2010 to 2022, "
    "github.com/USRA-STI/gdt-fermi"
)
_FERMI_ALTITUDE_M: Final = 550.0e3
_FERMI_INCLINATION_RAD: Final = math.radians(25.6)
_FERMI_YEAR: Final = 2016.0
_LATITUDE_DEG: Final = (
    *(-30.0, -19.867, -9.733, 0.4, 2.0, 2.0, -1.0),
    *(-6.155, -8.88, -14.22, -18.404, -30.0),
)
_LONGITUDE_DEG: Final = (
    *(33.9, 12.398, -9.103, -30.605, -38.4, -45.0, -65.0),
    *(-84.0, -89.2, -94.3, -94.3, -86.1),
)


def south_atlantic() -> list[Case]:
    """Compare the centre, the share of time inside, and what lies outside the boundary.

    Returns
    -------
    list of Case
        Two for the centre, two for the boundary.
    """
    return [*_centre(), *_boundary()]


def _protons(where: tuple[Floats, Floats, Floats], year: float) -> Floats:
    _, flux = integral_flux_m2_s("p", "min", *where, year=year)
    return np.asarray(flux[ENERGIES_MEV["p"].index(_MARKER_MEV)])


def _centre() -> list[Case]:
    """Strongest point at the height and in the years of Aeros A and B."""
    degrees = np.meshgrid(np.arange(-60.0, 10.0, 0.5), np.arange(-110.0, 50.0, 0.5), indexing="ij")
    lat, lon = (np.radians(axis) for axis in degrees)
    flux = _protons((lat, lon, np.full(lat.shape, 750.0e3)), 1974.0)
    strongest = np.unravel_index(flux.argmax(), flux.shape)
    return [
        compare(
            f"{name} of the strongest protons at 750 km",
            published,
            float(axis[strongest]),
            tolerance=5.0,
            source=_AEROS,
            unit="deg",
            note="tolerance 5 deg: printed as near 30 S, 40 W, and moving by 3 deg meanwhile",
        )
        for name, published, axis in zip(
            ("latitude", "longitude"), (-30.0, -40.0), degrees, strict=True
        )
    ]


def _boundary() -> list[Case]:
    """Time and protons inside the line at which an instrument is switched off."""
    where = orbit_points(_FERMI_ALTITUDE_M, _FERMI_INCLINATION_RAD)
    flux = _protons(where, _FERMI_YEAR)
    inside = _inside(np.degrees(where[1]), np.degrees(where[0]))
    return [
        compare(
            "share of protons above 10 MeV inside Fermi's boundary",
            1.0,
            float(flux[inside].sum() / flux.sum()),
            tolerance=0.01,
            source=_FERMI,
            note="tolerance 1 %: the boundary was drawn to keep the instrument out of them",
        ),
        compare(
            "share of time in the Anomaly on Fermi's orbit",
            float(inside.mean()),
            float(in_anomaly(flux).mean()),
            tolerance=0.05,
            source=_FERMI,
            note="tolerance 0.05: the boundary has a margin, and electrons reach further than "
            "the protons that mark the Anomaly here",
        ),
    ]


def _inside(x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
    """Tell which points lie in the boundary, by counting crossings of a ray to the east."""
    inside = np.zeros(x.shape, dtype=bool)
    corners = list(zip(_LONGITUDE_DEG, _LATITUDE_DEG, strict=True))
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if y0 == y1:
            continue
        crossed = (y0 > y) != (y1 > y)
        inside ^= crossed & (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0))
    return inside

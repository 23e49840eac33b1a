"""The shipped grid of the AE8 and AP8 radiation belt models, and how it is laid out.

``tools/make_radiation_grid.py`` computed it. The belt models give a flux for two magnetic
coordinates: McIlwain's L, and the field strength over that at the equator of the same shell. So
does the grid: maps of the two coordinates over the globe, which are smooth, and tables of flux in
them, as fine as the models' own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

Particle = Literal["e", "p"]
"""Electrons or protons."""

Solar = Literal["min", "max"]
"""Solar minimum or maximum, for which each model has its own figures."""

MODELS: Final[tuple[tuple[Particle, Solar], ...]] = (
    ("e", "min"),
    ("e", "max"),
    ("p", "min"),
    ("p", "max"),
)

FIELD_OF_MODEL: Final[dict[tuple[Particle, Solar], str]] = {
    ("e", "min"): "min",
    ("e", "max"): "min",
    ("p", "min"): "min",
    ("p", "max"): "max",
}
"""AE8 and AP8-MIN belong to the field of Jensen and Cain (1960), AP8-MAX to GSFC 12/66."""

FIELD_RADIUS_M: Final = 6_371_200.0
"""The Earth radius that the magnetic fields and IRBEM count distances in [m]."""

ENERGIES_MEV: Final[dict[str, tuple[float, ...]]] = {
    "e": (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0),
    "p": (10.0, 15.0, 20.0, 30.0, 40.0, 50.0, 60.0, 80.0, 100.0, 150.0, 200.0, 300.0, 400.0),
}
"""Energies above which particles are counted [MeV]."""

INVERSE_DISTANCE_STEP: Final = 0.03
DISTANCES: Final[Floats] = np.asarray(
    0.14 + INVERSE_DISTANCE_STEP * np.arange(29), dtype=np.float64
)
"""Earth radius over distance: from beyond geostationary orbit to 130 km of height."""

LATITUDE_STEP_DEG: Final = 3.0
LATITUDE_DEG: Final[Floats] = np.asarray(np.arange(61) * LATITUDE_STEP_DEG - 90.0, dtype=np.float64)
LONGITUDE_STEP_DEG: Final = 5.0
LONGITUDE_DEG: Final[Floats] = np.asarray(
    np.arange(72) * LONGITUDE_STEP_DEG - 180.0, dtype=np.float64
)

MAP_STEP: Final = 5.0e-5
"""Step of the whole numbers that the maps are kept in."""

INVERSE_L_STEP: Final = 0.005
INVERSE_L: Final[Floats] = np.asarray(0.08 + INVERSE_L_STEP * np.arange(187), dtype=np.float64)
"""1/L of the flux tables: L from 12.5 down to 0.99."""

REACH_STEP: Final = 0.015
REACH: Final[Floats] = np.asarray(
    np.sqrt(0.25 + 2.0 * REACH_STEP * np.arange(98)) - 0.5, dtype=np.float64
)
"""Logarithm of B/B0 over that at the atmosphere's edge: 0 at the equator, near 1 at the edge. The
steps are even in ``(r + r^2) / 2``, finer towards the edge, where low orbits are."""

FLUX_FLOOR_LOG10: Final = -1.0
FLUX_STEP_LOG10: Final = 6.0e-4
"""Fluxes per cm2 and s are kept as steps of their logarithm; 0 is none."""

CUTOFF_FACTOR: Final = 0.6572
CUTOFF_POWER: Final = 3.452
LEAST_CUTOFF_LOG: Final = 0.1


def cutoff_log(l_shell: Floats) -> Floats:
    """Logarithm of B/B0 near which the atmosphere ends a shell, as the scale of the tables.

    Parameters
    ----------
    l_shell : float array
        McIlwain's L.

    Returns
    -------
    float array
        Above 0.1, so that low shells keep a width.

    Notes
    -----
    ``B/B0 = 0.6572 L^3.452``. Any smooth scale would do: the tables hold the models' own flux
    at their nodes.

    References
    ----------
    .. [1] D. M. Sawyer, J. I. Vette, "AP-8 trapped proton environment for solar maximum and
       solar minimum", NSSDC/WDC-A-R&S 76-06 (1976).
    """
    edge = np.maximum(0.0, np.log(CUTOFF_FACTOR) + CUTOFF_POWER * np.log(l_shell))
    return np.asarray(np.hypot(edge, LEAST_CUTOFF_LOG))


@dataclass(frozen=True, slots=True)
class FluxTable:
    """Integral flux of one model.

    Parameters
    ----------
    energies_mev : (n_energies,) float array
        Particles above these are counted [MeV].
    flux_m2_s : (n_energies, n_shells, n_reach) float array
        Omnidirectional integral flux over :data:`INVERSE_L` and :data:`REACH` [1/m2/s].
    """

    energies_mev: Floats
    flux_m2_s: Floats


_M2_PER_CM2: Final = 1.0e-4
PAD: Final = 2  # cubic interpolation reads one node beyond, the date line and the poles one more


@cache
def field_map(name: str) -> Floats:
    """Read the maps of one magnetic field.

    Parameters
    ----------
    name : str
        ``min`` or ``max``, as in :data:`FIELD_OF_MODEL`.

    Returns
    -------
    (n_distances, 61 + 4, 72 + 4, 2) float array
        Distance over L, and field strength over the dipole's at the equator, padded by two nodes
        over the poles and across the date line. Not to be written to.
    """
    with as_file(_file()) as path, np.load(path) as arrays:
        maps = arrays[f"field_{name}"].astype(np.float64) * MAP_STEP
    # Over the pole the meridian continues half a turn away.
    turned = np.roll(maps, maps.shape[3] // 2, axis=3)
    below, above = turned[:, :, PAD:0:-1], turned[:, :, -2 : -2 - PAD : -1]
    maps = np.concatenate([below, maps, above], axis=2)
    maps = np.concatenate([maps[..., -PAD:], maps, maps[..., :PAD]], axis=3)
    ready = np.ascontiguousarray(np.moveaxis(maps, 0, -1))
    ready.flags.writeable = False
    return ready


@cache
def flux_table(particle: Particle, solar: Solar) -> FluxTable:
    """Read the flux of one model.

    Parameters
    ----------
    particle : str
        ``e`` or ``p``.
    solar : str
        ``min`` or ``max``.

    Returns
    -------
    FluxTable
        Not to be written to.
    """
    with as_file(_file()) as path, np.load(path) as arrays:
        code = arrays[f"flux_{particle}_{solar}"].astype(np.float64)
    per_cm2 = np.where(code > 0.0, 10.0 ** (FLUX_FLOOR_LOG10 + FLUX_STEP_LOG10 * code), 0.0)
    flux = per_cm2 / _M2_PER_CM2
    flux.flags.writeable = False
    return FluxTable(np.array(ENERGIES_MEV[particle]), flux)


def origin() -> str:
    """Tell how the grid was computed.

    Returns
    -------
    str
        Models, library and its version, magnetic fields.
    """
    with as_file(_file()) as path, np.load(path) as arrays:
        return str(arrays["origin"])


def _file() -> Traversable:
    """Find the grid inside the package."""
    return files("perigrid.physics.radiation") / "grid" / "ae8ap8.npz"

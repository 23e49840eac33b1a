"""Compute the radiation belt grid that ships in ``perigrid/physics/radiation/grid``.

    python tools/make_radiation_grid.py src/perigrid/physics/radiation/grid

Needs aep8 (NASA's AE8/AP8 and the IRBEM library), which the development environment has. Takes
some four minutes. Writes one compressed file of our own figures:

field maps   the two coordinates of the belt models on a grid of longitude, latitude and distance,
             for each of the two magnetic fields that belong to the models. Both are made smooth:
             distance over McIlwain's L, and the field strength times the cube of the distance;
flux tables  integral flux over a grid of 1/L and of the field strength between the magnetic
             equator and the edge of the atmosphere, for each model and energy.
"""

from __future__ import annotations

import argparse
from importlib.metadata import version
from pathlib import Path

import aep8
import numpy as np
from astropy import units as u
from astropy.coordinates import EarthLocation
from astropy.time import Time

from perigrid.physics.radiation.belts import (
    DISTANCES,
    FLUX_FLOOR_LOG10,
    FLUX_STEP_LOG10,
    INVERSE_DISTANCE_STEP,
    INVERSE_L,
    LATITUDE_DEG,
    LONGITUDE_DEG,
    MAP_STEP,
    MODELS,
    REACH,
    cutoff_log,
)
from perigrid.physics.radiation.belts import ENERGIES_MEV as ENERGIES

WHEN = Time("2000-01-01")  # the fields of the belt models are fixed; IRBEM asks for a time
FIELDS = {"min": ("e", "min"), "max": ("p", "max")}  # Jensen and Cain 1960; GSFC 12/66 in 1970


def field_map(particle: str, solar: str) -> np.ndarray:
    """Distance over L, and field times cubed distance, (2, distance, latitude, longitude)."""
    model = aep8.model(particle, solar)
    # The poles themselves have no longitude.
    latitude = np.radians(np.clip(LATITUDE_DEG, -89.95, 89.95))[:, None]
    longitude = np.radians(LONGITUDE_DEG)[None, :]
    direction = np.stack(
        [
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude) * np.ones_like(longitude),
        ]
    )
    maps = np.empty((2, len(DISTANCES), len(LATITUDE_DEG), len(LONGITUDE_DEG)))
    for level, inverse in enumerate(DISTANCES):
        distance = 1.0 / inverse
        # aep8 divides by astropy's Earth radius, so that IRBEM gets ``distance`` in its own unit.
        location = EarthLocation.from_geocentric(*(direction * distance * u.earthRad))
        l_shell, ratio = model.geomagnetic_coordinates(location, WHEN)
        maps[:, level] = smooth_coordinates(distance, np.asarray(l_shell), np.asarray(ratio))
        print(f"field {solar}: {level + 1} of {len(DISTANCES)} distances", flush=True)
    return maps


def smooth_coordinates(distance: float, l_shell: np.ndarray, ratio: np.ndarray) -> np.ndarray:
    """Take smooth functions of L and B/B0; beyond the last closed shells they mean no flux."""
    known = np.isfinite(l_shell) & (l_shell > 0.0) & (l_shell < 1.0e3) & (ratio < 1.0e9)
    shell = np.where(known, l_shell, 1.0e3)
    over_l = distance / shell
    strength = np.where(known, ratio * over_l**3, np.nan)
    strength = np.where(known, strength, np.nanmean(strength[known]))
    return np.stack([over_l, strength])


def flux_table(particle: str, solar: str) -> np.ndarray:
    """Integral flux per cm2 and s, (energy, 1/L, reach)."""
    model = aep8.model(particle, solar)
    l_shell = 1.0 / INVERSE_L[:, None]
    ratio = np.exp(REACH[None, :] * cutoff_log(l_shell))
    energies = np.asarray(ENERGIES[particle])[:, None, None] * u.MeV
    flux = model.integral_flux_for_geomagnetic_coordinates(l_shell, ratio, energies)
    return np.maximum(0.0, flux.to_value(u.cm**-2 / u.s))


def coded_flux(flux: np.ndarray) -> np.ndarray:
    """Logarithm in steps, 0 for none."""
    with np.errstate(divide="ignore"):
        steps = np.round((np.log10(flux) - FLUX_FLOOR_LOG10) / FLUX_STEP_LOG10)
    return np.where(flux > 0.0, np.clip(steps, 1, 65535), 0).astype(np.uint16)


def main() -> None:
    """Compute, write, tell the size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    arrays: dict[str, np.ndarray] = {}
    for name, (particle, solar) in FIELDS.items():
        maps = field_map(particle, solar)
        print(f"field {name}: {maps.min(axis=(1, 2, 3))} to {maps.max(axis=(1, 2, 3))}")
        arrays[f"field_{name}"] = np.round(maps / MAP_STEP).astype(np.uint16)
    for particle, solar in MODELS:
        arrays[f"flux_{particle}_{solar}"] = coded_flux(flux_table(particle, solar))
    arrays["origin"] = np.array(
        f"Computed by tools/make_radiation_grid.py with aep8 {version('aep8')} (IRBEM; AE8, AP8 of "
        "NSSDC). Magnetic field: Jensen and Cain 1960 for AE8 and AP8-MIN, GSFC 12/66 at 1970 for "
        f"AP8-MAX. Inverse distance from {DISTANCES[0]:.3f} in steps of {INVERSE_DISTANCE_STEP}."
    )
    arguments.out.mkdir(parents=True, exist_ok=True)
    path = arguments.out / "ae8ap8.npz"
    np.savez_compressed(path, **arrays)
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()

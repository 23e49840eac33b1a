"""Spectra from which the generated scenes are mixed, in Sentinel-2 bands.

Surface rows are typical shapes of the open spectral libraries below, rounded by us to two figures;
the atmosphere is chosen so that scenes match the range of real level-1C pixels (a test compares
them). They are plausible, not measurements: confidence ``assumed`` throughout, set 2026-11.

References
----------
Baldridge et al. 2009, The ASTER spectral library 2.0, doi:10.1016/j.rse.2008.11.007.
Kokaly et al. 2017, USGS Spectral Library Version 7, doi:10.3133/ds1035.
Warren 1982, Optical properties of snow, doi:10.1029/RG020i001p00067.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SPECTRAL_BANDS: Final = (
    "B01", "B02", "B03", "B04", "B05", "B08", "B8A", "B09", "B10", "B11", "B12",
)  # fmt: skip
"""The detector's ten bands and the green one, which pictures need."""


class Cover(IntEnum):
    """What lies on the ground in a pixel."""

    VEGETATION = 0
    DRY_VEGETATION = 1
    SOIL = 2
    SAND = 3
    WATER = 4
    SNOW = 5
    URBAN = 6
    CONIFER = 7


# fmt: off
SURFACE: Final[Floats] = np.array([
    # B01   B02   B03   B04   B05   B08   B8A   B09   B10   B11   B12
    [0.02, 0.03, 0.06, 0.03, 0.09, 0.34, 0.37, 0.38, 0.28, 0.18, 0.08],  # vegetation
    [0.05, 0.07, 0.10, 0.11, 0.16, 0.26, 0.29, 0.31, 0.30, 0.30, 0.20],  # dry vegetation
    [0.08, 0.10, 0.14, 0.19, 0.22, 0.28, 0.30, 0.31, 0.36, 0.38, 0.33],  # soil
    [0.18, 0.24, 0.33, 0.41, 0.43, 0.50, 0.51, 0.53, 0.58, 0.60, 0.55],  # bright sand
    [0.04, 0.05, 0.06, 0.05, 0.04, 0.02, 0.02, 0.02, 0.01, 0.01, 0.005],  # water with silt
    [0.92, 0.93, 0.93, 0.92, 0.90, 0.84, 0.82, 0.74, 0.30, 0.10, 0.08],  # snow
    [0.11, 0.13, 0.15, 0.16, 0.17, 0.22, 0.23, 0.24, 0.26, 0.27, 0.24],  # urban
    [0.01, 0.02, 0.03, 0.02, 0.05, 0.21, 0.24, 0.25, 0.18, 0.10, 0.04],  # conifer forest
])
"""Surface reflectance by cover and band [1]."""

SURFACE_SPREAD: Final[Floats] = np.array([0.20, 0.20, 0.22, 0.15, 0.50, 0.08, 0.35, 0.20])
"""Relative spread of brightness within each cover [1]."""

PATH_REFLECTANCE: Final[Floats] = np.array(
    [0.090, 0.060, 0.038, 0.021, 0.017, 0.008, 0.007, 0.004, 0.0008, 0.001, 0.0004])
"""Rayleigh scattering of a clear column, falling as the fourth power of wavelength [1]."""

AEROSOL_REFLECTANCE: Final[Floats] = np.array(
    [1.32, 1.16, 0.98, 0.78, 0.72, 0.57, 0.56, 0.35, 0.01, 0.25, 0.17])
"""Aerosol scattering relative to that at 0.55 um: an Angstrom exponent of 1.3, dimmed by vapour
in B09 and B10 [1]."""

WATER_VAPOUR: Final = (0.9, 2.2)
"""Least and largest two-way optical depth of vapour in B09, for a dry and a humid column: real
pixels have a B09 over B8A of 0.4 to 0.11 [1]."""

B10_OVER_B09: Final = 6.0
"""Optical depth of vapour in B10 relative to B09 [1]."""

GAS_TRANSMISSION: Final[Floats] = np.array(
    [0.93, 0.94, 0.92, 0.94, 0.93, 0.96, 0.98, 1.00, 1.00, 0.95, 0.92])
"""Two-way transmission of everything but water vapour in its two bands [1]."""

CLOUD_ALBEDO: Final[Floats] = np.array(
    [0.98, 0.98, 0.98, 0.98, 0.98, 0.97, 0.97, 0.96, 0.85, 0.72, 0.55])
"""Reflectance of a water cloud relative to one that absorbs nothing [1]."""

ICE_ALBEDO: Final[Floats] = np.array(
    [0.98, 0.98, 0.98, 0.98, 0.98, 0.97, 0.97, 0.95, 0.85, 0.45, 0.35])
"""The same of an ice cloud, darker in the shortwave infrared [1]."""
# fmt: on

B09: Final = SPECTRAL_BANDS.index("B09")
B10: Final = SPECTRAL_BANDS.index("B10")

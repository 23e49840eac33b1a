"""The default atmosphere against other published atmospheres for moderate solar activity."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.physics.atmosphere import exponential_air
from perigrid.validation.case import Case, compare

# Altitude [km], density [kg/m3].
_STANDARD: Final = ((400, 2.803e-12), (500, 5.215e-13))
_MSIS: Final = ((400, 3.89e-12), (500, 7.30e-13), (600, 1.56e-13))


def air_density() -> list[Case]:
    """Compare densities in low orbit.

    Returns
    -------
    list of Case
        In units of 1e-13 kg/m3.
    """
    return [
        *(
            _density(
                f"air density at {altitude_km} km, standard atmosphere",
                altitude_km,
                density,
                0.40,
                "US Standard Atmosphere 1976, NOAA-S/T 76-1562, table",
                "tolerance: 40 %, by which published means for an exosphere of 1000 K differ: "
                "ours is CIRA-72",
            )
            for altitude_km, density in _STANDARD
        ),
        *(
            _density(
                f"air density at {altitude_km} km, MSIS mean",
                altitude_km,
                density,
                0.15,
                "R. A. Braeunig, Atmospheric models, MSISE-90 at mean solar activity",
                "tolerance: 15 %, the standard error of MSIS against satellite drag",
            )
            for altitude_km, density in _MSIS
        ),
    ]


def _density(
    name: str, altitude_km: float, published: float, relative_share: float, source: str, note: str
) -> Case:
    """Compare at one altitude; in 1e-13 kg/m3 so that tables show digits."""
    ours = exponential_air().density_kg_m3(np.asarray(altitude_km * 1000.0))
    return compare(
        name,
        published * 1.0e13,
        float(ours) * 1.0e13,
        tolerance=relative_share * published * 1.0e13,
        source=source,
        unit="1e-13 kg/m3",
        note=note,
    )

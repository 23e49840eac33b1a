"""Black-body temperatures of planets and of a sphere near the Sun, as published."""

from __future__ import annotations

from typing import Final

import numpy as np

from perigrid.physics.heat_balance import network_steady
from perigrid.physics.heat_network import HeatNetwork
from perigrid.validation.case import Case, compare

_NOW: Final = "NASA Goddard, NSSDCA planetary fact sheet of Mars (nssdc.gsfc.nasa.gov)"
_OLD: Final = "NSSDC planetary fact sheets, earlier edition with these albedos"
_SPHERE: Final = "R. X. Meyer, Elements of Space Technology (1999), as worked at 0.23 au"
# What is published: body, irradiance [W/m2], Bond albedo and its last digit, temperature [K].
_PUBLISHED: Final = (
    ("Mars", 586.2, 0.250, 0.001, 209.8, 0.1, _NOW),
    ("Mars, albedo 0.16", 595.0, 0.16, 0.01, 216.6, 0.1, _OLD),
    ("Mercury, albedo 0.056", 9214.0, 0.056, 0.001, 442.5, 0.1, _OLD),
    ("Earth, albedo 0.385", 1380.0, 0.385, 0.001, 247.3, 0.1, _OLD),
    ("black sphere at 0.23 au", 25_822.0, 0.0, 0.0, 580.88, 0.01, _SPHERE),
)
_PRINTED_SIGMA: Final = 5.67e-8
_SIGMA_SHARE: Final = 5.670374419e-8 / _PRINTED_SIGMA - 1.0


def heat_equilibrium() -> list[Case]:
    """Compare the steady temperature of spheres in sunlight.

    Returns
    -------
    list of Case
        One per body; each a node that absorbs by its disc and emits by its sphere.
    """
    cases = []
    for body, irradiance_w_m2, albedo, albedo_digit, published_k, digit_k, source in _PUBLISHED:
        ours_k = _sphere_k(irradiance_w_m2, albedo)
        by_albedo_k = ours_k * 0.25 * 0.5 * albedo_digit / (1.0 - albedo)
        by_sigma_k = ours_k * 0.25 * _SIGMA_SHARE
        cases.append(
            compare(
                f"black-body temperature: {body}",
                published_k,
                ours_k,
                tolerance=0.5 * digit_k + by_albedo_k + by_sigma_k,
                source=source,
                unit="K",
                note="tolerance: half the last digits printed of temperature and albedo, and a "
                "Stefan-Boltzmann constant of 5.67e-8" + _notice(body),
            )
        )
    return cases


def _notice(body: str) -> str:
    """Tell what of the source does not fit together."""
    if body != "Mars":
        return ""
    return (
        f"; left out: the same sheet's Earth, 254.0 K beside an albedo of 0.294, which gives "
        f"{_sphere_k(1361.0, 0.294):.1f} K (254.0 K belong to an albedo of 0.306)"
    )


def _sphere_k(irradiance_w_m2: float, albedo: float) -> float:
    """Temperature of a sphere of 1 m2 disc."""
    network = HeatNetwork(np.array([1.0]), np.array([4.0]))
    absorbed_w = np.array([[irradiance_w_m2 * (1.0 - albedo)]])
    return float(network_steady(network, absorbed_w)[0, 0])

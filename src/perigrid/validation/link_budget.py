"""Laser link budget of a published design study."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from perigrid.physics.links_optical import (
    confocal_length_m,
    dwdm_rate_bps,
    dwdm_received_w,
    optical_received_w,
    telescope_gain,
)
from perigrid.validation.case import Case, compare

_SOURCE: Final = "arXiv:2511.19468v2, link budget"
_APERTURE_M: Final = 0.1
_WAVELENGTH_M: Final = 1.55e-6
_EFFICIENCY: Final = 0.8


def link_budget() -> list[Case]:
    """Compare gain, received power and confocal lengths with the study.

    Returns
    -------
    list of Case
        One per published number.
    """
    return [_gain(), _received(), _needed(), _bundle(), *_confocal()]


def _gain() -> Case:
    gain = telescope_gain(_APERTURE_M, _WAVELENGTH_M, _EFFICIENCY)
    return compare(
        "telescope gain, 10 cm at 1.55 um",
        105.1,
        10.0 * math.log10(gain),
        tolerance=0.1,
        source=_SOURCE,
        unit="dB",
        note="tolerance: the last printed digit, which the study cuts off instead of rounding",
    )


def _received() -> Case:
    received = optical_received_w(
        np.array([5.0e6]),
        transmit_w=5.0,
        aperture_m=_APERTURE_M,
        wavelength_m=_WAVELENGTH_M,
        efficiency=_EFFICIENCY,
        pointing_loss_db=3.0,
    )
    return compare(
        "received power, 5 W over 5,000 km",
        1.6,
        float(received[0]) * 1e6,
        tolerance=0.05,
        source=_SOURCE,
        unit="uW",
        note="tolerance: half the last printed digit",
    )


def _needed() -> Case:
    return compare(
        "power for 24 channels of 400 Gbit/s at -20 dBm",
        0.24,
        dwdm_received_w(24, -20.0) * 1e3,
        tolerance=0.005,
        source=_SOURCE,
        unit="mW",
        note="tolerance: half the last printed digit",
    )


def _bundle() -> Case:
    """Rate at the range where the study's terminals receive the 0.24 mW it asks for."""
    link = {
        "transmit_w": 5.0,
        "aperture_m": _APERTURE_M,
        "wavelength_m": _WAVELENGTH_M,
        "efficiency": _EFFICIENCY,
        "pointing_loss_db": 3.0,
    }
    far = np.array([1.0e6])
    range_m = far * np.sqrt(optical_received_w(far, **link) / 0.24e-3)
    rate = dwdm_rate_bps(
        range_m,
        **link,
        channels=24,
        channel_rate_bps=400.0e9,
        channel_sensitivity_dbm=-20.0,
        max_range_m=5.0e6,
    )
    return compare(
        "rate of 24 channels of 400 Gbit/s with 0.24 mW",
        9.6,
        float(rate[0]) * 1e-12,
        tolerance=0.0,
        source=_SOURCE,
        unit="Tbit/s",
        note="tolerance: none, a whole number of channels; at the range that receives 0.24 mW",
    )


def _confocal() -> list[Case]:
    published = ((5.0, 5.0, 0.5), (2.5, 1.25, 0.125), (1.25, 0.32, 0.032))
    return [
        compare(
            f"confocal length, radius {radius_cm} cm",
            length_km,
            confocal_length_m(radius_cm / 100.0, _WAVELENGTH_M) / 1000.0,
            tolerance=tolerance_km,
            source=_SOURCE,
            unit="km",
            note="tolerance: half of the one digit of 5 km, and its 4th and 16th part",
        )
        for radius_cm, length_km, tolerance_km in published
    ]

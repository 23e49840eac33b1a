"""Dose behind aluminium against SHIELDOSE-2, as SPENVIS ran it for 550 km."""

from __future__ import annotations

import math
from typing import Final

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.physics.radiation.dose import GY_PER_RAD, exposure
from perigrid.validation.case import Case, compare
from perigrid.validation.orbit_points import orbit_points

_SOURCE: Final = (
    "SPENVIS 4.6.11 with AP8-MIN, AE8-MAX and SHIELDOSE-2, centre of aluminium spheres, silicon, "
    "1,825 days; files 55.txt and 100.txt of github.com/pfandzelter/leo-edge-failure-models"
)
_ALTITUDE_M: Final = 550.0e3
_DURATION_S: Final = 1825.0 * SECONDS_PER_DAY
# Inclination [deg], shield [mm], dose of trapped protons, and of everything [rad].
_PUBLISHED: Final = (
    (55.0, 2.0, 1374.1, 9545.7),
    (55.0, 5.0, 950.67, 1598.7),
    (55.0, 10.0, 747.05, 764.84),
    (100.0, 2.0, 975.06, 11_605.0),
    (100.0, 5.0, 693.52, 1467.0),
    (100.0, 10.0, 550.14, 569.37),
)
_SHARE: Final = 0.3
_NOTE: Final = (
    "tolerance 30 %: a law for engineers against a transport code. No nuclear secondaries and no "
    "bremsstrahlung here; electrons fall too fast with depth (a fifth low at 3 mm, two fifths at "
    "5 mm, where protons prevail); 7 km of height are 6 % of the protons"
)


def shielded_dose() -> list[Case]:
    """Compare the dose of protons, and of everything, behind three shields on two orbits.

    Returns
    -------
    list of Case
        Two per shield and orbit.
    """
    cases = []
    for inclination_deg, shield_mm, protons_rad, total_rad in _PUBLISHED:
        where = orbit_points(_ALTITUDE_M, math.radians(inclination_deg))
        felt = exposure(*where, shield_m=shield_mm * 1.0e-3)
        label = f"5 years at 550 km and {inclination_deg:g} deg behind {shield_mm:g} mm"
        for what, published, rate in (
            ("dose of protons", protons_rad, felt.proton_gy_s),
            ("dose", total_rad, felt.dose_gy_s),
        ):
            cases.append(
                compare(
                    f"{what}, {label}",
                    published,
                    float(rate.mean()) * _DURATION_S / GY_PER_RAD,
                    tolerance=_SHARE * published,
                    source=_SOURCE,
                    unit="rad",
                    note=_NOTE,
                )
            )
    return cases

"""How long satellites stay up after their mission, and whether a rule allows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import TROPICAL_YEAR_S
from perigrid.physics.atmosphere import SolarActivity, exponential_air
from perigrid.physics.orbit.drag import decay

Floats = npt.NDArray[np.float64]

FIVE_YEARS: Final = 5.0
"""Longest time from the end of the mission to re-entry, in years, for satellites that end it at or
pass below :data:`RULE_BELOW_M`: FCC 22-74, Second Report and Order (2022), IB Dockets 22-271 and
18-313; 47 CFR 25.283(e)."""

RULE_BELOW_M: Final = 2_000e3
"""Height of the perigee above which the rule asks nothing: the edge of the low Earth orbit region
in the same order."""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Years to re-entry by drag alone, at three levels of solar activity.

    Parameters
    ----------
    quiet_years, mean_years, active_years : (n,) float array
        With the air of solar minimum, mean and maximum all the way down; infinite above 2,000
        years [year].
    """

    quiet_years: Floats
    mean_years: Floats
    active_years: Floats

    def within(self, limit_years: float = FIVE_YEARS) -> npt.NDArray[np.bool_]:
        """Tell who is down in time at mean activity.

        Parameters
        ----------
        limit_years : float
            Time allowed [year].

        Returns
        -------
        (n,) bool array
            True where the mean lifetime is within the limit.
        """
        return self.mean_years <= limit_years

    def surely_within(self, limit_years: float = FIVE_YEARS) -> npt.NDArray[np.bool_]:
        """Tell who is down in time even if the Sun stays at its minimum.

        Parameters
        ----------
        limit_years : float
            Time allowed [year].

        Returns
        -------
        (n,) bool array
            True where the longest lifetime is within the limit.
        """
        return self.quiet_years <= limit_years


def lifetime(
    axis_m: Floats, eccentricity: Floats, inclination_rad: Floats, area_m2_kg: Floats
) -> Lifetime:
    """Years to re-entry without any manoeuvre.

    Parameters
    ----------
    axis_m : (n,) float array
        Mean semi-major axis [m].
    eccentricity : (n,) float array
        Eccentricity [-].
    inclination_rad : (n,) float array
        Inclination [rad].
    area_m2_kg : (n,) float array
        Drag area per mass [m2/kg].

    Returns
    -------
    Lifetime
        Lower, middle and upper estimate.

    Notes
    -----
    A cycle of the Sun lasts 11 years: for lifetimes well above that the mean is the estimate and
    minimum and maximum are bounds that no orbit reaches; for a year or two either may come true.
    Within one level, density is known to 15 % and the drag coefficient to 10 %. Equal orbits are
    computed once.
    """
    rows = np.stack(
        np.broadcast_arrays(
            *(np.atleast_1d(a) for a in (axis_m, eccentricity, inclination_rad, area_m2_kg))
        )
    ).astype(np.float64)
    distinct, where = np.unique(rows, axis=1, return_inverse=True)
    quiet, mean, active = (_years(distinct, level)[where.ravel()] for level in SolarActivity)
    return Lifetime(quiet, mean, active)


def _years(rows: Floats, level: SolarActivity) -> Floats:
    """Lifetimes of distinct orbits in the air of one level of activity [year]."""
    axis, eccentricity, inclination, area = rows
    found = decay(axis, eccentricity, inclination, area, exponential_air(level))
    years: Floats = found.lifetime_s / TROPICAL_YEAR_S
    return years

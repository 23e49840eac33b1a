"""How long satellites stay up after their mission, and whether a rule allows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import TROPICAL_YEAR_S
from perigrid.physics import air_tables
from perigrid.physics.atmosphere import Air, FluxAir, SolarActivity, exponential_air
from perigrid.physics.orbit.drag import decay

Floats = npt.NDArray[np.float64]

FIVE_YEARS: Final = 5.0
"""Longest time from the end of the mission to re-entry, in years, for satellites that end it at or
pass below :data:`RULE_BELOW_M`: FCC 22-74, Second Report and Order (2022), IB Dockets 22-271 and
18-313; 47 CFR 25.283(e)."""

RULE_BELOW_M: Final = 2_000e3
"""Height of the perigee above which the rule asks nothing: the edge of the low Earth orbit region
in the same order."""

CYCLE_YEARS: Final = 11.0
"""Mean length of the Sun's cycle, through which orbits are followed: who stays up longer is far
from any rule."""
_PHASES: Final = 6


class Verdict(StrEnum):
    """What can be said of a limit to the lifetime while the Sun's next years are not known."""

    KEPT = "kept"
    BROKEN = "broken"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Years to re-entry by drag alone, by solar activity.

    Parameters
    ----------
    quiet_years, mean_years, active_years : (n,) float array
        With the air of solar minimum, mean and maximum all the way down; infinite above 2,000
        years [year].
    soonest_years, latest_years : (n,) float array
        Through cycles of the Sun that begin at the best and at the worst time; infinite above
        :data:`CYCLE_YEARS` [year].
    """

    quiet_years: Floats
    mean_years: Floats
    active_years: Floats
    soonest_years: Floats
    latest_years: Floats

    def verdict(self, rows: npt.NDArray[np.bool_], limit_years: float = FIVE_YEARS) -> Verdict:
        """Tell whether satellites are down in time, whenever in the Sun's cycle they start.

        Parameters
        ----------
        rows : (n,) bool array
            Those asked about, at least one.
        limit_years : float
            Time allowed [year].

        Returns
        -------
        Verdict
            ``kept`` if all are down in time from any phase of the cycle, ``broken`` if one is so
            from none, ``uncertain`` otherwise.
        """
        if (self.latest_years[rows] <= limit_years).all():
            return Verdict.KEPT
        late = (self.soonest_years[rows] > limit_years).any()
        return Verdict.BROKEN if late else Verdict.UNCERTAIN


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
        By level of activity, and over the phases of a cycle.

    Notes
    -----
    A cycle of the Sun lasts 11 years. For lifetimes well above that the levels are bounds that no
    orbit reaches; for a year or two either may come true. Between them the flux is let swing as a
    cosine from the level of minimum to that of maximum, which is the textbook's in the mean, from
    six phases. Real cycles differ in height: of the last four the highest monthly means were 140
    to 230 sfu. Within one level, density is known to 15 % and the drag coefficient to 10 %. Equal
    orbits are computed once.
    """
    rows = np.stack(
        np.broadcast_arrays(
            *(np.atleast_1d(a) for a in (axis_m, eccentricity, inclination_rad, area_m2_kg))
        )
    ).astype(np.float64)
    distinct, where = np.unique(rows, axis=1, return_inverse=True)
    quiet, mean, active = (_years(distinct, exponential_air(level)) for level in SolarActivity)
    phased = _phased_years(distinct)
    columns = quiet, mean, active, phased.min(axis=0), phased.max(axis=0)
    return Lifetime(*(column[where.ravel()] for column in columns))


def _years(rows: Floats, air: Air) -> Floats:
    """Lifetimes of distinct orbits in the air of one level of activity [year]."""
    axis, eccentricity, inclination, area = rows
    found = decay(axis, eccentricity, inclination, area, air)
    years: Floats = found.lifetime_s / TROPICAL_YEAR_S
    return years


def _phased_years(rows: Floats) -> Floats:
    """Lifetimes of distinct orbits by the phase of the cycle at their start, ``(phases, n)``."""
    begin_years = np.repeat(np.arange(_PHASES) * (CYCLE_YEARS / _PHASES), rows.shape[1])
    axis, eccentricity, inclination, area = np.tile(rows, _PHASES)
    found = decay(
        axis,
        eccentricity,
        inclination,
        area,
        _cycle_air(),
        start_s=begin_years * TROPICAL_YEAR_S,
        until_s=CYCLE_YEARS * TROPICAL_YEAR_S,
    )
    years: Floats = found.lifetime_s.reshape(_PHASES, -1) / TROPICAL_YEAR_S
    return years


def _cycle_air() -> FluxAir:
    """Air of two cycles from a minimum on."""
    years = np.arange(0.0, 2.0 * CYCLE_YEARS, 0.25)
    low, high = air_tables.QUIET_FLUX_SFU, air_tables.ACTIVE_FLUX_SFU
    swing = np.cos(2.0 * np.pi * years / CYCLE_YEARS)
    return FluxAir(years * TROPICAL_YEAR_S, 0.5 * (low + high) - 0.5 * (high - low) * swing)

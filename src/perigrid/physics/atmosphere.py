"""Air density in orbit: layers that fall exponentially, at three levels of solar activity."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from perigrid.physics import air_tables

Floats = npt.NDArray[np.float64]


class SolarActivity(StrEnum):
    """Level of the Sun's 11-year cycle."""

    MINIMUM = "minimum"
    MEAN = "mean"
    MAXIMUM = "maximum"


class Air(Protocol):
    """Anything that knows the air density at an altitude and a time."""

    def longest_step_s(self, t_s: Floats) -> Floats:
        """Time within which the air changes little.

        Parameters
        ----------
        t_s : (n,) float array
            Time after the start [s].

        Returns
        -------
        (n,) float array
            From then on [s].
        """
        ...

    def density_kg_m3(self, altitude_m: Floats, t_s: Floats) -> Floats:
        """Air density [kg/m3].

        Parameters
        ----------
        altitude_m : (...) float array
            Height above the ellipsoid [m].
        t_s : (...) float array
            Time after the start, of a shape that fits the altitudes [s].

        Returns
        -------
        (...) float array
            Density [kg/m3].
        """
        ...


@dataclass(frozen=True, slots=True)
class AirProfile:
    """Air that stays as it is: layers in which density falls exponentially.

    Parameters
    ----------
    base_altitude_m : (n,) float array
        Lower edge of each layer, ascending [m].
    base_density_kg_m3 : (n,) float array
        Density there [kg/m3].
    scale_height_m : (n,) float array
        Height in which density falls by e [m].
    """

    base_altitude_m: Floats
    base_density_kg_m3: Floats
    scale_height_m: Floats

    def longest_step_s(self, t_s: Floats) -> Floats:
        """Time within which the air changes little.

        Parameters
        ----------
        t_s : (n,) float array
            Time after the start [s].

        Returns
        -------
        (n,) float array
            Infinite: this air does not change [s].
        """
        return np.full(np.shape(t_s), math.inf)

    def density_kg_m3(self, altitude_m: Floats, t_s: Floats | None = None) -> Floats:
        """Air density; the last layer goes on upwards, the first one downwards.

        Parameters
        ----------
        altitude_m : (...) float array
            Height above the ellipsoid [m].
        t_s : (...) float array, optional
            Ignored.

        Returns
        -------
        (...) float array
            Density [kg/m3].

        Notes
        -----
        ``rho = rho_0 exp(-(h - h_0) / H)`` in each layer.
        """
        del t_s
        layer, fall = self._layers(altitude_m)
        density: Floats = self.base_density_kg_m3[layer] * np.exp(-fall)
        return density

    def log_density(self, altitude_m: Floats) -> Floats:
        """Logarithm of the density, finite also where the density itself is rounded to 0.

        Parameters
        ----------
        altitude_m : (...) float array
            Height above the ellipsoid [m].

        Returns
        -------
        (...) float array
            Natural logarithm of the density in kg/m3.
        """
        layer, fall = self._layers(altitude_m)
        logarithm: Floats = np.log(self.base_density_kg_m3)[layer] - fall
        return logarithm

    def _layers(self, altitude_m: Floats) -> tuple[npt.NDArray[np.int64], Floats]:
        """Layer of each height, and scale heights above its lower edge."""
        height = np.asarray(altitude_m, dtype=np.float64)
        layer = np.maximum(np.searchsorted(self.base_altitude_m, height, side="right") - 1, 0)
        return layer, (height - self.base_altitude_m[layer]) / self.scale_height_m[layer]


@dataclass(frozen=True, slots=True)
class FluxAir:
    """Air that follows the Sun's radio flux through the years.

    Parameters
    ----------
    t_s : (n,) float array
        Times after the start, ascending [s].
    f107_sfu : (n,) float array
        81-day mean of the flux at 10.7 cm, in solar flux units; held before and after [sfu].
    """

    t_s: Floats
    f107_sfu: Floats

    def longest_step_s(self, t_s: Floats) -> Floats:
        """Time within which the air changes little.

        Parameters
        ----------
        t_s : (n,) float array
            Time after the start [s].

        Returns
        -------
        (n,) float array
            Thirty days, and for ever once the last flux is held [s].
        """
        return np.where(np.asarray(t_s) < self.t_s[-1], 30.0 * 86_400.0, math.inf)

    def density_kg_m3(self, altitude_m: Floats, t_s: Floats) -> Floats:
        """Air density at the flux of the time.

        Parameters
        ----------
        altitude_m : (...) float array
            Height above the ellipsoid [m].
        t_s : (...) float array
            Time after the start, of a shape that fits the altitudes [s].

        Returns
        -------
        (...) float array
            Density, its logarithm linear in the flux between the three levels [kg/m3].
        """
        flux = np.interp(t_s, self.t_s, self.f107_sfu)
        return _between_levels(np.asarray(altitude_m, dtype=np.float64), flux)


@cache
def exponential_air(activity: SolarActivity = SolarActivity.MEAN) -> AirProfile:
    """Default atmosphere at a level of solar activity.

    Parameters
    ----------
    activity : SolarActivity
        ``mean`` is the textbook's table; ``minimum`` and ``maximum`` replace it above 150 km by
        global means of NRLMSISE-00 at a flux of 70 and 200.

    Returns
    -------
    AirProfile
        From the ground up; trustworthy from 100 to 1000 km.

    Notes
    -----
    Real density differs from such a mean by day and night (a factor of 2 at 400 km, up to 5 at
    600 km), season and latitude (30 %), and storms (a factor of 2 and more for a day). The level
    of activity moves it by 10 at 400 km and 30 at 600 km. The best models know the mean of a
    month to 15 %.

    References
    ----------
    .. [1] D. A. Vallado, Fundamentals of Astrodynamics and Applications, 4th ed. (2013),
       table 8-4.
    .. [2] J. M. Picone et al., "NRLMSISE-00 empirical model of the atmosphere", Journal of
       Geophysical Research 107, 1468 (2002), doi:10.1029/2002JA009430.
    """
    if activity is SolarActivity.MEAN:
        base, density, scale = (
            np.array(column) for column in zip(*air_tables.TEXTBOOK, strict=True)
        )
        return AirProfile(base, density, scale)
    rows = air_tables.QUIET if activity is SolarActivity.MINIMUM else air_tables.ACTIVE
    below = [(row[0], row[1]) for row in air_tables.TEXTBOOK if row[0] < rows[0][0]]
    altitude, density = (np.array(column) for column in zip(*below, *rows, strict=True))
    return air_from_nodes(altitude, density)


def air_at_flux(f107_sfu: float) -> AirProfile:
    """Default atmosphere at a given solar flux.

    Parameters
    ----------
    f107_sfu : float
        81-day mean of the flux at 10.7 cm, in solar flux units of 1e-22 W/(m2 Hz) [sfu].

    Returns
    -------
    AirProfile
        Logarithm of density linear in the flux through minimum (70), mean (136) and maximum
        (200), and on beyond them.
    """
    altitude = np.array([row[0] for row in air_tables.QUIET])
    below = [(row[0], row[1]) for row in air_tables.TEXTBOOK if row[0] < altitude[0]]
    density = _between_levels(altitude, np.asarray(f107_sfu))
    return air_from_nodes(
        np.concatenate([[row[0] for row in below], altitude]),
        np.concatenate([[row[1] for row in below], density]),
    )


def air_from_nodes(altitude_m: Floats, density_kg_m3: Floats) -> AirProfile:
    """Profile through given densities, exponential in between.

    Parameters
    ----------
    altitude_m : (n,) float array
        Ascending altitudes [m].
    density_kg_m3 : (n,) float array
        Density there, falling [kg/m3].

    Returns
    -------
    AirProfile
        Continuous; above the last node the last layer goes on.
    """
    scale = np.diff(altitude_m) / -np.diff(np.log(density_kg_m3))
    return AirProfile(altitude_m, density_kg_m3, np.append(scale, scale[-1]))


def _between_levels(altitude: Floats, flux: Floats) -> Floats:
    """Density whose logarithm is linear in the flux through the three levels."""
    low, middle, high = (exponential_air(level).log_density(altitude) for level in SolarActivity)
    quiet, mean, active = (
        air_tables.QUIET_FLUX_SFU,
        air_tables.TEXTBOOK_FLUX_SFU,
        air_tables.ACTIVE_FLUX_SFU,
    )
    below = low + (middle - low) * (flux - quiet) / (mean - quiet)
    above = middle + (high - middle) * (flux - mean) / (active - mean)
    density: Floats = np.exp(np.where(flux < mean, below, above))
    return density

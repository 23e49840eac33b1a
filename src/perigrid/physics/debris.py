"""How crowded altitudes are: spatial density of catalogued objects, and what may hit a satellite.

An indicator from objects that are tracked (about 10 cm and larger in low orbit). It knows neither
smaller debris, which is far more numerous, nor that operators avoid each other.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, TROPICAL_YEAR_S

Floats = npt.NDArray[np.float64]


def spatial_density_per_m3(
    axis_m: Floats, eccentricity: Floats, altitude_edges_m: Floats
) -> Floats:
    """Mean number of objects per volume in shells around the Earth.

    Parameters
    ----------
    axis_m : (n,) float array
        Semi-major axes, see :func:`perigrid.physics.orbit.kozai.brouwer_axis_m` [m].
    eccentricity : (n,) float array
        Eccentricities [-].
    altitude_edges_m : (n_shells + 1,) float array
        Ascending edges of the shells above the equatorial radius [m].

    Returns
    -------
    (n_shells,) float array
        Objects per volume, mean over time, latitude and longitude [1/m3].

    Notes
    -----
    Each object counts with the share of its period that it spends in the shell, ``dM / pi``, from
    ``cos E = (1 - r/a) / e`` at the edges: Kessler's ``s(R)``, integrated over the shell, without
    the singularities of its edges.

    References
    ----------
    .. [1] D. J. Kessler, "Derivation of the collision probability between orbiting objects: the
       lifetimes of Jupiter's outer moons", Icarus 48, 39 (1981),
       doi:10.1016/0019-1035(81)90151-2.
    """
    radius = EARTH_EQUATORIAL_RADIUS_M + np.asarray(altitude_edges_m, dtype=np.float64)
    below = np.zeros(len(radius))
    for edge, r in enumerate(radius):
        below[edge] = np.sum(_share_below(r, np.asarray(axis_m), np.asarray(eccentricity)))
    volume = 4.0 / 3.0 * math.pi * np.diff(radius**3)
    density: Floats = np.diff(below) / volume
    return density


def latitude_factor(inclination_rad: Floats, latitude_rad: float) -> Floats:
    """Density at a latitude over the mean of the shell, for objects of given inclinations.

    Parameters
    ----------
    inclination_rad : (n,) float array
        Inclinations [rad].
    latitude_rad : float
        Geocentric latitude [rad].

    Returns
    -------
    (n,) float array
        ``2 / (pi sqrt(sin^2 i - sin^2 latitude))``, 0 beyond the reach of the orbit; grows without
        bound (but integrably) towards it [-].

    References
    ----------
    .. [1] D. J. Kessler, "Derivation of the collision probability between orbiting objects: the
       lifetimes of Jupiter's outer moons", Icarus 48, 39 (1981),
       doi:10.1016/0019-1035(81)90151-2.
    """
    reach = np.sin(inclination_rad) ** 2 - math.sin(latitude_rad) ** 2
    factor: Floats = np.zeros_like(reach)
    inside = reach > 0.0
    factor[inside] = 2.0 / (math.pi * np.sqrt(reach[inside]))
    return factor


def collisions_per_year(
    density_per_m3: Floats, area_m2: float, relative_speed_m_s: float = 10_000.0
) -> Floats:
    """Count the encounters to be expected within a cross-section, if nobody evades.

    Parameters
    ----------
    density_per_m3 : (n,) float array
        Spatial density [1/m3].
    area_m2 : float
        Collision cross-section: for two bodies of radii a and b, ``pi (a + b)^2`` [m2].
    relative_speed_m_s : float
        Mean speed of encounter; 10 km/s is usual in low orbit [m/s].

    Returns
    -------
    (n,) float array
        Density times speed times area, per year [1/year].

    References
    ----------
    .. [1] D. J. Kessler, B. G. Cour-Palais, "Collision frequency of artificial satellites: the
       creation of a debris belt", Journal of Geophysical Research 83, 2637 (1978),
       doi:10.1029/JA083iA06p02637.
    """
    rate: Floats = np.asarray(density_per_m3) * (relative_speed_m_s * area_m2 * TROPICAL_YEAR_S)
    return rate


def _share_below(radius_m: float, axis: Floats, eccentricity: Floats) -> Floats:
    """Share of its period that each object spends below a radius."""
    # A circular orbit is below or above; a tiny eccentricity says the same without a division by 0.
    e = np.maximum(eccentricity, 1.0e-12)
    anomaly = np.arccos(np.clip((1.0 - radius_m / axis) / e, -1.0, 1.0))
    share: Floats = (anomaly - e * np.sin(anomaly)) / math.pi
    return share

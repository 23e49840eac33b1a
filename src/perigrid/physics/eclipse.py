"""Share of the Sun that a satellite sees past the Earth."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, SUN_RADIUS_M

Floats = npt.NDArray[np.float64]


def illumination(position_teme_m: Floats, sun_m: Floats) -> Floats:
    """Uncovered share of the solar disc, from exact umbra and penumbra cones.

    Parameters
    ----------
    position_teme_m : (3, n, n_times) float array
        Satellite positions [m].
    sun_m : (3, n_times) float array
        Geocentric position of the Sun in the same frame [m].

    Returns
    -------
    (n, n_times) float array
        0 in the umbra, 1 in full light; NaN where the position is NaN.

    Notes
    -----
    Two overlapping discs of apparent radii ``a`` (Sun) and ``b`` (Earth) at apparent distance
    ``c``. The Earth is a sphere of the equatorial radius; its oblateness and the refracting
    atmosphere, which move entry and exit by a few seconds in opposite directions, are left out.
    The solar disc is evenly bright.

    References
    ----------
    .. [1] O. Montenbruck, E. Gill, Satellite Orbits (2000), section 3.4.2,
       doi:10.1007/978-3-642-58351-3.
    """
    to_sun = sun_m[:, None, :] - position_teme_m
    sun_distance = np.sqrt(np.sum(to_sun * to_sun, axis=0))
    radius = np.sqrt(np.sum(position_teme_m * position_teme_m, axis=0))
    cosine = -np.sum(position_teme_m * to_sun, axis=0) / (radius * sun_distance)
    sun_disc = np.arcsin(SUN_RADIUS_M / sun_distance)
    earth_disc = np.arcsin(np.minimum(1.0, EARTH_EQUATORIAL_RADIUS_M / radius))
    apart = np.arccos(np.clip(cosine, -1.0, 1.0))

    lit = np.where(np.isnan(apart), np.nan, 1.0)
    lit[apart <= earth_disc - sun_disc] = 0.0
    annular = apart <= sun_disc - earth_disc
    lit[annular] = 1.0 - (earth_disc[annular] / sun_disc[annular]) ** 2
    partial = (apart > np.abs(earth_disc - sun_disc)) & (apart < earth_disc + sun_disc)
    lit[partial] = 1.0 - _covered(sun_disc[partial], earth_disc[partial], apart[partial])
    return lit


def _covered(sun_disc: Floats, earth_disc: Floats, apart: Floats) -> Floats:
    """Share of the solar disc under the Earth's where the two outlines cross."""
    chord = (apart**2 + sun_disc**2 - earth_disc**2) / (2.0 * apart)
    half = np.sqrt(np.maximum(0.0, sun_disc**2 - chord**2))
    # Both sectors by arctan2 of the common half chord: arccos loses digits near its ends.
    lens = (
        sun_disc**2 * np.arctan2(half, chord)
        + earth_disc**2 * np.arctan2(half, apart - chord)
        - apart * half
    )
    share: Floats = np.clip(lens / (np.pi * sun_disc**2), 0.0, 1.0)
    return share

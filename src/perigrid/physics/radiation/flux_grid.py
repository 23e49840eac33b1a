"""Flux of trapped particles along orbits, from the shipped grid of AE8 and AP8."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M, EARTH_FLATTENING
from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import inlined_part, kernel
from perigrid.physics.radiation.belts import (
    CUTOFF_FACTOR,
    CUTOFF_POWER,
    DISTANCES,
    FIELD_OF_MODEL,
    FIELD_RADIUS_M,
    INVERSE_DISTANCE_STEP,
    INVERSE_L,
    INVERSE_L_STEP,
    LATITUDE_STEP_DEG,
    LEAST_CUTOFF_LOG,
    LONGITUDE_STEP_DEG,
    PAD,
    REACH,
    REACH_STEP,
    Particle,
    Solar,
    field_map,
    flux_table,
)

Floats = npt.NDArray[np.float64]

DRIFT_RAD_PER_YEAR: Final = math.radians(0.3)
"""Westward drift of the South Atlantic Anomaly."""

FIELD_YEAR: Final = 1960.0
"""Year from which the drift counts."""

_SMALLEST_RANGE: Final = 4096
_ECCENTRICITY_SQUARED: Final = EARTH_FLATTENING * (2.0 - EARTH_FLATTENING)
_FIRST_DISTANCE: Final = float(DISTANCES[0])
_N_DISTANCES: Final = len(DISTANCES)
_LATITUDE_STEP_RAD: Final = math.radians(LATITUDE_STEP_DEG)
_LONGITUDE_STEP_RAD: Final = math.radians(LONGITUDE_STEP_DEG)
_FIRST_INVERSE_L: Final = float(INVERSE_L[0])
_N_SHELLS: Final = len(INVERSE_L)
_N_REACH: Final = len(REACH)
_CUTOFF_LOG: Final = math.log(CUTOFF_FACTOR)


@dataclass(frozen=True, slots=True)
class BeltCoordinates:
    """Where points stand in the tables of a belt model.

    Parameters
    ----------
    shell, reach : (...) float array
        Place along 1/L and along the field line, in steps of the tables; NaN where the position
        is NaN.
    field : str
        Magnetic field that they were found in.
    """

    shell: Floats
    reach: Floats
    field: str


def belt_coordinates(
    latitude_rad: Floats,
    longitude_rad: Floats,
    altitude_m: Floats,
    field: str = "min",
    *,
    year: float = FIELD_YEAR,
) -> BeltCoordinates:
    """Magnetic coordinates of points, as the belt models understand them.

    Parameters
    ----------
    latitude_rad, longitude_rad : (...) float array
        Geodetic latitude, and longitude [rad].
    altitude_m : (...) float array
        Height above the ellipsoid, 100 km to 38,000 km [m].
    field : str
        ``min`` or ``max``: the field that belongs to the model, see
        :data:`perigrid.physics.radiation.belts.FIELD_OF_MODEL`.
    year : float
        Calendar year, for the drift of the South Atlantic Anomaly.

    Returns
    -------
    BeltCoordinates
        For :func:`interpolate`.

    Raises
    ------
    ValueError
        If the arrays differ in shape.

    Notes
    -----
    Cubic interpolation in latitude, longitude and inverse distance of two smooth maps. The belt
    models must be read in the old fields they were made with, in which the Anomaly stands where
    it stood then. As the standard asks, points are moved east by 0.3 degrees a year since 1960
    first, which moves the Anomaly west. Points below or beyond the maps are taken at their edge.

    References
    ----------
    .. [1] ECSS-E-ST-10-04C, "Space environment" (2008), section 9.2.1.1 and table 9-1.
    """
    shape = np.shape(latitude_rad)
    if np.shape(longitude_rad) != shape or np.shape(altitude_m) != shape:
        raise ValueError("latitude, longitude and altitude need the same shape")
    latitude = np.ascontiguousarray(latitude_rad, dtype=np.float64).ravel()
    longitude = np.ascontiguousarray(longitude_rad, dtype=np.float64).ravel()
    altitude = np.ascontiguousarray(altitude_m, dtype=np.float64).ravel()
    shell, reach = np.empty(latitude.size), np.empty(latitude.size)
    maps = field_map(field)
    east = (year - FIELD_YEAR) * DRIFT_RAD_PER_YEAR

    def work(first: int, stop: int) -> None:
        _coordinates(latitude, longitude, altitude, east, maps, shell, reach, first, stop)

    over_ranges(work, latitude.size, _SMALLEST_RANGE)
    return BeltCoordinates(shell.reshape(shape), reach.reshape(shape), field)


def interpolate(tables: Floats, coordinates: BeltCoordinates) -> Floats:
    """Read quantities that are tabulated over the belt coordinates.

    Parameters
    ----------
    tables : (n_quantities, n_shells, n_reach) float array
        Not negative, over :data:`perigrid.physics.radiation.belts.INVERSE_L` and ``REACH``.
    coordinates : BeltCoordinates
        Of ``(...)`` points.

    Returns
    -------
    (n_quantities, ...) float array
        In the unit of the tables; NaN where the position is NaN.

    Notes
    -----
    Bilinear in the logarithm; in the quantity itself where a corner is zero, at the edge of the
    belt. Outside the tables there is nothing.
    """
    flat = np.ascontiguousarray(tables, dtype=np.float64).reshape(len(tables), -1)
    with np.errstate(divide="ignore"):
        logarithms = np.where(flat > 0.0, np.log(flat), -np.inf)
    shell, reach = coordinates.shell.ravel(), coordinates.reach.ravel()
    found = np.empty((len(tables), shell.size))

    def work(first: int, stop: int) -> None:
        _bilinear(flat, logarithms, shell, reach, found, first, stop)

    over_ranges(work, shell.size, _SMALLEST_RANGE)
    return found.reshape(len(tables), *coordinates.shell.shape)


def integral_flux_m2_s(
    particle: Particle,
    solar: Solar,
    latitude_rad: Floats,
    longitude_rad: Floats,
    altitude_m: Floats,
    *,
    year: float = FIELD_YEAR,
) -> tuple[Floats, Floats]:
    """Omnidirectional integral flux of trapped particles.

    Parameters
    ----------
    particle : str
        ``e`` (AE8) or ``p`` (AP8).
    solar : str
        ``min`` or ``max``.
    latitude_rad, longitude_rad : (...) float array
        Geodetic latitude, and longitude [rad].
    altitude_m : (...) float array
        Height above the ellipsoid [m].
    year : float
        Calendar year, for the drift of the South Atlantic Anomaly.

    Returns
    -------
    energies_mev : (n_energies,) float array
        Particles above these are counted [MeV].
    flux_m2_s : (n_energies, ...) float array
        Flux from all directions [1/m2/s].

    Notes
    -----
    Mean over months of quiet and disturbed days alike. The models are known to about a factor of
    two where they were measured best, worse at the edges of the belts and for short times.

    References
    ----------
    .. [1] J. I. Vette, "The AE-8 trapped electron model environment", NSSDC/WDC-A-R&S 91-24
       (1991).
    .. [2] D. M. Sawyer, J. I. Vette, "AP-8 trapped proton environment for solar maximum and
       solar minimum", NSSDC/WDC-A-R&S 76-06 (1976).
    """
    table = flux_table(particle, solar)
    field = FIELD_OF_MODEL[particle, solar]
    where = belt_coordinates(latitude_rad, longitude_rad, altitude_m, field, year=year)
    return table.energies_mev, interpolate(table.flux_m2_s, where)


@inlined_part
def _weights(offset: float, weights: Floats) -> None:
    """Cubic Lagrange weights of nodes -1, 0, 1, 2 at an offset of 0 to 1."""
    a, b, c = offset + 1.0, offset - 1.0, offset - 2.0
    weights[0] = -offset * b * c / 6.0
    weights[1] = a * b * c / 2.0
    weights[2] = -a * offset * c / 2.0
    weights[3] = a * offset * b / 6.0


@inlined_part
def _geocentric(latitude: float, altitude: float) -> tuple[float, float]:
    """Earth radius over distance, and geocentric latitude."""
    sine, cosine = math.sin(latitude), math.cos(latitude)
    normal = EARTH_EQUATORIAL_RADIUS_M / math.sqrt(1.0 - _ECCENTRICITY_SQUARED * sine * sine)
    axis = (normal + altitude) * cosine
    z = (normal * (1.0 - _ECCENTRICITY_SQUARED) + altitude) * sine
    return FIELD_RADIUS_M / math.sqrt(axis * axis + z * z), math.atan2(z, axis)


@inlined_part
def _in_tables(over_l: float, strength: float, inverse: float) -> tuple[float, float]:
    """Find the steps along the tables, from the two smooth coordinates."""
    over_l = max(over_l, 1.0e-6)
    log_ratio = math.log(max(strength, 1.0e-9)) - 3.0 * math.log(over_l)
    edge = max(0.0, _CUTOFF_LOG - CUTOFF_POWER * math.log(over_l * inverse))
    scale = math.sqrt(edge * edge + LEAST_CUTOFF_LOG * LEAST_CUTOFF_LOG)
    shell = (over_l * inverse - _FIRST_INVERSE_L) / INVERSE_L_STEP
    reach = max(0.0, log_ratio / scale)
    return shell, 0.5 * reach * (1.0 + reach) / REACH_STEP


@kernel
def _coordinates(
    latitude: Floats,
    longitude: Floats,
    altitude: Floats,
    east: float,
    maps: Floats,
    shell: Floats,
    reach: Floats,
    first: int,
    stop: int,
) -> None:
    """Belt coordinates of points ``first`` to ``stop``."""
    wd, wa, wo = np.empty(4), np.empty(4), np.empty(4)
    for k in range(first, stop):
        if not math.isfinite(latitude[k] + longitude[k] + altitude[k]):
            shell[k] = math.nan
            reach[k] = math.nan
            continue
        inverse, geocentric = _geocentric(latitude[k], altitude[k])
        turn = (longitude[k] + east + math.pi) / math.tau
        d = (inverse - _FIRST_DISTANCE) / INVERSE_DISTANCE_STEP
        d = min(max(d, 0.0), _N_DISTANCES - 1.0)
        a = (geocentric + 0.5 * math.pi) / _LATITUDE_STEP_RAD + PAD
        o = (turn - math.floor(turn)) * math.tau / _LONGITUDE_STEP_RAD + PAD
        i = min(max(int(d), 1), _N_DISTANCES - 3)
        j, m = min(int(a), maps.shape[1] - 3), min(int(o), maps.shape[2] - 3)
        _weights(d - i, wd)
        _weights(a - j, wa)
        _weights(o - m, wo)
        over_l, strength = 0.0, 0.0
        for p in range(4):
            for q in range(4):
                w = wd[p] * wa[q]
                for r in range(4):
                    over_l += w * wo[r] * maps[i - 1 + p, j - 1 + q, m - 1 + r, 0]
                    strength += w * wo[r] * maps[i - 1 + p, j - 1 + q, m - 1 + r, 1]
        shell[k], reach[k] = _in_tables(over_l, strength, inverse)


@kernel
def _bilinear(
    flat: Floats,
    logarithms: Floats,
    shell: Floats,
    reach: Floats,
    found: Floats,
    first: int,
    stop: int,
) -> None:
    """Quantities at points ``first`` to ``stop``."""
    for k in range(first, stop):
        s, r = shell[k], reach[k]
        if not (s >= 0.0 and r >= 0.0 and s <= _N_SHELLS - 1.0 and r <= _N_REACH - 1.0):
            empty = math.nan if math.isnan(s) else 0.0
            for n in range(len(flat)):
                found[n, k] = empty
            continue
        i, j = min(int(s), _N_SHELLS - 2), min(int(r), _N_REACH - 2)
        u, v = s - i, r - j
        at = i * _N_REACH + j
        low, high = (1.0 - u) * (1.0 - v), u * (1.0 - v)
        beyond_low, beyond_high = (1.0 - u) * v, u * v
        for n in range(len(flat)):
            one, two = logarithms[n, at], logarithms[n, at + _N_REACH]
            three, four = logarithms[n, at + 1], logarithms[n, at + _N_REACH + 1]
            if min(min(one, two), min(three, four)) > -math.inf:
                found[n, k] = math.exp(
                    low * one + high * two + beyond_low * three + beyond_high * four
                )
            else:
                found[n, k] = (
                    low * flat[n, at]
                    + high * flat[n, at + _N_REACH]
                    + beyond_low * flat[n, at + 1]
                    + beyond_high * flat[n, at + _N_REACH + 1]
                )

"""Air density by NRLMSISE-00 or NRLMSIS 2, through the optional package pymsis."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.errors import WorkError
from perigrid.base.time import Epoch
from perigrid.base.units import M_PER_KM, S_PER_HOUR
from perigrid.physics.atmosphere import AirProfile, air_from_nodes

Floats = npt.NDArray[np.float64]

_UNIX_EPOCH_JD: Final = 2_440_587.5
_NODES_M: Final = np.concatenate([np.arange(100e3, 300e3, 10e3), np.arange(300e3, 1001e3, 25e3)])
_AP_VALUES: Final = 7
_ANGLES: Final = 24  # places on the orbit


def msis_density_kg_m3(
    start: Epoch,
    t_s: Floats,
    latitude_rad: Floats,
    longitude_rad: Floats,
    altitude_m: Floats,
    *,
    f107_sfu: float,
    f107_mean_sfu: float,
    ap_index: float,
    version: float = 0,
) -> Floats:
    """Air density along a path.

    Parameters
    ----------
    start : Epoch
        Instant of ``t_s = 0``.
    t_s : (n,) float array
        Seconds after ``start`` [s].
    latitude_rad, longitude_rad : (n,) float array
        Geodetic position [rad].
    altitude_m : (n,) float array
        Height above the ellipsoid [m].
    f107_sfu : float
        Flux at 10.7 cm on the day before [sfu].
    f107_mean_sfu : float
        Its 81-day mean [sfu].
    ap_index : float
        Daily geomagnetic Ap [-].
    version : float
        0 for NRLMSISE-00; 2.0 or 2.1 for NRLMSIS 2.

    Returns
    -------
    (n,) float array
        Density, with the drag of hot oxygen where the model has it [kg/m3].

    Raises
    ------
    WorkError
        If pymsis is not installed.

    Notes
    -----
    The fluxes are always given, so nothing is fetched. The model's standard error against
    satellite drag is 15 to 20 %.

    References
    ----------
    .. [1] J. M. Picone et al., "NRLMSISE-00 empirical model of the atmosphere", Journal of
       Geophysical Research 107, 1468 (2002), doi:10.1029/2002JA009430.
    .. [2] J. T. Emmert et al., "NRLMSIS 2.0", Earth and Space Science 8, e2020EA001321 (2021),
       doi:10.1029/2020EA001321.
    """
    count = len(t_s)
    dates = _dates(start, np.asarray(t_s, dtype=np.float64))
    found = _pymsis().calculate(
        dates,
        np.degrees(longitude_rad),
        np.degrees(latitude_rad),
        altitude_m / M_PER_KM,
        np.full(count, f107_sfu),
        np.full(count, f107_mean_sfu),
        np.full((count, _AP_VALUES), ap_index),
        version=version,
    )
    density: Floats = found.reshape(count, -1)[:, 0].astype(np.float64)
    return density


def msis_air(
    start: Epoch,
    *,
    f107_sfu: float,
    ap_index: float,
    inclination_rad: float = math.pi / 2.0,
    ltan_hours: float | None = None,
    version: float = 0,
) -> AirProfile:
    """Mean of the model over an orbit, as a profile.

    Parameters
    ----------
    start : Epoch
        The day, for the season, and the time of the day.
    f107_sfu : float
        Flux at 10.7 cm, daily and 81-day mean alike [sfu].
    ap_index : float
        Daily geomagnetic Ap [-].
    inclination_rad : float
        Inclination of the orbit [rad].
    ltan_hours : float, optional
        Local time of the ascending node of a sun-synchronous orbit; left out, the mean over all
        local times, through which other orbits drift in weeks [h].
    version : float
        0 for NRLMSISE-00; 2.0 or 2.1 for NRLMSIS 2.

    Returns
    -------
    AirProfile
        From 100 to 1000 km.

    Raises
    ------
    WorkError
        If pymsis is not installed.

    References
    ----------
    .. [1] J. M. Picone et al., "NRLMSISE-00 empirical model of the atmosphere", Journal of
       Geophysical Research 107, 1468 (2002), doi:10.1029/2002JA009430.
    """
    nodes = np.arange(0.0, 24.0, 2.0) if ltan_hours is None else np.array([ltan_hours])
    u = (np.arange(_ANGLES) + 0.5) * (math.tau / _ANGLES)
    latitude = np.arcsin(math.sin(inclination_rad) * np.sin(u))
    ahead = np.arctan2(math.cos(inclination_rad) * np.sin(u), np.cos(u))
    universal_hours = start.day_s / S_PER_HOUR
    longitude = (nodes[:, None] - universal_hours) * (math.pi / 12.0) + ahead
    shape = (len(_NODES_M), len(nodes), _ANGLES)
    density = msis_density_kg_m3(
        start,
        np.zeros(math.prod(shape)),
        np.broadcast_to(latitude, shape).ravel(),
        np.broadcast_to(longitude, shape).ravel() % math.tau,
        np.repeat(_NODES_M, len(nodes) * _ANGLES),
        f107_sfu=f107_sfu,
        f107_mean_sfu=f107_sfu,
        ap_index=ap_index,
        version=version,
    )
    return air_from_nodes(_NODES_M, density.reshape(shape).mean(axis=(1, 2)))


def _dates(start: Epoch, t_s: Floats) -> npt.NDArray[np.datetime64]:
    """Instants as numpy keeps them."""
    days = start.jd_midnight - _UNIX_EPOCH_JD
    milliseconds = np.round((days * SECONDS_PER_DAY + start.day_s + t_s) * 1000.0)
    return milliseconds.astype(np.int64).astype("datetime64[ms]")


def _pymsis() -> Any:  # noqa: ANN401  an optional package without types
    """Load the optional package."""
    try:
        import pymsis  # noqa: PLC0415  optional
    except ImportError as error:
        raise WorkError(
            "air density by MSIS needs the package pymsis: pip install 'perigrid[atmosphere]'"
        ) from error
    return pymsis

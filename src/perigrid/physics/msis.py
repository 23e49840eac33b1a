"""Air density by NRLMSISE-00 or NRLMSIS 2, through the optional package pymsis."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import SECONDS_PER_DAY
from perigrid.base.errors import WorkError
from perigrid.base.time import Epoch
from perigrid.base.units import M_PER_KM
from perigrid.physics.atmosphere import AirProfile, air_from_nodes

Floats = npt.NDArray[np.float64]

_UNIX_EPOCH_JD: Final = 2_440_587.5
_NODES_M: Final = np.concatenate([np.arange(100e3, 300e3, 10e3), np.arange(300e3, 1001e3, 25e3)])
_AP_VALUES: Final = 7


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


def msis_air(start: Epoch, *, f107_sfu: float, ap_index: float, version: float = 0) -> AirProfile:
    """Mean of the model over the globe and local time, as a profile.

    Parameters
    ----------
    start : Epoch
        The day, for the season.
    f107_sfu : float
        Flux at 10.7 cm, daily and 81-day mean alike [sfu].
    ap_index : float
        Daily geomagnetic Ap [-].
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
    # At one instant, longitudes are local times; bands of equal area in latitude.
    sine = (np.arange(8) + 0.5) / 4.0 - 1.0
    found = _pymsis().calculate(
        _dates(start, np.zeros(1)),
        np.arange(0.0, 360.0, 30.0),
        np.degrees(np.arcsin(sine)),
        _NODES_M / M_PER_KM,
        np.full(1, f107_sfu),
        np.full(1, f107_sfu),
        np.full((1, _AP_VALUES), ap_index),
        version=version,
    )
    mean = found[0, :, :, :, 0].mean(axis=(0, 1)).astype(np.float64)
    return air_from_nodes(_NODES_M, mean)


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

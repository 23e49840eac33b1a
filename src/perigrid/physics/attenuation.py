"""Attenuation of radio by rain, clouds, gases and scintillation: Recommendation ITU-R P.618.

The maps and formulas are those of the package ``itur``, an extra.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from perigrid.base.errors import WorkError

Floats = npt.NDArray[np.float64]

LOWEST_ELEVATION_RAD: Final = math.radians(5.0)
"""Below this the gas model of Rec. ITU-R P.676, Annex 2, does not hold [rad]."""

PROBABILITY_RANGE: Final = (1.0e-5, 0.05)
"""Shares of the time for which the rain model of Rec. ITU-R P.618 holds."""

FREQUENCY_RANGE_HZ: Final = (1.0e9, 55.0e9)
"""Carriers for which the models behind Rec. ITU-R P.618 hold [Hz]."""

_LOWEST_PATH_RAD: Final = math.radians(0.5)  # lower ones count as this one
_CIRCULAR_TILT_RAD: Final = math.radians(45.0)
# The package warns of a path straight up, though its formulas hold there.
_HIGHEST_ELEVATION_DEG: Final = 89.99


@dataclass(frozen=True, slots=True)
class AttenuationTable:
    """Attenuation over elevation at one place, for one frequency and probability.

    Parameters
    ----------
    elevation_rad : (n,) float array
        Rising [rad].
    attenuation_db : (n,) float array
        Exceeded for the given share of the time [dB].
    """

    elevation_rad: Floats
    attenuation_db: Floats


def slant_attenuation_db(
    elevation_rad: Floats,
    *,
    latitude_rad: float,
    longitude_rad: float,
    frequency_hz: float,
    exceedance_probability: float,
    antenna_m: float,
    antenna_efficiency: float = 0.5,
    height_m: float | None = None,
    polarization_tilt_rad: float = _CIRCULAR_TILT_RAD,
) -> Floats:
    """Attenuation of a path to space that is exceeded for a share of the time.

    Parameters
    ----------
    elevation_rad : (n,) float array
        Elevations; those below 5 degrees are taken as 5 degrees, with the loss scaled by the
        length of the path through the air [rad].
    latitude_rad, longitude_rad : float
        Of the station, geodetic [rad].
    frequency_hz : float
        Carrier, 1 to 55 GHz [Hz].
    exceedance_probability : float
        Share of an average year in which the attenuation is larger, 1e-5 to 0.05.
    antenna_m : float
        Diameter of the station's dish, which averages scintillation out [m].
    antenna_efficiency : float
        Of the dish.
    height_m : float, optional
        Of the station above the sea; from the maps of Rec. ITU-R P.1511 if left out [m].
    polarization_tilt_rad : float
        From the horizontal; 45 degrees for circular polarization [rad].

    Returns
    -------
    (n,) float array
        Gases + root of squares of (rain + clouds) and scintillation [dB].

    Raises
    ------
    ValueError
        If the probability or the carrier lies outside of what the recommendation covers.
    WorkError
        If the package ``itur`` is not installed.

    References
    ----------
    .. [1] Recommendation ITU-R P.618-13, "Propagation data and prediction methods required for
       the design of Earth-space telecommunication systems" (2017), equation 65.
    """
    low, high = PROBABILITY_RANGE
    if not low <= exceedance_probability <= high:
        raise ValueError(f"exceedance probability {exceedance_probability} outside {low} to {high}")
    lowest, highest = FREQUENCY_RANGE_HZ
    if not lowest <= frequency_hz <= highest:
        raise ValueError(f"a carrier of {frequency_hz:g} Hz is outside {lowest:g} to {highest:g}")
    itur = _itur()
    within = np.maximum(elevation_rad, LOWEST_ELEVATION_RAD)
    total = itur.atmospheric_attenuation_slant_path(
        math.degrees(latitude_rad),
        math.degrees(longitude_rad),
        frequency_hz / 1.0e9,
        np.minimum(np.degrees(within), _HIGHEST_ELEVATION_DEG),
        100.0 * exceedance_probability,
        antenna_m,
        hs=None if height_m is None else height_m / 1000.0,
        eta=antenna_efficiency,
        tau=math.degrees(polarization_tilt_rad),
    )
    longer = np.sin(within) / np.sin(np.clip(elevation_rad, _LOWEST_PATH_RAD, within))
    loss: Floats = np.asarray(total.value, dtype=np.float64) * longer
    return loss


def attenuation_table(
    *,
    latitude_rad: float,
    longitude_rad: float,
    frequency_hz: float,
    exceedance_probability: float,
    antenna_m: float,
) -> AttenuationTable:
    """Tabulate the attenuation at a station over elevation, every degree from 5 to 89.

    Parameters
    ----------
    latitude_rad, longitude_rad : float
        Of the station, geodetic [rad].
    frequency_hz : float
        Carrier [Hz].
    exceedance_probability : float
        Share of an average year in which the attenuation is larger.
    antenna_m : float
        Diameter of the station's dish [m].

    Returns
    -------
    AttenuationTable
        For :func:`slant_loss_db`.
    """
    # The rain model divides by the path's ground track, which vanishes at 90 degrees.
    elevation = np.radians(np.arange(5.0, 89.5))
    loss = slant_attenuation_db(
        elevation,
        latitude_rad=latitude_rad,
        longitude_rad=longitude_rad,
        frequency_hz=frequency_hz,
        exceedance_probability=exceedance_probability,
        antenna_m=antenna_m,
    )
    return AttenuationTable(elevation, loss)


def slant_loss_db(table: AttenuationTable, elevation_rad: Floats) -> Floats:
    """Look up an attenuation.

    Parameters
    ----------
    table : AttenuationTable
        Of the station.
    elevation_rad : (...) float array
        Elevations [rad].

    Returns
    -------
    (...) float array
        What the path through the air would lose if it stood upright is linear between the degrees;
        beyond the table it stays as it is, down to half a degree [dB].
    """
    zenith = np.interp(
        elevation_rad, table.elevation_rad, table.attenuation_db * np.sin(table.elevation_rad)
    )
    loss: Floats = zenith / np.sin(np.maximum(elevation_rad, _LOWEST_PATH_RAD))
    return loss


def _itur() -> Any:  # noqa: ANN401  itur has no types
    """Import the package, which takes a second and reads its maps when first asked."""
    try:
        import itur  # noqa: PLC0415  an extra, and slow to import
    except ImportError as error:
        raise WorkError("rain attenuation needs itur: pip install 'perigrid[rain]'") from error
    return itur

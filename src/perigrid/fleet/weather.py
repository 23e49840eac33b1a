"""What the weather over a station costs a downlink."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perigrid.physics.attenuation import attenuation_table, slant_loss_db
from perigrid.scenario.model import GroundStation, Radio

Floats = npt.NDArray[np.float64]


def weather_loss_db(station: GroundStation, radio: Radio, elevation_rad: Floats) -> Floats:
    """Attenuation that a station's planned rate allows for.

    Parameters
    ----------
    station : GroundStation
        With the availability it asks for; 0 for no allowance besides the radio's losses.
    radio : Radio
        For the carrier.
    elevation_rad : (...) float array
        Of the satellites [rad].

    Returns
    -------
    (...) float array
        Exceeded for no more than ``1 - availability`` of an average year [dB].

    Raises
    ------
    WorkError
        If the package ``itur`` is needed and not installed.
    """
    if station.availability <= 0.0:
        return np.zeros_like(elevation_rad)
    table = attenuation_table(
        latitude_rad=station.latitude_rad,
        longitude_rad=station.longitude_rad,
        frequency_hz=radio.frequency_hz,
        exceedance_probability=round(1.0 - station.availability, 9),
        antenna_m=station.antenna_m,
    )
    return slant_loss_db(table, elevation_rad)

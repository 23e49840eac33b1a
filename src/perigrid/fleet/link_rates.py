"""Rates of the fleet's own radios and lasers over a range."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perigrid.physics.links_optical import dwdm_rate_bps, optical_rate_bps
from perigrid.physics.links_radio import radio_rate_bps
from perigrid.scenario.model import Laser, Radio

Floats = npt.NDArray[np.float64]


def laser_rate_bps(laser: Laser, range_m: Floats) -> Floats:
    """Information rate between two terminals of the same make.

    Parameters
    ----------
    laser : Laser
        Terminal at both ends.
    range_m : (...) float array
        Distance [m].

    Returns
    -------
    (...) float array
        Zero beyond the terminal's range; by wavelength channels if the terminal has any, else by
        photons per bit [bit/s].
    """
    if laser.channels > 0:
        return dwdm_rate_bps(
            range_m,
            transmit_w=laser.transmit_w,
            aperture_m=laser.aperture_m,
            wavelength_m=laser.wavelength_m,
            efficiency=laser.efficiency,
            pointing_loss_db=laser.pointing_loss_db,
            channels=laser.channels,
            channel_rate_bps=laser.channel_rate_bps,
            channel_sensitivity_dbm=laser.channel_sensitivity_dbm,
            max_range_m=laser.max_range_m,
        )
    return optical_rate_bps(
        range_m,
        transmit_w=laser.transmit_w,
        aperture_m=laser.aperture_m,
        wavelength_m=laser.wavelength_m,
        efficiency=laser.efficiency,
        pointing_loss_db=laser.pointing_loss_db,
        photons_per_bit=laser.photons_per_bit,
        max_rate_bps=laser.max_rate_bps,
        max_range_m=laser.max_range_m,
    )


def downlink_rate_bps(
    radio: Radio, g_over_t_db_k: float, range_m: Floats, attenuation_db: Floats | float = 0.0
) -> Floats:
    """Information rate of a downlink on the DVB-S2 ladder.

    Parameters
    ----------
    radio : Radio
        On board.
    g_over_t_db_k : float
        Figure of merit of the receiving station [dB/K].
    range_m : (...) float array
        Distance [m].
    attenuation_db : float or (...) float array
        Of the air, besides the radio's constant losses [dB].

    Returns
    -------
    (...) float array
        Zero where the weakest code does not close [bit/s].
    """
    return radio_rate_bps(
        range_m,
        frequency_hz=radio.frequency_hz,
        eirp_dbw=radio.eirp_dbw,
        symbol_rate_hz=radio.symbol_rate_hz,
        g_over_t_db_k=g_over_t_db_k,
        implementation_loss_db=radio.implementation_loss_db,
        max_rate_bps=radio.max_rate_bps,
        attenuation_db=attenuation_db,
    )

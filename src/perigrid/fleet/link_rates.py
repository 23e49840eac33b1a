"""Rates of the fleet's own radios and lasers over a range."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perigrid.physics.links_optical import optical_rate_bps
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
        Zero beyond the terminal's range [bit/s].
    """
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


def downlink_rate_bps(radio: Radio, g_over_t_db_k: float, range_m: Floats) -> Floats:
    """Information rate of a downlink on the DVB-S2 ladder.

    Parameters
    ----------
    radio : Radio
        On board.
    g_over_t_db_k : float
        Figure of merit of the receiving station [dB/K].
    range_m : (...) float array
        Distance [m].

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
    )

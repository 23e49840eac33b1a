"""What every link has: a delay, a free-space loss, a Doppler shift."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import SPEED_OF_LIGHT_M_S

Floats = npt.NDArray[np.float64]


def light_time_s(range_m: Floats) -> Floats:
    """Time that light takes over a distance.

    Parameters
    ----------
    range_m : (...) float array
        Distance [m].

    Returns
    -------
    (...) float array
        One-way delay [s].
    """
    return range_m / SPEED_OF_LIGHT_M_S


def free_space_loss_db(range_m: Floats, frequency_hz: float) -> Floats:
    """Free-space path loss between isotropic antennas.

    Parameters
    ----------
    range_m : (...) float array
        Distance [m].
    frequency_hz : float
        Carrier frequency [Hz].

    Returns
    -------
    (...) float array
        ``20 log10(4 pi R f / c)`` [dB].

    References
    ----------
    .. [1] Recommendation ITU-R P.525-4, "Calculation of free-space attenuation" (2019).
    """
    loss: Floats = 20.0 * np.log10(4.0 * math.pi * frequency_hz / SPEED_OF_LIGHT_M_S * range_m)
    return loss


def doppler_shift_hz(range_rate_m_s: Floats, frequency_hz: float) -> Floats:
    """Shift of a carrier by the motion along the line of sight.

    Parameters
    ----------
    range_rate_m_s : (...) float array
        Growth of the distance, positive when receding [m/s].
    frequency_hz : float
        Carrier as sent [Hz].

    Returns
    -------
    (...) float array
        Received less sent frequency, ``-f v / c`` to first order in v/c; at 15 km/s the next
        order is 2.5e-5 of the shift [Hz].
    """
    shift: Floats = -frequency_hz / SPEED_OF_LIGHT_M_S * range_rate_m_s
    return shift

"""Rates of laser crosslinks."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import PLANCK_J_S, SPEED_OF_LIGHT_M_S

Floats = npt.NDArray[np.float64]


def telescope_gain(aperture_m: float, wavelength_m: float, efficiency: float) -> float:
    """On-axis gain of a circular aperture.

    Parameters
    ----------
    aperture_m : float
        Diameter [m].
    wavelength_m : float
        Wavelength [m].
    efficiency : float
        Aperture and optics efficiency of one terminal.

    Returns
    -------
    float
        Gain as a power ratio, ``efficiency (pi D / lambda)^2``.
    """
    return efficiency * (math.pi * aperture_m / wavelength_m) ** 2


def confocal_length_m(radius_m: float, wavelength_m: float) -> float:
    """Distance up to which an aperture can hold a beam of its own size.

    Parameters
    ----------
    radius_m : float
        Radius of both apertures [m].
    wavelength_m : float
        Wavelength [m].

    Returns
    -------
    float
        ``pi a^2 / lambda`` [m].
    """
    return math.pi * radius_m**2 / wavelength_m


def optical_received_w(
    range_m: Floats,
    *,
    transmit_w: float,
    aperture_m: float,
    wavelength_m: float,
    efficiency: float,
    pointing_loss_db: float,
) -> Floats:
    """Received power of a laser link between two equal terminals in the far field.

    Parameters
    ----------
    range_m : (...) float array
        Distance [m].
    transmit_w : float
        Optical power sent [W].
    aperture_m : float
        Diameter of both telescopes [m].
    wavelength_m : float
        Wavelength [m].
    efficiency : float
        Of one terminal; it counts on both sides.
    pointing_loss_db : float
        Pointing and all other losses, positive [dB].

    Returns
    -------
    (...) float array
        Power in the detector [W], never above what was sent less the losses.

    Notes
    -----
    Friis: ``P = P_t G^2 (lambda / 4 pi R)^2 / L``. Inside the confocal length the far-field form
    would exceed the power sent, and is cut off there.

    References
    ----------
    .. [1] H. T. Friis, "A note on a simple transmission formula", Proceedings of the IRE 34, 254
       (1946), doi:10.1109/JRPROC.1946.234568.
    """
    gain = telescope_gain(aperture_m, wavelength_m, efficiency)
    loss = 10.0 ** (-pointing_loss_db / 10.0)
    spread = (gain * wavelength_m / (4.0 * math.pi * np.maximum(range_m, 1.0e-3))) ** 2
    received: Floats = np.minimum(spread, efficiency**2) * (transmit_w * loss)
    return received


def optical_rate_bps(
    range_m: Floats,
    *,
    transmit_w: float,
    aperture_m: float,
    wavelength_m: float,
    efficiency: float,
    pointing_loss_db: float,
    photons_per_bit: float,
    max_rate_bps: float,
    max_range_m: float,
) -> Floats:
    """Information rate of a laser crosslink.

    Parameters
    ----------
    range_m : (...) float array
        Distance [m].
    transmit_w : float
        Optical power sent [W].
    aperture_m : float
        Diameter of both telescopes [m].
    wavelength_m : float
        Wavelength [m].
    efficiency : float
        Of one terminal; it counts on both sides.
    pointing_loss_db : float
        Pointing and all other losses, positive [dB].
    photons_per_bit : float
        Received photons that one information bit needs.
    max_rate_bps : float
        What the modem can do [bit/s].
    max_range_m : float
        Beyond this the terminals do not track; the rate is 0 [m].

    Returns
    -------
    (...) float array
        Rate [bit/s].

    Notes
    -----
    ``rate = P_received / (photons_per_bit h c / lambda)``, capped.
    """
    received = optical_received_w(
        range_m,
        transmit_w=transmit_w,
        aperture_m=aperture_m,
        wavelength_m=wavelength_m,
        efficiency=efficiency,
        pointing_loss_db=pointing_loss_db,
    )
    bit_j = photons_per_bit * PLANCK_J_S * SPEED_OF_LIGHT_M_S / wavelength_m
    rate: Floats = np.where(range_m <= max_range_m, np.minimum(received / bit_j, max_rate_bps), 0.0)
    return rate


def dwdm_rate_bps(
    range_m: Floats,
    *,
    transmit_w: float,
    aperture_m: float,
    wavelength_m: float,
    efficiency: float,
    pointing_loss_db: float,
    channels: int,
    channel_rate_bps: float,
    channel_sensitivity_dbm: float,
    max_range_m: float,
) -> Floats:
    """Information rate of a crosslink that bundles wavelength channels.

    Parameters
    ----------
    range_m : (...) float array
        Distance [m].
    transmit_w : float
        Optical power sent in all channels together [W].
    aperture_m : float
        Diameter of both telescopes [m].
    wavelength_m : float
        Middle of the bundle; the channels are taken to spread alike [m].
    efficiency : float
        Of one terminal; it counts on both sides.
    pointing_loss_db : float
        Pointing and all other losses, positive [dB].
    channels : int
        Most channels of the terminal.
    channel_rate_bps : float
        Information rate of one [bit/s].
    channel_sensitivity_dbm : float
        Received power that one needs [dBm].
    max_range_m : float
        Beyond this the terminals do not track; the rate is 0 [m].

    Returns
    -------
    (...) float array
        A whole number of channels times their rate [bit/s].

    Notes
    -----
    As many channels are lit as the received power feeds: a far terminal puts its power into fewer
    of them. All are lit while each receives its sensitivity.
    """
    received = optical_received_w(
        range_m,
        transmit_w=transmit_w,
        aperture_m=aperture_m,
        wavelength_m=wavelength_m,
        efficiency=efficiency,
        pointing_loss_db=pointing_loss_db,
    )
    fed = received / dwdm_received_w(1, channel_sensitivity_dbm)
    # Rounding must not put a channel out that receives its sensitivity to the last digit.
    lit = np.minimum(np.floor(fed * (1.0 + 1.0e-12)), channels)
    rate: Floats = np.where(range_m <= max_range_m, lit * channel_rate_bps, 0.0)
    return rate


def dwdm_received_w(channels: int, sensitivity_dbm: float) -> float:
    """Received power that a bundle of wavelength channels needs.

    Parameters
    ----------
    channels : int
        Number of channels.
    sensitivity_dbm : float
        Receiver sensitivity of one channel [dBm].

    Returns
    -------
    float
        Total power [W].
    """
    return channels * math.pow(10.0, sensitivity_dbm / 10.0 - 3.0)

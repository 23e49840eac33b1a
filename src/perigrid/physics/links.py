"""Rates of laser crosslinks and radio downlinks, and the time that light takes."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import BOLTZMANN_J_K, PLANCK_J_S, SPEED_OF_LIGHT_M_S

Floats = npt.NDArray[np.float64]

DVB_S2_MODCODS: Final[tuple[tuple[str, float, float], ...]] = (
    ("QPSK 1/4", -2.35, 0.490243),
    ("QPSK 1/3", -1.24, 0.656448),
    ("QPSK 2/5", -0.30, 0.789412),
    ("QPSK 1/2", 1.00, 0.988858),
    ("QPSK 3/5", 2.23, 1.188304),
    ("QPSK 2/3", 3.10, 1.322253),
    ("QPSK 3/4", 4.03, 1.487473),
    ("QPSK 4/5", 4.68, 1.587196),
    ("QPSK 5/6", 5.18, 1.654663),
    ("QPSK 8/9", 6.20, 1.766451),
    ("QPSK 9/10", 6.42, 1.788612),
    ("8PSK 3/5", 5.50, 1.779991),
    ("8PSK 2/3", 6.62, 1.980636),
    ("8PSK 3/4", 7.91, 2.228124),
    ("8PSK 5/6", 9.35, 2.478562),
    ("8PSK 8/9", 10.69, 2.646012),
    ("8PSK 9/10", 10.98, 2.679207),
    ("16APSK 2/3", 8.97, 2.637201),
    ("16APSK 3/4", 10.21, 2.966728),
    ("16APSK 4/5", 11.03, 3.165623),
    ("16APSK 5/6", 11.61, 3.300184),
    ("16APSK 8/9", 12.89, 3.523143),
    ("16APSK 9/10", 13.13, 3.567342),
    ("32APSK 3/4", 12.73, 3.703295),
    ("32APSK 4/5", 13.64, 3.951571),
    ("32APSK 5/6", 14.28, 4.119540),
    ("32APSK 8/9", 15.69, 4.397854),
    ("32APSK 9/10", 16.05, 4.453027),
)
"""Name, ideal Es/N0 [dB] at quasi-error-free reception (packet error ratio 1e-7, additive white
Gaussian noise) and spectral efficiency [bit/symbol] of normal frames without pilots:
ETSI EN 302 307-1 V1.4.1 (2014), table 13."""


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


def radio_rate_bps(
    range_m: Floats,
    *,
    frequency_hz: float,
    eirp_dbw: float,
    symbol_rate_hz: float,
    g_over_t_db_k: float,
    implementation_loss_db: float,
    max_rate_bps: float,
) -> Floats:
    """Information rate of a radio downlink that follows the DVB-S2 ladder.

    Parameters
    ----------
    range_m : (...) float array
        Slant range [m].
    frequency_hz : float
        Carrier frequency [Hz].
    eirp_dbw : float
        Effective isotropic radiated power [dBW].
    symbol_rate_hz : float
        Symbols per second [Hz].
    g_over_t_db_k : float
        The station's gain over system temperature [dB/K].
    implementation_loss_db : float
        Modem, pointing, rain and all other losses, positive [dB].
    max_rate_bps : float
        What the transmitter can do [bit/s].

    Returns
    -------
    (...) float array
        Rate of the best mode whose threshold is met, 0 below all of them [bit/s].

    Notes
    -----
    ``Es/N0 = EIRP + G/T - L_fs - L - 10 log10(k R_s)``. Adaptive coding follows the range without
    delay.

    References
    ----------
    .. [1] ETSI EN 302 307-1 V1.4.1 (2014), table 13.
    """
    energy_db = (
        eirp_dbw
        + g_over_t_db_k
        - free_space_loss_db(range_m, frequency_hz)
        - implementation_loss_db
        - 10.0 * math.log10(BOLTZMANN_J_K * symbol_rate_hz)
    )
    thresholds, efficiencies = _ladder()
    step = np.searchsorted(thresholds, energy_db, side="right")
    rate: Floats = np.minimum(efficiencies[step] * symbol_rate_hz, max_rate_bps)
    return rate


def _ladder() -> tuple[Floats, Floats]:
    """Thresholds in order, and the best efficiency below the first and after each of them."""
    ordered = sorted((threshold, efficiency) for _, threshold, efficiency in DVB_S2_MODCODS)
    thresholds = np.array([threshold for threshold, _ in ordered])
    best = np.maximum.accumulate(np.array([0.0, *(efficiency for _, efficiency in ordered)]))
    return thresholds, best

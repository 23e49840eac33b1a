"""Rates of radio downlinks on the DVB-S2 ladder."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import BOLTZMANN_J_K
from perigrid.physics.links import free_space_loss_db

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


def radio_rate_bps(
    range_m: Floats,
    *,
    frequency_hz: float,
    eirp_dbw: float,
    symbol_rate_hz: float,
    g_over_t_db_k: float,
    implementation_loss_db: float,
    max_rate_bps: float,
    attenuation_db: Floats | float = 0.0,
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
        Modem, pointing and all other constant losses, positive [dB].
    max_rate_bps : float
        What the transmitter can do [bit/s].
    attenuation_db : float or (...) float array
        Of the air along each path, as from :func:`perigrid.physics.attenuation.slant_loss_db`
        [dB].

    Returns
    -------
    (...) float array
        Rate of the best mode whose threshold is met, 0 below all of them [bit/s].

    Notes
    -----
    ``Es/N0 = EIRP + G/T - L_fs - L - A - 10 log10(k R_s)``. The noise that rain itself adds to the
    receiver is not part of it. Adaptive coding follows the range without
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
        - attenuation_db
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

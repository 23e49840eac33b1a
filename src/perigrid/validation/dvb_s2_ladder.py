"""The DVB-S2 ladder, mode by mode, against its standard."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from perigrid.base.constants import BOLTZMANN_J_K, SPEED_OF_LIGHT_M_S
from perigrid.physics.links_radio import DVB_S2_MODCODS, radio_rate_bps
from perigrid.validation.case import Case, compare

_SOURCE: Final = "ETSI EN 302 307-1, tables 5a and 13"
_SYMBOL_RATE_HZ: Final = 1.0e8
_FREQUENCY_HZ: Final = 8.2e9
_FRAME_BITS: Final = 64_800
_HEADER_SYMBOLS: Final = 90
_BASE_HEADER_BITS: Final = 80

_BITS_PER_SYMBOL: Final = {"QPSK": 2, "8PSK": 3, "16APSK": 4, "32APSK": 5}
_UNCODED_BITS: Final = {
    "1/4": 16_008, "1/3": 21_408, "2/5": 25_728, "1/2": 32_208, "3/5": 38_688, "2/3": 43_040,
    "3/4": 48_408, "4/5": 51_648, "5/6": 53_840, "8/9": 57_472, "9/10": 58_192,
}  # fmt: skip

# The standard's ideal Es/N0 [dB] of the modes that its ladder steps on, from the lowest: a mode is
# left out where another carries more at no higher Es/N0.
_STEPS: Final[tuple[tuple[str, float], ...]] = (
    ("QPSK 1/4", -2.35),
    ("QPSK 1/2", 1.00),
    ("QPSK 3/4", 4.03),
    ("8PSK 3/5", 5.50),
    ("8PSK 3/4", 7.91),
    ("16APSK 2/3", 8.97),
    ("16APSK 3/4", 10.21),
    ("16APSK 5/6", 11.61),
    ("32APSK 3/4", 12.73),
    ("32APSK 4/5", 13.64),
    ("32APSK 5/6", 14.28),
    ("32APSK 8/9", 15.69),
    ("32APSK 9/10", 16.05),
)


def dvb_s2_ladder() -> list[Case]:
    """Compare thresholds that the downlink steps at, and efficiencies, with the standard.

    Returns
    -------
    list of Case
        A threshold for each of thirteen modes, found by weakening the signal of a whole link, then
        the worst efficiency of each modulation, which follow from the frame.
    """
    return [
        *(_threshold(name, published_db) for name, published_db in _STEPS),
        *(_efficiency(modulation) for modulation in _BITS_PER_SYMBOL),
    ]


def _frame_efficiency(name: str) -> float:
    """Bits of the data field per symbol of a normal frame without pilots."""
    modulation, code = name.split()
    symbols = _FRAME_BITS / _BITS_PER_SYMBOL[modulation] + _HEADER_SYMBOLS
    return (_UNCODED_BITS[code] - _BASE_HEADER_BITS) / symbols


def _threshold(name: str, published_db: float) -> Case:
    """Lowest Es/N0, in steps of 0.01 dB, at which the link carries the mode's rate."""
    energy_db = np.arange(-500, 2000, dtype=np.float64) * 0.01
    # A link of 1,000 km at 0 dB/K whose Es/N0 is 0 dB without attenuation.
    loss_db = 20.0 * math.log10(4.0 * math.pi * _FREQUENCY_HZ / SPEED_OF_LIGHT_M_S * 1.0e6)
    rates = radio_rate_bps(
        np.full(len(energy_db), 1.0e6),
        frequency_hz=_FREQUENCY_HZ,
        eirp_dbw=loss_db + 10.0 * math.log10(BOLTZMANN_J_K * _SYMBOL_RATE_HZ),
        symbol_rate_hz=_SYMBOL_RATE_HZ,
        g_over_t_db_k=0.0,
        implementation_loss_db=0.0,
        max_rate_bps=1.0e9,
        attenuation_db=-energy_db - 1.0e-9,
    )
    enough = rates >= (_frame_efficiency(name) - 1.0e-6) * _SYMBOL_RATE_HZ
    return compare(
        f"DVB-S2 {name}, ideal Es/N0",
        published_db,
        float(energy_db[int(np.argmax(enough))]),
        tolerance=0.005,
        source=_SOURCE,
        unit="dB",
        note="tolerance: half the last printed digit",
    )


def _efficiency(modulation: str) -> Case:
    """Judge the mode of a modulation whose efficiency differs most from what its frame carries."""
    worst = max(
        (row for row in DVB_S2_MODCODS if row[0].split()[0] == modulation),
        key=lambda row: abs(row[2] - _frame_efficiency(row[0])),
    )
    return compare(
        f"DVB-S2 efficiency, worst of {modulation} ({worst[0]})",
        _frame_efficiency(worst[0]),
        worst[2],
        tolerance=5.0e-7,
        source=f"{_SOURCE}: (k_bch - 80) / (64,800 / bits per symbol + 90)",
        unit="bit/symbol",
        note="tolerance: half the last printed digit",
    )

import math

import numpy as np
import pytest

from perigrid.physics.links import free_space_loss_db
from perigrid.physics.links_radio import DVB_S2_MODCODS, radio_rate_bps

RADIO = {
    "frequency_hz": 8.2e9,
    "eirp_dbw": 20.0,
    "symbol_rate_hz": 100e6,
    "g_over_t_db_k": 31.0,
    "implementation_loss_db": 3.0,
    "max_rate_bps": 1e9,
}


def energy_db(range_m):
    noise = -228.6 + 10 * math.log10(100e6)
    return 20.0 + 31.0 - free_space_loss_db(np.array([range_m]), 8.2e9)[0] - 3.0 - noise


def test_radio_rate_is_the_best_mode_that_closes():
    for range_m in (600e3, 1200e3, 2000e3, 3000e3):
        available = energy_db(range_m)
        best = max((e for _, need, e in DVB_S2_MODCODS if need <= available), default=0.0)
        assert best > 0.0
        assert radio_rate_bps(np.array([range_m]), **RADIO)[0] == pytest.approx(best * 100e6)


def test_radio_rate_falls_with_distance_to_zero():
    rate = radio_rate_bps(np.geomspace(1e5, 1e9, 400), **RADIO)
    assert np.all(np.diff(rate) <= 0.0)
    assert rate[0] == pytest.approx(4.453027e8)
    assert rate[-1] == 0.0


def test_radio_rate_is_capped():
    assert radio_rate_bps(np.array([1e5]), **{**RADIO, "max_rate_bps": 1e8})[0] == 1e8


def test_every_mode_stays_below_shannon():
    for name, need_db, efficiency in DVB_S2_MODCODS:
        bound = math.log2(1.0 + 10.0 ** (need_db / 10.0))
        assert 0.6 * bound < efficiency < bound, name


def test_efficiencies_follow_from_the_frame():
    # Normal frame: 64800 coded bits, a header of 90 symbols, and Kbch - 80 bits of data field.
    bits_per_symbol = {"QPSK": 2, "8PSK": 3, "16APSK": 4, "32APSK": 5}
    uncoded = {
        "1/4": 16008, "1/3": 21408, "2/5": 25728, "1/2": 32208, "3/5": 38688, "2/3": 43040,
        "3/4": 48408, "4/5": 51648, "5/6": 53840, "8/9": 57472, "9/10": 58192,
    }  # fmt: skip
    for name, _, efficiency in DVB_S2_MODCODS:
        modulation, code = name.split()
        symbols = 64800 / bits_per_symbol[modulation] + 90
        assert efficiency == pytest.approx((uncoded[code] - 80) / symbols, abs=1e-6), name

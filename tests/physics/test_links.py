import math

import numpy as np
import pytest

from perigrid.physics.links import (
    DVB_S2_MODCODS,
    confocal_length_m,
    dwdm_received_w,
    free_space_loss_db,
    light_time_s,
    optical_rate_bps,
    optical_received_w,
    radio_rate_bps,
    telescope_gain,
)

LASER = {
    "transmit_w": 2.0,
    "aperture_m": 0.1,
    "wavelength_m": 1.55e-6,
    "efficiency": 0.8,
    "pointing_loss_db": 3.0,
}
RADIO = {
    "frequency_hz": 8.2e9,
    "eirp_dbw": 20.0,
    "symbol_rate_hz": 100e6,
    "g_over_t_db_k": 31.0,
    "implementation_loss_db": 3.0,
    "max_rate_bps": 1e9,
}


def test_light_time():
    assert light_time_s(np.array([299_792_458.0]))[0] == 1.0


def test_received_power_falls_with_distance_squared():
    near, far = optical_received_w(np.array([1e6, 2e6]), **LASER)
    assert near / far == pytest.approx(4.0)


def test_received_power_never_exceeds_what_was_sent():
    received = optical_received_w(np.array([0.0, 1.0, 1e3]), **LASER)
    assert np.all(received <= 2.0 * 0.8**2 * 0.5012)


def test_aperture_to_the_fourth():
    wide = optical_received_w(np.array([3e6]), **{**LASER, "aperture_m": 0.2})
    assert wide / optical_received_w(np.array([3e6]), **LASER) == pytest.approx(16.0)


def test_optical_rate_by_photons():
    settings = {"photons_per_bit": 100.0, "max_rate_bps": 1e15, "max_range_m": 1e7}
    ranges = np.array([2e6, 2e7])
    rate = optical_rate_bps(ranges, **LASER, **settings)
    photon_j = 6.62607015e-34 * 299792458.0 / 1.55e-6
    assert rate[0] == pytest.approx(optical_received_w(ranges, **LASER)[0] / (100 * photon_j))
    assert rate[1] == 0.0
    capped = optical_rate_bps(ranges, **LASER, **{**settings, "max_rate_bps": 1e8})
    assert capped[0] == 1e8


def test_gain_confocal_and_dwdm():
    assert telescope_gain(1.0, math.pi, 0.5) == pytest.approx(0.5)
    assert confocal_length_m(1.0, math.pi) == pytest.approx(1.0)
    assert dwdm_received_w(2, 0.0) == pytest.approx(2e-3)


def test_free_space_loss_known_value():
    # The engineer's form: 92.45 + 20 log10(GHz) + 20 log10(km).
    loss = free_space_loss_db(np.array([1500e3]), 8.2e9)[0]
    assert loss == pytest.approx(92.45 + 20 * math.log10(8.2) + 20 * math.log10(1500.0), abs=0.01)


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

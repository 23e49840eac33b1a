import math

import numpy as np
import pytest

from perigrid.physics.links_optical import (
    confocal_length_m,
    dwdm_rate_bps,
    dwdm_received_w,
    optical_rate_bps,
    optical_received_w,
    telescope_gain,
)

LASER = {
    "transmit_w": 2.0,
    "aperture_m": 0.1,
    "wavelength_m": 1.55e-6,
    "efficiency": 0.8,
    "pointing_loss_db": 3.0,
}


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


BUNDLE = {
    "channels": 24,
    "channel_rate_bps": 400e9,
    "channel_sensitivity_dbm": -20.0,
    "max_range_m": 5e6,
}


def test_a_bundle_lights_as_many_channels_as_it_can_feed():
    ranges = np.geomspace(1e4, 6e6, 500)
    rate = dwdm_rate_bps(ranges, **LASER, **BUNDLE)
    received = optical_received_w(ranges, **LASER)
    channels = rate / 400e9
    assert rate[0] == 9.6e12
    assert np.all(channels == np.round(channels))
    lit = (channels > 0) & (ranges <= 5e6)
    # -20 dBm are 10 uW: every lit channel has them, and no further one could.
    assert np.all(received[lit] / channels[lit] >= 1e-5 * (1.0 - 1e-11))
    fewer = (channels < 24) & (ranges <= 5e6)
    assert np.all(received[fewer] / (channels[fewer] + 1) < 1e-5)
    assert np.count_nonzero(fewer & lit) > 0
    assert np.all(rate[ranges > 5e6] == 0.0)

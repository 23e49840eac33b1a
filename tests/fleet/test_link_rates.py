from __future__ import annotations

from dataclasses import replace

import numpy as np

from missions import LASER, RADIO
from perigrid.fleet.link_rates import downlink_rate_bps, laser_rate_bps


def test_a_laser_never_gains_by_distance_and_stops_at_its_range():
    rate = laser_rate_bps(LASER, np.linspace(1.0e5, 5.0e6, 200))
    assert (np.diff(rate) <= 0.0).all()
    assert rate[0] == LASER.max_rate_bps
    assert rate[-1] == 0.0


def test_a_better_station_never_lowers_the_downlink():
    range_m = np.linspace(5.0e5, 3.0e6, 50)
    poor, good = (downlink_rate_bps(RADIO, g, range_m) for g in (10.0, 30.0))
    assert (good >= poor).all()
    assert (good > poor).any()
    assert good.max() <= RADIO.max_rate_bps


def test_wavelength_channels_take_the_place_of_one_carrier():
    bundle = replace(LASER, channels=4, channel_rate_bps=400e9, channel_sensitivity_dbm=-40.0)
    rate = laser_rate_bps(bundle, np.array([1.0e4, 3.9e6, 4.1e6]))
    assert rate[0] == 1.6e12 > LASER.max_rate_bps
    assert rate[1] in {400e9 * lit for lit in range(5)}
    assert rate[2] == 0.0


def test_attenuation_is_a_loss_like_any_other():
    range_m = np.linspace(5.0e5, 3.0e6, 50)
    wet = downlink_rate_bps(RADIO, 30.0, range_m, np.full(50, 4.0))
    lossy = replace(RADIO, implementation_loss_db=RADIO.implementation_loss_db + 4.0)
    np.testing.assert_array_equal(wet, downlink_rate_bps(lossy, 30.0, range_m))

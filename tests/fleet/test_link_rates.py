from __future__ import annotations

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

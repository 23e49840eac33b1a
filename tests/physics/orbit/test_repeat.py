import math

import pytest

from perigrid.physics.orbit.repeat import repeat_altitude_m, sun_synchronous_repeat
from perigrid.physics.orbit.secular import nodal_period_s, node_rate_rad_s


@pytest.mark.parametrize(("days", "revolutions", "inclination_deg"), [(16, 233, 98.2), (1, 15, 53)])
def test_the_track_closes(days, revolutions, inclination_deg):
    inclination = math.radians(inclination_deg)
    axis = 6378137.0 + repeat_altitude_m(days, revolutions, inclination)
    cycle_s = revolutions * nodal_period_s(axis, 0.0, inclination)
    turned = (7.292115e-5 - node_rate_rad_s(axis, 0.0, inclination)) * cycle_s
    assert turned == pytest.approx(days * math.tau, abs=1e-9)


def test_sun_synchronous_track_closes_after_whole_days():
    altitude, inclination = sun_synchronous_repeat(10, 143)
    period = nodal_period_s(6378137.0 + altitude, 0.0, inclination)
    assert 143 * period == pytest.approx(864000.0, abs=1e-3)
    # The two designs differ by the length of the year used for the Sun: metres.
    assert repeat_altitude_m(10, 143, inclination) == pytest.approx(altitude, abs=2.0)


def test_too_many_revolutions_lie_inside_the_earth():
    with pytest.raises(ValueError, match="inside the Earth"):
        repeat_altitude_m(1, 17, 1.0)

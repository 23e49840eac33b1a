import math

import numpy as np
import pytest

from perigrid.base.earth_orientation import EarthOrientation
from perigrid.base.time import Epoch
from perigrid.physics.earth_orientation import orientation_at, polar_motion

START = Epoch.from_iso("2016-12-31T00:00:00Z")  # MJD 57753; a leap second ends this day
SLOPE_S = -0.001


def table(ut1=(-0.406, -0.407, -0.408, 0.591, 0.590)):
    days = tuple(57751.0 + k for k in range(len(ut1)))
    pole = tuple(1e-7 * k for k in range(len(ut1)))
    return EarthOrientation(days, ut1, pole, tuple(-2.0 * x for x in pole))


def test_values_of_the_days_and_between_them():
    found = orientation_at(table(), START, np.array([-86400.0, -43200.0, 0.0]))
    np.testing.assert_allclose(found.ut1_minus_utc_s, [-0.407, -0.4075, -0.408], atol=1e-12)
    np.testing.assert_allclose(found.x_pole_rad, [1e-7, 1.5e-7, 2e-7], atol=1e-18)
    np.testing.assert_allclose(found.y_pole_rad, [-2e-7, -3e-7, -4e-7], atol=1e-18)


def test_a_leap_second_is_a_step_and_no_slope():
    found = orientation_at(table(), START, np.array([86399.0, 86400.0, 86400.0 + 43200.0]))
    before, at, after = found.ut1_minus_utc_s
    assert before == pytest.approx(-0.409 - SLOPE_S / 86400.0, abs=1e-12)
    assert at == pytest.approx(0.591, abs=1e-12)
    assert after == pytest.approx(0.5905, abs=1e-12)


@pytest.mark.parametrize("t_s", [-3 * 86400.0, 2.5 * 86400.0, math.nan])
def test_times_outside_the_table_are_refused(t_s):
    with pytest.raises(ValueError, match="covers MJD 57751 to 57755"):
        orientation_at(table(), START, np.array([t_s]))


def test_no_times_give_nothing():
    assert orientation_at(table(), START, np.empty(0)).x_pole_rad.shape == (0,)


def test_polar_motion_is_the_product_of_two_turns():
    rng = np.random.default_rng(4)
    vector = rng.normal(size=(3, 4, 6))
    x, y = rng.uniform(-0.3, 0.3, (2, 6))  # far larger than the Earth's, to tell the order of turns
    turned = vector.copy()
    polar_motion(turned, x, y)
    for k in range(6):
        cos_x, sin_x, cos_y, sin_y = math.cos(x[k]), math.sin(x[k]), math.cos(y[k]), math.sin(y[k])
        second = np.array([[cos_x, 0, sin_x], [0, 1, 0], [-sin_x, 0, cos_x]])
        first = np.array([[1, 0, 0], [0, cos_y, -sin_y], [0, sin_y, cos_y]])
        np.testing.assert_allclose(turned[:, :, k], first @ second @ vector[:, :, k], atol=1e-15)


def test_polar_motion_writes_in_place_or_not_at_all():
    with pytest.raises(ValueError, match="C-contiguous"):
        polar_motion(np.zeros((3, 4, 6))[:, ::2], np.zeros(6), np.zeros(6))

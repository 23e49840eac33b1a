import math

import numpy as np
import pytest
from sgp4.model import WGS72, Satrec

from perigrid.physics.orbit.kozai import brouwer_axis_m, kozai_mean_motion_rad_s


@pytest.mark.parametrize(("e", "inclination_deg"), [(0.0, 97.6), (0.01, 53.0), (0.7, 28.5)])
def test_axis_is_the_one_that_sgp4_recovers(e, inclination_deg):
    motion = 1.1e-3 if e < 0.5 else 1.6e-4
    record = Satrec()  # the pure-Python record shows its secular coefficients
    inclination = math.radians(inclination_deg)
    record.sgp4init(
        WGS72, "i", 0, 28000.0, 0.0, 0.0, 0.0, e, 0.0, inclination, 0.0, motion * 60.0, 0.0
    )
    wanted = (3.986008e14 / (record.no_unkozai / 60.0) ** 2) ** (1.0 / 3.0)
    found = brouwer_axis_m(np.array([motion]), np.array([e]), np.array([inclination]))
    assert found[0] == pytest.approx(wanted, abs=1e-3)


def test_round_trip():
    motion = kozai_mean_motion_rad_s(650e3, 1.7)
    assert float(brouwer_axis_m(np.asarray(motion), np.asarray(0.0), np.asarray(1.7))) == (
        pytest.approx(6378137.0 + 650e3, abs=1e-3)
    )

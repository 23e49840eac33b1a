import numpy as np

from perigrid.base.elements import ElementArrays
from perigrid.base.time import Epoch

EPOCH = Epoch.from_iso("2026-08-22T06:00:00Z")


def test_one_row_of_the_columns():
    column = np.array([1.0, 2.0])
    arrays = ElementArrays(
        "s",
        EPOCH,
        column,
        column / 10,
        column + 1,
        column + 2,
        column + 3,
        column + 4,
        column / 100,
    )
    assert len(arrays) == 2
    one = arrays.one(1)
    assert one.name == "s-0001"
    assert one.epoch == EPOCH
    assert (one.mean_motion_rad_s, one.eccentricity, one.bstar) == (2.0, 0.2, 0.02)
    assert (one.inclination_rad, one.raan_rad) == (3.0, 4.0)
    assert (one.argument_of_perigee_rad, one.mean_anomaly_rad) == (5.0, 6.0)

"""Secular coefficients against the ones python-sgp4's own Python model shows."""

import numpy as np
import pytest

from perigrid.physics.orbit.sgp4 import constants as of
from perigrid.physics.orbit.sgp4.initialise import is_deep, recover_orbits, secular_table
from tests.physics.orbit.sgp4.sets import model_record, random_sets

NAMES = {
    of.MEAN_ANOMALY_RATE: "mdot",
    of.PERIGEE_RATE: "argpdot",
    of.NODE_RATE: "nodedot",
    of.NODE_DRAG: "nodecf",
    of.AXIS_1: "cc1",
    of.AXIS_2: "d2",
    of.AXIS_3: "d3",
    of.AXIS_4: "d4",
    of.MEAN_MOTION_0: "no_unkozai",
    of.LONG_PERIOD_Y: "aycof",
    of.LONG_PERIOD_L: "xlcof",
}


def orbits_of(sets):
    names = (
        *("mean_motion_rad_s", "eccentricity", "inclination_rad", "raan_rad"),
        *("argument_of_perigee_rad", "mean_anomaly_rad", "bstar"),
    )
    return recover_orbits(**{name: getattr(sets, name) for name in names})


@pytest.mark.parametrize("perigee_km", [(60.0, 300.0), (300.0, 1500.0)])
def test_every_coefficient(perigee_km):
    sets = random_sets(80, 1, perigee_km=perigee_km, eccentricity=(0.0, 0.3))
    table = secular_table(orbits_of(sets))
    for row in range(len(sets)):
        theirs = model_record(sets, row)
        for column, name in NAMES.items():
            assert table[row, column] == pytest.approx(getattr(theirs, name), rel=1e-11, abs=1e-40)


def test_low_perigees_keep_linear_drag_only():
    # The bound counts the recovered axis, up to 12 km off the one drawn here.
    low = random_sets(50, 2, perigee_km=(120.0, 205.0), eccentricity=(0.0, 0.1))
    high = random_sets(50, 2, perigee_km=(235.0, 400.0), eccentricity=(0.01, 0.1))
    columns = [of.AXIS_2, of.LONGITUDE_3, of.PERIGEE_CUBE, of.ECCENTRICITY_SINE]
    assert not secular_table(orbits_of(low))[:, columns].any()
    assert secular_table(orbits_of(high))[:, columns].all()


def test_deep_space_begins_at_225_minutes():
    sets = random_sets(2, 3, perigee_km=(500.0, 600.0), eccentricity=(0.0, 0.1))
    sets.mean_motion_rad_s[:] = 2.0 * np.pi / (np.array([224.0, 226.0]) * 60.0)
    assert is_deep(orbits_of(sets)).tolist() == [False, True]

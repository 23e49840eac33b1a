"""Heat on a fleet's radiators, by given means or by attitude."""

from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, START
from perigrid.fleet.ephemeris import group_ephemeris
from perigrid.fleet.radiator_heat import fleet_environment_w
from perigrid.physics.eclipse import illumination


@pytest.fixture(scope="module")
def seen():
    track = group_ephemeris(COMPUTE, START, np.arange(0.0, 6000.0, 60.0))
    lit = illumination(track.position_teme_m, track.sun_m)
    return track.position_teme_m, track.velocity_teme_m_s, track.sun_m, lit


def with_thermal(**changes):
    return replace(COMPUTE, thermal=replace(COMPUTE.thermal, **changes))


def test_in_the_dark_only_the_warm_earth_is_left(seen):
    thermal = COMPUTE.thermal
    found = fleet_environment_w(COMPUTE, *seen)
    dark = seen[3] == 0.0
    assert dark.any()
    earth_w = thermal.radiator_area_m2 * thermal.emissivity * thermal.earth_view_factor * 237.0
    assert found[dark].min() == pytest.approx(earth_w)


def test_a_coating_that_darkens_takes_up_more_sunlight(seen):
    new, old = (
        fleet_environment_w(with_thermal(absorptivity_per_year=0.02, age_years=years), *seen)
        for years in (0.0, 5.0)
    )
    lit = seen[3] == 1.0
    assert (old[lit] > new[lit]).all()


def test_an_attitude_replaces_the_given_means(seen):
    by_attitude = fleet_environment_w(with_thermal(attitude="sun-edge-on"), *seen)
    other_means = with_thermal(attitude="sun-edge-on", sun_incidence=0.9, earth_view_factor=0.9)
    np.testing.assert_array_equal(by_attitude, fleet_environment_w(other_means, *seen))
    assert not np.array_equal(by_attitude, fleet_environment_w(COMPUTE, *seen))

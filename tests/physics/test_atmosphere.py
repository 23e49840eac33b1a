import math

import numpy as np
import pytest

from perigrid.physics import air_tables
from perigrid.physics.atmosphere import (
    FluxAir,
    SolarActivity,
    air_at_flux,
    air_from_nodes,
    exponential_air,
)

ALTITUDES_M = np.arange(100e3, 1200e3, 7e3)


def test_textbook_density_at_the_edges_and_within_a_layer():
    air = exponential_air()
    assert air.density_kg_m3(np.array(400e3)) == 3.725e-12
    middle = 3.725e-12 * math.exp(-30.0 / 58.515)
    assert air.density_kg_m3(np.array(430e3)) == pytest.approx(middle)


@pytest.mark.parametrize("activity", SolarActivity)
def test_density_falls_with_height(activity):
    air = exponential_air(activity)
    # The textbook's layers join to within 0.3 %, less than density falls within a kilometre.
    assert (np.diff(air.density_kg_m3(ALTITUDES_M)) < 0.0).all()
    assert (air.longest_step_s(np.array([0.0, 1e9])) == math.inf).all()


def test_levels_are_in_order_in_orbit():
    quiet, mean, active = (
        exponential_air(level).density_kg_m3(np.arange(200e3, 1000e3, 50e3))
        for level in SolarActivity
    )
    assert (quiet < mean).all()
    assert (mean < active).all()


def test_density_is_defined_below_and_above_the_table():
    air = exponential_air()
    assert air.density_kg_m3(np.array([-100.0])) > 1.225
    assert 0.0 < air.density_kg_m3(np.array([2000e3])) < 3.019e-15


def test_profile_goes_through_its_nodes():
    air = air_from_nodes(np.array([0.0, 10.0, 20.0]), np.array([3.0, 2.0, 1.0]))
    np.testing.assert_allclose(air.density_kg_m3(np.array([0.0, 10.0, 20.0])), [3.0, 2.0, 1.0])
    assert air.density_kg_m3(np.array(5.0)) == pytest.approx(math.sqrt(6.0))
    assert air.density_kg_m3(np.array(30.0)) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("flux", "activity"),
    [
        (air_tables.QUIET_FLUX_SFU, SolarActivity.MINIMUM),
        (air_tables.TEXTBOOK_FLUX_SFU, SolarActivity.MEAN),
        (air_tables.ACTIVE_FLUX_SFU, SolarActivity.MAXIMUM),
    ],
)
def test_levels_are_points_of_the_flux(flux, activity):
    heights = np.array([200e3, 400e3, 600e3, 1000e3])
    level = exponential_air(activity).density_kg_m3(heights)
    np.testing.assert_allclose(air_at_flux(flux).density_kg_m3(heights), level, rtol=1e-9)


def test_flux_through_the_years():
    air = FluxAir(np.array([0.0, 100.0]), np.array([70.0, 200.0]))
    heights = np.array([500e3, 500e3, 500e3])
    density = air.density_kg_m3(heights, np.array([-5.0, 50.0, 500.0]))
    assert density[0] == pytest.approx(9.208e-14)
    assert density[2] == pytest.approx(1.848e-12)
    # Flux 135, all but the mean level.
    assert density[1] == pytest.approx(6.967e-13, rel=0.05)
    assert air.longest_step_s(np.array([-5.0, 50.0, 100.0])).tolist() == [2592e3, 2592e3, math.inf]


def test_the_logarithm_goes_on_where_the_density_is_rounded_to_nothing():
    air = exponential_air()
    low, beyond = np.array([90e3, 400e3, 900e3]), np.array([3.8e8])
    np.testing.assert_allclose(np.exp(air.log_density(low)), air.density_kg_m3(low), rtol=1e-12)
    assert air.density_kg_m3(beyond) == 0.0
    assert np.isfinite(air.log_density(beyond))

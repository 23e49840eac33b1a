import math

import numpy as np
import pytest

from perigrid.physics.chunks import limited_threads
from perigrid.physics.radiation.belts import INVERSE_L, REACH
from perigrid.physics.radiation.flux_grid import (
    DRIFT_RAD_PER_YEAR,
    BeltCoordinates,
    belt_coordinates,
    integral_flux_m2_s,
    interpolate,
)

ALTITUDE_M = 550.0e3


def world(step_deg=2.0, altitude_m=ALTITUDE_M):
    lat, lon = np.meshgrid(
        np.radians(np.arange(-88.0, 89.0, step_deg)),
        np.radians(np.arange(-180.0, 180.0, step_deg)),
        indexing="ij",
    )
    return lat, lon, np.full(lat.shape, altitude_m)


def protons(lat, lon, altitude, **kept):
    energies, flux = integral_flux_m2_s("p", "min", lat, lon, altitude, **kept)
    return flux[list(energies).index(10.0)]


def test_protons_in_low_orbit_stand_over_the_south_atlantic():
    lat, lon, altitude = world()
    flux = protons(lat, lon, altitude)
    peak = np.unravel_index(flux.argmax(), flux.shape)
    assert math.degrees(lat[peak]) == pytest.approx(-30.0, abs=6.0)
    assert math.degrees(lon[peak]) == pytest.approx(-38.0, abs=8.0)
    # Nothing over the north Pacific and Asia.
    assert flux[(lat > 0.3) & (np.abs(lon) > 1.5)].max() == 0.0


def test_the_anomaly_drifts_west():
    lat, lon, altitude = world()
    then = protons(lat, lon, altitude)
    # 20 degrees in 66.7 years: the grid of two-degree steps falls on itself.
    later = protons(lat, lon, altitude, year=1960.0 + math.radians(20.0) / DRIFT_RAD_PER_YEAR)
    np.testing.assert_allclose(later, np.roll(then, -10, axis=1), rtol=1e-6, atol=1e-3)


def test_flux_rises_with_height_above_the_anomaly():
    altitude = np.linspace(300.0e3, 1500.0e3, 25)
    flux = protons(np.full(25, math.radians(-30.0)), np.full(25, math.radians(-38.0)), altitude)
    assert (np.diff(flux) > 0.0).all()


def test_geostationary_orbit_has_electrons_and_no_fast_protons():
    lon = np.linspace(-math.pi, math.pi, 30)
    at = (np.zeros(30), lon, np.full(30, 35_786.0e3))
    energies, electrons = integral_flux_m2_s("e", "max", *at)
    assert electrons[list(energies).index(1.0)].min() > 1.0e8
    assert protons(*at).max() == 0.0


def test_longitude_wraps():
    lat, altitude = np.array([-0.5]), np.array([ALTITUDE_M])
    for lon in (math.pi - 1e-9, -0.7):
        here = protons(lat, np.array([lon]), altitude)
        np.testing.assert_allclose(
            here, protons(lat, np.array([lon + 2.0 * math.pi]), altitude), rtol=1e-9
        )
    left, right = (
        belt_coordinates(np.array([0.9]), np.array([lon]), altitude)
        for lon in (math.pi - 1e-9, -math.pi + 1e-9)
    )
    np.testing.assert_allclose(left.shell, right.shell, rtol=1e-6)


def test_no_seam_over_the_poles():
    lat = np.radians([89.9999, 89.9999])
    both = belt_coordinates(lat, np.array([0.4, 0.4 + math.pi]), np.full(2, 1.0e6))
    assert both.shell[0] == pytest.approx(both.shell[1], abs=0.05)  # of a step


def test_interpolation_meets_nodes_and_logarithms_between_them():
    rng = np.random.default_rng(1)
    tables = rng.uniform(1.0, 100.0, (2, len(INVERSE_L), len(REACH)))
    shell, reach = np.array([3.0, 3.5, 7.25]), np.array([4.0, 4.0, 8.0])
    found = interpolate(tables, BeltCoordinates(shell, reach, "min"))
    np.testing.assert_allclose(found[:, 0], tables[:, 3, 4])
    np.testing.assert_allclose(found[:, 1], np.sqrt(tables[:, 3, 4] * tables[:, 4, 4]))
    np.testing.assert_allclose(found[:, 2], tables[:, 7, 8] ** 0.75 * tables[:, 8, 8] ** 0.25)


def test_at_the_edge_of_a_belt_flux_falls_straight_to_nothing():
    tables = np.zeros((1, len(INVERSE_L), len(REACH)))
    tables[0, :11] = 8.0
    at = np.array([10.0, 10.25, 11.0, 50.0])
    found = interpolate(tables, BeltCoordinates(at, np.full(4, 2.5), "min"))[0]
    np.testing.assert_allclose(found, [8.0, 6.0, 0.0, 0.0])


def test_outside_the_tables_there_is_nothing_and_nan_stays_nan():
    tables = np.ones((1, len(INVERSE_L), len(REACH)))
    at = np.array([-0.1, 1.0, len(INVERSE_L), np.nan])
    found = interpolate(tables, BeltCoordinates(at, np.zeros(4), "min"))[0]
    np.testing.assert_array_equal(found, [0.0, 1.0, 0.0, np.nan])
    assert np.isnan(protons(np.array([np.nan]), np.zeros(1), np.full(1, ALTITUDE_M))).all()


@pytest.mark.parametrize("threads", [2, 5])
def test_the_number_of_threads_changes_no_byte(threads):
    lat, lon, altitude = world(1.5)
    assert lat.size > 3 * 4096

    def flux(count):
        with limited_threads(count):
            return integral_flux_m2_s("e", "max", lat, lon, altitude)[1]

    assert flux(1).tobytes() == flux(threads).tobytes()


def test_shapes_must_agree():
    with pytest.raises(ValueError, match="same shape"):
        belt_coordinates(np.zeros(2), np.zeros(3), np.zeros(2))

"""Fleets too large to keep."""

from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, SCENARIO, START
from perigrid.base.elements import ElementArrays
from perigrid.fleet.build import build_fleet, elements_of
from perigrid.fleet.outlook import build_outlook
from perigrid.fleet.stream import stream_outlook
from perigrid.physics.chunks import limited_threads
from perigrid.physics.heat_series import two_node_series
from perigrid.physics.orbit.design import walker_arrays
from perigrid.physics.orbit.sgp4.model import Sgp4Set

TIMES = np.arange(0.0, 7201.0, 60.0)


@pytest.fixture(scope="module")
def streamed():
    satellites = Sgp4Set.from_elements(elements_of(COMPUTE, START))
    return stream_outlook(satellites, COMPUTE, START, TIMES, 165.0)


def test_sums_are_those_of_the_kept_outlook(streamed):
    scenario = replace(SCENARIO, start=START, duration_s=7200.0, step_s=60.0)
    outlook = build_outlook(scenario, build_fleet(scenario))
    np.testing.assert_allclose(streamed.sunlit_share, outlook.illumination.mean(axis=1))
    np.testing.assert_allclose(streamed.array_w, outlook.array_w.mean(axis=1))
    thermal, outside = COMPUTE.thermal, outlook.environment_w
    _, radiator_k = two_node_series(
        thermal.initial_k,
        thermal.initial_k,
        165.0,
        0.5 * (outside[:, 1:] + outside[:, :-1]) + COMPUTE.bus_load_w,
        60.0,
        computer_heat_capacity_j_k=thermal.computer_heat_capacity_j_k,
        radiator_heat_capacity_j_k=thermal.radiator_heat_capacity_j_k,
        conductance_w_k=thermal.conductance_w_k,
        emissivity=thermal.emissivity,
        area_m2=thermal.radiator_area_m2,
    )
    np.testing.assert_allclose(streamed.hottest_k, radiator_k.max(axis=1))
    np.testing.assert_allclose(streamed.coldest_k, radiator_k.min(axis=1))
    assert not streamed.lost.any()


def test_a_satellite_that_decays_is_lost_alone():
    elements = list(elements_of(COMPUTE, START))
    elements[2] = replace(elements[2], mean_motion_rad_s=2.0 * elements[2].mean_motion_rad_s)
    found = stream_outlook(Sgp4Set.from_elements(elements), COMPUTE, START, TIMES, 165.0)
    assert np.flatnonzero(found.lost).tolist() == [2]
    assert np.isnan([found.radius_m[2], found.array_w[2], found.hottest_k[2]]).all()
    assert np.isfinite(np.delete(found.hottest_k, 2)).all()


def test_bytes_do_not_depend_on_threads():
    columns = walker_arrays(
        planes=7,
        satellites_per_plane=15,
        phasing=1,
        altitude_m=550e3,
        inclination_rad=0.9,
        raan_spread_rad=6.0,
        first_raan_rad=0.0,
        epoch=START,
    )
    assert isinstance(columns, ElementArrays)
    answers = []
    for threads in (1, 2, 5):
        with limited_threads(threads):
            found = stream_outlook(Sgp4Set.from_arrays(columns), COMPUTE, START, TIMES, 165.0)
        answers.append((found.radius_m.tobytes(), found.hottest_k.tobytes()))
    assert answers[0] == answers[1] == answers[2]


def test_one_time_is_no_outlook():
    satellites = Sgp4Set.from_elements(elements_of(COMPUTE, START))
    with pytest.raises(ValueError, match="two times"):
        stream_outlook(satellites, COMPUTE, START, TIMES[:1], 165.0)

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from missions import COMPUTE, RELAY, SCENARIO, START
from perigrid.base.earth_orientation import EarthOrientation
from perigrid.base.elements import MeanElements
from perigrid.base.errors import ElementSetError
from perigrid.fleet.build import elements_of
from perigrid.fleet.ephemeris import (
    GroupOrbits,
    geometry_times_s,
    group_ephemeris,
    position_at_m,
    satellite_ephemeris,
    step_edges_s,
)
from perigrid.physics.orbit.propagate import propagate
from perigrid.scenario.model import ElementSets


@given(st.floats(1.0, 1.0e4), st.floats(5.0, 4000.0))
def test_edges_span_the_run_in_equal_steps(duration_s: float, step_s: float):
    edges = step_edges_s(duration_s, step_s)
    assert edges[0] == 0.0
    assert edges[-1] == pytest.approx(duration_s, abs=2.0e-4)
    steps = np.diff(edges)
    assert (steps > 0.0).all()
    assert steps[:-1] == pytest.approx(np.full(max(0, len(steps) - 1), step_s))


@pytest.mark.parametrize(("step_s", "stride"), [(10.0, 1), (60.0, 1), (90.0, 2), (300.0, 5)])
def test_geometry_grid_holds_the_edges_and_is_fine_enough(step_s: float, stride: int):
    scenario = replace(SCENARIO, duration_s=1234.0, step_s=step_s)
    t_s, found = geometry_times_s(scenario)
    assert found == stride
    assert np.diff(t_s).max() <= 60.0 + 1.0e-9
    np.testing.assert_allclose(t_s[::stride], step_edges_s(1234.0, step_s), atol=1.0e-9)


def test_positions_between_grid_times_match_propagation():
    coarse = group_ephemeris(COMPUTE, START, np.arange(0.0, 6001.0, 60.0))
    asked = np.arange(17.0, 6000.0, 101.0)
    exact = group_ephemeris(COMPUTE, START, asked).position_ecef_m
    for satellite in range(6):
        rows = np.full(len(asked), satellite)
        error = np.linalg.norm(position_at_m(coarse, rows, asked) - exact[:, satellite], axis=0)
        assert error.max() < 1.0


def test_positions_at_both_ends_of_the_grid():
    track = group_ephemeris(COMPUTE, START, np.array([0.0, 60.0, 120.0]))
    at = position_at_m(track, np.array([0, 0]), np.array([0.0, 120.0]))
    np.testing.assert_allclose(at, track.position_ecef_m[:, 0, [0, 2]], atol=1.0e-6)


def test_earth_fixed_velocity_is_the_derivative():
    track = group_ephemeris(COMPUTE, START, np.array([0.0, 1.0, 2.0]))
    slope = 0.5 * (track.position_ecef_m[:, :, 2] - track.position_ecef_m[:, :, 0])
    # SGP4's velocity leaves out small terms of the derivative: some cm/s. Earth's turn is 490 m/s.
    np.testing.assert_allclose(slope, track.velocity_ecef_m_s[:, :, 1], atol=0.05)


def test_a_decayed_satellite_is_named():
    low = MeanElements("FALLEN", 1, START.plus(-40.0 * 86_400.0), 1.19e-3, 0.0, 1, 0, 0, 0, 0.01)
    group = replace(COMPUTE, orbit=ElementSets((low,), "test"))
    with pytest.raises(ElementSetError, match="FALLEN"):
        group_ephemeris(group, START, np.array([0.0, 60.0]))


def test_a_mission_without_computing_satellites_has_no_ephemeris():
    with pytest.raises(ValueError, match="compute"):
        satellite_ephemeris(replace(SCENARIO, groups=(RELAY,)))


def orientation(ut1_minus_utc_s: float, pole_rad: float) -> EarthOrientation:
    days = tuple(START.jd_midnight - 2_400_000.5 + day for day in range(-1, 4))
    still = (pole_rad,) * 5
    return EarthOrientation(days, (ut1_minus_utc_s,) * 5, still, still)


def test_without_ut1_and_pole_nothing_changes():
    times = np.array([0.0, 600.0])
    plain = group_ephemeris(COMPUTE, START, times)
    zero = group_ephemeris(COMPUTE, START, times, orientation(0.0, 0.0))
    np.testing.assert_array_equal(plain.position_ecef_m, zero.position_ecef_m)
    np.testing.assert_array_equal(plain.velocity_ecef_m_s, zero.velocity_ecef_m_s)


def test_ut1_and_pole_turn_the_earth_below_the_satellites():
    times = np.array([0.0, 600.0])
    scenario = replace(SCENARIO, duration_s=600.0, earth_orientation=orientation(0.5, 1.0e-6))
    plain = group_ephemeris(COMPUTE, START, times)
    turned = satellite_ephemeris(scenario)
    np.testing.assert_array_equal(turned.position_teme_m[:, :, 0], plain.position_teme_m[:, :, 0])
    # 0.5 s of the Earth's rotation and a pole 1.4 micro radians away.
    apart = turned.position_ecef_m[:, :, 0] - plain.position_ecef_m[:, :, 0]
    away = np.hypot(*plain.position_ecef_m[:2, :, 0])
    length = np.linalg.norm(apart, axis=0)
    assert np.all(np.abs(length - 0.5 * 7.292115e-5 * away) < 1.5e-6 * 7.1e6)
    assert np.abs(apart[2]).max() > 1.0  # only the pole moves the third axis


def test_a_group_prepared_once_gives_the_states_of_a_fresh_one_in_pieces():
    t_s = np.arange(0.0, 7200.0, 60.0)
    orbits = GroupOrbits.of(RELAY, START)
    whole, rates, _ = propagate(elements_of(RELAY, START), START, t_s)
    for piece in (slice(0, 50), slice(50, 120)):
        position, velocity = orbits.states(t_s[piece])
        assert position.tobytes() == whole[..., piece].tobytes()
        assert velocity.tobytes() == rates[..., piece].tobytes()

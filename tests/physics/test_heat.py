import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from perigrid.base.constants import ASTRONOMICAL_UNIT_M, STEFAN_BOLTZMANN_W_M2_K4
from perigrid.physics.chunks import limited_threads
from perigrid.physics.heat import (
    radiator_environment_w,
    throttle,
    two_node_advance,
    two_node_steady_k,
    two_node_step,
)

NODES = {
    "computer_heat_capacity_j_k": 8e3,
    "radiator_heat_capacity_j_k": 4e4,
    "conductance_w_k": 25.0,
    "emissivity": 0.88,
    "area_m2": 1.6,
}
STEADY = {key: NODES[key] for key in ("conductance_w_k", "emissivity", "area_m2")}


def run(computer_w, radiator_w, dt_s, span_s, start_k=290.0):
    computer = radiator = np.array([start_k])
    radiated = 0.0
    for _ in range(round(span_s / dt_s)):
        done = two_node_step(
            computer, radiator, np.array([computer_w]), np.array([radiator_w]), dt_s, **NODES
        )
        computer, radiator = done.computer_k, done.radiator_k
        radiated += done.radiated_j[0]
    return computer[0], radiator[0], radiated


def test_steady_state_is_reached_and_matches_the_closed_form():
    computer, radiator = two_node_steady_k(np.array([400.0]), np.array([150.0]), **STEADY)
    flux = 550.0 / (0.88 * STEFAN_BOLTZMANN_W_M2_K4 * 1.6)
    assert radiator[0] == pytest.approx(flux**0.25)
    assert computer[0] - radiator[0] == pytest.approx(16.0)
    after = run(400.0, 150.0, 600.0, 400 * 600.0)
    np.testing.assert_allclose(after[:2], [computer[0], radiator[0]], atol=1e-9)


def exact(computer_w, radiator_w, span_s, start_k):
    leak = NODES["emissivity"] * STEFAN_BOLTZMANN_W_M2_K4 * NODES["area_m2"]

    def rate(_, state):
        flow = NODES["conductance_w_k"] * (state[0] - state[1])
        return [
            (computer_w - flow) / NODES["computer_heat_capacity_j_k"],
            (radiator_w + flow - leak * state[1] ** 4) / NODES["radiator_heat_capacity_j_k"],
        ]

    return solve_ivp(rate, (0, span_s), [start_k, start_k], rtol=1e-11, atol=1e-9).y[:, -1]


def test_first_order_convergence_to_an_independent_integrator():
    reference = exact(500.0, 200.0, 1920.0, 270.0)
    errors = []
    for dt in (30.0, 15.0, 7.5):
        computer, radiator, _ = run(500.0, 200.0, dt, 1920.0, 270.0)
        errors.append(max(abs(computer - reference[0]), abs(radiator - reference[1])))
    assert errors[0] < 0.5
    assert errors[0] / errors[1] == pytest.approx(2.0, rel=0.05)
    assert errors[1] / errors[2] == pytest.approx(2.0, rel=0.05)


@given(
    computer_k=st.floats(3.0, 600.0),
    radiator_k=st.floats(3.0, 600.0),
    computer_w=st.floats(0.0, 2e4),
    radiator_w=st.floats(0.0, 2e4),
    dt_s=st.floats(0.01, 1e6),
)
def test_energy_closes_at_any_step(computer_k, radiator_k, computer_w, radiator_w, dt_s):
    done = two_node_step(
        np.array([computer_k]),
        np.array([radiator_k]),
        np.array([computer_w]),
        np.array([radiator_w]),
        dt_s,
        **NODES,
    )
    stored = NODES["computer_heat_capacity_j_k"] * (done.computer_k - computer_k)
    stored += NODES["radiator_heat_capacity_j_k"] * (done.radiator_k - radiator_k)
    put_in = (computer_w + radiator_w) * dt_s
    scale = put_in + 8e3 * computer_k + 4e4 * radiator_k
    assert abs(put_in - stored[0] - done.radiated_j[0]) <= 1e-9 * scale
    # Never colder than space allows, never hotter than the heat put in and stored could make it.
    assert done.radiator_k[0] > 0.0
    assert done.computer_k[0] > 0.0


def test_a_huge_step_lands_on_the_steady_state():
    computer, radiator = two_node_steady_k(np.array([400.0]), np.array([150.0]), **STEADY)
    done = two_node_step(
        np.array([100.0]), np.array([500.0]), np.array([400.0]), np.array([150.0]), 1e12, **NODES
    )
    np.testing.assert_allclose(done.computer_k, computer, rtol=1e-6)
    np.testing.assert_allclose(done.radiator_k, radiator, rtol=1e-6)


def test_throttle():
    share = throttle(np.array([300.0, 350.0, 360.0, 370.0, 400.0]), 350.0, 370.0)
    np.testing.assert_allclose(share, [1.0, 1.0, 0.5, 0.0, 0.0])


def environment(position, lit, **changes):
    settings = {
        "area_m2": 2.0,
        "emissivity": 0.9,
        "absorptivity": 0.1,
        "earth_view_factor": 0.25,
        "sun_incidence": 0.5,
    }
    sun = np.array([[ASTRONOMICAL_UNIT_M], [0.0], [0.0]])
    return radiator_environment_w(
        np.array(position)[:, None, None], sun, np.array([[lit]]), **{**settings, **changes}
    )[0, 0]


def test_environment_over_day_night_and_terminator():
    infrared = 2.0 * 0.9 * 0.25 * 237.0
    direct = 2.0 * 0.1 * 0.5 * 1361.0
    albedo = 2.0 * 0.1 * 0.3 * 0.25 * 1361.0
    assert environment([7e6, 0.0, 0.0], 1.0) == pytest.approx(infrared + direct + albedo)
    assert environment([-7e6, 0.0, 0.0], 0.0) == pytest.approx(infrared)
    assert environment([0.0, 7e6, 0.0], 1.0) == pytest.approx(infrared + direct)
    tilted = [7e6 * math.cos(1.0), 7e6 * math.sin(1.0), 0.0]
    assert environment(tilted, 1.0) == pytest.approx(infrared + direct + albedo * math.cos(1.0))


def test_earth_infrared_goes_with_emissivity_only():
    dark = [-7e6, 0.0, 0.0]
    assert environment(dark, 0.0, absorptivity=0.9) == environment(dark, 0.0)
    assert environment(dark, 0.0, emissivity=0.45) == pytest.approx(environment(dark, 0.0) / 2)


def test_environment_of_a_fleet_against_plain_numpy_on_any_number_of_threads():
    rng = np.random.default_rng(4)
    position, sun = rng.normal(size=(3, 60, 200)) * 7e6, rng.normal(size=(3, 200)) * 1.5e11
    lit = rng.uniform(size=(60, 200))
    settings = {
        "area_m2": 2.0,
        "emissivity": 0.9,
        "absorptivity": 0.1,
        "earth_view_factor": 0.25,
        "sun_incidence": 0.5,
    }
    distance = np.linalg.norm(sun, axis=0)
    irradiance = 1361.0 * (ASTRONOMICAL_UNIT_M / distance) ** 2
    overhead = np.einsum("ast,at->st", position, sun) / np.linalg.norm(position, axis=0) / distance
    expected = irradiance * 0.1 * (0.5 * lit + 0.3 * 0.25 * np.clip(overhead, 0.0, None))
    expected = 2.0 * (expected + 0.9 * 0.25 * 237.0)
    answers = set()
    for threads in (1, 2, 5):
        with limited_threads(threads):
            ours = radiator_environment_w(position, sun, lit, **settings)
        answers.add(ours.tobytes())
    assert len(answers) == 1
    np.testing.assert_allclose(ours, expected, rtol=1e-12)
    position[1, 3, 7] = np.nan
    ours = radiator_environment_w(position[:, ::3], sun, lit[::3], **settings)
    assert np.argwhere(np.isnan(ours)).tolist() == [[1, 7]]


def test_rows_broadcast_and_equal_one_satellite_at_a_time():
    rng = np.random.default_rng(6)
    computer, power = rng.uniform(250.0, 350.0, (3, 4)), rng.uniform(0.0, 500.0, (3, 4))
    radiator, outside = rng.uniform(220.0, 330.0, (3, 1)), rng.uniform(0.0, 200.0, (3, 1))
    done = two_node_step(computer, radiator, power, outside, 60.0, **NODES)
    assert done.computer_k.shape == (3, 4)
    for row in range(3):
        for column in range(4):
            alone = two_node_advance(
                computer[row, column],
                radiator[row, 0],
                power[row, column],
                outside[row, 0],
                60.0,
                *NODES.values(),
            )
            assert alone == (
                done.computer_k[row, column],
                done.radiator_k[row, column],
                done.radiated_j[row, column],
            )

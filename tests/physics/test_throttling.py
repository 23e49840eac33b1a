"""Curves by temperature, and speed and temperature in agreement."""

import numpy as np
import pytest
from scipy.optimize import brentq

from perigrid.physics.heat import throttle
from perigrid.physics.heat_balance import network_steady, network_step
from perigrid.physics.heat_network import HeatNetwork
from perigrid.physics.throttling import ThrottleCurve, junction_k, throttled_speed

STEPS = ThrottleCurve((356.0, 363.0, 365.0, 370.0), (1.0, 0.8, 0.5, 0.0))


def test_the_straight_curve_is_the_present_one():
    case = np.linspace(300.0, 400.0, 401)
    curve = ThrottleCurve.straight(333.15, 353.15)
    np.testing.assert_allclose(curve.at(case), throttle(case, 333.15, 353.15), atol=1e-14)
    without = throttled_speed(curve, case, idle_w=50.0, active_w=300.0, resistance_k_w=0.0)
    np.testing.assert_allclose(without, curve.at(case), atol=1e-14)


def test_speed_and_junction_agree():
    case = np.linspace(280.0, 380.0, 61)
    speed = throttled_speed(STEPS, case, idle_w=60.0, active_w=700.0, resistance_k_w=0.06)
    junction = junction_k(case, 60.0 + speed * 640.0, 0.06)
    np.testing.assert_allclose(STEPS.at(junction), speed, atol=1e-9)
    assert np.all(np.diff(speed) <= 0.0)
    for case_k, ours in zip(case, speed, strict=True):
        if 0.0 < ours < 1.0:
            other = brentq(
                lambda s, at=case_k: float(STEPS.at(at + 0.06 * (60.0 + s * 640.0))) - s, 0.0, 1.0
            )
            assert ours == pytest.approx(other, abs=1e-9)
    assert speed[0] == 1.0
    assert speed[-1] == 0.0


def test_throttling_feeds_back_until_heat_and_speed_settle():
    network = HeatNetwork(
        np.array([2e3, 2e4]),
        np.array([0.0, 1.0]),
        conductance_w_k=np.array([[0.0, 20.0], [20.0, 0.0]]),
    )
    temperature = np.full((2, 1), 300.0)
    for _ in range(3000):
        speed = throttled_speed(
            STEPS, temperature[0], idle_w=100.0, active_w=1500.0, resistance_k_w=0.01
        )
        power = 100.0 + speed * 1400.0
        heat = np.array([power, [0.0]])
        temperature = network_step(network, temperature, heat, 20.0).temperature_k
    assert 0.0 < speed[0] < 1.0
    np.testing.assert_allclose(temperature, network_steady(network, heat), atol=1e-6)


@pytest.mark.parametrize(
    ("temperature", "speed", "message"),
    [
        ((300.0,), (1.0, 0.0), "as many speeds"),
        ((), (), "as many speeds"),
        ((300.0, 300.0), (1.0, 0.0), "must rise"),
        ((300.0, 310.0), (0.5, 0.6), "must fall"),
        ((300.0, 310.0), (1.5, 0.6), "must fall"),
    ],
)
def test_a_table_that_cannot_be_is_refused(temperature, speed, message):
    with pytest.raises(ValueError, match=message):
        ThrottleCurve(temperature, speed)


def test_running_takes_no_less_than_idling():
    with pytest.raises(ValueError, match="idle one"):
        throttled_speed(STEPS, np.array([300.0]), idle_w=50.0, active_w=10.0, resistance_k_w=0.1)

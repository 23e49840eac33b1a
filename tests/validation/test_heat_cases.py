"""Closed forms of radiating bodies, and the tolerance that the heat cases claim."""

import numpy as np
import pytest

from perigrid.base.constants import SOLAR_CONSTANT_W_M2, STEFAN_BOLTZMANN_W_M2_K4
from perigrid.physics.heat_balance import network_steady, network_step
from perigrid.physics.heat_network import HeatNetwork
from perigrid.validation import heat_transient

pytestmark = pytest.mark.validation


@pytest.mark.parametrize(
    ("faces", "published_k", "digit_k"),
    [(4.0, 278.5, 1.0), (2.0, 331.0, 1.0), (1.0, 394.0, 1.0)],
)
def test_black_bodies_at_one_astronomical_unit(faces, published_k, digit_k):
    """Sphere, plate with both faces, plate with its back insulated."""
    network = HeatNetwork(np.array([0.0]), np.array([faces]))
    steady = network_steady(network, np.array([[SOLAR_CONSTANT_W_M2]]))[0, 0]
    exact = (SOLAR_CONSTANT_W_M2 / (faces * STEFAN_BOLTZMANN_W_M2_K4)) ** 0.25
    assert steady == pytest.approx(exact, rel=1e-12)
    assert steady == pytest.approx(published_k, abs=digit_k)


def test_the_transient_cases_hold_with_room_and_by_order_two(monkeypatch):
    coarse = {case.case: abs(case.difference) for case in heat_transient.heat_transient()}
    monkeypatch.setattr(heat_transient, "_STEP_S", 5.0)
    fine = {case.case: abs(case.difference) for case in heat_transient.heat_transient()}
    name = "plate cooling for one orbit"
    assert coarse[name] / fine[name] == pytest.approx(4.0, rel=0.05)


def test_two_bodies_of_no_loss_meet_by_an_exponential():
    """Linear exchange: the difference falls as exp(-G t (1/C1 + 1/C2))."""
    c1, c2, g = 4e3, 12e3, 15.0
    network = HeatNetwork(
        np.array([c1, c2]), np.array([0.0, 1e-12]), np.array([[0.0, g], [g, 0.0]])
    )
    temperature = np.array([[330.0], [290.0]])
    for _ in range(1200):
        temperature = network_step(
            network, temperature, np.zeros((2, 1)), 0.5, order=2
        ).temperature_k
    difference = temperature[0, 0] - temperature[1, 0]
    assert difference == pytest.approx(40.0 * np.exp(-600.0 * g * (1 / c1 + 1 / c2)), rel=2e-6)

import numpy as np
import pytest

from perigrid.physics.heat import two_node_steady_k
from perigrid.physics.span_flight import (
    BatteryLimits,
    HeatLimits,
    hottest_k,
    lowest_store_j,
    node_numbers,
    store_numbers,
    surplus_w,
)

STORE = store_numbers(BatteryLimits(1000.0, 200.0, 0.9, 0.8, 1e6, 1e6))


def test_surplus_weighs_light_and_dark_by_the_losses():
    supply, load = np.array([100.0, 100.0, 0.0]), np.array([10.0, 10.0, 20.0])
    # Net 60, 60 and -50 W beside 30 W of compute.
    assert surplus_w(30.0, supply, load, STORE) == pytest.approx((120.0 * 0.9 - 50.0 / 0.8) / 3.0)


def test_lowest_store_is_that_of_the_second_flight():
    supply, load = np.array([0.0, 100.0, 100.0]), np.zeros(3)
    # Full, then 400 J are drawn for 320 J served, then 612 J would be put in: full again.
    assert lowest_store_j(32.0, supply, load, 10.0, STORE) == pytest.approx(600.0 - 200.0)


def test_a_load_unserved_counts_as_missing_energy():
    supply, load = np.array([0.0, 200.0, 200.0]), np.zeros(3)
    # 800 J above the floor serve 640 J of the 1000 J asked for.
    assert lowest_store_j(100.0, supply, load, 10.0, STORE) == pytest.approx(-360.0)


def test_a_store_that_falls_from_flight_to_flight_counts_as_missing_energy():
    supply, load = np.array([0.0, 20.0]), np.zeros(2)
    # Draws 125 J, gains 90 J.
    assert lowest_store_j(10.0, supply, load, 10.0, STORE) == pytest.approx(-35.0)


def test_hottest_settles_at_the_steady_state():
    heat = HeatLimits(5e3, 2e4, 50.0, 0.9, 1.2, 300.0, 340.0)
    outside, load = np.full(3000, 60.0), np.full(3000, 100.0)
    found = hottest_k(400.0, outside, load, node_numbers(heat, 100.0))
    computer, _ = two_node_steady_k(
        np.array([400.0]), np.array([160.0]), conductance_w_k=50.0, emissivity=0.9, area_m2=1.2
    )
    assert found == pytest.approx(computer[0], rel=1e-9)

"""Launch price per power, and its learning curve."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perigrid.economics.launch import (
    launched_power_usd_w_year,
    learned_price_usd_kg,
    mass_to_reach_kg,
)


def test_price_per_watt_and_year_by_hand():
    # 1,000 kg at 1,000 USD/kg is a million; over 10 kW and 4 years that is 25 USD/W/a.
    assert launched_power_usd_w_year(1000.0, 10_000.0, 1000.0, 4.0) == pytest.approx(25.0)


def test_each_doubling_saves_the_learning_rate():
    prices = [learned_price_usd_kg(1000.0, 10.0, 10.0 * 2**n, 0.2) for n in range(4)]
    assert prices == pytest.approx([1000.0, 800.0, 640.0, 512.0])


@given(
    first=st.floats(100.0, 1e4),
    mass=st.floats(1e3, 1e9),
    part=st.floats(0.05, 0.99),
    rate=st.floats(0.05, 0.5),
)
def test_mass_and_price_are_inverse(first, mass, part, rate):
    reached = mass_to_reach_kg(first, mass, first * part, rate)
    assert reached > mass
    assert learned_price_usd_kg(first, mass, reached, rate) == pytest.approx(first * part)


@pytest.mark.parametrize("power_w", [0.0, -1.0, float("nan"), float("inf")])
def test_power_must_be_positive(power_w):
    with pytest.raises(ValueError, match="power_w"):
        launched_power_usd_w_year(100.0, power_w, 1000.0, 5.0)


@pytest.mark.parametrize("rate", [-0.1, 1.0, float("nan")])
def test_learning_rate_is_a_share(rate):
    with pytest.raises(ValueError, match="learning_rate"):
        learned_price_usd_kg(1000.0, 10.0, 20.0, rate)


def test_a_price_that_never_falls_is_never_reached():
    with pytest.raises(ValueError, match="learning_rate"):
        mass_to_reach_kg(1000.0, 10.0, 500.0, 0.0)

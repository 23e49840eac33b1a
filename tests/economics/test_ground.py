"""Power price on the ground."""

import pytest

from perigrid.economics.ground import ground_power_usd_w_year


def test_a_watt_for_a_year_is_8_76_kilowatt_hours():
    assert ground_power_usd_w_year(1.0, 1.0) == pytest.approx(8.76)


def test_the_facility_pays_for_its_overhead():
    assert ground_power_usd_w_year(0.1, 1.5) == pytest.approx(1.5 * ground_power_usd_w_year(0.1, 1))


@pytest.mark.parametrize(
    ("price_usd_kwh", "pue", "named"),
    [(-0.1, 1.2, "energy_price_usd_kwh"), (0.1, 0.9, "pue"), (0.1, float("nan"), "pue")],
)
def test_impossible_figures_are_refused(price_usd_kwh, pue, named):
    with pytest.raises(ValueError, match=named):
        ground_power_usd_w_year(price_usd_kwh, pue)

import pytest

from perigrid.physics.textbook_sizing import textbook_array_w, textbook_battery_j


def test_without_eclipse_or_losses_the_array_gives_the_load():
    alone = textbook_array_w(100.0, 60.0, 50.0, 0.0, day_efficiency=1.0, eclipse_efficiency=0.5)
    assert alone == 100.0


def test_a_lossless_orbit_balances():
    found = textbook_array_w(
        100.0, 3600.0, 80.0, 1800.0, day_efficiency=1.0, eclipse_efficiency=1.0
    )
    assert found * 3600.0 == pytest.approx(100.0 * 3600.0 + 80.0 * 1800.0)


def test_batteries_share_the_eclipse():
    one = textbook_battery_j(200.0, 2100.0, depth_fraction=0.3, discharge_efficiency=0.9)
    assert one * 0.3 * 0.9 == pytest.approx(200.0 * 2100.0)
    half = textbook_battery_j(
        200.0, 2100.0, depth_fraction=0.3, discharge_efficiency=0.9, batteries=2
    )
    assert half == pytest.approx(one / 2.0)

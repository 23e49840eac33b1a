from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from missions import RADIO, gateway
from perigrid.fleet.weather import weather_loss_db

_STATION = gateway("rainy", 3.1, 101.7)
_ELEVATION = np.radians([[6.0, 30.0], [60.0, 85.0]])


def test_without_an_availability_the_air_costs_nothing():
    np.testing.assert_array_equal(weather_loss_db(_STATION, RADIO, _ELEVATION), 0.0)


def test_who_asks_for_more_pays_more():
    pytest.importorskip("itur")
    losses = [
        weather_loss_db(replace(_STATION, availability=share), RADIO, _ELEVATION)
        for share in (0.95, 0.99, 0.999, 0.99999)
    ]
    for loss in losses:
        assert loss.shape == (2, 2)
        assert (np.diff(loss.ravel()) < 0.0).all()
    for less, more in pairwise(losses):
        assert (more > less).all()


def test_a_small_dish_sees_more_scintillation():
    pytest.importorskip("itur")
    wide = replace(_STATION, availability=0.99)
    small = replace(wide, antenna_m=1.0)
    assert (
        weather_loss_db(small, RADIO, _ELEVATION) > weather_loss_db(wide, RADIO, _ELEVATION)
    ).all()

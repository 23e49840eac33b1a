import math

import numpy as np
import pytest

from perigrid.physics.links import doppler_shift_hz, free_space_loss_db, light_time_s


def test_light_time():
    assert light_time_s(np.array([299_792_458.0]))[0] == 1.0


def test_free_space_loss_known_value():
    # The engineer's form: 92.45 + 20 log10(GHz) + 20 log10(km).
    loss = free_space_loss_db(np.array([1500e3]), 8.2e9)[0]
    assert loss == pytest.approx(92.45 + 20 * math.log10(8.2) + 20 * math.log10(1500.0), abs=0.01)


def test_free_space_loss_follows_the_recommendation():
    # Rec. ITU-R P.525: L = 32.4 + 20 log f + 20 log d, with f in MHz and d in km.
    for megahertz, kilometres in ((437.0, 2000.0), (8200.0, 500.0), (26_000.0, 35_786.0)):
        loss = free_space_loss_db(np.array([kilometres * 1e3]), megahertz * 1e6)[0]
        stated = 32.4 + 20 * math.log10(megahertz) + 20 * math.log10(kilometres)
        assert loss == pytest.approx(stated, abs=0.05)


def test_doppler_shift_of_a_receding_satellite():
    shift = doppler_shift_hz(np.array([7500.0, -7500.0]), 8.2e9)
    assert shift[0] == pytest.approx(-8.2e9 * 7500.0 / 299_792_458.0)
    assert shift[1] == -shift[0]

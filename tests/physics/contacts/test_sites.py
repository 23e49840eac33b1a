import math

import numpy as np
import pytest

from perigrid.physics.contacts.sites import (
    in_step,
    offset,
    over_mask_at,
    over_mask_at_sample,
    peak_rad,
    site_of,
)

TIMES = np.array([0.0, 50.0, 110.0])


def link(mask_rad=0.2):
    """A straight path over a flat station."""
    states = np.zeros((3, 6))
    states[:, 0] = 7000.0 * (TIMES - 40.0)
    states[:, 1], states[:, 2], states[:, 3] = 3e5, 4e5, 7000.0
    site = np.array([[10.0, 20.0, 0.0, 0.0, 0.0, 1.0, math.sin(mask_rad)]])
    return (states, TIMES), site_of(site, 0)


def test_height_over_the_mask_is_zero_at_the_mask():
    (states, times), site = link()
    d = offset(tuple(states[1, :3]), site)
    elevation = math.asin(d[2] / math.sqrt(sum(one * one for one in d)))
    at_mask = (states, times), (*site[:6], math.sin(elevation))
    assert over_mask_at_sample(at_mask, 1) == pytest.approx(0.0, abs=1e-8)
    assert over_mask_at(in_step(at_mask, 0), 50.0) == pytest.approx(0.0, abs=1e-6)
    assert over_mask_at(in_step(link(), 1), 50.0) > 0.0


def test_peak_at_the_culmination_or_at_an_end():
    one = link()
    top = math.atan2(4e5, 3e5 - 20.0)
    assert peak_rad(one, 0.0, 110.0) == pytest.approx(top, abs=1e-9)
    end = math.atan2(4e5, math.hypot(3e5 - 20.0, 7000.0 * -15.0 - 10.0))
    assert peak_rad(one, 0.0, 25.0) == pytest.approx(end, abs=1e-9)

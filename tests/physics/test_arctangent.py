import math

import numpy as np
import pytest

from perigrid.physics.arctangent import arctangent


def test_all_round_and_over_many_magnitudes():
    rng = np.random.default_rng(3)
    y, x = rng.normal(size=(2, 20000)) * 10.0 ** rng.uniform(-12, 12, (2, 20000))
    ours = np.array([arctangent(b, a) for a, b in zip(x, y, strict=True)])
    assert np.abs(ours - np.arctan2(y, x)).max() < 5e-16


@pytest.mark.parametrize("y", [0.0, 1.0, -1.0, 3e-300])
@pytest.mark.parametrize("x", [0.0, 1.0, -1.0, 2e-300])
def test_axes_diagonals_and_origin_are_exact(x, y):
    assert arctangent(y, x) == pytest.approx(math.atan2(y, x), abs=0.0, rel=2e-16)


@pytest.mark.parametrize(("y", "x"), [(math.nan, 1.0), (1.0, math.nan), (math.nan, math.nan)])
def test_nan_stays_nan(y, x):
    assert math.isnan(arctangent(y, x))

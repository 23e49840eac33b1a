import builtins
import math
import sys

import numpy as np
import pytest

from perigrid.base.errors import WorkError
from perigrid.physics.attenuation import (
    AttenuationTable,
    attenuation_table,
    slant_attenuation_db,
    slant_loss_db,
)

MADRID = {"latitude_rad": math.radians(40.4), "longitude_rad": math.radians(-4.25)}
KA = {"frequency_hz": 26.5e9, "antenna_m": 11.0}


def test_attenuation_falls_with_elevation_and_with_patience():
    pytest.importorskip("itur")
    elevation = np.radians([5.0, 10.0, 30.0, 60.0, 90.0])
    losses = [
        slant_attenuation_db(elevation, exceedance_probability=share, **MADRID, **KA)
        for share in (0.05, 0.01, 0.001, 0.0001)
    ]
    for loss in losses:
        assert np.all(np.diff(loss) < 0.0)
        assert loss[-1] > 0.0
    for rarer, common in zip(losses[1:], losses[:-1], strict=True):
        assert np.all(rarer > common)


@pytest.mark.parametrize("frequency_hz", [0.5e9, 80e9])
def test_carriers_beyond_the_model_are_refused(frequency_hz):
    with pytest.raises(ValueError, match="carrier"):
        slant_attenuation_db(
            np.array([0.5]),
            exceedance_probability=0.01,
            antenna_m=3.0,
            frequency_hz=frequency_hz,
            **MADRID,
        )


def test_low_paths_are_scaled_by_their_length():
    pytest.importorskip("itur")
    low, edge = slant_attenuation_db(
        np.radians([2.0, 5.0]), exceedance_probability=0.01, **MADRID, **KA
    )
    ratio = math.sin(math.radians(5.0)) / math.sin(math.radians(2.0))
    assert low == pytest.approx(edge * ratio)


def test_table_follows_the_model():
    pytest.importorskip("itur")
    table = attenuation_table(exceedance_probability=0.01, **MADRID, **KA)
    assert len(table.elevation_rad) == 85
    elevation = np.radians([1.0, 5.0, 7.5, 22.25, 61.0, 88.5])
    direct = slant_attenuation_db(elevation, exceedance_probability=0.01, **MADRID, **KA)
    np.testing.assert_allclose(slant_loss_db(table, elevation), direct, rtol=5e-4)


def test_lookup_below_the_table():
    table = AttenuationTable(np.radians([5.0, 90.0]), np.array([2.0, 1.0]))
    loss = slant_loss_db(table, np.radians([5.0, 2.5, 0.0, -3.0]))
    assert loss[0] == 2.0
    assert loss[1] == pytest.approx(4.0, rel=2e-3)
    assert loss[2] == loss[3] == pytest.approx(20.0, rel=5e-3)


@pytest.mark.parametrize("share", [0.0, 1e-6, 0.2])
def test_probabilities_beyond_the_recommendation_are_refused(share):
    with pytest.raises(ValueError, match="outside"):
        slant_attenuation_db(np.array([1.0]), exceedance_probability=share, **MADRID, **KA)


def test_without_the_package_the_error_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def refuse(name, *rest, **more):
        if name == "itur":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.delitem(sys.modules, "itur", raising=False)
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(WorkError, match=r"perigrid\[rain\]"):
        slant_attenuation_db(np.array([1.0]), exceedance_probability=0.01, **MADRID, **KA)

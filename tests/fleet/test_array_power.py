from dataclasses import replace

import numpy as np
import pytest

from missions import COMPUTE, SCENARIO, with_group
from perigrid.fleet.build import build_fleet
from perigrid.fleet.outlook import build_outlook

MISSION = replace(SCENARIO, duration_s=11_400.0, groups=(COMPUTE,), stations=())


def array_w(**changes):
    mission = with_group(MISSION, "compute", array=replace(COMPUTE.array, **changes))
    outlook = build_outlook(mission, build_fleet(mission))
    return outlook.array_w, outlook.illumination


def test_without_a_coefficient_the_temperature_does_not_matter():
    plain, _ = array_w()
    other, _ = array_w(absorptivity=0.5, back_emissivity=0.1, heat_capacity_j_m2_k=9e3)
    np.testing.assert_array_equal(plain, other)


def test_a_warm_panel_gives_less_and_an_insulated_one_less_still():
    plain, lit = array_w()
    warm, _ = array_w(temperature_coefficient_k=-0.0025)
    hot, _ = array_w(temperature_coefficient_k=-0.0025, back_emissivity=0.0)
    full = lit == 1.0
    # 28 degrees C is the reference: 20 to 60 K above it in low orbit, some 5 to 15 %.
    assert (warm[full] / plain[full]).min() > 0.85
    assert (warm[full] / plain[full]).max() < 0.97
    assert np.all(hot[full] < warm[full])


def test_a_heavy_panel_leaves_the_shadow_stronger():
    light, lit = array_w(temperature_coefficient_k=-0.0025)
    heavy, _ = array_w(temperature_coefficient_k=-0.0025, heat_capacity_j_m2_k=9e3)
    out = (lit[:, 1:] == 1.0) & (lit[:, :-1] < 1.0)
    assert out.any()
    assert np.all(heavy[:, 1:][out] > light[:, 1:][out])


def test_pointings_take_what_they_can():
    tracked, _ = array_w()
    steered, _ = array_w(pointing="yaw-steering")
    np.testing.assert_array_equal(steered, tracked)
    up, _ = array_w(pointing="nadir")
    fixed, _ = array_w(pointing="fixed")
    np.testing.assert_array_equal(fixed, up)
    ahead, _ = array_w(pointing="fixed", normal_lvlh=(1.0, 0.0, 0.0))
    assert 0.0 < ahead.mean() < tracked.mean()
    assert ahead.mean() != pytest.approx(up.mean(), rel=0.01)

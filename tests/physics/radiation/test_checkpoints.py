import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from perigrid.physics.radiation.checkpoints import (
    daly_interval_s,
    useful_share,
    young_interval_s,
)


def test_young_is_the_root_of_twice_cost_times_interval():
    assert young_interval_s(300.0, np.array(86_400.0)) == pytest.approx(7200.0)


@pytest.mark.parametrize("between_s", [900.0, 6.0 * 3600.0, 86_400.0])
def test_daly_is_the_optimum_of_its_own_model(between_s):
    best = minimize_scalar(
        lambda tau: -float(useful_share(tau, 300.0, np.array(between_s), 600.0)),
        bounds=(1.0, 5.0 * between_s),
        method="bounded",
    )
    assert float(daly_interval_s(300.0, np.array(between_s))) == pytest.approx(best.x, rel=0.01)


def test_faults_more_often_than_savings():
    np.testing.assert_allclose(daly_interval_s(300.0, np.array([100.0, np.inf])), [100.0, np.inf])


def test_without_faults_only_saving_costs():
    share = useful_share(np.array(900.0), 100.0, np.array(1e12), 60.0)
    assert share == pytest.approx(0.9, rel=1e-6)

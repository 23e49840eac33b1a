import numpy as np
import pytest

from perigrid.physics.radiation.devices import SNAPDRAGON_820, TPU_V6E, FaultClass
from perigrid.physics.radiation.dose import Exposure
from perigrid.physics.radiation.faults import (
    expected_faults,
    fault_rates,
    mean_time_between_s,
    sample_faults,
)

T_S = np.arange(0.0, 6001.0, 60.0)


def pulse(n=3, n_classes=5):
    """Rates that rise and fall once, as in a pass through the Anomaly."""
    shape = np.exp(-(((T_S - 2500.0) / 400.0) ** 2))
    return shape * np.linspace(0.0, 0.02, n_classes * n).reshape(n_classes, n, 1)


def test_rates_follow_the_dose_of_protons_or_their_flux():
    exposed = Exposure(*(np.full((2, 3), level) for level in (1e-6, 7.0, 1e6, 7.0)))
    per_dose = fault_rates(TPU_V6E, exposed)
    assert per_dose.shape == (5, 2, 3)
    assert per_dose[FaultClass.UNCORRECTABLE, 0, 0] == pytest.approx(1e-6 / 0.44)
    per_flux = fault_rates(SNAPDRAGON_820, exposed)
    # 9e-10 cm2 under 100 protons per cm2 and s.
    assert per_flux[FaultClass.INTERRUPT, 1, 2] == pytest.approx(9.0e-8)
    low, high = (fault_rates(TPU_V6E, exposed, figure) for figure in ("low", "high"))
    assert (low <= per_dose).all()
    assert (per_dose <= high).all()


def test_expected_number_and_time_between():
    rate = np.array([[2.0e-3], [0.0]]) * np.ones(len(T_S))
    np.testing.assert_allclose(expected_faults(rate, T_S), [12.0, 0.0])
    np.testing.assert_allclose(mean_time_between_s(rate, T_S), [500.0, np.inf])


def test_the_same_seed_gives_the_same_faults():
    one, two = (sample_faults(pulse(), T_S, np.random.default_rng(4)) for _ in range(2))
    other = sample_faults(pulse(), T_S, np.random.default_rng(5))
    assert one.t_s.tobytes() == two.t_s.tobytes()
    assert one.fault_class.tolist() == two.fault_class.tolist()
    assert one.t_s.tobytes() != other.t_s.tobytes()
    assert (np.diff(one.t_s) >= 0.0).all()


def test_numbers_of_faults_are_those_expected():
    expected = expected_faults(pulse(), T_S)
    counts = np.zeros_like(expected)
    rng = np.random.default_rng(6)
    runs = 400
    for _ in range(runs):
        drawn = sample_faults(pulse(), T_S, rng)
        np.add.at(counts, (drawn.fault_class, drawn.satellite), 1.0)
    # A Poisson sum has the spread of its root; four of them, for fifteen sums.
    spread = np.sqrt(expected * runs)
    assert (np.abs(counts - expected * runs) <= 4.0 * spread + 1e-9).all()
    assert counts[0, 0] == 0.0


def test_times_of_faults_follow_the_rate():
    rate = pulse(1, 2)[1:] * 500.0
    drawn = sample_faults(rate, T_S, np.random.default_rng(7))
    assert len(drawn) > 3000
    grid = np.concatenate([[0.0], np.cumsum(0.5 * (rate[0, 0, 1:] + rate[0, 0, :-1]) * 60.0)])
    cumulative = np.interp(drawn.t_s, T_S, grid / grid[-1])
    # Kolmogorov and Smirnov's distance at 1 %, beside the pieces taken as straight here.
    ranks = (np.arange(len(drawn)) + 0.5) / len(drawn)
    assert np.abs(np.sort(cumulative) - ranks).max() < 1.63 / np.sqrt(len(drawn)) + 0.003


def test_inside_a_step_a_rising_rate_puts_faults_late():
    drawn = sample_faults(
        np.array([[[0.0, 40.0]]]), np.array([0.0, 100.0]), np.random.default_rng(8)
    )
    assert drawn.t_s.mean() == pytest.approx(200.0 / 3.0, abs=2.5)


def test_no_rate_no_fault():
    none = sample_faults(np.zeros((5, 2, len(T_S))), T_S, np.random.default_rng(9))
    assert len(none) == 0
    assert none.t_s.dtype == np.float64


@pytest.mark.parametrize("wrong", [-1.0, np.nan])
def test_wrong_rates_are_refused(wrong):
    rate = np.zeros((5, 1, len(T_S)))
    rate[2, 0, 3] = wrong
    with pytest.raises(ValueError, match="not negative"):
        sample_faults(rate, T_S, np.random.default_rng(1))

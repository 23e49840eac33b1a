import numpy as np
import pytest

from perigrid.physics.radiation.anomaly import (
    ANOMALY_THRESHOLD_M2_S,
    anomaly_passes,
    anomaly_share,
    in_anomaly,
    time_mean,
)

T_S = np.arange(6) * 10.0
LIMIT = ANOMALY_THRESHOLD_M2_S
FLUX = (
    np.array(
        [
            [0.0, 0.0, 2.0, 2.0, 0.0, 0.0],
            [2.0, 0.0, 0.0, 0.0, 4.0, 4.0],
            [0.0, 0.0, np.nan, 0.0, 0.0, 0.0],
        ]
    )
    * LIMIT
)


def test_passes_begin_and_end_on_the_threshold():
    passes = anomaly_passes(FLUX, T_S)
    assert passes.satellite.tolist() == [0, 1, 1]
    np.testing.assert_allclose(passes.t_start_s, [15.0, 0.0, 32.5])
    np.testing.assert_allclose(passes.t_end_s, [35.0, 5.0, 50.0])
    assert len(passes) == 3


def test_share_of_time():
    inside = in_anomaly(FLUX)
    assert inside.tolist()[2] == [False] * 6
    np.testing.assert_allclose(anomaly_share(inside, T_S), [0.4, 0.4, 0.0])
    np.testing.assert_array_equal(in_anomaly(FLUX, np.array(3.0 * LIMIT))[0], False)


def test_mean_over_uneven_steps():
    assert time_mean(np.array([0.0, 2.0, 2.0]), np.array([0.0, 1.0, 4.0])) == pytest.approx(1.75)
    with pytest.raises(ValueError, match="two instants"):
        time_mean(np.ones(1), np.zeros(1))


def test_always_inside_is_one_pass():
    passes = anomaly_passes(np.full((1, 6), 5.0 * LIMIT), T_S)
    assert (passes.t_start_s[0], passes.t_end_s[0]) == (0.0, 50.0)

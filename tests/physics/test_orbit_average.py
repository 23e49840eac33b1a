import numpy as np
import pytest

from perigrid.physics.orbit_average import orbit_average, spans_as_rows


def test_a_wave_averages_to_its_middle_over_whole_orbits():
    t_s = np.linspace(0.0, 17_000.0, 5000)
    wave = np.stack([3.0 + np.sin(2.0 * np.pi * t_s / 5700.0), np.full_like(t_s, 2.0)])
    # 17,000 s hold two orbits and a piece that is left out.
    np.testing.assert_allclose(orbit_average(wave, t_s, 5700.0), [3.0, 2.0], atol=1e-5)


def test_the_last_interval_is_cut_where_the_orbit_ends():
    t_s = np.array([0.0, 4.0, 8.0])
    # Rising from 0 to 8: over 6 s the mean is 3.
    assert orbit_average(t_s[None], t_s, 6.0)[0] == pytest.approx(3.0)
    assert orbit_average(t_s[None], t_s, 8.0)[0] == pytest.approx(4.0)
    assert orbit_average(t_s[None], t_s + 100.0, 4.0)[0] == pytest.approx(4.0)


def test_less_than_an_orbit_is_refused():
    with pytest.raises(ValueError, match="no whole orbit"):
        orbit_average(np.ones((1, 2)), np.array([0.0, 10.0]), 11.0)


def test_spans_become_rows():
    values = np.arange(14.0).reshape(2, 7)
    rows = spans_as_rows(values, 3)
    np.testing.assert_array_equal(rows, [[0, 1, 2], [3, 4, 5], [7, 8, 9], [10, 11, 12]])
    with pytest.raises(ValueError, match="no span of 8"):
        spans_as_rows(values, 8)

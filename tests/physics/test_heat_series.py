"""The two nodes through a span, side by side."""

import numpy as np
import pytest

from perigrid.physics.chunks import limited_threads
from perigrid.physics.heat import two_node_steady_k, two_node_step
from perigrid.physics.heat_series import two_node_series

PATH = {
    "computer_heat_capacity_j_k": 4000.0,
    "radiator_heat_capacity_j_k": 30_000.0,
    "conductance_w_k": 12.0,
    "emissivity": 0.88,
    "area_m2": 1.0,
}


def stepped(start_k, computer_w, heat, dt_s, path):
    computer = radiator = np.full(len(heat), start_k)
    found = np.empty((2, *heat.shape))
    for step in range(heat.shape[1]):
        done = two_node_step(
            computer, radiator, np.full(len(heat), computer_w), heat[:, step], dt_s, **path
        )
        computer, radiator = done.computer_k, done.radiator_k
        found[:, :, step] = computer, radiator
    return found


@pytest.mark.parametrize("dt_s", [1.0, 60.0, 3600.0, 1e7])
@pytest.mark.parametrize("count", [1, 15, 16, 37])
def test_every_step_is_that_of_the_single_steps(count, dt_s):
    heat = np.random.default_rng(count).uniform(0.0, 500.0, (count, 40))
    series = two_node_series(263.15, 263.15, 165.0, heat, dt_s, **PATH)
    np.testing.assert_allclose(series, stepped(263.15, 165.0, heat, dt_s, PATH), rtol=1e-11)


def test_jumps_from_near_nothing_to_very_hot_are_followed():
    light = {**PATH, "computer_heat_capacity_j_k": 1e-3, "radiator_heat_capacity_j_k": 1e-3}
    heat = np.zeros((3, 12))
    heat[0, ::2], heat[1, 5], heat[2] = 1e5, 1e8, 1e-3
    series = two_node_series(1.0, 1.0, 0.0, heat, 60.0, **light)
    np.testing.assert_allclose(series, stepped(1.0, 0.0, heat, 60.0, light), rtol=1e-9)


def test_constant_heat_settles_at_the_analytic_steady_state():
    heat = np.full((2, 400), 250.0)
    computer, radiator = two_node_series(200.0, 200.0, 165.0, heat, 600.0, **PATH)
    steady = two_node_steady_k(
        np.array([165.0]),
        np.array([250.0]),
        conductance_w_k=12.0,
        emissivity=0.88,
        area_m2=1.0,
    )
    assert computer[:, -1] == pytest.approx(steady[0][0], rel=1e-9)
    assert radiator[:, -1] == pytest.approx(steady[1][0], rel=1e-9)


def test_bytes_do_not_depend_on_threads_or_neighbours():
    heat = np.random.default_rng(5).uniform(0.0, 500.0, (70, 700))
    with limited_threads(1):
        whole = np.stack(two_node_series(263.15, 263.15, 165.0, heat, 60.0, **PATH))
        alone = np.stack(two_node_series(263.15, 263.15, 165.0, heat[33:34], 60.0, **PATH))
    for threads in (2, 5):
        with limited_threads(threads):
            again = np.stack(two_node_series(263.15, 263.15, 165.0, heat, 60.0, **PATH))
        assert again.tobytes() == whole.tobytes()
    assert alone.tobytes() == np.ascontiguousarray(whole[:, 33:34]).tobytes()


def test_what_is_no_number_stays_with_its_satellite():
    heat = np.full((17, 5), 300.0)
    heat[4, 2] = np.nan
    _, radiator = two_node_series(263.15, 263.15, 165.0, heat, 60.0, **PATH)
    assert np.isnan(radiator[4, 2:]).all()
    assert np.isfinite(np.delete(radiator, 4, axis=0)).all()

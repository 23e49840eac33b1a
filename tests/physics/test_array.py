import numpy as np
import pytest

from perigrid.base.constants import (
    ASTRONOMICAL_UNIT_M,
    EARTH_EQUATORIAL_RADIUS_M,
    EARTH_INFRARED_W_M2,
    SOLAR_CONSTANT_W_M2,
    STEFAN_BOLTZMANN_W_M2_K4,
)
from perigrid.physics.array import Panel, earth_heat_w_m2, panel_state
from perigrid.physics.chunks import limited_threads

TRIPLE = Panel(efficiency=0.295, temperature_coefficient_k=-0.0023)


def constant(value_w_m2, times=1):
    return np.full((1, times), value_w_m2)


def steady(panel, sunlight_w_m2, earth_w_m2=0.0):
    state = panel_state(panel, constant(sunlight_w_m2), constant(earth_w_m2), 1.0)
    return float(state.power_w_m2[0, 0]), float(state.cell_k[0, 0])


def test_balance_holds_at_the_temperature_found():
    power, cell = steady(TRIPLE, 1361.0, 80.0)
    emitted = 1.7 * STEFAN_BOLTZMANN_W_M2_K4 * cell**4
    assert emitted + power == pytest.approx(0.91 * 1361.0 + 80.0, rel=1e-11)
    assert power == pytest.approx(1361.0 * 0.295 * (1.0 - 0.0023 * (cell - 301.15)), rel=1e-12)


def test_without_a_coefficient_the_closed_form_is_met():
    plain = Panel(efficiency=0.3)
    power, cell = steady(plain, 1361.0, 60.0)
    assert power == pytest.approx(0.3 * 1361.0)
    rest = (0.91 - 0.3) * 1361.0 + 60.0
    assert cell == pytest.approx((rest / (1.7 * STEFAN_BOLTZMANN_W_M2_K4)) ** 0.25, rel=1e-12)


def test_an_insulated_back_and_drawing_no_power_make_it_hotter():
    _, open_back = steady(TRIPLE, 1361.0)
    _, insulated = steady(Panel(0.295, -0.0023, back_emissivity=0.0), 1361.0)
    _, idle = steady(Panel(1e-9), 1361.0)
    assert insulated > idle > open_back
    lossy, cool = steady(TRIPLE, 1361.0)[0], steady(Panel(0.295), 1361.0)[0]
    assert lossy < cool


def test_a_panel_too_hot_makes_no_power():
    power, cell = steady(TRIPLE, 60.0 * 1361.0)
    assert power == 0.0
    assert cell > 301.15 + 1.0 / 0.0023
    assert 1.7 * STEFAN_BOLTZMANN_W_M2_K4 * cell**4 == pytest.approx(0.91 * 60.0 * 1361.0)


def test_in_the_dark_it_is_cold_and_without_any_heat_at_zero():
    assert steady(TRIPLE, 0.0) == (0.0, 0.0)
    assert steady(TRIPLE, 0.0, 100.0)[1] == pytest.approx(
        (100.0 / (1.7 * STEFAN_BOLTZMANN_W_M2_K4)) ** 0.25
    )


def lagged(dt_s, seconds=20_000.0):
    """An hour of light, half an hour of dark, again and again."""
    t_s = np.arange(0.0, seconds, dt_s)
    light = np.where(t_s % 5400.0 < 3600.0, 1361.0, 0.0)[None]
    panel = Panel(0.295, -0.0023, heat_capacity_j_m2_k=5000.0)
    return t_s, light, panel_state(panel, light, np.full_like(light, 70.0), dt_s)


def test_a_heat_capacity_closes_its_energy_balance():
    _, light, state = lagged(10.0)
    cell, power = state.cell_k[0], state.power_w_m2[0]
    taken = 0.91 * light[0] + 70.0 - power - 1.7 * STEFAN_BOLTZMANN_W_M2_K4 * cell**4
    stored = 5000.0 * np.diff(cell) / 10.0
    np.testing.assert_allclose(taken[1:], stored, atol=1e-6)


def test_a_shorter_step_moves_the_answer_in_proportion():
    ends = [lagged(dt_s)[2].cell_k[0, -1] for dt_s in (40.0, 20.0, 10.0)]
    ratio = (ends[0] - ends[1]) / (ends[1] - ends[2])
    assert 1.5 < ratio < 2.6  # first order


def test_a_lagging_panel_leaves_the_shadow_cold_and_strong():
    t_s, light, state = lagged(10.0)
    lit_again = np.flatnonzero((light[0, 1:] > 0.0) & (light[0, :-1] == 0.0))[0] + 1
    power = state.power_w_m2[0]
    assert power[lit_again] > 1.1 * power[lit_again + 300]
    assert t_s[lit_again] == 5400.0


def test_earth_heat_of_a_panel_flat_over_the_day_side():
    position = np.array([[[EARTH_EQUATORIAL_RADIUS_M * 1.1]], [[0.0]], [[0.0]]])
    sun = np.array([[ASTRONOMICAL_UNIT_M], [0.0], [0.0]])
    faces = {"absorptivity": 0.9, "front_emissivity": 0.8, "back_emissivity": 0.7}
    # Front to the Sun and away from the Earth: the back sees all of it.
    heat = earth_heat_w_m2(position, sun, np.array([[-1.0]]), **faces)[0, 0]
    seen = 1.0 / 1.21
    expected = seen * (0.7 * EARTH_INFRARED_W_M2 + 0.9 * 0.3 * SOLAR_CONSTANT_W_M2)
    assert heat == pytest.approx(expected, rel=1e-12)
    night = earth_heat_w_m2(-position, sun, np.array([[-1.0]]), **faces)[0, 0]
    assert night == pytest.approx(seen * 0.7 * EARTH_INFRARED_W_M2, rel=1e-12)
    faces["back_emissivity"] = 0.0
    assert earth_heat_w_m2(position, sun, np.array([[-1.0]]), **faces)[0, 0] == 0.0


@pytest.mark.parametrize(
    ("panel", "words"),
    [
        (Panel(0.3, 0.001), "falls with"),
        (Panel(0.3, front_emissivity=0.0, back_emissivity=0.0), "emits nothing"),
        (Panel(0.6, -0.003), "more power than"),
    ],
)
def test_impossible_panels_are_refused(panel, words):
    with pytest.raises(ValueError, match=words):
        panel_state(panel, constant(1361.0), constant(0.0), 1.0)


def test_bytes_do_not_depend_on_the_threads():
    light = np.random.default_rng(2).uniform(0.0, 1400.0, (13, 60))
    panel = Panel(0.295, -0.0023, heat_capacity_j_m2_k=5000.0)
    answers = []
    for threads in (1, 2, 5):
        with limited_threads(threads):
            answers.append(panel_state(panel, light, np.full_like(light, 70.0), 30.0))
    for other in answers[1:]:
        np.testing.assert_array_equal(other.power_w_m2, answers[0].power_w_m2)
        np.testing.assert_array_equal(other.cell_k, answers[0].cell_k)
